import { inputError } from '../../domain/errors.ts'
import type { Provider } from '../../domain/names/provider.ts'
import { formatRepository } from '../../domain/names/reference.ts'
import type { Registry, Repository } from '../../domain/names/reference.ts'
import { gitea } from '../../domain/vendors/gitea.ts'
import type { PruneTarget, VendorPort } from '../../domain/prune/ports.ts'
import { openAcr } from './acr.ts'
import type { VendorContext, VendorParts } from './context.ts'
import { openDistribution } from './distribution.ts'
import { openDockerHub } from './docker-hub.ts'
import { openEcr } from './ecr.ts'
import { openGhcr } from './ghcr.ts'
import { openGitLab } from './gitlab.ts'
import { openGoogle } from './google.ts'
import { openHarbor } from './harbor.ts'
import { openHubSession } from './hub-login.ts'
import type { HubSession } from './hub-login.ts'
import { openOpenShift } from './openshift.ts'
import { openQuay } from './quay.ts'

export type { VendorParts } from './context.ts'

/** Opens a repository for pruning: the registry's own API, and what its vendor offers beside it. */
export type OpenVendorTarget = (repository: Repository, swap: boolean) => PruneTarget

type Opened = Pick<PruneTarget, 'reader' | 'vendor'>
type Open = (context: VendorContext, hub: () => HubSession) => Opened

const reading =
  (open: (context: VendorContext, hub: () => HubSession) => VendorPort): Open =>
  (context, hub) => ({ reader: context.client, vendor: open(context, hub) })

const VENDORS: Readonly<Record<Provider, Open>> = {
  generic: reading(({ client }) => openDistribution(client)),
  ghcr: reading(openGhcr),
  'docker-hub': reading((context, hub) => openDockerHub(context, hub())),
  gar: openGoogle,
  acr: reading(openAcr),
  ecr: reading(openEcr),
  quay: reading(openQuay),
  gitlab: reading(openGitLab),
  harbor: reading(openHarbor),
  openshift: reading(openOpenShift),
  gitea: reading(({ client }) => openDistribution(client, gitea.capabilities)),
}

/**
 * Puts the vendors together for one run.
 * @returns a function that throws a WardenError of kind `input` where `provider-api-url` does not fit the
 * repository
 */
export function createOpenTarget(parts: VendorParts): OpenVendorTarget {
  let apiOwner: Registry | null = null
  let hub: HubSession | null = null
  return (repository, swap) => {
    const { registry } = repository
    const { provider } = registry
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
      swap,
    }
    const opened = VENDORS[provider](context, () => (hub ??= hubSession(parts, registry)))
    return { name: context.name, origin: registry.origin, provider, ...opened }
  }
}

const HUB_API = 'https://hub.docker.com'

/**
 * Only what the inputs give for this very registry: what credential files hold was meant for the registry
 * alone.
 */
function hubSession(parts: VendorParts, registry: Registry): HubSession {
  const login = parts.registry.origin === registry.origin ? parts.login : null
  return openHubSession(parts, parts.apiUrl ?? new URL(HUB_API), login)
}
