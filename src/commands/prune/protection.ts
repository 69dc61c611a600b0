import type { Digest } from '../../domain/names/digest.ts'
import type { Repository } from '../../domain/names/reference.ts'
import type { Tag } from '../../domain/names/tag.ts'
import { findImageReferences } from '../../domain/prune/image-references.ts'
import type { PrunePolicy } from '../../domain/prune/policy.ts'

/** What files need of one repository, each with the file that needs it. */
export interface Protection {
  readonly tags: ReadonlyMap<Tag, string>
  readonly digests: ReadonlyMap<Digest, string>
  /** protected if they turn out to be tags; if not, that is nothing to warn of */
  readonly likelyTags: ReadonlyMap<Tag, string>
}

export function protectionOf(
  files: readonly { readonly path: string; readonly text: string }[],
  repository: Repository,
): Protection {
  const tags = new Map<Tag, string>()
  const digests = new Map<Digest, string>()
  const likelyTags = new Map<Tag, string>()
  for (const { path, text } of files) {
    const found = findImageReferences(text, repository)
    const origin = `protect-files: ${path}`
    for (const tag of found?.tags ?? []) tags.set(tag, origin)
    for (const digest of found?.digests ?? []) digests.set(digest, origin)
    for (const tag of found?.likelyTags ?? []) likelyTags.set(tag, origin)
  }
  return { tags, digests, likelyTags }
}

/** The policy for one repository. What the user wrote is told as the reason before what was found in files. */
export function withProtection(policy: PrunePolicy, { tags, digests }: Protection): PrunePolicy {
  return {
    ...policy,
    protectedTags: new Map([...tags, ...policy.protectedTags]),
    protectedDigests: new Map([...digests, ...policy.protectedDigests]),
  }
}

/** Once it is known which tags there are. */
export function withLikelyTags(
  policy: PrunePolicy,
  { likelyTags }: Protection,
  existing: ReadonlyMap<Tag, unknown>,
): PrunePolicy {
  const found = [...likelyTags].filter(([tag]) => existing.has(tag))
  return { ...policy, protectedTags: new Map([...found, ...policy.protectedTags]) }
}
