/** Why no new work is begun: the job was cancelled, or `max-duration` has passed. */
export type EndReason = 'cancelled' | 'out-of-time'

/** How a run ends before it is complete. */
export interface Ending {
  readonly reason: () => EndReason | null
  /** fires as soon as there is a reason: nothing is waited for any more */
  readonly stopping: AbortSignal
  /** ends every request and program that is under way; its reason is the run's */
  readonly over: AbortSignal
  /** From now on things are being deleted: what is under way is waited for a while, and looked at. */
  readonly beginWrites: () => void
  /** What the work comes to; null once it is not waited for any longer. */
  readonly orAbandoned: <T>(work: Promise<T>) => Promise<T | null>
  readonly dispose: () => void
}

export interface EndingParts {
  /** milliseconds; null: no limit */
  readonly maxDuration: number | null
  /** Calls when the job is cancelled; returns how to stop listening. */
  readonly onCancel: (handler: () => void) => () => void
}

/**
 * Milliseconds after the reason: until then what is under way is waited for, and requests are sent. A
 * cancelled job is killed 7.5 s later (actions/runner, `ProcessInvoker`).
 */
const GRACE: Readonly<Record<EndReason, { readonly underWay: number; readonly looks: number }>> = {
  cancelled: { underWay: 2_000, looks: 5_000 },
  'out-of-time': { underWay: 30_000, looks: 60_000 },
}
/** Beyond it Node fires at once, and the run would be over before it began. */
const LONGEST_TIMER = 2 ** 31 - 1

/** Counts from now on. `dispose` takes its timers and its listener away: a process that is done must be able to end. */
export function createEnding({ maxDuration, onCancel }: EndingParts): Ending {
  const stopping = new AbortController()
  const abandoned = new AbortController()
  const over = new AbortController()
  const timers = new Set<NodeJS.Timeout>()
  let reason: EndReason | null = null
  let isWriting = false

  const after = (milliseconds: number, act: () => void) => {
    timers.add(setTimeout(act, Math.min(milliseconds, LONGEST_TIMER)))
  }

  function end(next: EndReason): void {
    // out of time, and then cancelled: there is even less time
    if (reason === 'cancelled' || reason === next) return
    reason = next
    stopping.abort()
    const { underWay, looks } = isWriting ? GRACE[next] : { underWay: 0, looks: 0 }
    if (!isWriting) over.abort(next)
    after(underWay, () => abandoned.abort())
    after(looks, () => over.abort(next))
  }

  if (maxDuration !== null) after(maxDuration, () => end('out-of-time'))
  const ignore = onCancel(() => end('cancelled'))

  return {
    reason: () => reason,
    stopping: stopping.signal,
    over: over.signal,
    beginWrites: () => {
      isWriting = true
    },
    orAbandoned: async (work) => {
      // whoever gave up waiting does not want to hear of its failure
      work.catch(() => undefined)
      if (abandoned.signal.aborted) return null
      const waiting = Promise.withResolvers<null>()
      const giveUp = () => waiting.resolve(null)
      abandoned.signal.addEventListener('abort', giveUp, { once: true })
      try {
        return await Promise.race([work, waiting.promise])
      } finally {
        abandoned.signal.removeEventListener('abort', giveUp)
      }
    },
    dispose: () => {
      for (const timer of timers) clearTimeout(timer)
      ignore()
    },
  }
}
