import { WardenError } from '../domain/errors.ts'
import type { ErrorKind } from '../domain/errors.ts'
import type { Registry } from '../domain/names/reference.ts'
import { printableUrl } from '../transport/origin.ts'
import { describeCredential } from './credential.ts'
import type { Credential, Target } from './credential.ts'
import { grantHint, loginHint } from './hints.ts'
import type { Errand } from './session.ts'

/** Who refused. */
export type Refused =
  /** 401 with everything it asked for; `error` is the challenge's own word */
  | { readonly by: 'registry'; readonly error: string | null }
  | { readonly by: 'token server'; readonly status: number; readonly realm: URL }

/** The error that ends a request which no login could help: who we were, who refused, what to do. */
export function refusal(errand: Errand, credential: Credential, refused: Refused): WardenError {
  const { session, actions, url, method } = errand
  const what = `${actions.join(' and ')} on ${targetName(session.target)}`
  const who = describeCredential(credential)
  const status = refused.by === 'registry' ? 401 : refused.status
  const message =
    refused.by === 'registry'
      ? `${what} was refused, asked ${who} (${status}${refused.error === null ? '' : ` ${printableWord(refused.error)}`})`
      : `${what} was refused by token server ${refused.realm.host}, asked ${who} (${status})`
  return new WardenError(refusalKind(credential, refused), message, {
    advice: refusalAdvice(session.target.registry.host, credential, refused),
    exchange: { method, url: printableUrl(url), status, codes: [] },
  })
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

function refusalAdvice(host: string, credential: Credential, refused: Refused): string | null {
  const kind = refusalKind(credential, refused)
  if (kind === 'rate-limit') return 'Wait and run again, or lower concurrency'
  if (kind === 'server') return 'The token server is at fault; run again later'
  if (kind === 'protocol') return 'Is this a registry?'
  if (credential.kind === 'anonymous') {
    return `The repository is private or does not exist; log in before this step or set username and password (no credentials for ${host} in ${credential.source})`
  }
  if (kind === 'denied')
    return sentence(
      grantHint(host) ?? 'the credentials lack this permission, or the repository does not exist',
    )
  const username = credential.kind === 'basic' ? credential.username : null
  const isLoginRefused = refused.by === 'token server' && refused.status === 401
  return sentence(
    isLoginRefused
      ? loginHint(host, username)
      : `wrong secret, or no access to this repository: ${loginHint(host, username)}`,
  )
}

function targetName({ registry, path }: Target): string {
  return path === null ? registry.host : `${registry.host}/${path}`
}

function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

function printableWord(text: string): string {
  return text.replaceAll(/[^\w-]/g, '?').slice(0, 40)
}
