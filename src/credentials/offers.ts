import { WardenError } from '../domain/errors.ts'
import type { Registry } from '../domain/names/reference.ts'
import { parseChallenges } from './challenge.ts'
import type { Challenge } from './challenge.ts'
import { resolveRealm } from './realm.ts'
import { splitScopes } from './scope.ts'

/** The ways to log in that a 401 answer offers, as far as they are known and safe. */
export interface Offers {
  readonly bearer: {
    readonly realm: URL
    readonly service: string | null
    readonly scopes: readonly string[]
  } | null
  /** The realm of Basic is a label even where it looks like a URL (ECR); it is never asked. */
  readonly basic: boolean
  /** `insufficient_scope` or `invalid_token` (RFC 6750 §3.1) */
  readonly error: string | null
}

/**
 * Reads the challenges of a 401 answer; null when there are none at all.
 * @param asked the URL that gave the answer, which relative realms refer to
 * @throws WardenError when every challenge is unknown or unsafe
 */
export function readOffers(headers: readonly string[], asked: URL, registry: Registry): Offers | null {
  const challenges = parseChallenges(headers)
  if (challenges.length === 0) return null
  const basic = challenges.some(({ scheme }) => scheme === 'basic')
  const bearers = challenges.filter(({ scheme }) => scheme === 'bearer')
  let refused: unknown = null
  for (const challenge of bearers) {
    try {
      const bearer = readBearer(challenge, asked, registry)
      return { bearer, basic, error: challenge.parameters.get('error') ?? null }
    } catch (error) {
      refused ??= error
    }
  }
  if (basic) return { bearer: null, basic, error: null }
  throw refused ?? unknownSchemes(challenges, registry)
}

function readBearer({ parameters }: Challenge, asked: URL, registry: Registry): Offers['bearer'] {
  const realm = resolveRealm(parameters.get('realm') ?? '', asked, registry)
  return {
    realm,
    service: parameters.get('service') ?? null,
    scopes: splitScopes(parameters.get('scope') ?? ''),
  }
}

function unknownSchemes(challenges: readonly Challenge[], registry: Registry): WardenError {
  const schemes = challenges.slice(0, 5).map(({ scheme }) => JSON.stringify(scheme.slice(0, 20)))
  return new WardenError(
    'unauthorized',
    `${registry.host} asks for a login by ${schemes.join(', ')}, which no registry client speaks`,
    {
      advice: 'Basic and Bearer are supported; is there a proxy with its own login in front of the registry?',
    },
  )
}
