import pMap from 'p-map'
import { WardenError } from '../../domain/errors.ts'
import type { Descriptor } from '../../domain/manifest/manifest.ts'
import type { Digest } from '../../domain/names/digest.ts'
import { firstMatch } from '../../domain/patterns/pattern.ts'
import { tagAge } from '../../domain/prune/age.ts'
import type { Inventory, ManifestEntry, StoredManifest } from '../../domain/prune/inventory.ts'
import type { PrunePolicy } from '../../domain/prune/policy.ts'
import { imageTagsOf, subjectTagsOf } from '../../domain/prune/subject-tag.ts'
import type { PruneReader } from '../../domain/prune/ports.ts'
import type { Bytes } from '../../domain/quantities/bytes.ts'
import { asTimestamp, parseTimestamp } from '../../domain/quantities/timestamp.ts'
import type { Timestamp } from '../../domain/quantities/timestamp.ts'
import { MEETS_ALL } from './crawl.ts'
import type { ReadDeps } from './deps.ts'

/** What was read about the details of a repository, so that it is read once. */
export interface Details {
  /** when a config says that its image was built; null: it does not say */
  readonly dates: Map<Digest, Timestamp | null>
  /** configs that could not be read, though they may be there */
  readonly unread: Set<Digest>
  readonly sizes: Map<Digest, Bytes>
}

/**
 * Reads what manifests do not tell and the policy asks for: build dates out of configs, where nothing better
 * is known, and the sizes of schema 1 layers. What cannot be read stays unknown, and so keeps its tag.
 * @param doomed manifests that would be deleted by their age: it takes every date to prove it
 */
export async function readDetails(
  inventory: Inventory,
  configs: ReadonlyMap<Digest, Descriptor>,
  reader: PruneReader,
  policy: PrunePolicy,
  {
    concurrency,
    progress,
    doomed,
    details,
  }: ReadDeps & { readonly doomed: Iterable<Digest>; readonly details: Details },
): Promise<Inventory> {
  const { dates, unread, sizes } = details
  const undated = imagesToDate(inventory, configs, policy, doomed)
  const descriptors = new Map([...undated.values()].map((config) => [config.digest, config]))
  const readDate = async (config: Descriptor) => {
    const { created } = await reader.config(config)
    dates.set(config.digest, created === null ? null : parseTimestamp(created))
  }
  const readSize = async (digest: Digest) => {
    sizes.set(digest, await reader.blobSize(digest))
  }
  const attempt = async (read: () => Promise<void>) => {
    await read().catch(unknownUnlessAll)
    progress()
  }
  const attemptDate = async (config: Descriptor) => {
    await attempt(() =>
      readDate(config).catch((error: unknown) => {
        // an image whose config is gone is broken, and nothing says that it is young
        if (isGone(error)) dates.set(config.digest, null)
        else unread.add(config.digest)
        throw error
      }),
    )
  }
  const isDue = ({ digest }: Descriptor) => !dates.has(digest) && !unread.has(digest)
  await pMap([...descriptors.values()].filter(isDue), attemptDate, { concurrency })
  const blobs = [...blobsToWeigh(inventory, policy)].filter((digest) => !sizes.has(digest))
  await pMap(blobs, (digest) => attempt(() => readSize(digest)), { concurrency })
  const manifests = new Map(inventory.manifests)
  for (const [digest, entry] of manifests) {
    if (entry.state === 'stored') manifests.set(digest, detailed(entry, undated.get(digest), details))
  }
  return { ...inventory, manifests }
}

function isGone(error: unknown): boolean {
  return error instanceof WardenError && error.kind === 'not-found'
}

function unknownUnlessAll(error: unknown): void {
  if (!(error instanceof WardenError) || MEETS_ALL.has(error.kind)) throw error
}

function detailed(
  manifest: StoredManifest,
  config: Descriptor | undefined,
  { dates, unread, sizes }: Details,
): StoredManifest {
  if (manifest.kind === 'schema1') {
    const blobs = manifest.blobs.map(({ digest, size }) => ({
      digest,
      size: size ?? sizes.get(digest) ?? null,
    }))
    return { ...manifest, blobs }
  }
  if (config === undefined) return manifest
  // what could not be read might be newer than what the annotation says
  if (unread.has(config.digest))
    return { ...manifest, ages: manifest.ages.filter(({ source }) => source !== 'annotation') }
  const at = dates.get(config.digest) ?? null
  return at === null ? manifest : { ...manifest, ages: [...manifest.ages, { at, source: 'config' }] }
}

/** No date is too far ahead to be known: whether it is believed is the plan's business. */
const ANY_TIME = asTimestamp(Date.UTC(9999, 0, 1))

/**
 * Images whose config is worth a request, by their digest: no date is known otherwise, or it may be one that
 * an annotation inherited.
 */
function imagesToDate(
  inventory: Inventory,
  configs: ReadonlyMap<Digest, Descriptor>,
  policy: PrunePolicy,
  doomed: Iterable<Digest>,
): Map<Digest, Descriptor> {
  const wanted = new Map<Digest, Descriptor>()
  const question = { source: policy.ageSource, now: ANY_TIME }
  const visit = (start: Digest, isDoomed = false) => {
    const seen = new Set([start])
    for (const digest of seen) {
      const config = configs.get(digest)
      const isDue = isDoomed || tagAge(inventory, { ages: [] }, digest, question) === null
      if (config !== undefined && isDue) wanted.set(digest, config)
      const entry = inventory.manifests.get(digest)
      if (entry?.state === 'stored') for (const platform of entry.platforms) seen.add(platform)
    }
  }
  const candidates = candidateDigests(inventory, policy)
  if (asksForBuildDates(inventory, policy, candidates.length)) {
    for (const entry of candidates) {
      const mayHaveAge = entry.isUndated !== true || policy.ageSource === 'created'
      if (mayHaveAge && tagAge(inventory, entry, entry.digest, question) === null) visit(entry.digest)
    }
    for (const digest of doomed) visit(digest, true)
  }
  if (policy.deleteOrphaned) for (const digest of orphans(inventory)) visit(digest)
  return wanted
}

/** Only `min-keep` wants an order, and so dates, without being asked by age or rank. */
function asksForBuildDates(inventory: Inventory, policy: PrunePolicy, candidates: number): boolean {
  const { ageSource } = policy
  const mayStandIn = ageSource === 'auto' && inventory.tellsPushTimes !== true
  if (!mayStandIn && ageSource !== 'created') return false
  const images = imageTagsOf(inventory).length
  return policy.olderThan !== null || Boolean(policy.keepLatest) || images - candidates < policy.minKeep
}

/** A superset of the tags that the plan considers; which of them it does is not decided here. */
function candidateDigests(inventory: Inventory, { considered, excluded }: PrunePolicy) {
  return imageTagsOf(inventory).flatMap((tag) => {
    const entry = inventory.tags.get(tag)
    const isCandidate = firstMatch(considered, tag) !== null && firstMatch(excluded, tag) === null
    return entry?.state === 'resolved' && isCandidate ? [entry] : []
  })
}

function orphans(inventory: Inventory): Digest[] {
  return [...subjectTagsOf(inventory)].flatMap(([tag, { subject }]) => {
    const isOrphan = subject !== null && inventory.manifests.get(subject)?.state === 'missing'
    const entry = inventory.tags.get(tag)
    return isOrphan && entry?.state === 'resolved' ? [entry.digest] : []
  })
}

function blobsToWeigh(inventory: Inventory, policy: PrunePolicy): Set<Digest> {
  const entries: (ManifestEntry | undefined)[] = candidateDigests(inventory, policy).map(({ digest }) =>
    inventory.manifests.get(digest),
  )
  const schema1 = entries.filter((entry) => entry?.state === 'stored' && entry.kind === 'schema1')
  return new Set(
    schema1.flatMap((entry) => (entry?.state === 'stored' ? entry.blobs.map(({ digest }) => digest) : [])),
  )
}
