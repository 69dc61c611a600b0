import type { Timestamp } from '../domain/quantities/timestamp.ts'
import { headerValue } from './headers.ts'
import type { HttpResponse, LimitRules } from './types.ts'

/** A server that wants fewer requests, and did not carry out this one. */
export interface RateLimit {
  /** Milliseconds that it asks to wait; null: it names no time. */
  readonly asked: number | null
}

const MINUTE = 60_000

/**
 * Whether an answer is a rate limit. Any server: 429, and 503 with a time. GitHub answers 403 as well, by its
 * documentation "Rate limits for the REST API".
 */
export function rateLimitOf(response: HttpResponse, rules: LimitRules, now: Timestamp): RateLimit | null {
  const { status } = response
  if (status !== 429 && status !== 503 && status !== 403) return null
  const asked = parseRetryAfter(headerValue(response, 'retry-after'), now)
  if (status === 503) return asked === null ? null : { asked }
  if (rules === 'github') return githubLimit(response, asked, now)
  return status === 429 ? { asked } : null
}

function githubLimit(response: HttpResponse, asked: number | null, now: Timestamp): RateLimit | null {
  if (asked !== null) return { asked }
  if (headerValue(response, 'x-ratelimit-remaining') === '0') return { asked: untilReset(response, now) }
  // a secondary limit that names no time: at least a minute
  const isLimit = response.status === 429 || /\brate limit/i.test(response.body.toString('utf8'))
  return isLimit ? { asked: MINUTE } : null
}

function untilReset(response: HttpResponse, now: Timestamp): number {
  const reset = headerValue(response, 'x-ratelimit-reset') ?? ''
  return /^\d{1,12}$/.test(reset) ? Math.max(0, Number(reset) * 1000 - now) + 1000 : MINUTE
}

/**
 * Milliseconds that a `Retry-After` asks for (seconds, or an HTTP date that is still to come), or null. RFC
 * 9110 §10.2.3
 */
export function parseRetryAfter(value: string | null, now: Timestamp): number | null {
  const text = value?.trim() ?? ''
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text)) return null
  const wait = Date.parse(text) - now
  return wait > 0 ? wait : null
}
