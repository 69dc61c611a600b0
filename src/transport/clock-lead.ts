import type { Clock } from '../domain/ports.ts'

/** How far this machine's clock is ahead of those of the servers that answer, as their `Date` headers say. */
export interface ClockLead {
  readonly note: (date: string | undefined) => void
  /** Milliseconds; 0 where a server agrees, or none says what time it is. */
  readonly read: () => number
}

/** Answers take a while, and clocks differ by minutes. */
const TOLERANCE = 5 * 60_000
/** Devices without a clock begin in 1970, or when their software was made. */
const EARLIEST = Date.UTC(2020, 0)
/** A server that is further ahead says nothing either: it would hide that others are behind. */
const MOST_AHEAD = 7 * 24 * 3_600_000
/** RFC 9110, IMF-fixdate. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/

/** The smallest lead counts: a cache answers with the date of the first answer. */
export function createClockLead(clock: Clock): ClockLead {
  let least = Infinity
  let last: string | undefined
  return {
    note: (date) => {
      // the same for all answers of a second
      if (date === undefined || date === last) return
      last = date
      const at = HTTP_DATE.test(date) ? Date.parse(date) : Number.NaN
      // however far back it is: to believe it only keeps more
      if (at < EARLIEST) return
      const lead = clock() - at
      if (lead >= -MOST_AHEAD) least = Math.min(least, lead)
    },
    read: () => (least > TOLERANCE && least < Infinity ? least : 0),
  }
}
