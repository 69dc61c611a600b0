import { WardenError } from '../../domain/errors.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
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
  /** what is read, for people: "push times of quay.io/acme/api" */
  readonly what: string
  readonly listsUntagged: boolean
}

/**
 * Reads a list by which a vendor reports push times, as far as it goes. One that fails makes dates unknown,
 * whatever the reason, so that tags stay: build dates in their place would delete tonight what was pushed
 * yesterday. One that ends early where untagged manifests are listed may hide an index and so what needs its
 * children: then nothing may be deleted.
 */
export async function readListing(
  read: (draft: ListingDraft) => Promise<void>,
  { what, listsUntagged }: ListingOptions,
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
    const isPartial = listsUntagged && tags.size + manifests.size > 0
    const effect = isPartial ? 'the list ends early, so nothing is deleted' : AGES_UNKNOWN
    const doubts = [`${what}: ${effect}. ${error.line}`]
    return { tags, manifests, untagged: [], complete: !isPartial, ...OF_TAGS, doubts }
  }
  const complete = dropped === 0 || !listsUntagged
  return {
    tags,
    manifests,
    untagged: complete ? [...untagged] : [],
    complete,
    ...OF_TAGS,
    ...(dropped > 0 ? { doubts: [`${what}: ${dropped} entries could not be read`] } : {}),
  }
}

const OF_TAGS = { tellsPushTimes: true, datesTags: true } as const

/** What follows from a list that reports no push times where it should. */
export const AGES_UNKNOWN = 'ages are unknown, so tags stay (age-source: created goes by build dates)'

/** What a registry lists that says nothing about what it holds. */
export const NOTHING_TOLD: VendorListing = {
  tags: new Map(),
  manifests: new Map(),
  untagged: [],
  complete: true,
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
