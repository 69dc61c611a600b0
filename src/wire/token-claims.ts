import { z } from 'zod'

/** One entry of a token's `access` claim (distribution, token specification). */
export interface AccessClaim {
  readonly type: string
  readonly name: string
  readonly actions: readonly string[]
}

const MAX_LENGTH = 64 * 1024

const schema = z.lazy(() =>
  z.object({
    access: z.array(
      z.object({
        type: z.string(),
        name: z.string(),
        actions: z.array(z.string().max(64)).max(32).nullable(),
      }),
    ),
  }),
)

/**
 * What a token says that it allows. Its signature is the registry's business: what is read here is for
 * people.
 * @returns null for a token that is not a JWT (GHCR, ECR), or has no such claim
 */
export function parseAccessClaim(token: string): readonly AccessClaim[] | null {
  const [, payload] = token.split('.')
  if (payload === undefined || token.length > MAX_LENGTH) return null
  try {
    const claims = schema.safeParse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')))
    if (!claims.success) return null
    return claims.data.access.map(({ type, name, actions }) => ({ type, name, actions: actions ?? [] }))
  } catch {
    return null
  }
}
