import { inputError } from '../errors.ts'
import { asBytes, parseBytes } from '../quantities/bytes.ts'
import type { Bytes } from '../quantities/bytes.ts'
import { parseScope, rejectUnreachable } from '../size/scoped-rule.ts'
import type { ScopedRule } from '../size/scoped-rule.ts'

/**
 * One line of `max-increase` or `warn-increase`: `[pattern [platform] =] 10MiB | 5% | 5% and 2MiB | 5% or
 * 20MiB`.
 */
export interface IncreaseRule extends ScopedRule {
  /** one, or a share and a number of bytes, in the order they were written */
  readonly parts: readonly IncreasePart[]
  /** `and`: too much only when every part is exceeded; `or`: when any is */
  readonly combine: 'and' | 'or'
}

/** An allowed growth; `text` is what the user wrote. */
export type IncreasePart =
  | { readonly text: string; readonly unit: 'bytes'; readonly bytes: Bytes }
  /** of the baseline's size, in millionths, so that no fraction is ever rounded */
  | { readonly text: string; readonly unit: 'share'; readonly millionths: number }

const ACCEPTED =
  'Write 10MiB, 5%, "5% and 2MiB" (both exceeded) or "5% or 20MiB" (either), or lines of: pattern [platform] = that'
const SHARE = /^(\d{1,6})(?:\.(\d{1,4}))? ?%$/
const MILLIONTHS_PER_PERCENT = 10_000

/**
 * Parses the lines of `max-increase` or `warn-increase`; the first that names an image wins, so order is
 * kept. Zero is accepted: nothing may grow.
 * @throws WardenError of kind `input`
 */
export function parseIncreaseRules(lines: readonly string[], input: string): IncreaseRule[] {
  const rules = lines.map((line) => {
    const { value, ...scope } = parseScope(line, input, ACCEPTED)
    return { ...scope, ...parseIncrease(value, input) }
  })
  rejectUnreachable(rules, input, (first, second) => {
    const isMixed = first.includes('%') !== second.includes('%')
    return isMixed ? `write ${first} or ${second}` : null
  })
  return rules
}

function parseIncrease(text: string, input: string): Pick<IncreaseRule, 'parts' | 'combine'> {
  const [first = '', word, second, ...rest] = text.split(/\s+(and|or)\s+/)
  if (word === undefined || second === undefined) return { parts: [parsePart(first, input)], combine: 'or' }
  const parts = [parsePart(first, input), parsePart(second, input)]
  // Two shares, or two sizes, say the same as one of them: whoever writes that means something else.
  if (rest.length > 0 || parts[0]?.unit === parts[1]?.unit) throw inputError(input, text, ACCEPTED)
  return { parts, combine: word === 'and' ? 'and' : 'or' }
}

function parsePart(text: string, input: string): IncreasePart {
  const [, whole, fraction = ''] = SHARE.exec(text) ?? []
  if (whole !== undefined) {
    const millionths = Number(whole) * MILLIONTHS_PER_PERCENT + Number(fraction.padEnd(4, '0'))
    return { text, unit: 'share', millionths }
  }
  // may be meant as either
  if (/^[\d.]+$/.test(text)) throw inputError(input, text, `It has no unit. ${ACCEPTED}`)
  if (text.includes('%') || !/^\d/.test(text)) throw inputError(input, text, ACCEPTED)
  return { text, unit: 'bytes', bytes: parseBytes(text, input) }
}

/** The most bytes that an image may have more than its baseline of `size` bytes. */
export function allowedIncrease(rule: IncreaseRule, size: Bytes): Bytes {
  const allowed = rule.parts.map((part) => allowedBy(part, size))
  return asBytes(rule.combine === 'and' ? Math.max(...allowed) : Math.min(...allowed))
}

/**
 * Which parts of the rule a growth exceeds, in the user's own words: `more than 5% and more than 2MiB`, for
 * an `or` of which both are `5% or 2MiB: both exceeded`. Null when the growth is allowed.
 */
export function excessOf(rule: IncreaseRule, difference: number, size: Bytes): string | null {
  if (difference <= allowedIncrease(rule, size)) return null
  const exceeded = rule.parts.filter((part) => difference > allowedBy(part, size))
  if (rule.combine === 'or' && exceeded.length > 1) {
    return `${exceeded.map(({ text }) => text).join(' or ')}: both exceeded`
  }
  return exceeded.map(({ text }) => `more than ${text}`).join(' and ')
}

/** Exact, in integers; a difference is whole bytes, so a fraction of a byte allows nothing. */
function allowedBy(part: IncreasePart, size: Bytes): number {
  if (part.unit === 'bytes') return part.bytes
  const share = (BigInt(size) * BigInt(part.millionths)) / 1_000_000n
  return Number(share < BigInt(Number.MAX_SAFE_INTEGER) ? share : Number.MAX_SAFE_INTEGER)
}
