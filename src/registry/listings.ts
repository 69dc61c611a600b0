import { WardenError } from '../domain/errors.ts'
import type { Digest } from '../domain/names/digest.ts'
import { formatRepository } from '../domain/names/reference.ts'
import type { Repository } from '../domain/names/reference.ts'
import type { Tag } from '../domain/names/tag.ts'
import type { OnTags } from '../domain/ports.ts'
import { vendorOf } from '../domain/vendors/vendors.ts'
import { nextPageQuery } from '../wire/link.ts'
import { MAX_PAGE_BYTES, parseCatalogPage, parseTagPage } from '../wire/tags.ts'
import type { Upload } from '../wire/tags.ts'
import type { Ask, Question } from './endpoint.ts'
import { readAnswer, registryFailure } from './failures.ts'
import type { Exchange } from './failures.ts'
import { cutList, DEFAULT_PAGE_LIMITS, readPages } from './pages.ts'
import type { Completeness, Listing, PageLimits, ReadPage } from './pages.ts'
import type { PageQuery } from './paging.ts'

/** Every tag of a repository, as the registry orders them (which says nothing about age). */
export interface TagList {
  readonly tags: readonly Tag[]
  /** entries of the list that were not tags */
  readonly dropped: number
  /** such of them as may be names of something */
  readonly strange: readonly string[]
  /** Google only: when each manifest was uploaded */
  readonly uploads: ReadonlyMap<Digest, Upload>
  /** how much of that could not be read */
  readonly unread: number
  /** why the list may lack tags; null when it is proven complete */
  readonly doubt: WardenError | null
  /** entries on its fullest page */
  readonly room: number
}

export interface TagListOptions {
  /** entries that one page held when the list was read before: distribution 2 sends all of them on one */
  readonly room?: number
  readonly limits?: PageLimits
  readonly onTags?: OnTags
}

/** Asked for until one is accepted. */
const SIZES = [1000, 100, null]
/** Where a list looks cut off, up to so many entries are asked for at once. */
const LARGEST_SIZE = 1_000_000

/**
 * @param onTags is handed what each page brings, before the list is known to be complete
 * @throws WardenError of kind `not-found-repository` when the registry has none; an emptied one is an empty
 * list.
 */
export async function readTags(
  ask: Ask,
  repository: Repository,
  { limits = DEFAULT_PAGE_LIMITS, onTags = () => undefined, room = 0 }: TagListOptions = {},
): Promise<TagList> {
  const tags: Tag[] = []
  const uploads = new Map<Digest, Upload>()
  let dropped = 0
  let fullest = room
  let unread = 0
  const strange = new Set<string>()
  const names = new Set<string>()
  const { listsManifests = false } = vendorOf(repository.registry)
  const maxBytes = listsManifests ? MAX_PAGE_BYTES * 8 : MAX_PAGE_BYTES
  const purpose = `tags of ${formatRepository(repository)}`
  const completeness = await readPages({
    ...pagedByName(ask, { resource: 'tags/list', subject: 'tags', maxBytes, purpose }, (body) => {
      const page = parseTagPage(body)
      fullest = Math.max(fullest, page.length)
      const fresh = page.tags.filter((tag) => !names.has(tag))
      const added = addAll(names, page.names)
      for (const tag of fresh) tags.push(tag)
      unread = Math.max(unread, page.unread)
      page.uploads.forEach((upload, digest) => uploads.set(digest, upload))
      if (uploads.size > limits.entries) throw tooMany(purpose)
      // what a repeated page lists counts once
      if (added > 0 || names.size === 0) dropped += page.dropped
      page.strange.forEach((name) => strange.add(name))
      if (fresh.length > 0) onTags(fresh)
      return { ...page, added }
    }),
    limits,
    room,
  })
  const doubt = doubtOf(completeness, purpose, 'tag')
  return { tags, dropped, strange: [...strange], uploads, unread, doubt, room: fullest }
}

/** Every repository path of a catalog, as the registry wrote them. */
export interface Catalog {
  readonly repositories: readonly string[]
  /** why the list may lack some; null when it is proven complete */
  readonly doubt: WardenError | null
}

/**
 * Every repository path in the catalog, unchecked; `unsupported` or `denied` where the registry shows none.
 */
export async function readCatalog(ask: Ask, host: string): Promise<Catalog> {
  const names = new Set<string>()
  const purpose = `catalog of ${host}`
  const question: Question = { resource: '_catalog', subject: 'catalog', maxBytes: MAX_PAGE_BYTES, purpose }
  const completeness = await readPages(
    pagedByName(ask, question, (body) => {
      const page = parseCatalogPage(body)
      return { ...page, added: addAll(names, page.names) }
    }),
  )
  return { repositories: [...names], doubt: doubtOf(completeness, purpose, 'repository') }
}

/** Lists that the distribution specification pages by `n` and by `last`, the name of the last entry. */
function pagedByName(
  ask: Ask,
  question: Question,
  take: (body: Buffer) => Pick<ReadPage, 'length' | 'added' | 'last' | 'names'>,
): Listing<Exchange> {
  const sized = (size: number | null): PageQuery => ({ query: size === null ? '' : `n=${size}`, size })
  return {
    purpose: question.purpose,
    fetch: fetchPage(ask, question),
    take: (exchange) =>
      readAnswer(exchange, ({ body, headers }) => {
        const next = nextPageQuery(headers.get('link') ?? []) ?? undefined
        return { ...take(body), next }
      }),
    failure: registryFailure,
    first: SIZES.map(sized),
    closing: (last, size) => {
      if (last === null) return null
      const from = `last=${encodeURIComponent(last)}`
      return { query: size === null ? from : `n=${size}&${from}`, size }
    },
    closes: 'always',
    wider: (size) => {
      const larger = (size ?? 1000) * 10
      return [sized(null), ...(larger > LARGEST_SIZE ? [] : [sized(larger)])]
    },
  }
}

function addAll(names: Set<string>, entries: readonly string[]): number {
  const before = names.size
  for (const entry of entries) names.add(entry)
  return names.size - before
}

function doubtOf(completeness: Completeness, purpose: string, what: string): WardenError | null {
  return completeness.kind === 'proven' ? null : cutList(purpose, completeness.entries, what)
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

/** Descriptions are not entries of the list, so nobody else counts them. */
function tooMany(purpose: string): WardenError {
  return new WardenError('protocol', `${purpose}: the list describes more manifests than it may have entries`)
}
