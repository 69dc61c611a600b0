import type { IncomingMessage, ServerResponse } from 'node:http'
import { reply } from '../embedded/replies.ts'
import { repositoryOf } from '../embedded/store.ts'
import type { EmbeddedRegistry } from '../embedded-registry.ts'
import { serveApi } from './stage.ts'

export interface HubOptions {
  /** whose addresses are short in `requests`; every other repository of the registry is served, too */
  readonly path: string
  readonly username?: string
  readonly secret?: string
  /** tags or repositories on a page */
  readonly page?: number
  /** only the login of before 2025 */
  readonly oldLogin?: boolean
  /** a token is good for so many requests */
  readonly uses?: number
  readonly isPrivate?: boolean
  /** repositories that this login does not see */
  readonly hidden?: readonly string[]
  /** may read, but not delete */
  readonly readOnly?: boolean
}

export interface Hub {
  readonly origin: string
  /** `GET tags?page_size=100 as anonymous` */
  readonly requests: string[]
}

const REPOSITORIES = /^\/v2\/namespaces\/([^/]+)\/repositories$/
const TAGS = /^\/v2\/namespaces\/([^/]+)\/repositories\/([^/]+)\/tags$/
const SINGLE = /^\/v2\/repositories\/([^/]+)\/([^/]+)\/tags\/([^/]+)\/$/

/** Docker Hub's own API over what a registry holds. */
export async function serveHub(registry: EmbeddedRegistry, options: HubOptions): Promise<Hub> {
  const { username = 'acme', secret = 'dckr_pat_secret' } = options
  const [namespace = '', name = ''] = options.path.split('/')
  const list = `/v2/namespaces/${namespace}/repositories/${name}/tags`
  const single = `/v2/repositories/${namespace}/${name}/tags/`
  const usesLeft = new Map<string, number>()
  const hub: Hub = { origin: await serveApi(answer), requests: [] }

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
    } else if (REPOSITORIES.test(url.pathname)) repositories(url, response)
    else if (TAGS.test(url.pathname)) tags(url, response)
    else if (options.readOnly) reply(response, 403, { message: 'access to the resource is forbidden' })
    else untag(url.pathname, response)
  }

  function untag(pathname: string, response: ServerResponse): void {
    const [, owner, image, tag = ''] = SINGLE.exec(pathname) ?? []
    const path = `${owner}/${image}`
    const held = options.hidden?.includes(path) === true ? undefined : registry.store.get(path)
    const isGone = held?.tags.delete(tag) ?? false
    if (isGone) response.writeHead(204).end()
    else reply(response, 404, { message: 'tag not found' })
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

  function replyPage(all: readonly unknown[], url: URL, response: ServerResponse): void {
    const size = Math.min(Number(url.searchParams.get('page_size')), options.page ?? 100)
    const page = Number(url.searchParams.get('page') ?? '1')
    const next = `https://hub.docker.com${url.pathname}?page=${page + 1}&page_size=${size}`
    reply(response, 200, {
      count: all.length,
      next: page * size < all.length ? next : null,
      results: all.slice((page - 1) * size, page * size),
    })
  }

  function repositories(url: URL, response: ServerResponse): void {
    const [, owner = ''] = REPOSITORIES.exec(url.pathname) ?? []
    const names = [...registry.store.keys()].flatMap((path) =>
      path.startsWith(`${owner}/`) ? [path.slice(owner.length + 1)] : [],
    )
    replyPage(
      names.map((each) => ({ name: each, namespace: owner, repository_type: 'image', status: 1 })),
      url,
      response,
    )
  }

  function tags(url: URL, response: ServerResponse): void {
    const [, owner, image] = TAGS.exec(url.pathname) ?? []
    const { tags: held, manifests } = repositoryOf(registry.store, `${owner}/${image}`)
    const results = [...held].map(([tag, digest]) => ({
      name: tag,
      digest,
      tag_status: 'active',
      tag_last_pushed: new Date(manifests.get(digest)!.pushedAt).toISOString(),
      tag_last_pulled: tag === 'never' ? null : '2026-05-05T00:00:00.123456Z',
      last_updated: new Date(manifests.get(digest)!.pushedAt).toISOString(),
    }))
    replyPage(results, url, response)
  }

  return hub
}
