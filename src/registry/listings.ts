import { WardenError } from '../domain/errors.ts'
import type { Digest } from '../domain/names/digest.ts'
import { formatRepository } from '../domain/names/reference.ts'
import type { Repository } from '../domain/names/reference.ts'
import type { Tag } from '../domain/names/tag.ts'
import { vendorOf } from '../domain/vendors/vendors.ts'
import { MAX_PAGE_BYTES, parseCatalogPage, parseTagPage } from '../wire/tags.ts'
import type { Upload } from '../wire/tags.ts'
import type { Ask, Question } from './endpoint.ts'
import { DEFAULT_PAGE_LIMITS, readPages } from './pages.ts'
import type { PageLimits } from './pages.ts'

/** Every tag of a repository, as the registry orders them (which says nothing about age). */
export interface TagList {
  readonly tags: readonly Tag[]
  /** entries of the list that were no tags */
  readonly dropped: number
  /** such of them as may be names of something */
  readonly strange: readonly string[]
  /** Google only: when each manifest was uploaded */
  readonly uploads: ReadonlyMap<Digest, Upload>
}

const SIZES = [1000, 100, null]

/**
 * @throws WardenError of kind `not-found-repository` when the registry has none; an emptied one is an empty
 * list.
 */
export async function readTags(
  ask: Ask,
  repository: Repository,
  limits: PageLimits = DEFAULT_PAGE_LIMITS,
): Promise<TagList> {
  const tags = new Set<Tag>()
  const uploads = new Map<Digest, Upload>()
  let dropped = 0
  const strange: string[] = []
  const { listsManifests = false } = vendorOf(repository.registry)
  const maxBytes = listsManifests ? MAX_PAGE_BYTES * 8 : MAX_PAGE_BYTES
  const purpose = `tags of ${formatRepository(repository)}`
  await readPages({
    fetch: fetchPage(ask, { resource: 'tags/list', subject: 'tags', maxBytes, purpose }),
    parse: parseTagPage,
    take: (page) => {
      const before = tags.size
      page.tags.forEach((tag) => tags.add(tag))
      page.uploads.forEach((upload, digest) => uploads.set(digest, upload))
      if (uploads.size > limits.entries) throw tooMany(purpose)
      dropped += page.dropped
      strange.push(...page.strange)
      return tags.size - before
    },
    sizes: SIZES,
    limits,
  })
  return { tags: [...tags], dropped, strange, uploads }
}

/**
 * Every repository path in the catalog, unchecked; `unsupported` or `denied` where the registry shows none.
 */
export async function readCatalog(ask: Ask, host: string): Promise<readonly string[]> {
  const repositories = new Set<string>()
  const purpose = `catalog of ${host}`
  await readPages({
    fetch: fetchPage(ask, { resource: '_catalog', subject: 'catalog', maxBytes: MAX_PAGE_BYTES, purpose }),
    parse: parseCatalogPage,
    take: (page) => {
      const before = repositories.size
      page.repositories.forEach((path) => repositories.add(path))
      return repositories.size - before
    },
    sizes: SIZES,
  })
  return [...repositories]
}

/** Artifactory has answered 406 to the only type that a list can have; it is then asked for any. */
function fetchPage(ask: Ask, question: Question) {
  let accept = 'application/json'
  return async (query: string) => {
    const exchange = await ask({ ...question, query, headers: { accept } })
    if (exchange.response.status !== 406 || accept === '*/*') return exchange
    accept = '*/*'
    return ask({ ...question, query, headers: { accept } })
  }
}

/** Descriptions are no entries of the list, so nobody else counts them. */
function tooMany(purpose: string): WardenError {
  return new WardenError('protocol', `${purpose}: the list describes more manifests than it may have entries`)
}
