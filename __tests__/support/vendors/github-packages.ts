import type { IncomingMessage, ServerResponse } from 'node:http'
import { reply } from '../embedded/replies.ts'
import { removeManifest, tagsOf } from '../embedded/store.ts'
import type { EmbeddedRegistry } from '../embedded-registry.ts'
import { serveApi } from './stage.ts'

export interface PackagesOptions {
  readonly path: string
  readonly owner?: 'orgs' | 'users'
  readonly token?: string
  /** versions on a page; GitHub has at most 100 */
  readonly page?: number
  /** may read, but not delete: GitHub says 404 */
  readonly readOnly?: boolean
  /** answers to deletions of these digests */
  readonly refusals?: ReadonlyMap<string, { readonly status: number; readonly message: string }>
  /** sees every request first and may end it itself */
  readonly intercept?: (asked: string, response: ServerResponse, number: number) => boolean
  /** dates by digest */
  readonly dates?: ReadonlyMap<string, { readonly created: string; readonly updated: string }>
}

export interface Packages {
  readonly origin: string
  /** `GET orgs/acme/… 200` */
  readonly requests: string[]
  readonly authorizations: Set<string | undefined>
  /** the id of a version, which it keeps */
  readonly idOf: (digest: string) => number
  /** done right before the next deletion, as somebody else's push */
  beforeDelete: () => void
}

/** GitHub's Packages API over what a registry holds: each manifest is a version, newest first. */
export async function servePackages(registry: EmbeddedRegistry, options: PackagesOptions): Promise<Packages> {
  const ids = new Map<string, number>()
  const idOf = (digest: string): number => {
    if (!ids.has(digest)) ids.set(digest, 1000 + ids.size)
    return ids.get(digest)!
  }
  const [owner = '', ...rest] = options.path.split('/')
  const base = `/${options.owner ?? 'orgs'}/${owner}/packages/container/${encodeURIComponent(rest.join('/'))}/versions`

  const packages: Packages = {
    origin: await serveApi(answer),
    requests: [],
    authorizations: new Set(),
    idOf,
    beforeDelete: () => {},
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://api')
    const asked = `${request.method} ${url.pathname.replace(base, '…')}${url.search}`
    packages.authorizations.add(request.headers.authorization)
    const number = packages.requests.push(asked)
    if (options.intercept?.(asked, response, number)) return
    if (request.headers.authorization !== `Bearer ${options.token ?? 'gh-token-1'}`) {
      reply(response, 401, { message: 'Bad credentials' })
    } else if (!url.pathname.startsWith(base)) reply(response, 404, { message: 'Package not found.' })
    else if (url.pathname === base) list(url, response)
    else one(request, Number(url.pathname.slice(base.length + 1)), response)
  }

  function manifests() {
    return registry.store.get(options.path)!.manifests
  }

  function list(url: URL, response: ServerResponse): void {
    const all = [...manifests().keys()].reverse()
    const size = Math.min(Number(url.searchParams.get('per_page')), options.page ?? 100)
    const page = Number(url.searchParams.get('page') ?? '1')
    if (page * size < all.length) {
      const next = new URLSearchParams(url.searchParams)
      next.set('page', String(page + 1))
      response.setHeader('link', `<https://api.github.example${base}?${next.toString()}>; rel="next"`)
    }
    reply(response, 200, all.slice((page - 1) * size, page * size).map(version))
  }

  function one(request: IncomingMessage, id: number, response: ServerResponse): void {
    if (request.method === 'DELETE') packages.beforeDelete()
    const digest = [...manifests().keys()].find((each) => idOf(each) === id)
    if (digest === undefined) reply(response, 404, { message: 'Package not found.' })
    else if (request.method === 'GET') reply(response, 200, version(digest))
    else remove(digest, response)
  }

  function remove(digest: string, response: ServerResponse): void {
    const refusal = options.refusals?.get(digest)
    if (refusal !== undefined) reply(response, refusal.status, { message: refusal.message })
    else if (options.readOnly) reply(response, 404, { message: 'Package not found.' })
    else {
      removeManifest(registry.store.get(options.path)!, digest)
      response.writeHead(204).end()
    }
  }

  function version(digest: string) {
    const dates = options.dates?.get(digest)
    return {
      id: idOf(digest),
      name: digest,
      created_at: dates?.created ?? '2026-01-01T00:00:00Z',
      updated_at: dates?.updated ?? '2026-01-02T00:00:00Z',
      metadata: {
        package_type: 'container',
        container: { tags: tagsOf(registry.store.get(options.path)!, digest) },
      },
    }
  }

  return packages
}
