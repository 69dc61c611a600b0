import type { FileHandle } from 'node:fs/promises'
import { WardenError } from '../domain/errors.ts'
import { damaged } from './file-errors.ts'

/** Bytes from front to back. What is skipped is not read where the source can seek. */
export interface ByteSource {
  readonly position: number
  /**
   * one byte or more, at most `most`, nothing at the end; good until the next call, which may use the same
   * memory
   */
  readonly next: (most: number) => Promise<Buffer>
  /** goes forward, also beyond the end */
  readonly skip: (length: number) => Promise<void>
}

const CHUNK = 128 * 1024
/** A few megabytes of zstd can unpack to petabytes; larger images than this are not built. */
const MAX_UNPACKED = 256 * 1024 ** 3

/** A file that is read where it is needed, so that the gigabytes between two headers cost nothing. */
export class FileSource implements ByteSource {
  readonly #file: FileHandle
  readonly #signal: AbortSignal | undefined
  // one for all: gigabytes in buffers of their own would be garbage faster than it is collected
  readonly #buffer = Buffer.allocUnsafeSlow(CHUNK)
  position = 0

  constructor(file: FileHandle, signal?: AbortSignal) {
    this.#file = file
    this.#signal = signal
  }

  async next(most: number): Promise<Buffer> {
    stopWhen(this.#signal)
    const { bytesRead } = await this.#file.read(this.#buffer, 0, Math.min(most, CHUNK), this.position)
    this.position += bytesRead
    return this.#buffer.subarray(0, bytesRead)
  }

  async skip(length: number): Promise<void> {
    this.position += length
  }
}

/** What a decompressor puts out: everything has to pass, also what is skipped. */
export class StreamSource implements ByteSource {
  readonly #chunks: AsyncIterator<Buffer>
  readonly #signal: AbortSignal | undefined
  #rest: Buffer = Buffer.alloc(0)
  position = 0

  constructor(chunks: AsyncIterable<Buffer>, signal?: AbortSignal) {
    this.#chunks = chunks[Symbol.asyncIterator]()
    this.#signal = signal
  }

  async next(most: number): Promise<Buffer> {
    while (this.#rest.length === 0) {
      stopWhen(this.#signal)
      const chunk = await this.#chunks.next().catch((error: unknown) => {
        throw damaged(error)
      })
      if (chunk.done === true) return Buffer.alloc(0)
      this.#rest = chunk.value
    }
    const taken = this.#rest.subarray(0, most)
    this.#rest = this.#rest.subarray(taken.length)
    this.position += taken.length
    if (this.position > MAX_UNPACKED) throw new WardenError('protocol', 'the archive unpacks to over 256 GiB')
    return taken
  }

  async skip(length: number): Promise<void> {
    const end = this.position + length
    while (this.position < end) if ((await this.next(end - this.position)).length === 0) return
  }
}

/** The next `length` bytes; fewer only where the source ends. */
export async function readExactly(source: ByteSource, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length)
  let filled = 0
  while (filled < length) {
    const part = await source.next(length - filled)
    if (part.length === 0) break
    part.copy(bytes, filled)
    filled += part.length
  }
  return bytes.subarray(0, filled)
}

/** Everything there is, in chunks that are good until the next one is asked for. */
export async function* allOf(source: ByteSource): AsyncGenerator<Buffer, void> {
  for (;;) {
    const chunk = await source.next(CHUNK)
    if (chunk.length === 0) return
    yield chunk
  }
}

function stopWhen(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new WardenError('deadline', 'time was up before the archive was read')
}
