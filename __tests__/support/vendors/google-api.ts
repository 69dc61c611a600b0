import { reply } from '../embedded/replies.ts'
import type { Store } from '../embedded/store.ts'
import { serveApi } from './stage.ts'

export interface GoogleOptions {
  /** the access token */
  readonly token: string
  readonly location: string
  /** entries on a page */
  readonly page?: number
}

/** Repositories of a project, packages of a repository. */
const ADDRESS = /^\/v1\/projects\/([^/]+)\/locations\/([^/]+)\/repositories(?:\/([^/]+)\/packages)?$/

/**
 * Google's Artifact Registry API over what a registry holds; paths there are `project/repository/package`.
 */
export function serveGoogle(store: Store, options: GoogleOptions): Promise<string> {
  return serveApi((request, response) => {
    const url = new URL(request.url ?? '/', 'http://google')
    const [, project, location, repository] = ADDRESS.exec(url.pathname) ?? []
    if (request.headers.authorization !== `Bearer ${options.token}`) {
      reply(response, 401, {
        error: { code: 401, message: 'invalid credentials', status: 'UNAUTHENTICATED' },
      })
      return
    }
    if (project === undefined || location !== options.location) {
      reply(response, 404, { error: { code: 404, message: 'not found', status: 'NOT_FOUND' } })
      return
    }
    const parent = url.pathname.slice('/v1/'.length)
    const paths = [...store.keys()].map((path) => path.split('/')).filter(([first]) => first === project)
    const all =
      repository === undefined
        ? [
            ...[...new Set(paths.map(([, name]) => name))].map((name) => ({
              name: `${parent}/${name}`,
              format: 'DOCKER',
            })),
            { name: `${parent}/npm-packages`, format: 'NPM' },
          ]
        : paths
            .filter(([, name]) => name === repository)
            .map(([, , ...image]) => ({ name: `${parent}/${encodeURIComponent(image.join('/'))}` }))
    const size = Math.min(Number(url.searchParams.get('pageSize')), options.page ?? 1000)
    const start = Number(url.searchParams.get('pageToken') ?? '0')
    const more = start + size < all.length ? { nextPageToken: String(start + size) } : {}
    const field = repository === undefined ? 'repositories' : 'packages'
    reply(response, 200, { [field]: all.slice(start, start + size), ...more })
  })
}
