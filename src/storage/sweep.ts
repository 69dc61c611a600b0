import { WardenError } from '../domain/errors.ts'
import { asBytes } from '../domain/quantities/bytes.ts'
import type { GarbageCollection, LayerLink, StoredBlobFacts } from '../domain/storage/garbage.ts'
import { parentOf } from './files.ts'
import type { StorageFiles } from './files.ts'
import {
  REPOSITORIES,
  blobFile,
  blobFolder,
  repositoryFolder,
  revisionsFolder,
  uploadsFolder,
} from './layout.ts'
import type { WholeScan } from './scan-blobs.ts'

/** Blobs that go together: the folders that they were in are synced once. */
const BATCH = 128

export const MOVED = 'a manifest or an upload came while this ran: the registry is to be stopped or read-only'
const TIME_WAS_UP = 'the time was up; the next run goes on'

export interface SweepParts {
  readonly files: StorageFiles
  readonly scan: Pick<WholeScan, 'layerLinks' | 'emptied'>
  /** of blobs that stay */
  readonly links: readonly LayerLink[]
  readonly garbage: readonly StoredBlobFacts[]
  readonly timeIsUp: () => boolean
  /** false once something was pushed */
  readonly isQuiet: () => Promise<boolean>
}

/**
 * Notices that a registry is at work: what comes or goes in a folder changes the folder's time, so that one
 * look at each repository is enough.
 */
export async function watchPushes(
  files: StorageFiles,
  repositories: readonly string[],
): Promise<() => Promise<boolean>> {
  const folders = new Set([REPOSITORIES])
  for (const path of repositories) {
    folders.add(`${revisionsFolder(path)}/sha256`).add(uploadsFolder(path))
    // where a repository that is new would be
    for (let at = repositoryFolder(path); at !== REPOSITORIES; at = parentOf(at)) folders.add(at)
  }
  const look = async () => {
    const times = []
    for (const folder of folders) times.push((await files.facts(folder))?.modified)
    return times.join()
  }
  const before = await look()
  return async () => (await look()) === before
}

type SweepResult = Pick<GarbageCollection, 'state' | 'why' | 'blobs' | 'bytes'>

/**
 * Links go before the blobs that they name, so that a crash leaves blobs without links, never the reverse.
 */
export async function sweep({
  files,
  scan: { layerLinks, emptied },
  links,
  garbage,
  timeIsUp,
  isQuiet,
}: SweepParts): Promise<SweepResult> {
  let blobs = 0
  let bytes = 0
  const end = (state: SweepResult['state'], why: string | null): SweepResult => ({
    state,
    why,
    blobs,
    bytes: asBytes(bytes),
  })
  try {
    for (let start = 0; start < garbage.length; start += BATCH) {
      if (timeIsUp()) return end('partial', TIME_WAS_UP)
      if (!(await isQuiet())) return end('failed', MOVED)
      const batch = garbage.slice(start, start + BATCH)
      await removeLinks(
        files,
        batch.flatMap(({ digest }) => layerLinks.get(digest) ?? []),
      )
      for (const { digest, size } of batch) {
        // else another run took it
        const isOurs = await files.removeFile(blobFile(digest))
        await files.removeFolder(blobFolder(digest))
        blobs += isOurs ? 1 : 0
        bytes += isOurs ? size : 0
      }
      await syncAll(
        files,
        batch.map(({ digest }) => parentOf(blobFolder(digest))),
      )
    }
    if (timeIsUp()) return end('partial', TIME_WAS_UP)
    if (!(await isQuiet())) return end('failed', MOVED)
    await removeLinks(files, links)
    for (const folder of emptied) await files.removeFolder(folder)
    return end('swept', null)
  } catch (error) {
    if (!(error instanceof WardenError)) throw error
    return end('failed', error.line)
  }
}

async function removeLinks(files: StorageFiles, links: readonly LayerLink[]): Promise<void> {
  for (const { folder } of links) {
    await files.removeFile(`${folder}/link`)
    await files.removeFolder(folder)
  }
  await syncAll(
    files,
    links.map(({ folder }) => parentOf(folder)),
  )
}

async function syncAll(files: StorageFiles, folders: readonly string[]): Promise<void> {
  for (const folder of new Set(folders)) await files.sync(folder)
}
