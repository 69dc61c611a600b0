import { type ErrorKind, type FailedExchange, WardenError } from '../domain/errors.ts'
import { UnusableBody } from './body.ts'
import { printableUrl } from './origin.ts'
import { ProxyRefusal } from './tunnel.ts'
import type { HttpRequest } from './types.ts'

/** What a failed request was, for its error. */
export interface FailureContext {
  readonly request: Pick<HttpRequest, 'method' | 'purpose'>
  /** The URL that failed, which may be that of a redirect. */
  readonly url: URL
  readonly tries: number
  /** `host:port` of the proxy in between, or null. */
  readonly proxy: string | null
}

interface Explanation {
  readonly kind: ErrorKind
  readonly what: (host: string) => string
  readonly advice: string | null
}

const spelling = "Check the spelling of the registry's host name, and that the runner can reach it"
const proxySettings = 'Check HTTPS_PROXY, HTTP_PROXY and NO_PROXY'
const ownCertificate = 'Give the CA that signed it in ca-file, or for a test registry set insecure: true'
const tryLater = 'Run the step again, or check the state of the registry'

const hungUp: Explanation = {
  kind: 'network',
  what: (host) => `${host} closed the connection`,
  advice: tryLater,
}
const untrusted: Explanation = {
  kind: 'tls',
  what: (host) => `the certificate of ${host} is not trusted`,
  advice: ownCertificate,
}

const explanations: ReadonlyMap<string, Explanation> = new Map<string, Explanation>([
  ['ENOTFOUND', { kind: 'network', what: (host) => `host not found: ${host}`, advice: spelling }],
  [
    'EAI_AGAIN',
    { kind: 'network', what: (host) => `the name ${host} could not be resolved`, advice: spelling },
  ],
  [
    'ECONNREFUSED',
    {
      kind: 'network',
      what: (host) => `nothing answers at ${host}`,
      advice: 'Check host and port, and that a server listens there',
    },
  ],
  ['ECONNRESET', hungUp],
  ['EPIPE', hungUp],
  [
    'CUT',
    { kind: 'network', what: (host) => `${host} closed the connection mid-response`, advice: tryLater },
  ],
  ['ETIMEDOUT', { kind: 'network', what: (host) => `${host} does not answer`, advice: spelling }],
  ['EHOSTUNREACH', { kind: 'network', what: (host) => `there is no route to ${host}`, advice: spelling }],
  ['ENETUNREACH', { kind: 'network', what: (host) => `there is no route to ${host}`, advice: spelling }],
  ['STALLED', { kind: 'deadline', what: (host) => `${host} stopped responding`, advice: tryLater }],
  ['OVERDUE', { kind: 'deadline', what: (host) => `${host} took too long to answer`, advice: tryLater }],
  [
    'RUN_OVER',
    { kind: 'deadline', what: () => 'the time for this run is over', advice: 'Raise max-duration' },
  ],
  ['CANCELLED', { kind: 'deadline', what: () => 'the job was cancelled', advice: null }],
  ['DISPOSED', { kind: 'network', what: () => 'the connection was closed by this action', advice: tryLater }],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', untrusted],
  [
    'CERT_HAS_EXPIRED',
    {
      kind: 'tls',
      what: (host) => `the certificate of ${host} has expired`,
      advice: 'Renew the certificate',
    },
  ],
  [
    'ERR_TLS_CERT_ALTNAME_INVALID',
    {
      kind: 'tls',
      what: (host) => `the certificate of ${host} is for another host`,
      advice: 'Use the host name that the certificate is for',
    },
  ],
  [
    'HPE_HEADER_OVERFLOW',
    {
      kind: 'protocol',
      what: (host) => `the headers of ${host} are larger than 16 KiB`,
      advice: 'Check for a proxy or login page in front of the registry',
    },
  ],
])

const handshakeFailed: Explanation = {
  kind: 'tls',
  what: (host) => `${host} and this runner found no common way to speak TLS`,
  advice: 'Check which TLS versions and client certificates the registry asks for',
}

const notTls: Explanation = {
  kind: 'tls',
  what: (host) => `${host} does not speak TLS`,
  advice: 'If it is a plain HTTP registry, choose that by registry: http://HOST',
}

const notTunnelled: Explanation = {
  ...notTls,
  advice: 'If it does, the proxy answers in its place: list the host in NO_PROXY',
}

const notHttp: Explanation = {
  kind: 'protocol',
  what: (host) => `${host} does not answer in HTTP`,
  advice: 'Check host and port; TLS is chosen by registry: https://HOST, also for a loopback host',
}

/** Node's code of an error, looked for in its causes too; `UNKNOWN` when there is none. */
export function codeOf(error: unknown): string {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if ('code' in at && typeof at.code === 'string') return at.code
  }
  return 'UNKNOWN'
}

/**
 * The error a user sees for a request that got no answer. Its text holds neither queries nor anything a
 * server sent.
 */
export function explainFailure(error: unknown, context: FailureContext): WardenError {
  if (error instanceof WardenError) return error
  if (error instanceof UnusableBody) {
    return failure('protocol', `the answer of ${context.url.host} ${error.message}`, null, context)
  }
  if (error instanceof ProxyRefusal) return explainProxy(error, context)
  const code = codeOf(error)
  const known = explanation(code, error)
  // a proxy that answers CONNECT with a page of its own speaks no TLS either
  const { kind, what, advice } = known === notTls && context.proxy !== null ? notTunnelled : known
  const times = context.tries > 1 ? `, ${context.tries} tries` : ''
  const via = context.proxy === null ? '' : `, through the proxy ${context.proxy}`
  return failure(kind, `${what(context.url.host)} (${code}${times}${via})`, advice, context)
}

/** An error about an exchange, its purpose in front. */
export function failure(
  kind: ErrorKind,
  what: string,
  advice: string | null,
  { request, url }: Pick<FailureContext, 'request' | 'url'>,
  status: number | null = null,
): WardenError {
  const exchange: FailedExchange = { method: request.method, url: printableUrl(url), status, codes: [] }
  return new WardenError(kind, `${request.purpose}: ${what}`, { advice, exchange })
}

function explanation(code: string, error: unknown): Explanation {
  const known = explanations.get(code)
  if (known !== undefined) return known
  if (code.startsWith('HPE_')) return notHttp
  if (code === 'EPROTO' || code.startsWith('ERR_SSL_')) {
    // OpenSSL's words for an answer in plain text
    const isPlain =
      error instanceof Error && /wrong version number|packet length too long/i.test(error.message)
    return isPlain ? notTls : handshakeFailed
  }
  // OpenSSL has some thirty codes for a chain it does not like
  if (/CERT|CA$|SIGNATURE|^UNABLE_TO_/.test(code)) return untrusted
  return { kind: 'network', what: (host) => `the request to ${host} failed`, advice: tryLater }
}

function explainProxy(error: ProxyRefusal, context: FailureContext): WardenError {
  const proxy = `the proxy ${context.proxy ?? ''}`
  const { host } = context.url
  if (error.status === null) {
    return failure('network', `no connection to ${proxy} (${error.code})`, proxySettings, context)
  }
  if (error.status === 407) {
    const advice = 'Put user and password of the proxy into HTTPS_PROXY, or list the host in NO_PROXY'
    return failure('network', `${proxy} wants credentials to reach ${host} (407)`, advice, context)
  }
  return failure(
    'network',
    `${proxy} does not let us reach ${host} (${error.status})`,
    proxySettings,
    context,
  )
}
