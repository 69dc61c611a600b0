import { headerValue } from './headers.ts'
import type { HttpResponse } from './types.ts'

const HUB_API = 'hub.docker.com'

/**
 * Whether Docker Hub says that the pulls of this account or address are used up: they come back after hours,
 * so no wait within a job helps. Its limit against abuse also answers 429, with another body, and passes
 * quickly, as does the one of its API, which counts no pulls.
 */
export function isPullLimit({ status, url, body, headers }: HttpResponse): boolean {
  const { hostname } = url
  if (status !== 429 || !/(?:^|\.)docker\.(?:io|com)$/.test(hostname) || hostname === HUB_API) return false
  const remaining = headerValue({ headers }, 'ratelimit-remaining') ?? ''
  return /^0(?:;|$)/.test(remaining) || /pull rate limit|TOOMANYREQUESTS/.test(body.toString('utf8'))
}
