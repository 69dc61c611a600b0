import type * as http from 'node:http'
import type * as https from 'node:https'
import { isIP, Socket } from 'node:net'
import type { SecureContext } from 'node:tls'
import { builtin } from './builtin.ts'

/** The proxy opened no tunnel; `code` is what the retry policy goes by. */
export class ProxyRefusal extends Error {
  override readonly name = 'ProxyRefusal'
  /** What the proxy answered, or null when it was not even reached. */
  readonly status: number | null
  readonly code: string

  constructor(status: number | null, cause?: NodeJS.ErrnoException) {
    super('the proxy opened no tunnel', { cause })
    this.status = status
    const unavailable = status !== null && [502, 503, 504].includes(status)
    this.code = unavailable ? 'PROXY_UNAVAILABLE' : (cause?.code ?? 'PROXY_REFUSED')
  }
}

export interface Proxy {
  readonly url: URL
  readonly secureContext: SecureContext | null
  readonly timeout: number
}

/**
 * Opens a socket through an HTTP proxy to an origin, by CONNECT. `pending` holds the request while it is
 * under way. A socket that comes with an error is of no use.
 */
export function openTunnel(
  proxy: Proxy,
  target: URL,
  pending: Set<http.ClientRequest>,
  done: (error: ProxyRefusal | null, socket: Socket) => void,
): void {
  const port = target.port === '' ? defaultPort(target) : target.port
  const request = startConnect(proxy, `${target.hostname}:${port}`)
  pending.add(request)
  request.once('close', () => pending.delete(request))
  request.once('connect', (response, socket: Socket, head) => {
    const opened = response.statusCode === 200
    if (!opened) socket.destroy()
    socket.setTimeout(0)
    if (head.length > 0) socket.unshift(head)
    done(opened ? null : new ProxyRefusal(response.statusCode ?? 0), socket)
  })
  request.once('timeout', () => request.destroy(new Error('no answer to CONNECT')))
  request.once('error', (error) => done(new ProxyRefusal(null, error), new Socket()))
  request.end()
}

function startConnect({ url, secureContext, timeout }: Proxy, authority: string): http.ClientRequest {
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const options: https.RequestOptions = {
    method: 'CONNECT',
    host,
    // else the name in the Host header is expected in the proxy's certificate, and that is the registry's
    servername: isIP(host) === 0 ? host : '',
    port: url.port === '' ? defaultPort(url) : url.port,
    path: authority,
    headers: { host: authority, ...proxyAuthorization(url) },
    agent: false,
    timeout,
    ...(secureContext === null ? {} : { secureContext }),
  }
  return (url.protocol === 'https:' ? builtin.https() : builtin.http()).request(options)
}

function defaultPort({ protocol }: URL): number {
  return protocol === 'https:' ? 443 : 80
}

function proxyAuthorization(url: URL): Record<string, string> {
  if (url.username === '' && url.password === '') return {}
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` }
}
