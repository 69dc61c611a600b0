import { inputError } from '../../domain/errors.ts'
import { detectProvider } from '../../domain/names/provider.ts'
import type { Provider } from '../../domain/names/provider.ts'
import { formatRepository, isDockerHub } from '../../domain/names/reference.ts'
import type { Registry, Repository } from '../../domain/names/reference.ts'
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
export type OpenTarget = (repository: Repository) => PruneTarget

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
}

/**
 * Puts the vendors together for one run.
 * @returns a function that throws a WardenError of kind `input` where `provider` or `provider-api-url` do not
 * fit the repository
 */
export function createOpenTarget(parts: VendorParts): OpenTarget {
  let apiOwner: Registry | null = null
  let hub: HubSession | null = null
  return (repository) => {
    const { registry } = repository
    const provider = providerOf(registry, parts)
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
    const opened = VENDORS[provider](context, () => (hub ??= hubSession(parts, registry)))
    return { name: context.name, origin: registry.origin, ...opened }
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

/**
 * A host that is known for one vendor is no other's: a wrong `provider` would send one's credentials to
 * another, or delete in one place what was looked at in another.
 */
function providerOf(registry: Registry, { provider: given, apiUrl }: VendorParts): Provider {
  const detected = detectProvider(registry.host)
  if (given === null || given === detected || given === 'generic') return given ?? detected
  if (detected !== 'generic') {
    throw inputError('provider', given, `${registry.host} is ${detected}: write that, auto or generic`)
  }
  if (given === 'docker-hub' && !isDockerHub(registry) && apiUrl === null) {
    throw inputError('provider', given, `Docker Hub is docker.io, and ${registry.host} is another registry`)
  }
  return given
}
