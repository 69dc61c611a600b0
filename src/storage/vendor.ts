import pMap from 'p-map'
import { WardenError } from '../domain/errors.ts'
import type { Manifest } from '../domain/manifest/manifest.ts'
import { isDigest } from '../domain/names/digest.ts'
import type { Digest } from '../domain/names/digest.ts'
import { formatRepository } from '../domain/names/reference.ts'
import type { Repository } from '../domain/names/reference.ts'
import type { Tag } from '../domain/names/tag.ts'
import type { Capabilities } from '../domain/prune/inventory.ts'
import type {
  DeleteOutcome,
  PruneReader,
  StoredBytes,
  VendorFacts,
  VendorListing,
  VendorPort,
  VendorTagFacts,
} from '../domain/prune/ports.ts'
import { PLAIN_CAPABILITIES } from '../domain/vendors/vendor.ts'
import { needsOf } from '../domain/storage/garbage.ts'
import { contentDigest, hasDigest } from '../wire/content-digest.ts'
import { parseManifest } from '../wire/manifest.ts'
import type { StorageFiles } from './files.ts'
import { writeSafely } from './files.ts'
import { blobFile, revisionFolder, revisionsFolder, tagIndexLink, tagLink } from './layout.ts'
import { digestFolders, hasRevision, listTagNames, readLink } from './links.ts'
import { hasBlob } from './reader.ts'
import { finishRemovals, obstacleToWriting, removeManifest, removeTag, tidyUp } from './removals.ts'

const CAPABILITIES: Capabilities = {
  ...PLAIN_CAPABILITIES,
  untag: 'yes',
  listsUntagged: true,
  holds: 'digest',
}
const AT_ONCE = 16
const DONE: DeleteOutcome = { kind: 'done', error: null }
const GONE: DeleteOutcome = { kind: 'gone', error: null }

export interface StorageVendorParts {
  readonly files: StorageFiles
  readonly repository: Repository
  readonly reader: PruneReader
}

/** Deletes in a storage folder as the registry itself does, one after the other. */
export function createStorageVendor({ files, repository, reader }: StorageVendorParts): VendorPort {
  const { path } = repository
  let namings: Promise<Map<Digest, Set<Tag>>> | null = null
  /**
   * Which tags name what, read once: to look through all of them for each manifest would take a minute for a
   * few hundred. Each tag is read again before it goes.
   */
  const tagsByDigest = () => (namings ??= readTags(files, path))
  let lastTurn: Promise<unknown> = Promise.resolve()
  /** Writes go one at a time: two that remove tags of one repository would meet in the same folders. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = lastTurn.then(work)
    lastTurn = turn.catch(() => undefined)
    return turn
  }

  const attempt = (work: () => Promise<DeleteOutcome>): Promise<DeleteOutcome> =>
    inTurn(async () => {
      try {
        await finishRemovals(files, path)
        const outcome = await work()
        await tidyUp(files, path)
        return outcome
      } catch (error) {
        if (!(error instanceof WardenError)) throw error
        return { kind: error.kind === 'denied' ? 'denied' : 'failed', error }
      }
    })

  return {
    capabilities: CAPABILITIES,
    list: () => listRepository(files, path),
    untag: (tag, digest) =>
      attempt(async () => {
        const named = await readLink(files, tagLink(path, tag))
        if (named === null) return GONE
        const isMoved = digest === null ? await hasRevision(files, path, named) : named !== digest
        if (isMoved) throw moved(repository, tag, named)
        await removeTag(files, path, tag)
        return DONE
      }),
    deleteManifest: (digest) =>
      attempt(async () => {
        if (!(await hasRevision(files, path, digest))) return GONE
        await removeManifest(files, path, digest, (await tagsByDigest()).get(digest) ?? [])
        return DONE
      }),
    probeDeletes: async () => {
      const obstacle = await obstacleToWriting(files, path)
      if (obstacle === null) return { kind: 'on' }
      const message = `${formatRepository(repository)}: its folder cannot be written to (${obstacle})`
      const advice = 'Run this step as the user whom the storage folder belongs to, with the folder writable'
      return { kind: 'denied', error: new WardenError('denied', message, { advice }) }
    },
    putManifest: (name, stored) =>
      inTurn(async () => {
        await finishRemovals(files, path)
        await put(files, path, name, stored)
      }),
  }

  /** As the registry does it: the blob, the revision, then the tag [tagstore.go, Tag]. */
  async function put(
    to: StorageFiles,
    where: string,
    name: Tag | Digest,
    { bytes }: StoredBytes,
  ): Promise<void> {
    const digest = isDigest(name) ? name : contentDigest(bytes)
    if (hasDigest(bytes, digest) !== true) {
      throw new WardenError(
        'integrity',
        `${formatRepository(repository)}: the bytes are not those of ${digest}`,
      )
    }
    const missing = await missingBlobs(to, where, parseManifest(Buffer.from(bytes), null, digest).manifest)
    if (missing.length > 0) {
      const what = `${formatRepository(repository)}: ${digest} needs what is not there: ${missing.join(', ')}`
      throw new WardenError('not-found', what, {
        advice: 'Blobs that were swept cannot be put back: push the image',
      })
    }
    const link = Buffer.from(digest)
    if ((await reader.head(digest)) === null) {
      await writeSafely(to, blobFile(digest), bytes)
      await writeSafely(to, `${revisionFolder(where, digest)}/link`, link)
    }
    if (isDigest(name)) return
    await writeSafely(to, tagIndexLink(where, name, digest), link)
    await writeSafely(to, tagLink(where, name), link)
    namings = null
  }
}

async function readTags(files: StorageFiles, path: string): Promise<Map<Digest, Set<Tag>>> {
  const found = new Map<Digest, Set<Tag>>()
  for (const tag of (await listTagNames(files, path))?.tags ?? []) {
    const digest = await readLink(files, tagLink(path, tag)).catch(() => null)
    if (digest !== null) found.set(digest, (found.get(digest) ?? new Set<Tag>()).add(tag))
  }
  return found
}

/** The registry takes no manifest whose blobs it could not serve. */
async function missingBlobs(files: StorageFiles, path: string, manifest: Manifest): Promise<Digest[]> {
  const missing: Digest[] = []
  for (const blob of needsOf(manifest).blobs) if (!(await hasBlob(files, path, blob))) missing.push(blob)
  return missing
}

function moved(repository: Repository, tag: Tag, named: Digest): WardenError {
  return new WardenError('protocol', `${formatRepository(repository)}:${tag} names ${named} by now`)
}

/**
 * Tags and manifests with the times at which their links were written. A copy of the folder may have made all
 * links new, in any order, so these times are not push times: `age-source: auto` does not rank by them. They
 * are never too old, which is enough for `untagged-grace`.
 */
async function listRepository(files: StorageFiles, path: string): Promise<VendorListing> {
  const tags = new Map<Tag, VendorTagFacts>()
  const manifests = new Map<Digest, VendorFacts>()
  const listed = (await listTagNames(files, path))?.tags ?? []
  const tagged = new Set<Digest>()
  await pMap(
    listed,
    async (tag) => {
      const digest = await readLink(files, tagLink(path, tag)).catch(() => null)
      const ages = await writtenAt(files, tagLink(path, tag))
      if (digest === null) return
      tagged.add(digest)
      tags.set(tag, { digest, ages, locked: null })
    },
    { concurrency: AT_ONCE },
  )
  const { digests } = await digestFolders(files, revisionsFolder(path))
  const untagged: Digest[] = []
  await pMap(
    digests,
    async (digest) => {
      const ages = await writtenAt(files, `${revisionFolder(path, digest)}/link`)
      // a folder that the registry itself left behind
      if (ages.length === 0) return
      manifests.set(digest, { ages, locked: null })
      if (!tagged.has(digest)) untagged.push(digest)
    },
    { concurrency: AT_ONCE },
  )
  return { tags, manifests, untagged: untagged.sort(), complete: true }
}

async function writtenAt(files: StorageFiles, link: string): Promise<VendorFacts['ages']> {
  const facts = await files.facts(link)
  return facts === null ? [] : [{ at: facts.modified, source: 'updated' }]
}
