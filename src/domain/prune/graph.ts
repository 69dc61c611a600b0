import type { Digest } from '../names/digest.ts'
import type { Tag } from '../names/tag.ts'
import type { Inventory, StoredManifest } from './inventory.ts'
import { subjectTagsOf } from './subject-tag.ts'
import type { SubjectTag } from './subject-tag.ts'

/** The number of a digest in the graph; walks over numbers are what makes 20,000 tags cheap. */
export type Node = number

/**
 * Who keeps whom alive: an index its children, every manifest its referrers (OCI `subject`, and what
 * referrers and signature tags hold). Edges point from what is needed first; a referrer does not keep its
 * subject.
 */
export interface ManifestGraph {
  readonly digests: readonly Digest[]
  readonly nodes: ReadonlyMap<Digest, Node>
  /** null: missing, unreadable or never looked up */
  readonly stored: readonly (StoredManifest | null)[]
  readonly children: readonly (readonly Node[])[]
  readonly referrers: readonly (readonly Node[])[]
  /**
   * manifests that one lists as if they were blobs: artifacts bundle images so, and types can be wrong. That
   * keeps, and dooms nothing
   */
  readonly mentions: readonly (readonly Node[])[]
  /** referrers and signature tags; every other tag is an image's */
  readonly subjects: ReadonlyMap<Tag, SubjectTag>
  /**
   * what an index lists and nobody looked up; what an unknown type mentions is mostly blobs, so that is not
   * in here
   */
  readonly unread: readonly Digest[]
}

const NONE: readonly Node[] = []

/** What the inventory has comes first, in its order; then what is only named in it. */
export function buildGraph(inventory: Inventory): ManifestGraph {
  const nodes = new Map<Digest, Node>()
  for (const digest of inventory.manifests.keys()) nodes.set(digest, nodes.size)
  const known = nodes.size
  const children = Array.from(inventory.manifests.values(), (entry) =>
    entry.state === 'stored' && entry.children.length > 0
      ? [...new Set(entry.children)].map((child) => nodeFor(nodes, child))
      : NONE,
  )
  const digests = [...nodes.keys()]
  const stored = digests.map((digest) => {
    const entry = inventory.manifests.get(digest)
    return entry?.state === 'stored' ? entry : null
  })
  for (let node = known; node < digests.length; node += 1) children.push(NONE)
  const subjects = subjectTagsOf(inventory)
  const referrers = linkReferrers(inventory, { nodes, stored, subjects })
  const mentions = stored.map((manifest) => mentionsOf(manifest, nodes))
  return {
    digests,
    nodes,
    stored,
    children,
    referrers,
    mentions,
    subjects,
    unread: unreadChildren(inventory),
  }
}

function mentionsOf(manifest: StoredManifest | null, nodes: ReadonlyMap<Digest, Node>): readonly Node[] {
  const mentions: Node[] = []
  const { blobs = [], mentions: named = [] } = manifest ?? {}
  for (const { digest } of named.length === 0 ? blobs : [...blobs, ...named]) {
    const node = nodes.get(digest)
    if (node !== undefined) mentions.push(node)
  }
  return mentions.length === 0 ? NONE : mentions
}

function unreadChildren({ manifests }: Inventory): Digest[] {
  const unread = new Set<Digest>()
  for (const entry of manifests.values()) {
    if (entry.state !== 'stored' || entry.kind !== 'index') continue
    for (const child of entry.children) if (!manifests.has(child)) unread.add(child)
  }
  return [...unread]
}

function nodeFor(nodes: Map<Digest, Node>, digest: Digest): Node {
  const existing = nodes.get(digest)
  if (existing !== undefined) return existing
  const node = nodes.size
  nodes.set(digest, node)
  return node
}

type Linked = Pick<ManifestGraph, 'nodes' | 'stored' | 'subjects'>

function linkReferrers(inventory: Inventory, { nodes, stored, subjects }: Linked): (readonly Node[])[] {
  const referrers = new Map<Node, Set<Node>>()
  const link = (subject: Digest | null, referrer: Node | undefined) => {
    const node = subject === null ? undefined : nodes.get(subject)
    if (node === undefined || referrer === undefined || node === referrer) return
    const known = referrers.get(node)
    if (known === undefined) referrers.set(node, new Set([referrer]))
    else known.add(referrer)
  }
  stored.forEach((manifest, node) => {
    link(manifest?.subject ?? null, node)
  })
  for (const [tag, { subject }] of subjects) {
    const entry = inventory.tags.get(tag)
    if (entry?.state === 'resolved') link(subject, nodes.get(entry.digest))
  }
  return stored.map((_, node) => {
    const found = referrers.get(node)
    return found === undefined ? NONE : [...found]
  })
}

/** A set of nodes closed over children and referrers, with the edge that first led to each. */
export interface Reach {
  readonly has: (node: Node) => boolean
  /** the edge that led here; null for a source and for what is not reached */
  readonly cameBy: (node: Node) => { readonly from: Node; readonly edge: 'child-of' | 'referrer-of' } | null
  /** adds sources and all that they reach */
  readonly extend: (sources: Iterable<Node>) => void
}

const UNREACHED = -2
const SOURCE = -1

/**
 * Walks breadth first, so that the nearest reason is the one that is told; any depth, any cycle. `keeping`
 * also follows what is only mentioned: for what stays, never for what goes.
 */
export function reach(graph: ManifestGraph, sources: Iterable<Node>, purpose?: 'keeping'): Reach {
  const from = new Int32Array(graph.digests.length).fill(UNREACHED)
  const byReferrer = new Uint8Array(graph.digests.length)
  const extend = (starts: Iterable<Node>) => {
    const queue: Node[] = []
    const visit = (node: Node, origin: number, isReferrer: 0 | 1) => {
      if (from[node] !== UNREACHED) return
      from[node] = origin
      byReferrer[node] = isReferrer
      queue.push(node)
    }
    for (const start of starts) visit(start, SOURCE, 0)
    for (const node of queue) {
      for (const child of graph.children[node] ?? NONE) visit(child, node, 0)
      for (const referrer of graph.referrers[node] ?? NONE) visit(referrer, node, 1)
      if (purpose === 'keeping') for (const mention of graph.mentions[node] ?? NONE) visit(mention, node, 0)
    }
  }
  extend(sources)
  return {
    has: (node) => (from[node] ?? UNREACHED) !== UNREACHED,
    cameBy: (node) => {
      const origin = from[node] ?? UNREACHED
      return origin < 0 ? null : { from: origin, edge: byReferrer[node] === 1 ? 'referrer-of' : 'child-of' }
    },
    extend,
  }
}

/**
 * Finds the indexes above a node, at any height; who asks often asks one finder, as it turns all edges around
 * once.
 */
export function indexFinder(graph: ManifestGraph): (node: Node) => Iterable<Node> {
  const parents: Node[][] = graph.digests.map(() => [])
  graph.children.forEach((children, parent) => {
    for (const child of children) parents[child]?.push(parent)
  })
  return (node) => {
    const found = new Set(parents[node])
    for (const index of found) for (const parent of parents[index] ?? NONE) found.add(parent)
    return found
  }
}
