import type { IncomingMessage } from 'node:http'
import { promisify } from 'node:util'
import { constants, gunzip } from 'node:zlib'

/** A body that ended before it was complete; as retryable as a reset. */
class CutBody extends Error {
  override readonly name = 'CutBody'
  readonly code = 'CUT'
}

/** A body that must not be used, with the reason as a phrase ("is larger than 4194304 bytes"). */
export class UnusableBody extends Error {
  override readonly name = 'UnusableBody'
}

/** As much of an error body as anybody needs (registry error bodies carry a code and a sentence). */
const errorBytes = 64 * 1024
const drainBytes = 64 * 1024
const inflate = promisify(gunzip)

/**
 * The body of a response, never more than `maxBytes`. `beat` is called for each chunk. The body of a redirect
 * or an error is cut instead of refused: the status is the answer.
 */
export async function readBody(
  message: IncomingMessage,
  maxBytes: number,
  beat: () => void,
): Promise<Buffer> {
  const isError = (message.statusCode ?? 0) >= 300
  const limit = isError ? Math.min(maxBytes, errorBytes) : maxBytes
  const announced = announcedLength(message)
  if (!isError && announced !== null && announced > limit) {
    message.destroy()
    throw tooLarge(limit)
  }
  const { bytes, rest } = await collect(message, limit, beat)
  if (rest && !isError) throw tooLarge(limit)
  return decode(bytes, message.headers['content-encoding'], limit, isError)
}

/**
 * Gets rid of a body and returns an empty one: reads a small one so that the connection can be used again,
 * hangs up on others.
 */
export async function dropBody(message: IncomingMessage, method: string, beat: () => void): Promise<Buffer> {
  const announced = announcedLength(message)
  const hasBody = method !== 'HEAD' && message.statusCode !== 204 && message.statusCode !== 304
  if (hasBody && (announced === null || announced > drainBytes)) {
    message.destroy()
    return Buffer.alloc(0)
  }
  // headers were all that was wanted: a body that breaks is nobody's concern
  await collect(message, drainBytes, beat).catch(() => message.destroy())
  return Buffer.alloc(0)
}

/**
 * The body of a response as it arrives; `beat` is called for each chunk. Left early, the connection is
 * closed: what is still to come would have to be read before it could be used again.
 */
export async function* streamBody(message: IncomingMessage, beat: (bytes: number) => void) {
  try {
    // compressed once more on its way, it would be something else than the blob, ranges included
    const encoding = (message.headers['content-encoding'] ?? '').trim().toLowerCase()
    if (encoding !== '' && encoding !== 'identity') {
      throw new UnusableBody('has a content encoding that was not asked for')
    }
    for await (const chunk of message as AsyncIterable<Buffer>) {
      beat(chunk.length)
      yield chunk
      // however long the reader took over it, that was not the server's silence
      beat(0)
    }
    if (!message.complete) throw new CutBody('the connection was closed mid-response')
  } finally {
    message.destroy()
  }
}

/**
 * Events, not a loop: an iterator costs as much as the whole rest of a small answer. `close` is what comes
 * where a connection breaks in mid-body, and neither `end` nor always `error` does.
 */
function collect(
  message: IncomingMessage,
  limit: number,
  beat: () => void,
): Promise<{ readonly bytes: Buffer; readonly rest: boolean }> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    let error: Error | null = null
    let isWhole = false
    message.on('data', (chunk: Buffer) => {
      beat()
      chunks.push(chunk)
      length += chunk.length
      if (length <= limit) return
      resolve({ bytes: Buffer.concat(chunks).subarray(0, limit), rest: true })
      message.destroy()
    })
    message.on('end', () => {
      isWhole = message.complete
      if (isWhole) resolve({ bytes: joined(chunks), rest: false })
    })
    message.on('error', (cause) => {
      error = cause
    })
    message.on('close', () => {
      // after each answer, and an error costs more than the rest of this
      if (isWhole) return
      reject(new CutBody('the connection was closed mid-response', { cause: error }))
    })
  })
}

function joined(chunks: readonly Buffer[]): Buffer {
  const [first] = chunks
  return chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks)
}

/** We ask for `identity`; some CDNs and misconfigured proxies compress all the same. */
async function decode(
  bytes: Buffer,
  encoding: string | undefined,
  limit: number,
  lenient: boolean,
): Promise<Buffer> {
  const name = (encoding ?? '').trim().toLowerCase()
  if (name === '' || name === 'identity' || bytes.length === 0) return bytes
  if (name !== 'gzip' && name !== 'x-gzip') {
    if (lenient) return Buffer.alloc(0)
    throw new UnusableBody('has a content encoding that was not asked for')
  }
  const finishFlush = lenient ? constants.Z_SYNC_FLUSH : constants.Z_FINISH
  try {
    return await inflate(bytes, { maxOutputLength: limit, finishFlush })
  } catch (error) {
    if (lenient) return Buffer.alloc(0)
    if (error instanceof RangeError) throw tooLarge(limit)
    throw new UnusableBody('is not valid gzip')
  }
}

function announcedLength(message: IncomingMessage): number | null {
  const text = message.headers['content-length'] ?? ''
  return /^\d{1,15}$/.test(text) ? Number(text) : null
}

function tooLarge(limit: number): UnusableBody {
  return new UnusableBody(`is larger than the ${limit} bytes allowed`)
}
