import type { Credential } from '../../credentials/credential.ts'
import { WardenError } from '../../domain/errors.ts'
import { shortDigest } from '../../domain/names/digest.ts'
import type { Digest } from '../../domain/names/digest.ts'
import { quay } from '../../domain/vendors/quay.ts'
import type { DeleteOutcome, VendorPort } from '../../domain/prune/ports.ts'
import { parseQuayTags } from '../../wire/vendors/quay.ts'
import { apiBase, createVendorApi, readVendorList } from './api.ts'
import type { VendorContext } from './context.ts'
import { probeByNothing } from './distribution.ts'
import { observations, readListing } from './listing.ts'
import type { ListingDraft } from './listing.ts'
import { parseQuayRepositories } from '../../wire/vendors/repositories.ts'
import type { CatalogContext } from './context.ts'
import { ownerOf, readNames } from './repositories.ts'

const GRANT = quay.grants.api

/**
 * Quay: its own API, on the registry's host, reports when a tag was pushed. Its registry removes single tags;
 * a manifest that no tag names it deletes by itself, once nothing needs it, and not when asked (404).
 */
export function openQuay(context: VendorContext): VendorPort {
  const { client, repository, name } = context
  const ask = createVendorApi({
    send: context.send,
    base: apiBase(context.apiUrl, repository.registry.origin, '/api/v1'),
    authorization: async () => tokenOf(await context.keychain(repository)),
  })

  const list = (draft: ListingDraft) => {
    const queryOf = (page: number) => `limit=100&page=${page}&onlyActiveTags=true`
    const question = {
      path: `repository/${repository.path}/tag/`,
      query: queryOf(1),
      purpose: `tags of ${name} at Quay's API`,
    }
    let page = 1
    return readVendorList(ask, {
      question,
      size: 100,
      read: (body) => {
        const { hasMore, ...entries } = parseQuayTags(body)
        page += 1
        return { ...entries, next: hasMore ? queryOf(page) : null }
      },
      // what was a tag once is listed beside what it is now
      key: ({ name: tag, ended, started }) => (ended ? `${tag} until ${started}` : tag),
      take: (entries, dropped) => {
        for (const { name: tag, digest, started, ended, immutable } of entries) {
          const ages = observations({ pushed: started, updated: started })
          const locked = immutable ? 'an immutability policy of Quay keeps it' : null
          if (!ended) draft.tags.set(tag, { digest, ages, locked })
        }
        draft.drop(dropped)
      },
      following: queryOf,
      advice: GRANT,
    })
  }

  /** "Gone" and "has no tag" are one answer. */
  async function deleteManifest(digest: Digest): Promise<DeleteOutcome> {
    const outcome = await client.deleteManifest(digest)
    if (outcome.kind !== 'gone' || (await client.head(digest)) === null) return outcome
    const message = `${name}: Quay deletes ${shortDigest(digest)}, which has no tag, by itself once nothing needs it`
    return { kind: 'locked', error: new WardenError('unsupported', message) }
  }

  return {
    capabilities: quay.capabilities,
    list: () => readListing(list, { what: `push times of ${name}`, listsUntagged: false }),
    untag: (tag) => client.deleteManifest(tag),
    deleteManifest,
    putManifest: client.putManifest,
    probeDeletes: () => probeByNothing(client),
  }
}

/** Robot accounts are for the registry only; the API of a public repository answers anonymously. */
function tokenOf(credential: Credential): string | null {
  const isToken = credential.kind === 'basic' && credential.username === '$oauthtoken'
  return isToken ? `Bearer ${credential.password}` : null
}

/** Every repository of a namespace that the login sees; without an OAuth token, the public ones. */
export async function listQuayRepositories(context: CatalogContext): Promise<readonly string[]> {
  const { send, apiUrl, registry, target, keychain } = context
  const owner = ownerOf(context)
  const ask = createVendorApi({
    send,
    base: apiBase(apiUrl, registry.origin, '/api/v1'),
    authorization: async () => tokenOf(await keychain(target)),
  })
  // without `public`, Quay leaves out what is public, and everything where there is no login
  const query = `namespace=${encodeURIComponent(owner)}&public=true`
  const names = await readNames(ask, {
    question: { path: 'repository', query, purpose: `repositories of ${owner} at Quay` },
    size: 100,
    read: parseQuayRepositories,
    more: (token) => `${query}&next_page=${encodeURIComponent(token)}`,
    following: (page) => `${query}&page=${page}`,
    advice: GRANT,
  })
  return names.map((name) => `${owner}/${name}`)
}
