import { parseChallenges } from '../../credentials/challenge.ts'
import { inputError } from '../../domain/errors.ts'
import type { Provider } from '../../domain/names/provider.ts'
import { isDockerHub, withProvider } from '../../domain/names/registry.ts'
import type { Registry } from '../../domain/names/reference.ts'
import { recogniseProvider } from '../../domain/vendors/vendors.ts'

/** Finds out what kind of registry one is, once for each. */
export interface Identify {
  /** By the input `provider` and the host. @throws WardenError of kind `input` where they contradict */
  readonly byName: (registry: Registry) => Registry
  /**
   * As `byName`; where these do not tell, by the login that the registry asked for.
   * @param ask makes the first request, and is only called where that is still to be made; how it ends does
   * not matter here
   */
  readonly byChallenge: (registry: Registry, ask: () => Promise<unknown>) => Promise<Registry>
}

export interface IdentifyParts {
  /** input `provider`; null: `auto` */
  readonly provider: Provider | null
  /** input `provider-api-url` */
  readonly apiUrl: URL | null
  /** the last challenge that a registry has sent, as it was sent; empty before the first */
  readonly challengeOf: (registry: Registry) => readonly string[]
}

/** What a registry was recognised by is remembered for the run. */
export function createIdentify({ provider: given, apiUrl, challengeOf }: IdentifyParts): Identify {
  const asked = new Map<string, Promise<unknown>>()

  function byName(registry: Registry): Registry {
    const named = withProvider(registry, given)
    if (named.provider === 'docker-hub' && !isDockerHub(named) && apiUrl === null) {
      const accepted = `Docker Hub is docker.io, and ${registry.host} is another registry`
      throw inputError('provider', named.provider, accepted)
    }
    return named
  }

  return {
    byName,
    byChallenge: async (registry, ask) => {
      const named = byName(registry)
      if (given !== null || named.provider !== 'generic') return named
      const first = asked.get(named.origin) ?? ask().catch(() => undefined)
      asked.set(named.origin, first)
      await first
      return { ...named, provider: providerOf(challengeOf(named)) }
    },
  }
}

function providerOf(headers: readonly string[]): Provider {
  return recogniseProvider(
    parseChallenges(headers).map(({ scheme, parameters }) => ({
      scheme,
      realm: (parameters.get('realm') ?? '').replace(/[?#].*$/s, ''),
      service: parameters.get('service') ?? null,
    })),
  )
}
