import { createMasker } from '../../credentials/masking.ts'
import { WardenError } from '../../domain/errors.ts'
import { ghcr } from '../../domain/vendors/ghcr.ts'
import { headerValue } from '../../transport/headers.ts'
import { parseRetryAfter } from '../../transport/retry.ts'
import type { HttpResponse } from '../../transport/types.ts'
import { parseVersion, parseVersions } from '../../wire/vendors/github-packages.ts'
import type { PackageVersion } from '../../wire/vendors/github-packages.ts'
import { createVendorApi, readVendorPages, segment } from './api.ts'
import type { AskVendor, VendorPage, VendorQuestion } from './api.ts'
import type { VendorContext } from './context.ts'
import { textOf, vendorFailure } from './failures.ts'
import type { VendorExchange } from './failures.ts'

/** The versions of one container package in GitHub's Packages API. All functions throw WardenErrors. */
export interface GitHubPackages {
  /** Hands over every active version, newest first, page by page, until `take` returns false. */
  readonly list: (take: (versions: readonly PackageVersion[], dropped: number) => boolean) => Promise<void>
  /** null when it is gone */
  readonly version: (id: number) => Promise<PackageVersion | null>
  /** Deletes a version with all its tags; the answer, whatever its status. */
  readonly remove: (id: number) => Promise<VendorExchange>
}

export const ADMIN_HINT = ghcr.grants.api

/** The API of the package that a repository path names, `owner/name`; the name may hold slashes. */
export function createGitHubPackages(context: VendorContext): GitHubPackages {
  const { name, apiUrl, github } = context
  const ask = ofPackage(context, withinLimits(context, authorisedApi(context, apiUrl ?? github.apiUrl)))
  const purpose = (what: string) => `${what} ${name} in GitHub's packages`
  return {
    list: async (take) => {
      const question = { path: '', query: 'per_page=100&state=active', purpose: purpose('versions of') }
      const read = (body: Buffer): VendorPage => {
        const { entries, length, dropped } = parseVersions(body)
        return take(entries, dropped) ? { length } : { length, next: null }
      }
      await readVendorPages(ask, question, read, ADMIN_HINT)
    },
    version: async (id) => {
      const exchange = await ask({ path: `/${id}`, purpose: purpose('a version of') })
      if (exchange.response.status === 404) return null
      if (exchange.response.status !== 200) throw vendorFailure(exchange, ADMIN_HINT)
      return parseVersion(exchange.response.body)
    },
    remove: (id) => ask({ method: 'DELETE', path: `/${id}`, purpose: purpose('deletion of a version of') }),
  }
}

/**
 * Organisations and users have different addresses, and nothing in a name tells which one it is: the first
 * that answers.
 */
function ofPackage({ repository }: VendorContext, ask: AskVendor): AskVendor {
  const [owner = '', ...rest] = repository.path.split('/')
  const address = `${segment(owner)}/packages/container/${segment(rest.join('/'))}/versions`
  let kind: 'orgs' | 'users' | null = null
  return async (question) => {
    if (kind !== null) return ask({ ...question, path: `${kind}/${address}${question.path}` })
    const exchange = await ask({ ...question, path: `orgs/${address}${question.path}` })
    if (exchange.response.status !== 404) kind = 'orgs'
    if (kind !== null) return exchange
    const second = await ask({ ...question, path: `users/${address}${question.path}` })
    if (second.response.status !== 404) kind = 'users'
    return second
  }
}

function authorisedApi({ send, github, mask, name }: VendorContext, base: URL): AskVendor {
  const { token } = github
  if (token !== null) createMasker(mask)(token)
  return createVendorApi({
    send,
    base,
    headers: { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' },
    authorization: () => {
      if (token !== null) return Promise.resolve(`Bearer ${token}`)
      throw new WardenError(
        'unauthorized',
        `${name}: GHCR is pruned through GitHub's API, and github-token is empty`,
        {
          advice: ADMIN_HINT,
        },
      )
    },
  })
}

const MAX_WAITS = 5
/**
 * Secondary limits end after a minute or a few, the primary one after up to an hour: that is not waited for.
 */
const LONGEST_WAIT = 5 * 60_000
const MINUTE = 60_000

/**
 * Waits out GitHub's limits, which it announces by 403 as well as by 429. Where that takes too long, a
 * `rate-limit` error.
 */
function withinLimits({ clock, deadline, sleep, log }: VendorContext, ask: AskVendor): AskVendor {
  return async (question: VendorQuestion) => {
    for (let waits = 0; ; waits += 1) {
      const exchange = await ask(question)
      const wait = limitWait(exchange, clock())
      // who deletes has to look again at what would go
      if (wait === null || question.method === 'DELETE') return exchange
      const left = deadline === null ? LONGEST_WAIT : Math.min(LONGEST_WAIT, deadline - clock())
      if (wait > left || waits >= MAX_WAITS) throw limitReached(exchange, wait)
      log.info(`${question.purpose}: GitHub's rate limit, going on in ${Math.ceil(wait / 1000)} s`)
      // ends early when the run does; the next request says so
      await sleep(wait).catch(() => undefined)
    }
  }
}

/** Milliseconds to wait, by GitHub's rules ("Rate limits for the REST API"); null: not a limit. */
export function limitWait(exchange: VendorExchange, now: ReturnType<VendorContext['clock']>): number | null {
  const { response } = exchange
  if (response.status !== 403 && response.status !== 429) return null
  const after = parseRetryAfter(headerValue(response, 'retry-after'), now)
  if (after !== null) return after
  if (headerValue(response, 'x-ratelimit-remaining') === '0') return untilReset(response, now)
  return response.status === 429 || /\brate limit/i.test(textOf(exchange)) ? MINUTE : null
}

function untilReset(response: HttpResponse, now: number): number {
  const reset = headerValue(response, 'x-ratelimit-reset') ?? ''
  return /^\d{1,12}$/.test(reset) ? Math.max(0, Number(reset) * 1000 - now) + 1000 : MINUTE
}

export function limitReached({ purpose }: VendorExchange, wait: number): WardenError {
  return new WardenError(
    'rate-limit',
    `${purpose}: GitHub's rate limit asks to wait ${Math.ceil(wait / 1000)} s`,
    { advice: 'Run again later; what is left is done then' },
  )
}
