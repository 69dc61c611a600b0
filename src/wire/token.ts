import { z } from 'zod'
import { WardenError } from '../domain/errors.ts'

/** What a token endpoint grants (distribution token and OAuth2 specs). */
export interface TokenAnswer {
  readonly token: string
  readonly lifetimeSeconds: number
  /** a rotated refresh token, to be used from now on */
  readonly refreshToken: string | null
}

/** The spec's default, and what shorter values are raised to (as regclient and containers/image do). */
const MIN_LIFETIME_SECONDS = 60
const MAX_LIFETIME_SECONDS = 24 * 60 * 60

/** Anything else would make Node refuse the header, or split it. */
const TOKEN = /^[\x21-\x7e]+$/

// Optional fields never fail the answer: servers send numbers as strings, null, or leave fields out.
const text = z.string().catch('')
const SCHEMA = z.lazy(() =>
  z.object({
    token: text,
    access_token: text,
    refresh_token: text,
    expires_in: z
      .union([
        z.number(),
        z
          .string()
          .regex(/^\d{1,9}$/)
          .transform(Number),
      ])
      .catch(MIN_LIFETIME_SECONDS),
  }),
)

/**
 * Parses the body of a token answer. The body is never quoted in an error.
 * @param server the token server's host, for the message
 * @throws WardenError of kind `protocol`
 */
export function parseTokenAnswer(body: Buffer, server: string): TokenAnswer {
  const answer = SCHEMA.safeParse(parseJson(body, server))
  if (!answer.success) throw badAnswer(server, 'is not a JSON object')
  const { token, access_token, refresh_token, expires_in } = answer.data
  const granted = token === '' ? access_token : token
  if (granted === '') throw badAnswer(server, 'holds no token')
  if (!TOKEN.test(granted)) throw badAnswer(server, 'holds a token with characters that no header can carry')
  return {
    token: granted,
    lifetimeSeconds: Math.min(Math.max(expires_in, MIN_LIFETIME_SECONDS), MAX_LIFETIME_SECONDS),
    refreshToken: refresh_token === '' ? null : refresh_token,
  }
}

function parseJson(body: Buffer, server: string): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    // the parser's own message quotes the body, which may hold a token
    const isPage = /^\s{0,100}</.test(body.toString('latin1', 0, 200))
    throw badAnswer(server, isPage ? 'is a web page' : 'is not JSON')
  }
}

function badAnswer(server: string, what: string): WardenError {
  return new WardenError('protocol', `the answer of token server ${server} ${what}`)
}
