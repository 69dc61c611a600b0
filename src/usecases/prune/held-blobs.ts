import pMap from 'p-map'
import { WardenError } from '../../domain/errors.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { DeleteOutcome, NamedBytes, PruneTarget } from '../../domain/prune/ports.ts'
import { PASSING } from './ledger.ts'
import type { Ledger } from './ledger.ts'
import type { PruneDeps } from './deps.ts'
import type { RepositoryReading } from './read-inventory.ts'
import { beforeRetry, MAX_TRIES, SECOND_LOOK } from './waits.ts'

/**
 * Keeps the blobs of what is deleted where they would go along with it. No DELETE takes a condition, so a push
 * between the last look at a manifest and its DELETE is seen only afterwards: then the manifest can be put
 * back, but not its blobs. So before it goes, a copy of it is pushed that needs the same blobs; once it is
 * proven that nothing needs what went, the copies go, and the blobs with them.
 */
export interface HeldBlobs {
  /** A blob that only this manifest needs, as far as it is not known when blobs go; else null. */
  readonly tellingBlob: (digest: Digest) => Digest | null
  /** Looks whether the blob went along with its manifest. */
  readonly lookAt: (blob: Digest) => Promise<void>
  /** deleting frees blobs at once */
  readonly areFreed: () => boolean
  /** Nothing can hold them, so that whatever is deleted is lost. */
  readonly areLost: () => boolean
  /**
   * To be done before a manifest is looked at for the last time.
   * @returns how the registry failed where it is worth another try; else null
   */
  readonly hold: (digest: Digest) => Promise<WardenError | null>
  readonly isHolding: () => boolean
  /**
   * Deletes the copies; `why` they are left instead.
   * @returns what was deleted and whose blobs may be held all the same
   */
  readonly release: (why: string | null) => Promise<ReadonlySet<Digest>>
}

export interface HeldBlobsParts {
  readonly target: Pick<PruneTarget, 'name' | 'reader' | 'vendor'>
  readonly reading: Pick<RepositoryReading, 'inventory' | 'crawl'>
  readonly ledger: Pick<Ledger, 'report'>
  readonly deps: Pick<PruneDeps, 'sleep' | 'now'>
}

/** Each of them takes a request; one may be needed by something that nobody lists. */
const MAX_LOOKS = 3

/** Begins with what the vendor is known to do; the first deletions show the rest. */
export function createHeldBlobs({ target, reading, ledger, deps }: HeldBlobsParts): HeldBlobs {
  const { reader, vendor } = target
  let { frees } = vendor.capabilities
  let looks = 0
  let again: { readonly blob: Digest; readonly looksAt: number[] } | null = null
  let mayPush = vendor.holdingCopy !== undefined
  let uses: ReadonlyMap<Digest, number> | null = null
  const copies = new Map<Digest, NamedBytes>()
  /** may have arrived */
  const pushed = new Set<Digest>()
  const held = new Set<Digest>()

  function blobsOf(digest: Digest): readonly Digest[] {
    const entry = reading.crawl.manifests.get(digest) ?? reading.inventory.manifests.get(digest)
    return entry?.state === 'stored' ? entry.blobs.map((blob) => blob.digest) : []
  }

  function tellingBlob(digest: Digest): Digest | null {
    if (frees !== 'unknown') return null
    uses ??= countUses([...reading.inventory.manifests.keys()].map(blobsOf))
    return blobsOf(digest).find((blob) => uses?.get(blob) === 1) ?? null
  }

  async function lookAt(blob: Digest): Promise<void> {
    looks += 1
    const isThere = await reader.hasBlob(blob).catch((error: unknown) => {
      if (!(error instanceof WardenError)) throw error
      return null
    })
    if (isThere === false) frees = 'at-once'
    else if (frees === 'unknown' && (isThere === true || looks >= MAX_LOOKS)) frees = 'later'
    if (isThere === true) again ??= { blob, looksAt: [deps.now(), deps.now() + SECOND_LOOK] }
  }

  /** Some do it a moment after the delete. */
  async function lookAgain(): Promise<void> {
    const [due] = again?.looksAt ?? []
    if (again === null || due === undefined || frees !== 'later' || deps.now() < due) return
    again.looksAt.shift()
    await lookAt(again.blob)
  }

  async function hold(digest: Digest): Promise<WardenError | null> {
    await lookAgain()
    if (frees !== 'at-once' || !mayPush || blobsOf(digest).length === 0) return null
    const copy = copies.get(digest) ?? vendor.holdingCopy?.(await reader.stored(digest)) ?? null
    if (copy === null || held.has(copy.digest)) return null
    copies.set(digest, copy)
    try {
      pushed.add(copy.digest)
      await vendor.putManifest(copy.digest, copy)
      held.add(copy.digest)
      return null
    } catch (error) {
      if (!(error instanceof WardenError)) throw error
      // it may have arrived all the same
      if (PASSING.has(error.kind)) return error
      pushed.delete(copy.digest)
      mayPush = false
      return null
    }
  }

  async function release(why: string | null): Promise<ReadonlySet<Digest>> {
    const stay = new Set<Digest>()
    const give = async (copy: Digest) => {
      const left = why ?? (await remove(copy))
      if (left === null) return
      stay.add(copy)
      ledger.report(`${target.name}@${copy} ${LEFT}: ${left}`)
    }
    await pMap(pushed, give, { concurrency: AT_ONCE })
    pushed.clear()
    return new Set([...copies].flatMap(([digest, copy]) => (stay.has(copy.digest) ? [digest] : [])))
  }

  /** @returns why it is left */
  async function remove(copy: Digest): Promise<string | null> {
    let outcome = await removeOnce(copy)
    for (let tries = 1; outcome.kind === 'again' && tries < MAX_TRIES; tries += 1) {
      await deps.sleep(beforeRetry(tries, outcome.wait))
      outcome = await removeOnce(copy)
    }
    return outcome.error === null ? null : outcome.error.message
  }

  /** a copy that the registry said it deleted was seen to be gone */
  let areGone = false

  async function removeOnce(copy: Digest): Promise<DeleteOutcome> {
    const outcome = await vendor.deleteManifest(copy)
    if (outcome.kind === 'done' ? areGone : outcome.kind !== 'gone') return outcome
    // what was pushed a moment ago is not gone because a replica does not find it yet
    const isGone = await reader.head(copy, 'gone').then(
      (found) => found === null,
      () => false,
    )
    if (!isGone) return { kind: 'again', wait: 0, error: STILL_THERE }
    areGone ||= outcome.kind === 'done'
    return outcome
  }

  return {
    tellingBlob,
    lookAt,
    areFreed: () => frees === 'at-once',
    areLost: () => frees === 'at-once' && !mayPush,
    hold,
    isHolding: () => pushed.size > 0,
    release,
  }
}

/** As many as other deletes. */
const AT_ONCE = 4

const STILL_THERE = new WardenError('protocol', 'the registry does not delete it, and still has it')
const LEFT = 'was pushed to hold the blobs of what was deleted, and may be left there'

function countUses(manifests: readonly (readonly Digest[])[]): ReadonlyMap<Digest, number> {
  const uses = new Map<Digest, number>()
  for (const blobs of manifests) {
    for (const blob of new Set(blobs)) uses.set(blob, (uses.get(blob) ?? 0) + 1)
  }
  return uses
}
