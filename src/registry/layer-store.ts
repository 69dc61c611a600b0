import { WardenError } from '../domain/errors.ts'
import type { ErrorKind } from '../domain/errors.ts'
import type { ByteRange, LayerBlob, LayerStore } from '../domain/explain/ports.ts'
import { formatRepository } from '../domain/names/reference.ts'
import type { Repository } from '../domain/names/reference.ts'
import { headerValue } from '../transport/headers.ts'
import type { BodyStream, HttpResponse } from '../transport/types.ts'
import type { Ask, Question } from './endpoint.ts'
import { registryFailure } from './failures.ts'

/** What breaks a stream without saying anything of the blob: it is asked for again from where it broke. */
const PASSING: ReadonlySet<ErrorKind> = new Set(['network', 'deadline', 'server'])
/** Breaks that are put up with, of one blob. */
const MOST_BREAKS = 5
const MAX_ERROR_BYTES = 64 * 1024

/**
 * The layers of a repository (distribution-spec, "Pulling blobs"): as they arrive, never stored. Redirects to
 * a storage are followed by the transport, without credentials.
 */
export function createLayerStore(ask: Ask, repository: Repository): LayerStore {
  async function* open(blob: LayerBlob, range: ByteRange | null): AsyncGenerator<Buffer, void> {
    const end = range?.end ?? blob.size
    let at = range?.start ?? 0
    for (let breaks = 0; ; breaks += 1) {
      try {
        const stream = await request(blob, range === null && at === 0 ? null : { start: at, end })
        try {
          for await (const chunk of stream.chunks) {
            at += chunk.length
            yield chunk
          }
        } finally {
          stream.cancel()
        }
        return
      } catch (error) {
        const isPassing = error instanceof WardenError && PASSING.has(error.kind)
        if (!isPassing || breaks >= MOST_BREAKS || at >= end) throw error
      }
    }
  }

  async function request({ digest }: LayerBlob, range: ByteRange | null): Promise<BodyStream> {
    const question: Question = {
      resource: `blobs/${digest}`,
      subject: 'blob',
      purpose: `layer ${formatRepository(repository)}@${digest}`,
      maxBytes: MAX_ERROR_BYTES,
      responseBody: 'stream',
      ...(range === null ? {} : { headers: { range: `bytes=${range.start}-${range.end - 1}` } }),
    }
    const exchange = await ask(question)
    const { response } = exchange
    const { stream } = response
    if (stream === undefined) throw registryFailure(exchange)
    const isAsked = range === null ? response.status === 200 : isPart(response, range)
    if (isAsked) return stream
    stream.cancel()
    throw new WardenError('unsupported', `${question.purpose}: the registry sends no part of a blob`)
  }

  return { isLocal: false, isExact: true, open }
}

/** Some servers answer a range with all of it; others with another one (RFC 9110 14.2). */
function isPart(response: HttpResponse, { start }: ByteRange): boolean {
  const sent = /^bytes (\d{1,16})-/.exec(headerValue(response, 'content-range') ?? '')?.[1]
  return response.status === 206 && sent !== undefined && Number(sent) === start
}
