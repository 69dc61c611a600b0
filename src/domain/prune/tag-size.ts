import type { Digest } from '../names/digest.ts'
import { totalBytes } from '../quantities/bytes.ts'
import type { Bytes } from '../quantities/bytes.ts'
import type { ManifestGraph, Node } from './graph.ts'

/** Steps over all tags: an image has some tens of manifests and layers, a hostile index tens of thousands. */
const MAX_STEPS = 10_000_000

/**
 * What the registry stores for each of these manifests: it and all that it leads to (platform images,
 * signatures and their blobs), each distinct blob once; so a tag's `exclusiveBytes` are a part of it. What is
 * not in the repository counts nothing. Null: the sizes of some blobs are not known (schema 1), or finding
 * out takes too long.
 */
export function sizesOf(graph: ManifestGraph, nodes: Iterable<Node>): Map<Node, Bytes | null> {
  const sizes = new Map<Node, Bytes | null>()
  let left = MAX_STEPS
  const measure = (start: Node): Bytes | null => {
    const blobs = new Map<Digest, Bytes>()
    const seen = new Set([start])
    for (const node of seen) {
      const manifest = graph.stored[node] ?? null
      const digest = graph.digests[node]
      if (manifest === null || digest === undefined) continue
      const next = [...(graph.children[node] ?? []), ...(graph.referrers[node] ?? [])]
      left -= next.length + manifest.blobs.length + 1
      if (left < 0) return null
      for (const other of next) seen.add(other)
      blobs.set(digest, manifest.size)
      for (const blob of manifest.blobs) {
        if (blob.size === null) return null
        blobs.set(blob.digest, blob.size)
      }
    }
    return totalBytes(blobs.values())
  }
  for (const node of nodes) if (!sizes.has(node)) sizes.set(node, measure(node))
  return sizes
}
