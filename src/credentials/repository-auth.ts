import type { CredentialTarget } from './credential.ts'
import type { TokenQuestion } from './token.ts'

/**
 * The Authorization header in use for one repository. Compared by identity: another object is a newer one.
 */
export interface Access {
  readonly scheme: 'none' | 'basic' | 'bearer'
  readonly authorization: string | null
  /** what it was asked for; asked at most once for one request */
  readonly key: string
  /** on the monotonic clock; Infinity: does not expire */
  readonly expiresAt: number
  /** how to renew it; null: it came from no token server */
  readonly question: TokenQuestion | null
}

export const NO_ACCESS: Access = {
  scheme: 'none',
  authorization: null,
  key: 'none',
  expiresAt: Infinity,
  question: null,
}

/** What one repository's answers have taught about its registry. */
export interface OriginFacts {
  /** Basic was accepted, so it is sent without being asked for */
  takesBasic: boolean
  /**
   * the token server, when its scopes are the plain `repository:<name>:pull`: can be asked without a
   * challenge
   */
  tokenServer: Pick<TokenQuestion, 'realm' | 'service'> | null
  /** realm hosts already mentioned in the log */
  readonly realms: Set<string>
}

/**
 * The state of one repository of one origin. A token is held here and nowhere else, together with its realm,
 * service and scopes, and the keychain gives one credential per repository: so none is ever used for another
 * repository, origin or user.
 */
export interface RepositoryAuth {
  readonly target: CredentialTarget
  /** of the registry, as `URL` writes it */
  readonly origin: string
  readonly facts: OriginFacts
  readonly gate: LoginGate
  access: Access
  /** a read succeeded: the repository is there */
  exists: boolean
}

/** One request on its way, as far as logging in matters. */
export interface AuthAttempt {
  readonly auth: RepositoryAuth
  readonly url: URL
  readonly method: string
  /** what it needs on the repository, e.g. `pull` */
  readonly actions: readonly string[]
  /** keys of every access that was tried for this request; a server that keeps asking is not asked again */
  readonly tried: Set<string>
}

/** Lets one request through; the others wait until it knows how to log in. */
export interface LoginGate {
  /** Somebody knows how; nobody waits any more. */
  readonly isOpen: () => boolean
  /** Null once open. The first caller becomes the leader at once; the others wait, and share its refusal. */
  readonly enter: () => Promise<Leader | null>
}

export interface Leader {
  readonly open: () => void
  /** Hands the error to all who wait, and closes again; without effect once open. */
  readonly fail: (error: unknown) => void
}

function createLoginGate(): LoginGate {
  let isOpen = false
  let waiting: Promise<void> | null = null
  return {
    isOpen: () => isOpen,
    enter: async () => {
      if (isOpen) return null
      if (waiting !== null) {
        await waiting
        return null
      }
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      waiting = promise
      // the leader throws this error itself; nobody else need be waiting
      promise.catch(() => undefined)
      const open = () => {
        isOpen = true
        resolve()
      }
      const fail = (error: unknown) => {
        if (!isOpen) waiting = null
        reject(error)
      }
      return { open, fail }
    },
  }
}

/** Finds the auth of a target, made on first use. */
export function createRepositoryAuths(): (target: CredentialTarget) => RepositoryAuth {
  const origins = new Map<string, OriginFacts>()
  const auths = new Map<string, RepositoryAuth>()
  return (target) => {
    const { origin } = target.registry
    const key = `${origin} ${target.path ?? ''}`
    const found = auths.get(key)
    if (found !== undefined) return found
    const facts = origins.get(origin) ?? { takesBasic: false, tokenServer: null, realms: new Set<string>() }
    origins.set(origin, facts)
    const auth: RepositoryAuth = {
      target,
      origin: new URL(origin).origin,
      facts,
      gate: createLoginGate(),
      access: NO_ACCESS,
      exists: false,
    }
    auths.set(key, auth)
    return auth
  }
}
