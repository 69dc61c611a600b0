import type { Registry } from '../domain/names/reference.ts'
import { sanitiseLine } from '../domain/text.ts'

/**
 * Who we are for one repository. `source` says in words where that comes from, for messages; it holds no
 * secret.
 */
export type Credential =
  /**
   * no credentials; `source` lists the places that were looked at, `inputsFor` is the host that the inputs'
   * login is for
   */
  | { readonly kind: 'anonymous'; readonly source: string; readonly inputsFor?: string }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string; readonly source: string }
  /** an OAuth2 refresh token ("identity token"), exchanged by POST */
  | {
      readonly kind: 'identity'
      readonly username: string | null
      readonly token: string
      readonly source: string
    }
  /** a token the registry takes as it is */
  | { readonly kind: 'bearer'; readonly token: string; readonly source: string }

/**
 * What credentials are looked up for: a repository, or (path null) the registry itself, such as its catalog.
 */
export interface CredentialTarget {
  readonly registry: Registry
  readonly path: string | null
}

/** Finds the credential for a target. Asked twice for one target, answers from memory. */
export type Keychain = (target: CredentialTarget) => Promise<Credential>

/**
 * `Basic …` for this credential, or null where there is nothing to send as user name and password.
 * @param refreshUser goes with an identity token that has no user name of its own, where the vendor has one
 */
export function basicAuthorization(credential: Credential, refreshUser: string | null = null): string | null {
  if (credential.kind === 'basic') return encodeBasic(credential.username, credential.password)
  if (credential.kind !== 'identity') return null
  const username = credential.username ?? refreshUser
  return username === null ? null : encodeBasic(username, credential.token)
}

function encodeBasic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
}

/** "as user ci-bot from DOCKER_AUTH_CONFIG", "anonymously": who we were, for a message. */
export function describeCredential(credential: Credential): string {
  if (credential.kind === 'anonymous') return 'anonymously'
  if (credential.kind === 'basic')
    return `as user ${JSON.stringify(sanitiseLine(credential.username, 80))} from ${credential.source}`
  return `with the ${credential.kind === 'identity' ? 'identity' : 'registry'} token from ${credential.source}`
}
