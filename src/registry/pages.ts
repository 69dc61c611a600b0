import { WardenError } from '../domain/errors.ts'
import type { HttpResponse } from '../transport/types.ts'
import { decidePaging, startOfTrail } from './paging.ts'
import { NO_NAMES, followsSmallest, orderAfter } from './name-order.ts'
import type { NameOrder } from './name-order.ts'
import type { Asked, PageFacts, PageQuery, Paging, Trail, Ways } from './paging.ts'

/**
 * Most pages, entries, and pages in a row that bring nothing new: a list that goes on forever is an error,
 * not a loop.
 */
export interface PageLimits {
  readonly pages: number
  readonly entries: number
  readonly idlePages: number
}

export const DEFAULT_PAGE_LIMITS: PageLimits = { pages: 10_000, entries: 500_000, idlePages: 20 }

/** A page as it was read; `last` is where the next one would begin, as the registry wrote it. */
export interface ReadPage extends PageFacts {
  readonly last: string | null
  /** entries as they were written, for a list that is paged by them */
  readonly names?: readonly string[]
}

/** A list that a server gives in pages. */
export interface Listing<E extends { readonly response: HttpResponse }> {
  /** what is listed, for errors: "tags of ghcr.io/acme/api" */
  readonly purpose: string
  /** Asks for a page; the query has no `?`. */
  readonly fetch: (query: string) => Promise<E>
  /** Keeps what is on a page, and says how much of it is new. */
  readonly take: (exchange: E) => ReadPage
  /** the error for an answer that is not a page */
  readonly failure: (exchange: E) => WardenError
  /** queries for the first page, until one is accepted */
  readonly first: readonly PageQuery[]
  /** Asks for what follows an entry; null where this list has no such query. */
  readonly closing: (last: string | null, size: number | null) => PageQuery | null
  readonly closes: Ways['closes']
  /** the same list with other page sizes, for one that looks cut off */
  readonly wider: (size: number | null) => readonly PageQuery[]
  readonly limits?: PageLimits
  /** entries that one page of the same list held before; default: not known */
  readonly room?: number
}

/**
 * How sure a list is. `cut`: it may end where a page of the server ends, after so many entries; whoever
 * deletes must not rely on it.
 */
export type Completeness = { readonly kind: 'proven' } | { readonly kind: 'cut'; readonly entries: number }

const TOO_LARGE = 413
/** ECR answers 405 above 1,000, older distribution 400 above its own limit, a proxy 413 to a large answer. */
const REFUSES_SIZE: ReadonlySet<number> = new Set([400, 405, TOO_LARGE, 414, 416, 422, 501])
/** How servers answer a cursor that they do not know. */
const REFUSES_CURSOR: ReadonlySet<number> = new Set([400, 404, 405, 414, 416, 422, 501])

/** Where the reading of a list stands. */
interface Position {
  readonly trail: Trail
  /** the last entry of the last page that had any */
  readonly last: string | null
  readonly entries: number
  /** pages in a row that brought nothing new */
  readonly idle: number
  readonly order: NameOrder
}

/**
 * Reads every page and says whether the list is proven complete.
 * @throws WardenError for a page that cannot be read, and for a list without end
 */
export async function readPages<E extends { readonly response: HttpResponse }>(
  listing: Listing<E>,
): Promise<Completeness> {
  const asked = new Set<string>()
  let { exchange, size } = await firstPage(listing, asked)
  let at: Position = {
    trail: startOfTrail(size, listing.room),
    last: null,
    entries: 0,
    idle: 0,
    order: NO_NAMES,
  }
  for (;;) {
    let paging = exchange.response.status === TOO_LARGE ? fewerFrom(listing, at) : null
    if (paging === null) {
      const answer = answerOf(listing, exchange, at.trail.asked, asked)
      if (answer !== 'refused') at = moved(at, answer)
      paging = decidePaging(at.trail, placed(answer, at), waysFrom(listing, at, asked))
    }
    if (paging.kind === 'proven') return paging
    if (paging.kind === 'cut') return { kind: 'cut', entries: at.entries }
    const { query } = paging.query
    asked.add(query)
    checkLimits(listing, at, asked.size)
    exchange = await listing.fetch(query)
    at = { ...at, trail: paging.trail }
  }
}

async function firstPage<E extends { readonly response: HttpResponse }>(
  { first, fetch }: Listing<E>,
  asked: Set<string>,
): Promise<{ exchange: E; size: number | null }> {
  const [head, ...others] = first
  if (head === undefined) throw new Error('a list has a first page')
  let size = head.size
  asked.add(head.query)
  let exchange = await fetch(head.query)
  for (const other of others) {
    if (!REFUSES_SIZE.has(exchange.response.status)) break
    size = other.size
    asked.add(other.query)
    exchange = await fetch(other.query)
  }
  return { exchange, size }
}

/** What came; only queries that the server did not name itself may be refused. */
function answerOf<E extends { readonly response: HttpResponse }>(
  listing: Listing<E>,
  exchange: E,
  why: Asked,
  asked: ReadonlySet<string>,
): ReadPage | 'refused' {
  const { status } = exchange.response
  if ((why === 'closing' || why === 'smallest') && REFUSES_CURSOR.has(status)) return 'refused'
  if (why === 'wider' && REFUSES_SIZE.has(status)) return 'refused'
  if (status !== 200) throw listing.failure(exchange)
  const page = listing.take(exchange)
  if (typeof page.next !== 'string' || !asked.has(page.next)) return page
  if (why === 'first' || why === 'next') throw endless(listing, 'its pages form a loop')
  // the way back to what was read already; a link on a repeated page still says that the page is not the last
  return (why === 'closing' || why === 'smallest') && page.added === 0 ? page : { ...page, next: undefined }
}

/** Says of the answer to a smallest name whether it is what the list has behind it. */
function placed(answer: ReadPage | 'refused', { trail, order }: Position): ReadPage | 'refused' {
  if (answer === 'refused' || trail.asked !== 'smallest') return answer
  return { ...answer, goesOn: followsSmallest(order, answer.names ?? []) }
}

function moved(at: Position, { added, last, names = [] }: ReadPage): Position {
  return {
    ...at,
    order: added === 0 ? at.order : orderAfter(at.order, names),
    last: last ?? at.last,
    entries: at.entries + added,
    idle: added === 0 ? at.idle + 1 : 0,
  }
}

/** A page that is too large for a server or a proxy on the way is asked for again, with fewer entries. */
function fewerFrom<E extends { readonly response: HttpResponse }>(
  { first, closing }: Listing<E>,
  { trail, last }: Position,
): Paging | null {
  if (trail.asked === 'wider' || trail.size === null) return null
  const smaller = first.find(({ size }) => size !== null && size < (trail.size ?? 0))
  const query = smaller === undefined || last === null ? null : closing(last, smaller.size)
  return query === null ? null : { kind: 'ask', query, trail: { ...trail, size: query.size } }
}

function waysFrom<E extends { readonly response: HttpResponse }>(
  { closing, closes, wider }: Listing<E>,
  { trail, last, order }: Position,
  asked: ReadonlySet<string>,
): Ways {
  const unasked = (name: string | null) => {
    const query = closing(name, trail.size)
    return query === null || asked.has(query.query) ? null : query
  }
  const isOrdered = order.byBytes || order.byLetters
  const smallest = order.names[order.smallestAt] ?? null
  return {
    closing: unasked(last),
    smallest: unasked(smallest),
    isOrdered,
    closes,
    wider: wider(trail.useful).filter(({ query }) => !asked.has(query)),
  }
}

function checkLimits<E extends { readonly response: HttpResponse }>(
  listing: Listing<E>,
  { entries, idle }: Position,
  pages: number,
): void {
  const limits = listing.limits ?? DEFAULT_PAGE_LIMITS
  if (pages <= limits.pages && entries <= limits.entries && idle < limits.idlePages) return
  throw endless(listing, `${entries} entries on ${pages} pages and no end`)
}

/** The error of a list that nobody may delete by; `what` can be changed to make its end plain. */
export function cutList(purpose: string, entries: number, what: string): WardenError {
  return new WardenError(
    'protocol',
    `${purpose}: the list may be cut off: its ${entries} entries are exactly a full page, and no request shows more`,
    { advice: `Push or delete one ${what}, so that the number shows whether the list is complete` },
  )
}

function endless({ purpose }: { readonly purpose: string }, how: string): WardenError {
  return new WardenError('protocol', `${purpose}: the list does not end: ${how}`, {
    advice: 'The registry, or a proxy in front of it, pages wrongly',
  })
}
