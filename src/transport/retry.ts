import type { Timestamp } from '../domain/quantities/timestamp.ts'

/**
 * How one try ended: with a status, or with the code of an error (Node's, or one of `Interruption` and
 * `CUT`).
 */
export type Outcome =
  | { readonly status: number; readonly retryAfter: string | null }
  | { readonly code: string; readonly reusedSocket: boolean }

export interface RetryQuestion {
  readonly outcome: Outcome
  /** Whether sending the request again does no harm. */
  readonly idempotent: boolean
  /** Tries so far, this one included. */
  readonly tries: number
  readonly maxTries: number
  readonly now: Timestamp
  /** Milliseconds until the run ends; Infinity without a deadline. */
  readonly remaining: number
  /** Milliseconds of the longest wait that is made here. */
  readonly longestWait: number
  /** From 0 up to 1: spreads the waits of requests that failed together. */
  readonly random: number
}

export type RetryDecision =
  | { readonly kind: 'wait'; readonly milliseconds: number }
  /** `final`: not worth it; `tries`: used up; `budget`: the wait (milliseconds) would outlast the run. */
  | { readonly kind: 'stop'; readonly reason: 'final' | 'tries' }
  | { readonly kind: 'stop'; readonly reason: 'budget'; readonly asked: number | null }

const always = Number.POSITIVE_INFINITY

/**
 * Statuses worth another try, with the number of tries each may have. 499 and 522 are a proxy's words for
 * "hung up".
 */
const triesOfStatus: ReadonlyMap<number, number> = new Map(
  [408, 429, 499, 500, 502, 503, 504, 522].map((status) => [status, always]),
)

const triesOfCode: ReadonlyMap<string, number> = new Map([
  ['ECONNRESET', always],
  ['EPIPE', always],
  ['ETIMEDOUT', always],
  ['EAI_AGAIN', always],
  ['CUT', always],
  ['PROXY_UNAVAILABLE', always],
  // each of these costs the full idle time
  ['STALLED', 3],
  // nothing listens there; once more for a service that restarts
  ['ECONNREFUSED', 2],
])

const firstWait = 250
const longestWait = 60_000

/** Whether to try again, and after how long. */
export function decideRetry(question: RetryQuestion): RetryDecision {
  const { outcome, tries } = question
  const allowed = allowedTries(outcome)
  if (allowed === 0 || !question.idempotent) return { kind: 'stop', reason: 'final' }
  if (tries >= Math.min(allowed, question.maxTries)) return { kind: 'stop', reason: 'tries' }
  // the server closed an idle connection just as we used it: not its failure, so no reason to wait
  if (tries === 1 && 'code' in outcome && outcome.reusedSocket) return { kind: 'wait', milliseconds: 0 }
  const asked = 'status' in outcome ? parseRetryAfter(outcome.retryAfter, question.now) : null
  const backoff = firstWait * 2 ** (tries - 1) * (0.5 + question.random / 2)
  const polite = asked === null ? 0 : Math.min(asked, longestWait) + question.random * firstWait
  const milliseconds = Math.round(Math.max(backoff, polite))
  if (Math.max(asked ?? 0, milliseconds) > question.remaining)
    return { kind: 'stop', reason: 'budget', asked }
  if (milliseconds > question.longestWait) return { kind: 'stop', reason: 'final' }
  return { kind: 'wait', milliseconds }
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

function allowedTries(outcome: Outcome): number {
  return ('status' in outcome ? triesOfStatus.get(outcome.status) : triesOfCode.get(outcome.code)) ?? 0
}
