import { inputError } from '../../domain/errors.ts'
import type { Provider } from '../../domain/names/provider.ts'
import { formatRepository } from '../../domain/names/reference.ts'
import type { Registry, Repository } from '../../domain/names/reference.ts'
import type { PruneTarget, VendorPort } from '../../domain/prune/ports.ts'
import { generic } from '../../domain/vendors/generic.ts'
import { openAcr } from './acr.ts'
import type { CatalogContext, VendorContext, VendorParts } from './context.ts'
import { openDistribution } from './distribution.ts'
import { listHubRepositories, openDockerHub } from './docker-hub.ts'
import { listEcrRepositories, openEcr } from './ecr.ts'
import { openGhcr } from './ghcr.ts'
import { listGiteaRepositories, openGitea } from './gitea.ts'
import { listGitHubRepositories } from './github-packages.ts'
import { listGitLabRepositories } from './gitlab-rest.ts'
import { openGitLab } from './gitlab.ts'
import { listGoogleRepositories, openGoogle } from './google.ts'
import { listHarborRepositories, openHarbor } from './harbor.ts'
import { openHubSession } from './hub-login.ts'
import type { HubSession } from './hub-login.ts'
import { openOpenShift } from './openshift.ts'
import { listQuayRepositories, openQuay } from './quay.ts'

export type { VendorParts } from './context.ts'

/** Opens a repository for pruning: the registry's own API, and what its vendor offers beside it. */
export type OpenVendorTarget = (repository: Repository, swap: boolean) => PruneTarget

type Opened = Pick<PruneTarget, 'reader' | 'vendor'>

/** How one kind of registry is spoken to, beside what `domain/vendors` knows of it. */
interface VendorApi {
  readonly open: (context: VendorContext, hub: () => HubSession) => Opened
  /** its own list of repositories; left out: the catalog of the distribution API */
  readonly list?: (context: CatalogContext, hub: () => HubSession) => Promise<readonly string[]>
}

const reading =
  (open: (context: VendorContext, hub: () => HubSession) => VendorPort): VendorApi['open'] =>
  (context, hub) => ({ reader: context.client, vendor: open(context, hub) })

const APIS: Readonly<Record<Provider, VendorApi>> = {
  generic: { open: reading(({ client }) => openDistribution(client, generic.capabilities)) },
  ghcr: { open: reading(openGhcr), list: listGitHubRepositories },
  'docker-hub': {
    open: reading((context, hub) => openDockerHub(context, hub())),
    list: (context, hub) => listHubRepositories(context, hub()),
  },
  gar: { open: openGoogle, list: listGoogleRepositories },
  acr: { open: reading(openAcr) },
  ecr: { open: reading(openEcr), list: listEcrRepositories },
  quay: { open: reading(openQuay), list: listQuayRepositories },
  gitlab: { open: reading(openGitLab), list: listGitLabRepositories },
  harbor: { open: reading(openHarbor), list: listHarborRepositories },
  openshift: { open: reading(openOpenShift) },
  gitea: { open: reading(openGitea), list: listGiteaRepositories },
}

/** The vendors of one run. */
export interface Vendors {
  /** @throws WardenError of kind `input` where `provider-api-url` does not fit the repository */
  readonly open: OpenVendorTarget
  /** Lists repositories as the registry's vendor does; `catalog` is the distribution API's own list. */
  readonly list: (
    registry: Registry,
    owner: string | null,
    catalog: () => Promise<readonly string[]>,
  ) => Promise<readonly string[]>
}

/** Puts the vendors together for one run. */
export function createVendors(parts: VendorParts): Vendors {
  let apiOwner: Registry | null = null
  let session: HubSession | null = null
  const hub = (registry: Registry) => () => (session ??= hubSession(parts, registry))

  /** The address and its credentials are one registry's; sending another's there would be a leak. */
  function claimApi(registry: Registry): void {
    apiOwner ??= registry
    if (parts.apiUrl === null || apiOwner.origin === registry.origin) return
    const accepted = `It belongs to one registry, but image names ${apiOwner.host} and ${registry.host}: prune them in two steps`
    throw inputError('provider-api-url', parts.apiUrl.href, accepted)
  }

  return {
    open: (repository, swap) => {
      const { registry } = repository
      claimApi(registry)
      const name = formatRepository(repository)
      const context: VendorContext = { ...parts, repository, name, client: parts.open(repository), swap }
      const { provider, origin } = registry
      return { name, origin, provider, ...APIS[provider].open(context, hub(registry)) }
    },
    list: async (registry, owner, catalog) => {
      const { list } = APIS[registry.provider]
      if (list === undefined) return catalog()
      claimApi(registry)
      return list({ ...parts, registry, owner, catalog, target: { registry, path: null } }, hub(registry))
    },
  }
}

const HUB_API = 'https://hub.docker.com'

/**
 * Only what the inputs give for this very registry: what credential files hold was meant for the registry,
 * not for the API.
 */
function hubSession(parts: VendorParts, registry: Registry): HubSession {
  const login = parts.registry.origin === registry.origin ? parts.login : null
  return openHubSession(parts, parts.apiUrl ?? new URL(HUB_API), login)
}
