import type { Digest } from '../names/digest.ts'
import type { Tag } from '../names/tag.ts'
import type { PlanAction, TagDecision } from './decision.ts'
import type { ManifestGraph, Node } from './graph.ts'
import type { Capabilities } from './inventory.ts'
import type { PrunePolicy } from './policy.ts'

/**
 * The writes of a plan in the order in which they are safe: tags that leave their manifest behind, then family by
 * family every manifest before what it needs (outer index, inner index, platform images, referrers), so that an
 * interrupted run never leaves an index without its children. Whole families, not levels, come one after the other:
 * so an interruption strands the children of one image, not of all, where a registry cannot list untagged manifests.
 */
export function orderActions(
  graph: ManifestGraph,
  isDeleted: (node: Node) => boolean,
  tags: readonly TagDecision[],
  capabilities: Capabilities,
  policy: PrunePolicy,
): PlanAction[] {
  const method = untagMethod(capabilities, policy)
  const actions: PlanAction[] = []
  for (const { decision, tag, digest } of tags) {
    if (decision === 'untag' && digest !== null) actions.push({ kind: 'untag', tag, digest, method })
  }
  const tagsOf = deletedTags(tags)
  parentsFirst(graph, isDeleted, capabilities).forEach((nodes, family) => {
    const digests = nodes.map((node) => graph.digests[node]).filter((digest) => digest !== undefined)
    if (capabilities.tagsFirst) {
      for (const digest of digests)
        for (const tag of tagsOf.get(digest) ?? []) actions.push({ kind: 'delete-tag', tag, digest })
    }
    for (const digest of digests) {
      actions.push({ kind: 'delete-manifest', digest, tags: tagsOf.get(digest) ?? [], family })
    }
  })
  return actions
}

function untagMethod(
  { untag }: Capabilities,
  { sharedDigest }: PrunePolicy,
): 'native' | 'swap' | 'native-or-swap' {
  if (sharedDigest !== 'swap' || untag === 'yes') return 'native'
  return untag === 'no' ? 'swap' : 'native-or-swap'
}

function deletedTags(tags: readonly TagDecision[]): Map<Digest, Tag[]> {
  const tagsOf = new Map<Digest, Tag[]>()
  for (const { decision, tag, digest } of tags) {
    if (decision !== 'delete' || digest === null) continue
    const known = tagsOf.get(digest)
    if (known === undefined) tagsOf.set(digest, [tag])
    else known.push(tag)
  }
  return tagsOf
}

interface Edge {
  readonly before: Node
  readonly after: Node
  readonly weight: number
}

/** Families of deleted manifests that have to do with each other, each in an order that deletes no child before its parent. */
function parentsFirst(
  graph: ManifestGraph,
  isDeleted: (node: Node) => boolean,
  { referrersFirst }: Capabilities,
): Node[][] {
  const nodes = graph.digests.map((_, node) => node).filter(isDeleted)
  const edges: Edge[] = []
  for (const node of nodes) {
    for (const child of graph.children[node] ?? []) {
      if (isDeleted(child)) edges.push({ before: node, after: child, weight: 1 })
    }
    for (const referrer of graph.referrers[node] ?? []) {
      if (!isDeleted(referrer)) continue
      const [before, after] = referrersFirst ? [referrer, node] : [node, referrer]
      // heavier than any chain of children, so that referrers come behind all platform images
      edges.push({ before, after, weight: nodes.length })
    }
  }
  const levels = levelsOf(nodes, edges)
  const family = familiesOf(nodes, edges)
  const families = Map.groupBy(nodes, family)
  return [...families.values()].map((members) =>
    members.sort((a, b) => (levels.get(a) ?? 0) - (levels.get(b) ?? 0)),
  )
}

/** The longest way to each node from a node without predecessors; a cycle, which no hash allows, is cut somewhere. */
function levelsOf(nodes: readonly Node[], edges: readonly Edge[]): Map<Node, number> {
  const following = Map.groupBy(edges, ({ before }) => before)
  const waiting = new Map<Node, number>(nodes.map((node) => [node, 0]))
  for (const { after } of edges) waiting.set(after, (waiting.get(after) ?? 0) + 1)
  const levels = new Map<Node, number>()
  const settle = (start: Node) => {
    const ready = [start]
    waiting.delete(start)
    for (const node of ready) {
      const level = levels.get(node) ?? 0
      levels.set(node, level)
      for (const { after, weight } of following.get(node) ?? []) {
        const left = waiting.get(after)
        if (left === undefined) continue
        levels.set(after, Math.max(levels.get(after) ?? 0, level + weight))
        waiting.set(after, left - 1)
        if (left > 1) continue
        waiting.delete(after)
        ready.push(after)
      }
    }
  }
  for (const node of nodes) if (waiting.get(node) === 0) settle(node)
  for (const node of nodes) if (waiting.has(node)) settle(node)
  return levels
}

/** Names each node by one member of its connected component (union-find with path halving). */
function familiesOf(nodes: readonly Node[], edges: readonly Edge[]): (node: Node) => Node {
  const leader = new Map<Node, Node>(nodes.map((node) => [node, node]))
  const find = (node: Node): Node => {
    let current = node
    for (let next = leader.get(current) ?? current; next !== current; next = leader.get(current) ?? current) {
      leader.set(current, leader.get(next) ?? next)
      current = next
    }
    return current
  }
  for (const { before, after } of edges) leader.set(find(after), find(before))
  return find
}
