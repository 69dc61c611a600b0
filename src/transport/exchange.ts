import type { Agent, IncomingMessage, RequestOptions } from 'node:http'
import { builtin } from './builtin.ts'
import type { HttpRequest } from './types.ts'

/** One request on the wire: no redirects, no retries, the body still unread. */
export interface WireRequest {
  readonly method: HttpRequest['method']
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  readonly userAgent: string
  readonly agent: Agent
  readonly signal: AbortSignal
}

/**
 * Sends it and waits for the headers. Node's own client: `@actions/http-client` adds a client and a timer to
 * each request, and its timer half-closes the socket, after which a body never ends.
 */
export function exchange(wire: WireRequest): Promise<IncomingMessage> {
  const { signal } = wire
  return new Promise((resolve, reject) => {
    const request = (wire.url.protocol === 'https:' ? builtin.https() : builtin.http()).request(
      optionsOf(wire),
      resolve,
    )
    // it stays until the body has ended: an error after the headers is that of the body
    request.on('error', reject)
    // a request that has no socket yet does not notice the signal by itself
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    if (wire.body === null) request.end()
    else request.end(wire.body, 'utf8')
  })
}

function optionsOf({ method, url, headers, body, userAgent, agent, signal }: WireRequest): RequestOptions {
  return {
    method,
    // Node would look up "[::1]" in the DNS
    host: url.hostname.replace(/^\[|\]$/g, ''),
    ...(url.port === '' ? {} : { port: url.port }),
    path: url.pathname + url.search,
    headers: {
      'user-agent': userAgent,
      'accept-encoding': 'identity',
      ...headers,
      ...(body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
    },
    agent,
    signal,
  }
}
