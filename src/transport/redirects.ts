import { mayReach } from './origin.ts'
import type { HttpRequest } from './types.ts'

/** One answer that may send us elsewhere. `hops` counts the redirects that were followed before it. */
export interface RedirectQuestion {
  readonly method: HttpRequest['method']
  readonly status: number
  readonly location: string | null
  /** The URL that gave this answer. */
  readonly url: URL
  readonly hops: number
  readonly maxHops: number
}

export type RedirectDecision =
  | { readonly kind: 'answer' }
  | { readonly kind: 'follow'; readonly url: URL }
  | { readonly kind: 'refuse'; readonly why: string }

const redirecting: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

/**
 * Where to go next: an answer that is not a redirect stands for itself, and only GET and HEAD follow one.
 * Refused: https to http (the token or the digest would travel in the clear), a hop from outside to a private
 * address, userinfo, too long a chain.
 */
export function decideRedirect(question: RedirectQuestion): RedirectDecision {
  const { method, status, location, url } = question
  if (!redirecting.has(status) || location === null) return { kind: 'answer' }
  if (method !== 'GET' && method !== 'HEAD') return { kind: 'answer' }
  // S3-compatible storages and Artifactory send relative locations
  const next = URL.parse(location, url.href)
  const why = next === null ? 'its location is not a URL' : objection(next, question)
  return next === null || why !== null ? { kind: 'refuse', why: why ?? '' } : { kind: 'follow', url: next }
}

function objection(next: URL, { url, hops, maxHops }: RedirectQuestion): string | null {
  if (hops >= maxHops) return `more than ${maxHops} redirects in a row`
  if (next.protocol !== 'https:' && next.protocol !== 'http:') return `${next.protocol} is not followed`
  if (url.protocol === 'https:' && next.protocol === 'http:')
    return `it leads from https to http (${next.host})`
  if (next.username !== '' || next.password !== '') return `its location holds a user name`
  if (!mayReach(url.hostname, next.hostname)) return `it leads to the private address ${next.host}`
  return null
}
