import { inputError } from '../../domain/errors.ts'
import { detectProvider } from '../../domain/names/provider.ts'
import type { Provider } from '../../domain/names/provider.ts'
import { formatRepository } from '../../domain/names/reference.ts'
import type { Registry, Repository } from '../../domain/names/reference.ts'
import type { PruneTarget } from '../../domain/prune/ports.ts'
import { openAcr } from './acr.ts'
import type { VendorContext, VendorParts } from './context.ts'
import { openDistribution } from './distribution.ts'
import { openGhcr } from './ghcr.ts'
import { openGoogle } from './google.ts'
import { openHarbor } from './harbor.ts'

export type { VendorParts } from './context.ts'

/** Opens a repository for pruning: the registry's own API, and what its vendor offers beside it. */
export type OpenTarget = (repository: Repository) => PruneTarget

/**
 * Puts the vendors together for one run.
 * @returns a function that throws a WardenError of kind `input` where `provider` or `provider-api-url` do not fit the repository
 */
export function createOpenTarget(parts: VendorParts): OpenTarget {
  let apiOwner: Registry | null = null
  return (repository) => {
    const { registry } = repository
    const provider = providerOf(registry, parts.provider)
    // the address and its credentials are one registry's; sending another's there would be a leak
    apiOwner ??= registry
    if (parts.apiUrl !== null && apiOwner.origin !== registry.origin) {
      const accepted = `It belongs to one registry, but image names ${apiOwner.host} and ${registry.host}: prune them in two steps`
      throw inputError('provider-api-url', parts.apiUrl.href, accepted)
    }
    const context: VendorContext = {
      ...parts,
      repository,
      name: formatRepository(repository),
      client: parts.open(repository),
    }
    return { name: context.name, origin: registry.origin, ...openAs(provider, context) }
  }
}

type Opened = Pick<PruneTarget, 'reader' | 'vendor'>

function openAs(provider: Provider, context: VendorContext): Opened {
  const { client } = context
  switch (provider) {
    case 'ghcr':
      return { reader: client, vendor: openGhcr(context) }
    case 'gar':
      return openGoogle(context)
    case 'harbor':
      return { reader: client, vendor: openHarbor(context) }
    case 'acr':
      return { reader: client, vendor: openAcr(context) }
    default:
      return { reader: client, vendor: openDistribution(client) }
  }
}

/** A host that is known for one vendor is no other's: a wrong `provider` would send one's credentials to another. */
function providerOf(registry: Registry, given: Provider | null): Provider {
  const detected = detectProvider(registry.host)
  if (given === null || given === detected) return detected
  if (detected === 'generic' || given === 'generic') return given
  throw inputError('provider', given, `${registry.host} is ${detected}: write that, auto or generic`)
}
