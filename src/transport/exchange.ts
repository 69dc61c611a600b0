import { HttpClient, type HttpClientResponse } from '@actions/http-client'
import type { Agent, IncomingMessage, RequestOptions } from 'node:http'
import type { HttpRequest } from './types.ts'

/** One request on the wire: no redirects, no retries, the body still unread. */
export interface WireRequest {
  readonly method: HttpRequest['method']
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  readonly userAgent: string
  readonly agent: Agent
  readonly signal: AbortSignal
}

/**
 * Beyond every deadline of ours: the client's own timer only half-closes the socket, after which a body never
 * ends.
 */
const socketTimeout = 2 ** 31 - 1

/**
 * Sends it and waits for the headers. The client is a new one each time since its handlers, the only way to
 * give it a signal, belong to all its requests; the connections belong to `agent`.
 */
export async function exchange(request: WireRequest): Promise<IncomingMessage> {
  const { agent, signal, url } = request
  const handler = {
    prepareRequest: (options: RequestOptions) => {
      // the client would look up "[::1]" in the DNS
      Object.assign(options, { agent, signal, host: url.hostname.replace(/^\[|\]$/g, '') })
    },
    canHandleAuthentication: () => false,
    handleAuthentication: (): Promise<HttpClientResponse> =>
      Promise.reject(new Error('not an authenticator')),
  }
  const client = new HttpClient(request.userAgent, [handler], {
    allowRedirects: false,
    allowRetries: false,
    socketTimeout,
  })
  const headers = { 'accept-encoding': 'identity', ...request.headers }
  const answering = client.request(request.method, url.href, request.body, headers)
  const { message } = await Promise.race([answering, aborted(signal)])
  return message
}

/** Rejects once the signal fires: a request that has no socket yet does not notice it by itself. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}
