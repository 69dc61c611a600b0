import { WardenError } from '../domain/errors.ts'
import { nextPageQuery } from '../wire/link.ts'
import type { Page } from '../wire/tags.ts'
import { readAnswer, registryFailure } from './failures.ts'
import type { Exchange } from './failures.ts'

/**
 * Most pages, entries, and pages in a row that bring nothing new: a list that goes on for ever is an error,
 * not a loop.
 */
export interface PageLimits {
  readonly pages: number
  readonly entries: number
  readonly idlePages: number
}

export const DEFAULT_PAGE_LIMITS: PageLimits = { pages: 10_000, entries: 500_000, idlePages: 20 }

/** Every limit of pages that is known is a multiple of it. */
const ROUND = 10
const NO_SUCH_PAGE: ReadonlySet<number> = new Set([400, 404, 405])

/** A list that a registry gives in pages. */
export interface Listing<P extends Page> {
  /** Asks for a page; the query has no `?`. */
  readonly fetch: (query: string) => Promise<Exchange>
  readonly parse: (body: Buffer) => P
  /** Keeps a page; returns how many of its entries were new. */
  readonly take: (page: P) => number
  /** Page sizes to ask for until one is accepted; null asks for none. */
  readonly sizes: readonly (number | null)[]
  readonly limits?: PageLimits
}

/**
 * Reads every page, or fails: half a list must not look whole. The end is where no `Link` leads on, never a
 * short page. A registry that never sends a `Link` is asked once more from its last entry where the page is
 * as full as was asked for, or has a round number of entries, as pages with a limit of the registry's own
 * have: some page without saying so, and some proxies lose the header; 2.8 gives everything at once,
 * unsorted, whatever is asked.
 */
export async function readPages<P extends Page>(listing: Listing<P>): Promise<void> {
  const limits = listing.limits ?? DEFAULT_PAGE_LIMITS
  const seen = new Set<string>()
  let { exchange, size } = await firstPage(listing)
  let entries = 0
  let idle = 0
  let linked = false
  let isGuess = false
  for (;;) {
    if (isGuess && NO_SUCH_PAGE.has(exchange.response.status)) return
    if (exchange.response.status !== 200) throw registryFailure(exchange)
    const { page, link } = readAnswer(exchange, ({ body, headers }) => ({
      page: listing.parse(body),
      link: nextPageQuery(headers.get('link') ?? []),
    }))
    const added = listing.take(page)
    entries += page.length
    idle = added === 0 ? idle + 1 : 0
    linked ||= link !== null
    const next = link ?? (linked || added === 0 ? null : afterFullPage(page, size))
    if (next === null) return
    isGuess = link === null && page.length !== size
    if (seen.has(next)) throw endless(exchange, 'its pages lead in a circle')
    seen.add(next)
    if (seen.size >= limits.pages || entries > limits.entries || idle >= limits.idlePages) {
      throw endless(exchange, `${entries} entries on ${seen.size} pages and no end`)
    }
    exchange = await listing.fetch(next)
  }
}

/** ECR answers 405 above 1,000, older distribution 400 above its own limit, and some to any `n` at all. */
async function firstPage<P extends Page>({ fetch, sizes }: Listing<P>) {
  let exchange: Exchange
  let size: number | null = null
  let position = 0
  do {
    size = sizes[position] ?? null
    exchange = await fetch(size === null ? '' : `n=${size}`)
    position += 1
  } while ([400, 405].includes(exchange.response.status) && position < sizes.length)
  return { exchange, size }
}

function afterFullPage({ length, last }: Page, size: number | null): string | null {
  if (last === null || (length !== size && length % ROUND !== 0)) return null
  return `${size === null ? '' : `n=${size}&`}last=${encodeURIComponent(last)}`
}

function endless({ request }: Exchange, how: string): WardenError {
  return new WardenError('protocol', `${request.purpose}: the list does not end: ${how}`, {
    advice: 'The registry, or a proxy in front of it, pages wrongly',
  })
}
