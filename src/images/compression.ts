import { pipeline } from 'node:stream'
import { createGunzip, createGzip, createZstdDecompress } from 'node:zlib'

/** How bytes are compressed. */
export type Compression = 'gzip' | 'zstd' | 'none'

/** By the first four bytes, the magic number (RFC 1952 2.3.1, RFC 8878 3.1). */
export function compressionOf(start: Buffer): Compression {
  if (start.length >= 2 && start.readUInt16BE() === 0x1f8b) return 'gzip'
  if (start.length < 4) return 'none'
  const magic = start.readUInt32LE()
  // a zstd file may start with skippable frames: sixteen more numbers
  return magic === 0xfd2fb528 || (magic & 0xfffffff0) >>> 0 === 0x184d2a50 ? 'zstd' : 'none'
}

const CHUNK = 64 * 1024
/**
 * Each write is waited for, so that what was written may be overwritten; chunks come out one by one as they
 * were made, never several copied into one.
 */
const OPTIONS = {
  chunkSize: CHUNK,
  writableHighWaterMark: 1,
  readableHighWaterMark: 1,
  readableObjectMode: true,
}

/** The chunks uncompressed; each is good until the next one is asked for, going in as well as coming out. */
export async function* unpacked(
  chunks: AsyncIterable<Buffer>,
  compression: 'gzip' | 'zstd',
): AsyncGenerator<Buffer, void> {
  const engine = compression === 'gzip' ? createGunzip(OPTIONS) : createZstdDecompress(OPTIONS)
  // an error of the input destroys the engine, where the loop below meets it
  yield* released(pipeline(chunks, engine, () => undefined))
}

/** How many bytes gzip makes of the chunks; level 6, as zlib, Docker and containerd have it by default. */
export async function gzippedLength(chunks: AsyncIterable<Buffer>): Promise<number> {
  let length = 0
  const engine = pipeline(chunks, createGzip({ ...OPTIONS, level: 6 }), () => undefined)
  for await (const chunk of released(engine)) length += chunk.length
  return length
}

/**
 * Frees what an engine put out as soon as it goes on to its next buffer. Left to the garbage collector, which
 * hardly sees memory outside its heap, more than 64 MiB would pile up first.
 */
async function* released(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer, void> {
  let last: ArrayBufferLike | null = null
  for await (const chunk of chunks) {
    if (last instanceof ArrayBuffer && last !== chunk.buffer && last.byteLength === CHUNK) last.transfer(0)
    last = chunk.buffer
    yield chunk
  }
}
