import type { ServerResponse } from 'node:http'
import { originOf } from '../embedded/access.ts'
import { refuse, reply } from '../embedded/replies.ts'
import { repositoryOf, tagsOf } from '../embedded/store.ts'
import type { EmbeddedRegistry, Exchange } from '../embedded-registry.ts'

export interface AcrOptions {
  readonly registry: () => EmbeddedRegistry
  /** tags and digests with a lock */
  readonly locked?: readonly string[]
  /** entries on a page */
  readonly page?: number
}

const ADDRESS = /^\/acr\/v1\/(.+)\/(_tags|_manifests)(?:\/([^/]+))?$/

/** ACR's own API beside the registry, behind its tokens; `true` when it has answered. */
export function acrApi(options: AcrOptions): (exchange: Exchange) => boolean {
  const repository = (path: string) => repositoryOf(options.registry().store, path)
  const changeable = (name: string) => {
    const free = options.locked?.includes(name) !== true
    return { deleteEnabled: free, writeEnabled: free, readEnabled: true, listEnabled: true }
  }

  function grants({ request }: Exchange, path: string, action: string): boolean {
    const [, token = ''] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? []
    const access = options.registry().issuer?.accessOf(token) ?? []
    return access.some(({ name, actions }) => name === path && actions.includes(action))
  }

  function challenge({ request, response }: Exchange, path: string, action: string): void {
    const realm = `${originOf(request)}/token`
    const scope = `repository:${path}:${action}`
    response.setHeader(
      'www-authenticate',
      `Bearer realm="${realm}",service="acr",scope="${scope}",error="insufficient_scope"`,
    )
    refuse(response, 401, 'UNAUTHORIZED', 'authentication required')
  }

  /** One page of names in order, with the link to the next. */
  function pageOf(names: readonly string[], url: URL, response: ServerResponse): readonly string[] {
    const last = url.searchParams.get('last')
    const start = last === null ? 0 : names.indexOf(last) + 1
    const page = names.slice(start, start + (options.page ?? Number(url.searchParams.get('n'))))
    if (start + page.length < names.length) {
      const next = new URLSearchParams(url.searchParams)
      next.set('last', page.at(-1) ?? '')
      response.setHeader('link', `<${url.pathname}?${next.toString()}>; rel="next"`)
    }
    return page
  }

  function tags(path: string, url: URL, response: ServerResponse): void {
    const { tags, manifests } = repository(path)
    const entries = pageOf([...tags.keys()], url, response).map((name) => ({
      name,
      digest: tags.get(name),
      createdTime: '2020-01-01T00:00:00.1234567Z',
      lastUpdateTime: new Date(manifests.get(tags.get(name)!)!.pushedAt).toISOString(),
      signed: false,
      changeableAttributes: changeable(name),
    }))
    reply(response, 200, { registry: 'acme.azurecr.io', imageName: path, tags: entries })
  }

  function manifests(path: string, url: URL, response: ServerResponse): void {
    const held = repository(path)
    const entries = pageOf([...held.manifests.keys()], url, response).map((digest) => ({
      digest,
      createdTime: new Date(held.manifests.get(digest)!.pushedAt).toISOString(),
      lastUpdateTime: new Date(held.manifests.get(digest)!.pushedAt).toISOString(),
      mediaType: held.manifests.get(digest)!.mediaType,
      // left out where there are none
      tags: tagsOf(held, digest).length > 0 ? tagsOf(held, digest) : undefined,
      changeableAttributes: changeable(digest),
    }))
    reply(response, 200, { registry: 'acme.azurecr.io', imageName: path, manifests: entries })
  }

  function untag(path: string, tag: string, response: ServerResponse): void {
    if (options.locked?.includes(tag)) {
      refuse(response, 405, 'REGISTRY_DISALLOWED_OPERATION', 'The operation is disallowed.')
    } else if (repository(path).tags.delete(tag)) response.writeHead(202).end()
    else refuse(response, 404, 'TAG_UNKNOWN', 'the specified tag does not exist')
  }

  return (exchange) => {
    const { request, response, url } = exchange
    const [, path, list, tag] = ADDRESS.exec(url.pathname) ?? []
    if (path === undefined) return false
    const action = request.method === 'DELETE' ? 'delete' : 'metadata_read'
    if (!grants(exchange, path, action)) challenge(exchange, path, action)
    else if (!options.registry().store.has(path))
      refuse(response, 404, 'NAME_UNKNOWN', 'repository not found')
    else if (request.method === 'DELETE' && tag !== undefined) untag(path, tag, response)
    else if (list === '_tags') tags(path, url, response)
    else if (list === '_manifests') manifests(path, url, response)
    else refuse(response, 404, 'NAME_UNKNOWN', 'not found')
    return true
  }
}
