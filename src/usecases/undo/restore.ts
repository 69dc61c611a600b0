import pMap from 'p-map'
import { WardenError } from '../../domain/errors.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import { isPlaceholder } from '../../domain/prune/placeholder.ts'
import type { Restored } from '../../domain/prune/undo-outcome.ts'
import type { PruneTarget, StoredBytes } from '../../domain/prune/ports.ts'
import { someNames } from '../../domain/text.ts'
import { listTags } from '../prune/tag-lookups.ts'

/** What is known of a manifest that may have to be put back. */
export interface KnownManifest {
  readonly stored: () => Promise<StoredBytes>
  /** children and subject: they are put back before it */
  readonly needs: readonly Digest[]
  /** manifests that an index lists, without which it is not whole; left out: they are not looked for */
  readonly parts?: readonly Digest[]
  /** config and layers that the registry itself stores */
  readonly blobs: readonly Digest[]
  /** the package version at GitHub that it was, and the tags that come back with it */
  readonly version?: { readonly id: number; readonly tags: readonly Tag[] }
}

export interface Restorer {
  /**
   * Proves of which of these tags the registry has nothing: one 404 may come from a replica that lags behind.
   * To be called before `tag`, which writes over no other.
   */
  readonly proveAbsence: (tags: readonly Tag[]) => Promise<void>
  readonly manifest: (digest: Digest) => Promise<Restored>
  /** Never over a tag that names something else by now. */
  readonly tag: (tag: Tag, digest: Digest) => Promise<Restored>
}

/** Milliseconds between looks for a tag that is listed and not found. */
const ABSENCE_PAUSES = [2_000, 3_000, 5_000]
/** after so many of them the tags are listed once more */
const LIST_AGAIN = 1
const LOOKS_AT_ONCE = 4
const MISSING_NAMED = 3
/** Milliseconds before a tag that was refused is tried once more. */
const SECOND_TRY = 500
const PRESENT: Restored = { status: 'present', note: null }
const RESTORED: Restored = { status: 'restored', note: null }

/** What of a repository it takes to put something back. */
export interface RestoreTarget {
  readonly reader: Pick<PruneTarget['reader'], 'head' | 'hasBlob' | 'manifest' | 'tags'>
  readonly vendor: Pick<PruneTarget['vendor'], 'putManifest' | 'restoreVersion'>
}

/**
 * Puts manifests of one repository back, what they need first. What is there is not written again; each
 * manifest is dealt with once, however often it is asked for.
 */
export function createRestorer(
  { reader, vendor }: RestoreTarget,
  find: (digest: Digest) => KnownManifest | null,
  sleep: (milliseconds: number) => Promise<unknown>,
): Restorer {
  const absent = new Set<Tag>()
  const dealtWith = new Map<Digest, Promise<Restored>>()
  const blobs = new Map<Digest, Promise<boolean>>()
  const parts = new Map<Digest, Promise<Digest | null>>()

  async function restore(digest: Digest): Promise<Restored> {
    const known = find(digest)
    if ((await reader.head(digest)) !== null) return known === null ? PRESENT : proven(known, PRESENT)
    if (known === null) return failed('its bytes are not known')
    const content = await known.stored()
    for (const need of known.needs) {
      // what was not there before is not needed to be there now
      if (find(need) !== null) await manifest(need)
    }
    if (!(await isRestored(digest, known))) {
      const refused = await put(digest, content)
      if (refused !== null) return refused
    }
    if ((await reader.head(digest)) === null) return failed('the registry took it, and does not have it')
    return proven(known, RESTORED)
  }

  /** A version comes back with its tags, so not where one of them names something else by now. */
  async function isRestored(digest: Digest, { version }: KnownManifest): Promise<boolean> {
    if (version === undefined || vendor.restoreVersion === undefined) return false
    for (const tag of version.tags) {
      const current = await reader.head(tag)
      if (current === null ? !absent.has(tag) : current !== digest) return false
    }
    return vendor.restoreVersion(version.id, digest)
  }

  /** Null: the registry took it. */
  async function put(digest: Digest, content: StoredBytes): Promise<Restored | null> {
    try {
      await vendor.putManifest(digest, content)
      return null
    } catch (error) {
      if (!isForLackOfLayers(error)) throw error
      // which of them is only to name them: they are gone whatever these looks say
      const missing = await missingBlobs(blobsBelow(digest)).catch((cause: unknown) => unlessWrong(cause, []))
      if (missing.length > 0) return layersGone(missing)
      const unknown = await missingParts(find(digest)).catch((cause: unknown) => unlessWrong(cause, []))
      return unknown.length === 0 ? layersGone([]) : partsGone(unknown)
    }
  }

  /**
   * A registry that collected its garbage may take a manifest all the same, from what its cache remembers.
   */
  async function proven(known: KnownManifest, result: Restored): Promise<Restored> {
    const missing = await missingBlobs(known.blobs)
    if (missing.length > 0) return layersGone(missing)
    const unknown = await missingParts(known)
    return unknown.length === 0 ? result : { ...partsGone(unknown), isThere: true }
  }

  /** Those that neither the registry has nor this can put back. */
  async function missingParts(known: KnownManifest | null): Promise<Digest[]> {
    const missing: Digest[] = []
    for (const part of known?.parts ?? []) {
      if (find(part) !== null) continue
      const asked = parts.get(part) ?? reader.head(part)
      parts.set(part, asked)
      if ((await asked) === null) missing.push(part)
    }
    return missing
  }

  /** Its own, and those of the images that it lists. */
  function blobsBelow(top: Digest): Set<Digest> {
    const manifests = new Set([top])
    for (const digest of manifests) for (const need of find(digest)?.needs ?? []) manifests.add(need)
    return new Set([...manifests].flatMap((digest) => find(digest)?.blobs ?? []))
  }

  async function missingBlobs(needed: Iterable<Digest>): Promise<Digest[]> {
    const missing: Digest[] = []
    for (const blob of needed) if (!(await hasBlob(blob))) missing.push(blob)
    return missing
  }

  function hasBlob(digest: Digest): Promise<boolean> {
    const asked = blobs.get(digest) ?? reader.hasBlob(digest)
    blobs.set(digest, asked)
    return asked
  }

  function manifest(digest: Digest): Promise<Restored> {
    const result = dealtWith.get(digest) ?? restore(digest).catch(asFailure)
    dealtWith.set(digest, result)
    return result
  }

  /**
   * A replica that lags behind does so in its list, too: what is not listed is absent if neither list nor look
   * finds it over some seconds; what is listed, if no look finds it over ten.
   */
  async function proveAbsence(tags: readonly Tag[]): Promise<void> {
    const list = async () =>
      new Set(await listTags(reader).catch((error: unknown) => unlessWrong(error, tags)))
    const look = async (tag: Tag) => {
      const current = await reader.head(tag).catch((error: unknown) => unlessWrong(error, 'unknown' as const))
      return current === null ? [tag] : []
    }
    const lookAll = async (asked: readonly Tag[]) =>
      (await pMap(asked, look, { concurrency: LOOKS_AT_ONCE })).flat()
    let listed = await list()
    let missing = await lookAll(tags)
    for (const [turn, pause] of ABSENCE_PAUSES.entries()) {
      if (missing.length === 0) return
      if (turn === LIST_AGAIN) {
        listed = new Set([...listed, ...(await list())])
        for (const tag of missing) if (!listed.has(tag)) absent.add(tag)
        missing = missing.filter((tag) => listed.has(tag))
        if (missing.length === 0) return
      }
      await sleep(pause)
      missing = await lookAll(missing)
    }
    for (const tag of missing) absent.add(tag)
  }

  async function restoreTag(tag: Tag, digest: Digest): Promise<Restored> {
    const below = await manifest(digest)
    const current = await reader.head(tag)
    if (current !== null && current !== digest && !(await isLeftBySwap(current)))
      return { status: 'moved', note: `it names ${current} by now` }
    if (below.status === 'failed' && below.isThere !== true) return below
    // GitHub restores a version with its tags
    if (current === digest) return below
    const known = find(digest)
    if (known === null) return failed('the bytes of its manifest are not known')
    if (current === null && !absent.has(tag))
      return failed(
        'it is listed or was found a moment ago, and is not found now: it may name something else',
      )
    await vendor.putManifest(tag, await known.stored())
    if ((await reader.head(tag)) !== digest) return failed('the registry took it, and does not have it')
    return below.status === 'failed' ? below : RESTORED
  }

  /**
   * A registry may not find for a moment what it has, while another tag of it is written: a tag that was refused
   * is looked at and tried once more.
   */
  async function tagTwice(tag: Tag, digest: Digest): Promise<Restored> {
    try {
      return await restoreTag(tag, digest)
    } catch (error) {
      if (!isRefusedPut(error)) throw error
      await sleep(SECOND_TRY)
      return restoreTag(tag, digest)
    }
  }

  async function isLeftBySwap(digest: Digest): Promise<boolean> {
    return isPlaceholder((await reader.manifest(digest)).manifest)
  }

  return { proveAbsence, manifest, tag: (tag, digest) => tagTwice(tag, digest).catch(asFailure) }
}

function failed(note: string): Restored {
  return { status: 'failed', note }
}

/** What registries refuse a manifest with whose blobs, or whose images, they do not have. */
const NEEDS_UNKNOWN: ReadonlySet<string> = new Set([
  'MANIFEST_BLOB_UNKNOWN',
  'BLOB_UNKNOWN',
  'MANIFEST_UNKNOWN',
])

function isForLackOfLayers(error: unknown): boolean {
  if (!(error instanceof WardenError)) return false
  return error.kind === 'not-found' || (error.exchange?.codes ?? []).some((code) => NEEDS_UNKNOWN.has(code))
}

/** @param missing none: it is not known which */
function layersGone(missing: readonly Digest[]): Restored {
  const which = missing.length === 0 ? '' : `. Missing: ${someNames(missing, MISSING_NAMED)}`
  return failed(
    `its layers are gone: the registry has collected its garbage since. Build and push it again${which}`,
  )
}

/** An index may be served all the same, to those who do not ask for what it lacks. */
function partsGone(missing: readonly Digest[]): Restored {
  const which = someNames(missing, MISSING_NAMED)
  return failed(`neither the registry nor the undo file has ${which}, which it lists`)
}

/** Refused for what it says or needs, not for the login, the pace or a fault. */
function isRefusedPut(error: unknown): boolean {
  if (!(error instanceof WardenError) || error.exchange?.method !== 'PUT') return false
  return error.exchange.status === 400 || error.exchange.status === 404
}

function unlessWrong<T>(error: unknown, instead: T): T {
  if (!(error instanceof WardenError)) throw error
  return instead
}

function asFailure(error: unknown): Restored {
  if (!(error instanceof WardenError)) throw error
  return failed(error.line)
}
