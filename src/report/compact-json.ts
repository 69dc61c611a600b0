/** GitHub refuses an output above 1 MiB. */
export const OUTPUT_MAX_BYTES = 900_000

/**
 * A value as JSON without blanks. Above the limit its lists are left out and `"truncated":true` says so: a
 * number that is missing is noticed, half a list is not.
 */
export function compactJson(value: object, maxBytes = OUTPUT_MAX_BYTES): string {
  const whole = JSON.stringify(value)
  if (Buffer.byteLength(whole) <= maxBytes) return whole
  const scalars = Object.entries(value).filter(([, entry]) => !Array.isArray(entry))
  return JSON.stringify({ ...Object.fromEntries(scalars), truncated: true })
}
