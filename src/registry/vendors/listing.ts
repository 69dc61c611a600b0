import { WardenError } from '../../domain/errors.ts'
import type { ErrorKind } from '../../domain/errors.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import type { Log } from '../../domain/ports.ts'
import type { AgeObservation, AgeOrigin } from '../../domain/prune/inventory.ts'
import type { VendorFacts, VendorListing, VendorTagFacts } from '../../domain/prune/ports.ts'
import type { Timestamp } from '../../domain/quantities/timestamp.ts'

/** A listing while it is read. */
export interface ListingDraft {
  readonly tags: Map<Tag, VendorTagFacts>
  readonly manifests: Map<Digest, VendorFacts>
  readonly untagged: Set<Digest>
  /** Counts entries that could not be read. */
  readonly drop: (count: number) => void
}

export interface ListingOptions {
  readonly log: Log
  /** what is read, for people: "push times of quay.io/acme/api" */
  readonly what: string
  readonly listsUntagged: boolean
}

/**
 * Answers that would be the same tomorrow: there is no such API, or none for us. Then build dates have to do.
 */
const REFUSES: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'not-found',
  'unsupported',
  'protocol',
  'denied',
  'unauthorized',
])

/**
 * Reads a vendor's list as far as it goes. One that fails makes dates unknown, so that tags stay: build dates
 * in their place would delete tonight what was pushed yesterday. One that ends early where untagged manifests
 * are listed may hide an index and so what needs its children: then nothing may be deleted.
 */
export async function readListing(
  read: (draft: ListingDraft) => Promise<void>,
  { log, what, listsUntagged }: ListingOptions,
): Promise<VendorListing> {
  let dropped = 0
  const tags = new Map<Tag, VendorTagFacts>()
  const manifests = new Map<Digest, VendorFacts>()
  const untagged = new Set<Digest>()
  const drop = (count: number) => {
    dropped += count
  }
  try {
    await read({ tags, manifests, untagged, drop })
  } catch (error) {
    if (!(error instanceof WardenError)) throw error
    const begun = tags.size + manifests.size > 0
    const failed = !REFUSES.has(error.kind)
    const effect = begun && listsUntagged ? 'so nothing is deleted' : 'dates that only it tells are unknown'
    log.notice(`${what}: ${effect}. ${error.line}`)
    return {
      tags,
      manifests,
      untagged: [],
      complete: !(begun && listsUntagged),
      ...(failed ? { failed } : {}),
    }
  }
  if (dropped > 0) log.notice(`${what}: ${dropped} entries could not be read`)
  const complete = dropped === 0 || !listsUntagged
  return { tags, manifests, untagged: complete ? [...untagged] : [], complete }
}

/** Dates by their origin; unknown ones are left out. */
export function observations(
  dates: Readonly<Partial<Record<AgeOrigin, Timestamp | null>>>,
): AgeObservation[] {
  const sources: readonly AgeOrigin[] = ['pushed', 'updated', 'pulled', 'annotation', 'config']
  return sources.flatMap((source) => {
    const at = dates[source] ?? null
    return at === null ? [] : [{ at, source }]
  })
}
