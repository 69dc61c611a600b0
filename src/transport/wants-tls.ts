import type { HttpResponse } from './types.ts'

/** The words of Go's server, which most registries are, and of nginx. */
const WORDS = /sent an HTTP request to an HTTPS server|plain HTTP request was sent to HTTPS port/i
const MAX_BYTES = 2_048

/** Whether this is the answer, in plain text, of a port that speaks TLS. */
export function wantsTls({ status, url, body }: HttpResponse): boolean {
  return status === 400 && url.protocol === 'http:' && WORDS.test(body.toString('latin1', 0, MAX_BYTES))
}
