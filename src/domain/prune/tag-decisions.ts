import type { Tag } from '../names/tag.ts'
import { asBytes } from '../quantities/bytes.ts'
import type { BlobTable } from './blob-table.ts'
import type { Cause, Decision, TagDecision } from './decision.ts'
import type { ManifestGraph, Node } from './graph.ts'
import type { Inventory } from './inventory.ts'
import type { PrunePolicy } from './policy.ts'
import { exclusiveBytes } from './reclaimed.ts'
import type { Sweep } from './sweep.ts'
import { fact } from './rule.ts'
import { sizesOf } from './tag-size.ts'
import { digestOfTag, nodeOfTag } from './tag-selection.ts'
import type { TagSelection } from './tag-selection.ts'
import type { UntaggedVerdicts } from './untagged.ts'

interface TagVerdict extends Cause {
  readonly decision: Decision
}

/** Everything that is known once it is decided which manifests go. */
export interface Swept {
  readonly inventory: Inventory
  readonly graph: ManifestGraph
  readonly blobs: BlobTable
  readonly policy: PrunePolicy
  readonly selection: TagSelection
  readonly untagged: UntaggedVerdicts
  readonly swept: Sweep
}

const NOTHING = asBytes(0)

/** Says of every tag what happens to it: a tag goes with its manifest, or leaves it where others need it. */
export function decideTags(context: Swept): TagDecision[] {
  const { inventory, graph, blobs, selection } = context
  const nodes = [...inventory.tags.keys()].flatMap((tag): (readonly [Tag, Node])[] => {
    const node = nodeOfTag(inventory, graph, tag)
    return node === undefined ? [] : [[tag, node]]
  })
  const exclusive = exclusiveBytes(graph, blobs, nodes)
  const nodeOf = new Map(nodes)
  const sizes = sizesOf(graph, nodeOf.values())
  const holders = keptHolders(selection, nodeOf)
  return Array.from(inventory.tags.keys(), (tag) => ({
    tag,
    digest: digestOfTag(inventory, tag),
    age: selection.ages.get(tag) ?? null,
    role: graph.subjects.get(tag)?.role ?? 'image',
    subject: graph.subjects.get(tag)?.subject ?? null,
    size: sizes.get(nodeOf.get(tag) ?? -1) ?? null,
    exclusiveBytes: exclusive.get(tag) ?? NOTHING,
    ...judge(context, tag, nodeOf.get(tag), holders),
  }))
}

/** For each digest a tag that stays on it, for the reason that is given to the others. */
function keptHolders({ kept, locked }: TagSelection, nodeOf: ReadonlyMap<Tag, Node>): Map<Node, Tag> {
  const holders = new Map<Node, Tag>()
  for (const tag of [...kept.keys(), ...locked.keys()]) {
    const node = nodeOf.get(tag)
    if (node !== undefined && !holders.has(node)) holders.set(node, tag)
  }
  return holders
}

function judge(
  context: Swept,
  tag: Tag,
  node: Node | undefined,
  holders: ReadonlyMap<Node, Tag>,
): TagVerdict {
  const { selection, swept } = context
  const kept = selection.kept.get(tag)
  if (kept !== undefined) return { decision: 'keep', ...kept }
  const locked = selection.locked.get(tag)
  if (locked !== undefined) return { decision: 'skip', ...locked }
  const expired = selection.candidates.get(tag)
  if (node === undefined) {
    if (expired !== undefined) return { decision: 'delete', ...expired }
    return { decision: 'keep', reason: 'undeletable', decidedBy: { rule: fact('not resolved') } }
  }
  if (swept.isDeleted(node)) return { decision: 'delete', ...(expired ?? swept.cause(node)) }
  if (expired === undefined && !losesSubject(context, tag)) {
    return { decision: 'keep', ...swept.cause(node) }
  }
  const holder = holders.get(node)
  const cause: Cause =
    holder === undefined ? swept.cause(node) : { reason: 'shared-digest', decidedBy: { tag: holder } }
  return { decision: canUntag(context) ? 'untag' : 'skip', ...cause }
}

/** True for a `sha256-…` tag that goes, although its manifest is needed elsewhere. */
function losesSubject({ graph, untagged, swept }: Swept, tag: Tag): boolean {
  const subject = graph.subjects.get(tag)?.subject
  const subjectNode = subject === null || subject === undefined ? undefined : graph.nodes.get(subject)
  return untagged.orphans.has(tag) || (subjectNode !== undefined && swept.isLost(subjectNode))
}

function canUntag({ inventory, policy }: Swept): boolean {
  if (policy.sharedDigest === 'skip') return false
  return inventory.capabilities.untag !== 'no' || policy.sharedDigest === 'swap'
}
