import type { Log } from '../domain/ports.ts'
import { vendorOf } from '../domain/vendors/vendors.ts'
import type { HttpResponse, Send } from '../transport/types.ts'
import { basicAuthorization } from './credential.ts'
import type { Credential, Keychain } from './credential.ts'
import { readOffers } from './offers.ts'
import type { Offers } from './offers.ts'
import { foreignChallenge, noChallenge, refusal } from './refusal.ts'
import type { Refused } from './refusal.ts'
import { formatRepositoryScope, scopesToAsk } from './scope.ts'
import { NO_ACCESS } from './repository-auth.ts'
import type { Access, AuthAttempt, RepositoryAuth } from './repository-auth.ts'
import type { FetchToken, MonotonicClock, TokenQuestion } from './token.ts'

/** Turns challenges into access. All of them set `auth.access`. */
export interface Handshake {
  /** Obeys a 401 answer, or throws the refusal (`unauthorized` or `denied`) that ends the request. */
  readonly answerChallenge: (attempt: AuthAttempt, response: HttpResponse) => Promise<void>
  /** What can be known without a challenge, for the first request of a repository. */
  readonly authorizeAhead: (auth: RepositoryAuth, actions: readonly string[]) => Promise<void>
  /** Whether the token in use expires within seconds; what came from no token server never does. */
  readonly isStale: (auth: RepositoryAuth) => boolean
  /** Replaces a token that is about to expire; a refused one is dropped, and the challenge decides. */
  readonly renew: (auth: RepositoryAuth) => Promise<void>
}

type Exchanged =
  | { readonly kind: 'granted'; readonly access: Access }
  | { readonly kind: 'refused'; readonly status: number; readonly said: string | null; readonly realm: URL }

interface Parts {
  readonly send: Send
  readonly fetchToken: FetchToken
  readonly keychain: Keychain
  readonly clock: MonotonicClock
  readonly log: Log
}

const EARLY_MS = 10_000
const PING_MAX_BYTES = 64 * 1024

/** Each token is asked for once, however many requests wait for it. */
export function createHandshake({ send, fetchToken, keychain, clock, log }: Parts): Handshake {
  const underWay = new Map<string, Promise<Exchanged>>()

  /** One exchange per key at a time, shared by all who need it; forgotten once it is answered. */
  function exchange(auth: RepositoryAuth, question: TokenQuestion): Promise<Exchanged> {
    const { registry, path } = auth.target
    const key = `${registry.origin} ${path ?? ''} ${accessKey(question)}`
    const found = underWay.get(key)
    if (found !== undefined) return found
    const started = ask(auth, question).finally(() => underWay.delete(key))
    underWay.set(key, started)
    return started
  }

  async function ask(auth: RepositoryAuth, question: TokenQuestion): Promise<Exchanged> {
    const { realms } = auth.facts
    if (!realms.has(question.realm.host)) {
      realms.add(question.realm.host)
      log.debug(`${question.registryHost} names ${question.realm.host} as its token server`)
    }
    const outcome = await fetchToken(question, await keychain(auth.target))
    if (outcome.kind === 'refused') return { ...outcome, realm: question.realm }
    return { kind: 'granted', access: tokenAccess(outcome.grant.token, question, outcome.grant.expiresAt) }
  }

  async function offersOf({ auth, url }: AuthAttempt, response: HttpResponse): Promise<Offers> {
    const { registry } = auth.target
    // whoever we were sent to has no say in where this registry's credentials go
    if (response.url.origin !== url.origin) throw foreignChallenge(registry, response.url)
    const offers = readOffers(response.headers.get('www-authenticate') ?? [], response.url, registry)
    if (offers !== null) return isPing(url) ? withoutScope(offers) : offers
    const ping = await send({
      method: 'GET',
      url: new URL('/v2/', registry.origin),
      maxBytes: PING_MAX_BYTES,
      purpose: `login offers of ${registry.host}`,
    })
    const isOwn = ping.status === 401 && ping.url.origin === url.origin
    const pinged = isOwn ? readOffers(ping.headers.get('www-authenticate') ?? [], ping.url, registry) : null
    if (pinged === null) throw noChallenge(registry)
    return withoutScope(pinged)
  }

  async function obtainToken(
    attempt: AuthAttempt,
    offers: Offers,
    credential: Credential,
  ): Promise<Exchanged | null> {
    const { auth, tried, actions } = attempt
    const { bearer } = offers
    if (bearer === null) return null
    const { path } = auth.target
    const held = auth.access.question?.scopes ?? []
    const sets = scopesToAsk({ path, actions, challenged: bearer.scopes, held, exists: auth.exists })
    let last: Exchanged | null = null
    for (const scopes of sets) {
      const question = questionFor(auth, bearer, scopes)
      const key = accessKey(question)
      if (tried.has(key)) {
        // a registry may not know the newest key or time of its token server yet; one more token shows
        const again = `${key} again`
        const refused = { by: 'registry', error: offers.error, grantedBy: bearer.realm } as const
        if (offers.error !== 'invalid_token' || tried.has(again)) throw refusal(attempt, credential, refused)
        tried.add(again)
      }
      tried.add(key)
      last = await exchange(auth, question)
      if (last.kind === 'granted') {
        learnTokenServer(auth, bearer)
        return last
      }
      if (last.status !== 400) return last
    }
    return last
  }

  async function answerChallenge(attempt: AuthAttempt, response: HttpResponse): Promise<void> {
    const { auth, tried } = attempt
    const credential = await keychain(auth.target)
    const offers = await offersOf(attempt, response)
    const refuse = (by: Refused) => refusal(attempt, credential, by)
    const ready = credential.kind === 'bearer' ? tokenAccess(credential.token, null, Infinity) : null
    if (ready !== null) {
      if (tried.has(ready.key)) throw refuse({ by: 'registry', error: offers.error })
      auth.access = ready
      return
    }
    const exchanged = await obtainToken(attempt, offers, credential)
    if (exchanged?.kind === 'granted') {
      auth.access = exchanged.access
      return
    }
    const basic = offers.basic ? basicAccess(auth, credential) : null
    const basicIsLeft = basic !== null && !tried.has(basic.key)
    if (exchanged !== null && !(exchanged.status === 401 && basicIsLeft)) {
      const { status, said, realm } = exchanged
      throw refuse({ by: 'token server', status, said, realm })
    }
    if (!basicIsLeft) throw refuse({ by: 'registry', error: offers.error })
    auth.access = basic
  }

  async function authorizeAhead(auth: RepositoryAuth, actions: readonly string[]): Promise<void> {
    const { facts, target } = auth
    if (facts.takesBasic) {
      auth.access = basicAccess(auth, await keychain(target)) ?? NO_ACCESS
    } else if (
      facts.tokenServer !== null &&
      target.path !== null &&
      actions.every((action) => action === 'pull')
    ) {
      const credential = await keychain(target)
      if (credential.kind === 'bearer') return
      const scopes = [formatRepositoryScope(target.path, ['pull'])]
      const exchanged = await exchange(auth, questionFor(auth, facts.tokenServer, scopes))
      if (exchanged.kind === 'granted') auth.access = exchanged.access
    }
  }

  function isStale({ access }: RepositoryAuth): boolean {
    return access.question !== null && clock() >= access.expiresAt - EARLY_MS
  }

  async function renew(auth: RepositoryAuth): Promise<void> {
    const { access } = auth
    if (access.question === null) return
    const exchanged = await exchange(auth, access.question)
    // meanwhile another request may have obtained more than this
    if (auth.access !== access) return
    auth.access = exchanged.kind === 'granted' ? exchanged.access : NO_ACCESS
  }

  return { answerChallenge, authorizeAhead, isStale, renew }
}

/** Remembers the token server of an origin whose scopes can be foretold. */
function learnTokenServer({ facts, target }: RepositoryAuth, bearer: NonNullable<Offers['bearer']>): void {
  const plain = target.path === null ? null : formatRepositoryScope(target.path, ['pull'])
  if (bearer.scopes.length === 1 && bearer.scopes[0] === plain) {
    facts.tokenServer = { realm: bearer.realm, service: bearer.service }
  }
}

function questionFor(
  auth: RepositoryAuth,
  server: Pick<TokenQuestion, 'realm' | 'service'>,
  scopes: readonly string[],
): TokenQuestion {
  const { registry } = auth.target
  const { refreshUser = null } = vendorOf(registry)
  return { realm: server.realm, service: server.service, scopes, registryHost: registry.host, refreshUser }
}

function tokenAccess(token: string, question: TokenQuestion | null, expiresAt: number): Access {
  const key = question === null ? 'registry token' : accessKey(question)
  return { scheme: 'bearer', authorization: `Bearer ${token}`, key, expiresAt, question }
}

function basicAccess(auth: RepositoryAuth, credential: Credential): Access | null {
  const authorization = basicAuthorization(credential, vendorOf(auth.target.registry).refreshUser)
  if (authorization === null) return null
  return { scheme: 'basic', authorization, key: 'basic', expiresAt: Infinity, question: null }
}

function accessKey({ realm, service, scopes }: TokenQuestion): string {
  return JSON.stringify([realm.href, service, scopes.toSorted()])
}

/** A scope in the challenge of `/v2/` may be a placeholder: GHCR says `repository:user/image:pull`. */
function withoutScope(offers: Offers): Offers {
  return offers.bearer === null ? offers : { ...offers, bearer: { ...offers.bearer, scopes: [] } }
}

function isPing(url: URL): boolean {
  return /^\/v2\/?$/.test(url.pathname)
}
