import type { Digest } from '../names/digest.ts'
import type { Repository } from '../names/reference.ts'
import { isTag } from '../names/tag.ts'
import type { Tag } from '../names/tag.ts'
import {
  digestsIn,
  findImageReferences,
  isNamedInParts,
  tagWords,
  templateAffixes,
} from './image-references.ts'
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
  /** files that name the repository with a tag that stands elsewhere */
  readonly openFiles: readonly string[]
}

export interface ProtectingFile {
  readonly path: string
  readonly text: string
}

const ANYTHING: Affixes = { prefix: '', suffix: '' }
const LATEST = 'latest'

/**
 * Where a file names the repository without a tag, or with one that is filled in from elsewhere, the tag
 * stands in any of the files (values of a chart and its `appVersion`, `.env`, build arguments): then each of
 * their words that is a tag is protected, with and without a leading `v`, and with what templates put around.
 */
export function protectionOf(files: readonly ProtectingFile[], repository: Repository): Protection {
  const tags = new Map<Tag, Rule>()
  const digests = new Map<Digest, Rule>()
  const likelyTags = new Map<Tag, Rule>()
  const likelyDigests = new Map<Digest, Rule>()
  const openFiles: string[] = []
  const open: Affixes[] = []
  for (const file of files) {
    const found = findImageReferences(file.text, repository)
    for (const tag of found.tags) tags.set(tag, origin(file))
    for (const tag of found.defaultTags) if (!found.tags.has(tag)) likelyTags.set(tag, origin(file))
    for (const digest of found.digests) digests.set(digest, origin(file))
    if (found.isNamed) for (const digest of digestsIn(file.text)) likelyDigests.set(digest, origin(file))
    if (found.open.length > 0) openFiles.push(file.path)
    open.push(...found.open)
  }
  const texts = files.map(({ text }) => text)
  if (isNamedInParts(texts, repository)) open.push(ANYTHING)
  if (open.length === 0) return { tags, digests, likelyTags, likelyDigests, openFiles }
  for (const file of files) for (const digest of digestsIn(file.text)) likelyDigests.set(digest, origin(file))
  const affixes = [...open, ...files.flatMap(({ text }) => templateAffixes(text))]
  const words = likelyTagsIn(files, affixes)
  return { tags, digests, likelyTags: new Map([...words, ...likelyTags]), likelyDigests, openFiles }
}

function likelyTagsIn(files: readonly ProtectingFile[], affixes: readonly Affixes[]): Map<Tag, Rule> {
  const distinct = new Map(affixes.map((pair) => [`${pair.prefix} ${pair.suffix}`, pair]))
  const likely = new Map<Tag, Rule>()
  const add = (tag: string, file: ProtectingFile) => {
    if (isTag(tag) && !likely.has(tag)) likely.set(tag, origin(file))
  }
  for (const file of files) {
    for (const word of [...tagWords(file.text), LATEST]) {
      for (const { prefix, suffix } of distinct.values()) {
        for (const version of withAndWithoutV(word))
          for (const tag of withAndWithoutV(`${prefix}${version}${suffix}`)) add(tag, file)
      }
    }
  }
  return likely
}

/** `1.2` is often released as `v1.2`, and the other way round. */
function withAndWithoutV(word: string): readonly string[] {
  if (/^v\d/.test(word)) return [word, word.slice(1)]
  return /^\d/.test(word) ? [word, `v${word}`] : [word]
}

function origin({ path }: ProtectingFile): Rule {
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
  { tags, digests, likelyTags, likelyDigests, openFiles }: Protection,
  inventory: Pick<Inventory, 'tags' | 'manifests'>,
): PrunePolicy {
  const foundTags = [...likelyTags].filter(([tag]) => inventory.tags.has(tag))
  const foundDigests = [...likelyDigests].filter(
    ([digest]) => inventory.manifests.get(digest)?.state === 'stored',
  )
  const isFound = foundTags.length + foundDigests.length > 0
  return {
    ...policy,
    protectedTags: new Map([...foundTags, ...tags, ...policy.protectedTags]),
    protectedDigests: new Map([...foundDigests, ...digests, ...policy.protectedDigests]),
    unfilledFiles: isFound ? [] : openFiles,
  }
}
