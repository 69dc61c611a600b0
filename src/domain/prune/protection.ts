import type { Digest } from '../names/digest.ts'
import type { Repository } from '../names/reference.ts'
import type { Tag } from '../names/tag.ts'
import {
  digestsIn,
  findImageReferences,
  isNamedInParts,
  tagWords,
  templateLiterals,
} from './image-references.ts'
import type { Inventory } from './inventory.ts'
import { ANYTHING, tagsOf, withAndWithoutV } from './open-names.ts'
import type { Literals } from './open-names.ts'
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
  /** how files name the repository with a tag that stands elsewhere */
  readonly open: readonly OpenName[]
  /** what may be filled in there, each with the file that has it */
  readonly words: ReadonlyMap<string, Rule>
}

export interface OpenName {
  readonly literals: Literals
  /** the file that names the repository so; null: the name may be that of another one */
  readonly file: string | null
}

export interface ProtectingFile {
  readonly path: string
  readonly text: string
}

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
  const open: OpenName[] = []
  for (const file of files) {
    const found = findImageReferences(file.text, repository)
    for (const tag of found.tags) tags.set(tag, origin(file))
    for (const tag of found.defaultTags) if (!found.tags.has(tag)) likelyTags.set(tag, origin(file))
    for (const digest of found.digests) digests.set(digest, origin(file))
    if (found.isNamed) for (const digest of digestsIn(file.text)) likelyDigests.set(digest, origin(file))
    open.push(...found.open.map((literals) => ({ literals, file: file.path })))
  }
  const texts = files.map(({ text }) => text)
  if (isNamedInParts(texts, repository)) open.push({ literals: ANYTHING, file: null })
  const words = new Map<string, Rule>()
  if (open.length === 0) return { tags, digests, likelyTags, likelyDigests, open, words }
  for (const file of files) {
    for (const digest of digestsIn(file.text)) likelyDigests.set(digest, origin(file))
    for (const literals of templateLiterals(file.text)) open.push({ literals, file: null })
    for (const word of [...tagWords(file.text), LATEST]) {
      for (const each of withAndWithoutV(word)) if (!words.has(each)) words.set(each, origin(file))
    }
  }
  return { tags, digests, likelyTags, likelyDigests, open, words }
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
  { tags, digests, likelyTags, likelyDigests, open, words }: Protection,
  inventory: Pick<Inventory, 'tags' | 'manifests'>,
): PrunePolicy {
  const foundTags = new Map([...likelyTags].filter(([tag]) => inventory.tags.has(tag)))
  const foundDigests = [...likelyDigests].filter(
    ([digest]) => inventory.manifests.get(digest)?.state === 'stored',
  )
  const known = new Set(words.keys())
  const unfilled = new Set<string>()
  for (const [key, names] of Map.groupBy(open, ({ literals }) => literals.join('\0'))) {
    const [{ literals } = { literals: ANYTHING }] = names
    const found = tagsOf(literals, inventory.tags.keys(), known)
    const files = names.flatMap(({ file }) => (file === null ? [] : [file]))
    for (const tag of found) if (!foundTags.has(tag)) foundTags.set(tag, ruleOf(tag, words, files))
    // where nothing is written behind the name, a digest may be what it comes to
    const isFilled =
      found.length > 0 || (key === ANYTHING.join('\0') && foundTags.size + foundDigests.length > 0)
    if (!isFilled) for (const file of files) unfilled.add(file)
  }
  return {
    ...policy,
    protectedTags: new Map([...foundTags, ...tags, ...policy.protectedTags]),
    protectedDigests: new Map([...foundDigests, ...digests, ...policy.protectedDigests]),
    unfilledFiles: [...unfilled],
  }
}

/** The file that has the word, else one that has the name around it. */
function ruleOf(tag: Tag, words: ReadonlyMap<string, Rule>, files: readonly string[]): Rule {
  const word = words.get(tag) ?? [...words].find(([each]) => each.length > 1 && tag.includes(each))?.[1]
  return word ?? inputRule('protect-files', files[0] ?? null)
}
