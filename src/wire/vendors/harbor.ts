import { z } from 'zod'

import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import type { Timestamp } from '../../domain/quantities/timestamp.ts'
import { listOf, parseJson, readAs } from '../json.ts'
import { digest, readEntries, tag, timestamp } from './entries.ts'
import type { Entries } from './entries.ts'

/** An artifact of Harbor with its tags (Harbor API v2.0, `listArtifacts`). */
export interface HarborArtifact {
  readonly digest: Digest
  readonly pushed: Timestamp | null
  readonly pulled: Timestamp | null
  readonly tags: readonly HarborTag[]
}

export interface HarborTag {
  readonly name: Tag
  readonly pushed: Timestamp | null
  readonly pulled: Timestamp | null
  /** a rule of the project keeps it */
  readonly immutable: boolean
}

const tagSchema = z.lazy(() =>
  z
    .object({
      name: tag,
      push_time: timestamp,
      // year 1 where it was never pulled
      pull_time: timestamp,
      immutable: z.boolean().nullish().catch(null),
    })
    .transform((wire): HarborTag => ({
      name: wire.name,
      pushed: wire.push_time,
      pulled: wire.pull_time,
      immutable: wire.immutable ?? false,
    })),
)

const artifactSchema = z.lazy(() =>
  z
    .object({
      digest,
      push_time: timestamp,
      pull_time: timestamp,
      // null where there are none
      tags: listOf(tagSchema).nullish(),
    })
    .transform((wire): HarborArtifact => ({
      digest: wire.digest,
      pushed: wire.push_time,
      pulled: wire.pull_time,
      tags: wire.tags ?? [],
    })),
)

/** @throws WardenError of kind `protocol` */
export function parseArtifacts(body: Buffer): Entries<HarborArtifact> {
  const what = 'the list of artifacts'
  return readEntries(artifactSchema, readAs(z.array(z.unknown()), parseJson(body, what), what))
}
