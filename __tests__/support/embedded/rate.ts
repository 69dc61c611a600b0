import type { ServerResponse } from 'node:http'
import type { RateLimit } from './quirks.ts'
import { refuse } from './replies.ts'

/** Whether a request may go on; if not, it has been answered with 429. */
export type RateGate = (response: ServerResponse) => boolean

export function rateGate(
  { perSecond, burst, retryAfter }: RateLimit,
  now = () => performance.now(),
): RateGate {
  let left = burst
  let at = now()
  return (response) => {
    const time = now()
    left = Math.min(burst, left + ((time - at) / 1000) * perSecond)
    at = time
    if (left >= 1) {
      left -= 1
      return true
    }
    response.setHeader('retry-after', String(retryAfter))
    refuse(response, 429, 'TOOMANYREQUESTS', 'too many requests')
    return false
  }
}
