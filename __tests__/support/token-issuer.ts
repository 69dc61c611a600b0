import { randomBytes, randomUUID, sign, type KeyObject } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { z } from 'zod'
import { libtrustKeyId } from './schema1.ts'

/** What one account may do. */
export interface Account {
  readonly password: string
  /**
   * actions by repository path, `*` for every other repository; `registry:catalog` with action `*` for the
   * catalog
   */
  readonly access: Readonly<Record<string, readonly string[]>>
}

export interface TokenIssuerOptions {
  readonly accounts: Readonly<Record<string, Account>>
  /** access without credentials; default none, and then a request without credentials gets 401 */
  readonly anonymous?: Account['access']
  readonly service?: string
  /** a token is good for all that its account may do, and says nothing of it (OpenShift) */
  readonly ignoresScope?: boolean
  readonly lifetimeSeconds?: number
  /** identity tokens accepted by the POST flow, each with its account */
  readonly refreshTokens?: Readonly<Record<string, string>>
  /** answers the POST flow with 404, as servers without OAuth2 do */
  readonly withoutPost?: boolean
  /** what a registry elsewhere checks the tokens by; without it they carry a random signature */
  readonly keys?: { readonly privateKey: KeyObject; readonly publicKey: KeyObject }
}

const Access = z.object({ type: z.string(), name: z.string(), actions: z.array(z.string()) })

/** One entry of a token's `access` claim. */
export type Access = z.infer<typeof Access>

export interface TokenRequest {
  readonly method: string
  readonly account: string | null
  readonly scopes: readonly string[]
  readonly status: number
}

/** The token endpoint of distribution's token authentication, and the check of its tokens. */
export interface TokenIssuer {
  readonly service: string
  readonly issuer: string
  /** every request answered so far */
  readonly requests: readonly TokenRequest[]
  readonly answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>
  /** mints a token without asking for credentials */
  readonly mint: (account: string, ...scopes: readonly string[]) => string
  /** what a token of this issuer grants; null when it is expired or not ours */
  readonly accessOf: (token: string) => readonly Access[] | null
}

export function tokenIssuer(options: TokenIssuerOptions): TokenIssuer {
  const service = options.service ?? 'warden-registry'
  const issuer = 'warden-auth'
  const lifetime = options.lifetimeSeconds ?? 300
  const requests: TokenRequest[] = []
  // a token that is not in here was not minted here, or was tampered with
  const minted = new Map<string, Granted>()

  function mint(account: string, ...scopes: readonly string[]): string {
    const allowed = options.accounts[account]?.access ?? options.anonymous ?? {}
    const now = Math.floor(Date.now() / 1000)
    const claims = {
      iss: issuer,
      sub: account,
      aud: service,
      iat: now,
      nbf: now - 5,
      exp: now + lifetime,
      jti: randomUUID(),
      access: (options.ignoresScope ? ['*'] : scopes)
        .flatMap((scope) => (WHOLE.has(scope) ? everything(allowed) : [granted(scope, allowed)]))
        .filter((each) => each.actions.length > 0),
    }
    const token = options.ignoresScope ? `sha256~${randomUUID()}` : signed(claims, options.keys)
    minted.set(token, claims)
    return token
  }

  function accessOf(token: string): readonly Access[] | null {
    const claims = minted.get(token)
    return claims !== undefined && claims.exp * 1000 > Date.now() ? claims.access : null
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = await tokenQuestion(request)
    const account = identify(asked, options)
    const postMissing = request.method === 'POST' && options.withoutPost
    const status = postMissing ? 404 : account === null ? 401 : 200
    requests.push({ method: request.method ?? '', account, scopes: asked.scopes, status })
    response.setHeader('content-type', 'application/json')
    if (account === null || status !== 200) {
      response.writeHead(status).end(JSON.stringify({ details: 'incorrect username or password' }))
      return
    }
    const token = mint(account, ...asked.scopes)
    const issued = { expires_in: lifetime, issued_at: new Date().toISOString() }
    response.end(
      JSON.stringify(request.method === 'POST' ? { access_token: token, ...issued } : { token, ...issued }),
    )
  }

  return { service, issuer, requests, answer, mint, accessOf }
}

interface Granted {
  readonly exp: number
  readonly access: readonly Access[]
}

/** A JWT. */
function signed(claims: Granted, keys: TokenIssuerOptions['keys']): string {
  if (keys === undefined) return `${part({ typ: 'JWT', alg: 'HS256' })}.${part(claims)}.${randomSignature()}`
  const text = `${part({ typ: 'JWT', alg: 'RS256', kid: libtrustKeyId(keys.publicKey) })}.${part(claims)}`
  return `${text}.${sign('sha256', Buffer.from(text), keys.privateKey).toString('base64url')}`
}

const randomSignature = (): string => randomBytes(256).toString('base64url')

interface TokenQuestion {
  readonly scopes: readonly string[]
  readonly basic: string | null
  readonly refreshToken: string | null
}

async function tokenQuestion(request: IncomingMessage): Promise<TokenQuestion> {
  const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  const form = new URLSearchParams(
    request.method === 'POST' ? Buffer.concat(await request.toArray()).toString() : '',
  )
  const query = new URL(request.url ?? '/', 'http://token').searchParams
  return {
    scopes: [...query.getAll('scope'), ...form.getAll('scope')].flatMap((scope) => scope.split(' ')),
    basic: basic === undefined ? null : Buffer.from(basic, 'base64').toString(),
    refreshToken: form.get('refresh_token'),
  }
}

/** The account that asks; empty for anonymous, null when the credentials are wrong or needed. */
function identify(asked: TokenQuestion, options: TokenIssuerOptions): string | null {
  if (asked.refreshToken !== null) return options.refreshTokens?.[asked.refreshToken] ?? null
  if (asked.basic === null) return options.anonymous === undefined ? null : ''
  const colon = asked.basic.indexOf(':')
  const account = asked.basic.slice(0, colon)
  return options.accounts[account]?.password === asked.basic.slice(colon + 1) ? account : null
}

/** The asked actions that the account has; fewer than asked is not an error (distribution token spec). */
function granted(scope: string, access: Account['access']): Access {
  const [type = '', ...rest] = scope.split(':')
  const actions = (rest.pop() ?? '').split(',')
  const name = rest.join(':')
  const allowed =
    type === 'repository' ? (access[name] ?? access['*'] ?? []) : (access[`${type}:${name}`] ?? [])
  return { type, name, actions: actions.filter((each) => allowed.includes(each)) }
}

/** The scopes of Gitea and of public.ecr.aws. */
const WHOLE = new Set(['*', 'aws'])

/** The token may do what its account may. */
function everything(access: Account['access']): readonly Access[] {
  return Object.entries(access).map(([name, actions]) =>
    name === 'registry:catalog'
      ? { type: 'registry', name: 'catalog', actions: [...actions] }
      : { type: 'repository', name, actions: [...actions] },
  )
}

function part(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
