import { createHash } from 'node:crypto'
import type { Hash } from 'node:crypto'
import type { Digest } from '../domain/names/digest.ts'
import { parseDigest } from '../domain/names/digest.ts'
import { asBytes } from '../domain/quantities/bytes.ts'
import type { Bytes } from '../domain/quantities/bytes.ts'
import { compressionOf, gzippedLength } from './compression.ts'
import type { Compression } from './compression.ts'

export interface LayerWeight {
  /** of the bytes as they are */
  readonly digest: Digest
  readonly compression: Compression
  /** bytes as they are when they are compressed, else as many as gzip makes of them: an estimate */
  readonly size: Bytes
}

/** Weighs a layer in one pass, in memory that does not depend on its size. */
export async function weighLayer(content: AsyncIterable<Buffer>): Promise<LayerWeight> {
  const hash = createHash('sha256')
  const [start, whole] = await peek(hashing(content, hash))
  const compression = compressionOf(start)
  const size = compression === 'none' ? await gzippedLength(whole) : await lengthOf(whole)
  return { digest: parseDigest(`sha256:${hash.digest('hex')}`), compression, size: asBytes(size) }
}

async function* hashing(chunks: AsyncIterable<Buffer>, hash: Hash): AsyncGenerator<Buffer, void> {
  for await (const chunk of chunks) {
    hash.update(chunk)
    yield chunk
  }
}

async function lengthOf(chunks: AsyncIterable<Buffer>): Promise<number> {
  let length = 0
  for await (const chunk of chunks) length += chunk.length
  return length
}

/** The first bytes, enough for a magic number, and everything with them: chunks can be cut anywhere. */
async function peek(chunks: AsyncGenerator<Buffer>): Promise<[start: Buffer, whole: AsyncIterable<Buffer>]> {
  let start: Buffer = Buffer.alloc(0)
  while (start.length < 4) {
    const { done, value } = await chunks.next()
    if (done === true) break
    start = Buffer.concat([start, value])
  }
  return [start, restored(start, chunks)]
}

async function* restored(start: Buffer, rest: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  if (start.length > 0) yield start
  yield* rest
}
