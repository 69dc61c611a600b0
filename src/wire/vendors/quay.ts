import { z } from 'zod'

import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import { believed } from '../../domain/quantities/timestamp.ts'
import type { Timestamp } from '../../domain/quantities/timestamp.ts'
import { parseJson, readAs } from '../json.ts'
import { optionalDigest, readEntries, tag } from './entries.ts'
import type { Entries } from './entries.ts'

/** A tag in Quay's own API. */
export interface QuayTag {
  readonly name: Tag
  readonly digest: Digest | null
  /** when it was given to the manifest that it names */
  readonly started: Timestamp | null
  /** its time is over: history, not a tag */
  readonly ended: boolean
  /** a policy keeps it */
  readonly immutable: boolean
}

export interface QuayTagPage extends Entries<QuayTag> {
  readonly hasMore: boolean
}

/** Seconds since 1970. */
const seconds = z
  .number()
  .transform((value) => believed(value * 1000))
  .nullish()
  .catch(null)

const tagSchema = z.lazy(() =>
  z
    .object({
      name: tag,
      manifest_digest: optionalDigest,
      start_ts: seconds,
      end_ts: z.unknown().optional(),
      expiration: z.unknown().optional(),
      immutable: z.unknown().optional(),
    })
    .transform((wire): QuayTag => ({
      name: wire.name,
      digest: wire.manifest_digest,
      started: wire.start_ts ?? null,
      // with an expiration it has an end that is still to come
      ended: typeof wire.end_ts === 'number' && typeof wire.expiration !== 'string',
      immutable: wire.immutable === true,
    })),
)

const pageSchema = z.lazy(() =>
  z.object({ tags: z.array(z.unknown()), has_additional: z.boolean().nullish() }),
)

/** @throws WardenError of kind `protocol` */
export function parseQuayTags(body: Buffer): QuayTagPage {
  const what = 'the list of tags'
  const { tags, has_additional } = readAs(pageSchema, parseJson(body, what), what)
  return { ...readEntries(tagSchema, tags), hasMore: has_additional ?? false }
}
