/** Milliseconds since 1970-01-01T00:00Z. "Now" is always a parameter of the rules, never read by them. */
export type Timestamp = number & { readonly __brand: 'Timestamp' }

const RFC3339 =
  /^(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(?:\.(\d{1,12}))?([Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/
/**
 * Reproducible builds write 0001, 1970, 1980 (jib, bazel, ko, buildpacks) or 1985 (npm): that is not a date,
 * but its absence. No container image is older than Docker.
 */
const FIRST_BELIEVED = Date.UTC(2013, 0, 1)
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

/**
 * Parses an RFC 3339 time as configs and registries write it.
 * @returns null for anything that is not a date or not believable (before 2013); null is "unknown", never
 *   "old"
 */
export function parseTimestamp(text: string): Timestamp | null {
  if (text.length > 64) return null
  const [, date, time, fraction = '', zone] = RFC3339.exec(text) ?? []
  if (date === undefined || time === undefined || zone === undefined) return null
  const local = `${date}T${time}`
  // Date reads February 30 as March 1, so the calendar is checked by writing it back
  const written = new Date(`${local}Z`)
  if (Number.isNaN(written.getTime()) || !written.toISOString().startsWith(local)) return null
  return believed(Date.parse(`${local}.${fraction.slice(0, 3).padEnd(3, '0')}${zone.toUpperCase()}`))
}

/**
 * A time that a vendor API gives in milliseconds since 1970.
 * @returns null when it is not believable, as for `parseTimestamp`
 */
export function believed(milliseconds: number): Timestamp | null {
  const whole = Math.trunc(milliseconds)
  return whole >= FIRST_BELIEVED && isTimestamp(whole) ? whole : null
}

/**
 * The reading of a clock.
 * @throws RangeError for what no Date can hold
 */
export function asTimestamp(milliseconds: number): Timestamp {
  const whole = Math.trunc(milliseconds)
  if (!isTimestamp(whole)) throw new RangeError(`${milliseconds} is not a time`)
  return whole
}

function isTimestamp(milliseconds: number): milliseconds is Timestamp {
  return Number.isInteger(milliseconds) && Math.abs(milliseconds) <= LAST
}

/** RFC 3339 in UTC to the second, `2026-03-01T12:30:00Z`. */
export function formatTimestamp(timestamp: Timestamp): string {
  return `${new Date(timestamp).toISOString().slice(0, 19)}Z`
}

/** The day in UTC, `2026-03-01`. */
export function formatDate(timestamp: Timestamp): string {
  return formatTimestamp(timestamp).slice(0, 10)
}
