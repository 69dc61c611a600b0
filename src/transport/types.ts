/** One exchange with a server, before redirects and retries. */
export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'DELETE' | 'POST' | 'PUT'
  readonly url: URL
  /** Header names in lower case; never `authorization` (see below). */
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as is; only with POST and PUT. */
  readonly body?: string
  /**
   * Value of the Authorization header. Bound to the origin of `url`: dropped for good once a redirect leaves
   * it.
   */
  readonly authorization?: string | null
  /**
   * A body larger than this is an error of kind `protocol`; that of a status ≥ 300 is cut instead (64 KiB at
   * most).
   */
  readonly maxBytes: number
  /**
   * `discard` destroys the body after the headers (a size is wanted, not the content), save that of a status
   * ≥ 400. `stream` hands a body of 200 or 206 out as it arrives: no cap and no deadline for the whole, only for
   * silence; `maxBytes` is for other answers. Default `read`.
   */
  readonly responseBody?: 'read' | 'discard' | 'stream'
  /**
   * Redirects are followed for GET and HEAD unless this is `false`; a token POST must never be replayed
   * elsewhere.
   */
  readonly redirects?: boolean
  /** Sending it twice does no harm, so it may be retried. Default: `true` for GET, HEAD and DELETE alone. */
  readonly idempotent?: boolean
  /**
   * Milliseconds; where a longer wait would have to come before the next try, the answer is returned, for the
   * caller to wait. Default: none.
   */
  readonly longestWait?: number
  /** What this request is, for the message of an error: "manifest of ghcr.io/acme/api:v1". */
  readonly purpose: string
}

export interface HttpResponse {
  readonly status: number
  /** Names in lower case; every instance of a repeated header kept apart. */
  readonly headers: ReadonlyMap<string, readonly string[]>
  readonly body: Buffer
  /** only where a stream was asked for, with 200 and 206: the body then is empty */
  readonly stream?: BodyStream
  /** The URL that answered, after redirects. Its query may hold secrets: never print it. */
  readonly url: URL
}

/** A body that is still on its way. It must be read to the end or cancelled, for it holds a connection. */
export interface BodyStream {
  /** To be read once. Nothing is retried once it began; it fails with a WardenError. */
  readonly chunks: AsyncIterable<Buffer>
  readonly cancel: () => void
}

/**
 * Sends one request and reads the whole answer: follows redirects, retries what is worth it, obeys deadlines
 * and caps. Any HTTP status is an answer; a WardenError (`network`, `tls`, `protocol`, `deadline`,
 * `rate-limit`) is no answer.
 */
export type Send = (request: HttpRequest) => Promise<HttpResponse>
