import { inputError } from '../errors.ts'
import type { Timestamp } from './timestamp.ts'

/** A span of time in milliseconds, more than zero. */
export type Duration = number & { readonly __brand: 'Duration' }

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const YEAR = 365.25 * DAY
const UNITS = new Map([
  ['s', SECOND],
  ['m', MINUTE],
  ['h', HOUR],
  ['d', DAY],
  ['w', 7 * DAY],
])
const MAX = 100 * YEAR
const SPANS: readonly (readonly [string, number])[] = [
  ['day', DAY],
  ['hour', HOUR],
  ['minute', MINUTE],
  ['second', SECOND],
]

const ACCEPTED = 'Write a whole number and a unit: 90s, 20m (minutes), 12h, 30d or 2w'

/**
 * Parses `30d`, `2w`, `12h`, `20m`, `90s`. No unit, zero, fractions and more than 100 years are errors: a
 * silent default here has deleted whole repositories elsewhere.
 * @throws WardenError of kind `input`
 */
export function parseDuration(text: string, input: string): Duration {
  const [, digits, unit = ''] = /^(\d{1,15})([smhdw])$/.exec(text.trim()) ?? []
  const factor = UNITS.get(unit)
  if (digits === undefined || factor === undefined) throw inputError(input, text, ACCEPTED)
  const milliseconds = Number(digits) * factor
  if (milliseconds === 0) throw inputError(input, text, `It must be more than zero. ${ACCEPTED}`)
  if (!isDuration(milliseconds)) throw inputError(input, text, 'It must be at most 100 years (36525d)')
  return milliseconds
}

function isDuration(milliseconds: number): milliseconds is Duration {
  return milliseconds > 0 && milliseconds <= MAX
}

/** For people, in at most two units: `30 days`, `1 day 12 hours`, `90s` is `1 minute 30 seconds`. */
export function formatDuration(milliseconds: number): string {
  const parts: string[] = []
  let rest = Math.abs(milliseconds)
  for (const [name, span] of SPANS) {
    const count = Math.floor(rest / span)
    rest -= count * span
    if (count > 0) parts.push(plural(count, name))
    else if (parts.length > 0) break
    if (parts.length === 2) break
  }
  return parts.length === 0 ? plural(0, 'second') : parts.join(' ')
}

/**
 * How long ago, in one unit: `2 days old`, `3 years old`; `dated 3 hours ahead` for a clock that runs fast.
 */
export function formatAge(from: Timestamp, now: Timestamp): string {
  const age = Math.abs(now - from)
  const [name, span] = age >= 2 * YEAR ? (['year', YEAR] as const) : largestSpan(age)
  const text = plural(Math.floor(age / span), name)
  return from > now ? `dated ${text} ahead` : `${text} old`
}

function largestSpan(milliseconds: number): readonly [string, number] {
  return SPANS.find(([, span]) => milliseconds >= span) ?? ['second', SECOND]
}

function plural(count: number, name: string): string {
  return `${count} ${name}${count === 1 ? '' : 's'}`
}
