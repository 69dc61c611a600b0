import { z } from 'zod'

import { isDigest } from '../domain/names/digest.ts'
import type { Digest } from '../domain/names/digest.ts'
import { platformOf } from '../domain/names/platform.ts'
import type { Platform } from '../domain/names/platform.ts'
import { isBytes } from '../domain/quantities/bytes.ts'
import type { Bytes } from '../domain/quantities/bytes.ts'
import { parseTimestamp } from '../domain/quantities/timestamp.ts'
import { shorten } from '../domain/errors.ts'
import { listOf } from './json.ts'

/** Longer text is refused where it is a name: no reference, path or media type is so long. */
const MAX_NAME = 4096
/** Longer text is cut where it is prose or an instruction, of which people see far less. */
const MAX_TEXT = 4096

export const digest = z.custom<Digest>(
  (value) => typeof value === 'string' && isDigest(value),
  'is not a digest',
)
export const bytes = z.custom<Bytes>(
  (value) => typeof value === 'number' && isBytes(value),
  'is not a number of bytes',
)
export const count = z.int().min(0)
export const name = z.string().max(MAX_NAME)
export const text = z.string().transform((value) => shorten(value, MAX_TEXT))
export const severity = z.enum(['warn', 'fail'])
export const origin = z.enum(['base', 'own']).nullable()
/** What is not a believable date is unknown, as everywhere. */
export const time = z.string().max(64).transform(parseTimestamp).nullable()

/** `os[(version)]/architecture[/variant]`, as `formatPlatform` writes it. */
const PLATFORM = /^([^/()]{1,64})(?:\(([^/()]{1,64})\))?\/([^/()]{1,64})(?:\/([^/()]{1,64}))?$/

export const platform = z
  .string()
  .max(300)
  .transform((value, context): Platform => {
    const [, os, osVersion, architecture, variant] = PLATFORM.exec(value) ?? []
    if (os === undefined) context.addIssue({ code: 'custom', message: 'no platform' })
    return platformOf({ os, osVersion, architecture, variant })
  })
  .nullable()

/** A list of bounded length; the file is bounded, too, so this only keeps one list from being all of it. */
export function longList<T>(item: z.ZodType<T>) {
  return listOf(item, 50_000)
}
