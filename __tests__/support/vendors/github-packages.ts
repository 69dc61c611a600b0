import type { IncomingMessage, ServerResponse } from 'node:http'
import { reply } from '../embedded/replies.ts'
import { nameManifest, removeManifest, storeManifest, tagsOf } from '../embedded/store.ts'
import type { StoredManifest } from '../embedded/store.ts'
import type { EmbeddedRegistry } from '../embedded-registry.ts'
import { serveApi } from './stage.ts'

export interface PackagesOptions {
  /** whose address is `…` in `requests`; every other package of the registry is served, too */
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
  /** dates by digest, or when the registry was pushed to */
  readonly dates?: 'pushed' | ReadonlyMap<string, { readonly created: string; readonly updated: string }>
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
  /** deletes a version as a request does */
  readonly remove: (digest: string) => void
}

interface Deleted {
  readonly manifest: StoredManifest
  readonly tags: readonly string[]
}

/** `/orgs/acme/packages`, `…/container/NAME/versions`, `…/versions/ID`, `…/restore` */
const ADDRESS =
  /^\/(orgs|users)\/([^/]+)\/packages(?:\/container\/([^/]+)\/versions(?:\/(\d+)(\/restore)?)?)?$/

/** GitHub's Packages API over what a registry holds: each manifest is a version, newest first. */
export async function servePackages(registry: EmbeddedRegistry, options: PackagesOptions): Promise<Packages> {
  const ids = new Map<string, number>()
  const deleted = new Map<string, Map<string, Deleted>>()
  const deletedIn = (path: string): Map<string, Deleted> => {
    const known = deleted.get(path) ?? new Map<string, Deleted>()
    deleted.set(path, known)
    return known
  }
  const idOf = (digest: string): number => {
    if (!ids.has(digest)) ids.set(digest, 1000 + ids.size)
    return ids.get(digest)!
  }
  const kind = options.owner ?? 'orgs'
  const [shown = '', ...rest] = options.path.split('/')
  const base = `/${kind}/${shown}/packages/container/${encodeURIComponent(rest.join('/'))}/versions`

  const packages: Packages = {
    origin: await serveApi(answer),
    requests: [],
    authorizations: new Set(),
    idOf,
    beforeDelete: () => {},
    remove: (digest) => {
      removeFrom(options.path, digest)
    },
  }

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? '/', 'http://api')
    const asked = `${request.method} ${url.pathname.replace(base, '…')}${url.search}`
    packages.authorizations.add(request.headers.authorization)
    const number = packages.requests.push(asked)
    if (options.intercept?.(asked, response, number)) return
    if (request.headers.authorization !== `Bearer ${options.token ?? 'gh-token-1'}`) {
      reply(response, 401, { message: 'Bad credentials' })
    } else route(url, request, response)
  }

  function route(url: URL, request: IncomingMessage, response: ServerResponse): void {
    const [, asked, owner = '', name, id, isRestore] = ADDRESS.exec(url.pathname) ?? []
    const path = `${owner}/${decodeURIComponent(name ?? '')}`
    if (asked !== kind) reply(response, 404, { message: 'Not Found' })
    else if (name === undefined) listPackages(owner, url, response)
    else if (!registry.store.has(path)) reply(response, 404, { message: 'Package not found.' })
    else if (id === undefined) listVersions(path, url, response)
    else if (isRestore !== undefined) restore(path, Number(id), response)
    else one(path, request, Number(id), response)
  }

  function listPackages(owner: string, url: URL, response: ServerResponse): void {
    const names = [...registry.store.keys()].flatMap((path) =>
      path.startsWith(`${owner}/`) ? [path.slice(owner.length + 1)] : [],
    )
    const packages = names.map((name, position) => ({ id: position + 1, name, package_type: 'container' }))
    replyPage(packages, url, response)
  }

  function listVersions(path: string, url: URL, response: ServerResponse): void {
    const isDeleted = url.searchParams.get('state') === 'deleted'
    const from = isDeleted ? deletedIn(path) : registry.store.get(path)!.manifests
    const all = [...from.keys()].reverse()
    replyPage(
      all.map((digest) => version(path, digest)),
      url,
      response,
    )
  }

  function replyPage(all: readonly unknown[], url: URL, response: ServerResponse): void {
    const size = Math.min(Number(url.searchParams.get('per_page')), options.page ?? 100)
    const page = Number(url.searchParams.get('page') ?? '1')
    if (page * size < all.length) {
      const next = new URLSearchParams(url.searchParams)
      next.set('page', String(page + 1))
      response.setHeader('link', `<https://api.github.example${url.pathname}?${next.toString()}>; rel="next"`)
    }
    reply(response, 200, all.slice((page - 1) * size, page * size))
  }

  function one(path: string, request: IncomingMessage, id: number, response: ServerResponse): void {
    if (request.method === 'DELETE') packages.beforeDelete()
    const digest = [...registry.store.get(path)!.manifests.keys()].find((each) => idOf(each) === id)
    if (digest === undefined) reply(response, 404, { message: 'Package not found.' })
    else if (request.method === 'GET') reply(response, 200, version(path, digest))
    else remove(path, digest, response)
  }

  function remove(path: string, digest: string, response: ServerResponse): void {
    const refusal = options.refusals?.get(digest)
    if (refusal !== undefined) reply(response, refusal.status, { message: refusal.message })
    else if (options.readOnly) reply(response, 404, { message: 'Package not found.' })
    else {
      removeFrom(path, digest)
      response.writeHead(204).end()
    }
  }

  function removeFrom(path: string, digest: string): void {
    const repository = registry.store.get(path)!
    const manifest = repository.manifests.get(digest)
    if (manifest === undefined) return
    deletedIn(path).set(digest, { manifest, tags: tagsOf(repository, digest) })
    removeManifest(repository, digest)
  }

  /** With its tags, as far as nothing else has them by now. */
  function restore(path: string, id: number, response: ServerResponse): void {
    const found = [...deletedIn(path)].find(([digest]) => idOf(digest) === id)
    if (found === undefined) {
      reply(response, 404, { message: 'Package not found.' })
      return
    }
    const [digest, { manifest, tags }] = found
    const repository = registry.store.get(path)!
    storeManifest(repository, manifest, manifest.pushedAt)
    for (const tag of tags)
      if (!repository.tags.has(tag)) nameManifest(repository, tag, digest, manifest.pushedAt)
    deletedIn(path).delete(digest)
    response.writeHead(204).end()
  }

  function datesOf(path: string, digest: string) {
    if (options.dates !== 'pushed') return options.dates?.get(digest)
    const at = new Date(
      (deletedIn(path).get(digest)?.manifest ?? registry.store.get(path)!.manifests.get(digest)!).pushedAt,
    ).toISOString()
    return { created: at, updated: at }
  }

  function version(path: string, digest: string) {
    const dates = datesOf(path, digest)
    return {
      id: idOf(digest),
      name: digest,
      created_at: dates?.created ?? '2026-01-01T00:00:00Z',
      updated_at: dates?.updated ?? '2026-01-02T00:00:00Z',
      metadata: {
        package_type: 'container',
        container: {
          tags: deletedIn(path).get(digest)?.tags ?? tagsOf(registry.store.get(path)!, digest),
        },
      },
    }
  }

  return packages
}
