import type { WardenError } from '../domain/errors.ts'
import { failure } from './failures.ts'
import type { HttpRequest, HttpResponse } from './types.ts'

/** The words of Go's server, which most registries are, and of nginx. */
const WORDS = /sent an HTTP request to an HTTPS server|plain HTTP request was sent to HTTPS port/i
const MAX_BYTES = 2_048

/** Whether this is the answer, in plain text, of a port that speaks TLS. */
export function wantsTls({ status, url, body }: HttpResponse): boolean {
  return status === 400 && url.protocol === 'http:' && WORDS.test(body.toString('latin1', 0, MAX_BYTES))
}

/** Of kind `tls`: the error of a request that was answered so. */
export function tlsWanted(request: HttpRequest, { url, status }: HttpResponse): WardenError {
  const what = `${url.host} speaks TLS, and was asked in plain HTTP`
  const advice = `Choose that by registry: https://${url.host}, with ca-file for a private authority`
  return failure('tls', what, advice, { request, url }, status)
}
