import { z } from 'zod'

import { isDigest } from '../../domain/names/digest.ts'
import type { Digest } from '../../domain/names/digest.ts'
import { isTag } from '../../domain/names/tag.ts'
import type { Tag } from '../../domain/names/tag.ts'
import type { Timestamp } from '../../domain/quantities/timestamp.ts'
import { parseJson, readAs } from '../json.ts'
import { readEntries, timestamp } from './entries.ts'
import type { Entries } from './entries.ts'

/**
 * One name of a manifest in Gitea's packages: a "version" is a tag, or the digest under which a manifest was
 * pushed.
 */
export interface GiteaVersion {
  /** the package, without its owner; may hold slashes */
  readonly image: string
  readonly name: { readonly tag: Tag } | { readonly digest: Digest }
  readonly created: Timestamp | null
}

const versionSchema = z.lazy(() =>
  z
    .object({ name: z.string(), version: z.string(), created_at: timestamp })
    .transform((wire, context): GiteaVersion => {
      const { name: image, version, created_at: created } = wire
      if (isDigest(version)) return { image, name: { digest: version }, created }
      if (isTag(version)) return { image, name: { tag: version }, created }
      context.addIssue({ code: 'custom', message: 'is neither a tag nor a digest' })
      return z.NEVER
    }),
)

/** @throws WardenError of kind `protocol` */
export function parseGiteaVersions(body: Buffer): Entries<GiteaVersion> {
  const what = 'the list of packages'
  return readEntries(versionSchema, readAs(z.array(z.unknown()), parseJson(body, what), what))
}
