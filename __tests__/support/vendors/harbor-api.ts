import type { ServerResponse } from 'node:http'
import { refuse, reply } from '../embedded/replies.ts'
import { parentsOf, repositoryOf, tagsOf } from '../embedded/store.ts'
import type { Exchange } from '../embedded-registry.ts'
import type { Store } from '../embedded/store.ts'
import { basic } from '../push.ts'

export interface HarborOptions {
  readonly store: () => Store
  readonly path: string
  readonly username: string
  readonly password: string
  readonly immutable?: readonly string[]
  /** artifacts on a page */
  readonly page?: number
}

/** Harbor's API beside the registry, over what that holds; `true` when it has answered. */
export function harborApi(options: HarborOptions): (exchange: Exchange) => boolean {
  const [project = '', ...rest] = options.path.split('/')
  const name = encodeURIComponent(encodeURIComponent(rest.join('/')))
  const base = `/api/v2.0/projects/${project}/repositories/${name}/artifacts`
  const repository = () => repositoryOf(options.store(), options.path)

  function list(url: URL, response: ServerResponse): void {
    const held = repository()
    const top = [...held.manifests.values()].filter(
      ({ digest }) => tagsOf(held, digest).length > 0 || parentsOf(held, digest).length === 0,
    )
    const size = options.page ?? Number(url.searchParams.get('page_size'))
    const page = Number(url.searchParams.get('page'))
    if (page * size < top.length) {
      const next = new URLSearchParams(url.searchParams)
      next.set('page', String(page + 1))
      response.setHeader('link', `<${base}?${next.toString()}>; rel="next"`)
    }
    const showsRules = url.searchParams.get('with_immutable_status') === 'true'
    reply(
      response,
      200,
      top.slice((page - 1) * size, page * size).map(({ digest, pushedAt }) => ({
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
      })),
    )
  }

  function untag(path: string, response: ServerResponse): void {
    const [, digest = '', tag = ''] = /^\/([^/]+)\/tags\/([^/]+)$/.exec(path) ?? []
    if (options.immutable?.includes(tag)) {
      refuse(response, 412, 'PRECONDITION', `the tag ${tag} is configured as immutable, cannot be deleted`)
    } else if (repository().tags.get(tag) !== digest) refuse(response, 404, 'NOT_FOUND', 'tag not found')
    else {
      repository().tags.delete(tag)
      reply(response, 200, {})
    }
  }

  return ({ request, response, url }) => {
    if (!url.pathname.startsWith('/api/')) return false
    if (request.headers.authorization !== basic(options.username, options.password)) {
      refuse(response, 401, 'UNAUTHORIZED', 'unauthorized')
    } else if (!url.pathname.startsWith(base)) refuse(response, 404, 'NOT_FOUND', 'not found')
    else if (request.method === 'GET') list(url, response)
    else untag(url.pathname.slice(base.length), response)
    return true
  }
}
