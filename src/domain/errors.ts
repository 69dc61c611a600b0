/**
 * Every error that a user may see. One class, one line: what was given or asked, what went wrong, what to do.
 * `kind` decides what callers do with it; the message is for people and never contains a secret.
 */
export type ErrorKind =
  /** an input of the action, or a combination of inputs, is wrong */
  | 'input'
  /** the host was not found, refused, hung up, or a body was cut short */
  | 'network'
  /** the certificate is not trusted, or does not fit the host */
  | 'tls'
  /** no valid credentials: HTTP 401, or the token endpoint refused */
  | 'unauthorized'
  /** credentials are valid but do not grant this: HTTP 403 */
  | 'denied'
  /** the tag or manifest does not exist; `not-found-repository`: the whole repository does not */
  | 'not-found'
  | 'not-found-repository'
  /** HTTP 429, or a wait longer than the time that is left */
  | 'rate-limit'
  /** the registry does not offer this operation: HTTP 405, or 400 UNSUPPORTED */
  | 'unsupported'
  /** the registry answered something that is not the protocol (HTML, wrong JSON, over a size cap) */
  | 'protocol'
  /** bytes do not match the digest or size that names them */
  | 'integrity'
  /** a deadline of one request or of the whole run passed */
  | 'deadline'
  /** a 5xx that outlived its retries, or anything else the registry calls its own fault */
  | 'server'

/** Facts about the HTTP exchange that failed; the URL has neither query nor userinfo. */
export interface FailedExchange {
  readonly method: string
  readonly url: string
  readonly status: number | null
  /** `errors[].code` of the distribution-spec error body, upper-cased, sanitised */
  readonly codes: readonly string[]
}

export class WardenError extends Error {
  override readonly name = 'WardenError'
  readonly kind: ErrorKind
  /** What the user can do about it; shown behind the message. */
  readonly advice: string | null
  readonly exchange: FailedExchange | null

  constructor(
    kind: ErrorKind,
    message: string,
    details: { advice?: string | null; exchange?: FailedExchange | null; cause?: unknown } = {},
  ) {
    super(
      kind === 'input' ? withoutSecrets(message) : message,
      details.cause === undefined ? undefined : { cause: details.cause },
    )
    this.kind = kind
    this.advice = kind === 'input' ? withoutSecrets(details.advice ?? '') || null : (details.advice ?? null)
    this.exchange = details.exchange ?? null
  }

  /** Message and advice as the one line that ends the step. */
  get line(): string {
    return this.advice === null ? this.message : `${this.message}. ${this.advice}`
  }
}

/** A wrong input: names the input, what was given, and what is accepted. */
export function inputError(input: string, given: string, accepted: string): WardenError {
  const shown = JSON.stringify(shorten(withoutSecrets(given), 120))
  return new WardenError('input', `input ${input}: ${shown} is not accepted`, {
    advice: accepted,
  })
}

/** What was given, without what an address that was pasted may hold: a login, or `?private_token=…`. */
function withoutSecrets(text: string): string {
  return text
    .replaceAll(/([?#&][\w.~%+-]{1,64}=)[^\s&#"]+/g, '$1…')
    .replaceAll(/(:\/\/)[^/\s@"]{1,1000}@/g, '$1…@')
}

/** The first `length` characters, with an ellipsis where something was cut. */
export function shorten(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`
}
