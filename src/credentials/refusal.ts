import { WardenError } from '../domain/errors.ts'
import type { ErrorKind } from '../domain/errors.ts'
import type { Registry } from '../domain/names/reference.ts'
import { sanitiseLine } from '../domain/text.ts'
import { printableUrl } from '../transport/origin.ts'
import { describeCredential } from './credential.ts'
import type { Credential } from './credential.ts'
import { grantHint, loginHint } from './hints.ts'
import type { AuthAttempt, RepositoryAuth } from './repository-auth.ts'

/** What of an attempt its refusal speaks of. */
interface RefusedAttempt extends Pick<AuthAttempt, 'url' | 'method' | 'actions'> {
  readonly auth: Pick<RepositoryAuth, 'target' | 'exists'>
}

/** Who refused. */
export type Refused =
  /**
   * 401 with everything it asked for; `error` is the challenge's own word, `grantedBy` gave the refused token
   */
  | { readonly by: 'registry'; readonly error: string | null; readonly grantedBy?: URL }
  /** `said`: its reason, one harmless line */
  | {
      readonly by: 'token server'
      readonly status: number
      readonly said: string | null
      readonly realm: URL
    }

/** The error that ends an attempt that no login could help: who we were, who refused, what to do. */
export function refusal(attempt: RefusedAttempt, credential: Credential, refused: Refused): WardenError {
  const { url, method } = attempt
  const status = refused.by === 'registry' ? 401 : refused.status
  const message = `${wish(attempt)} was refused${refuserOf(attempt, refused)}, asked ${describeCredential(credential)} (${factsOf(refused)})`
  return new WardenError(refusalKind(credential, refused), message, {
    advice: refusalAdvice(attempt, credential, refused),
    exchange: { method, url: printableUrl(url), status, codes: [] },
  })
}

/** Which of the two said no, where that is not plain. */
function refuserOf({ auth }: RefusedAttempt, refused: Refused): string {
  if (refused.by === 'token server') return ` by token server ${refused.realm.host}`
  if (!isDistrust(refused)) return ''
  return ` by ${auth.target.registry.host} with a token that its token server ${refused.grantedBy.host} had just granted`
}

function factsOf(refused: Refused): string {
  if (refused.by === 'registry') return `401 ${sanitiseLine(refused.error ?? '', 40)}`.trim()
  return refused.said === null ? `${refused.status}` : `${refused.status}: ${refused.said}`
}

/** The login is right, and the registry does not believe the server that says so. */
function isDistrust(refused: Refused): refused is Refused & { readonly grantedBy: URL } {
  return refused.by === 'registry' && refused.error === 'invalid_token' && refused.grantedBy !== undefined
}

/** "pull of ghcr.io/acme/api", "catalog of localhost:5000": what was asked for. */
function wish({ auth, actions }: RefusedAttempt): string {
  const { registry, path } = auth.target
  if (path === null) return `${actions.length === 0 ? 'login to' : 'catalog of'} ${registry.host}`
  return `${actions.join(' and ')} of ${registry.host}/${path}`
}

/** A redirect led to a server that wants a login of its own. */
export function foreignChallenge(registry: Registry, answered: URL): WardenError {
  return new WardenError(
    'unauthorized',
    `${registry.host} redirected to ${answered.host}, which asks for a login`,
    {
      advice: `Credentials for ${registry.host} are never sent elsewhere; name ${answered.host} itself in the reference`,
    },
  )
}

/** Status 401 without a word on how to log in, neither here nor at `/v2/`. */
export function noChallenge(registry: Registry): WardenError {
  return new WardenError(
    'unauthorized',
    `${registry.host} asks for a login without saying how (401, no challenge)`,
    {
      advice: 'Is there a proxy with its own login in front of the registry?',
    },
  )
}

function refusalKind(credential: Credential, refused: Refused): ErrorKind {
  if (refused.by === 'registry') {
    return refused.error === 'insufficient_scope' && credential.kind !== 'anonymous'
      ? 'denied'
      : 'unauthorized'
  }
  const { status } = refused
  if (status === 429) return 'rate-limit'
  if (status >= 500) return 'server'
  if (status === 403 && credential.kind !== 'anonymous') return 'denied'
  return status === 400 || status === 401 || status === 403 ? 'unauthorized' : 'protocol'
}

function refusalAdvice({ auth, actions }: RefusedAttempt, credential: Credential, refused: Refused): string {
  const { registry } = auth.target
  if (isDistrust(refused)) {
    return 'The login is right; the registry does not trust its token server: compare key, issuer, service and clock of the two'
  }
  const kind = refusalKind(credential, refused)
  if (kind === 'rate-limit') return 'Wait and run again'
  if (kind === 'server') return 'The token server is at fault; run again later'
  if (kind === 'protocol') return 'Check the host: does a proxy stand in front of the registry?'
  const mayRead = auth.exists && actions.some((action) => action !== 'pull')
  const what = actions.filter((action) => action !== 'pull').join(' and ')
  if (credential.kind === 'anonymous') {
    const hint = anonymousHint(registry.host, credential)
    if (mayRead) return `Reading takes no login here, but ${what} does; ${hint}`
    return auth.target.path === null
      ? `The registry wants a login; ${hint}`
      : `The repository is private or does not exist; ${hint}`
  }
  if (mayRead) {
    const hint = grantHint(registry, actions.includes('delete'))
    return `This login may read, but not ${what}; ${hint ?? `give it the permission to ${what}, or use another one`}`
  }
  const login = loginHint(registry, credential.kind === 'basic' ? credential.username : null)
  if (kind === 'denied') {
    if (refused.by === 'token server' && /expired|revoked/i.test(refused.said ?? '')) {
      return `The login is no longer valid; ${login}`
    }
    const hint = grantHint(registry, actions.includes('delete'))
    return `The repository does not exist, or this login may not ${actions.join(' and ')}${hint === null ? '' : `; ${hint}`}`
  }
  return refused.by === 'registry' && auth.target.path !== null
    ? `The login is wrong, or the repository does not exist; ${login}`
    : `The login is wrong or expired; ${login}`
}

/** Whoever set username and password, and no registry, would look for the fault in these. */
function anonymousHint(host: string, { source, inputsFor }: Credential & { kind: 'anonymous' }): string {
  return inputsFor === undefined
    ? `log in before this step, or set username and password (no login for ${host} in ${source})`
    : `username and password are for ${inputsFor} (input registry): add registry: ${host}, or log in before this step`
}
