import type { LayerBlob } from './ports.ts'

type Annotated = Pick<LayerBlob, 'annotations'>

/** Where zstd:chunked has its table of contents, and what its bytes must be. */
export interface ChunkedPosition {
  readonly start: number
  readonly length: number
  readonly unpacked: number
  /** digest of the table as it is stored */
  readonly checksum: string
}

const STARGZ = 'containerd.io/snapshot/stargz/toc.digest'
/** Podman's names; the older ones of stargz-snapshotter lack the host. */
const CHUNKED = ['io.github.containers.zstd-chunked', 'io.containers.zstd-chunked']

/** Whether a layer says that it has a table of its contents, in which a few kilobytes tell all. */
export function hasToc(layer: Annotated): boolean {
  return stargzDigest(layer) !== undefined || chunkedPosition(layer) !== null
}

/** What the table of an eStargz layer must be (stargz-snapshotter estargz.md, "Content Verification"). */
export function stargzDigest({ annotations }: Annotated): string | undefined {
  return annotations.get(STARGZ)
}

/**
 * `<offset>:<length>:<length unpacked>:<type>`, of which type 1 is known (containers/storage pkg/chunked).
 */
export function chunkedPosition({ annotations }: Annotated): ChunkedPosition | null {
  for (const prefix of CHUNKED) {
    const text = annotations.get(`${prefix}.manifest-position`) ?? ''
    const checksum = annotations.get(`${prefix}.manifest-checksum`)
    const [, start, length, unpacked] = /^(\d{1,15}):(\d{1,10}):(\d{1,10}):1$/.exec(text) ?? []
    if (start === undefined || checksum === undefined || Number(length) === 0) continue
    return { start: Number(start), length: Number(length), unpacked: Number(unpacked), checksum }
  }
  return null
}

/**
 * What reading a layer takes off the budget: of a table that reports no length the most that it should have.
 */
export function readingCost(layer: LayerBlob): number {
  const chunked = chunkedPosition(layer)
  if (chunked !== null) return Math.min(chunked.length, layer.size)
  return stargzDigest(layer) === undefined ? layer.size : Math.min(layer.size, Math.ceil(layer.size / 20))
}
