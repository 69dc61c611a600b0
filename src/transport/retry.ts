import type { RateLimit } from './rate-limit.ts'
import type { Repeat } from './types.ts'

/**
 * How one try ended: with a status, or with the code of an error (Node's, or one of `Interruption` and
 * `CUT`).
 */
export type Outcome =
  | { readonly status: number; readonly limit: RateLimit | null }
  | { readonly code: string; readonly reusedSocket: boolean }

export interface RetryQuestion {
  readonly outcome: Outcome
  readonly repeat: Repeat
  /** Tries so far, this one included. */
  readonly tries: number
  readonly maxTries: number
  /** Milliseconds until the run ends; Infinity without a deadline. */
  readonly remaining: number
  /** Milliseconds of the longest wait that the caller wants; null: as long as all tries together may take. */
  readonly longestWait: number | null
  /** From 0 up to 1: spreads the waits of requests that failed together. */
  readonly random: number
}

export type RetryDecision =
  | { readonly kind: 'wait'; readonly milliseconds: number }
  /** `final`: not worth it; `tries`: used up */
  | { readonly kind: 'stop'; readonly reason: 'final' | 'tries' }
  /**
   * The wait that the server asks for (milliseconds; null: it named none) is longer than what is left: of
   * this run (`budget`), or of what all tries together may take (`patience`).
   */
  | { readonly kind: 'stop'; readonly reason: 'budget'; readonly asked: number | null }
  | { readonly kind: 'stop'; readonly reason: 'patience'; readonly asked: number }

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
/** Waits of five tries, a minute each: a server that asks for more is not waited for. */
const patience = 4 * 60_000

/** Whether to try again, and after how long. */
export function decideRetry(question: RetryQuestion): RetryDecision {
  const { outcome, tries, remaining, longestWait } = question
  const limit = 'status' in outcome ? outcome.limit : null
  const allowed = allowedTries(outcome)
  if (allowed === 0 || !mayRepeat(question.repeat, limit)) return { kind: 'stop', reason: 'final' }
  if (tries >= Math.min(allowed, question.maxTries)) return { kind: 'stop', reason: 'tries' }
  // the server closed an idle connection just as we used it: not its failure, so no reason to wait
  if (tries === 1 && 'code' in outcome && outcome.reusedSocket) return { kind: 'wait', milliseconds: 0 }
  const asked = limit?.asked ?? null
  const milliseconds = waitBefore(tries, asked, question.random)
  if (Math.max(asked ?? 0, milliseconds) > remaining) return { kind: 'stop', reason: 'budget', asked }
  if (longestWait !== null && milliseconds > longestWait) return { kind: 'stop', reason: 'final' }
  if (asked !== null && asked > patience) return { kind: 'stop', reason: 'patience', asked }
  return { kind: 'wait', milliseconds }
}

/** Milliseconds before the next try; what the server asks for is never cut short. */
export function waitBefore(tries: number, asked: number | null, random: number): number {
  const backoff = firstWait * 2 ** (tries - 1) * (0.5 + random / 2)
  const polite = asked === null ? 0 : asked + random * firstWait
  return Math.round(Math.max(backoff, polite))
}

function mayRepeat(repeat: Repeat, limit: RateLimit | null): boolean {
  return repeat === 'always' || (repeat === 'when-refused' && limit !== null)
}

function allowedTries(outcome: Outcome): number {
  if ('code' in outcome) return triesOfCode.get(outcome.code) ?? 0
  return outcome.limit === null ? (triesOfStatus.get(outcome.status) ?? 0) : always
}
