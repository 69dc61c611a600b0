import { mostInFlight } from '../domain/quantities/concurrency.ts'
import type { Concurrency } from '../domain/quantities/concurrency.ts'

/**
 * How many requests one host gets at once, and what that was learnt from. Times are monotonic milliseconds.
 */
export interface InFlight {
  /** Requests that may be in flight now. */
  readonly limit: number
  readonly most: number
  /** Median time of an answer in the quickest round so far; null before the first round has ended. */
  readonly quickest: number | null
  /** When the host last said that it was too many; null: never. */
  readonly cutAt: number | null
  /** Milliseconds between two requests that the host bore when it was too many; 0: no pace is known. */
  readonly interval: number
}

const FIRST = 16
/** A round whose median is longer than this many times the quickest one is not quick. */
const QUICK = 1.5
/** As TCP starts: a round of answers tells what the host bears, and each round too few costs a round trip. */
const GROWTH = 2
/** How much faster than a second before, after a refusal. */
const FASTER_EACH_SECOND = 1.3
/** Shorter intervals make no pace. */
const SHORTEST_INTERVAL = 2
/** However often a host refuses: a longer pace would look like a run that hangs, and `Retry-After` asks for more. */
const LONGEST_INTERVAL = 5_000

/** `auto` feels its way up; whoever gives a number gets it at once. */
export function startInFlight(concurrency: Concurrency): InFlight {
  const most = mostInFlight(concurrency)
  return { limit: concurrency === 'auto' ? FIRST : most, most, quickest: null, cutAt: null, interval: 0 }
}

/**
 * After a round, which is as many answers as may be in flight: twice as many while they come quickly, until
 * the host first said that it was too many, and one by one from then on.
 * @param took how long each answer of the round took
 */
export function afterRound(state: InFlight, took: readonly number[]): InFlight {
  const median = medianOf(took)
  const quickest = Math.min(state.quickest ?? median, median)
  if (median > QUICK * quickest) return { ...state, quickest }
  const wanted = state.cutAt === null ? state.limit * GROWTH : state.limit + 1
  return { ...state, quickest, limit: Math.min(state.most, wanted) }
}

/** One request that the host refused, or several that were under way together. */
export interface RefusedRequest {
  /** when the refused request was sent */
  readonly began: number
  readonly now: number
  /** milliseconds since the last refusal, or since the first request, pauses included */
  readonly elapsed: number
  /** answers in this time */
  readonly served: number
}

/**
 * After 429 or 503: half as many, once for all the requests that were under way together, and no faster than
 * what the host has answered since the last time. A limit per second does not care how many are in flight.
 */
export function afterRefusal(state: InFlight, { began, now, elapsed, served }: RefusedRequest): InFlight {
  if (state.cutAt !== null && began < state.cutAt) return state
  const interval = Math.min(served === 0 ? state.interval * 2 : elapsed / served, LONGEST_INTERVAL)
  return { ...state, limit: Math.max(1, Math.floor(state.limit / 2)), cutAt: now, interval }
}

/** Milliseconds that have to pass between two requests now; shorter with each second without a refusal. */
export function intervalAt({ cutAt, interval }: InFlight, now: number): number {
  if (cutAt === null) return 0
  const shortened = interval / FASTER_EACH_SECOND ** ((now - cutAt) / 1000)
  return shortened < SHORTEST_INTERVAL ? 0 : shortened
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other)
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0
}
