import { WardenError } from '../errors.ts'

/** Requests in flight per host: `auto` finds how many the host answers quickly; a number is the most. */
export type Concurrency = 'auto' | number

/** More than this was never quicker, and no registry likes it. */
const MOST = 64

/** Parses the input `concurrency`: `auto`, or a number from 1 to 64. */
export function parseConcurrency(text: string): Concurrency {
  if (text === 'auto') return text
  if (/^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= MOST) return Number(text)
  throw new WardenError(
    'input',
    `input concurrency: ${JSON.stringify(text)} is not a number from 1 to ${MOST}`,
    {
      advice: 'Write auto, or how many requests may be in flight',
    },
  )
}

/** The most requests that are ever in flight at once. */
export function mostInFlight(concurrency: Concurrency): number {
  return concurrency === 'auto' ? MOST : concurrency
}
