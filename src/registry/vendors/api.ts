import type { AuthorizedSend } from '../../credentials/authenticator.ts'
import { WardenError } from '../../domain/errors.ts'
import type { Repository } from '../../domain/names/reference.ts'
import type { HttpRequest, Send } from '../../transport/types.ts'
import { nextPageQuery } from '../../wire/link.ts'
import type { Entries } from '../../wire/vendors/entries.ts'
import { cutList, readPages } from '../pages.ts'
import type { PageLimits, ReadPage } from '../pages.ts'
import { vendorFailure } from './failures.ts'
import type { VendorExchange } from './failures.ts'

/** One question to a vendor's API. */
export interface VendorQuestion {
  readonly method?: 'GET' | 'DELETE' | 'POST'
  /** below the base, made of validated or encoded names only */
  readonly path: string
  /** without `?` */
  readonly query?: string
  /** sent as JSON */
  readonly body?: Readonly<Record<string, string>>
  /** what is asked, for errors: "tags of docker.io/acme/api at hub.docker.com" */
  readonly purpose: string
}

/** Asks and returns the answer, whatever its status. */
export type AskVendor = (question: VendorQuestion) => Promise<VendorExchange>

const MAX_BYTES = 16 * 1024 * 1024

export interface VendorApiParts {
  readonly send: Send
  /** no slash at its end */
  readonly base: URL
  readonly headers?: Readonly<Record<string, string>>
  /** how it announces limits, and the longest wait for one; default: as any server */
  readonly limits?: Pick<HttpRequest, 'limits' | 'longestWait'>
  /** value of the Authorization header, asked for each request; null: anonymous */
  readonly authorization: () => Promise<string | null>
}

/**
 * An API at its own address. Redirects are not followed: credentials would not go along, and what another
 * host lists must not decide what is deleted here.
 */
export function createVendorApi({
  send,
  base,
  headers = {},
  limits,
  authorization,
}: VendorApiParts): AskVendor {
  return async (question) => {
    const request = requestFor(question, base, headers)
    const response = await send({ ...request, ...limits, authorization: await authorization() })
    return { method: request.method, url: request.url, purpose: question.purpose, response }
  }
}

/** An API beside `/v2/` on the registry itself, behind the same tokens. `actions` is what a GET needs. */
export function createRegistryApi(
  send: AuthorizedSend,
  repository: Repository,
  base: string,
  actions: readonly string[],
): AskVendor {
  return async (question) => {
    const request = requestFor(question, new URL(base, repository.registry.origin), {})
    const reads = request.method === 'GET' ? { actions } : {}
    const response = await send({ ...request, ...reads, repository })
    return { method: request.method, url: request.url, purpose: question.purpose, response }
  }
}

function requestFor(
  { method = 'GET', path, query = '', body, purpose }: VendorQuestion,
  base: URL,
  headers: Readonly<Record<string, string>>,
): Omit<HttpRequest, 'authorization'> {
  const url = new URL(`${base.href.replace(/\/$/, '')}/${path}`)
  url.search = query
  const content = body === undefined ? {} : { body: JSON.stringify(body) }
  const type = body === undefined ? {} : { 'content-type': 'application/json' }
  return {
    method,
    url,
    headers: { accept: 'application/json', ...headers, ...type },
    ...content,
    maxBytes: MAX_BYTES,
    redirects: false,
    purpose,
  }
}

/** One page of a vendor's list. */
export interface VendorPage<T> extends Entries<T> {
  /**
   * query of the next page, where the body names one; null: the body says that this is the last; left out: it
   * says nothing, and the `Link` header decides
   */
  readonly next?: string | null
}

/** A list that a vendor's API gives in pages. */
export interface VendorList<T> {
  /** asks for the first page */
  readonly question: VendorQuestion
  /** entries on a full page, as the query asks for them */
  readonly size: number
  readonly read: (body: Buffer) => VendorPage<T>
  /** what makes two entries the same */
  readonly key: (entry: T) => string
  /** Takes the new entries of a page, and how many could not be read; `stop` when the rest is not needed. */
  readonly take: (entries: readonly T[], dropped: number) => 'stop' | void
  /** The query for a page that the answer did not name; its number is 2 for the second. */
  readonly following: (page: number, last: string) => string
  /** what to do when it is refused */
  readonly advice: string | null
}

const LIMITS: PageLimits = { pages: 10_000, entries: 1_000_000, idlePages: 20 }

/**
 * Reads every page of a list, or fails: also where it may be cut off. Only the query of a link is used, never
 * its host.
 */
export async function readVendorList<T>(ask: AskVendor, list: VendorList<T>): Promise<void> {
  const { question, size, following } = list
  const { purpose } = question
  const seen = new Set<string>()
  let pages = 0
  const completeness = await readPages<VendorExchange>({
    purpose,
    fetch: (query) => ask({ ...question, query }),
    take: (exchange) => {
      pages += 1
      return takePage(exchange, list, seen)
    },
    failure: (exchange) => vendorFailure(exchange, list.advice),
    first: [{ query: question.query ?? '', size }],
    closing: (last) => (last === null ? null : { query: following(pages + 1, last), size }),
    closes: 'always',
    wider: () => [],
    limits: LIMITS,
  })
  if (completeness.kind === 'cut') throw cutList(purpose, completeness.entries, 'entry')
}

function takePage<T>(
  { purpose, response }: VendorExchange,
  { read, key, take }: VendorList<T>,
  seen: Set<string>,
): ReadPage {
  const { entries, length, dropped, next } = readBody(purpose, () => read(response.body))
  const last = entries.at(-1)
  const fresh = entries.filter((entry) => !seen.has(key(entry)))
  for (const entry of fresh) seen.add(key(entry))
  // of entries that cannot be read nobody knows whether they are new: as the readable ones beside them
  const isRepeated = fresh.length === 0 && entries.length > 0
  const unread = isRepeated ? 0 : dropped
  const stop = take(fresh, unread) === 'stop'
  return {
    length,
    added: fresh.length + unread,
    last: last === undefined ? null : key(last),
    next: stop
      ? null
      : next === undefined
        ? (nextPageQuery(response.headers.get('link') ?? []) ?? undefined)
        : next,
  }
}

function readBody<T>(purpose: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (!(cause instanceof WardenError)) throw cause
    throw new WardenError(cause.kind, `${purpose}: ${cause.message}`, { cause })
  }
}

/** `n=1&page=2` with another page; a query without one gets it. */
export function withPage(query: string, page: number): string {
  const parameters = new URLSearchParams(query)
  parameters.set('page', String(page))
  return parameters.toString()
}

/**
 * The base of an API: the input `provider-api-url`, with the vendor's usual path where it names none, or the
 * vendor's own.
 */
export function apiBase(given: URL | null, origin: string, path: string): URL {
  if (given === null) return new URL(path, origin)
  return given.pathname === '/' ? new URL(path, given) : given
}

/** Everything but unreserved characters encoded, a slash too, for one segment of a path. */
export function segment(text: string): string {
  return encodeURIComponent(text)
}
