import { WardenError, inputError } from '../errors.ts'

/** A count of bytes: a safe integer, zero or more (differences are plain numbers). */
export type Bytes = number & { readonly __brand: 'Bytes' }

/** How sizes are written for people: `iec` = KiB, MiB (2ⁿ), `si` = kB, MB (10ⁿ). */
export type Units = 'iec' | 'si'

const FACTORS = new Map([
  ['B', 1n],
  ['kB', 1000n],
  ['KB', 1000n],
  ['MB', 1000n ** 2n],
  ['GB', 1000n ** 3n],
  ['TB', 1000n ** 4n],
  ['KiB', 1024n],
  ['MiB', 1024n ** 2n],
  ['GiB', 1024n ** 3n],
  ['TiB', 1024n ** 4n],
])
const SCALES = {
  iec: { step: 1024, names: ['KiB', 'MiB', 'GiB', 'TiB'] },
  si: { step: 1000, names: ['kB', 'MB', 'GB', 'TB'] },
} as const satisfies Record<Units, unknown>

const QUANTITY = /^(\d{1,16}(?:\.\d{1,9})?) ?([A-Za-z]{0,9})$/
const EXAMPLES =
  'Write a number and a unit: 300MiB (2ⁿ: KiB, MiB, GiB, TiB) or 300MB (10ⁿ: kB, MB, GB, TB); B is bytes'

/**
 * Parses a size such as `300MiB`, `1.5 GB` or `0B`, rounded to whole bytes. Units are case-sensitive, so that
 * MB and MiB are never confused.
 * @throws WardenError of kind `input`
 */
export function parseBytes(text: string, input: string): Bytes {
  const comma = findComma(text)
  if (comma?.found === text.trim() && !comma.found.endsWith('%'))
    throw inputError(input, text, `${comma.advice}. ${EXAMPLES}`)
  const [, number, unit = ''] = QUANTITY.exec(text.trim()) ?? []
  if (number === undefined) throw inputError(input, text, EXAMPLES)
  const factor = FACTORS.get(unit)
  if (factor === undefined) throw inputError(input, text, unitAdvice(number, unit))
  const [whole = '', fraction = ''] = number.split('.')
  if (unit === 'B' && fraction !== '') throw inputError(input, text, `Bytes are whole numbers. ${EXAMPLES}`)
  const scale = 10n ** BigInt(fraction.length)
  const scaled = BigInt(whole + fraction) * factor
  const bytes = (scaled + scale / 2n) / scale
  if (bytes > BigInt(Number.MAX_SAFE_INTEGER)) throw inputError(input, text, 'It is more than 8191 TiB')
  return asBytes(Number(bytes))
}

/** A number with a comma, as a text has it, and how it is written without. */
interface Comma {
  readonly found: string
  readonly advice: string
}

/**
 * The first number with a comma and a unit. Where three digits follow it, it may part thousands: taken for a
 * decimal point, it would make a limit a thousand times smaller.
 */
export function findComma(text: string): Comma | null {
  const [found, whole = '', rest = '', unit = ''] =
    /(?<![\d.])(\d+)((?:,\d{3})+|,\d+) ?([kKMGT]?i?B|%)/.exec(text) ?? []
  if (found === undefined) return null
  const digits = rest.replaceAll(',', '')
  const decimal = `${whole}.${digits}`
  if (!/^(?:,\d{3})+$/.test(rest) || !/^[1-9]\d{0,2}$/.test(whole))
    return { found, advice: `Write ${decimal}${unit}` }
  const thousands = `Write ${whole}${digits}${unit}`
  if (digits.length > 3) return { found, advice: thousands }
  const short = decimal.replace(/\.?0+$/, '')
  return { found, advice: `${thousands}, or ${short}${unit} if the comma is a decimal point` }
}

function unitAdvice(number: string, unit: string): string {
  if (unit === '') return `It has no unit. ${EXAMPLES}`
  const letter = /^([kmgt])(?:i?b?)$/i.exec(unit)?.[1]?.toUpperCase()
  if (letter === undefined) return EXAMPLES
  return `Write ${number}${letter}iB (2ⁿ) or ${number}${letter === 'K' ? 'k' : letter}B (10ⁿ)`
}

/**
 * Checks a count of bytes that came from outside.
 * @throws WardenError of kind `protocol` when it is not a safe integer of zero or more
 */
export function asBytes(count: number): Bytes {
  if (!isBytes(count)) throw new WardenError('protocol', `${count} is not a count of bytes`)
  return count
}

/** A whole number, from zero to where arithmetic is exact. */
export function isBytes(count: number): count is Bytes {
  return Number.isSafeInteger(count) && count >= 0 && !Object.is(count, -0)
}

/**
 * The sum, exact.
 * @throws WardenError of kind `protocol` when it leaves the safe integers (sizes are claims of a registry)
 */
export function sumBytes(counts: Iterable<Bytes>): Bytes {
  let sum = 0
  for (const count of counts) {
    sum += count
    if (!Number.isSafeInteger(sum))
      throw new WardenError('protocol', 'the sizes add up to more than 8191 TiB')
  }
  return asBytes(sum)
}

/** The most that a sum says: sizes are claims of a registry, and whoever may push may claim any. */
const MOST = asBytes(Number.MAX_SAFE_INTEGER)

/** A sum over several images, at most 8191 TiB: what one of them claims must not end a run that deleted already. */
export function totalBytes(counts: Iterable<number>): Bytes {
  let sum = 0
  for (const count of counts) sum += count
  return sum > MOST ? MOST : asBytes(sum)
}

/** `812 B`, `300.1 MiB`: one decimal, never a number that the next unit would write shorter. */
export function formatBytes(bytes: number, units: Units): string {
  const { step, names } = SCALES[units]
  if (Math.abs(bytes) < step) return `${bytes} B`
  let value = bytes
  let name: string = 'B'
  for (const next of names) {
    value /= step
    name = next
    if (Math.abs(Number(value.toFixed(1))) < step) break
  }
  return `${value.toFixed(1)} ${name}`
}

/** A size that four digits say to the byte, `300 MB` or `1.25 GiB`; null for others. */
export function formatExactly(bytes: number, units: Units): string | null {
  const unit = formatBytes(bytes, units).replace(/^\S+ /, '')
  const factor = Number(FACTORS.get(unit) ?? 1n)
  const value = Number((bytes / factor).toPrecision(4))
  return Math.round(value * factor) === bytes ? `${value} ${unit}` : null
}

/** A difference with its sign, `+18.4 MiB`, `-812 B`; `0 B` when nothing changed. */
export function formatChange(difference: number, units: Units): string {
  return difference > 0
    ? `+${formatBytes(difference, units)}`
    : formatBytes(difference === 0 ? 0 : difference, units)
}

/** A ratio as signed percent, 0.061 is `+6.1 %`; without a base to compare to (not finite) `n/a`. */
export function formatPercent(ratio: number): string {
  if (!Number.isFinite(ratio)) return 'n/a'
  if (ratio === 0) return '0 %'
  return `${ratio > 0 ? '+' : '-'}${(Math.abs(ratio) * 100).toFixed(1)} %`
}
