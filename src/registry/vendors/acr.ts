import { acr } from '../../domain/vendors/acr.ts'
import type { DeleteOutcome, VendorPort } from '../../domain/prune/ports.ts'
import { parseAcrManifests, parseAcrTags } from '../../wire/vendors/acr.ts'
import { createRegistryApi, readVendorList, segment } from './api.ts'
import type { AskVendor } from './api.ts'
import type { VendorContext } from './context.ts'
import { probeByNothing } from './distribution.ts'
import { settled, untagOutcome } from './failures.ts'
import { observations, readListing } from './listing.ts'
import type { ListingDraft } from './listing.ts'

const GRANT = acr.grants.api
const LOCKED =
  'ACR has locked it (az acr repository update --delete-enabled true --write-enabled true unlocks)'
const PAGE = 500

/**
 * Azure Container Registry: its own API stands beside `/v2/` on the same host and behind the same token
 * server, and reports dates, locks and what has no tag. It removes single tags, which `/v2/` does not.
 */
export function openAcr(context: VendorContext): VendorPort {
  const { client, repository, name, sendToRegistry } = context
  const ask = createRegistryApi(sendToRegistry, repository, `/acr/v1/${repository.path}`, ['metadata_read'])
  const list = async (draft: ListingDraft) => {
    // manifests first: what loses its last tag in between is then no untagged one yet
    await listManifests(ask, name, draft)
    await listTags(ask, name, draft)
  }
  return {
    capabilities: acr.capabilities,
    list: () => readListing(list, { what: `manifests of ${name}`, listsUntagged: true }),
    untag: (tag) =>
      settled(async () => {
        const path = `_tags/${segment(tag)}`
        const exchange = await ask({ method: 'DELETE', path, purpose: `deletion of ${name}:${tag}` })
        return lockOf(await untagOutcome(exchange, GRANT, async () => (await client.head(tag)) !== null))
      }),
    deleteManifest: async (digest) => lockOf(await client.deleteManifest(digest)),
    putManifest: client.putManifest,
    probeDeletes: () => probeByNothing(client),
  }
}

/** 405 is ACR's word for a lock; it offers deletions always. */
function lockOf(outcome: DeleteOutcome): DeleteOutcome {
  return outcome.kind === 'unsupported' ? { ...outcome, kind: 'locked' } : outcome
}

/** ACR goes on behind the last name of a page, and says so by a link. */
const after = (query: string) => (_page: number, last: string) => `${query}&last=${encodeURIComponent(last)}`

function listManifests(ask: AskVendor, name: string, draft: ListingDraft): Promise<void> {
  const query = `n=${PAGE}`
  return readVendorList(ask, {
    question: { path: '_manifests', query, purpose: `manifests of ${name}` },
    size: PAGE,
    read: parseAcrManifests,
    key: ({ digest }) => digest,
    take: (entries, dropped) => {
      for (const { digest, created, updated, locked, tagged } of entries) {
        const ages = observations({ pushed: created, updated })
        draft.manifests.set(digest, { ages, locked: locked ? LOCKED : null })
        if (!tagged) draft.untagged.add(digest)
      }
      draft.drop(dropped)
    },
    following: after(query),
    advice: GRANT,
  })
}

function listTags(ask: AskVendor, name: string, draft: ListingDraft): Promise<void> {
  const query = `orderby=timedesc&n=${PAGE}`
  return readVendorList(ask, {
    question: { path: '_tags', query, purpose: `tags of ${name}` },
    size: PAGE,
    read: parseAcrTags,
    key: ({ name: tag }) => tag,
    take: (entries, dropped) => {
      for (const { name: tag, digest, updated, locked } of entries) {
        // a tag is as old as its last push: `createdTime` stays when it is moved
        const ages = observations({ pushed: updated, updated })
        draft.tags.set(tag, { digest, ages, locked: locked ? LOCKED : null })
      }
      draft.drop(dropped)
    },
    following: after(query),
    advice: GRANT,
  })
}
