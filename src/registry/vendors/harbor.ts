import { basicAuthorization } from '../../credentials/credential.ts'
import { harbor } from '../../domain/vendors/harbor.ts'
import type { DeleteOutcome, VendorPort } from '../../domain/prune/ports.ts'
import type { HarborArtifact } from '../../wire/vendors/harbor.ts'
import { parseArtifacts } from '../../wire/vendors/harbor.ts'
import { apiBase, createVendorApi, readVendorList, segment, withPage } from './api.ts'
import type { VendorContext } from './context.ts'
import { probeByNothing } from './distribution.ts'
import { isRule, settled, untagOutcome } from './failures.ts'
import { observations, readListing } from './listing.ts'
import type { ListingDraft } from './listing.ts'
import { parseNames } from '../../wire/vendors/repositories.ts'
import type { CatalogContext } from './context.ts'
import { readNames } from './repositories.ts'

const GRANT = harbor.grants.api

/**
 * Harbor: its own API reports dates, what has no tag and what a rule keeps, and removes single tags, which
 * its registry does not. Same host and same login as the registry, unless `provider-api-url` names another
 * place for it.
 */
export function openHarbor(context: VendorContext): VendorPort {
  const { client, repository, name } = context
  const ask = createVendorApi({
    send: context.send,
    base: apiBase(context.apiUrl, repository.registry.origin, '/api/v2.0'),
    authorization: async () => basicAuthorization(await context.keychain(repository)),
  })
  const artifacts = artifactsPath(repository.path)
  const query = 'page=1&page_size=100&with_tag=true&with_immutable_status=true'
  const list = (draft: ListingDraft) =>
    readVendorList(ask, {
      question: { path: artifacts, query, purpose: `artifacts of ${name}` },
      size: 100,
      read: parseArtifacts,
      key: ({ digest }) => digest,
      take: (entries, dropped) => {
        for (const artifact of entries) take(artifact, draft)
        draft.drop(dropped)
      },
      following: (page) => withPage(query, page),
      advice: GRANT,
    })
  return {
    capabilities: harbor.capabilities,
    list: () => readListing(list, { what: `artifacts of ${name}`, listsUntagged: true }),
    untag: (tag, digest) =>
      settled(async () => {
        const path = `${artifacts}/${digest ?? segment(tag)}/tags/${segment(tag)}`
        const exchange = await ask({ method: 'DELETE', path, purpose: `deletion of ${name}:${tag}` })
        return untagOutcome(exchange, GRANT, async () => (await client.head(tag)) !== null)
      }),
    deleteManifest: async (digest) => preconditionOf(await client.deleteManifest(digest)),
    putManifest: client.putManifest,
    probeDeletes: () => probeByNothing(client),
  }
}

/** Slashes in the name are encoded twice: a proxy in front decodes once. */
function artifactsPath(path: string): string {
  const [project = '', ...rest] = path.split('/')
  return `projects/${segment(project)}/repositories/${segment(segment(rest.join('/')))}/artifacts`
}

/** Children of an index are not in the list, and are not untagged either: their index speaks for them. */
function take({ digest, pushed, pulled, tags }: HarborArtifact, draft: ListingDraft): void {
  const kept = tags.find(({ immutable }) => immutable)
  const locked = kept === undefined ? null : `an immutability rule of Harbor keeps the tag ${kept.name}`
  draft.manifests.set(digest, { ages: observations({ pushed, pulled }), locked })
  if (tags.length === 0) draft.untagged.add(digest)
  for (const { name, immutable, ...dates } of tags) {
    const ages = observations({ pushed: dates.pushed, pulled: dates.pulled })
    draft.tags.set(name, {
      digest,
      ages,
      locked: immutable ? 'an immutability rule of Harbor keeps it' : null,
    })
  }
}

/** 412 is both: a rule keeps a tag of it, or an index needs it. */
function preconditionOf(outcome: DeleteOutcome): DeleteOutcome {
  if (outcome.error?.exchange?.status !== 412) return outcome
  const kind = isRule(outcome.error.message) ? 'locked' : 'referenced'
  return { kind, error: outcome.error }
}

/** Every repository of a project, or of all projects that the account sees; their names hold the project. */
export function listHarborRepositories(context: CatalogContext): Promise<readonly string[]> {
  const { send, apiUrl, registry, target, keychain, owner } = context
  const ask = createVendorApi({
    send,
    base: apiBase(apiUrl, registry.origin, '/api/v2.0'),
    authorization: async () => basicAuthorization(await keychain(target)),
  })
  const query = 'page=1&page_size=100'
  return readNames(ask, {
    question: {
      path: owner === null ? 'repositories' : `projects/${segment(owner)}/repositories`,
      query,
      purpose: `repositories of ${owner ?? 'all projects'} at ${registry.host}`,
    },
    size: 100,
    read: parseNames,
    following: (page) => withPage(query, page),
    advice: 'On Harbor the account needs to list repositories of the project',
  })
}
