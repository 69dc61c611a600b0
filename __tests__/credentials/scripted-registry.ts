import type { IncomingMessage } from 'node:http'
import type { Registry, Repository } from '../../src/domain/names/reference.ts'
import { serve } from '../support/loopback.ts'

/** A request as the server saw it. */
export interface Seen {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly authorization: string | null
  readonly form: URLSearchParams
}

export interface Scripted {
  readonly status: number
  readonly headers?: Readonly<Record<string, string | string[]>>
  readonly body?: string
}

export interface ScriptedRegistry {
  readonly registry: Registry
  readonly repository: (path: string) => Repository
  /** in order of arrival */
  readonly seen: Seen[]
  /** `GET /v2/a/manifests/x` of every request so far */
  readonly asked: () => string[]
  readonly stop: () => Promise<void>
}

/** A registry on loopback that answers as the script says, and remembers what it was asked. */
export async function scriptedRegistry(
  script: (request: Seen, server: { origin: string }) => Scripted | Promise<Scripted>,
): Promise<ScriptedRegistry> {
  const seen: Seen[] = []
  const server = await serve(async (incoming, outgoing) => {
    const request = await read(incoming)
    seen.push(request)
    const { status, headers, body } = await script(request, server)
    outgoing.writeHead(status, headers)
    outgoing.end(request.method === 'HEAD' ? undefined : (body ?? ''))
  })
  const registry = { host: server.host, origin: server.origin, provider: 'generic' } as const
  return {
    registry,
    repository: (path) => ({ registry, path }),
    seen,
    asked: () => seen.map(({ method, path }) => `${method} ${path}`),
    stop: server.stop,
  }
}

async function read(incoming: IncomingMessage): Promise<Seen> {
  const url = new URL(incoming.url ?? '/', 'http://registry.test')
  let body = ''
  for await (const chunk of incoming) body += String(chunk)
  return {
    method: incoming.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    authorization: incoming.headers.authorization ?? null,
    form: new URLSearchParams(body),
  }
}

export function json(value: unknown): Scripted {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) }
}

export function challenge(...values: string[]): Scripted {
  return {
    status: 401,
    headers: { 'www-authenticate': values },
    body: '{"errors":[{"code":"UNAUTHORIZED"}]}',
  }
}

export const OK: Scripted = { status: 200, body: 'ok' }
