import type { Concurrency } from '../domain/quantities/concurrency.ts'
import { afterRefusal, afterRound, intervalAt, startInFlight } from './in-flight.ts'

/** A place among the requests in flight, to be given back once. */
export interface Place {
  /** `served`: an answer; `refused`: the host wants fewer requests; `other` says nothing about its speed. */
  readonly leave: (ended: 'served' | 'refused' | 'other') => void
}

/** Lets requests through to one host. */
export interface Gate {
  /**
   * Waits for a place, and for the end of every pause. Rejects with the reason of `stop`.
   * @param again whether the host refused it before: then it goes ahead of those that were never sent
   */
  readonly enter: (stop: AbortSignal, again?: boolean) => Promise<Place>
  /** Nobody goes through until this has settled. */
  readonly pause: (until: Promise<unknown>) => void
  /** Answers so far: whoever was refused sees by it whether others get on. */
  readonly served: () => number
}

interface Waiting {
  readonly admit: () => void
}

/**
 * The gate of one host. An agent's own queue will not do: time spent in it would count as the server's
 * silence, and a request cannot be aborted there.
 */
export function createGate(
  concurrency: Concurrency,
  monotonic: () => number = () => performance.now(),
): Gate {
  let state = startInFlight(concurrency)
  let round: number[] = []
  let inside = 0
  let pauses = 0
  let served = 0
  /** what was served, and when, at the last refusal */
  let since = { served: 0, at: monotonic() }
  let lastBegan = Number.NEGATIVE_INFINITY
  let timer: NodeJS.Timeout | null = null
  const ahead = new Set<Waiting>()
  const waiting = new Set<Waiting>()

  const isOpen = () => pauses === 0 && inside < state.limit
  const untilNext = () => {
    const now = monotonic()
    return Math.max(0, lastBegan + intervalAt(state, now) - now)
  }

  function admitWaiting(): void {
    while (isOpen()) {
      const [next] = ahead.size > 0 ? ahead : waiting
      if (next === undefined) return
      const wait = untilNext()
      if (wait > 0) {
        timer ??= setTimeout(() => {
          timer = null
          admitWaiting()
        }, wait)
        return
      }
      next.admit()
    }
  }

  function refused(began: number): void {
    const now = monotonic()
    const before = state
    const { served: servedBefore, at } = since
    state = afterRefusal(state, { began, now, elapsed: now - at, served: served - servedBefore })
    if (state !== before) since = { served, at: now }
    round = []
  }

  function place(): Place {
    inside += 1
    const began = monotonic()
    lastBegan = began
    return {
      leave: (ended) => {
        inside -= 1
        if (ended === 'refused') refused(began)
        else if (ended === 'served') {
          served += 1
          round.push(monotonic() - began)
          if (round.length >= state.limit) {
            state = afterRound(state, round)
            round = []
          }
        }
        admitWaiting()
      },
    }
  }

  function queue(stop: AbortSignal, line: Set<Waiting>): Promise<Place> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        line.delete(self)
        // a process that has nothing left to send must be able to end
        if (ahead.size + waiting.size === 0 && timer !== null) clearTimeout(timer)
        reject(stop.reason)
      }
      const self: Waiting = {
        admit: () => {
          line.delete(self)
          stop.removeEventListener('abort', leave)
          resolve(place())
        },
      }
      line.add(self)
      stop.addEventListener('abort', leave, { once: true })
      admitWaiting()
    })
  }

  return {
    enter: async (stop, again = false) => {
      stop.throwIfAborted()
      return isOpen() && ahead.size === 0 && untilNext() === 0
        ? place()
        : await queue(stop, again ? ahead : waiting)
    },
    pause: (until) => {
      pauses += 1
      const resume = () => {
        pauses -= 1
        admitWaiting()
      }
      until.then(resume, resume)
    },
    served: () => served,
  }
}
