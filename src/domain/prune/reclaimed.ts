import type { Digest } from '../names/digest.ts'
import type { Tag } from '../names/tag.ts'
import { sumBytes } from '../quantities/bytes.ts'
import type { Bytes } from '../quantities/bytes.ts'
import type { PrunePlan } from './decision.ts'
import type { ManifestGraph, Node } from './graph.ts'
import type { Inventory, StoredManifest } from './inventory.ts'

export interface Reclaimed {
  readonly bytes: Bytes
  /** blobs of unknown size go, too */
  readonly more: boolean
}

/**
 * What a registry's disk loses: every distinct blob of what goes, less all that what stays names. Manifests are blobs
 * themselves and count. That is the drop of blob bytes after the garbage collection of distribution 2.8, to the
 * byte, which marks each manifest that still has a revision, and what it references, over all repositories. Not in
 * it: link files of tags and revisions (some 70 bytes each), and what stays because of manifests that nobody listed,
 * such as untagged ones, or of repositories that were not read; there the registry frees less.
 */
export function reclaimedAcross(
  parts: Iterable<{
    readonly inventory: Inventory
    readonly plan: Pick<PrunePlan, 'manifests'>
  }>,
): Reclaimed {
  const goes: Held[] = []
  const stays: Held[] = []
  for (const { inventory, plan } of parts) {
    const deleted = new Set(
      plan.manifests.filter(({ decision }) => decision === 'delete').map(({ digest }) => digest),
    )
    for (const [digest, manifest] of inventory.manifests) {
      if (manifest.state === 'stored') (deleted.has(digest) ? goes : stays).push([digest, manifest])
    }
  }
  return reclaim(goes, stays)
}

type Held = readonly [Digest, StoredManifest]

function reclaim(goes: readonly Held[], stays: readonly Held[]): Reclaimed {
  const staying = new Set<Digest>()
  for (const [digest, manifest] of stays) {
    staying.add(digest)
    for (const child of manifest.children) staying.add(child)
    for (const blob of manifest.blobs) staying.add(blob.digest)
  }
  const going = new Map<Digest, Bytes | null>()
  for (const [digest, manifest] of goes) {
    if (!staying.has(digest)) going.set(digest, manifest.size)
    for (const blob of manifest.blobs) {
      if (!staying.has(blob.digest)) going.set(blob.digest, blob.size ?? going.get(blob.digest) ?? null)
    }
  }
  const sizes = [...going.values()]
  return { bytes: sumBytes(sizes.filter((size) => size !== null)), more: sizes.includes(null) }
}

const NOBODY = -1
const SEVERAL = -2

/**
 * For each tag the bytes that nothing but this tag holds on to: what is freed if it alone goes. Tags of one digest hold
 * it together, so none of them holds it alone. A `sha256-…` tag belongs to its subject, and holds only what is orphaned.
 */
export function exclusiveBytes(
  graph: ManifestGraph,
  tags: readonly (readonly [Tag, Node])[],
): Map<Tag, Bytes> {
  const owners = ownersOf(graph, tags)
  const sizes = new Map<Digest, Bytes>()
  const blobOwners = new Map<Digest, number>()
  const own = (digest: Digest, size: Bytes | null, owner: number) => {
    const known = blobOwners.get(digest)
    if (known === undefined) blobOwners.set(digest, owner)
    else if (known !== owner) blobOwners.set(digest, SEVERAL)
    if (size !== null) sizes.set(digest, size)
  }
  graph.digests.forEach((digest, node) => {
    const manifest = graph.stored[node] ?? null
    const owner = owners[node] ?? NOBODY
    own(digest, manifest?.size ?? null, owner)
    for (const blob of manifest?.blobs ?? []) own(blob.digest, blob.size, owner)
  })
  const parts: Bytes[][] = tags.map(() => [])
  for (const [digest, size] of sizes) parts[blobOwners.get(digest) ?? NOBODY]?.push(size)
  return new Map(tags.map(([tag], index) => [tag, sumBytes(parts[index] ?? [])]))
}

/** For each node the index of the only tag that reaches it; each node changes hands at most twice, so this is linear. */
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
  const isHelper = ([tag]: readonly [Tag, Node]) => graph.helpers.has(tag)
  tags.forEach((entry, index) => {
    if (!isHelper(entry)) claim(entry[1], index)
  })
  const byImages = owners.slice()
  tags.forEach((entry, index) => {
    if (isHelper(entry) && byImages[entry[1]] === NOBODY) claim(entry[1], index)
  })
  graph.digests.forEach((_, node) => {
    if (owners[node] === NOBODY) claim(node, SEVERAL)
  })
  return owners
}
