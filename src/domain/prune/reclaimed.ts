import type { Digest } from '../names/digest.ts'
import type { Tag } from '../names/tag.ts'
import { totalBytes } from '../quantities/bytes.ts'
import type { Bytes } from '../quantities/bytes.ts'
import { tabulate } from './blob-table.ts'
import type { BlobTable, Holding } from './blob-table.ts'
import type { PrunePlan } from './decision.ts'
import type { ManifestGraph, Node } from './graph.ts'
import type { Inventory } from './inventory.ts'

export interface Reclaimed {
  readonly bytes: Bytes
  /** blobs of unknown size (schema 1) go, too */
  readonly more: boolean
}

/**
 * What a registry's disk loses: every distinct blob of what goes, less all that what stays names. Manifests
 * are blobs themselves and count. That is the drop of blob bytes after the garbage collection of distribution
 * 2.8, to the byte, which marks each manifest that still has a revision, and what it references, over all
 * repositories. Not in it: link files of tags and revisions (some 70 bytes each), and what stays because of
 * manifests that nobody listed, such as untagged ones, or of repositories that were not read; there the
 * registry frees less.
 */
export function reclaimed(table: BlobTable, goes: (holding: number) => boolean): Reclaimed {
  const settled = new Uint8Array(table.count)
  table.holdings.forEach(([, manifest], holding) => {
    if (manifest === null || goes(holding)) return
    for (const blob of table.blobsOf(holding)) settled[blob] = 1
    for (const blob of table.namedBy(holding)) settled[blob] = 1
  })
  let bytes = 0
  let more = false
  table.holdings.forEach((_, holding) => {
    if (!goes(holding)) return
    for (const blob of table.blobsOf(holding)) {
      if (settled[blob] === 1) continue
      settled[blob] = 1
      const size = table.sizes[blob] ?? Number.NaN
      if (Number.isNaN(size)) more = true
      else bytes += size
    }
  })
  const total = totalBytes([bytes])
  return { bytes: total, more: more || total < bytes }
}

/** The same over several repositories of one registry, which store a blob that they share once. */
export function reclaimedAcross(
  parts: Iterable<{
    readonly inventory: Inventory
    readonly plan: Pick<PrunePlan, 'manifests'>
  }>,
): Reclaimed {
  const holdings: Holding[] = []
  const going = new Set<number>()
  for (const { inventory, plan } of parts) {
    const deleted = new Set<Digest>()
    for (const { digest, decision } of plan.manifests) if (decision === 'delete') deleted.add(digest)
    for (const [digest, manifest] of inventory.manifests) {
      if (manifest.state !== 'stored') continue
      if (deleted.has(digest)) going.add(holdings.length)
      holdings.push([digest, manifest])
    }
  }
  return reclaimed(tabulate(holdings), (holding) => going.has(holding))
}

/** All manifests of a repository, numbered as the graph numbers them. */
export function blobsOfGraph({ digests, stored }: ManifestGraph): BlobTable {
  return tabulate(digests.map((digest, node): Holding => [digest, stored[node] ?? null]))
}

const NOBODY = -1
const SEVERAL = -2

/**
 * For each tag the bytes that nothing but this tag holds on to: what is freed if only it goes. Tags of one
 * digest hold it together, so none of them holds it on its own. A `sha256-…` tag belongs to its subject, and
 * holds only what is orphaned.
 */
export function exclusiveBytes(
  graph: ManifestGraph,
  table: BlobTable,
  tags: readonly (readonly [Tag, Node])[],
): Map<Tag, Bytes> {
  const owners = ownersOf(graph, tags)
  const blobOwners = new Int32Array(table.count).fill(NOBODY)
  const own = (blob: number, owner: number) => {
    const known = blobOwners[blob]
    blobOwners[blob] = known === NOBODY || known === owner ? owner : SEVERAL
  }
  owners.forEach((owner, node) => {
    for (const blob of table.blobsOf(node)) own(blob, owner)
    for (const blob of table.namedBy(node)) own(blob, owner)
  })
  const sums = new Float64Array(tags.length)
  blobOwners.forEach((owner, blob) => {
    const size = table.sizes[blob] ?? 0
    if (owner >= 0 && size > 0) sums[owner] = (sums[owner] ?? 0) + size
  })
  return new Map(tags.map(([tag], index) => [tag, totalBytes([sums[index] ?? 0])]))
}

/**
 * For each node the index of the only tag that reaches it; each node changes hands at most twice, so this is
 * linear.
 */
function ownersOf(graph: ManifestGraph, tags: readonly (readonly [Tag, Node])[]): Int32Array {
  const owners = new Int32Array(graph.digests.length).fill(NOBODY)
  const claim = (start: Node, owner: number) => {
    const stack = [start]
    for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
      const known = owners[node]
      if (known === owner || known === SEVERAL) continue
      owners[node] = known === NOBODY ? owner : SEVERAL
      for (const child of graph.children[node] ?? []) stack.push(child)
      for (const referrer of graph.referrers[node] ?? []) stack.push(referrer)
    }
  }
  const belongsToSubject = ([tag]: readonly [Tag, Node]) => graph.subjects.has(tag)
  tags.forEach((entry, index) => {
    if (!belongsToSubject(entry)) claim(entry[1], index)
  })
  const byImages = owners.slice()
  tags.forEach((entry, index) => {
    if (belongsToSubject(entry) && byImages[entry[1]] === NOBODY) claim(entry[1], index)
  })
  // what is not here holds on to nothing: an orphan is held by its tag, not by its missing subject
  graph.stored.forEach((manifest, node) => {
    if (manifest !== null && owners[node] === NOBODY) claim(node, SEVERAL)
  })
  return owners
}
