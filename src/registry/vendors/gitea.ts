import { basicAuthorization } from '../../credentials/credential.ts'
import type { VendorPort } from '../../domain/prune/ports.ts'
import { gitea } from '../../domain/vendors/gitea.ts'
import { parseGiteaVersions } from '../../wire/vendors/gitea.ts'
import type { GiteaVersion } from '../../wire/vendors/gitea.ts'
import { apiBase, createVendorApi, readVendorList, segment, withPage } from './api.ts'
import type { AskVendor } from './api.ts'
import type { CatalogContext, VendorContext } from './context.ts'
import { openDistribution } from './distribution.ts'
import { observations, readListing } from './listing.ts'
import type { ListingDraft } from './listing.ts'

/** Gitea caps `limit` at 50 unless its administrator says otherwise. */
const PAGE = 50

/**
 * Gitea and Forgejo: the registry deletes tags and digests; the packages API beside it reports when each name
 * was pushed and which manifests have none but their digest. It does not tell which digest a tag names.
 */
export function openGitea(context: VendorContext): VendorPort {
  const { client, name, repository } = context
  const [owner = '', ...rest] = repository.path.split('/')
  const image = rest.join('/')
  const ask = askOf(context)
  const list = (draft: ListingDraft) =>
    readVersions(
      ask,
      { owner, search: image, purpose: `versions of ${name} in Gitea's packages` },
      (all, dropped) => {
        for (const version of all) {
          if (version.image.toLowerCase() === image) take(version, draft)
        }
        draft.drop(dropped)
      },
    )
  return {
    ...openDistribution(client, gitea.capabilities),
    list: () => readListing(list, { what: `versions of ${name}`, listsUntagged: true }),
  }
}

/** Every repository of an owner; without one, what the registry's own catalog shows to this login. */
export async function listGiteaRepositories(context: CatalogContext): Promise<readonly string[]> {
  const { registry, owner, catalog } = context
  if (owner === null) return catalog()
  const names = new Set<string>()
  const purpose = `packages of ${owner} at ${registry.host}`
  await readVersions(
    askOf({ ...context, repository: context.target }),
    { owner, search: null, purpose },
    (all) => {
      for (const { image } of all) names.add(`${owner}/${image}`)
    },
  )
  return [...names]
}

function take({ name, created }: GiteaVersion, draft: ListingDraft): void {
  const facts = { ages: observations({ pushed: created }), locked: null }
  if ('tag' in name) draft.tags.set(name.tag, { ...facts, digest: null })
  else {
    draft.manifests.set(name.digest, facts)
    draft.untagged.add(name.digest)
  }
}

interface VersionQuestion {
  readonly owner: string
  readonly search: string | null
  readonly purpose: string
}

function readVersions(
  ask: AskVendor,
  { owner, search, purpose }: VersionQuestion,
  take: (versions: readonly GiteaVersion[], dropped: number) => void,
): Promise<void> {
  const query = `type=container${search === null ? '' : `&q=${segment(search)}`}&limit=${PAGE}`
  return readVendorList(ask, {
    question: { path: `packages/${segment(owner)}`, query: `${query}&page=1`, purpose },
    size: PAGE,
    read: parseGiteaVersions,
    key: ({ image, name }) => `${image}@${'tag' in name ? name.tag : name.digest}`,
    take: (versions, dropped) => {
      take(versions, dropped)
    },
    following: (page) => withPage(query, page),
    advice: gitea.grants.api,
  })
}

/** The registry's own login is one for the API, too. */
function askOf(
  context: Pick<VendorContext, 'send' | 'apiUrl' | 'keychain'> & {
    readonly repository: CatalogContext['target']
  },
): AskVendor {
  const { send, apiUrl, keychain, repository } = context
  return createVendorApi({
    send,
    base: apiBase(apiUrl, repository.registry.origin, '/api/v1'),
    authorization: async () => basicAuthorization(await keychain(repository)),
  })
}
