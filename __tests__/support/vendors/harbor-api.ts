import type { ServerResponse } from 'node:http'
import { refuse, reply } from '../embedded/replies.ts'
import { parentsOf, repositoryOf, tagsOf } from '../embedded/store.ts'
import type { Exchange } from '../embedded-registry.ts'
import type { Store } from '../embedded/store.ts'
import { basic } from '../push.ts'

export interface HarborOptions {
  readonly store: () => Store
  readonly username: string
  readonly password: string
  readonly immutable?: readonly string[]
  /** artifacts or repositories on a page */
  readonly page?: number
}

/** Repositories of a project, artifacts of a repository (its name encoded twice), a tag of one. */
const ADDRESS =
  /^\/api\/v2\.0\/projects\/([^/]+)\/repositories(?:\/([^/]+)\/artifacts(?:\/([^/]+)\/tags\/([^/]+))?)?$/

/** Harbor's API beside the registry, over what that holds; `true` when it has answered. */
export function harborApi(options: HarborOptions): (exchange: Exchange) => boolean {
  function replyPage(all: readonly unknown[], url: URL, response: ServerResponse): void {
    const size = options.page ?? Number(url.searchParams.get('page_size'))
    const page = Number(url.searchParams.get('page'))
    if (page * size < all.length) {
      const next = new URLSearchParams(url.searchParams)
      next.set('page', String(page + 1))
      response.setHeader('link', `<${url.pathname}?${next.toString()}>; rel="next"`)
    }
    response.setHeader('x-total-count', String(all.length))
    reply(response, 200, all.slice((page - 1) * size, page * size))
  }

  function repositories(project: string | undefined, url: URL, response: ServerResponse): void {
    const all = [...options.store()].flatMap(([name, { manifests }], position) =>
      project === undefined || name.startsWith(`${project}/`)
        ? [{ id: position + 1, name, artifact_count: manifests.size }]
        : [],
    )
    replyPage(all, url, response)
  }

  function artifacts(path: string, url: URL, response: ServerResponse): void {
    const held = repositoryOf(options.store(), path)
    const top = [...held.manifests.values()].filter(
      ({ digest }) => tagsOf(held, digest).length > 0 || parentsOf(held, digest).length === 0,
    )
    const showsRules = url.searchParams.get('with_immutable_status') === 'true'
    const all = top.map(({ digest, pushedAt }) => ({
      digest,
      push_time: new Date(pushedAt).toISOString(),
      pull_time: '0001-01-01T00:00:00.000Z',
      tags:
        tagsOf(held, digest).map((tag) => ({
          name: tag,
          push_time: new Date(pushedAt + 86_400_000).toISOString(),
          pull_time: '2026-05-05T00:00:00.000Z',
          immutable: showsRules && options.immutable?.includes(tag),
        })) || null,
    }))
    replyPage(all, url, response)
  }

  function untag(path: string, [digest, tag]: readonly [string, string], response: ServerResponse): void {
    const held = repositoryOf(options.store(), path)
    if (options.immutable?.includes(tag)) {
      refuse(response, 412, 'PRECONDITION', `the tag ${tag} is configured as immutable, cannot be deleted`)
    } else if (held.tags.get(tag) !== digest) refuse(response, 404, 'NOT_FOUND', 'tag not found')
    else {
      held.tags.delete(tag)
      reply(response, 200, {})
    }
  }

  return ({ request, response, url }) => {
    if (!url.pathname.startsWith('/api/')) return false
    if (request.headers.authorization !== basic(options.username, options.password)) {
      refuse(response, 401, 'UNAUTHORIZED', 'unauthorized')
    } else route(request.method, url, response)
    return true
  }

  function route(method: string | undefined, url: URL, response: ServerResponse): void {
    const [, project, encoded, digest = '', tag = ''] = ADDRESS.exec(url.pathname) ?? []
    const path = `${project}/${decodeURIComponent(decodeURIComponent(encoded ?? ''))}`
    if (url.pathname === '/api/v2.0/repositories') repositories(undefined, url, response)
    else if (project === undefined) refuse(response, 404, 'NOT_FOUND', 'not found')
    else if (encoded === undefined) repositories(project, url, response)
    else if (!options.store().has(path)) refuse(response, 404, 'NOT_FOUND', `repository ${path} not found`)
    else if (method === 'GET') artifacts(path, url, response)
    else untag(path, [digest, tag], response)
  }
}
