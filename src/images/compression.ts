import { createHash } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Digest } from '../domain/names/digest.ts'
import { parseDigest } from '../domain/names/digest.ts'
import { asBytes } from '../domain/quantities/bytes.ts'
import type { Bytes } from '../domain/quantities/bytes.ts'

export type Compression = 'gzip' | 'zstd' | 'none'

/** How bytes are compressed, by their magic number (RFC 1952 2.3.1, RFC 8878 3.1). */
export function compressionOf(start: Buffer): Compression {
  if (start.length >= 2 && start.readUInt16BE() === 0x1f8b) return 'gzip'
  if (start.length < 4) return 'none'
  const magic = start.readUInt32LE()
  // a zstd file may start with skippable frames: sixteen more numbers
  return magic === 0xfd2fb528 || (magic & 0xfffffff0) >>> 0 === 0x184d2a50 ? 'zstd' : 'none'
}

export interface WeighedLayer {
  /** of the bytes as they are */
  readonly digest: Digest
  readonly compression: Compression
  /** bytes as they are when they are compressed, else as many as gzip makes of them: an estimate */
  readonly size: Bytes
}

/** Weighs a layer in one pass, in memory that does not depend on its size. */
export async function weighLayer(content: AsyncIterable<Buffer>): Promise<WeighedLayer> {
  const hash = createHash('sha256')
  const [start, whole] = await peek(content)
  const compression = compressionOf(start)
  let size = 0
  const count = async (chunks: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of chunks) size += chunk.length
  }
  const hashed = hashing(whole, hash)
  // level 6, as docker push, containerd and zlib have it by default
  await (compression === 'none' ? pipeline(hashed, createGzip({ level: 6 }), count) : count(hashed))
  return { digest: parseDigest(`sha256:${hash.digest('hex')}`), compression, size: asBytes(size) }
}

async function* hashing(
  chunks: AsyncIterable<Buffer>,
  hash: ReturnType<typeof createHash>,
): AsyncGenerator<Buffer, void> {
  for await (const chunk of chunks) {
    hash.update(chunk)
    yield chunk
  }
}

/** The first bytes, enough for a magic number, and everything with them; chunks can be cut anywhere. */
async function peek(chunks: AsyncIterable<Buffer>): Promise<[start: Buffer, whole: AsyncIterable<Buffer>]> {
  const iterator = chunks[Symbol.asyncIterator]()
  let start: Buffer = Buffer.alloc(0)
  while (start.length < 4) {
    const { done, value } = await iterator.next()
    if (done === true) break
    start = Buffer.concat([start, value])
  }
  return [start, restored(start, { [Symbol.asyncIterator]: () => iterator })]
}

async function* restored(start: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  if (start.length > 0) yield start
  yield* rest
}
