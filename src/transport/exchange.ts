import type { Agent, IncomingMessage, RequestOptions } from 'node:http'
import { builtin } from './builtin.ts'
import type { HttpRequest } from './types.ts'
import type { Watch } from './watch.ts'

/** One request on the wire: no redirects, no retries, the body still unread. */
export interface WireRequest {
  readonly method: HttpRequest['method']
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  readonly userAgent: string
  readonly agent: Agent
  readonly watch: Pick<Watch, 'onInterrupt'>
}

/**
 * Sends it and waits for the headers. Node's own client: `@actions/http-client` adds a client and a timer to
 * each request, and its timer half-closes the socket, after which a body never ends.
 */
export function exchange(wire: WireRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const request = (wire.url.protocol === 'https:' ? builtin.https() : builtin.http()).request(
      optionsOf(wire),
      resolve,
    )
    // it stays until the body has ended: an error after the headers is that of the body
    request.on('error', reject)
    wire.watch.onInterrupt((reason) => {
      request.destroy()
      // one that has no socket yet does not notice by itself
      reject(reason)
    })
    if (wire.body === null) request.end()
    else request.end(wire.body, 'utf8')
  })
}

function optionsOf({ method, url, headers, body, userAgent, agent }: WireRequest): RequestOptions {
  const own: Record<string, string> = { 'user-agent': userAgent, 'accept-encoding': 'identity' }
  for (const name in headers) own[name] = headers[name] ?? ''
  if (body !== null) own['content-length'] = String(Buffer.byteLength(body))
  const { hostname, port } = url
  return {
    method,
    // Node would look up "[::1]" in the DNS
    host: hostname.startsWith('[') ? hostname.slice(1, -1) : hostname,
    port: port === '' ? null : port,
    path: url.pathname + url.search,
    headers: own,
    agent,
  }
}
