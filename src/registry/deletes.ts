import { WardenError } from '../domain/errors.ts'
import { isDigest } from '../domain/names/digest.ts'
import type { Digest } from '../domain/names/digest.ts'
import { formatRepository } from '../domain/names/reference.ts'
import type { Repository } from '../domain/names/reference.ts'
import type { Tag } from '../domain/names/tag.ts'
import type { DeleteOutcome } from '../domain/prune/ports.ts'
import { vendorOf } from '../domain/vendors/vendors.ts'
import { asTimestamp } from '../domain/quantities/timestamp.ts'
import { headerValue } from '../transport/headers.ts'
import { rateLimitOf } from '../transport/rate-limit.ts'
import type { HttpResponse } from '../transport/types.ts'
import { parseRegistryErrors } from '../wire/error-body.ts'
import { ACCEPT_MANIFESTS } from './endpoint.ts'
import type { Ask } from './endpoint.ts'
import { registryFailure } from './failures.ts'
import type { Exchange } from './failures.ts'

type UndoneDelete = Exclude<DeleteOutcome['kind'], 'done' | 'gone' | 'again'>

/**
 * Milliseconds before a deletion whose end nobody knows is asked for again. The transport sends none twice:
 * by then the tag may have been moved, or another one put on the digest, so whoever deletes has to look
 * again.
 */
const AFTER_UNKNOWN = 1_000

/** After these nobody knows whether the deletion was carried out. */
const UNKNOWN_STATUSES: ReadonlySet<number> = new Set([408, 499, 500, 502, 503, 504, 522])

export interface DeleteParts {
  readonly ask: Ask
  readonly repository: Repository
  readonly head: (name: Tag | Digest) => Promise<Digest | null>
}

/**
 * Deletes a manifest by digest (with every tag on it), or a tag. Whatever happens is an outcome, never an
 * exception. With `wait`, waits and repeats as for a read: for what may go whatever happens meanwhile.
 */
export function createDelete({ ask, repository, head }: DeleteParts) {
  return async (name: Tag | Digest, patience?: 'wait'): Promise<DeleteOutcome> => {
    try {
      const exchange = await ask({
        method: 'DELETE',
        resource: `manifests/${name}`,
        headers: ACCEPT_MANIFESTS,
        maxBytes: 64 * 1024,
        ...(patience === 'wait' ? { repeat: 'always' } : {}),
        subject: 'manifest',
        purpose: `deletion of ${formatRepository(repository)}${isDigest(name) ? '@' : ':'}${name}`,
      })
      const verdict = judge(exchange, name)
      if (verdict === 'done' || verdict === 'gone') return { kind: verdict, error: null }
      const error = registryFailure(exchange)
      const wait = waitOf(exchange.response)
      if (wait !== null) return { kind: 'again', wait, error }
      if (verdict === 'unclear') return await lookAgain(name, exchange.response.status, error)
      return { kind: verdict, error }
    } catch (error) {
      if (!(error instanceof WardenError)) throw error
      if (isUnknownEnd(error)) return again(error)
      return { kind: isRefusal(error) ? 'denied' : 'failed', error }
    }
  }

  /**
   * Docker Hub answers 500 and finishes in the background, a proxy 504 and the registry behind it goes on; a
   * bare 404 may mean the manifest or the whole API.
   */
  async function lookAgain(name: Tag | Digest, status: number, error: WardenError): Promise<DeleteOutcome> {
    const isThere = (await head(name)) !== null
    if (!isThere) return { kind: status === 404 ? 'gone' : 'done', error: null }
    if (isUnknownStatus(status)) return again(error)
    return { kind: status === 404 ? 'unsupported' : 'failed', error }
  }
}

/** The outcome of a deletion that may or may not have been carried out. */
export function again(error: WardenError): DeleteOutcome {
  return { kind: 'again', wait: AFTER_UNKNOWN, error }
}

/** Whether a status leaves open whether the deletion was carried out. */
export function isUnknownStatus(status: number): boolean {
  return UNKNOWN_STATUSES.has(status)
}

/** Whether a request that got no answer may have been carried out: it broke, or took too long. */
export function isUnknownEnd({ kind }: WardenError): boolean {
  return kind === 'network' || kind === 'deadline'
}

/**
 * Milliseconds to wait before the same is asked again, where the answer is a rate limit; null: it is none.
 */
export function waitOf(response: HttpResponse): number | null {
  const limit = rateLimitOf(response, 'any', asTimestamp(Date.now()))
  return limit === null ? null : (limit.asked ?? AFTER_UNKNOWN)
}

/**
 * Answers are decided by status first, then by code; vendors' texts only where one status has two meanings.
 */
function judge(
  { response, registry }: Exchange,
  name: Tag | Digest,
): UndoneDelete | 'done' | 'gone' | 'unclear' {
  const { status } = response
  const errors = parseRegistryErrors(response.body, headerValue(response, 'content-type'))
  const has = (code: string) => errors.codes.includes(code)
  // a login page answers 200 to everything, and deletes nothing
  if (status === 200 || status === 202 || status === 204) return errors.isHtml ? 'failed' : 'done'
  const { codes, text } = errors
  const refused = { status, byDigest: isDigest(name), codes, text: text ?? '' }
  const meaning = vendorOf(registry).readRefusal?.(refused) ?? null
  if (meaning !== null) return meaning
  if (status === 404 || status === 410)
    return has('MANIFEST_UNKNOWN') || has('BLOB_UNKNOWN') ? 'gone' : 'unclear'
  if (status === 409) return 'referenced'
  if (status === 405) {
    if (has('DENIED')) return 'referenced' // zot: a tagged index holds it
    return 'unsupported'
  }
  if (status === 501 || has('UNSUPPORTED')) return 'unsupported'
  if (status === 400) return isDigest(name) ? 'failed' : 'unsupported' // 2.x wants a digest there: DIGEST_INVALID
  if (status === 401 || status === 403) return 'denied'
  return status >= 500 || isUnknownStatus(status) ? 'unclear' : 'failed'
}

function isRefusal({ kind }: WardenError): boolean {
  return kind === 'denied' || kind === 'unauthorized'
}
