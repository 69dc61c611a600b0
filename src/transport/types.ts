/** One exchange with a server, before redirects and retries. */
export interface HttpRequest {
  readonly method: 'GET' | 'HEAD' | 'DELETE' | 'POST' | 'PUT' | 'PATCH'
  readonly url: URL
  /** Header names in lower case; never `authorization` (see below). */
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as is; only with POST, PUT and PATCH. */
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
   * ≥ 400. `stream` hands a body of 200 or 206 out as it arrives: no cap and no deadline for the whole, only
   * for silence; `maxBytes` is for other answers. Default `read`.
   */
  readonly responseBody?: 'read' | 'discard' | 'stream'
  /**
   * Redirects are followed for GET and HEAD unless this is `false`; a token POST must never be replayed
   * elsewhere.
   */
  readonly redirects?: boolean
  /** Default by method: `always` for GET and HEAD, `when-refused` for POST, `never` for the others. */
  readonly repeat?: Repeat
  /**
   * Milliseconds; where the server asks for a longer wait before the next try, its answer is returned.
   * Default: waits that take longer than all tries together are an error of kind `rate-limit`.
   */
  readonly longestWait?: number
  /** `github`: 403 is a limit too, where GitHub says so. Default: what any server means by 429 and 503. */
  readonly limits?: LimitRules
  /**
   * Host name of the server that named the host of `url`, a token server or a base image. It must not lead
   * deeper into the network than where it is itself, by the addresses of both. Default: the user named it.
   */
  readonly namedBy?: string
  /** What this request is, for the message of an error: "manifest of ghcr.io/acme/api:v1". */
  readonly purpose: string
}

/**
 * Whether the same request may be sent again: `always`, it does no harm twice; `when-refused`, only after the
 * server said that it did not carry it out, a rate limit; `never`, it rests on something that has to be
 * looked at again before: a DELETE, and a PUT to a tag.
 */
export type Repeat = 'always' | 'when-refused' | 'never'

/** Whose way to announce a rate limit. */
export type LimitRules = 'any' | 'github'

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
 * `rate-limit`) is not an answer.
 */
export type Send = (request: HttpRequest) => Promise<HttpResponse>
