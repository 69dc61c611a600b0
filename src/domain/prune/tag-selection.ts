import type { Digest } from '../names/digest.ts'
import type { Tag } from '../names/tag.ts'
import { firstMatch } from '../patterns/pattern.ts'
import { formatDuration } from '../quantities/duration.ts'
import type { Timestamp } from '../quantities/timestamp.ts'
import { tagAge } from './age.ts'
import { breakageOf, goesAsBroken } from './broken.ts'
import type { Cause, PlanWarning } from './decision.ts'
import { indexFinder } from './graph.ts'
import type { ManifestGraph, Node } from './graph.ts'
import type { AgeObservation, Inventory, TagEntry } from './inventory.ts'
import { applyKeepRules } from './keep.ts'
import { newestFirst } from './order.ts'
import type { AgedTag } from './order.ts'
import { isProbeTag } from './placeholder.ts'
import type { PrunePolicy } from './policy.ts'
import { possibleReferrerLists } from './subject-tag.ts'
import { fact, inputRule } from './rule.ts'

/** What names and ages say about every tag, before anybody looks at who needs which manifest. */
export interface TagSelection {
  /** each tag is in exactly one of these four */
  readonly kept: Map<Tag, Cause>
  /** would go, but the registry has locked it */
  readonly locked: ReadonlyMap<Tag, Cause>
  readonly candidates: Map<Tag, Cause>
  /** `sha256-…` tags, which follow their subject */
  readonly followers: ReadonlySet<Tag>
  readonly ages: ReadonlyMap<Tag, AgeObservation>
  /** protected digests and the indexes above them: a registry may collect a child whose index is gone */
  readonly pinned: ReadonlyMap<Node, Cause>
  readonly considered: readonly AgedTag[]
  readonly warnings: readonly PlanWarning[]
}

/** Steps 3 to 5 of the contract's order: protection, keep rules, age; then `min-keep`. */
export function selectTags(
  inventory: Inventory,
  graph: ManifestGraph,
  policy: PrunePolicy,
  now: Timestamp,
): TagSelection {
  const pinned = pinDigests(graph, policy)
  const sorted = sortOut(inventory, graph, { policy, pinned, now })
  const [broken, whole] = [true, false].map((isBroken) =>
    sorted.considered.filter(
      ({ digest }) => goesAsBroken(breakageOf(inventory, digest), policy) === isBroken,
    ),
  )
  const considered = newestFirst(whole ?? [])
  const { digests, warnings } = applyKeepRules(considered, policy)
  const candidates = new Map<Tag, Cause>()
  const locked = new Map<Tag, Cause>()
  for (const entry of considered) {
    const stays = digests.get(entry.digest) ?? judgeAge(entry, policy, now)
    const obstacle = obstacleTo(inventory, entry)
    if (stays !== null) sorted.kept.set(entry.tag, stays)
    else if (obstacle === null) candidates.set(entry.tag, expired(entry.tag, policy))
    else (obstacle.locked ? locked : sorted.kept).set(entry.tag, undeletable(obstacle.why))
  }
  // last, so that min-keep brings back what is whole before what is not
  for (const entry of newestFirst(broken ?? [])) {
    const obstacle = obstacleTo(inventory, entry)
    if (obstacle === null) candidates.set(entry.tag, brokenCause(policy))
    else (obstacle.locked ? locked : sorted.kept).set(entry.tag, undeletable(obstacle.why))
  }
  const remaining = sorted.resolved - candidates.size
  for (const tag of sorted.leftovers) candidates.set(tag, LEFT_BEHIND)
  // no manifest keeps a listed tag that names nothing, and it is none of those that are left
  for (const tag of sorted.ghosts) candidates.set(tag, brokenCause(policy))
  rescue(candidates, sorted.kept, policy.minKeep, remaining)
  return { ...sorted, locked, candidates, pinned, considered, warnings }
}

function brokenCause({ deleteBroken = false }: PrunePolicy): Cause {
  return { reason: 'broken', decidedBy: { rule: inputRule('delete-broken', String(deleteBroken)) } }
}

function pinDigests(graph: ManifestGraph, { protectedDigests }: PrunePolicy): Map<Node, Cause> {
  const pinned = new Map<Node, Cause>()
  if (protectedDigests.size === 0) return pinned
  const indexesAbove = indexFinder(graph)
  for (const [digest, origin] of protectedDigests) {
    const node = graph.nodes.get(digest)
    if (node === undefined) continue
    pinned.set(node, { reason: 'protected', decidedBy: { rule: origin } })
    for (const index of indexesAbove(node)) {
      if (!pinned.has(index)) pinned.set(index, { reason: 'protected', decidedBy: { digest } })
    }
  }
  return pinned
}

interface Sorted {
  readonly kept: Map<Tag, Cause>
  readonly followers: Set<Tag>
  readonly ages: Map<Tag, AgeObservation>
  readonly considered: AgedTag[]
  /** considered tags that are listed and name nothing, where the policy lets them go */
  readonly ghosts: readonly Tag[]
  /** tags of our own that an earlier run could not take back */
  readonly leftovers: readonly Tag[]
  /** image tags that point to something */
  readonly resolved: number
}

interface SortedBy {
  readonly policy: PrunePolicy
  readonly pinned: ReadonlyMap<Node, Cause>
  readonly now: Timestamp
}

function sortOut(inventory: Inventory, graph: ManifestGraph, { policy, pinned, now }: SortedBy): Sorted {
  const question = { source: policy.ageSource, now }
  const kept = new Map<Tag, Cause>()
  const followers = new Set<Tag>()
  const ages = new Map<Tag, AgeObservation>()
  const considered: AgedTag[] = []
  const ghosts: Tag[] = []
  const leftovers: Tag[] = []
  let resolved = 0
  const lists = possibleReferrerLists(inventory)
  for (const [tag, entry] of inventory.tags) {
    if (isGhost(tag, entry, graph, policy)) {
      ghosts.push(tag)
      continue
    }
    if (entry.state !== 'resolved') {
      kept.set(tag, undeletable(entry.state === 'missing' ? 'listed, but not found' : entry.cause))
      continue
    }
    const { digest } = entry
    const isFollower = graph.subjects.has(tag)
    const subject = lists.get(tag)
    const age = tagAge(inventory, entry, digest, question)
    if (age !== null) ages.set(tag, age)
    const isLeft = isLeftBehind(inventory, tag)
    if (!isFollower && !isLeft) resolved += 1
    const protection = protectionOf(tag, policy) ?? pinned.get(graph.nodes.get(digest) ?? -1)
    if (protection !== undefined) kept.set(tag, protection)
    else if (isFollower && !isStored(inventory, digest)) kept.set(tag, undeletable(NOT_READ))
    else if (isFollower) followers.add(tag)
    else if (isLeft) leftovers.push(tag)
    else if (subject !== undefined) kept.set(tag, { reason: 'referrer-of', decidedBy: { digest: subject } })
    else if (firstMatch(policy.considered, tag) === null) kept.set(tag, NOT_CONSIDERED)
    else considered.push({ tag, digest, age })
  }
  return { kept, followers, ages, considered, ghosts, leftovers, resolved }
}

function isGhost(tag: Tag, { state }: TagEntry, graph: ManifestGraph, policy: PrunePolicy): boolean {
  return (
    state === 'missing' &&
    goesAsBroken('ghost', policy) &&
    !graph.subjects.has(tag) &&
    protectionOf(tag, policy) === undefined &&
    firstMatch(policy.considered, tag) !== null
  )
}

/** Whether a tag was pushed by an earlier run that had no time to delete it: by its name and by what it holds. */
export function isLeftBehind(inventory: Inventory, tag: Tag): boolean {
  const digest = isProbeTag(tag) ? digestOfTag(inventory, tag) : null
  const manifest = digest === null ? undefined : inventory.manifests.get(digest)
  return manifest?.state === 'stored' && manifest.isPlaceholder === true
}

const LEFT_BEHIND: Cause = {
  reason: 'expired',
  decidedBy: { rule: fact('an earlier run pushed it for a trial, and ended before it could delete it') },
}

const NOT_CONSIDERED: Cause = {
  reason: 'not-considered',
  decidedBy: { rule: fact('no pattern of tags names it') },
}

function protectionOf(tag: Tag, policy: PrunePolicy): Cause | undefined {
  const exclusion = firstMatch(policy.excluded, tag)
  if (exclusion !== null)
    return { reason: 'excluded', decidedBy: { rule: inputRule('exclude-tags', exclusion.source) } }
  const origin = policy.protectedTags.get(tag)
  return origin === undefined ? undefined : { reason: 'protected', decidedBy: { rule: origin } }
}

/**
 * Null: nothing about its age keeps the tag. Where no rule asks for an age, an unknown one decides nothing.
 */
function judgeAge({ age }: AgedTag, policy: PrunePolicy, now: Timestamp): Cause | null {
  const { olderThan } = policy
  if (age === null) {
    const asked = olderThan !== null || policy.keepLatest
    return asked
      ? { reason: 'unknown-age', decidedBy: { rule: inputRule('age-source', policy.ageSource) } }
      : null
  }
  if (olderThan === null || now - age.at > olderThan) return null
  return { reason: 'too-new', decidedBy: { rule: inputRule('older-than', formatDuration(olderThan)) } }
}

const NOT_READ = 'its manifest was not read'

function isStored({ manifests }: Inventory, digest: Digest): boolean {
  return manifests.get(digest)?.state === 'stored'
}

interface Obstacle {
  readonly why: string
  readonly locked: boolean
}

function obstacleTo(inventory: Inventory, { tag, digest }: AgedTag): Obstacle | null {
  const entry = inventory.tags.get(tag)
  const manifest = inventory.manifests.get(digest)
  if (entry?.state === 'resolved' && entry.locked !== null) return { why: entry.locked, locked: true }
  if (manifest?.state !== 'stored') return { why: NOT_READ, locked: false }
  if (manifest.locked !== null) return { why: manifest.locked, locked: true }
  return manifest.kind === 'unknown' ? { why: unknownType(manifest.mediaType), locked: false } : null
}

/** Why a manifest of a type that this action does not understand stays. */
export function unknownType(mediaType: string): string {
  return `unknown type ${mediaType}`
}

/** `why` is part of a sentence, and may quote the registry. */
export function undeletable(why: string): Cause {
  return { reason: 'undeletable', decidedBy: { rule: fact(why) } }
}

function expired(tag: Tag, policy: PrunePolicy): Cause {
  const pattern = firstMatch(policy.considered, tag)?.source ?? ''
  return { reason: 'expired', decidedBy: { rule: { kind: 'expired', pattern, olderThan: policy.olderThan } } }
}

/** Candidates are newest first, so the newest are the ones that stay. */
function rescue(
  candidates: Map<Tag, Cause>,
  kept: Map<Tag, Cause>,
  minKeep: number,
  remaining: number,
): void {
  let missing = minKeep - remaining
  for (const tag of candidates.keys()) {
    if (missing <= 0) return
    candidates.delete(tag)
    kept.set(tag, { reason: 'min-keep', decidedBy: { rule: inputRule('min-keep', minKeep) } })
    missing -= 1
  }
}

/** The digest of a tag in the graph; undefined for a tag that was not resolved. */
export function nodeOfTag(inventory: Inventory, graph: ManifestGraph, tag: Tag): Node | undefined {
  const digest = digestOfTag(inventory, tag)
  return digest === null ? undefined : graph.nodes.get(digest)
}

/** Null for a tag that is not there, or could not be read. */
export function digestOfTag(inventory: Inventory, tag: Tag): Digest | null {
  const entry = inventory.tags.get(tag)
  return entry?.state === 'resolved' ? entry.digest : null
}
