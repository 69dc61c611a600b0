import { WardenError } from '../domain/errors.ts'
import type { Registry } from '../domain/names/reference.ts'
import type { Log, MaskSecret } from '../domain/ports.ts'
import type { HttpRequest, HttpResponse, Send } from '../transport/types.ts'
import type { Keychain, CredentialTarget } from './credential.ts'
import { createHandshake } from './handshake.ts'
import { createMasker } from './masking.ts'
import { createRepositoryAuths } from './repository-auth.ts'
import type { Access, Leader, RepositoryAuth } from './repository-auth.ts'
import { createFetchToken } from './token.ts'
import type { MonotonicClock } from './token.ts'
import { refusal } from './refusal.ts'

/** A request to a registry on behalf of one of its repositories, or (path null) of the catalog or `/v2/`. */
export interface AuthorizedRequest extends Omit<HttpRequest, 'authorization'> {
  readonly repository: CredentialTarget
  /** What it needs there; default by method: `pull`, `delete`, `pull` and `push`; `*` of the catalog. */
  readonly actions?: readonly string[]
}

/**
 * Sends a request with whatever login its registry asks for. Status 401 is never an answer: it ends as a
 * WardenError of kind `unauthorized` or `denied` that says who we were and what to do. Every other status is
 * one, 403 included.
 */
export type AuthorizedSend = (request: AuthorizedRequest) => Promise<HttpResponse>

export interface AuthenticatorParts {
  readonly send: Send
  readonly keychain: Keychain
  readonly mask: MaskSecret
  readonly clock: MonotonicClock
  readonly log: Log
  /** Hears every challenge of a registry, as it was sent: it tells what kind of registry that is. */
  readonly hear?: (registry: Registry, challenges: readonly string[]) => void
}

/** Challenge, pull token, upgraded token, Basic: a server that asks more often plays games. */
const MAX_ROUNDS = 6

/**
 * The 401 loop over `send`. However many requests start at once, one of them learns how to log in and the
 * others wait for it: a cold repository behind token auth costs one challenge and one token. Credentials go
 * to the origin they belong to and to the token server that this registry names, nowhere else.
 */
export function createAuthorizedSend(parts: AuthenticatorParts): AuthorizedSend {
  const { send, keychain, clock, log } = parts
  const mask = createMasker(parts.mask)
  const sessionOf = createRepositoryAuths()
  const handshake = createHandshake({
    send,
    keychain,
    clock,
    log,
    fetchToken: createFetchToken({ send, mask, clock }),
  })

  async function exchangeUntilAccepted(
    request: AuthorizedRequest,
    auth: RepositoryAuth,
    before: Access,
    leader: Leader | null,
  ): Promise<HttpResponse> {
    const { repository, actions = defaultActions(request), ...message } = request
    const tried = new Set<string>()
    const attempt = { auth, url: request.url, method: request.method, actions, tried }
    if (leader !== null) await handshake.authorizeAhead(auth, actions)
    if (handshake.isStale(auth)) await handshake.renew(auth)
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const { access } = auth
      // a token can be used by all at once; a password only after it proved right, lest 16 failures lock the
      // account
      if (access.question !== null) leader?.open()
      const response = await send({ ...message, authorization: access.authorization })
      if (response.status !== 401) {
        if (access.scheme === 'basic') auth.facts.takesBasic = true
        if (response.status < 300 && request.method !== 'DELETE') auth.exists = true
        return response
      }
      parts.hear?.(repository.registry, response.headers.get('www-authenticate') ?? [])
      // what was obtained since this request began is as fresh as it gets
      if (access !== before) tried.add(access.key)
      if (auth.access === access) await handshake.answerChallenge(attempt, response)
    }
    throw refusal(attempt, await keychain(repository), { by: 'registry', error: null })
  }

  return async (request) => {
    const auth = sessionOf(request.repository)
    if (request.url.origin !== auth.origin) {
      throw new WardenError(
        'protocol',
        `${request.purpose}: ${request.url.host} is not ${auth.target.registry.host}`,
      )
    }
    const before = auth.access
    const leader = auth.gate.isOpen() ? null : await auth.gate.enter()
    try {
      const response = await exchangeUntilAccepted(request, auth, before, leader)
      leader?.open()
      return response
    } catch (error) {
      // only a refused login concerns those who wait; a request that failed for its own reasons does not
      if (isRefusal(error)) leader?.fail(error)
      else leader?.open()
      throw error
    }
  }
}

function defaultActions({ method, repository, url }: AuthorizedRequest): readonly string[] {
  if (repository.path === null) return url.pathname.endsWith('/_catalog') ? ['*'] : []
  if (method === 'DELETE') return ['delete']
  return method === 'GET' || method === 'HEAD' ? ['pull'] : ['pull', 'push']
}

function isRefusal(error: unknown): boolean {
  return error instanceof WardenError && (error.kind === 'unauthorized' || error.kind === 'denied')
}
