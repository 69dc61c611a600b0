import type { Digest } from '../names/digest.ts'
import type { Repository } from '../names/reference.ts'
import { isTag } from '../names/tag.ts'
import type { Tag } from '../names/tag.ts'
import { digestsIn, findImageReferences, isNamedInParts, tagWords } from './image-references.ts'
import type { Affixes } from './image-references.ts'
import type { Inventory } from './inventory.ts'
import type { PrunePolicy } from './policy.ts'
import { inputRule } from './rule.ts'
import type { Rule } from './rule.ts'

/** What files need of one repository, each with the file that needs it. */
export interface Protection {
  readonly tags: ReadonlyMap<Tag, Rule>
  readonly digests: ReadonlyMap<Digest, Rule>
  /** protected if they turn out to be tags; if not, that is nothing to warn of */
  readonly likelyTags: ReadonlyMap<Tag, Rule>
  /** the same for digests */
  readonly likelyDigests: ReadonlyMap<Digest, Rule>
}

interface File {
  readonly path: string
  readonly text: string
}

const ANYTHING: Affixes = { prefix: '', suffix: '' }
const LATEST = 'latest'

/**
 * Where a file names the repository without a tag, or with one that is filled in from elsewhere, the tag
 * stands in any of the files (values of a chart and its `appVersion`, `.env`, build arguments): then each of
 * their words that is a tag is protected.
 */
export function protectionOf(files: readonly File[], repository: Repository): Protection {
  const tags = new Map<Tag, Rule>()
  const digests = new Map<Digest, Rule>()
  const likelyDigests = new Map<Digest, Rule>()
  const open: Affixes[] = []
  for (const file of files) {
    const found = findImageReferences(file.text, repository)
    for (const tag of found.tags) tags.set(tag, origin(file))
    for (const digest of found.digests) digests.set(digest, origin(file))
    if (found.isNamed) for (const digest of digestsIn(file.text)) likelyDigests.set(digest, origin(file))
    open.push(...found.open)
  }
  const texts = files.map(({ text }) => text)
  if (isNamedInParts(texts, repository)) open.push(ANYTHING)
  if (open.length === 0) return { tags, digests, likelyTags: new Map(), likelyDigests }
  for (const file of files) for (const digest of digestsIn(file.text)) likelyDigests.set(digest, origin(file))
  return { tags, digests, likelyTags: likelyTagsIn(files, open), likelyDigests }
}

function likelyTagsIn(files: readonly File[], open: readonly Affixes[]): Map<Tag, Rule> {
  const distinct = new Map(open.map((affixes) => [`${affixes.prefix} ${affixes.suffix}`, affixes]))
  const likely = new Map<Tag, Rule>()
  for (const file of files) {
    for (const word of [...tagWords(file.text), LATEST]) {
      for (const { prefix, suffix } of distinct.values()) {
        const tag = `${prefix}${word}${suffix}`
        if (isTag(tag) && !likely.has(tag)) likely.set(tag, origin(file))
      }
    }
  }
  return likely
}

function origin({ path }: File): Rule {
  return inputRule('protect-files', path)
}

/**
 * The policy to read a repository with. What the user wrote is told as the reason before what was found in
 * files.
 */
export function withProtection(
  policy: PrunePolicy,
  { tags, digests, likelyDigests }: Protection,
): PrunePolicy {
  return {
    ...policy,
    protectedTags: new Map([...tags, ...policy.protectedTags]),
    protectedDigests: new Map([...likelyDigests, ...digests, ...policy.protectedDigests]),
  }
}

/** The policy to plan with, once it is known what there is. */
export function withLikely(
  policy: PrunePolicy,
  { tags, digests, likelyTags, likelyDigests }: Protection,
  inventory: Pick<Inventory, 'tags' | 'manifests'>,
): PrunePolicy {
  const foundTags = [...likelyTags].filter(([tag]) => inventory.tags.has(tag))
  const foundDigests = [...likelyDigests].filter(
    ([digest]) => inventory.manifests.get(digest)?.state === 'stored',
  )
  return {
    ...policy,
    protectedTags: new Map([...foundTags, ...tags, ...policy.protectedTags]),
    protectedDigests: new Map([...foundDigests, ...digests, ...policy.protectedDigests]),
  }
}
