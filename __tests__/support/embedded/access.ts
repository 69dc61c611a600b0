import type { IncomingMessage, ServerResponse } from 'node:http'
import { basic } from '../push.ts'
import type { Access, TokenIssuer, TokenIssuerOptions } from '../token-issuer.ts'
import type { Quirks } from './quirks.ts'
import { refuse } from './replies.ts'

/** Who may ask. `token` serves its own token endpoint at `/token`. */
export type EmbeddedAuth =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly username: string; readonly password: string }
  | ({ readonly kind: 'token'; readonly realm?: string } & TokenIssuerOptions)

interface AccessRequest {
  readonly auth: EmbeddedAuth
  readonly issuer: TokenIssuer | null
  readonly quirks: Quirks
  /** the repository asked about; null for `/v2/` and the catalog */
  readonly path: string | null
  readonly catalog: boolean
  readonly request: IncomingMessage
  readonly response: ServerResponse
}

/** Whether the request may go on; if not, it has been answered with a challenge. */
export function authorise(asked: AccessRequest): boolean {
  const { auth, issuer, request, response } = asked
  if (auth.kind === 'none') return true
  const given = request.headers.authorization
  if (auth.kind === 'basic' || issuer === null) {
    if (auth.kind === 'basic' && given === basic(auth.username, auth.password)) return true
    return challenge(response, 'Basic realm="embedded registry"')
  }
  const needed = neededAccess(asked)
  const access = given?.startsWith('Bearer ') ? issuer.accessOf(given.slice('Bearer '.length)) : null
  if (access && (needed === null || grants(access, needed))) return true
  const realm = auth.realm ?? `${originOf(request)}${tokenPath(asked.quirks)}`
  const { gitea, noService, challengeScope = gitea ? '*' : undefined } = asked.quirks
  const service = noService ? '' : `,service="${issuer.service}"`
  if (challengeScope !== undefined) {
    return challenge(response, `Bearer realm="${realm}"${service},scope="${challengeScope}"`)
  }
  const scope = needed === null ? '' : `,scope="${needed.type}:${needed.name}:${needed.actions.join(',')}"`
  const error = access ? ',error="insufficient_scope"' : given ? ',error="invalid_token"' : ''
  return challenge(response, `Bearer realm="${realm}"${service}${noService ? '' : scope}${error}`)
}

/** The scope distribution asks for in its challenge, or the vendor's. */
function neededAccess({ path, catalog, request, quirks }: AccessRequest): Access | null {
  if (catalog) return { type: 'registry', name: 'catalog', actions: ['*'] }
  if (path === null) return null
  const { method } = request
  const deleting = quirks.deleteAction === 'push' ? ['pull', 'push'] : [quirks.deleteAction ?? 'delete']
  const reading = method === 'GET' || method === 'HEAD'
  const actions = method === 'DELETE' ? deleting : reading ? ['pull'] : ['pull', 'push']
  return { type: 'repository', name: path, actions }
}

function grants(access: readonly Access[], needed: Access): boolean {
  return needed.actions.every((action) =>
    access.some(
      ({ type, name, actions }) =>
        type === needed.type && (name === needed.name || name === '*') && actions.includes(action),
    ),
  )
}

/** Where the registry's own token endpoint is. */
export function tokenPath({ gitea }: Quirks): string {
  return gitea ? '/v2/token' : '/token'
}

export function originOf(request: IncomingMessage): string {
  const secure = 'encrypted' in request.socket || request.headers['x-forwarded-proto'] === 'https'
  return `${secure ? 'https' : 'http'}://${request.headers.host}`
}

function challenge(response: ServerResponse, header: string): false {
  response.setHeader('www-authenticate', header)
  refuse(response, 401, 'UNAUTHORIZED', 'authentication required')
  return false
}
