import type { Digest } from '../names/digest.ts'
import type { Tag } from '../names/tag.ts'
import type { PlanAction, TagDecision } from './decision.ts'
import type { ManifestGraph, Node } from './graph.ts'
import type { Capabilities } from './inventory.ts'
import type { PrunePolicy } from './policy.ts'

/**
 * The writes of a plan in the order in which they are safe: tags that leave their manifest behind, then
 * family by family every manifest before what it needs (outer index, inner index, platform images,
 * referrers), so that an interrupted run never leaves an index without its children. Whole families, not
 * levels, come one after the other: so an interruption strands the children of one image, not of all, where a
 * registry cannot list untagged manifests.
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
    if (decision === 'delete' && digest === null) actions.push({ kind: 'delete-ghost', tag })
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
  readonly kind: 'child' | 'referrer'
}

/**
 * Families of deleted manifests that have to do with each other, each in an order that deletes no child
 * before its parent.
 */
function parentsFirst(
  graph: ManifestGraph,
  isDeleted: (node: Node) => boolean,
  { referrersFirst }: Capabilities,
): Node[][] {
  const nodes = graph.digests.map((_, node) => node).filter(isDeleted)
  const edges: Edge[] = []
  for (const node of nodes) {
    for (const child of graph.children[node] ?? []) {
      if (isDeleted(child)) edges.push({ before: node, after: child, kind: 'child' })
    }
    for (const referrer of graph.referrers[node] ?? []) {
      if (!isDeleted(referrer)) continue
      const [before, after] = referrersFirst ? [referrer, node] : [node, referrer]
      edges.push({ before, after, kind: 'referrer' })
    }
  }
  const levels = levelsOf(nodes, edges)
  const family = familiesOf(nodes, edges)
  const families = Map.groupBy(nodes, family)
  return [...families.values()].map((members) =>
    members.sort((a, b) => (levels.get(a) ?? 0) - (levels.get(b) ?? 0)),
  )
}

/**
 * The longest way to each node from a node without predecessors. Children always come behind their parents:
 * hashes allow no cycle of them. An index may be about its own grandchild, though, and then it is the
 * referrer's place that gives way.
 */
function levelsOf(nodes: readonly Node[], edges: readonly Edge[]): Map<Node, number> {
  const following = Map.groupBy(edges, ({ before }) => before)
  const waiting = new Map(nodes.map((node) => [node, { child: 0, referrer: 0 }]))
  for (const { after, kind } of edges) {
    const count = waiting.get(after)
    if (count !== undefined) count[kind] += 1
  }
  const levels = new Map<Node, number>()
  const ready = nodes.filter((node) => isFree(waiting.get(node)))
  const withoutParents = nodes.filter((node) => waiting.get(node)?.child === 0)
  const settle = (node: Node) => {
    if (!waiting.delete(node)) return
    const level = levels.get(node) ?? 0
    levels.set(node, level)
    for (const { after, kind } of following.get(node) ?? []) {
      const count = waiting.get(after)
      if (count === undefined) continue
      // heavier than any chain of children, so that referrers come behind all platform images
      levels.set(after, Math.max(levels.get(after) ?? 0, level + (kind === 'child' ? 1 : nodes.length)))
      count[kind] -= 1
      if (isFree(count)) ready.push(after)
      else if (kind === 'child' && count.child === 0) withoutParents.push(after)
    }
  }
  const settleReady = () => {
    for (let node = ready.pop(); node !== undefined; node = ready.pop()) settle(node)
  }
  settleReady()
  for (const candidates of [withoutParents, nodes]) {
    for (const node of candidates) {
      settle(node)
      settleReady()
    }
  }
  return levels
}

function isFree(count: { readonly child: number; readonly referrer: number } | undefined): boolean {
  return count !== undefined && count.child + count.referrer === 0
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
