import { WardenError } from '../domain/errors.ts'
import { digestAlgorithm, isDigest } from '../domain/names/digest.ts'
import type { Digest } from '../domain/names/digest.ts'
import { isTag } from '../domain/names/tag.ts'
import type { Tag } from '../domain/names/tag.ts'
import { sanitiseLine } from '../domain/text.ts'
import type { ForeignEntry, StorageFiles } from './files.ts'
import {
  digestOfParts,
  layerFolder,
  removedFolder,
  repositoryFolder,
  revisionFolder,
  revisionRemovedAs,
  tagLink,
  tagsFolder,
} from './layout.ts'

/** A digest has at most 512 characters. */
const MOST_OF_A_LINK = 1024

/**
 * The digest that a link file holds; null: there is no such file.
 * @throws WardenError of kind `integrity` for one that is empty or holds no digest: what it named is not
 *   known
 */
export async function readLink(files: StorageFiles, path: string): Promise<Digest | null> {
  const bytes = await files.read(path, MOST_OF_A_LINK)
  if (bytes === null) return null
  const text = bytes.toString('utf8').trim()
  if (isDigest(text)) return text
  const what = text === '' ? 'is empty' : `holds no digest: ${JSON.stringify(sanitiseLine(text, 80))}`
  throw new WardenError('integrity', `${path} ${what}`, {
    advice: 'What it named is not known. Push the image again, or remove its folder',
  })
}

/**
 * Whether the repository has a manifest by this digest.
 * @throws WardenError of kind `integrity` when the link is damaged
 */
export async function hasRevision(files: StorageFiles, path: string, digest: Digest): Promise<boolean> {
  const link = `${revisionFolder(path, digest)}/link`
  const named = await readLink(files, link)
  if (named === null || named === digest) return named !== null
  throw new WardenError('integrity', `${link} names ${named}`)
}

/**
 * The registry stores a blob by its sha256, whatever digest it was pushed by [distribution blobwriter.go].
 */
export function isStoredAsNamed(digest: Digest): boolean {
  return digestAlgorithm(digest) === 'sha256'
}

/**
 * By which digest the blob is stored that a repository knows by this one: the link of a sha512 names a
 * sha256. Null: no link names any.
 * @throws WardenError of kind `integrity` when the link is damaged
 */
export function storedAs(files: StorageFiles, path: string, digest: Digest): Promise<Digest | null> {
  return readLink(files, `${layerFolder(path, digest)}/link`)
}

/** The digests that have a folder below `folder`, `<algorithm>/<hex>`, and what else is there. */
export async function digestFolders(
  files: StorageFiles,
  folder: string,
): Promise<{ readonly digests: readonly Digest[]; readonly foreign: readonly ForeignEntry[] }> {
  const digests: Digest[] = []
  const foreign: ForeignEntry[] = []
  for (const algorithm of (await files.list(folder)) ?? []) {
    if (algorithm.kind !== 'folder') {
      foreign.push({ path: `${folder}/${algorithm.name}`, kind: algorithm.kind })
      continue
    }
    for (const { name, kind } of (await files.list(`${folder}/${algorithm.name}`)) ?? []) {
      const digest = kind === 'folder' ? digestOfParts(algorithm.name, name) : null
      if (digest === null) foreign.push({ path: `${folder}/${algorithm.name}/${name}`, kind })
      else digests.push(digest)
    }
  }
  return { digests, foreign }
}

/** The tags of a repository as its folder lists them. */
export interface TagNames {
  readonly tags: readonly Tag[]
  /** files, and folders that hold no tag */
  readonly foreign: readonly ForeignEntry[]
  /** names that are not tags, though the folder holds one: nobody can ask for them */
  readonly strange: readonly string[]
}

/** What is in the folder of the tags, readable as one or not; null: there is no such repository. */
export async function listTagNames(files: StorageFiles, path: string): Promise<TagNames | null> {
  const entries = await files.list(tagsFolder(path))
  if (entries === null) return (await isRepository(files, path)) ? NO_TAGS : null
  const tags: Tag[] = []
  const foreign: ForeignEntry[] = []
  const strange: string[] = []
  for (const { name, kind } of entries) {
    if (kind === 'folder' && isTag(name)) tags.push(name)
    else if (kind === 'folder' && (await files.facts(tagLink(path, name))) !== null) strange.push(name)
    else foreign.push({ path: `${tagsFolder(path)}/${name}`, kind })
  }
  return { tags, foreign, strange }
}

const NO_TAGS: TagNames = { tags: [], foreign: [], strange: [] }

/** Whether the registry would know the repository: it has had an upload or a manifest. */
async function isRepository(files: StorageFiles, path: string): Promise<boolean> {
  for (const folder of REPOSITORY_FOLDERS) {
    if ((await files.facts(`${repositoryFolder(path)}/${folder}`))?.kind === 'folder') return true
  }
  return false
}

const REPOSITORY_FOLDERS = ['_layers', '_manifests'] as const

/** Manifests whose removal was begun: their tags go with them, now or when the next run finishes it. */
export async function begunRemovals(files: StorageFiles, path: string): Promise<ReadonlySet<Digest>> {
  const entries = (await files.list(removedFolder(path))) ?? []
  return new Set(entries.map(({ name }) => revisionRemovedAs(name)).filter((digest) => digest !== null))
}
