import { WardenError } from '../../domain/errors.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import type { Log } from '../../domain/ports.ts'
import type { AgeObservation, AgeOrigin } from '../../domain/prune/inventory.ts'
import type { VendorFacts, VendorListing } from '../../domain/prune/ports.ts'
import type { Timestamp } from '../../domain/quantities/timestamp.ts'

/** A listing while it is read. */
export interface ListingDraft {
  readonly tags: Map<Tag, VendorFacts>
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
 * Reads a vendor's list as far as it goes. One that cannot be read at all makes dates unknown, so that tags stay; one that ends early
 * where untagged manifests are listed may hide an index and so what needs its children: then nothing may be deleted (S38).
 */
export async function readListing(
  read: (draft: ListingDraft) => Promise<void>,
  { log, what, listsUntagged }: ListingOptions,
): Promise<VendorListing> {
  let dropped = 0
  const tags = new Map<Tag, VendorFacts>()
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
    const effect = begun && listsUntagged ? 'so nothing is deleted' : 'dates that only it tells are unknown'
    log.notice(`${what}: ${effect}. ${error.line}`)
    return { tags, manifests, untagged: [], complete: !(begun && listsUntagged) }
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
