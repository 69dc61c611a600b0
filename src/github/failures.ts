import { WardenError } from '../domain/errors.ts'
import type { ErrorKind } from '../domain/errors.ts'
import { sanitiseLine } from '../domain/text.ts'

/** A request that did not go well, whatever the library threw. */
export interface Failure {
  /** null when there was no answer */
  readonly status: number | null
  /** names in lower case */
  readonly headers: Readonly<Record<string, string | undefined>>
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
    headers: headersOf(property(response, 'headers')),
    message: sanitiseLine(message, 200) || 'no reason given',
    cause: error,
  }
}

/**
 * Milliseconds to wait before asking again, as GitHub's documentation of its limits says; null: not a limit.
 */
export function limitWait({ status, headers, message }: Failure, now: number): number | null {
  if (status !== 403 && status !== 429) return null
  const after = headers['retry-after']
  if (after !== undefined && /^\d{1,6}$/.test(after)) return Number(after) * 1000
  if (headers['x-ratelimit-remaining'] === '0') {
    const reset = headers['x-ratelimit-reset'] ?? ''
    return /^\d{1,12}$/.test(reset) ? Math.max(0, Number(reset) * 1000 - now) + 1000 : MINUTE
  }
  // a secondary limit that names no time: at least a minute
  return status === 429 || /\brate limit/i.test(message) ? MINUTE : null
}

const MINUTE = 60_000

/** Whether the same request may succeed a moment later. */
export function isPassing({ status }: Failure): boolean {
  return status === null || status >= 500
}

/** The error that callers see: what was asked, what GitHub said, what to do. */
export function githubError(what: string, failure: Failure, limited: number | null): WardenError {
  const { status, message, cause } = failure
  const said = status === null ? message : `${message} (HTTP ${status})`
  const kind = limited === null ? kindOf(status) : 'rate-limit'
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

function headersOf(value: unknown): Failure['headers'] {
  if (typeof value !== 'object' || value === null) return {}
  const pairs = Object.entries(value).map(([name, text]) => [name.toLowerCase(), String(text)] as const)
  return Object.fromEntries(pairs)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (Reflect.get(value, name) as unknown) : undefined
}
