import { cpSync, readdirSync, rmSync } from 'node:fs'
import { readFile, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { startDockerRegistry, type DockerRegistry } from '../support/docker-registry.ts'
import type { BuiltImage } from '../support/images.ts'
import { memoryFolder } from '../support/memory-folder.ts'
import { push, request } from '../support/push.ts'

/** Images by repository and tag; the tag '' pushes by digest only. */
export type Content = Readonly<Record<string, Readonly<Record<string, BuiltImage>>>>

/** A storage folder that Debian's docker-registry wrote and is not running on any more. */
export interface WrittenStorage {
  readonly folder: string
  /** what `registry:` says */
  readonly url: string
  /** another folder with the same files and times */
  readonly copy: () => Promise<WrittenStorage>
  /** starts the registry on the folder */
  readonly serve: () => Promise<DockerRegistry>
  /** makes everything that is in it look as if it had been written so many days ago */
  readonly age: (days: number) => Promise<void>
  readonly remove: () => Promise<void>
}

export async function writeStorage(content: Content): Promise<WrittenStorage> {
  const folder = await memoryFolder('storage-')
  const registry = await startDockerRegistry({ storage: folder })
  for (const [repository, images] of Object.entries(content)) {
    for (const [tag, image] of Object.entries(images)) {
      await push(registry.target(repository), image, ...(tag === '' ? [] : [tag]))
    }
  }
  await registry.stop()
  return storageAt(folder)
}

function storageAt(folder: string): WrittenStorage {
  return {
    folder,
    url: `file://${folder}`,
    copy: async () => {
      const other = await memoryFolder('storage-')
      // synchronous calls take a third of the processor time, and some tests make hundreds of copies
      cpSync(folder, other, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true })
      return storageAt(other)
    },
    serve: () => startDockerRegistry({ storage: folder }),
    age: async (days) => {
      const at = new Date(Date.now() - days * 86_400_000)
      for (const path of await filesIn(folder)) await utimes(join(folder, path), at, at)
    },
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Every file below a folder, relative to it, sorted. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted()
}

/**
 * What the registry serves of a repository: each manifest and blob of an image, byte for byte; else why not.
 */
export async function servedWhole(
  registry: DockerRegistry,
  repository: string,
  image: BuiltImage,
): Promise<string[]> {
  const target = registry.target(repository)
  const accept = image.manifests.map(({ mediaType }) => mediaType).join(', ')
  const wrong: string[] = []
  for (const [kind, all] of [
    ['manifests', image.manifests],
    ['blobs', image.blobs],
  ] as const) {
    for (const { digest, bytes } of all) {
      const response = await request(target, 'GET', `${kind}/${digest}`, { headers: { accept } })
      const body = Buffer.from(await response.arrayBuffer())
      if (response.status !== 200 || !body.equals(bytes)) wrong.push(`${kind}/${digest}: ${response.status}`)
    }
  }
  return wrong
}

export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

export async function bytesOf(path: string): Promise<Buffer> {
  return readFile(path)
}
