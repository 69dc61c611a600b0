import type { IncomingMessage, ServerResponse } from 'node:http'

interface Kept {
  readonly status: number
  readonly headers: ReturnType<ServerResponse['getHeaders']>
  readonly body: Buffer | undefined
}

/** What a cache in front of a registry holds, by method and URL. */
export type StaleCache = Map<string, Kept>

const CACHED = /\/(tags\/list|manifests\/[^/?]+)(\?|$)/

/**
 * Whether the cache answered. What it did not answer is kept on its way back; `Cache-Control: no-cache` is
 * passed on and its answer takes the old one's place (RFC 9111, 5.2.1.4).
 */
export function answeredFromCache(
  cache: StaleCache,
  request: IncomingMessage,
  response: ServerResponse,
): boolean {
  const { method = '', url = '' } = request
  if ((method !== 'GET' && method !== 'HEAD') || !CACHED.test(url)) return false
  const key = `${method} ${url}`
  const kept = cache.get(key)
  if (kept && !/no-cache|max-age=0/.test(request.headers['cache-control'] ?? '')) {
    for (const [name, value] of Object.entries(kept.headers))
      if (value !== undefined) response.setHeader(name, value)
    response.setHeader('age', '60')
    response.writeHead(kept.status).end(kept.body)
    return true
  }
  const end = response.end.bind(response)
  const keep = (chunk?: unknown): ServerResponse => {
    const body = typeof chunk === 'string' || Buffer.isBuffer(chunk) ? Buffer.from(chunk) : undefined
    const { statusCode: status } = response
    if (status < 300) cache.set(key, { status, headers: response.getHeaders(), body })
    else cache.delete(key)
    return end(body)
  }
  Object.assign(response, { end: keep })
  return false
}
