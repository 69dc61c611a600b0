import { createHash, createHmac } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import type { EmbeddedRegistry } from '../embedded-registry.ts'
import { serveApi } from './stage.ts'

export const AWS_KEYS = {
  accessKeyId: 'AKIDEXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'session-token-of-a-role',
} as const

export const AWS_ENV = {
  AWS_ACCESS_KEY_ID: AWS_KEYS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: AWS_KEYS.secretAccessKey,
  AWS_SESSION_TOKEN: AWS_KEYS.sessionToken,
  AWS_REGION: 'eu-west-1',
} as const

export interface EcrOptions {
  /** the clock of AWS; requests more than five minutes off are refused */
  readonly now: () => number
  /** when each image was pulled last, by digest; seconds */
  readonly pulled?: ReadonlyMap<string, number>
  /** images or repositories on a page */
  readonly page?: number
  /** so many requests are slowed down first */
  readonly throttle?: number
  /** actions that the policy does not allow */
  readonly denied?: readonly string[]
  readonly expired?: boolean
  /** what GetAuthorizationToken gives */
  readonly login?: { readonly username: string; readonly password: string }
}

export interface Ecr {
  readonly origin: string
  /** `DescribeImages {…}`, without those that were slowed down */
  readonly requests: string[]
}

const Id = z.object({ imageTag: z.string().optional(), imageDigest: z.string().optional() })
const Document = z.object({
  repositoryName: z.string().optional(),
  nextToken: z.string().optional(),
  maxResults: z.int().min(1).max(1000).optional(),
  imageIds: z.array(Id).optional(),
})

/** Amazon ECR's API over what a registry holds. It checks signatures by an implementation of its own. */
export async function serveEcr(registry: EmbeddedRegistry, options: EcrOptions): Promise<Ecr> {
  let throttled = options.throttle ?? 0
  const ecr: Ecr = { origin: await serveApi(answer), requests: [] }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = Buffer.concat(await request.toArray()).toString()
    const action = String(request.headers['x-amz-target']).replace(
      /^AmazonEC2ContainerRegistry_V20150921\./,
      '',
    )
    const refused = refusalOf(request, body, action)
    if (refused !== null) {
      send(response, 400, { __type: `com.amazonaws.ecr#${refused[0]}`, message: refused[1] })
      return
    }
    ecr.requests.push(`${action} ${body}`)
    const document = Document.parse(JSON.parse(body))
    if (action === 'DescribeRepositories') {
      const repositories = [...registry.store.keys()].map((repositoryName) => ({ repositoryName }))
      const { entries, ...more } = pageOf(repositories, document)
      send(response, 200, { repositories: entries, ...more })
    } else if (action === 'GetAuthorizationToken') {
      const { username = 'AWS', password = '' } = options.login ?? {}
      const authorizationToken = Buffer.from(`${username}:${password}`).toString('base64')
      send(response, 200, {
        authorizationData: [{ authorizationToken, expiresAt: options.now() / 1000 + 43_200 }],
      })
    } else if (action === 'DescribeImages') describe(document, response)
    else remove(document, response)
  }

  function refusalOf(request: IncomingMessage, body: string, action: string): [string, string] | null {
    const wrong = signatureFault(request, body, options.now())
    if (wrong !== null) return ['InvalidSignatureException', wrong]
    if (request.headers['x-amz-security-token'] !== AWS_KEYS.sessionToken)
      return ['UnrecognizedClientException', 'The security token included in the request is invalid.']
    if (options.expired)
      return ['ExpiredTokenException', 'The security token included in the request is expired']
    if (throttled > 0) {
      throttled -= 1
      return ['ThrottlingException', 'Rate exceeded']
    }
    if (!options.denied?.includes(action)) return null
    const who = 'arn:aws:sts::123456789012:assumed-role/ci/session'
    return ['AccessDeniedException', `User: ${who} is not authorized to perform: ecr:${action}`]
  }

  function describe(document: z.infer<typeof Document>, response: ServerResponse): void {
    const { repositoryName = '' } = document
    const repository = registry.store.get(repositoryName)
    if (repository === undefined) {
      send(response, 400, { __type: 'RepositoryNotFoundException', message: 'no such repository' })
      return
    }
    const details = [...repository.manifests.values()].map(({ digest, pushedAt }) => {
      const imageTags = [...repository.tags].flatMap(([tag, named]) => (named === digest ? [tag] : []))
      const lastRecordedPullTime = options.pulled?.get(digest)
      return {
        imageDigest: digest,
        imagePushedAt: pushedAt / 1000,
        // what is undefined is left out of the JSON
        imageTags: imageTags.length === 0 ? undefined : imageTags,
        lastRecordedPullTime,
      }
    })
    const { entries, ...more } = pageOf(details, document)
    send(response, 200, { imageDetails: entries, ...more })
  }

  function pageOf<T>(all: readonly T[], { nextToken, maxResults = 100 }: z.infer<typeof Document>) {
    const size = Math.min(options.page ?? 1000, maxResults)
    const start = Number(nextToken ?? '0')
    const more = start + size < all.length ? { nextToken: String(start + size) } : {}
    return { entries: all.slice(start, start + size), ...more }
  }

  /** Deleting a tag removes only the tag, the last one its image too; a digest with all its tags. */
  function remove(
    { repositoryName = '', imageIds = [] }: z.infer<typeof Document>,
    response: ServerResponse,
  ): void {
    const repository = registry.store.get(repositoryName)!
    const failures: unknown[] = []
    const gone = imageIds.filter((imageId) => {
      const { imageTag, imageDigest } = imageId
      const digest = imageTag === undefined ? imageDigest : repository.tags.get(imageTag)
      if (digest === undefined || !repository.manifests.has(digest)) {
        failures.push({ imageId, failureCode: 'ImageNotFound', failureReason: 'Requested image not found' })
        return false
      }
      const parents = [...repository.manifests.values()].filter((each) =>
        each.bytes.toString().includes(digest),
      )
      const isLast =
        imageTag === undefined ||
        [...repository.tags.values()].filter((named) => named === digest).length === 1
      if (isLast && parents.some((parent) => parent.digest !== digest)) {
        failures.push({
          imageId,
          failureCode: 'ImageReferencedByManifestList',
          failureReason: 'an index needs it',
        })
        return false
      }
      for (const [tag, named] of repository.tags)
        if (imageTag === undefined ? named === digest : tag === imageTag) repository.tags.delete(tag)
      if (isLast) repository.manifests.delete(digest)
      return true
    })
    send(response, 200, { imageIds: gone, failures })
  }

  return ecr
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body))
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

/** Signature Version 4, from AWS's documents: canonical request, string to sign, derived key. */
function signatureFault(
  { headers, method = '', url = '/' }: IncomingMessage,
  body: string,
  now: number,
): string | null {
  const [, credential = '', names = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    ) ?? []
  const [id = '', date = '', region = '', service = '', end = ''] = credential.split('/')
  const signed = names.split(';')
  const when = String(headers['x-amz-date'])
  if (id !== AWS_KEYS.accessKeyId || service !== 'ecr' || end !== 'aws4_request')
    return 'Credential should be scoped'
  for (const needed of ['host', 'x-amz-date', 'x-amz-target', 'x-amz-security-token'])
    if (!signed.includes(needed)) return `${needed} is not signed`
  const { pathname, searchParams } = new URL(url, 'http://ecr')
  const canonical = [
    method,
    pathname,
    [...searchParams]
      .map(([name, value]) => `${name}=${value}`)
      .toSorted()
      .join('&'),
    ...signed.map((name) => `${name}:${String(headers[name]).trim().replaceAll(/ +/g, ' ')}`),
    '',
    names,
    sha256(body),
  ].join('\n')
  const scope = `${date}/${region}/${service}/${end}`
  const toSign = ['AWS4-HMAC-SHA256', when, scope, sha256(canonical)].join('\n')
  const key = [region, service, end].reduce<Buffer>(hmac, hmac(`AWS4${AWS_KEYS.secretAccessKey}`, date))
  if (hmac(key, toSign).toString('hex') !== signature)
    return 'The request signature we calculated does not match the signature you provided.'
  const [, y, m, d, H, M, S] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(when) ?? []
  const at = Date.parse(`${y}-${m}-${d}T${H}:${M}:${S}Z`)
  if (Math.abs(at - now) <= 300_000) return null
  return at < now
    ? `Signature expired: ${when} is now earlier than the limit`
    : `Signature not yet current: ${when} is still later than the limit`
}
