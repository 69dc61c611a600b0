import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { authorise, originOf, tokenPath, type EmbeddedAuth } from './embedded/access.ts'
import { blobExchange, uploadExchange } from './embedded/blobs.ts'
import { deleteManifest } from './embedded/deletes.ts'
import { giteaPackages } from './embedded/gitea-packages.ts'
import { getManifest, listReferrers, putManifest } from './embedded/manifests.ts'
import type { Quirks } from './embedded/quirks.ts'
import { rateGate } from './embedded/rate.ts'
import { refuse, reply } from './embedded/replies.ts'
import { answeredFromCache, type StaleCache } from './embedded/stale-cache.ts'
import { repositoryOf, seedImage, type Store } from './embedded/store.ts'
import { listRepositories, listTags } from './embedded/tags.ts'
import type { BuiltImage } from './images.ts'
import { serve, type Certificate, type Served } from './loopback.ts'
import { basic, type PushTarget } from './push.ts'
import { tokenIssuer, type TokenIssuer } from './token-issuer.ts'

export { FACE_ACCOUNT, FACES, type Face } from './embedded/faces.ts'
export { VENDORS, type Quirks } from './embedded/quirks.ts'

export interface EmbeddedRegistryOptions {
  readonly auth?: EmbeddedAuth
  readonly quirks?: Quirks
  /** waited before each answer */
  readonly delayMs?: number
  readonly certificate?: Certificate
  /** sees every exchange first and may end it itself (`true`): for answers no honest registry gives */
  readonly intercept?: (exchange: Exchange) => boolean | Promise<boolean>
}

/** A request and the answer to it, as `intercept` sees them. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly url: URL
  /** from 1 */
  readonly number: number
}

export interface LoggedRequest {
  readonly method: string
  /** path without query; `/token` is the registry's own token endpoint */
  readonly path: string
  readonly query: string
  readonly status: number
}

/** A registry of this process that keeps everything in memory. */
export interface EmbeddedRegistry extends Served {
  readonly store: Store
  /** every exchange that was answered, in order */
  readonly requests: LoggedRequest[]
  /** null unless `auth` is of kind `token` */
  readonly issuer: TokenIssuer | null
  /** puts an image into a repository without any request */
  readonly seed: (repository: string, image: BuiltImage, tags?: readonly string[], pushedAt?: number) => void
  /** where and as whom to push, with every right that `auth` gives to the account named first */
  readonly target: (repository: string) => PushTarget
}

export async function startEmbeddedRegistry(
  options: EmbeddedRegistryOptions = {},
): Promise<EmbeddedRegistry> {
  const store: Store = new Map()
  const requests: LoggedRequest[] = []
  const auth = options.auth ?? { kind: 'none' }
  const issuer = auth.kind === 'token' ? tokenIssuer(auth) : null
  const quirks = options.quirks ?? {}
  const context: Context = { store, auth, issuer, quirks, pulls: 0 }
  const mayPass = quirks.rateLimit ? rateGate(quirks.rateLimit) : () => true
  const cache: StaleCache = new Map()
  let count = 0

  const served = await serve(async (request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
    const number = ++count
    response.once('finish', () => {
      const { statusCode: status } = response
      requests.push({ method: request.method ?? '', path: url.pathname, query: url.search.slice(1), status })
    })
    if (options.delayMs) await sleep(options.delayMs)
    if (await options.intercept?.({ request, response, url, number })) return
    if (!mayPass(response) || (quirks.staleCache && answeredFromCache(cache, request, response))) return
    await answer(context, url, request, response)
  }, options.certificate)

  return {
    ...served,
    store,
    requests,
    issuer,
    seed: (repository, image, tags = [], pushedAt = Date.now()) =>
      seedImage(
        repositoryOf(store, repository, quirks.sharedManifests),
        image,
        tags.map((tag) => canonical(tag, quirks)),
        pushedAt,
      ),
    target: (repository) => ({
      origin: served.origin,
      repository,
      authorization: credentials(auth, issuer, repository),
    }),
  }
}

interface Context {
  readonly store: Store
  readonly auth: EmbeddedAuth
  readonly issuer: TokenIssuer | null
  readonly quirks: Quirks
  /** manifest GETs so far, for the pull limit */
  pulls: number
}

const ROUTE = /^\/v2\/(.+)\/(manifests|blobs|tags|referrers)\/([^/]+|uploads\/[^/]*)$/

async function answer(
  context: Context,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { issuer, quirks } = context
  if (issuer && url.pathname === tokenPath(quirks)) {
    const asked = url.searchParams
      .getAll('scope')
      .flatMap((scope) => scope.split(':').at(-1)?.split(',') ?? [])
    if (asked.some((action) => quirks.refusedActions?.includes(action))) {
      refuse(response, 400, 'INVALID_SCOPE', 'unknown action in scope')
      return
    }
    await issuer.answer(request, response)
    return
  }
  if (quirks.gitea && giteaPackages(context.store, url, originOf(request), response)) return
  response.setHeader('docker-distribution-api-version', 'registry/2.0')
  const [, path = null, kind = '', reference = ''] = ROUTE.exec(url.pathname) ?? []
  if (!authorise({ ...context, path, request, response, catalog: url.pathname === '/v2/_catalog' })) return
  if (path !== null) await repositoryAnswer(context, { path, kind, reference, url }, request, response)
  else if (url.pathname === '/v2/') reply(response, 200, {})
  else if (url.pathname === '/v2/_catalog' && !quirks.noCatalog) {
    listRepositories([...context.store.keys()], url.searchParams, quirks, response)
  } else refuse(response, 404, 'NOT_FOUND', 'page not found')
}

async function repositoryAnswer(
  context: Context,
  { path, kind, reference, url }: { path: string; kind: string; reference: string; url: URL },
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { quirks, store } = context
  const writes = request.method === 'PUT' || request.method === 'POST'
  if (!writes && !store.has(path)) {
    refuse(response, 404, 'NAME_UNKNOWN', 'repository name not known to registry')
    return
  }
  const repository = repositoryOf(store, path, quirks.sharedManifests)
  const asked = { repository, reference: canonical(reference, quirks), quirks }
  if (kind === 'tags') listTags(path, repository, url.searchParams, quirks, response)
  else if (kind === 'referrers') listReferrers(asked, response)
  else if (kind === 'blobs' && reference.startsWith('uploads/')) {
    await uploadExchange(path, repository, url.searchParams, request, response)
  } else if (kind === 'blobs') blobExchange(repository, reference, request, response)
  else if (request.method === 'PUT') await putManifest(asked, request, response)
  else if (request.method === 'DELETE') deleteManifest(asked, response)
  else if (withinPullLimit(context, request, response)) getManifest(asked, request, response)
}

/** The name under which the registry knows what was asked for. */
function canonical(reference: string, { lowerCasesTags }: Quirks): string {
  return lowerCasesTags ? reference.toLowerCase() : reference
}

/** Docker Hub counts manifest GETs, never HEADs. */
function withinPullLimit(context: Context, request: IncomingMessage, response: ServerResponse): boolean {
  const { pullLimit } = context.quirks
  if (pullLimit === undefined) return true
  if (request.method === 'GET') context.pulls++
  const remaining = Math.max(0, pullLimit - context.pulls)
  response.setHeader('ratelimit-limit', `${pullLimit};w=21600`)
  response.setHeader('ratelimit-remaining', `${remaining};w=21600`)
  response.setHeader('docker-ratelimit-source', '192.0.2.1')
  if (context.pulls <= pullLimit) return true
  refuse(response, 429, 'TOOMANYREQUESTS', 'You have reached your pull rate limit.')
  return false
}

function credentials(auth: EmbeddedAuth, issuer: TokenIssuer | null, repository: string): string | undefined {
  if (auth.kind === 'basic') return basic(auth.username, auth.password)
  if (auth.kind === 'none' || issuer === null) return undefined
  const [account = ''] = Object.keys(auth.accounts)
  return `Bearer ${issuer.mint(account, `repository:${repository}:pull,push,delete`)}`
}
