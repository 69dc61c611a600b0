import { inputError } from '../errors.ts'
import { parseDuration } from '../quantities/duration.ts'
import type { Duration } from '../quantities/duration.ts'
import type { SemverRule } from './policy.ts'

const MAX_COUNT = 1_000_000
type Level = 'majors' | 'minors' | 'patches'

const LEVELS = new Map<string, Level>([
  ['major', 'majors'],
  ['majors', 'majors'],
  ['minor', 'minors'],
  ['minors', 'minors'],
  ['patch', 'patches'],
  ['patches', 'patches'],
])

/**
 * Parses `3 minors, 2 patches`; the parts in any order, each level at most once, separated by commas or
 * newlines.
 * @throws WardenError of kind `input`
 */
export function parseKeepSemver(text: string, input: string): SemverRule {
  const accepted =
    'Write how many of the newest versions stay: 3 minors, 2 patches (also majors); keep-latest: 10 keeps the newest ten of any kind'
  const counts: Record<Level, number | null> = { majors: null, minors: null, patches: null }
  const parts = text
    .split(/[,\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== '')
  for (const part of parts) {
    const [, digits = '', word = ''] = /^(\d{1,15})[ \t]+([a-z]{1,10})$/.exec(part) ?? []
    const level = LEVELS.get(word)
    if (level === undefined) throw inputError(input, text, accepted)
    if (counts[level] !== null) throw inputError(input, text, `It names ${level} twice`)
    const count = parseCount(digits, input)
    if (count === 0) throw inputError(input, text, `0 ${level} keep nothing; leave the part out. ${accepted}`)
    counts[level] = count
  }
  if (parts.length === 0) throw inputError(input, text, accepted)
  return { source: parts.join(', '), ...counts }
}

/**
 * Parses `older-than`: as other durations, but in hours at least. `1m` is a month to many who write it, and
 * means a minute.
 * @throws WardenError of kind `input`
 */
export function parseOlderThan(text: string, input: string): Duration {
  const [, unit] = /^\d{1,15} ?([sm])$/.exec(text.trim()) ?? []
  if (unit === undefined) return parseDuration(text, input)
  const meaning = unit === 'm' ? 'm would be minutes' : 's would be seconds'
  throw inputError(input, text, `${meaning}; write h, d or w: 12h, 30d or 4w`)
}

/**
 * Parses the whole number of `keep-latest`, `min-keep` or `max-deletes`.
 * @throws WardenError of kind `input`: fractions, signs, blanks, more than a million
 */
export function parseCount(text: string, input: string): number {
  const count = /^\d{1,15}$/.test(text.trim()) ? Number(text.trim()) : Number.NaN
  if (!(count <= MAX_COUNT)) throw inputError(input, text, `Write a whole number from 0 to ${MAX_COUNT}`)
  return count
}

/**
 * Parses `max-delete-percent`: 0 to 100, `%` optional, at most two decimals.
 * @throws WardenError of kind `input`
 */
export function parsePercent(text: string, input: string): number {
  const [, number] = /^(\d{1,3}(?:\.\d{1,2})?) ?%?$/.exec(text.trim()) ?? []
  if (number === undefined || Number(number) > 100) {
    throw inputError(input, text, 'Write a percentage from 0 to 100, such as 50')
  }
  return Number(number)
}
