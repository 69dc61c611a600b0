import { WardenError } from '../../domain/errors.ts'
import type { ErrorKind } from '../../domain/errors.ts'
import type { Tag } from '../../domain/names/tag.ts'
import { gitlab } from '../../domain/vendors/gitlab.ts'
import type { DeleteOutcome, VendorPort } from '../../domain/prune/ports.ts'
import { parseGitLabTags } from '../../wire/vendors/gitlab.ts'
import { createRegistryApi, readVendorPages, segment } from './api.ts'
import type { VendorContext } from './context.ts'
import { probeByNothing } from './distribution.ts'
import { isRule, outcomeOf, settled } from './failures.ts'
import { listByRest } from './gitlab-rest.ts'
import { observations, readListing } from './listing.ts'
import type { ListingDraft } from './listing.ts'

const GRANT = gitlab.grants.api
const NO_DATES =
  'The registry tells push times when it has a metadata database; without one, provider-api-url names the API that tells build dates'

/** Answers by which a registry says that it has no such API, or none for us. */
const ABSENT: ReadonlySet<ErrorKind> = new Set<ErrorKind>([
  'not-found',
  'unsupported',
  'protocol',
  'denied',
  'unauthorized',
])

/**
 * GitLab: its registry has an API of its own beside `/v2/` (gitlab-org/container-registry,
 * docs/spec/gitlab/api.md), behind the same token, which tells when each tag was pushed. GitLab's REST API is
 * asked only where `provider-api-url` names it.
 */
export function openGitLab(context: VendorContext): VendorPort {
  const { client, repository, name, log, apiUrl, sendToRegistry } = context
  const own = createRegistryApi(sendToRegistry, repository, `/gitlab/v1/repositories/${repository.path}`, [
    'pull',
  ])
  const old = createRegistryApi(sendToRegistry, repository, `/v2/${repository.path}`, ['pull'])

  const listByRegistry = (draft: ListingDraft) =>
    readVendorPages(
      own,
      { path: 'tags/list/', query: 'n=1000', purpose: `push times of ${name}` },
      (body) => {
        const { entries, length, dropped } = parseGitLabTags(body)
        for (const { name: tag, digest, published } of entries) {
          const ages = observations({ pushed: published, updated: published })
          draft.tags.set(tag, { digest, ages, locked: null })
        }
        draft.drop(dropped)
        return { length }
      },
      NO_DATES,
    )

  const list = async (draft: ListingDraft) => {
    try {
      await listByRegistry(draft)
    } catch (error) {
      const isAbsent = error instanceof WardenError && ABSENT.has(error.kind) && draft.tags.size === 0
      if (apiUrl === null || !isAbsent) throw error
      await listByRest(context, apiUrl, draft)
    }
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
    list: () => readListing(list, { log, what: `push times of ${name}`, listsUntagged: false }),
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

/** A protected tag refuses as a missing right does, but concerns that tag alone. */
function protectedOr(outcome: DeleteOutcome): DeleteOutcome {
  const isKept = outcome.kind === 'denied' && isRule(outcome.error.message)
  return isKept ? { kind: 'locked', error: outcome.error } : outcome
}
