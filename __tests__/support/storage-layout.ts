import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { BuiltBlob } from './blobs.ts'
import type { BuiltImage } from './images.ts'

/** An image as it was pushed to a repository; without a tag, by digest only. */
export interface Stored {
  readonly repository: string
  readonly tags: readonly string[]
  readonly image: BuiltImage
}

type Blob = Pick<BuiltBlob, 'digest' | 'bytes'>

/** Path of a blob or manifest below the `rootdirectory` of a distribution registry. */
export function blobPath(digest: string): string {
  const [algorithm = '', hex = ''] = digest.split(':')
  return `docker/registry/v2/blobs/${algorithm}/${hex.slice(0, 2)}/${hex}/data`
}

export function repositoryPath(repository: string): string {
  return `docker/registry/v2/repositories/${repository}`
}

/**
 * Writes what the distribution registry leaves in its folder after these pushes [distribution
 * registry/storage/paths.go]: tests that need no registry need none.
 */
export async function writeStorageFolder(
  folder: string,
  stored: readonly Stored[],
  writtenAt = new Date(),
): Promise<void> {
  const write = (path: string, bytes: string | Uint8Array) => writeAt(join(folder, path), bytes, writtenAt)
  await mkdir(join(folder, 'docker/registry/v2/blobs'), { recursive: true })
  const written = new Set<string>()
  const writeBlob = async ({ digest, bytes }: Blob): Promise<void> => {
    if (!written.has(digest)) await write(blobPath(digest), bytes)
    written.add(digest)
  }
  for (const { repository, tags, image } of stored) {
    const home = repositoryPath(repository)
    await mkdir(join(folder, home, '_uploads'), { recursive: true })
    for (const blob of image.blobs) {
      await writeBlob(blob)
      await write(`${home}/_layers/${nested(blob.digest)}/link`, blob.digest)
    }
    for (const manifest of image.manifests) {
      await writeBlob(manifest)
      await write(`${home}/_manifests/revisions/${nested(manifest.digest)}/link`, manifest.digest)
    }
    const { digest } = image.manifest
    for (const tag of tags) {
      await write(`${home}/_manifests/tags/${tag}/index/${nested(digest)}/link`, digest)
      await write(`${home}/_manifests/tags/${tag}/current/link`, digest)
    }
  }
}

/** A blob that no repository links: what a push leaves that was given up. */
export async function writeStray(
  folder: string,
  { digest, bytes }: Blob,
  writtenAt = new Date(),
): Promise<void> {
  await writeAt(join(folder, blobPath(digest)), bytes, writtenAt)
}

/** What a tag names, as the registry would find it; null: nothing. */
export async function tagOnDisk(folder: string, repository: string, tag: string): Promise<string | null> {
  const home = join(folder, repositoryPath(repository), '_manifests')
  const digest = await readFile(join(home, 'tags', tag, 'current/link'), 'utf8').catch(() => null)
  if (digest === null) return null
  const revision = join(home, 'revisions', nested(digest), 'link')
  return (await readFile(revision, 'utf8').catch(() => null)) === digest ? digest : null
}

async function writeAt(path: string, bytes: string | Uint8Array, at: Date): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, bytes)
  await utimes(path, at, at)
}

function nested(digest: string): string {
  return digest.replace(':', '/')
}
