import type { HttpRequest, HttpResponse, Send } from '../transport/types.ts'

/** What octokit passes to the function that it is given as `fetch`. */
interface FetchOptions {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** What octokit uses of a `Response`. Node's own would load a second HTTP client. */
interface FetchResponse {
  readonly status: number
  readonly url: string
  readonly headers: ReadonlyMap<string, string>
  readonly text: () => Promise<string>
  readonly arrayBuffer: () => Promise<Uint8Array>
}

export type OctokitFetch = (url: string, options: FetchOptions) => Promise<FetchResponse>

/** Longer than a comment may be, and any page of a list. */
const MAX_BYTES = 16 * 1024 * 1024
/** A comment is not worth an hour of a runner. */
const LONGEST_WAIT = 60_000

/**
 * A `fetch` for octokit that sends through the transport: one rule for proxies, limits, retries and
 * deadlines.
 * @param note is given each answer, whose headers say whether it was a limit
 */
export function createOctokitFetch(
  send: Send,
  purpose: string,
  repeat: HttpRequest['repeat'],
  note: (response: HttpResponse) => void,
): OctokitFetch {
  return async (url, { method, headers, body }) => {
    const { authorization = null, ...others } = headers
    const response = await send({
      method: methodOf(method),
      url: new URL(url),
      headers: others,
      authorization,
      ...(body === undefined ? {} : { body }),
      ...(repeat === undefined ? {} : { repeat }),
      maxBytes: MAX_BYTES,
      limits: 'github',
      longestWait: LONGEST_WAIT,
      purpose,
    })
    note(response)
    return {
      status: response.status,
      url,
      headers: new Map(Array.from(response.headers, ([name, values]) => [name, values.join(', ')])),
      text: () => Promise.resolve(response.body.toString('utf8')),
      arrayBuffer: () => Promise.resolve(response.body),
    }
  }
}

const methods: readonly HttpRequest['method'][] = ['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE']

function methodOf(text: string): HttpRequest['method'] {
  const method = methods.find((known) => known === text)
  if (method === undefined) throw new Error(`octokit sends no ${text} here`)
  return method
}
