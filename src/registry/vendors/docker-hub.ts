import { dockerHub } from '../../domain/vendors/docker-hub.ts'
import type { VendorPort } from '../../domain/prune/ports.ts'
import { parseHubTags } from '../../wire/vendors/docker-hub.ts'
import { readVendorList, segment, withPage } from './api.ts'
import type { VendorContext } from './context.ts'
import { probeByNothing } from './distribution.ts'
import { settled, untagOutcome } from './failures.ts'
import { HUB_ADVICE } from './hub-login.ts'
import type { HubSession } from './hub-login.ts'
import { observations, readListing } from './listing.ts'
import type { ListingDraft } from './listing.ts'
import { parseHubRepositories } from '../../wire/vendors/repositories.ts'
import type { CatalogContext } from './context.ts'
import { ownerOf, readNames } from './repositories.ts'

/**
 * Docker Hub: its own API, on a host of its own, reports when tags were pushed and pulled, and removes single
 * tags. The registry deletes manifests, once they have no tags and nothing refers to them.
 */
export function openDockerHub(context: VendorContext, session: HubSession): VendorPort {
  const { client, repository, name } = context
  const [namespace = '', ...rest] = repository.path.split('/')
  const [owner, image] = [segment(namespace), segment(rest.join('/'))]
  const list = (draft: ListingDraft) =>
    readVendorList(session.ask, {
      question: {
        path: `v2/namespaces/${owner}/repositories/${image}/tags`,
        query: 'page_size=100',
        purpose: `tags of ${name} at Docker Hub's API`,
      },
      size: 100,
      read: parseHubTags,
      key: ({ name: tag }) => tag,
      take: (entries, dropped) => {
        for (const { name: tag, digest, ...dates } of entries) {
          draft.tags.set(tag, { digest, ages: observations(dates), locked: null })
        }
        draft.drop(dropped)
      },
      following: (page) => withPage('page_size=100', page),
      advice: HUB_ADVICE,
    })
  return {
    capabilities: dockerHub.capabilities,
    list: () => readListing(list, { what: `push times of ${name}`, listsUntagged: false }),
    // the registry would do it as well, but leaves the tag in Hub's own pages [docker/hub-feedback 2361]
    untag: (tag) =>
      settled(async () => {
        const error = await session.refusal()
        if (error !== null) return { kind: 'denied', error }
        const path = `v2/repositories/${owner}/${image}/tags/${segment(tag)}/`
        const exchange = await session.ask({
          method: 'DELETE',
          path,
          purpose: `deletion of ${name}:${tag}`,
        })
        return untagOutcome(exchange, HUB_ADVICE, async () => (await client.head(tag)) !== null)
      }),
    deleteManifest: (digest) => client.deleteManifest(digest),
    putManifest: client.putManifest,
    probeDeletes: async () => {
      const error = await session.refusal()
      if (error !== null) return { kind: 'denied', error }
      const probe = await probeByNothing(client)
      // 403 is also Hub's word for a manifest that something needs, so it proves nothing
      return probe.kind === 'denied' && probe.error.exchange?.status === 403 ? { kind: 'unclear' } : probe
    },
  }
}

/** Every repository of a namespace: the public ones, and those that the login sees. */
export async function listHubRepositories(
  context: CatalogContext,
  session: HubSession,
): Promise<readonly string[]> {
  const owner = ownerOf(context)
  const query = 'page_size=100'
  const names = await readNames(session.ask, {
    question: {
      path: `v2/namespaces/${segment(owner)}/repositories`,
      query,
      purpose: `repositories of ${owner} at Docker Hub`,
    },
    size: 100,
    read: parseHubRepositories,
    following: (page) => withPage(query, page),
    advice: HUB_ADVICE,
  })
  return names.map((name) => `${owner}/${name}`)
}
