/** What one page of a list told. */
export interface PageFacts {
  /** entries as the registry counted them, unusable ones included */
  readonly length: number
  /** how many of them were on no page before */
  readonly added: number
  /** query of the next page; null: the answer itself says that it is the last; undefined: it says nothing */
  readonly next: string | null | undefined
  /** it holds what the list has behind the name that was asked for, so that a name is a place in this list */
  readonly goesOn?: boolean
}

/**
 * An answer to a request for a page. `refused`: the registry does not take this query (400, 404, 405, 413 …),
 * which may only happen to queries that are our own idea.
 */
export type PageAnswer = PageFacts | 'refused'

/** A query, with the page size that it asks for; null asks for none. */
export interface PageQuery {
  readonly query: string
  readonly size: number | null
}

/**
 * Why a page was asked for: as the first, because the page before named it, to prove that nothing follows, the same
 * from the smallest name where the order may be another one, or to see whether another page size brings more.
 */
export type Asked = 'first' | 'next' | 'closing' | 'smallest' | 'wider'

/** What has to be remembered from page to page. */
export interface Trail {
  readonly asked: Asked
  /** the page size that was asked for */
  readonly size: number | null
  /** the page size that last brought something new */
  readonly useful: number | null
  /** entries on the fullest page that named a next one */
  readonly fullest: number
  /** entries on the last page that brought something new */
  readonly end: number
  /** entries that a page of this list held at another time: one with fewer has room for more */
  readonly room: number
  /** a page left out what it should have held */
  readonly isLimited: boolean
}

/** Queries that could be asked next and were not asked yet. */
export interface Ways {
  /** for what follows the last entry; null: this kind of list has no such query, or it was asked already */
  readonly closing: PageQuery | null
  /** for what follows the smallest name; null: this kind of list has no such query, or it was asked already */
  readonly smallest: PageQuery | null
  /** whether the entries are in the order that `closing` goes by */
  readonly isOrdered: boolean
  /** whether `closing` is asked in any case, or only behind a page that looks cut off */
  readonly closes: 'always' | 'when-full'
  /** the same list without a page size, or with a larger one */
  readonly wider: readonly PageQuery[]
}

/**
 * What to do after a page. `proven`: the list is complete. `cut`: it may be cut off where a page ends, and no
 * query shows more.
 */
export type Paging =
  | { readonly kind: 'proven' }
  | { readonly kind: 'cut' }
  | { readonly kind: 'ask'; readonly query: PageQuery; readonly trail: Trail }

/** The state before the first page. */
export function startOfTrail(size: number | null, room = 0): Trail {
  return { asked: 'first', size, useful: size, fullest: 0, end: 0, room, isLimited: false }
}

/**
 * Decides whether a list is complete, and else what to ask. A missing `Link` proves nothing: proxies lose it,
 * and some registries page without one. So whatever brought something new is followed by a request for what
 * comes after its last entry. An empty answer proves the end, where the entries are in the order of their names
 * and too many or too few for a page that was cut off; so does a repeated page, unless it is as full as a page can
 * be: distribution 2.8 ignores `n` and `last` and always sends everything.
 */
export function decidePaging(trail: Trail, answer: PageAnswer, ways: Ways): Paging {
  if (answer === 'refused') return judgeEnd(trail, null, ways)
  const { length, added, next } = answer
  const isNew = added > 0
  // whether or not it says what follows
  if (!isNew && answer.goesOn === true) return PROVEN
  if (typeof next === 'string') {
    // pages by links of its own and does not know our query: its last page without a link was the end
    if (!isNew && (trail.asked === 'closing' || trail.asked === 'smallest'))
      return judgeEnd(trail, answer, ways)
    const fullest = Math.max(trail.fullest, length)
    const { end, useful } = isNew ? { end: length, useful: trail.size } : trail
    const asked = trail.asked === 'wider' && !isNew ? 'wider' : 'next'
    return ask({ query: next, size: trail.size }, { ...trail, asked, fullest, end, useful })
  }
  if (isNew) {
    const isLimited = trail.isLimited || trail.asked === 'smallest'
    return closeAfter({ ...trail, isLimited, end: length, useful: trail.size }, answer, ways)
  }
  // by name little follows the entry that happens to be the last one; who ignores the name repeats all
  const isNoEnd = !ways.isOrdered && length < trail.end
  // a page may be in order by chance (nightly builds in the order of their pushes)
  const isByChance = length === 0 && trail.fullest === 0 && isFull(trail.end, trail)
  if (trail.asked === 'closing' && ways.smallest !== null && (isNoEnd || isByChance))
    return ask(ways.smallest, { ...trail, asked: 'smallest' })
  if (trail.asked === 'smallest') return judgeEnd(trail, null, ways)
  if (length > 0 || trail.asked === 'wider') return judgeEnd(trail, answer, ways)
  return ways.isOrdered ? PROVEN : judgeEnd(trail, null, ways)
}

const PROVEN: Paging = { kind: 'proven' }

function ask(query: PageQuery, trail: Omit<Trail, 'size'>): Paging {
  return { kind: 'ask', query, trail: { ...trail, size: query.size } }
}

/** After a page that brought something new and named no next one. */
function closeAfter(trail: Trail, { next }: PageFacts, ways: Ways): Paging {
  if (next === null) return PROVEN
  if (ways.closes === 'when-full' && !isFull(trail.end, trail)) return PROVEN
  if (ways.closing === null) return judgeEnd(trail, null, ways)
  return ask(ways.closing, { ...trail, asked: 'closing' })
}

/** Nothing new came: complete, unless the page that the list ended with may have been cut off. */
function judgeEnd(trail: Trail, repeated: PageFacts | null, ways: Ways): Paging {
  if (trail.asked !== 'wider' && !trail.isLimited && !looksCut(trail, repeated)) return PROVEN
  const [wider] = ways.wider
  return wider === undefined ? { kind: 'cut' } : ask(wider, { ...trail, asked: 'wider' })
}

function looksCut(trail: Trail, repeated: PageFacts | null): boolean {
  if (repeated === null) return isFull(trail.end, trail)
  const { length, next } = repeated
  // a page that says what follows is not the end, however full it is
  if (typeof next === 'string') return isFull(trail.end, trail)
  // shorter than the page before: the registry did look at where to go on
  return isFull(length, trail) || (length >= trail.end && isFull(trail.end, trail))
}

/** Limits of their own that registries and proxies have without saying so. */
const USUAL_LIMITS: ReadonlySet<number> = new Set([50, 100, 200, 250, 500])

function isFull(length: number, { size, fullest, room }: Trail): boolean {
  if (length === 0 || length < room) return false
  return length === size || length === fullest || USUAL_LIMITS.has(length) || length % 1000 === 0
}
