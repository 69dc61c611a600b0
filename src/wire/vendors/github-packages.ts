import { z } from 'zod'

import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import type { Timestamp } from '../../domain/quantities/timestamp.ts'
import { listOf, parseJson, readAs } from '../json.ts'
import { digest, readEntries, tag, timestamp } from './entries.ts'
import type { Entries } from './entries.ts'

/** A version of a container package: one manifest with all its tags (GitHub REST, "Packages"). */
export interface PackageVersion {
  readonly id: number
  readonly digest: Digest
  readonly tags: readonly Tag[]
  readonly created: Timestamp | null
  readonly updated: Timestamp | null
}

const versionSchema = z.lazy(() =>
  z
    .object({
      id: z.int().min(1),
      name: digest,
      created_at: timestamp,
      updated_at: timestamp,
      // without it nobody knows what would go along, so that is an entry that cannot be read
      metadata: z.object({ container: z.object({ tags: listOf(tag) }) }),
    })
    .transform((wire): PackageVersion => ({
      id: wire.id,
      digest: wire.name,
      tags: wire.metadata.container.tags,
      created: wire.created_at,
      updated: wire.updated_at,
    })),
)

/** @throws WardenError of kind `protocol` */
export function parseVersions(body: Buffer): Entries<PackageVersion> {
  const what = 'the list of versions'
  return readEntries(versionSchema, readAs(z.array(z.unknown()), parseJson(body, what), what))
}

/** @throws WardenError of kind `protocol` */
export function parseVersion(body: Buffer): PackageVersion {
  return readAs(versionSchema, parseJson(body, 'the version'), 'the version')
}
