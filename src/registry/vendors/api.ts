import type { AuthorizedSend } from '../../credentials/authenticator.ts'
import { WardenError } from '../../domain/errors.ts'
import type { Repository } from '../../domain/names/reference.ts'
import type { HttpRequest, Send } from '../../transport/types.ts'
import { nextPageQuery } from '../../wire/link.ts'
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

/** One page of a list. `next` is the query of the following one; left out, the `Link` header decides. */
export interface VendorPage {
  readonly length: number
  readonly next?: string | null
}

const MAX_PAGES = 10_000
const MAX_ENTRIES = 1_000_000

/**
 * Reads every page of a list, or fails. Only the query of a link is used, never its host.
 * @param read takes what it wants from the body of a page
 */
export async function readVendorPages(
  ask: AskVendor,
  first: VendorQuestion,
  read: (body: Buffer) => VendorPage,
  advice: string | null = null,
): Promise<void> {
  const seen = new Set<string>()
  let entries = 0
  for (let query: string | null = first.query ?? ''; query !== null;) {
    seen.add(query)
    const exchange = await ask({ ...first, query })
    if (exchange.response.status !== 200) throw vendorFailure(exchange, advice)
    const { length, next } = page(exchange, read)
    entries += length
    if (next !== null && (seen.has(next) || seen.size >= MAX_PAGES || entries > MAX_ENTRIES)) {
      throw new WardenError(
        'protocol',
        `${first.purpose}: the list does not end after ${seen.size} pages with ${entries} entries`,
      )
    }
    query = next
  }
}

function page(exchange: VendorExchange, read: (body: Buffer) => VendorPage): Required<VendorPage> {
  const { purpose, response } = exchange
  try {
    const { length, next = nextPageQuery(response.headers.get('link') ?? []) } = read(response.body)
    return { length, next }
  } catch (cause) {
    if (!(cause instanceof WardenError)) throw cause
    throw new WardenError(cause.kind, `${purpose}: ${cause.message}`, { cause })
  }
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
