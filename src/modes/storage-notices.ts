import { isStorageFolder } from '../domain/names/registry.ts'
import type { Registry } from '../domain/names/registry.ts'
import type { Log } from '../domain/ports.ts'

export interface StorageWrites {
  /** whether a sweep follows */
  readonly garbageCollect: boolean
  readonly undoFile: string | null
}

/**
 * Says, before the first write to a storage folder, what must be true of it and what there is no way back
 * from.
 */
export function announceStorageWrites(
  registry: Registry,
  { garbageCollect, undoFile }: StorageWrites,
  log: Log,
): void {
  if (!isStorageFolder(registry)) return
  log.info(
    'The storage folder is changed in place: the registry must be stopped or read-only until this ends',
  )
  if (!garbageCollect) return
  const file = undoFile === null ? '' : ', with the undo-file too'
  log.info(`garbage-collect: true ends what mode: undo can bring back${file}: what is swept is gone`)
}
