import { WardenError } from '../../domain/errors.ts'
import type { ErrorKind } from '../../domain/errors.ts'
import type { DeleteOutcome } from '../../domain/prune/ports.ts'
import { headerValue } from '../../transport/headers.ts'
import { printableUrl } from '../../transport/origin.ts'
import type { HttpResponse } from '../../transport/types.ts'
import { parseRegistryErrors } from '../../wire/error-body.ts'

/** An answer of a vendor's API, with the question. */
export interface VendorExchange {
  readonly method: string
  readonly url: URL
  readonly purpose: string
  readonly response: HttpResponse
}

/** The error for an answer with the wrong status: the status decides, the vendor's own words are for people. */
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
 * How a deletion through a vendor's API ended, by the statuses that they all share. `advice` is for a refused one.
 * 412 is Harbor's word for a rule that keeps a tag, and is no failure.
 */
export function outcomeOf(exchange: VendorExchange, advice: string | null): DeleteOutcome {
  const { status } = exchange.response
  if (status === 200 || status === 202 || status === 204) return { kind: 'done', error: null }
  if (status === 404 || status === 410) return { kind: 'gone', error: null }
  if (status === 401 || status === 403)
    return /immutable|protected|locked/i.test(textOf(exchange))
      ? { kind: 'locked', error: vendorFailure(exchange) }
      : { kind: 'denied', error: vendorFailure(exchange, advice) }
  if (status === 405 || status === 501) return { kind: 'unsupported', error: vendorFailure(exchange) }
  if (status === 409) return { kind: 'referenced', error: vendorFailure(exchange) }
  if (status === 412) return { kind: 'locked', error: vendorFailure(exchange) }
  return { kind: 'failed', error: vendorFailure(exchange) }
}

/** Runs a deletion: what it throws is an outcome, too. */
export async function settled(act: () => Promise<DeleteOutcome>): Promise<DeleteOutcome> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof WardenError)) throw error
    return { kind: isRefusal(error) ? 'denied' : 'failed', error }
  }
}

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
