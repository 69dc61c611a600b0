import type { IncomingMessage, ServerResponse } from 'node:http'
import { reply } from '../embedded/replies.ts'
import { repositoryOf } from '../embedded/store.ts'
import type { EmbeddedRegistry } from '../embedded-registry.ts'
import { serveApi } from './stage.ts'

export interface HubOptions {
  readonly path: string
  readonly username?: string
  readonly secret?: string
  /** tags on a page */
  readonly page?: number
  /** only the login of before 2025 */
  readonly oldLogin?: boolean
  /** a token is good for so many requests */
  readonly uses?: number
  readonly isPrivate?: boolean
  /** may read, but not delete */
  readonly readOnly?: boolean
}

export interface Hub {
  readonly origin: string
  /** `GET tags?page_size=100 as anonymous` */
  readonly requests: string[]
}

/** Docker Hub's own API over what a registry holds. */
export async function serveHub(registry: EmbeddedRegistry, options: HubOptions): Promise<Hub> {
  const { username = 'acme', secret = 'dckr_pat_secret' } = options
  const [namespace = '', name = ''] = options.path.split('/')
  const list = `/v2/namespaces/${namespace}/repositories/${name}/tags`
  const single = `/v2/repositories/${namespace}/${name}/tags/`
  const usesLeft = new Map<string, number>()
  const hub: Hub = { origin: await serveApi(answer), requests: [] }
  const repository = () => repositoryOf(registry.store, options.path)

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://hub')
    const { authorization } = request.headers
    const who = authorization?.replace('Bearer ', '') ?? 'anonymous'
    const path = url.pathname.replace(list, 'tags').replace(single, 'tag ')
    hub.requests.push(`${request.method} ${path}${url.search} as ${who}`)
    if (request.method === 'POST') await logIn(url.pathname, request, response)
    else if (authorization !== undefined && !isGood(who))
      reply(response, 401, { message: 'token is expired' })
    else if (authorization === undefined && (options.isPrivate || request.method === 'DELETE')) {
      reply(response, options.isPrivate ? 404 : 401, { message: 'object not found' })
    } else if (url.pathname === list) tags(url, response)
    else if (options.readOnly) reply(response, 403, { message: 'access to the resource is forbidden' })
    else if (repository().tags.delete(url.pathname.slice(single.length).replace('/', ''))) {
      response.writeHead(204).end()
    } else reply(response, 404, { message: 'tag not found' })
  }

  function isGood(token: string): boolean {
    const left = usesLeft.get(token) ?? 0
    usesLeft.set(token, left - 1)
    return left > 0
  }

  async function logIn(path: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body: unknown = JSON.parse(Buffer.concat(await request.toArray()).toString())
    const isOld = path === '/v2/users/login'
    const right = isOld ? { username, password: secret } : { identifier: username, secret }
    if (isOld !== (options.oldLogin ?? false)) reply(response, 404, { message: 'not found' })
    else if (JSON.stringify(body) !== JSON.stringify(right)) {
      reply(response, 401, { detail: 'Incorrect authentication credentials' })
    } else {
      const token = `hub-token-${usesLeft.size + 1}`
      usesLeft.set(token, options.uses ?? 1000)
      reply(response, 200, isOld ? { token } : { access_token: token })
    }
  }

  function tags(url: URL, response: ServerResponse): void {
    const { tags, manifests } = repository()
    const names = [...tags.keys()]
    const size = Math.min(Number(url.searchParams.get('page_size')), options.page ?? 100)
    const page = Number(url.searchParams.get('page') ?? '1')
    const next = `https://hub.docker.com${list}?page=${page + 1}&page_size=${size}`
    const results = names.slice((page - 1) * size, page * size).map((tag) => ({
      name: tag,
      digest: tags.get(tag),
      tag_status: 'active',
      tag_last_pushed: new Date(manifests.get(tags.get(tag)!)!.pushedAt).toISOString(),
      tag_last_pulled: tag === 'never' ? null : '2026-05-05T00:00:00.123456Z',
      last_updated: new Date(manifests.get(tags.get(tag)!)!.pushedAt).toISOString(),
    }))
    reply(response, 200, { count: names.length, next: page * size < names.length ? next : null, results })
  }

  return hub
}
