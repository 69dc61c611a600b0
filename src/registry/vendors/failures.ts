import { WardenError } from '../../domain/errors.ts'
import type { ErrorKind } from '../../domain/errors.ts'
import type { DeleteOutcome } from '../../domain/prune/ports.ts'
import { headerValue } from '../../transport/headers.ts'
import { printableUrl } from '../../transport/origin.ts'
import type { HttpResponse } from '../../transport/types.ts'
import { again, isUnknownEnd, isUnknownStatus, waitOf } from '../deletes.ts'
import { isHtml, parseRegistryErrors } from '../../wire/error-body.ts'

/** An answer of a vendor's API, with the question. */
export interface VendorExchange {
  readonly method: string
  readonly url: URL
  readonly purpose: string
  readonly response: HttpResponse
}

/**
 * The error for an answer with the wrong status: the status decides, the vendor's own words are for people.
 */
export function vendorFailure(
  { method, url, purpose, response }: VendorExchange,
  advice: string | null = null,
): WardenError {
  const { status } = response
  const errors = parseRegistryErrors(response.body, headerValue(response, 'content-type'))
  const kind = errors.isHtml ? 'protocol' : kindOf(status)
  const phrase = errors.isHtml ? 'the answer is a web page' : PHRASES[kind]
  const said = errors.text === null ? `${status}` : `${status}: ${errors.text}`
  return new WardenError(kind, `${purpose}: ${phrase} (${said})`, {
    advice,
    exchange: { method, url: printableUrl(url), status, codes: errors.codes },
  })
}

/** What the vendor says about an answer, one harmless line; empty when it says nothing. */
export function textOf({ response }: VendorExchange): string {
  return parseRegistryErrors(response.body, headerValue(response, 'content-type')).text ?? ''
}

/**
 * How a deletion through a vendor's API ended, by the statuses that they all share. `advice` is for a refused
 * one.
 */
export function outcomeOf(exchange: VendorExchange, advice: string | null): DeleteOutcome {
  const { status } = exchange.response
  if (status === 200 || status === 202 || status === 204) {
    // a login page answers 200 to everything, and deletes nothing
    if (isPage(exchange)) return { kind: 'failed', error: vendorFailure(exchange) }
    return { kind: 'done', error: null }
  }
  const wait = waitOf(exchange.response)
  if (wait !== null) return { kind: 'again', wait, error: vendorFailure(exchange) }
  if (isUnknownStatus(status)) return again(vendorFailure(exchange))
  const kind = refusalOf(status)
  if (kind === 'gone') return { kind, error: null }
  // a rule that keeps one tag refuses as a missing right does
  if (status === 403 && isRule(textOf(exchange))) return { kind: 'locked', error: vendorFailure(exchange) }
  return { kind, error: vendorFailure(exchange, kind === 'denied' ? advice : null) }
}

function isPage({ response }: VendorExchange): boolean {
  return isHtml(response.body, headerValue(response, 'content-type'))
}

function refusalOf(status: number): Exclude<DeleteOutcome['kind'], 'done' | 'again'> {
  if (status === 404 || status === 410) return 'gone'
  if (status === 401 || status === 403) return 'denied'
  if (status === 405 || status === 501) return 'unsupported'
  if (status === 409) return 'referenced'
  // Harbor's word for an immutable tag
  return status === 412 ? 'locked' : 'failed'
}

/** Whether a refusal is about a rule for this tag, and not about who asks. */
export function isRule(message: string): boolean {
  return /\bimmutable\b|\bprotected\b/i.test(message)
}

/**
 * As `outcomeOf`, for a tag: "not found" is only believed when the registry does not find it either. Vendors
 * answer so to who may not see a repository, and so does whatever answers where no such API is.
 */
export async function untagOutcome(
  exchange: VendorExchange,
  advice: string | null,
  isThere: () => Promise<boolean>,
): Promise<DeleteOutcome> {
  const outcome = outcomeOf(exchange, advice)
  if (outcome.kind !== 'gone' || !(await isThere())) return outcome
  return { kind: 'denied', error: vendorFailure(exchange, advice) }
}

/** Runs a deletion: what it throws is an outcome, too. */
export async function settled(act: () => Promise<DeleteOutcome>): Promise<DeleteOutcome> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof WardenError)) throw error
    if (isUnknownEnd(error)) return again(error)
    return { kind: isRefusal(error) ? 'denied' : 'failed', error }
  }
}

/** The login lacks something; another try would end the same. */
export function isRefusal({ kind }: WardenError): boolean {
  return kind === 'denied' || kind === 'unauthorized'
}

function kindOf(status: number): ErrorKind {
  if (status === 401) return 'unauthorized'
  if (status === 403) return 'denied'
  if (status === 404 || status === 410) return 'not-found'
  if (status === 405 || status === 501) return 'unsupported'
  if (status === 429) return 'rate-limit'
  return status >= 500 ? 'server' : 'protocol'
}

const PHRASES: Readonly<Record<ErrorKind, string>> = {
  input: 'not accepted',
  network: 'the connection failed',
  tls: 'the certificate is not trusted',
  unauthorized: 'a login is needed',
  denied: 'not permitted',
  'not-found': 'not found',
  'not-found-repository': 'not found',
  'rate-limit': 'too many requests',
  unsupported: 'not offered',
  protocol: 'unexpected answer',
  integrity: 'not what was asked for',
  deadline: 'out of time',
  server: 'the server failed',
}
