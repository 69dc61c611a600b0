import type { AuthorizedSend } from '../credentials/authenticator.ts'
import { parseChallenges } from '../credentials/challenge.ts'
import { describeCredential } from '../credentials/credential.ts'
import type { Keychain } from '../credentials/credential.ts'
import { createMasker } from '../credentials/masking.ts'
import { readOffers } from '../credentials/offers.ts'
import { formatRepositoryScope } from '../credentials/scope.ts'
import { createFetchToken } from '../credentials/token.ts'
import { WardenError } from '../domain/errors.ts'
import type { RepositoryGrants, HttpProbe, LoginAnswer, PingAnswer } from '../domain/list/probe.ts'
import type { Registry, Repository } from '../domain/names/reference.ts'
import type { MaskSecret } from '../domain/ports.ts'
import { sanitiseLine } from '../domain/text.ts'
import { recogniseProvider, vendorOf } from '../domain/vendors/vendors.ts'
import { headerValue } from '../transport/headers.ts'
import type { HttpResponse, Send } from '../transport/types.ts'
import { isHtml } from '../wire/error-body.ts'
import { parseAccessClaim } from '../wire/token-claims.ts'

export interface ProbeParts {
  /** without any login */
  readonly send: Send
  readonly sendToRegistry: AuthorizedSend
  readonly keychain: Keychain
  readonly mask: MaskSecret
}

const MAX_BYTES = 64 * 1024
const pingOf = ({ origin }: Registry): URL => new URL('/v2/', origin)

/** Looks at a registry from outside: one request without a login, and where it asks for one, one with it. */
export function createProbe({ send, sendToRegistry, keychain, mask }: ProbeParts) {
  async function probe(named: Registry): Promise<HttpProbe> {
    const ping = await pingAnswer(send, named)
    if (ping.kind === 'silent') return { kind: 'http', registry: named, ping, login: null }
    const provider = named.provider === 'generic' ? recogniseProvider(ping.offers) : named.provider
    const registry = { ...named, provider }
    return { kind: 'http', registry, ping, login: await loginAnswer(registry, ping) }
  }

  async function loginAnswer(
    registry: Registry,
    { status }: Extract<PingAnswer, { kind: 'answered' }>,
  ): Promise<LoginAnswer | null> {
    const target = { registry, path: null }
    const credential = await keychain(target)
    const isAnonymous = credential.kind === 'anonymous'
    if (status === 200) return { kind: 'not needed', isAnonymous }
    if (status !== 401 && status !== 403) return null
    const purpose = `login to ${registry.host}`
    try {
      const url = pingOf(registry)
      const answer = await sendToRegistry({
        method: 'GET',
        url,
        maxBytes: MAX_BYTES,
        repository: target,
        purpose,
      })
      if (answer.status < 400) return { kind: 'accepted', who: describeCredential(credential), isAnonymous }
      const error = new WardenError('denied', `${purpose} was refused (${answer.status})`)
      return { kind: 'refused', error, isAnonymous }
    } catch (error) {
      if (!(error instanceof WardenError)) throw error
      return { kind: 'refused', error, isAnonymous }
    }
  }

  /** Asks the token server for every right on a repository that is there, and reads what it grants. */
  async function grants({ registry, path }: Repository): Promise<RepositoryGrants> {
    const response = await send({
      method: 'GET',
      url: pingOf(registry),
      maxBytes: MAX_BYTES,
      purpose: 'ping',
    })
    if (response.status !== 401) return { kind: 'unknown', why: 'no login' }
    const offers = readOffers(response.headers.get('www-authenticate') ?? [], response.url, registry)
    if (offers === null || offers.bearer === null) return { kind: 'unknown', why: 'basic' }
    const { realm, service } = offers.bearer
    const credential = await keychain({ registry, path })
    if (credential.kind === 'bearer') return { kind: 'unknown', why: 'opaque' }
    const { refreshUser = null } = vendorOf(registry)
    // nothing is renewed with it
    const fetchToken = createFetchToken({ send, mask: createMasker(mask), clock: () => 0 })
    for (const actions of RIGHTS) {
      const scopes = [formatRepositoryScope(path, actions)]
      const question = { realm, service, scopes, registryHost: registry.host, refreshUser }
      const outcome = await fetchToken(question, credential)
      if (outcome.kind === 'refused') continue
      const claims = parseAccessClaim(outcome.grant.token)
      if (claims === null) return { kind: 'unknown', why: 'opaque' }
      const own = claims.filter(({ type, name }) => type === 'repository' && name === path)
      return {
        kind: 'granted',
        actions: [...new Set(own.flatMap((claim) => claim.actions))].map(word).sort(),
      }
    }
    return { kind: 'unknown', why: 'opaque' }
  }

  return {
    probe,
    grants: (repository: Repository): Promise<RepositoryGrants> =>
      grants(repository).catch((error: unknown) => {
        // an ornament: reading works
        if (error instanceof WardenError) return { kind: 'unknown', why: 'opaque' }
        throw error
      }),
  }
}

/** Quay answers 400 to `delete`, GitLab 403 to `push` where the path is protected. */
const RIGHTS = [['pull', 'push', 'delete'], ['pull', 'push'], ['pull']]

const word = (action: string): string => sanitiseLine(action, 40)

async function pingAnswer(send: Send, registry: Registry): Promise<PingAnswer> {
  const url = pingOf(registry)
  const purpose = `registry ${registry.host}`
  try {
    return readPing(await send({ method: 'GET', url, maxBytes: MAX_BYTES, purpose }), url)
  } catch (error) {
    if (!(error instanceof WardenError)) throw error
    return { kind: 'silent', error, speaksTls: await speaksTls(send, registry, error) }
  }
}

function readPing(response: HttpResponse, asked: URL): PingAnswer {
  const { status, url } = response
  const version = headerValue(response, 'docker-distribution-api-version')
  const challenges = status === 401 ? parseChallenges(response.headers.get('www-authenticate') ?? []) : []
  const isElsewhere = url.origin !== asked.origin || !/^\/v2\/?$/.test(url.pathname)
  return {
    kind: 'answered',
    status,
    isHtml: isHtml(response.body, headerValue(response, 'content-type')),
    apiVersion: version === null ? null : sanitiseLine(version, 60),
    redirectedTo: isElsewhere ? sanitiseLine(`${url.host}${url.pathname}`, 120) : null,
    offers: challenges.map(({ scheme, parameters }) => ({
      scheme,
      realm: sanitiseLine((parameters.get('realm') ?? '').replace(/[?#].*$/s, ''), 200),
      service: parameters.get('service') ?? null,
    })),
  }
}

/**
 * A port that speaks TLS closes the connection to who asks in plain HTTP, or answers bytes that are no HTTP:
 * only asking tells.
 */
async function speaksTls(send: Send, registry: Registry, error: WardenError): Promise<boolean> {
  if (!registry.origin.startsWith('http:')) return false
  if (error.kind === 'tls') return true
  if (error.kind !== 'protocol' && !/closed the connection/.test(error.message)) return false
  const url = new URL(`https://${registry.host}/v2/`)
  try {
    await send({ method: 'GET', url, maxBytes: MAX_BYTES, repeat: 'never', purpose: 'TLS' })
    return true
  } catch (failure) {
    return (
      failure instanceof WardenError && failure.kind === 'tls' && !/does not speak TLS/.test(failure.message)
    )
  }
}
