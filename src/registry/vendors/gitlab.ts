import { WardenError } from '../../domain/errors.ts'
import type { Tag } from '../../domain/names/tag.ts'
import { gitlab } from '../../domain/vendors/gitlab.ts'
import type { DeleteOutcome, VendorListing, VendorPort } from '../../domain/prune/ports.ts'
import { parseGitLabTags } from '../../wire/vendors/gitlab.ts'
import { createRegistryApi, readVendorList, segment } from './api.ts'
import type { VendorContext } from './context.ts'
import { probeByNothing } from './distribution.ts'
import { isRule, outcomeOf, settled } from './failures.ts'
import { listByRest } from './gitlab-rest.ts'
import { NOTHING_TOLD, observations, readListing } from './listing.ts'
import type { ListingDraft } from './listing.ts'

const GRANT = gitlab.grants.api
const NO_DATES =
  'The registry reports push times when it has a metadata database, to a login that may pull the repository'

/**
 * GitLab: its registry has an API of its own beside `/v2/` (gitlab-org/container-registry,
 * docs/spec/gitlab/api.md), behind the same token, which reports when each tag was pushed. GitLab's REST API
 * is asked only where `provider-api-url` names it.
 */
export function openGitLab(context: VendorContext): VendorPort {
  const { client, repository, name, log, apiUrl, sendToRegistry } = context
  const own = createRegistryApi(sendToRegistry, repository, `/gitlab/v1/repositories/${repository.path}`, [
    'pull',
  ])
  const old = createRegistryApi(sendToRegistry, repository, `/v2/${repository.path}`, ['pull'])

  const listByRegistry = (draft: ListingDraft) =>
    readVendorList(own, {
      question: { path: 'tags/list/', query: 'n=1000', purpose: `push times of ${name}` },
      size: 1000,
      read: parseGitLabTags,
      key: ({ name: tag }) => tag,
      take: (entries, dropped) => {
        for (const { name: tag, digest, published } of entries) {
          const ages = observations({ pushed: published, updated: published })
          draft.tags.set(tag, { digest, ages, locked: null })
        }
        draft.drop(dropped)
      },
      following: (_page, last) => `n=1000&last=${encodeURIComponent(last)}`,
      advice: NO_DATES,
    })

  /**
   * Whether the registry has this API, which takes a metadata database: its base answers 404 where not
   * (docs/spec/gitlab/api.md, "Compliance check").
   */
  async function hasDatabase(): Promise<boolean> {
    const base = createRegistryApi(sendToRegistry, repository, '/gitlab/v1', ['pull'])
    const { response } = await base({ path: '', purpose: `GitLab's API of ${repository.registry.host}` })
    return response.status !== 404 && response.status !== 405
  }

  async function list(): Promise<VendorListing> {
    let isAbsent = false
    const byRegistry = async (draft: ListingDraft) => {
      try {
        await listByRegistry(draft)
      } catch (error) {
        isAbsent = draft.tags.size === 0 && saysNoSuchPath(error) && !(await hasDatabase())
        if (!isAbsent) throw error
      }
    }
    const listing = await readListing(byRegistry, {
      what: `push times of ${name}`,
      listsUntagged: false,
    })
    if (!isAbsent) return listing
    if (apiUrl === null) {
      log.info(
        `${name}: a GitLab registry without metadata database reports no push times; build dates count`,
      )
      return NOTHING_TOLD
    }
    const byRest = (draft: ListingDraft) => listByRest(context, apiUrl, draft)
    const dates = await readListing(byRest, { what: `dates of ${name}`, listsUntagged: false })
    return { ...dates, tellsPushTimes: false, datesTags: false }
  }

  /**
   * Registries of 2023 and before had an address of their own for it; newer ones with tags off have neither.
   */
  const untagAsBefore = async (tag: Tag, native: DeleteOutcome): Promise<DeleteOutcome> => {
    const path = `tags/reference/${segment(tag)}`
    const exchange = await old({ method: 'DELETE', path, purpose: `deletion of ${name}:${tag}` })
    const isThere = exchange.response.status === 404 && (await client.head(tag)) !== null
    return isThere ? native : outcomeOf(exchange, GRANT)
  }

  return {
    capabilities: gitlab.capabilities,
    list,
    untag: (tag) =>
      settled(async () => {
        const outcome = await client.deleteManifest(tag)
        return protectedOr(outcome.kind === 'unsupported' ? await untagAsBefore(tag, outcome) : outcome)
      }),
    deleteManifest: async (digest) => protectedOr(await client.deleteManifest(digest)),
    putManifest: client.putManifest,
    probeDeletes: () => probeByNothing(client),
  }
}

function saysNoSuchPath(error: unknown): boolean {
  return error instanceof WardenError && [404, 405].includes(error.exchange?.status ?? 0)
}

/** A protected tag refuses as a missing right does, but concerns only that tag. */
function protectedOr(outcome: DeleteOutcome): DeleteOutcome {
  const isKept = outcome.kind === 'denied' && isRule(outcome.error.message)
  return isKept ? { kind: 'locked', error: outcome.error } : outcome
}
