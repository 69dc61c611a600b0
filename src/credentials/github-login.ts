import { WardenError } from '../domain/errors.ts'
import { hostKeys } from './docker-config.ts'
import type { AuthorizedSend } from './authenticator.ts'
import type { Credential, CredentialTarget, Keychain } from './credential.ts'
import type { Environment } from '../domain/environment.ts'

/** How the token of the job is called in messages. */
const SOURCE = 'the input github-token'

/**
 * The container registry of the GitHub server that this job runs on; null where it is not GitHub's, so that
 * the token goes to nobody else. Gitea and Forgejo set GitHub's variables for their own server.
 */
export function containerRegistryOf(env: Environment): string | null {
  if (env['GITEA_ACTIONS'] !== undefined || env['FORGEJO_ACTIONS'] !== undefined) return null
  const server = URL.parse(env['GITHUB_SERVER_URL'] ?? '')
  if (server === null || server.protocol !== 'https:' || server.port !== '') return null
  return server.hostname === 'github.com' ? 'ghcr.io' : `containers.${server.hostname}`
}

/** The login of last resort: the token of the job, for the container registry of its own GitHub server. */
export function githubLogin(
  { registry }: CredentialTarget,
  token: string,
  env: Environment,
): Extract<Credential, { kind: 'basic' }> | null {
  const host = containerRegistryOf(env)
  const isThere = token !== '' && host !== null && registry.origin === `https://${host}`
  if (!isThere || !hostKeys(registry).includes(host)) return null
  // GHCR looks only at the token, and wants some name
  return { kind: 'basic', username: env['GITHUB_ACTOR'] || 'x-access-token', password: token, source: SOURCE }
}

/**
 * Repeats reads for which the job's token is refused once without it: a package of somebody else may be
 * public. What anonymous asking brings is the answer only where it is better.
 * @param anonymous sends without the token
 */
export function withoutTokenIfRefused(
  send: AuthorizedSend,
  anonymous: AuthorizedSend,
  keychain: Keychain,
): AuthorizedSend {
  const refused = new Set<string>()
  return async (request) => {
    const { repository, method } = request
    const credential = await keychain(repository)
    const isRead = method === 'GET' || method === 'HEAD'
    if (credential.source !== SOURCE || !isRead) return send(request)
    const key = `${repository.registry.origin}/${repository.path ?? ''}`
    if (refused.has(key)) return anonymous(request)
    const outcome = await send(request).catch((error: unknown) => error)
    const isRefused =
      outcome instanceof WardenError
        ? outcome.kind === 'unauthorized' || outcome.kind === 'denied'
        : isResponse(outcome) && outcome.status === 403
    if (isRefused) {
      const second = await anonymous(request).catch(() => null)
      if (second !== null && second.status < 400) {
        refused.add(key)
        return second
      }
    }
    if (isResponse(outcome)) return outcome
    throw outcome
  }
}

function isResponse(outcome: unknown): outcome is Awaited<ReturnType<AuthorizedSend>> {
  return typeof outcome === 'object' && outcome !== null && 'status' in outcome
}
