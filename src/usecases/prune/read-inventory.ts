import { WardenError } from '../../domain/errors.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import { digestOfKey, subjectKeyIn } from '../../domain/prune/subject-tag.ts'
import type { Inventory, ManifestEntry, TagEntry } from '../../domain/prune/inventory.ts'
import type { PrunePolicy } from '../../domain/prune/policy.ts'
import type { PruneReader, PruneTarget, VendorListing } from '../../domain/prune/ports.ts'
import { createCrawl } from './crawl.ts'
import type { Crawl, Resolved } from './crawl.ts'
import type { ReadDeps } from './deps.ts'
import { readDetails } from './details.ts'

/** A repository as it was read, and the means to look further. */
export interface RepositoryReading {
  readonly inventory: Inventory
  readonly crawl: Crawl
  /** the registry knows no such repository */
  readonly isAbsent: boolean
}

const NOTHING_LISTED: VendorListing = { tags: new Map(), manifests: new Map(), untagged: [], complete: true }

/**
 * Reads everything that a plan is made of: every tag, each distinct manifest once with all it leads to, and
 * dates where the policy asks for them. What cannot be read is recorded and stops the plan; a repository that
 * is not there is an empty one.
 * @throws WardenError for what every further request would meet too
 */
export async function readInventory(
  { reader, vendor }: PruneTarget,
  policy: PrunePolicy,
  deps: ReadDeps,
): Promise<RepositoryReading> {
  const crawl = createCrawl(reader, deps)
  // before the tags: what is listed as untagged here and tagged a moment later must count as tagged
  const listing = (await vendor.list?.()) ?? NOTHING_LISTED
  let isAbsent = false
  const listed = await listTags(reader, () => {
    isAbsent = true
  })
  const resolved = await crawl.resolve(listed)
  for (const [tag, entry] of await crawl.resolve(
    [...listing.tags.keys()].filter((tag) => !resolved.has(tag)),
  )) {
    // deleted in the meantime, or held back by a list that is not whole
    if (entry.state !== 'missing') resolved.set(tag, entry)
  }
  await crawl.follow([
    ...[...resolved.values()].flatMap((entry) => (entry.state === 'resolved' ? [entry.digest] : [])),
    ...subjectsOf(resolved.keys()),
    ...listing.untagged,
    // one that no tag leads to protects all the same, and with it all that it needs
    ...policy.protectedDigests.keys(),
  ])
  const inventory: Inventory = {
    tags: new Map([...resolved].map(([tag, entry]) => [tag, tagEntry(tag, entry, listing)])),
    manifests: withVendorFacts(crawl.manifests, listing),
    complete: listing.complete,
    capabilities: vendor.capabilities,
  }
  return {
    inventory: await readDetails(inventory, crawl.configs, reader, policy, deps),
    crawl,
    isAbsent: isAbsent && resolved.size === 0,
  }
}

/**
 * A repository that was never pushed to, or emptied on some registries, is a 404: there is nothing to do
 *.
 */
export async function listTags(
  reader: Pick<PruneReader, 'tags'>,
  onMissing: () => void = () => undefined,
): Promise<readonly Tag[]> {
  try {
    return await reader.tags()
  } catch (error) {
    if (!(error instanceof WardenError && error.kind === 'not-found-repository')) throw error
    onMissing()
    return []
  }
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
 * pushed since.
 */
function tagEntry(tag: Tag, entry: Resolved, { tags, manifests, failed = false }: VendorListing): TagEntry {
  if (entry.state !== 'resolved') return entry
  const { digest = null, ages = [], locked = null } = tags.get(tag) ?? {}
  const isMoved = digest !== null && digest !== entry.digest
  const isUnlisted =
    tags.size > 0 ? !tags.has(tag) : failed || (manifests.size > 0 && !manifests.has(entry.digest))
  return isMoved || isUnlisted ? { ...entry, ages: [], locked, isUndated: true } : { ...entry, ages, locked }
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
