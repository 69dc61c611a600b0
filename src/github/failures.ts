import { WardenError } from '../domain/errors.ts'
import type { ErrorKind } from '../domain/errors.ts'
import { sanitiseLine } from '../domain/text.ts'

/** A request that did not go well, whatever the library threw. */
export interface Failure {
  /** null when there was no answer */
  readonly status: number | null
  /** what GitHub, or the network, says; one line, without the link to the documentation */
  readonly message: string
  readonly cause: unknown
}

/**
 * Reads octokit's `RequestError` by its form: it gives failures of the network the status 500, but no
 * response.
 */
export function failureOf(error: unknown): Failure {
  const response = property(error, 'response')
  const status = property(response, 'status')
  const message = saidBy(property(response, 'data')) ?? messageOf(error)
  return {
    status: typeof status === 'number' ? status : null,
    message: sanitiseLine(message, 200) || 'no reason given',
    cause: error instanceof Error && error.cause instanceof WardenError ? error.cause : error,
  }
}

/** The error that callers see: what was asked, what GitHub said, what to do. */
export function githubError(what: string, failure: Failure, isLimit: boolean): WardenError {
  const { status, message, cause } = failure
  // there was no answer, and the transport has said why
  if (cause instanceof WardenError) return cause
  const said = status === null ? message : `${message} (HTTP ${status})`
  const kind = isLimit ? 'rate-limit' : kindOf(status)
  return new WardenError(kind, `GitHub: ${what}: ${said}`, { advice: adviceFor(kind), cause })
}

function kindOf(status: number | null): ErrorKind {
  if (status === null) return 'network'
  if (status === 401) return 'unauthorized'
  if (status === 403) return 'denied'
  if (status === 404 || status === 410) return 'not-found'
  return status >= 500 ? 'server' : 'protocol'
}

function adviceFor(kind: ErrorKind): string | null {
  switch (kind) {
    case 'unauthorized':
      return 'Give github-token a token that is valid'
    case 'rate-limit':
      return 'Run it again later, or give github-token a token with a higher limit'
    default:
      return null
  }
}

/** GitHub's own words, `Validation Failed: body is too long`; null when the answer is not its JSON. */
function saidBy(data: unknown): string | null {
  const message = property(data, 'message')
  if (typeof message !== 'string') return null
  const errors = property(data, 'errors')
  const details = Array.isArray(errors) ? errors.slice(0, 3).map((each) => property(each, 'message')) : []
  return [message, ...details.filter((detail) => typeof detail === 'string')].join(': ')
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (Reflect.get(value, name) as unknown) : undefined
}
