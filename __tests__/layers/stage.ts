import { gzipSync, zstdCompressSync } from 'node:zlib'
import { MOST_PATH_WEIGHT } from '../../src/domain/explain/ports.ts'
import type { LayerBlob } from '../../src/domain/explain/ports.ts'
import type { LayerContents } from '../../src/domain/explain/contents.ts'
import { asBytes } from '../../src/domain/quantities/bytes.ts'
import { streamLayer } from '../../src/layers/stream-layer.ts'
import { sha256 } from '../support/blobs.ts'

export const PACKED = {
  plain: (bytes: Buffer): Buffer => bytes,
  gzip: (bytes: Buffer): Buffer => gzipSync(bytes),
  zstd: (bytes: Buffer): Buffer => zstdCompressSync(bytes),
}

export function layerBlob(bytes: Buffer, changes: Partial<LayerBlob> = {}): LayerBlob {
  return {
    digest: sha256(bytes),
    size: asBytes(bytes.length),
    mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
    annotations: new Map(),
    ...changes,
  }
}

/** The bytes in pieces of these lengths, the last of them again and again. */
export async function* pieces(bytes: Buffer, ...lengths: readonly number[]): AsyncGenerator<Buffer, void> {
  let at = 0
  for (let index = 0; at < bytes.length; index += 1) {
    const length = Math.max(1, lengths[Math.min(index, lengths.length - 1)] ?? 65_536)
    yield bytes.subarray(at, at + length)
    at += length
  }
}

/** Reads a layer as it was stored. */
export async function read(bytes: Buffer, ...lengths: readonly number[]): Promise<LayerContents> {
  return streamLayer(pieces(bytes, ...lengths), layerBlob(bytes), { isExact: true, room: MOST_PATH_WEIGHT })
}

/** `{ path: size }` of files; other kinds by their name. */
export function listing({ entries }: LayerContents): Record<string, number | string> {
  return Object.fromEntries(
    Array.from(entries, ([path, { kind, size }]) => [path, kind === 'file' ? size : kind]),
  )
}
