import { formatBytes, formatChange, formatExactly, formatPercent } from '../../domain/quantities/bytes.ts'
import type { Units } from '../../domain/quantities/bytes.ts'
import { someNames } from '../../domain/text.ts'

export { shortCommits } from '../../domain/text.ts'

/** `1 layer`, `6 layers`, `2 breaches`, `3 repositories`. */
export function plural(count: number, noun: string): string {
  if (count === 1) return `1 ${noun}`
  if (/[^aeiou]y$/.test(noun)) return `${count} ${noun.slice(0, -1)}ies`
  return `${count} ${noun}${noun.endsWith('ch') ? 'es' : 's'}`
}

/**
 * A part of a whole in percent: `93 %`, `4.2 %`, from tenfold on `12×`. Rounding never crosses a border that
 * matters: what is over 100 % is never written as 100 %, nor what is under it; a small part is never written
 * as nothing.
 */
export function formatShare(part: number, whole: number): string {
  if (whole <= 0) return '–'
  if (part === 0) return '0 %'
  const percent = (part / whole) * 100
  if (percent < 0.1) return '<0.1 %'
  if (percent >= 1000) return `${(percent / 100).toFixed(0)}×`
  const text = percent.toFixed(percent < 10 ? 1 : 0)
  if (text !== '100' || part === whole) return `${text} %`
  const closer = percent.toFixed(1)
  if (closer !== '100.0') return `${closer} %`
  return part > whole ? '>100 %' : '>99.9 %'
}

/**
 * A difference with its share of what was there before, `+18.4 MiB (+6.1 %)`; `ratio` null: there was
 * nothing.
 */
export function formatGrowth(difference: number, ratio: number | null, units: Units): string {
  const change = formatChange(difference, units)
  if (difference === 0 || ratio === null) return change
  return `${change} (${Math.abs(ratio) < 0.001 ? '<0.1 %' : formatPercent(ratio)})`
}

/**
 * A limit with what is to be known of it in one pair of parentheses: `310.0 MiB (103 %)`; where only the
 * other units make it a round number, which is how it was set, `300 MB (286.1 MiB, 103 %)`. Below 1 MB nearly
 * every number has four digits in some unit, also the share of a baseline that nobody set in bytes: there, only
 * a whole number is round.
 */
export function limitWords(limit: number, units: Units, note: string | null): string {
  const shown = formatBytes(limit, units)
  const exact =
    formatExactly(limit, units) === null ? formatExactly(limit, units === 'iec' ? 'si' : 'iec') : null
  const other = limit < 1e6 && exact?.includes('.') === true ? null : exact
  const notes = [...(other === null ? [] : [shown]), ...(note === null ? [] : [note])]
  return `${other ?? shown}${notes.length === 0 ? '' : ` (${notes.join(', ')})`}`
}

const MOST_LISTED = 6

/** Distinct names in a row, `a, b and 3 more`; they may be foreign text. */
export function listed(names: readonly string[]): string {
  return someNames([...new Set(names)], MOST_LISTED)
}
