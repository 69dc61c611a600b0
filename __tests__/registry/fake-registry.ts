import type { AuthorizedRequest, AuthorizedSend } from '../../src/credentials/authenticator.ts'
import type { Registry, Repository } from '../../src/domain/names/reference.ts'
import type { Tag } from '../../src/domain/names/tag.ts'
import { parseTag } from '../../src/domain/names/tag.ts'
import type { Log } from '../../src/domain/ports.ts'
import { createRegistryClient } from '../../src/registry/client.ts'
import type { RegistryCache } from '../../src/registry/cache.ts'

export const REGISTRY: Registry = {
  host: 'registry.example',
  origin: 'https://registry.example',
  provider: 'generic',
}
export const REPOSITORY: Repository = { registry: REGISTRY, path: 'team/app' }

export interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  readonly body?: unknown
  /** where a redirect led to */
  readonly url?: string
}

export type Handler = (request: AuthorizedRequest) => Answer

export const tag = (text: string): Tag => parseTag(text, 'test')

/** What a request is in the lists of tests: method, path below the repository, query. */
export function lineOf({ method, url }: AuthorizedRequest): string {
  return `${method} ${url.pathname.replace('/v2/team/app/', '')}${url.search}`
}

/** A client on a registry that the test plays, with the requests it sent and the lines it logged. */
export function playRegistry(
  handler: Handler,
  options: {
    repository?: Repository
    cache?: RegistryCache
    forDeletes?: boolean
  } = {},
) {
  const requests: AuthorizedRequest[] = []
  const logged: string[] = []
  const send: AuthorizedSend = async (request) => {
    requests.push(request)
    const { status = 200, headers = {}, body = '', url } = handler(request)
    const entries = Object.entries(headers).map(([name, value]) => [name, [value].flat()] as const)
    return {
      status,
      headers: new Map(entries),
      body: request.method === 'HEAD' ? Buffer.alloc(0) : toBuffer(body),
      url: url === undefined ? request.url : new URL(url),
    }
  }
  const say = (level: string) => (message: string) => void logged.push(`${level}: ${message}`)
  const log: Log = { debug: say('debug'), info: say('info'), notice: say('notice'), warning: say('warning') }
  const { cache, forDeletes = false } = options
  const client = createRegistryClient({
    send,
    log,
    forDeletes,
    ...(cache === undefined ? {} : { cache }),
  })
  const repository = client.open(options.repository ?? REPOSITORY)
  return { client, repository, requests, logged, lines: () => requests.map(lineOf) }
}

function toBuffer(body: unknown): Buffer {
  if (Buffer.isBuffer(body)) return body
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
}

/** An error body of the distribution specification. */
export function errors(status: number, code: string, message = ''): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: { errors: [{ code, message }] } }
}

export const LOGIN_PAGE: Answer = {
  headers: { 'content-type': 'text/html' },
  body: '<!doctype html><title>Sign in</title>',
  url: 'https://sso.example/login?secret=1',
}
