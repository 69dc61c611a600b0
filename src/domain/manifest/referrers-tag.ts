import { digestAlgorithm, digestHex } from '../names/digest.ts'
import type { Digest } from '../names/digest.ts'
import { parseTag } from '../names/tag.ts'
import type { Tag } from '../names/tag.ts'

/**
 * The tag under which clients keep the referrers of a manifest where the registry has no API for them,
 * `sha256-<hex>` (distribution-spec "Referrers Tag Schema": at most 32 and 64 characters, what no tag may
 * have becomes `-`).
 */
export function referrersTag(digest: Digest): Tag {
  const algorithm = digestAlgorithm(digest).slice(0, 32)
  const encoded = digestHex(digest).slice(0, 64)
  return parseTag(`${algorithm}-${encoded}`.replaceAll(/[^A-Za-z0-9._-]/g, '-'), 'referrers')
}
