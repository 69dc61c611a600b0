import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { serve, type Certificate, type Served } from './loopback.ts'

/** One request as it passed by; the position in the log is its number, from 1. */
export interface PassedRequest {
  readonly method: string
  /** path without query */
  readonly path: string
  readonly query: string
  /** null when a fault left the client without an answer */
  readonly status: number | null
  /** of the body that went back to the client */
  readonly bytes: number
}

/** What happens to a request instead of, or on the way back from, the registry. */
export type Fault =
  /** the connection ends before any answer; the registry has not seen the request */
  | { readonly kind: 'reset' }
  /** the registry has carried the request out, then the connection ends before its answer arrives */
  | { readonly kind: 'reset-after' }
  /** half of the body, then the connection ends */
  | { readonly kind: 'cut-body' }
  /** no answer until the client gives up */
  | { readonly kind: 'stall' }
  | {
      readonly kind: 'status'
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body?: string
    }

export interface ProxyOptions {
  /** waited before each request is passed on */
  readonly delayMs?: number
  /** speaks TLS to the client; the registry behind is told so */
  readonly certificate?: Certificate
  /** asked for each request with its number from 1 */
  readonly fault?: (
    number: number,
    request: { readonly method: string; readonly path: string },
  ) => Fault | null
}

/** A reverse proxy of this process that counts, delays and breaks what passes through it. */
export interface CountingProxy extends Served {
  readonly requests: readonly PassedRequest[]
  /** most requests that were open at the same time */
  readonly peakInFlight: () => number
  /** forgets the requests so far; numbers start at 1 again */
  readonly reset: () => void
}

export async function startCountingProxy(
  upstream: string,
  options: ProxyOptions = {},
): Promise<CountingProxy> {
  const requests: PassedRequest[] = []
  let arrived = 0
  let inFlight = 0
  let peak = 0
  const served = await serve(async (request, response) => {
    const url = new URL(request.url ?? '/', upstream)
    const seen = { method: request.method ?? '', path: url.pathname, query: url.search.slice(1) }
    const fault = options.fault?.(++arrived, seen) ?? null
    peak = Math.max(peak, ++inFlight)
    response.once('close', () => inFlight--)
    if (options.delayMs) await sleep(options.delayMs)
    const passed = await passOn(request, response, url, fault, options.certificate !== undefined)
    requests.push({ ...seen, ...passed })
  }, options.certificate)
  return {
    ...served,
    requests,
    peakInFlight: () => peak,
    reset: () => {
      requests.length = 0
      arrived = 0
      peak = inFlight
    },
  }
}

const NOTHING = { status: null, bytes: 0 }

async function passOn(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  fault: Fault | null,
  secure: boolean,
): Promise<Pick<PassedRequest, 'status' | 'bytes'>> {
  if (fault?.kind === 'stall') return NOTHING
  if (fault?.kind === 'reset') {
    request.socket.destroy()
    return NOTHING
  }
  if (fault?.kind === 'status') {
    response
      .writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers })
      .end(fault.body ?? '')
    return { status: fault.status, bytes: fault.body?.length ?? 0 }
  }
  const answer = await forward(request, url, secure)
  const body = Buffer.concat(await answer.toArray())
  if (fault?.kind === 'reset-after') {
    request.socket.destroy()
    return NOTHING
  }
  response.writeHead(answer.statusCode ?? 502, answer.headersDistinct)
  if (fault?.kind === 'cut-body') {
    response.write(body.subarray(0, Math.floor(body.length / 2)), () => request.socket.destroy())
    return NOTHING
  }
  response.end(body)
  return { status: answer.statusCode ?? null, bytes: body.length }
}

/** Keeps the client's Host header, so that the URLs in the registry's answers lead back here. */
function forward(request: IncomingMessage, url: URL, secure: boolean): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { ...request.headers, ...(secure && { 'x-forwarded-proto': 'https' }) }
    const outgoing = httpRequest(url, { method: request.method, headers }, resolve)
    outgoing.once('error', reject)
    request.pipe(outgoing)
  })
}
