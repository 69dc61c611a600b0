import type { AuthorizedSend } from '../credentials/authenticator.ts'
import { MANIFEST_TYPES } from '../domain/manifest/media-type.ts'
import type { Registry } from '../domain/names/reference.ts'
import type { HttpRequest, Repeat } from '../transport/types.ts'
import { registryFailure } from './failures.ts'
import type { Exchange, Subject } from './failures.ts'
import type { Observe } from './notices.ts'

/** One question to an endpoint below `/v2/<path>/`. */
export interface Question {
  readonly method?: 'GET' | 'HEAD' | 'DELETE' | 'POST' | 'PUT'
  /** `manifests/v1`; made of validated names only */
  readonly resource: string
  /** without `?` */
  readonly query?: string
  readonly headers?: Readonly<Record<string, string>>
  /** sent with PUT and POST */
  readonly body?: string
  readonly repeat?: Repeat
  readonly maxBytes: number
  readonly responseBody?: 'discard' | 'stream'
  readonly subject: Subject
  readonly purpose: string
}

/** Asks and returns the answer, whatever its status. */
export type Ask = (question: Question) => Promise<Exchange>

/**
 * One joined header with every type, on each request for a manifest: a missing type changes the answer, up to
 * a 404 for what is there. So whatever else there may be is taken too, last: old registries, asked for
 * anything before the types they have, convert to schema 1.
 */
export const ACCEPT_MANIFESTS = { accept: [...MANIFEST_TYPES, '*/*;q=0.1'].join(', ') }

/** Asks one repository, or with path null the registry itself. */
export function createAsk(
  send: AuthorizedSend,
  observe: Observe,
  target: { readonly registry: Registry; readonly path: string | null },
  namedBy?: string,
): Ask {
  const { registry, path } = target
  const base = path === null ? '/v2/' : `/v2/${path}/`
  return async ({ resource, query = '', subject, method = 'GET', ...rest }) => {
    const url = new URL(base + resource, registry.origin)
    url.search = query
    const request: HttpRequest = { ...rest, ...(namedBy === undefined ? {} : { namedBy }), method, url }
    const response = await send({ ...request, repository: target })
    observe(registry, response)
    return { request, response, registry, subject }
  }
}

/** As `ask`; any other status than 200 is an error. */
export async function askFor(ask: Ask, question: Question): Promise<Exchange> {
  const exchange = await ask(question)
  if (exchange.response.status !== 200) throw registryFailure(exchange)
  return exchange
}
