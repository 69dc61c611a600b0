import type { Digest } from '../names/digest.ts'
import type { Tag } from '../names/tag.ts'
import type { Timestamp } from '../quantities/timestamp.ts'
import { orderActions } from './actions.ts'
import type { Cause, Decision, ManifestDecision, PrunePlan, Refusal, TagDecision } from './decision.ts'
import { buildGraph } from './graph.ts'
import type { ManifestGraph, Node } from './graph.ts'
import type { Inventory } from './inventory.ts'
import type { PrunePolicy } from './policy.ts'
import { blobsOfGraph, reclaimed } from './reclaimed.ts'
import { findWarnings } from './plan-warnings.ts'
import { DELETES_DISABLED, checkBreakers, findBlockers } from './refusals.ts'
import { sweep } from './sweep.ts'
import type { Sweep } from './sweep.ts'
import { decideTags } from './tag-decisions.ts'
import { isLeftBehind, nodeOfTag, selectTags, undeletable } from './tag-selection.ts'
import type { TagSelection } from './tag-selection.ts'
import { judgeUntagged } from './untagged.ts'
import type { UntaggedVerdicts } from './untagged.ts'

/**
 * Decides for every tag and manifest of a repository whether it stays, with the reason. Whatever is not
 * understood, not read or not dated stays. The policy must have passed `checkPolicy`.
 */
export function planPrune(inventory: Inventory, policy: PrunePolicy, now: Timestamp): PrunePlan {
  const graph = buildGraph(inventory)
  const selection = selectTags(inventory, graph, policy, now)
  const untagged = judgeUntagged(inventory, graph, selection, policy, now)
  const blockers = findBlockers(inventory, graph)
  const asksDeletes = selection.candidates.size > 0 || untagged.goes.size > 0
  if (asksDeletes && !inventory.capabilities.deletes) blockers.push(DELETES_DISABLED)
  if (blockers[0] !== undefined) keepAll(selection, untagged, blockers[0])

  const swept = sweep(
    graph,
    whatGoes(inventory, graph, selection, untagged),
    whatStays(inventory, graph, selection, untagged),
  )
  const blobs = blobsOfGraph(graph)
  const tags = decideTags({ inventory, graph, blobs, policy, selection, untagged, swept })
  const manifests = decideManifests(inventory, graph, swept)
  const counts = countTags(tags, graph, inventory)
  const ownRight = [...untagged.goes].filter(([node]) => swept.isDeleted(node))
  const hasBroken = ownRight.some(([, { reason }]) => reason === 'broken')
  const refusals = [
    ...blockers,
    ...checkBreakers(inventory, policy, selection, counts, { count: ownRight.length, hasBroken }),
  ]
  const freed = reclaimed(blobs, swept.isDeleted)
  return {
    tags,
    manifests,
    actions:
      refusals.length > 0 ? [] : orderActions(graph, swept.isDeleted, tags, inventory.capabilities, policy),
    counts,
    refusals,
    warnings: findWarnings(inventory, graph, policy, selection, now),
    reclaimedBytes: freed.bytes,
    reclaimsMore: freed.more,
  }
}

/** Fails closed: what would go stays, and says why. */
function keepAll(
  { candidates, kept }: TagSelection,
  { goes, stays, orphans }: UntaggedVerdicts,
  blocker: Refusal,
): void {
  const cause = undeletable(blocker.message)
  for (const tag of candidates.keys()) kept.set(tag, cause)
  for (const node of goes.keys()) stays.set(node, cause)
  candidates.clear()
  goes.clear()
  orphans.clear()
}

function whatGoes(
  inventory: Inventory,
  graph: ManifestGraph,
  { candidates }: TagSelection,
  untagged: UntaggedVerdicts,
): Map<Node, Cause> {
  return new Map([...namedBy(inventory, graph, candidates), ...untagged.goes])
}

/** Steps 3 and 6: roots. The first reason that holds a manifest is the one that is told. */
function whatStays(
  inventory: Inventory,
  graph: ManifestGraph,
  { pinned, kept, locked }: TagSelection,
  untagged: UntaggedVerdicts,
): Map<Node, Cause> {
  const tagged = namedBy(inventory, graph, [...kept, ...locked])
  return new Map([...untagged.stays, ...tagged.reverse(), ...pinned])
}

function namedBy(
  inventory: Inventory,
  graph: ManifestGraph,
  tags: Iterable<readonly [Tag, Cause]>,
): (readonly [Node, Cause])[] {
  const named: (readonly [Node, Cause])[] = []
  for (const [tag, { reason }] of tags) {
    const node = nodeOfTag(inventory, graph, tag)
    if (node !== undefined) named.push([node, { reason, decidedBy: { tag } }])
  }
  return named
}

function decideManifests(inventory: Inventory, graph: ManifestGraph, swept: Sweep): ManifestDecision[] {
  const decisions: ManifestDecision[] = []
  const attestations = attestationsOf(inventory)
  for (const [digest, entry] of inventory.manifests) {
    const node = graph.nodes.get(digest)
    if (entry.state === 'missing' || node === undefined) continue
    if (entry.state === 'unreadable') {
      decisions.push({ digest, kind: 'unreadable', decision: 'keep', ...undeletable(entry.cause) })
      continue
    }
    const decision = swept.isDeleted(node) ? 'delete' : 'keep'
    const isAttestation = attestations.has(digest)
    decisions.push({ digest, kind: entry.kind, isAttestation, decision, ...swept.cause(node) })
  }
  return decisions
}

/** What indexes list beside their platform images. */
function attestationsOf({ manifests }: Inventory): ReadonlySet<Digest> {
  const attestations = new Set<Digest>()
  for (const entry of manifests.values()) {
    if (entry.state !== 'stored' || entry.kind !== 'index') continue
    const platforms = new Set(entry.platforms)
    for (const child of entry.children) if (!platforms.has(child)) attestations.add(child)
  }
  return attestations
}

function countTags(
  tags: readonly TagDecision[],
  graph: ManifestGraph,
  inventory: Inventory,
): Record<Decision, number> {
  const counts = { keep: 0, delete: 0, untag: 0, skip: 0 }
  for (const { tag, decision } of tags)
    if (!graph.subjects.has(tag) && !isLeftBehind(inventory, tag)) counts[decision] += 1
  return counts
}
