import { z } from 'zod'

import { isDigest } from '../domain/names/digest.ts'
import type { Digest } from '../domain/names/digest.ts'
import { isTag } from '../domain/names/tag.ts'
import type { Tag } from '../domain/names/tag.ts'
import { believed } from '../domain/quantities/timestamp.ts'
import type { Timestamp } from '../domain/quantities/timestamp.ts'
import { sanitiseLine } from '../domain/text.ts'
import { isObject, parseJsonObject, readAs } from './json.ts'

/** Largest page of tags or repositories that is read. */
export const MAX_PAGE_BYTES = 8 * 1024 * 1024

/** One page of a list, as far as turning pages goes. */
export interface Page {
  /** entries as the registry counted them, unusable ones included */
  readonly length: number
  /** entries that are text, as they were written */
  readonly names: readonly string[]
  /** the last of them, where the next page would begin */
  readonly last: string | null
}

/** One page of `tags/list`. */
export interface TagPage extends Page {
  readonly tags: readonly Tag[]
  /** entries that are not tags: null (Nexus), digests (Artifactory), text outside the grammar */
  readonly dropped: number
  /** the last of these, as text: something has this name, and nobody can ask what */
  readonly strange: readonly string[]
  /** what Google's registries say about each manifest in the same answer; empty elsewhere */
  readonly uploads: ReadonlyMap<Digest, Upload>
  /** what it says there that could not be read: a manifest that nobody knows of */
  readonly unread: number
}

/** Google's account of one manifest of a repository. */
export interface Upload {
  readonly uploaded: Timestamp | null
  readonly created: Timestamp | null
  readonly tags: readonly Tag[]
}

/** `tags` is null or absent in an emptied repository (distribution 2.x). */
const listOf = (field: 'tags' | 'repositories') =>
  z.object({ [field]: z.array(z.unknown()).nullish() }).transform((wire) => wire[field] ?? [])

const TAGS = listOf('tags')
const REPOSITORIES = listOf('repositories')

/**
 * Reads a page of tags; duplicates and what is not a tag are left out.
 * @throws WardenError of kind `protocol`
 */
export function parseTagPage(bytes: Buffer): TagPage {
  const body = parseJsonObject(bytes, 'the list of tags')
  const entries = readAs(TAGS, body, 'the list of tags')
  const tags = entries.filter(isTagEntry)
  return {
    tags: [...new Set(tags)],
    ...pageOf(entries),
    dropped: entries.length - tags.length,
    strange: entries.filter(isStrange).map((entry) => sanitiseLine(String(entry), 128)),
    ...uploadsOf(body['manifest']),
  }
}

/**
 * Reads a page of the catalog: repository paths as the registry wrote them, to be checked before use.
 * @throws WardenError of kind `protocol`
 */
export function parseCatalogPage(bytes: Buffer): Page {
  return pageOf(readAs(REPOSITORIES, parseJsonObject(bytes, 'the catalog'), 'the catalog'))
}

function pageOf(entries: readonly unknown[]): Page {
  const names = entries.filter((entry) => typeof entry === 'string')
  return { length: entries.length, names, last: names.at(-1) ?? null }
}

/** Neither a tag nor a digest nor nothing. */
function isStrange(entry: unknown): boolean {
  if (typeof entry !== 'string') return entry !== null
  return entry !== '' && !isTag(entry) && !isDigest(entry)
}

function isTagEntry(entry: unknown): entry is Tag {
  return typeof entry === 'string' && isTag(entry)
}

const MILLISECONDS = /^\d{1,15}$/
const milliseconds = z
  .string()
  .transform((text) => (MILLISECONDS.test(text) ? believed(Number(text)) : null))
  .nullish()
  .catch(null)

const uploadSchema = z.lazy(() =>
  z.object({
    timeUploadedMs: milliseconds,
    timeCreatedMs: milliseconds,
    // one that cannot be read must not make a manifest look as if nothing named it
    tag: z.array(z.unknown()).nullish(),
  }),
)

/**
 * Numbers are strings there (Java's 64-bit integers). A date that cannot be read is an unknown age; an entry
 * that cannot be read is counted, since it may be the index that needs another one.
 */
function uploadsOf(manifests: unknown): Pick<TagPage, 'uploads' | 'unread'> {
  const uploads = new Map<Digest, Upload>()
  if (!isObject(manifests)) return { uploads, unread: manifests === undefined || manifests === null ? 0 : 1 }
  const entries = Object.entries(manifests)
  for (const [digest, value] of entries) {
    const wire = uploadSchema.safeParse(value).data
    if (wire === undefined || !isDigest(digest)) continue
    const names = wire.tag ?? []
    const tags = names.filter(isTagEntry)
    if (names.length > 0 && tags.length === 0) continue
    uploads.set(digest, {
      uploaded: wire.timeUploadedMs ?? null,
      created: wire.timeCreatedMs ?? null,
      tags,
    })
  }
  return { uploads, unread: entries.length - uploads.size }
}
