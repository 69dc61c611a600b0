import { isOciIndexType } from '../manifest/media-type.ts'
import { digestAlgorithm, digestHex, isDigest } from '../names/digest.ts'
import type { Digest } from '../names/digest.ts'
import type { Tag } from '../names/tag.ts'
import type { Inventory } from './inventory.ts'

/**
 * What a tag is for. `referrers`: `sha256-<hex>`, the index in which clients list what refers to a manifest
 * (distribution-spec "Referrers Tag Schema"). `signature`: the same with `.sig`, `.att` or `.sbom`, where
 * cosign keeps signatures, attestations and SBOMs. Both follow their subject.
 */
export type TagRole = 'image' | 'referrers' | 'signature'

/** A tag that belongs to another manifest. */
export interface SubjectTag {
  readonly role: Exclude<TagRole, 'image'>
  /** null where only a digest that was not read could fit the name, which cuts long ones */
  readonly subject: Digest | null
}

/** Other suffixes are nobody's convention: `sha256-<hex>.slim` is an image that was derived from another. */
const SHAPE = /^([a-z0-9]+-[a-f0-9]{64})(\.sig|\.att|\.sbom)?$/
const ALGORITHMS = new Set(['sha256', 'sha512', 'blake3'])
const MAX_ENCODED = 64

/**
 * The subject that a tag's name spells out, as `subjectKey` writes it; null: none. Only a hint: images are
 * pinned by such names, too (see `subjectTagsOf`).
 */
export function subjectKeyIn(tag: string): string | null {
  return partsOf(tag)?.key ?? null
}

/** A digest as those tags write it, the encoded part cut to 64 characters. */
export function subjectKey(digest: Digest): string {
  return `${digestAlgorithm(digest)}-${digestHex(digest).slice(0, MAX_ENCODED)}`
}

/** The digest that a key spells out; null where it was cut (sha512). */
export function digestOfKey(key: string): Digest | null {
  const digest = key.replace('-', ':')
  return isDigest(digest) ? digest : null
}

function partsOf(tag: string): { readonly key: string; readonly suffix: string } | null {
  const [, key, suffix = ''] = SHAPE.exec(tag) ?? []
  return key !== undefined && ALGORITHMS.has(key.slice(0, key.indexOf('-'))) ? { key, suffix } : null
}

/** Which tags of a repository are not an image's but belong to a subject, which may be gone. */
export function subjectTagsOf({ tags, manifests }: Pick<Inventory, 'tags' | 'manifests'>) {
  const found = new Map<Tag, { readonly key: string; readonly role: SubjectTag['role'] }>()
  for (const [tag, entry] of tags) {
    const parts = partsOf(tag)
    if (parts === null) continue
    const { key, suffix } = parts
    const digest = entry.state === 'resolved' ? entry.digest : null
    // a name of itself, as content-addressed pushes have it
    if (digest !== null && subjectKey(digest) === key) continue
    if (suffix !== '') found.set(tag, { key, role: 'signature' })
    else if (digest !== null && listsReferrersOf(key, digest, manifests))
      found.set(tag, { key, role: 'referrers' })
  }
  if (found.size === 0) return new Map<Tag, SubjectTag>()
  const known = new Map([...manifests.keys()].map((digest) => [subjectKey(digest), digest]))
  return new Map(
    [...found].map(([tag, { key, role }]): [Tag, SubjectTag] => [
      tag,
      { role, subject: known.get(key) ?? digestOfKey(key) },
    ]),
  )
}

/** The other ones. */
export function imageTagsOf(inventory: Pick<Inventory, 'tags' | 'manifests'>): Tag[] {
  const subjects = subjectTagsOf(inventory)
  return [...inventory.tags.keys()].filter((tag) => !subjects.has(tag))
}

/**
 * Tags that may list referrers of a manifest that is here: their name spells its digest, and some of what they hold
 * refers to it, though not all. An image may carry such a name as well; in doubt it stays as long as the manifest.
 */
export function possibleReferrerLists({ tags, manifests }: Pick<Inventory, 'tags' | 'manifests'>) {
  const found = new Map<Tag, Digest>()
  for (const [tag, entry] of tags) {
    const parts = partsOf(tag)
    if (parts === null || parts.suffix !== '' || entry.state !== 'resolved') continue
    const { key } = parts
    const index = manifests.get(entry.digest)
    if (index?.state !== 'stored' || listsReferrersOf(key, entry.digest, manifests)) continue
    for (const child of index.children) {
      const listed = manifests.get(child)
      const subject = listed?.state === 'stored' ? listed.subject : null
      if (subject !== null && subjectKey(subject) === key && manifests.get(subject)?.state === 'stored')
        found.set(tag, subject)
    }
  }
  return found
}

/**
 * Whether an index is a list of referrers and nothing else: whatever it holds names this subject. One that
 * cannot be read proves nothing; an empty one is what is left when the last referrer was removed.
 */
function listsReferrersOf(key: string, digest: Digest, manifests: Inventory['manifests']): boolean {
  const index = manifests.get(digest)
  if (index?.state !== 'stored' || !isOciIndexType(index.mediaType)) return false
  const entries = index.children.map((child) => manifests.get(child))
  const present = entries.filter((entry) => entry?.state !== 'missing')
  if (present.length === 0) return index.children.length === 0 && index.blobs.length === 0
  return present.every(
    (entry) => entry?.state === 'stored' && entry.subject !== null && subjectKey(entry.subject) === key,
  )
}
