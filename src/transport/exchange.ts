import type { HttpClient } from '@actions/http-client'
import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http'
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
  readonly watch: Pick<Watch, 'onInterrupt' | 'reason'>
}

/** Never fires: the client's own timer half-closes the socket, after which a body never ends. */
const socketTimeout = 2 ** 31 - 1

/**
 * One client for all requests: the connections belong to `agent`, and redirects, retries and deadlines are
 * decided by those who call. Loaded with the first request, and Node's TLS with it.
 */
let client: Promise<HttpClient> | null = null

const late = { client: () => import('@actions/http-client') }

async function loadClient(): Promise<HttpClient> {
  const { HttpClient } = await late.client()
  return new HttpClient(undefined, [], { socketTimeout })
}

/** Sends it and waits for the headers. */
export async function exchange(wire: WireRequest): Promise<IncomingMessage> {
  const sender = await (client ??= loadClient())
  return new Promise((resolve, reject) => {
    const node = wire.url.protocol === 'https:' ? builtin.https() : builtin.http()
    let request: ClientRequest | null = null
    // of the module it is given, the client only calls this
    const httpModule: typeof node = Object.create(node, {
      request: {
        value: (options: RequestOptions, answered: (message: IncomingMessage) => void) =>
          (request = node.request(options, answered)),
      },
    })
    wire.watch.onInterrupt((reason) => {
      request?.destroy()
      // one that has no socket yet does not notice by itself
      reject(reason)
    })
    if (wire.watch.reason() !== null) return
    // `requestRaw` and all above it build the options of each request from scratch, proxy and agent included
    sender.requestRawWithCallback(
      { options: optionsOf(wire), parsedUrl: wire.url, httpModule },
      wire.body,
      (error, response) => {
        if (response === undefined) reject(error ?? new Error('no response'))
        else resolve(response.message)
      },
    )
  })
}

function optionsOf({ method, url, headers, userAgent, agent }: WireRequest): RequestOptions {
  const own: Record<string, string> = { 'user-agent': userAgent, 'accept-encoding': 'identity' }
  for (const name in headers) own[name] = headers[name] ?? ''
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
