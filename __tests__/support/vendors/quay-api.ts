import type { ServerResponse } from 'node:http'
import { refuse, reply } from '../embedded/replies.ts'
import { parentsOf, tagsOf } from '../embedded/store.ts'
import type { Exchange } from '../embedded-registry.ts'
import type { Store } from '../embedded/store.ts'

export interface QuayOptions {
  readonly store: () => Store
  /** the OAuth token that sees what is private */
  readonly token?: string
  /** repositories that everybody sees; default: none is */
  readonly isPublic?: (path: string) => boolean
  /** tags on a page; Quay has at most 100 */
  readonly page?: number
  /** tags that an immutability policy keeps */
  readonly immutable?: readonly string[]
}

/**
 * Quay's API (`/api/v1`) beside its registry, and what its registry refuses: a manifest that no tag names.
 * `true` when it has answered.
 */
export function quayApi(options: QuayOptions): (exchange: Exchange) => boolean {
  const maySee = ({ request }: Exchange) =>
    options.token === undefined || request.headers.authorization === `Bearer ${options.token}`
  const isOpen = (path: string) => options.isPublic?.(path) ?? false

  /** Without `public=true` only what the login itself may see; nothing then, without one [quay/quay]. */
  function repositories(exchange: Exchange): void {
    const { response, url } = exchange
    const namespace = url.searchParams.get('namespace') ?? ''
    const withPublic = url.searchParams.get('public') === 'true'
    const names = [...options.store().keys()].filter(
      (path) => path.startsWith(`${namespace}/`) && (maySee(exchange) || (withPublic && isOpen(path))),
    )
    reply(response, 200, {
      repositories: names.map((path) => ({
        namespace,
        name: path.slice(namespace.length + 1),
        is_public: isOpen(path),
        kind: 'image',
        state: 'NORMAL',
      })),
    })
  }

  function tags(path: string, url: URL, response: ServerResponse): void {
    const held = options.store().get(path)!
    const size = Math.min(Number(url.searchParams.get('limit')), options.page ?? 100)
    const page = Number(url.searchParams.get('page') ?? '1')
    const all = [...held.tags].map(([name, digest]) => ({
      name,
      reversion: false,
      start_ts: Math.floor(held.manifests.get(digest)!.pushedAt / 1000),
      manifest_digest: digest,
      is_manifest_list: false,
      immutable: options.immutable?.includes(name) ?? false,
    }))
    reply(response, 200, {
      tags: all.slice((page - 1) * size, page * size),
      page,
      has_additional: page * size < all.length,
    })
  }

  /** What its registry answers to a DELETE that is not simply done; `true` when it has. */
  function refusedDelete({ request, response, url }: Exchange): boolean {
    const [, path = '', name = ''] = /^\/v2\/(.+)\/manifests\/([^/]+)$/.exec(url.pathname) ?? []
    const held = options.store().get(path)
    if (request.method !== 'DELETE' || held === undefined) return false
    const tagged = name.includes(':') ? tagsOf(held, name) : [name]
    if (tagged.some((tag) => options.immutable?.includes(tag))) {
      refuse(response, 409, 'TAG_IMMUTABLE', `tag ${tagged.join(', ')} is immutable and cannot be deleted`)
      return true
    }
    if (!name.includes(':') || tagged.length > 0) return false
    refuse(response, 404, 'MANIFEST_UNKNOWN', 'manifest unknown')
    return true
  }

  return (exchange) => {
    const { response, url } = exchange
    if (!url.pathname.startsWith('/api/')) return refusedDelete(exchange)
    const [, path] = /^\/api\/v1\/repository\/(.+)\/tag\/$/.exec(url.pathname) ?? []
    if (url.pathname === '/api/v1/repository') repositories(exchange)
    else if (path === undefined || !options.store().has(path))
      reply(response, 404, { error_type: 'not_found' })
    else if (!maySee(exchange) && !isOpen(path)) reply(response, 401, { message: 'Requires authentication' })
    else tags(path, url, response)
    return true
  }
}

/** What Quay collects by itself some time later: manifests without tag that nothing lists. */
export function collectQuay(store: Store, path: string): void {
  const held = store.get(path)!
  for (let found = true; found;) {
    found = false
    for (const digest of held.manifests.keys()) {
      if (tagsOf(held, digest).length > 0 || parentsOf(held, digest).length > 0) continue
      held.manifests.delete(digest)
      found = true
    }
  }
}
