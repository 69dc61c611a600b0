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
  GarbageRequest,
  LayerLink,
  StoredBlobFacts,
} from '../domain/storage/garbage.ts'
import type { StorageFiles } from './files.ts'
import { blobFile } from './layout.ts'
import { finishRemovals } from './removals.ts'
import { findRepositories } from './repositories.ts'
import { scanRepositories } from './scan.ts'
import { scanStorage } from './scan-blobs.ts'
import type { WholeScan } from './scan-blobs.ts'
import { MOVED, sweep, watchPushes } from './sweep.ts'

export interface GarbageParts {
  readonly files: StorageFiles
  readonly now: Clock
  readonly timeIsUp: () => boolean
}

const AT_ONCE = 16

/**
 * Marks what every manifest of every repository needs, and sweeps the blobs that nothing needs. Where that
 * cannot be told of all of them, nothing is swept.
 */
export function createCollectGarbage({ files, now, timeIsUp }: GarbageParts): CollectGarbage {
  return async (request) => {
    try {
      if (!request.dryRun) {
        const { repositories } = await findRepositories(files)
        for (const path of repositories) await finishRemovals(files, path)
      }
      return await collect(request)
    } catch (error) {
      // the prune before it still has to be told of
      if (!(error instanceof WardenError)) throw error
      return { ...NOTHING_SWEPT, state: 'refused', why: error.line }
    }
  }

  async function collect(request: GarbageRequest): Promise<GarbageCollection> {
    const { dryRun, grace } = request
    const scan = await scanStorage(files)
    const { damage } = scan
    const why = refusalToSweep(scan, now())
    if (why !== null) return { ...NOTHING_SWEPT, state: 'refused', why, damage }
    const facts = await factsOf(files, scan, garbageOf(scan, dryRun ? request.goes : []))
    const { old, young } = splitByAge(facts, grace, now())
    const rest = { young: young.length, damage }
    if (dryRun) return { ...rest, state: 'planned', why: null, blobs: old.length, bytes: bytesOf(old) }
    const needless = needlessLinks(scan, scan.layerLinks)
    const links = await oldLinks(files, needless, asTimestamp(now() - grace))
    const isQuiet = await watchPushes(files, scan.repositories)
    const again = await scanRepositories(files)
    const hasMoved =
      !sameHoldings(scan.holdings, again.holdings) ||
      again.uploads.length !== scan.uploads.length ||
      again.damage.some(({ hides }) => hides)
    if (hasMoved) return { ...NOTHING_SWEPT, ...rest, state: 'refused', why: MOVED }
    return { ...(await sweep({ files, scan, links, garbage: old, timeIsUp, isQuiet })), ...rest }
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
