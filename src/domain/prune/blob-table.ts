import type { Digest } from '../names/digest.ts'
import type { StoredManifest } from './inventory.ts'

/** A manifest where it lies; null: its digest is named, but it is not here. */
export type Holding = readonly [Digest, StoredManifest | null]

/**
 * Which blobs each holding consists of, as numbers: hundreds of thousands are looked up once, not once per
 * question.
 */
export interface BlobTable {
  readonly holdings: readonly Holding[]
  readonly count: number
  /** per blob; NaN where nobody said */
  readonly sizes: Float64Array
  /** the manifest itself, its config and its layers; of one that is not here nothing */
  readonly blobsOf: (holding: number) => Int32Array
  /** what it lists or mentions, as far as these are blobs of anything here */
  readonly namedBy: (holding: number) => number[]
}

/** A blob that is listed with several sizes has the last one. */
export function tabulate(holdings: readonly Holding[]): BlobTable {
  const ids = new Map<Digest, number>()
  const starts = new Int32Array(holdings.length + 1)
  holdings.forEach(([, manifest], at) => {
    starts[at + 1] = (starts[at] ?? 0) + (manifest === null ? 0 : 1 + manifest.blobs.length)
  })
  const total = starts[holdings.length] ?? 0
  const references = new Int32Array(total)
  const sizes = new Float64Array(total).fill(Number.NaN)
  let next = 0
  const add = (digest: Digest, size: number | null) => {
    const known = ids.get(digest)
    const id = known ?? ids.size
    if (known === undefined) ids.set(digest, id)
    if (size !== null) sizes[id] = size
    references[next] = id
    next += 1
  }
  for (const [digest, manifest] of holdings) {
    if (manifest === null) continue
    add(digest, manifest.size)
    for (const blob of manifest.blobs) add(blob.digest, blob.size)
  }
  return {
    holdings,
    count: ids.size,
    sizes,
    blobsOf: (holding) => references.subarray(starts[holding], starts[holding + 1]),
    namedBy: (holding) => (holdings[holding]?.[1]?.children ?? []).flatMap((digest) => ids.get(digest) ?? []),
  }
}
