import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import { digestOfKey, subjectKeyIn } from '../../domain/prune/subject-tag.ts'
import type { Inventory, ManifestEntry, TagEntry } from '../../domain/prune/inventory.ts'
import type { PrunePolicy } from '../../domain/prune/policy.ts'
import type { PruneTarget, VendorListing, VendorTagFacts } from '../../domain/prune/ports.ts'
import { createCrawl } from './crawl.ts'
import type { Crawl, Resolved } from './crawl.ts'
import type { ReadDeps } from './deps.ts'
import { readDetails } from './details.ts'
import type { Details } from './details.ts'
import { lookUpTags, resolveByVendor } from './tag-lookups.ts'
import { UNTIL_FOUND } from './waits.ts'

/** A repository as it was read, and the means to look further. */
export interface RepositoryReading {
  readonly inventory: Inventory
  readonly crawl: Crawl
  /** the registry knows no such repository */
  readonly isAbsent: boolean
  /**
   * Reads every date of these manifests, which would go because of their age. Null: they are known already.
   */
  readonly dateFully: (doomed: readonly Digest[]) => Promise<RepositoryReading | null>
  /**
   * Asks again, spread over ten seconds, for what was named and not found: a replica may lag behind, and one
   * 404 proves nothing; nor does one that says that there is no referrers API. Null: all is as it was, three
   * more times.
   */
  readonly confirmMissing: (
    sleep: (milliseconds: number) => Promise<unknown>,
  ) => Promise<RepositoryReading | null>
}

const NOTHING_LISTED: VendorListing = { tags: new Map(), manifests: new Map(), untagged: [], complete: true }

/**
 * Reads everything that a plan is made of: every tag, each distinct manifest once with all it leads to, and
 * dates where the policy asks for them. What cannot be read is recorded and stops the plan; a repository that
 * is not there is an empty one.
 * @param alsoFrom manifests that a reviewed plan deletes
 * @throws WardenError for what every further request would meet too
 */
export async function readInventory(
  { reader, vendor }: PruneTarget,
  policy: PrunePolicy,
  deps: ReadDeps,
  alsoFrom: readonly Digest[] = [],
): Promise<RepositoryReading> {
  const crawl = createCrawl(reader, deps)
  // before the tags: what is listed as untagged here and tagged a moment later must count as tagged
  const listedFirst = (await vendor.list?.()) ?? NOTHING_LISTED
  const { resolved, isAbsent } = await lookUpTags(reader, crawl, (tag) =>
    deps.dryRun === true ? (listedFirst.tags.get(tag)?.digest ?? null) : null,
  )
  const listing = await withSettledTags(listedFirst, resolved, vendor)
  for (const [tag, entry] of await crawl.resolve(
    [...listing.tags.keys()].filter((tag) => !resolved.has(tag)),
  )) {
    // deleted in the meantime, or held back by a list that is not whole
    if (entry.state !== 'missing') resolved.set(tag, entry)
  }
  await resolveByVendor(resolved, listing, crawl)
  await crawl.follow([
    ...digestsOf(resolved),
    ...subjectsOf(resolved.keys()),
    ...listing.untagged,
    // one that no tag leads to protects all the same, and with it all that it needs
    ...policy.protectedDigests.keys(),
  ])
  // what a run that was interrupted left behind, where nobody lists it
  if (!vendor.capabilities.listsUntagged)
    await crawl.follow(alsoFrom.filter((digest) => !crawl.manifests.has(digest)))

  const doomed = new Set<Digest>()
  const details: Details = { dates: new Map(), unread: new Set(), sizes: new Map() }

  async function reading(): Promise<RepositoryReading> {
    const inventory: Inventory = {
      tags: new Map([...resolved].map(([tag, entry]) => [tag, tagEntry(tag, entry, listing)])),
      manifests: withVendorFacts(crawl.manifests, listing),
      complete: listing.complete,
      tellsPushTimes: listing.tellsPushTimes ?? false,
      doubts: doubtsOf(listing, resolved.size),
      capabilities: vendor.capabilities,
    }
    const detailed = await readDetails(inventory, crawl.configs, reader, policy, { ...deps, doomed, details })
    return { inventory: detailed, crawl, isAbsent, dateFully, confirmMissing }
  }

  async function dateFully(digests: readonly Digest[]): Promise<RepositoryReading | null> {
    const before = doomed.size
    for (const digest of digests) doomed.add(digest)
    return doomed.size === before ? null : reading()
  }

  async function confirmMissing(
    sleep: (milliseconds: number) => Promise<unknown>,
  ): Promise<RepositoryReading | null> {
    const before = missingIn(resolved, crawl, policy, listing)
    await crawl.prove()
    const hasReferrers = await crawl.findsReferrersApi()
    if (hasReferrers) await crawl.follow(crawl.manifests.keys())
    for (const pause of UNTIL_FOUND) {
      const { tags, digests } = missingIn(resolved, crawl, policy, listing)
      if (tags.length + digests.length === 0) break
      await sleep(pause)
      for (const [tag, entry] of await crawl.resolve(tags)) resolved.set(tag, entry)
      await resolveByVendor(resolved, listing, crawl)
      await crawl.follow([...digests, ...digestsOf(resolved)], 'again')
    }
    const after = missingIn(resolved, crawl, policy, listing)
    // one that was found and another that went missing are a change as well
    const isUnchanged = isSame(before.tags, after.tags) && isSame(before.digests, after.digests)
    return isUnchanged && !hasReferrers ? null : reading()
  }

  return reading()
}

/**
 * Where the vendor does not say what a tag names (Gitea), its date counts if it was the same before and after
 * the tag was looked up: else the tag was pushed again in between, and is of unknown age.
 */
async function withSettledTags(
  listing: VendorListing,
  resolved: ReadonlyMap<Tag, Resolved>,
  { list }: PruneTarget['vendor'],
): Promise<VendorListing> {
  const isOpen = ({ digest, ages }: VendorTagFacts) => digest === null && ages.length > 0
  if (list === undefined || ![...listing.tags.values()].some(isOpen)) return listing
  const again = await list()
  const settled = [...listing.tags].map(([tag, facts]): [Tag, VendorTagFacts] => {
    const isSettled = resolved.get(tag)?.state === 'resolved' && isSameAge(facts, again.tags.get(tag))
    return [tag, isOpen(facts) && !isSettled ? { ...facts, ages: [], isUnsettled: true } : facts]
  })
  return {
    ...listing,
    tags: new Map(settled),
    doubts: [...new Set([...(listing.doubts ?? []), ...(again.doubts ?? [])])],
  }
}

function isSameAge(before: VendorTagFacts, after: VendorTagFacts | undefined): boolean {
  const dates = ({ ages }: VendorTagFacts) => ages.map(({ source, at }) => `${source} ${at}`).join()
  return after !== undefined && dates(before) === dates(after)
}

/** A list that says nothing where the registry has tags was not told to us, whatever its status says. */
function doubtsOf(
  { tags, manifests, tellsPushTimes = false, doubts = [] }: VendorListing,
  found: number,
): readonly string[] {
  const isSilent = tellsPushTimes && tags.size + manifests.size === 0 && found > 0
  return isSilent && doubts.length === 0 ? [SILENCE] : doubts
}

const SILENCE =
  "the vendor's list is empty, though the registry lists tags: ages are unknown, so tags stay. May this login see the repository there?"

function digestsOf(resolved: ReadonlyMap<Tag, Resolved>): Digest[] {
  return [...resolved.values()].flatMap((entry) => (entry.state === 'resolved' ? [entry.digest] : []))
}

/**
 * What a delete may rest on and was not found; a subject that is gone matters only to who deletes orphans.
 */
function missingIn(
  resolved: ReadonlyMap<Tag, Resolved>,
  { manifests }: Crawl,
  { deleteOrphaned, protectedDigests }: PrunePolicy,
  listing: VendorListing,
): { readonly tags: Tag[]; readonly digests: Digest[] } {
  const needed = new Set<Digest>([...listing.untagged, ...protectedDigests.keys()])
  for (const entry of manifests.values()) {
    if (entry.state === 'stored') for (const child of entry.children) needed.add(child)
  }
  return {
    tags: [...resolved].flatMap(([tag, { state }]) => (state === 'missing' ? [tag] : [])),
    digests: [...manifests].flatMap(([digest, { state }]) =>
      state === 'missing' && (deleteOrphaned || needed.has(digest)) ? [digest] : [],
    ),
  }
}

function isSame(before: readonly string[], after: readonly string[]): boolean {
  const known = new Set(before)
  return before.length === after.length && after.every((name) => known.has(name))
}

/** The digests that referrers and signature tags belong to: whether they exist decides which are orphans. */
function subjectsOf(tags: Iterable<Tag>): Digest[] {
  const subjects: Digest[] = []
  for (const tag of tags) {
    const key = subjectKeyIn(tag)
    const subject = key === null ? null : digestOfKey(key)
    if (subject !== null) subjects.push(subject)
  }
  return subjects
}

/**
 * Facts of a tag that was moved since are another manifest's; a tag that is not in the vendor's list yet was
 * pushed since; one whose push time is missing there may be an old image that got the name today.
 */
function tagEntry(
  tag: Tag,
  entry: Resolved,
  { tags, manifests, tellsPushTimes = false, datesTags = false }: VendorListing,
): TagEntry {
  if (entry.state !== 'resolved') return entry
  const { digest = null, ages = [], locked = null, isUnsettled = false } = tags.get(tag) ?? {}
  const isMoved = isUnsettled || (digest !== null && digest !== entry.digest)
  const isUnlisted =
    tags.size > 0 ? !tags.has(tag) : tellsPushTimes || (manifests.size > 0 && !manifests.has(entry.digest))
  const isDateless = datesTags && !ages.some(({ source }) => source === 'pushed')
  return isMoved || isUnlisted || isDateless
    ? { ...entry, ages: [], locked, isUndated: true }
    : { ...entry, ages, locked }
}

function withVendorFacts(
  manifests: ReadonlyMap<Digest, ManifestEntry>,
  listing: VendorListing,
): ReadonlyMap<Digest, ManifestEntry> {
  // answers arrive in any order; a plan must not depend on it
  const known = new Map([...manifests].sort(([a], [b]) => (a < b ? -1 : 1)))
  for (const [digest, { ages, locked }] of listing.manifests) {
    const entry = known.get(digest)
    if (entry?.state === 'stored') known.set(digest, { ...entry, ages: [...ages, ...entry.ages], locked })
  }
  return known
}
