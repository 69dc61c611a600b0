import type { WardenError } from '../domain/errors.ts'
import { failure } from './failures.ts'
import { headerValue } from './headers.ts'
import type { HttpRequest, HttpResponse } from './types.ts'

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

/** Of kind `rate-limit`: the error of a request that was answered so. */
export function pullLimitReached(request: HttpRequest, { url, status }: HttpResponse): WardenError {
  const advice =
    'Log in to Docker Hub (username and password, or docker/login-action) for a higher limit, or wait some hours'
  return failure('rate-limit', 'the pull limit of Docker Hub is reached', advice, { request, url }, status)
}
