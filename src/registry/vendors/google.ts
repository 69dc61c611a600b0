import { WardenError } from '../../domain/errors.ts'
import { gar } from '../../domain/vendors/gar.ts'
import type { PruneReader, VendorListing, VendorPort } from '../../domain/prune/ports.ts'
import type { TagList } from '../listings.ts'
import type { VendorContext } from './context.ts'
import { probeByNothing } from './distribution.ts'
import { someNames } from '../../domain/text.ts'
import { AGES_UNKNOWN, NOTHING_TOLD, observations } from './listing.ts'
import { parseGoogleNames } from '../../wire/vendors/repositories.ts'
import { createVendorApi, segment } from './api.ts'
import type { AskVendor } from './api.ts'
import type { CatalogContext } from './context.ts'
import { ownerOf, readNames } from './repositories.ts'

/**
 * Google's registries (Artifact Registry, `gcr.io`) tell everything in the list of tags: each manifest with
 * its upload time, tagged or not. A manifest goes after its tags, its parents and its referrers
 * (`GOOGLE_MANIFEST_DANGLING_TAG` and others).
 */
export function openGoogle(context: VendorContext): { reader: PruneReader; vendor: VendorPort } {
  const { client } = context
  let first: { readonly by: 'list' | 'tags'; readonly answer: Promise<TagList> } | null = null
  let isShared = false

  /**
   * The one list serves two purposes: whoever comes second gets the answer of the first. Only once: later on,
   * each is asked for to see what changed.
   */
  function read(by: 'list' | 'tags'): Promise<TagList> {
    if (first !== null && first.by !== by && !isShared) {
      isShared = true
      return first.answer
    }
    const answer = client.tagList()
    first = { by, answer }
    return answer
  }

  return {
    reader: { ...client, tags: async () => (await read('tags')).tags },
    vendor: {
      capabilities: gar.capabilities,
      list: () => read('list').then((list) => listingOf(list, context), noneOrFail),
      untag: (tag) => client.deleteManifest(tag),
      deleteManifest: (digest) => client.deleteManifest(digest),
      putManifest: client.putManifest,
      probeDeletes: () => probeByNothing(client),
    },
  }
}

function listingOf({ tags, uploads, unread }: TagList, { name }: VendorContext): VendorListing {
  const isSilent = uploads.size === 0 && tags.length > 0
  const doubts = isSilent ? [`tags of ${name}: the list describes no manifests, so ${AGES_UNKNOWN}`] : []
  if (unread > 0) doubts.push(`manifests of ${name}: ${unread} entries could not be read`)
  const manifests: VendorListing['manifests'] = new Map(
    [...uploads].map(([digest, { uploaded, created }]) => [
      digest,
      { ages: observations({ pushed: uploaded, config: created }), locked: null },
    ]),
  )
  const untagged = [...uploads].flatMap(([digest, { tags }]) => (tags.length === 0 ? [digest] : []))
  const named: VendorListing['tags'] = new Map(
    [...uploads].flatMap(([digest, { tags: names }]) =>
      names.map((tag) => [tag, { digest, ages: [], locked: null }] as const),
    ),
  )
  // a page may have come without its manifests: who knows what else is on none
  const undescribed = isSilent ? [] : tags.filter((tag) => !named.has(tag))
  if (undescribed.length > 0)
    doubts.push(
      `tags of ${name}: the list does not describe all manifests (none has ${someNames(undescribed, 3)})`,
    )
  const complete = unread === 0 && undescribed.length === 0
  return {
    tags: named,
    manifests,
    untagged: complete ? untagged : [],
    complete,
    tellsPushTimes: true,
    doubts,
  }
}

/** A repository that does not exist has nothing to list; any other failure is the list of tags' own. */
function noneOrFail(error: unknown): VendorListing {
  if (error instanceof WardenError && error.kind === 'not-found-repository') return NOTHING_TOLD
  throw error
}

const API = 'https://artifactregistry.googleapis.com'
const CATALOG_GRANT =
  'Google lists repositories to an access token: user name oauth2accesstoken, with the role Artifact Registry Reader'

/** Every image of a project in Artifact Registry; `gcr.io` has a catalog of its own. */
export async function listGoogleRepositories(context: CatalogContext): Promise<readonly string[]> {
  const { registry, send, apiUrl, keychain, target, catalog } = context
  const [, location] = /^([a-z0-9-]+)-docker\.pkg\.dev$/.exec(registry.host) ?? []
  if (location === undefined && apiUrl === null) return catalog()
  const project = ownerOf(context)
  const ask = createVendorApi({
    send,
    base: new URL(apiUrl ?? API),
    authorization: async () => {
      const credential = await keychain(target)
      const isToken = credential.kind === 'basic' && credential.username === 'oauth2accesstoken'
      if (isToken) return `Bearer ${credential.password}`
      throw new WardenError('unauthorized', `repositories of ${project} at ${registry.host}`, {
        advice: CATALOG_GRANT,
      })
    },
  })
  const parent = `v1/projects/${segment(project)}/locations/${location ?? 'us'}/repositories`
  const repositories = await namesBelow(ask, parent, 'repositories', project)
  const images = await Promise.all(
    repositories.map(async (repository) => {
      const names = await namesBelow(ask, `${parent}/${segment(repository)}/packages`, 'packages', project)
      return names.map((image) => `${project}/${repository}/${image}`)
    }),
  )
  return images.flat()
}

function namesBelow(
  ask: AskVendor,
  path: string,
  field: 'repositories' | 'packages',
  project: string,
): Promise<readonly string[]> {
  const query = 'pageSize=1000'
  return readNames(ask, {
    question: { path, query, purpose: `${field} of ${project} in Artifact Registry` },
    size: 1000,
    read: (body) => parseGoogleNames(field, body),
    more: (token) => `${query}&pageToken=${encodeURIComponent(token)}`,
    following: () => query,
    advice: CATALOG_GRANT,
  })
}
