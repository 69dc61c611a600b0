import type { Clock } from '../domain/ports.ts'

/** How far this machine's clock is ahead of those of the servers that answer, as their `Date` headers say. */
export interface ClockLead {
  readonly note: (date: string | undefined) => void
  /** Milliseconds; 0 where a server agrees, or none says what time it is. */
  readonly read: () => number
}

/** Answers take a while, and clocks differ by minutes. */
const TOLERANCE = 5 * 60_000

/** The smallest lead counts: a cache answers with the date of the first answer. */
export function createClockLead(clock: Clock): ClockLead {
  let least = Infinity
  let last: string | undefined
  return {
    note: (date) => {
      // the same for all answers of a second
      if (date === undefined || date === last) return
      last = date
      const at = Date.parse(date)
      if (!Number.isNaN(at)) least = Math.min(least, clock() - at)
    },
    read: () => (least > TOLERANCE && least !== Infinity ? least : 0),
  }
}
