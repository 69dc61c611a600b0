import { AwsV4Signer } from 'aws4fetch'

import type { AwsKeys } from '../../credentials/aws.ts'
import { WardenError } from '../../domain/errors.ts'
import type { ErrorKind } from '../../domain/errors.ts'
import type { Registry } from '../../domain/names/reference.ts'
import type { Clock } from '../../domain/ports.ts'
import { sanitiseLine } from '../../domain/text.ts'
import { printableUrl } from '../../transport/origin.ts'
import type { HttpResponse, Send } from '../../transport/types.ts'
import { parseAwsError } from '../../wire/vendors/ecr.ts'
import type { EcrPage } from '../../wire/vendors/ecr.ts'
import { DEFAULT_PAGE_LIMITS } from '../pages.ts'

/** The actions that are used; each is also the name of the permission, `ecr:DescribeImages`. */
export type EcrAction =
  'DescribeImages' | 'DescribeRepositories' | 'BatchDeleteImage' | 'GetAuthorizationToken'

/** Where one private registry's API is, and whose it is. */
export interface EcrPlace {
  readonly url: URL
  readonly region: string
  /** the account; null: that of the keys */
  readonly registryId: string | null
}

/** Asks one action with a JSON document. @throws WardenError for every answer but 200 */
export type AskEcr = (action: EcrAction, document: Readonly<Record<string, unknown>>) => Promise<Buffer>

export interface EcrApiParts {
  readonly send: Send
  readonly clock: Clock
  readonly sleep: (milliseconds: number) => Promise<unknown>
}

const HOST = /^(\d{12})\.dkr\.ecr(-fips)?\.([a-z0-9-]+)\.amazonaws\.com(\.cn)?$/
const VPC_HOST = /\.ecr\.([a-z0-9-]+)\.vpce\.amazonaws\.com(?:\.cn)?$/

/**
 * The API of a private registry: region and account are in its host; of a VPC endpoint `provider-api-url`
 * tells the address, and that, or AWS_REGION, the region. Null for `public.ecr.aws`, which has another API.
 */
export function ecrPlace({ host }: Registry, apiUrl: URL | null, keys: AwsKeys): EcrPlace | null {
  const [, account = null, fips = '', region, china = ''] = HOST.exec(host) ?? []
  if (region !== undefined) {
    const api = fips === '' ? `api.ecr.${region}` : `ecr-fips.${region}`
    return { url: apiUrl ?? new URL(`https://${api}.amazonaws.com${china}/`), region, registryId: account }
  }
  if (apiUrl === null) return null
  const [, named] = VPC_HOST.exec(apiUrl.hostname) ?? VPC_HOST.exec(host) ?? []
  const found = named ?? keys.region
  if (found === null) {
    throw new WardenError('input', `${host}: the region of this ECR endpoint is not known`, {
      advice: 'Set AWS_REGION in the environment of the step',
    })
  }
  return { url: apiUrl, region: found, registryId: null }
}

const MAX_BYTES = 32 * 1024 * 1024
/** ECR slows callers down by 400 and a code; it is waited for, longer each time, for a minute in all. */
const WAITS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000]

/** Signs each request again (Signature Version 4): the keys go to this address only, and never in clear. */
export function createAskEcr(place: EcrPlace, keys: AwsKeys, { send, clock, sleep }: EcrApiParts): AskEcr {
  async function once(action: EcrAction, body: string): Promise<HttpResponse> {
    const signer = new AwsV4Signer({
      method: 'POST',
      url: place.url.href,
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': `AmazonEC2ContainerRegistry_V20150921.${action}`,
      },
      body,
      accessKeyId: keys.accessKeyId,
      secretAccessKey: keys.secretAccessKey,
      ...(keys.sessionToken === null ? {} : { sessionToken: keys.sessionToken }),
      service: 'ecr',
      region: place.region,
      datetime: new Date(clock()).toISOString().replaceAll(/[-:]|\.\d{3}/g, ''),
    })
    const signed = await signer.sign()
    const { authorization = null, host: _, ...headers } = Object.fromEntries(signed.headers)
    return send({
      method: 'POST',
      url: place.url,
      headers,
      body,
      authorization,
      redirects: false,
      maxBytes: MAX_BYTES,
      ...(action === 'BatchDeleteImage' ? { repeat: 'never' } : { repeat: 'always' }),
      purpose: `${action} at ${place.url.host}`,
    })
  }

  return async (action, document) => {
    const account =
      place.registryId === null || action === 'GetAuthorizationToken' ? {} : { registryId: place.registryId }
    const body = JSON.stringify({ ...account, ...document })
    for (const wait of [...WAITS, null]) {
      const response = await once(action, body)
      if (response.status === 200) return response.body
      const error = ecrFailure(action, place, response)
      // who deletes looks again before the next try
      if (error.kind !== 'rate-limit' || action === 'BatchDeleteImage' || wait === null) throw error
      await sleep(wait).catch(() => undefined)
    }
    throw new Error('the last try ends with an answer or an error')
  }
}

/** Reads every page; ECR says on each whether another follows. */
export async function readEcrPages<T>(
  ask: AskEcr,
  action: EcrAction,
  document: Readonly<Record<string, unknown>>,
  parse: (body: Buffer) => EcrPage<T>,
  take: (page: EcrPage<T>) => void,
): Promise<void> {
  const seen = new Set<string>()
  for (let next: string | null = null, pages = 0; pages < DEFAULT_PAGE_LIMITS.pages; pages += 1) {
    const page = parse(
      await ask(action, { ...document, maxResults: 1000, ...(next === null ? {} : { nextToken: next }) }),
    )
    take(page)
    next = page.next
    if (next === null) return
    if (seen.has(next)) break
    seen.add(next)
  }
  throw new WardenError('protocol', `${action}: the list does not end`)
}

interface Meaning {
  readonly kind: ErrorKind
  readonly phrase: string
  readonly advice: (action: EcrAction) => string | null
}

const relogin = () =>
  'Run aws-actions/configure-aws-credentials right before this step, or with a longer session'
const EXPIRED: Meaning = { kind: 'unauthorized', phrase: 'the AWS session has expired', advice: relogin }
const DENIED: Meaning = {
  kind: 'denied',
  phrase: 'the AWS keys may not do this',
  advice: (action) => `Allow ecr:${action} in the policy of this role or user`,
}
const UNKNOWN_KEYS: Meaning = {
  kind: 'unauthorized',
  phrase: 'AWS does not know these keys',
  advice: () => 'Check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN: they belong together',
}
const CLOCK: Meaning = {
  kind: 'unauthorized',
  phrase: 'the clock of this machine is wrong, so AWS does not accept its signatures',
  advice: () => 'Set the clock of the runner',
}
const THROTTLED: Meaning = {
  kind: 'rate-limit',
  phrase: 'too many requests',
  advice: () => 'Run again later, or lower concurrency',
}

const MEANINGS: Readonly<Record<string, Meaning>> = {
  ExpiredTokenException: EXPIRED,
  ExpiredToken: EXPIRED,
  AccessDeniedException: DENIED,
  UnrecognizedClientException: UNKNOWN_KEYS,
  InvalidClientTokenId: UNKNOWN_KEYS,
  IncompleteSignatureException: UNKNOWN_KEYS,
  RequestExpired: CLOCK,
  ThrottlingException: THROTTLED,
  TooManyRequestsException: THROTTLED,
  RequestLimitExceeded: THROTTLED,
  RepositoryNotFoundException: {
    kind: 'not-found-repository',
    phrase: 'the registry has no such repository',
    advice: () => 'Check region, account and name',
  },
}

/** "Signature expired: 2026… is now earlier than …", "Signature not yet current". */
const SKEWED = /signature (?:expired|not yet current)/i

function ecrFailure(action: EcrAction, { url }: EcrPlace, { status, body }: HttpResponse): WardenError {
  const { type, message } = parseAwsError(body)
  const isSignature = type === 'InvalidSignatureException' || type === 'SignatureDoesNotMatch'
  const signature = SKEWED.test(message) ? CLOCK : UNKNOWN_KEYS
  const meaning = isSignature ? signature : MEANINGS[type]
  const kind = meaning?.kind ?? (status >= 500 ? 'server' : status === 429 ? 'rate-limit' : 'protocol')
  const said = sanitiseLine(
    [status, type].filter(Boolean).join(' ') + (message === '' ? '' : `: ${message}`),
    300,
  )
  return new WardenError(
    kind,
    `${action} at ${url.host}: ${meaning?.phrase ?? 'unexpected answer'} (${said})`,
    {
      advice: meaning?.advice(action) ?? null,
      exchange: {
        method: 'POST',
        url: printableUrl(url),
        status,
        codes: type === '' ? [] : [sanitiseLine(type, 60)],
      },
    },
  )
}
