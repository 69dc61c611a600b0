import { z } from 'zod'

import { isDigest } from '../../domain/names/digest.ts'
import type { Digest } from '../../domain/names/digest.ts'
import { isTag } from '../../domain/names/tag.ts'
import type { Tag } from '../../domain/names/tag.ts'
import { parseTimestamp } from '../../domain/quantities/timestamp.ts'
import type { Timestamp } from '../../domain/quantities/timestamp.ts'

/** The entries of a list that could be read, and how many could not. */
export interface Entries<T> {
  readonly entries: readonly T[]
  /** as the server counted them */
  readonly length: number
  readonly dropped: number
}

/** Reads each entry on its own: a strange one does not hide the others, but is counted. */
export function readEntries<T>(schema: z.ZodType<T>, values: readonly unknown[]): Entries<T> {
  const entries: T[] = []
  for (const value of values) {
    const result = schema.safeParse(value)
    if (result.success) entries.push(result.data)
  }
  return { entries, length: values.length, dropped: values.length - entries.length }
}

/** A date in RFC 3339; anything else is unknown, never an error. */
export const timestamp = z
  .string()
  .transform((text): Timestamp | null => parseTimestamp(text))
  .nullish()
  .catch(null)
  .transform((at) => at ?? null)

export const digest = z.string().transform((text, context): Digest => {
  if (isDigest(text)) return text
  context.addIssue({ code: 'custom', message: 'is not a digest' })
  return z.NEVER
})

/** The manifest that a tag names, where the vendor tells it; anything else is unknown. */
export const optionalDigest = z
  .string()
  .transform((text): Digest | null => (isDigest(text) ? text : null))
  .nullish()
  .catch(null)
  .transform((found) => found ?? null)

export const tag = z.string().transform((text, context): Tag => {
  if (isTag(text)) return text
  context.addIssue({ code: 'custom', message: 'is not a tag' })
  return z.NEVER
})
