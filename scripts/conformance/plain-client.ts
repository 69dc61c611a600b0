import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { sha256, type BuiltBlob } from '../../__tests__/support/blobs.ts'
import { MEDIA_TYPES, type BuiltImage } from '../../__tests__/support/images.ts'
import { basic } from '../../__tests__/support/push.ts'
import type { Options } from './options.ts'

/** An answer, read whole. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Buffer
}

interface Ask {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Buffer
}

/** Plain requests to one repository, so that the action is never its own witness. */
export interface PlainClient {
  /** a path below the repository, or one that begins with `/` */
  readonly ask: (method: string, path: string, init?: Ask) => Promise<Answer>
  /** the digest of what a tag or digest names now, by its bytes; null when the registry does not have it */
  readonly digestOf: (reference: string) => Promise<string | null>
  readonly hasBlob: (digest: string) => Promise<boolean>
  readonly tags: () => Promise<readonly string[]>
  readonly putManifest: (manifest: BuiltBlob, reference: string) => Promise<Answer>
  /** uploads an image, children by digest before the index; its status is that of the last request */
  readonly push: (image: BuiltImage, ...tags: readonly string[]) => Promise<Answer>
}

const TagPage = z.object({ tags: z.array(z.string().nullable()).nullish() })
const Issued = z.object({ token: z.string().optional(), access_token: z.string().optional() })
const ACCEPT = [...Object.values(MEDIA_TYPES.oci), ...Object.values(MEDIA_TYPES.docker)].join(', ')

export function plainClient(options: Options): PlainClient {
  const { origin, repository } = options
  const sends = authorised(options)

  async function ask(method: string, path: string, init: Ask = {}): Promise<Answer> {
    const url = new URL(path.startsWith('/') ? path : `/v2/${repository}/${path}`, origin)
    for (let attempt = 1; ; attempt++) {
      const answer = await sends(method, url, init)
      const isBusy = answer.status === 429 || answer.status === 503
      if (!isBusy || attempt === 30) return answer
      await sleep(1000 * Math.min(Number(answer.headers.get('retry-after') ?? 1) || 1, 30))
    }
  }

  async function digestOf(reference: string): Promise<string | null> {
    const headers = { accept: ACCEPT, 'cache-control': 'no-cache' }
    const answer = await ask('GET', `manifests/${reference}`, { headers })
    if (answer.status === 404) return null
    if (answer.status !== 200) throw new Error(`GET of ${reference} answers ${described(answer)}`)
    return sha256(answer.body)
  }

  async function upload({ digest, bytes }: BuiltBlob): Promise<Answer> {
    if ((await ask('HEAD', `blobs/${digest}`)).status === 200)
      return { status: 200, headers: new Headers(), body: Buffer.alloc(0) }
    const opened = await ask('POST', 'blobs/uploads/')
    if (opened.status !== 202) return opened
    const location = new URL(opened.headers.get('location') ?? '', origin)
    location.searchParams.set('digest', digest)
    const headers = { 'content-type': 'application/octet-stream' }
    return await ask('PUT', `${location.pathname}${location.search}`, { headers, body: bytes })
  }

  const putManifest = async ({ bytes, mediaType }: BuiltBlob, reference: string): Promise<Answer> =>
    await ask('PUT', `manifests/${reference}`, { headers: { 'content-type': mediaType }, body: bytes })

  async function push(image: BuiltImage, ...tags: readonly string[]): Promise<Answer> {
    for (const each of image.blobs) {
      const stored = await upload(each)
      if (stored.status >= 300) return stored
    }
    let last: Answer | null = null
    for (const each of image.manifests) {
      const names = each === image.manifest && tags.length > 0 ? tags : [each.digest]
      for (const name of names) {
        last = await putManifest(each, name)
        if (last.status >= 300) return last
      }
    }
    if (last === null) throw new Error('an image has a manifest')
    return last
  }

  return {
    ask,
    digestOf,
    hasBlob: async (digest) =>
      [200, 206].includes((await ask('GET', `blobs/${digest}`, { headers: { range: 'bytes=0-0' } })).status),
    tags: async () => await listTags(ask),
    putManifest,
    push,
  }
}

/** Status and the error body's first line, for people. */
export function described({ status, body }: Pick<Answer, 'status' | 'body'>): string {
  const code = /"code"\s*:\s*"(\w+)"/.exec(body.toString())?.[1]
  return code === undefined ? String(status) : `${status} ${code}`
}

async function listTags(ask: PlainClient['ask']): Promise<readonly string[]> {
  const found = new Set<string>()
  let path: string | undefined = 'tags/list?n=1000'
  while (path !== undefined) {
    const answer: Answer = await ask('GET', path, { headers: { 'cache-control': 'no-cache' } })
    if (answer.status === 404) return []
    const before = found.size
    const { tags } = TagPage.parse(JSON.parse(answer.body.toString()))
    for (const tag of tags ?? []) if (tag !== null) found.add(tag)
    const next = /<([^>]+)>;\s*rel="?next/.exec(answer.headers.get('link') ?? '')?.[1]
    const { pathname, search } = new URL(next ?? '/', 'http://registry')
    path = next === undefined || found.size === before ? undefined : `${pathname}${search}`
  }
  return [...found]
}

/** Sends with the credentials that the registry's challenge asks for. */
function authorised({ username, password, repository }: Options) {
  let authorization: string | null = null
  return async function send(method: string, url: URL, { headers = {}, body }: Ask): Promise<Answer> {
    for (let attempt = 1; ; attempt++) {
      const response = await fetch(url, {
        method,
        headers: { ...headers, ...(authorization && { authorization }) },
        ...(body && { body: new Uint8Array(body) }),
      })
      const answer = {
        status: response.status,
        headers: response.headers,
        body: Buffer.from(await response.arrayBuffer()),
      }
      if (answer.status !== 401 || attempt === 2) return answer
      authorization = await answerTo(answer.headers.get('www-authenticate') ?? '')
    }
  }

  async function answerTo(challenge: string): Promise<string | null> {
    const login = username === '' ? null : basic(username, password)
    const realm = /Bearer .*?realm="([^"]+)"/i.exec(challenge)?.[1]
    if (realm === undefined) return login
    const token = new URL(realm)
    const service = /service="([^"]+)"/.exec(challenge)?.[1]
    const scope = /scope="([^"]+)"/.exec(challenge)?.[1]
    if (service !== undefined) token.searchParams.set('service', service)
    const wanted = `repository:${repository}:pull,push${scope?.includes('delete') ? ',delete' : ''}`
    token.searchParams.append('scope', scope?.startsWith('repository:') === false ? scope : wanted)
    const response = await fetch(token, { headers: login === null ? {} : { authorization: login } })
    const issued = Issued.parse(await response.json().catch(() => ({})))
    const bearer = issued.token ?? issued.access_token
    return bearer === undefined ? null : `Bearer ${bearer}`
  }
}
