import type { MaskSecret } from '../domain/ports.ts'
import { headerValue } from '../transport/headers.ts'
import type { HttpResponse, Send } from '../transport/types.ts'
import { parseRegistryErrors } from '../wire/error-body.ts'
import { parseTokenAnswer } from '../wire/token.ts'
import type { TokenAnswer } from '../wire/token.ts'
import { basicAuthorization } from './credential.ts'
import type { Credential } from './credential.ts'
import { repeatedForms } from './masking.ts'

/** What is asked of a token server. */
export interface TokenQuestion {
  /** checked by `resolveRealm` */
  readonly realm: URL
  /** null: the challenge had none (OpenShift), and none is sent */
  readonly service: string | null
  readonly scopes: readonly string[]
  /** host of the registry that named the realm */
  readonly registryHost: string
  /** ACR takes a refresh token as password of this user */
  readonly refreshUser: string | null
}

export interface Grant {
  readonly token: string
  /** on the monotonic clock, in milliseconds */
  readonly expiresAt: number
}

export type TokenOutcome =
  | { readonly kind: 'granted'; readonly grant: Grant }
  /** any status but success; `said`: the server's reason, one harmless line */
  | { readonly kind: 'refused'; readonly status: number; readonly said: string | null }

/**
 * Milliseconds that only ever grow; `issued_at` is ignored, since the clocks of servers and runners disagree.
 */
export type MonotonicClock = () => number

/**
 * Asks a token server. Throws WardenErrors of `send`, and `protocol` for a success that holds no usable
 * token.
 */
export type FetchToken = (question: TokenQuestion, credential: Credential) => Promise<TokenOutcome>

const CLIENT_ID = 'registry-warden'
const MAX_BYTES = 128 * 1024

/**
 * Servers without the POST flow answered so: 404 GCR, 405, 401 Artifactory, 400 ACR [containerd
 * authorizer.go].
 */
const POST_UNSUPPORTED = new Set([400, 401, 404, 405])

/**
 * The two token exchanges of the distribution spec. Refresh tokens that the server rotates are kept in
 * memory.
 */
export function createFetchToken(parts: { send: Send; mask: MaskSecret; clock: MonotonicClock }): FetchToken {
  const { send, mask, clock } = parts
  const rotated = new Map<string, string>()

  async function byGet(question: TokenQuestion, credential: Credential): Promise<TokenOutcome> {
    const authorization = basicAuthorization(credential, question.refreshUser)
    const response = await send({
      method: 'GET',
      url: getUrl(question, credential),
      headers: { accept: 'application/json' },
      authorization,
      namedBy: hostNameOf(question),
      maxBytes: MAX_BYTES,
      purpose: purpose(question),
    })
    return conclude(question, response).outcome
  }

  async function byPost(question: TokenQuestion, refreshToken: string): Promise<TokenOutcome> {
    // a rotated token belongs to the server that gave it
    const key = `${question.realm.origin} ${refreshToken}`
    const response = await send({
      method: 'POST',
      url: question.realm,
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      body: postForm(question, rotated.get(key) ?? refreshToken),
      namedBy: hostNameOf(question),
      maxBytes: MAX_BYTES,
      redirects: false,
      purpose: purpose(question),
    })
    const { outcome, refreshToken: next } = conclude(question, response)
    if (next !== null) rotated.set(key, next)
    return outcome
  }

  function conclude(question: TokenQuestion, response: HttpResponse) {
    const { status, body } = response
    if (status < 200 || status > 299) {
      return { outcome: { kind: 'refused', status, said: reasonIn(response) } as const, refreshToken: null }
    }
    const answer = parseTokenAnswer(body, question.realm.host)
    maskAnswer(mask, answer)
    const expiresAt = clock() + answer.lifetimeSeconds * 1000
    const outcome = { kind: 'granted', grant: { token: answer.token, expiresAt } } as const
    return { outcome, refreshToken: answer.refreshToken }
  }

  async function ask(question: TokenQuestion, credential: Credential): Promise<TokenOutcome> {
    if (credential.kind !== 'identity') return byGet(question, credential)
    const outcome = await byPost(question, credential.token)
    const mayFallBack = outcome.kind === 'refused' && POST_UNSUPPORTED.has(outcome.status)
    // without a user name GET would be anonymous, and hide that the identity token was refused
    return mayFallBack && basicAuthorization(credential, question.refreshUser) !== null
      ? byGet(question, credential)
      : outcome
  }

  return async (question, credential) => withoutSecret(await ask(question, credential), credential)
}

/** The reason in a JSON answer; any other body is nobody's words for people. */
function reasonIn(response: HttpResponse): string | null {
  if (!/^\s{0,20}\{/.test(response.body.toString('latin1', 0, 21))) return null
  return parseRegistryErrors(response.body, headerValue(response, 'content-type')).text
}

/** A server that quotes the login is not quoted. */
function withoutSecret(outcome: TokenOutcome, credential: Credential): TokenOutcome {
  if (outcome.kind === 'granted' || outcome.said === null || credential.kind === 'anonymous') return outcome
  const secret = credential.kind === 'basic' ? credential.password : credential.token
  const { said } = outcome
  return repeatedForms(secret).some((form) => said.includes(form)) ? { ...outcome, said: null } : outcome
}

/** Without the port. */
function hostNameOf({ registryHost }: TokenQuestion): string {
  return registryHost.replace(/:\d+$/, '')
}

function getUrl({ realm, service, scopes }: TokenQuestion, credential: Credential): URL {
  const url = new URL(realm)
  if (service !== null) url.searchParams.set('service', service)
  for (const scope of scopes) url.searchParams.append('scope', scope)
  url.searchParams.set('client_id', CLIENT_ID)
  if (credential.kind === 'basic' && credential.username !== '')
    url.searchParams.set('account', credential.username)
  return url
}

function postForm({ service, scopes, registryHost }: TokenQuestion, refreshToken: string): string {
  const form = new URLSearchParams({
    grant_type: 'refresh_token',
    // required by the spec, even where the challenge names none
    service: service ?? registryHost,
    client_id: CLIENT_ID,
    refresh_token: refreshToken,
  })
  if (scopes.length > 0) form.set('scope', scopes.join(' '))
  return form.toString()
}

function maskAnswer(mask: MaskSecret, answer: TokenAnswer): void {
  mask(answer.token)
  if (answer.refreshToken !== null) mask(answer.refreshToken)
}

function purpose({ realm, registryHost }: TokenQuestion): string {
  return `token for ${registryHost} from ${realm.host}`
}
