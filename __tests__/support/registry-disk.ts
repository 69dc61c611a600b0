import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** What distribution's storage folder holds for one repository. */
export interface RepositoryOnDisk {
  /** linked layers and configs that exist, with their bytes */
  readonly blobs: ReadonlyMap<string, number>
  /** linked manifest revisions that exist, with their bytes */
  readonly manifests: ReadonlyMap<string, number>
  readonly tags: readonly string[]
  /** bytes of `blobs` */
  readonly blobBytes: number
  /** bytes of `manifests` */
  readonly manifestBytes: number
}

/**
 * Reads `repositories/<name>` and follows its links into `blobs/`; links to blobs that are gone count
 * nothing.
 */
export async function repositoryOnDisk(storage: string, repository: string): Promise<RepositoryOnDisk> {
  const folder = join(storage, 'docker/registry/v2/repositories', repository)
  const blobs = await linked(storage, join(folder, '_layers'))
  const manifests = await linked(storage, join(folder, '_manifests/revisions'))
  return {
    blobs,
    manifests,
    tags: await tagsOnDisk(join(folder, '_manifests/tags')),
    blobBytes: total(blobs),
    manifestBytes: total(manifests),
  }
}

/** Bytes of everything in `blobs/`, over all repositories: what a garbage collection makes smaller. */
export async function storedBytes(storage: string): Promise<number> {
  const folder = join(storage, 'docker/registry/v2/blobs')
  const files = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const data = files.filter((file) => file.isFile() && file.name === 'data')
  const sizes = await Promise.all(
    data.map(async (file) => (await stat(join(file.parentPath, file.name))).size),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

async function linked(storage: string, folder: string): Promise<Map<string, number>> {
  const links = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const found = new Map<string, number>()
  for (const link of links.filter((file) => file.isFile() && file.name === 'link')) {
    const digest = (await readFile(join(link.parentPath, link.name), 'utf8')).trim()
    const [algorithm = '', hex = ''] = digest.split(':')
    const data = join(storage, 'docker/registry/v2/blobs', algorithm, hex.slice(0, 2), hex, 'data')
    const size = await stat(data).then(
      (stats) => stats.size,
      () => null,
    )
    if (size !== null) found.set(digest, size)
  }
  return found
}

async function tagsOnDisk(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => [])
  const current = await Promise.all(
    names.map((name) =>
      stat(join(folder, name, 'current/link')).then(
        () => [name],
        () => [],
      ),
    ),
  )
  return current.flat().sort()
}

function total(blobs: ReadonlyMap<string, number>): number {
  return [...blobs.values()].reduce((sum, size) => sum + size, 0)
}
