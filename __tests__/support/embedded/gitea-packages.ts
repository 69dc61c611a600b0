import type { ServerResponse } from 'node:http'
import { reply } from './replies.ts'
import type { Store } from './store.ts'

const ROUTE = /^\/api\/v1\/packages\/([^/]+)(?:\/container\/([^/]+)\/([^/]+)\/files)?$/

/**
 * Gitea's packages API: `GET /api/v1/packages/{owner}?type=container` lists each name of each manifest as a
 * version; `…/{owner}/container/{name}/{version}/files` names the manifest's digest. Whether it was asked.
 */
export function giteaPackages(store: Store, url: URL, origin: string, response: ServerResponse): boolean {
  const [asked, owner = '', name, version] = ROUTE.exec(url.pathname) ?? []
  if (asked === undefined) return false
  const versions = versionsOf(store, owner, origin)
  if (name !== undefined && version !== undefined) {
    listFiles(store, [owner, decodeURIComponent(name), decodeURIComponent(version)], response)
    return true
  }
  const query = url.searchParams.get('q')?.toLowerCase() ?? ''
  const found = versions.filter((each) => each.name.includes(query))
  // Gitea's own defaults: DEFAULT_PAGING_NUM and MAX_RESPONSE_ITEMS
  const limit = Math.min(Number(url.searchParams.get('limit') ?? 30), 50)
  const page = Number(url.searchParams.get('page') ?? 1)
  response.setHeader('x-total-count', String(found.length))
  if (page * limit < found.length) {
    const next = new URL(url.pathname, origin)
    next.search = new URLSearchParams({
      ...Object.fromEntries(url.searchParams),
      page: String(page + 1),
    }).toString()
    response.setHeader('link', `<${next.href}>; rel="next"`)
  }
  reply(response, 200, found.slice((page - 1) * limit, page * limit))
  return true
}

/** Newest first, as Gitea lists them; a version is a name: a tag, or the digest of what was put by digest. */
function versionsOf(store: Store, owner: string, origin: string) {
  return [...store]
    .flatMap(([path, repository]) => {
      const [first, ...rest] = path.split('/')
      if (first !== owner) return []
      return [...repository.names].map(([version, pushedAt]) => ({ name: rest.join('/'), version, pushedAt }))
    })
    .sort((a, b) => b.pushedAt - a.pushedAt)
    .map(({ name, version, pushedAt }, position) => ({
      id: position + 1,
      owner: { id: 1, login: owner },
      repository: null,
      creator: { id: 1, login: owner },
      type: 'container',
      name,
      version,
      html_url: `${origin}/${owner}/-/packages/container/${encodeURIComponent(name)}/${encodeURIComponent(version)}`,
      created_at: new Date(pushedAt).toISOString().replace(/\.\d+Z$/, 'Z'),
    }))
}

function listFiles(
  store: Store,
  [owner, name, version]: readonly [string, string, string],
  response: ServerResponse,
): void {
  const repository = store.get(`${owner}/${name}`)
  const manifest = repository?.manifests.get(repository.tags.get(version) ?? version)
  if (!manifest || !repository?.names.has(version)) {
    reply(response, 404, { message: 'package does not exist' })
    return
  }
  const sha256 = manifest.digest.replace('sha256:', '')
  reply(response, 200, [{ id: 1, size: manifest.bytes.length, name: 'manifest.json', sha256 }])
}
