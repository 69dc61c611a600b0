import type { Log, RegistrySource } from '../domain/ports.ts'
import type { CollectGarbage } from '../domain/storage/garbage.ts'
import { createCollectGarbage } from './collect.ts'
import type { GarbageParts } from './collect.ts'
import { openNodeFiles } from './node-files.ts'
import { checkStorage, createStorageSource } from './source.ts'

/** A storage folder that was checked: as a source, and as something to be swept. */
export interface OpenedStorage {
  readonly source: RegistrySource
  readonly createCollectGarbage: (parts: Omit<GarbageParts, 'files'>) => CollectGarbage
}

/**
 * Opens the `rootdirectory` of a distribution registry.
 * @throws WardenError of kind `input` where it is something else
 */
export async function openStorage(folder: string, log: Log): Promise<OpenedStorage> {
  const files = await openNodeFiles(folder)
  await checkStorage(files, folder)
  return {
    source: createStorageSource(files, log),
    createCollectGarbage: (parts) => createCollectGarbage({ files, ...parts }),
  }
}
