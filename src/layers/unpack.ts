import type { Transform } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { WardenError } from '../domain/errors.ts'
import { sanitiseLine } from '../domain/text.ts'
import type { Compression } from '../images/compression.ts'
import { ZstdFrames } from './zstd-frames.ts'

/** Takes what a layer unpacks to. */
export interface Sink {
  /** nothing more is wanted */
  readonly isDone: boolean
  /**
   * A chunk, good until `write` returns, and how many compressed bytes it was made of: to the granularity of
   * what was read, 64 KiB at most.
   */
  readonly write: (chunk: Buffer, compressed: number) => void
}

export interface Unpacker {
  /** Resolves when the bytes may be overwritten. */
  readonly write: (chunk: Buffer) => Promise<void>
  /** Rejects where the stream cannot end here. */
  readonly end: () => Promise<void>
  /** Frees what it holds, finished or not. */
  readonly close: () => void
}

const OPTIONS = { chunkSize: 64 * 1024 }
/** What is fed at once, and so the granularity of positions. */
const MOST_AT_ONCE = 64 * 1024

/**
 * Unpacks into a sink that takes its chunks at once: a promise for each would cost more than unpacking them.
 * An error of the sink ends it.
 */
export function createUnpacker(compression: Compression, sink: Sink): Unpacker {
  if (compression === 'none') {
    return {
      write: async (chunk) => sink.write(chunk, chunk.length),
      end: async () => undefined,
      close: () => undefined,
    }
  }
  return compression === 'gzip'
    ? throughEngine(createGunzip(OPTIONS), sink, null)
    : throughEngine(createZstdDecompress(OPTIONS), sink, new ZstdFrames())
}

type Engine = Transform & { readonly bytesWritten: number }

function throughEngine(engine: Engine, sink: Sink, frames: ZstdFrames | null): Unpacker {
  const state: { failure: unknown; hasEnded: boolean } = { failure: null, hasEnded: false }
  const { promise: ended, resolve: onEnd } = Promise.withResolvers<void>()
  // a write that was under way when the engine failed is never answered
  let onWritten: () => void = () => undefined
  const take = chunkTaker(engine, sink)
  engine.on('data', (chunk: Buffer) => {
    if (state.failure !== null || sink.isDone) return
    try {
      take(chunk)
    } catch (error) {
      state.failure = error
      engine.destroy()
    }
  })
  engine.on('error', (error) => (state.failure ??= damaged(error)))
  engine.once('end', () => (state.hasEnded = true))
  engine.once('close', () => {
    onEnd()
    onWritten()
  })
  const check = () => {
    // what fails here was thrown by our own sink, or made an error of ours above
    if (state.failure !== null) throw state.failure
  }
  const feed = async (piece: Buffer): Promise<void> => {
    if (state.hasEnded || sink.isDone) return
    await new Promise<void>((resolve) => {
      onWritten = resolve
      engine.write(piece, () => resolve())
    })
    check()
  }
  return {
    write: async (chunk) => {
      for (let at = 0; at < chunk.length; at += MOST_AT_ONCE) {
        const part = chunk.subarray(at, at + MOST_AT_ONCE)
        if (frames === null) await feed(part)
        else for (const piece of frames.cut(part)) await feed(piece)
      }
    },
    end: async () => {
      if (sink.isDone) return
      if (frames?.isComplete === false) throw damaged(new Error('it ends within a frame'))
      engine.end()
      await ended
      check()
    },
    close: () => void engine.destroy(),
  }
}

/** Hands a chunk on with the bytes that the engine has taken in since the last one. */
function chunkTaker(engine: Engine, sink: Sink): (chunk: Buffer) => void {
  let taken = 0
  let last: ArrayBufferLike | null = null
  return (chunk) => {
    // left to the garbage collector, which hardly sees memory outside its heap, buffers would pile up
    if (last instanceof ArrayBuffer && last !== chunk.buffer && last.byteLength === OPTIONS.chunkSize) {
      last.transfer(0)
    }
    last = chunk.buffer
    const compressed = engine.bytesWritten - taken
    taken += compressed
    sink.write(chunk, compressed)
  }
}

function damaged(error: unknown): WardenError {
  const reason = sanitiseLine(error instanceof Error ? error.message : String(error), 100)
  return new WardenError('protocol', `it is damaged: ${reason}`, { cause: error })
}
