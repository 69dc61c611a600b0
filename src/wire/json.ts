import { z } from 'zod'

import { WardenError } from '../domain/errors.ts'
import { sanitiseLine } from '../domain/text.ts'

/** Parses UTF-8 JSON from outside. `what` names it in errors: "the manifest". */
export function parseJson(bytes: Buffer, what: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'))
  } catch (cause) {
    throw new WardenError('protocol', `${what} is not JSON`, { cause })
  }
}

/** As `parseJson`, for documents that must be an object. */
export function parseJsonObject(bytes: Buffer, what: string): Readonly<Record<string, unknown>> {
  const value = parseJson(bytes, what)
  if (!isObject(value)) throw new WardenError('protocol', `${what} is JSON, but not an object`)
  return value
}

/**
 * Reads a value by its schema. The schemas of this folder are `z.lazy`, so that a start does not pay for the
 * many that a run never meets. An error names the field that is wrong: `layers[3].size: …`.
 */
export function readAs<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const place = (issue?.path ?? []).map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`))
  const field = place.join('').replace(/^\./, '') || 'content'
  throw new WardenError(
    'protocol',
    issue?.code === 'invalid_type' && isAbsent(value, issue.path)
      ? `${what} has no ${field}`
      : `${what} is not valid: ${field}: ${sanitiseLine(issue?.message ?? 'wrong', 200)}`,
  )
}

/**
 * A list from outside. Unlike `z.array` it stops at the first entry that is wrong: zod keeps an issue of a
 * kilobyte and more for each of them, and of `0,` a few megabytes have millions.
 * @param most entries; where they are more, none is looked at
 */
export function listOf<T>(entry: z.ZodType<T>, most = Infinity) {
  return z
    .array(z.unknown())
    .max(most)
    .transform((values, context): T[] => {
      const read: T[] = []
      for (const [position, value] of values.entries()) {
        const result = entry.safeParse(value)
        if (result.success) {
          read.push(result.data)
          continue
        }
        for (const issue of result.error.issues.slice(0, 1)) {
          context.addIssue({ ...issue, path: [position, ...issue.path] })
        }
        return z.NEVER
      }
      return read
    })
}

/**
 * Whether a value has nothing at this place, so that "expected array, received undefined" can be said
 * plainly.
 */
function isAbsent(value: unknown, path: readonly PropertyKey[]): boolean {
  let at: unknown = value
  for (const key of path) at = typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined
  return path.length > 0 && at === undefined
}

/** Null and arrays are not. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
