import type { IncomingMessage, ServerResponse } from 'node:http'
import { refuse, reply } from '../embedded/replies.ts'
import { links, type Store } from '../embedded/store.ts'
import type { Exchange } from '../embedded-registry.ts'
import { serveApi } from './stage.ts'

export interface GitLabRegistryOptions {
  readonly store: () => Store
  /** whether the registry has its metadata database, and with it this API */
  readonly hasDatabase: boolean
  /** tags on a page */
  readonly page?: number
  /** tags that a protection rule keeps */
  readonly protected?: readonly string[]
}

/**
 * The API of GitLab's registry (`/gitlab/v1`), and its protection rules; `true` when it has answered. It
 * stands behind the same tokens as `/v2/`: hand it exchanges that are authorised.
 */
export function gitlabRegistry(options: GitLabRegistryOptions): (exchange: Exchange) => boolean {
  function tags(path: string, url: URL, response: ServerResponse): void {
    const held = options.store().get(path)
    if (held === undefined) {
      refuse(response, 404, 'NAME_UNKNOWN', 'repository name not known to registry')
      return
    }
    const names = [...held.tags.keys()].toSorted()
    const last = url.searchParams.get('last')
    const rest = names.filter((name) => last === null || name > last)
    const size = Math.min(Number(url.searchParams.get('n')), options.page ?? 1000)
    if (size < rest.length) {
      const next = new URLSearchParams({ n: String(size), last: rest[size - 1]! })
      response.setHeader('link', `<${url.pathname}?${next.toString()}>; rel="next"`)
    }
    reply(
      response,
      200,
      rest.slice(0, size).map((name) => {
        const manifest = held.manifests.get(held.tags.get(name)!)!
        const at = new Date(manifest.pushedAt).toISOString()
        const { digest, mediaType: media_type } = manifest
        return { name, digest, media_type, size_bytes: 1, created_at: at, published_at: at }
      }),
    )
  }

  return ({ request, response, url }) => {
    const [, path, , list] =
      /^\/gitlab\/v1(?:\/repositories\/(.+?)(\/tags\/(list)\/))?\/?$/.exec(url.pathname) ?? []
    const name = /^\/v2\/.+\/manifests\/([^/]+)$/.exec(url.pathname)?.[1]
    if (request.method === 'DELETE' && name !== undefined && options.protected?.includes(name)) {
      refuse(response, 403, 'DENIED', `the tag ${name} is protected`)
      return true
    }
    if (!url.pathname.startsWith('/gitlab/v1')) return false
    if (!options.hasDatabase) refuse(response, 404, 'NOT_FOUND', 'page not found')
    else if (list !== undefined && path !== undefined) tags(path, url, response)
    else reply(response, 200, {})
    return true
  }
}

export interface GitLabRestOptions {
  /** the access token */
  readonly token: string
  /** entries on a page */
  readonly page?: number
}

/** Registry repositories of a group or project; tags of one; one tag. */
const ADDRESS =
  /^\/api\/v4\/(groups|projects)\/([^/]+)\/registry\/repositories(?:\/(\d+)\/tags(?:\/([^/]+))?)?$/

/** GitLab's REST API over what a registry holds; each repository is its project's only one, with its path. */
export function serveGitLab(store: Store, options: GitLabRestOptions): Promise<string> {
  const paths = () => [...store.keys()]
  const shown = (path: string) => ({ id: paths().indexOf(path) + 1, path, name: '', project_id: 1 })

  function replyPage(all: readonly unknown[], url: URL, response: ServerResponse): void {
    const size = Math.min(Number(url.searchParams.get('per_page')), options.page ?? 100)
    const page = Number(url.searchParams.get('page') ?? '1')
    if (page * size < all.length) {
      const next = new URLSearchParams({ per_page: String(size), page: String(page + 1) })
      response.setHeader('link', `<https://gitlab.com${url.pathname}?${next.toString()}>; rel="next"`)
    }
    reply(response, 200, all.slice((page - 1) * size, page * size))
  }

  return serveApi((request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://gitlab')
    const [, kind, owner = '', id, tag] = ADDRESS.exec(url.pathname) ?? []
    const name = decodeURIComponent(owner)
    const below = paths().filter(
      (path) => path === name || (kind === 'groups' && path.startsWith(`${name}/`)),
    )
    const held = id === undefined ? undefined : store.get(paths()[Number(id) - 1] ?? '')
    if (request.headers.authorization !== `Bearer ${options.token}`)
      reply(response, 401, { message: '401 Unauthorized' })
    else if (below.length === 0) reply(response, 404, { message: '404 Not Found' })
    else if (held === undefined) replyPage(below.map(shown), url, response)
    else if (tag === undefined)
      replyPage(
        [...held.tags.keys()].map((each) => ({ name: each, path: `${name}:${each}` })),
        url,
        response,
      )
    else {
      const digest = held.tags.get(decodeURIComponent(tag))
      // the date of the build, out of the config
      const config = digest === undefined ? undefined : links(held.manifests.get(digest)!).config?.digest
      const created =
        config === undefined ? null : CREATED.exec(held.blobs.get(config)?.toString() ?? '')?.[1]
      reply(response, 200, { name: tag, digest, created_at: created ?? null })
    }
  })
}

const CREATED = /"created":"([^"]+)"/
