import pMap from 'p-map'
import { WardenError } from '../domain/errors.ts'
import type { Digest } from '../domain/names/digest.ts'
import type { Clock } from '../domain/ports.ts'
import { asTimestamp } from '../domain/quantities/timestamp.ts'
import type { Timestamp } from '../domain/quantities/timestamp.ts'
import { asBytes } from '../domain/quantities/bytes.ts'
import {
  NOTHING_SWEPT,
  bytesOf,
  garbageOf,
  needlessLinks,
  refusalToSweep,
  sameHoldings,
  splitByAge,
} from '../domain/storage/garbage.ts'
import type {
  CollectGarbage,
  GarbageCollection,
  LayerLink,
  StoredBlobFacts,
} from '../domain/storage/garbage.ts'
import { parentOf } from './files.ts'
import type { StorageFiles } from './files.ts'
import { blobFile, blobFolder } from './layout.ts'
import { finishRemovals } from './removals.ts'
import { findRepositories } from './repositories.ts'
import { scanRepositories } from './scan.ts'
import { scanStorage } from './scan-blobs.ts'
import type { WholeScan } from './scan-blobs.ts'

export interface GarbageParts {
  readonly files: StorageFiles
  readonly now: Clock
  readonly timeIsUp: () => boolean
}

const AT_ONCE = 16
/** Blobs that go together: the folders that they were in are synced once. */
const BATCH = 128

/**
 * Marks what every manifest of every repository needs, and sweeps the blobs that nothing needs. Where that
 * cannot be told of all of them, nothing is swept.
 */
export function createCollectGarbage({ files, now, timeIsUp }: GarbageParts): CollectGarbage {
  return async ({ goes, dryRun, grace }) => {
    if (!dryRun) {
      const { repositories } = await findRepositories(files)
      for (const path of repositories) await finishRemovals(files, path)
    }
    const scan = await scanStorage(files)
    const { damage } = scan
    const why = refusalToSweep(scan, now())
    if (why !== null) return { ...NOTHING_SWEPT, state: 'refused', why, damage }
    const facts = await factsOf(files, scan, garbageOf(scan, goes))
    const { old, young } = splitByAge(facts, grace, now())
    const rest = { young: young.length, damage }
    if (dryRun) return { ...rest, state: 'planned', why: null, blobs: old.length, bytes: bytesOf(old) }
    const again = await scanRepositories(files)
    if (!sameHoldings(scan.holdings, again.holdings) || again.uploads.length !== scan.uploads.length) {
      const moved = 'a manifest or an upload came while this ran: the registry is to be stopped or read-only'
      return { ...NOTHING_SWEPT, ...rest, state: 'refused', why: moved }
    }
    const links = await oldLinks(
      files,
      needlessLinks(scan, scan.layerLinks, goes),
      asTimestamp(now() - grace),
    )
    return { ...(await sweep(files, { ...scan, links }, old, timeIsUp)), ...rest }
  }
}

/** A push may have written a link, or touched it, and not yet the manifest that needs it. */
async function oldLinks(
  files: StorageFiles,
  links: readonly LayerLink[],
  until: Timestamp,
): Promise<LayerLink[]> {
  const look = async (link: LayerLink) => {
    const facts = await files.facts(`${link.folder}/link`)
    return facts?.kind === 'file' && facts.modified <= until ? [link] : []
  }
  return (await pMap(links, look, { concurrency: AT_ONCE })).flat()
}

async function factsOf(
  files: StorageFiles,
  { layerLinks }: WholeScan,
  garbage: readonly Digest[],
): Promise<StoredBlobFacts[]> {
  const look = async (digest: Digest): Promise<StoredBlobFacts[]> => {
    const data = await files.facts(blobFile(digest))
    if (data?.kind !== 'file') return []
    let written = data.modified
    // a push may find the blob there already, and then writes only the link
    for (const { folder } of layerLinks.get(digest) ?? []) {
      const link = await files.facts(`${folder}/link`)
      if (link !== null && link.modified > written) written = link.modified
    }
    return [{ digest, size: asBytes(data.size), written }]
  }
  return (await pMap(garbage, look, { concurrency: AT_ONCE })).flat()
}

type SweepResult = Pick<GarbageCollection, 'state' | 'why' | 'blobs' | 'bytes'>

/** Links go before the blobs that they name, so that a crash leaves blobs without links, never the reverse. */
async function sweep(
  files: StorageFiles,
  { layerLinks, emptied, links }: WholeScan & { readonly links: readonly LayerLink[] },
  garbage: readonly StoredBlobFacts[],
  timeIsUp: () => boolean,
): Promise<SweepResult> {
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
      if (timeIsUp()) return end('partial', 'the time was up; the next run goes on')
      const batch = garbage.slice(start, start + BATCH)
      await removeLinks(
        files,
        batch.flatMap(({ digest }) => layerLinks.get(digest) ?? []),
      )
      for (const { digest, size } of batch) {
        await files.removeFile(blobFile(digest))
        await files.removeFolder(blobFolder(digest))
        blobs += 1
        bytes += size
      }
      await syncAll(
        files,
        batch.map(({ digest }) => parentOf(blobFolder(digest))),
      )
    }
    if (timeIsUp()) return end('partial', 'the time was up; the next run goes on')
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
