import type { Digest } from '../names/digest.ts'
import { formatDuration } from '../quantities/duration.ts'
import type { Tag } from '../names/tag.ts'
import type { Timestamp } from '../quantities/timestamp.ts'
import { isYoung, pushTime } from './age.ts'
import { breakageOf, goesAsBroken } from './broken.ts'
import type { Cause } from './decision.ts'
import { reach } from './graph.ts'
import type { ManifestGraph, Node } from './graph.ts'
import type { Inventory, StoredManifest, TagEntry } from './inventory.ts'
import type { PrunePolicy } from './policy.ts'
import { fact, inputRule } from './rule.ts'
import { nodeOfTag } from './tag-selection.ts'
import type { TagSelection } from './tag-selection.ts'

/**
 * What no tag leads to: which of it goes in its own right, and which of it stays and so protects what it
 * needs.
 */
export interface UntaggedVerdicts {
  readonly goes: Map<Node, Cause>
  readonly stays: Map<Node, Cause>
  /** `sha256-…` tags that go because their subject is gone */
  readonly orphans: Set<Tag>
}

interface Context {
  readonly inventory: Inventory
  readonly graph: ManifestGraph
  readonly policy: PrunePolicy
  readonly now: Timestamp
  /**
   * named by a tag, by protection, or as a child: whoever names them decides what becomes of what belongs to
   * them
   */
  readonly listed: ReadonlySet<Node>
  /** any tag that is an image's */
  readonly hasImages: boolean
}

/**
 * Sorts untagged manifests, and `sha256-…` tags whose subject is not there. Everything else follows what it
 * belongs to.
 */
export function judgeUntagged(
  inventory: Inventory,
  graph: ManifestGraph,
  selection: TagSelection,
  policy: PrunePolicy,
  now: Timestamp,
): UntaggedVerdicts {
  const tagged = new Set(selection.pinned.keys())
  for (const tag of inventory.tags.keys()) {
    const node = nodeOfTag(inventory, graph, tag)
    if (node !== undefined) tagged.add(node)
  }
  const listed = new Set([...tagged, ...graph.children.flat()])
  const hasImages = [...inventory.tags.keys()].some((tag) => !graph.subjects.has(tag))
  const context = { inventory, graph, policy, now, listed, hasImages }
  const verdicts: UntaggedVerdicts = { goes: new Map(), stays: new Map(), orphans: new Set() }
  for (const tag of selection.followers) placeFollower(verdicts, context, tag)
  const reached = reach(graph, tagged)
  graph.stored.forEach((manifest, node) => {
    if (manifest === null || reached.has(node)) return
    place(verdicts, node, judgeManifest(context, manifest, graph.digests[node]))
  })
  return verdicts
}

interface Judgement extends Cause {
  readonly goes: boolean
}

/** Two tags of one manifest may disagree; then it stays. */
function place({ goes, stays }: UntaggedVerdicts, node: Node, judgement: Judgement | null): void {
  if (judgement === null) return
  const { goes: leaves, ...cause } = judgement
  ;(leaves ? goes : stays).set(node, cause)
  if (stays.has(node)) goes.delete(node)
}

function placeFollower(verdicts: UntaggedVerdicts, context: Context, tag: Tag): void {
  const entry = context.inventory.tags.get(tag)
  const node = nodeOfTag(context.inventory, context.graph, tag)
  if (entry?.state !== 'resolved' || node === undefined) return
  const judgement = judgeFollower(context, node, context.graph.subjects.get(tag)?.subject ?? null, entry)
  if (judgement?.goes === true) verdicts.orphans.add(tag)
  place(verdicts, node, judgement)
}

type ResolvedTag = Extract<TagEntry, { state: 'resolved' }>

/** Null: its subject decides. */
function judgeFollower(
  context: Context,
  node: Node,
  subject: Digest | null,
  { ages: tagAges, isUndated = false }: Pick<ResolvedTag, 'ages' | 'isUndated'>,
): Judgement | null {
  const { graph, policy, now } = context
  const state = subject === null ? 'unseen' : subjectState(context, subject)
  if (state === 'here') return null
  if (subject === null || state === 'unseen') return followsUnseen(subject)
  if (!policy.deleteOrphaned) return ORPHANS_STAY
  if (!context.hasImages) return NO_IMAGES
  const ages = [...tagAges, ...(graph.stored[node]?.ages ?? [])]
  return isUndated || isYoung(ages, policy.untaggedGrace, now) ? grace(policy) : orphaned(subject)
}

/** A manifest that a vendor lists, or that only untagged ones lead to. */
function judgeManifest(
  context: Context,
  manifest: StoredManifest,
  digest: Digest | undefined,
): Judgement | null {
  const { inventory, policy, now } = context
  const { subject, ages } = manifest
  const state = subject === null ? 'none' : subjectState(context, subject)
  const mayGo = policy.deleteUntagged && inventory.capabilities.listsUntagged
  if (state === 'unseen') return followsUnseen(subject)
  if (state === 'absent' && !policy.deleteOrphaned) return ORPHANS_STAY
  if (state === 'absent' && !context.hasImages) return NO_IMAGES
  if (state === 'none' && !mayGo) return untaggedStay(policy)
  if (state === 'here' && !mayGo && !policy.deleteOrphaned) return null
  if (isYoung(ages, policy.untaggedGrace, now)) return grace(policy)
  const breakage = digest === undefined ? null : breakageOf(inventory, digest)
  if (state === 'none' && goesAsBroken(breakage, policy)) {
    const rule = inputRule('delete-broken', String(policy.deleteBroken))
    return { goes: true, reason: 'broken', decidedBy: { rule } }
  }
  if (pushTime(ages) === null) {
    return { goes: false, reason: 'unknown-age', decidedBy: { rule: fact('its push time is not known') } }
  }
  if (subject === null)
    return { goes: true, reason: 'untagged', decidedBy: { rule: inputRule('delete-untagged', 'true') } }
  return state === 'absent' ? orphaned(subject) : null
}

/**
 * `absent` is proof: it was looked up, is not there, and nothing names it. A child that an index lists counts
 * as here, though it may live in another repository: its index decides about it.
 */
function subjectState({ inventory, graph, listed }: Context, subject: Digest): 'here' | 'absent' | 'unseen' {
  const state = inventory.manifests.get(subject)?.state
  if (state === 'stored' || listed.has(graph.nodes.get(subject) ?? -1)) return 'here'
  return state === 'missing' ? 'absent' : 'unseen'
}

const ORPHANS_STAY: Judgement = {
  goes: false,
  reason: 'orphaned',
  decidedBy: { rule: inputRule('delete-orphaned', 'false') },
}

/** `COSIGN_REPOSITORY` and the like keep signatures apart from all images: what they sign is never there. */
const NO_IMAGES: Judgement = {
  goes: false,
  reason: 'orphaned',
  decidedBy: { rule: fact('no image has a tag here, so the images may be in another repository') },
}

function orphaned(subject: Digest): Judgement {
  return { goes: true, reason: 'orphaned', decidedBy: { digest: subject } }
}

function followsUnseen(subject: Digest | null): Judgement {
  const decidedBy = subject === null ? { rule: fact('its subject is not known') } : { digest: subject }
  return { goes: false, reason: 'referrer-of', decidedBy }
}

function untaggedStay({ deleteUntagged }: PrunePolicy): Judgement {
  const rule = deleteUntagged
    ? fact('the registry does not list untagged manifests')
    : inputRule('delete-untagged', 'false')
  return { goes: false, reason: 'untagged', decidedBy: { rule } }
}

function grace({ untaggedGrace }: PrunePolicy): Judgement {
  const rule = inputRule('untagged-grace', formatDuration(untaggedGrace))
  return { goes: false, reason: 'grace', decidedBy: { rule } }
}
