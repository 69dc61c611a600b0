import { grantHint } from '../credentials/hints.ts'
import { WardenError } from '../domain/errors.ts'
import type { ErrorKind } from '../domain/errors.ts'
import type { Registry } from '../domain/names/reference.ts'
import { vendorOf } from '../domain/vendors/vendors.ts'
import { headerValue } from '../transport/headers.ts'
import { printableUrl } from '../transport/origin.ts'
import type { HttpRequest, HttpResponse } from '../transport/types.ts'
import { isHtml, parseRegistryErrors } from '../wire/error-body.ts'
import type { RegistryErrors } from '../wire/error-body.ts'

/** What was asked for, which decides what a bare 404 means. */
export type Subject = 'manifest' | 'blob' | 'tags' | 'catalog' | 'referrers'

/** An exchange whose answer is not what was asked for. */
export interface Exchange {
  readonly request: Pick<HttpRequest, 'method' | 'url' | 'purpose'>
  readonly response: HttpResponse
  readonly registry: Registry
  readonly subject: Subject
}

/** The error for an answer with the wrong status: status first, code second, text for people only. */
export function registryFailure(exchange: Exchange): WardenError {
  const { request, response, registry } = exchange
  const errors = parseRegistryErrors(response.body, headerValue(response, 'content-type'))
  const kind = kindOf(exchange, errors)
  const said = [[response.status, ...errors.codes].join(' '), errors.text].filter(Boolean).join(': ')
  const phrase = errors.isHtml && kind === 'protocol' ? 'the answer is a web page' : PHRASES[kind]
  return new WardenError(kind, `${request.purpose}: ${phrase} (${said})`, {
    advice: deniedWrite(kind, exchange) ?? adviceFor(kind, registry, errors),
    exchange: factsOf(request, response, errors.codes),
  })
}

/** Nobody deletes what could not be read a moment ago, so it is not the login that is wrong. */
function deniedWrite(kind: ErrorKind, { request, registry }: Exchange): string | null {
  if (request.method !== 'DELETE' || (kind !== 'denied' && kind !== 'unauthorized')) return null
  const hint = grantHint(registry) ?? 'give it the permission to delete, or use another one'
  return `This login may read, but not delete; ${hint}`
}

/**
 * Runs a parser over the body of an answer, so that its error says which request it was, and that a web page
 * is one. The parser goes first: static servers send manifests as `text/html`.
 */
export function readAnswer<T>(exchange: Exchange, parse: (response: HttpResponse) => T): T {
  const { request, response, registry } = exchange
  try {
    return parse(response)
  } catch (cause) {
    if (!(cause instanceof WardenError)) throw cause
    if (isHtml(response.body, headerValue(response, 'content-type'))) throw notARegistry(exchange)
    throw new WardenError(cause.kind, `${request.purpose}: ${cause.message}`, {
      advice: cause.advice ?? adviceFor(cause.kind, registry, null),
      exchange: factsOf(request, response, []),
      cause,
    })
  }
}

/** A web page with a good status: a login page, a single-page application, a wrong host. */
function notARegistry({ request, response, registry }: Exchange): WardenError {
  const from = response.url.host === request.url.host ? '' : ` after a redirect to ${response.url.host}`
  return new WardenError(
    'protocol',
    `${request.purpose}: the answer is a web page${from}; ${registry.host} is not a registry`,
    { advice: WEB_PAGE, exchange: factsOf(request, response, []) },
  )
}

function kindOf(
  { response: { status }, subject }: Exchange,
  { codes, text, isHtml }: RegistryErrors,
): ErrorKind {
  if (status === 401) return 'unauthorized'
  if (status === 429 || codes.includes('TOOMANYREQUESTS')) return 'rate-limit'
  if (status === 403 || status === 451) return 'denied'
  if ((status === 404 || status === 410) && (isHtml || NOT_OF_THIS_TYPE.test(text ?? ''))) return 'protocol'
  if (status === 404 || status === 410) return missing(subject, codes)
  if (status === 405 || status === 501 || codes.includes('UNSUPPORTED')) return 'unsupported'
  if (status >= 500) return 'server'
  return codes.includes('NAME_INVALID') ? 'input' : 'protocol'
}

/** distribution: "OCI index found, but accept header does not support OCI indexes", as MANIFEST_UNKNOWN. */
const NOT_OF_THIS_TYPE = /\bfound, but accept header\b/i

/** Harbor and registry.redhat.io call a missing manifest `UNKNOWN`, and HEAD has no code at all. */
function missing(subject: Subject, codes: readonly string[]): ErrorKind {
  if (subject === 'catalog') return 'unsupported'
  return subject === 'tags' || codes.includes('NAME_UNKNOWN') ? 'not-found-repository' : 'not-found'
}

const PHRASES: Readonly<Record<ErrorKind, string>> = {
  input: 'the registry does not accept this name',
  network: 'the connection failed',
  tls: 'the certificate is not trusted',
  unauthorized: 'the registry asks for a login',
  denied: 'not permitted',
  'not-found': 'not found',
  'not-found-repository': 'the registry has no such repository',
  'rate-limit': 'too many requests',
  unsupported: 'the registry does not offer this',
  protocol: 'unexpected answer',
  integrity: 'the content does not match its digest',
  deadline: 'out of time',
  server: 'the registry failed',
}

const WEB_PAGE =
  'Check host, port and path; a proxy or login page in front of the registry must let clients through'

function adviceFor(kind: ErrorKind, registry: Registry, errors: RegistryErrors | null): string | null {
  const { rateLimitAdvice, noRepositoryAdvice } = vendorOf(registry)
  if (errors?.isHtml && kind === 'protocol') return WEB_PAGE
  switch (kind) {
    case 'denied':
      return `The credentials lack this permission${withHint(grantHint(registry))}`
    case 'unauthorized':
      return 'Log in before this step, or set username and password'
    case 'rate-limit':
      return rateLimitAdvice ?? 'Lower concurrency, or run again later'
    case 'not-found-repository':
      return (
        noRepositoryAdvice ??
        'Check the path; a prefix may be missing (project, repository key, or library/ for mirrors of official images)'
      )
    case 'server':
      return 'The registry is at fault; run again later'
    default:
      return null
  }
}

function withHint(hint: string | null): string {
  return hint === null ? '' : `; ${hint}`
}

function factsOf({ method, url }: Exchange['request'], { status }: HttpResponse, codes: readonly string[]) {
  return { method, url: printableUrl(url), status, codes }
}
