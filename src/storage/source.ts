import { WardenError } from '../domain/errors.ts'
import { formatRepository } from '../domain/names/reference.ts'
import type { Log, RegistrySource } from '../domain/ports.ts'
import type { PruneReader } from '../domain/prune/ports.ts'
import type { StorageFiles } from './files.ts'
import { BLOBS, REGISTRY, REPOSITORIES } from './layout.ts'
import { finishRemovals } from './removals.ts'
import { createStorageReader } from './reader.ts'
import { findRepositories } from './repositories.ts'
import { createStorageVendor } from './vendor.ts'

/**
 * The storage folder of a distribution registry as a source: its repositories are read, and pruned, as if the
 * registry served them.
 */
export function createStorageSource(files: StorageFiles, log: Log): RegistrySource {
  const readers = new Map<string, PruneReader>()
  return {
    // whoever opened it has checked that it is one
    probe: async (registry) => ({ kind: 'folder', registry }),
    grants: async () => ({ kind: 'unknown', why: 'folder' }),
    open: (repository) => {
      const known = readers.get(repository.path)
      const reader = known ?? createStorageReader({ files, repository, log, forDeletes: false })
      readers.set(repository.path, reader)
      return reader
    },
    catalog: async () => {
      const { repositories, foreign } = await findRepositories(files)
      for (const { path } of foreign) log.warning(`${path} is not the registry's, and is left as it is`)
      return repositories
    },
    target: async (repository, { mayWrite = false } = {}) => {
      if (mayWrite) await finishRemovals(files, repository.path)
      const reader = createStorageReader({ files, repository, log, forDeletes: true })
      return {
        name: formatRepository(repository),
        origin: repository.registry.origin,
        provider: repository.registry.provider,
        reader,
        vendor: createStorageVendor({ files, repository, reader }),
      }
    },
  }
}

/**
 * Makes sure that the folder is what the distribution registry writes.
 * @throws WardenError of kind `input`
 */
export async function checkStorage(files: StorageFiles, folder: string): Promise<void> {
  if ((await files.facts(REPOSITORIES))?.kind === 'folder') {
    // nothing was pushed yet, or only the links were copied
    if ((await files.facts(BLOBS))?.kind === 'folder') return
  }
  throw new WardenError(
    'input',
    `input registry: ${folder} is not the storage folder of a distribution registry`,
    {
      advice: `Name the rootdirectory of its filesystem driver: the folder that holds ${REGISTRY}/blobs and ${REGISTRY}/repositories`,
    },
  )
}
