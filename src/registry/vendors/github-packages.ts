import { createMasker } from '../../credentials/masking.ts'
import { WardenError } from '../../domain/errors.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Timestamp } from '../../domain/quantities/timestamp.ts'
import { ghcr } from '../../domain/vendors/ghcr.ts'
import { rateLimitOf } from '../../transport/rate-limit.ts'
import { parseVersion, parseVersions } from '../../wire/vendors/github-packages.ts'
import type { PackageVersion } from '../../wire/vendors/github-packages.ts'
import { createVendorApi, readVendorList, segment, withPage } from './api.ts'
import type { AskVendor, VendorQuestion } from './api.ts'
import type { CatalogContext, VendorContext } from './context.ts'
import { vendorFailure } from './failures.ts'
import type { VendorExchange } from './failures.ts'
import { parseNames } from '../../wire/vendors/repositories.ts'
import { ownerOf, readNames } from './repositories.ts'

/** The versions of one container package in GitHub's Packages API. All functions throw WardenErrors. */
export interface GitHubPackages {
  /** Hands over every active version, newest first, page by page, until `take` returns false. */
  readonly list: (take: Take) => Promise<void>
  /** null when it is gone */
  readonly version: (id: number) => Promise<PackageVersion | null>
  /** Deletes a version with all its tags; the answer, whatever its status. */
  readonly remove: (id: number) => Promise<VendorExchange>
  /**
   * Brings a deleted version back with all its tags; GitHub keeps it for 30 days. An id says nothing about the
   * content, so it is looked up first: false where no deleted version has this id and this digest.
   */
  readonly restore: (id: number, digest: Digest) => Promise<boolean>
}

type Take = (versions: readonly PackageVersion[], dropped: number) => boolean

export const ADMIN_HINT = ghcr.grants.api

/** The API of the package that a repository path names, `owner/name`; the name may hold slashes. */
export function createGitHubPackages(context: VendorContext): GitHubPackages {
  const { name, apiUrl, github } = context
  const ask = ofPackage(context, withinLimits(context, authorisedApi(context, apiUrl ?? github.apiUrl)))
  const purpose = (what: string) => `${what} ${name} in GitHub's packages`
  const list = async (state: 'active' | 'deleted', take: Take) => {
    const query = `per_page=100&state=${state}`
    await readVendorList(ask, {
      question: {
        path: '',
        query,
        purpose: purpose(state === 'active' ? 'versions of' : 'deleted versions of'),
      },
      size: 100,
      read: parseVersions,
      key: ({ id }) => String(id),
      take: (entries, dropped) => (take(entries, dropped) ? undefined : 'stop'),
      following: (page) => withPage(query, page),
      advice: ADMIN_HINT,
    })
  }
  let deleted = new Map<number, Digest>()
  const digestOfDeleted = async (id: number) => {
    if (!deleted.has(id)) {
      deleted = new Map()
      // who may not see what was deleted may still push it again
      await list('deleted', (versions) => {
        for (const version of versions) deleted.set(version.id, version.digest)
        return !deleted.has(id)
      }).catch((error: unknown) => {
        if (!(error instanceof WardenError)) throw error
      })
    }
    return deleted.get(id) ?? null
  }
  return {
    list: (take) => list('active', take),
    version: async (id) => {
      const exchange = await ask({ path: `/${id}`, purpose: purpose('a version of') })
      if (exchange.response.status === 404) return null
      if (exchange.response.status !== 200) throw vendorFailure(exchange, ADMIN_HINT)
      return parseVersion(exchange.response.body)
    },
    remove: (id) => ask({ method: 'DELETE', path: `/${id}`, purpose: purpose('deletion of a version of') }),
    restore: async (id, digest) => {
      if ((await digestOfDeleted(id)) !== digest) return false
      const question = { path: `/${id}/restore`, purpose: purpose('restoring a version of') }
      const exchange = await ask({ ...question, method: 'POST' })
      if (exchange.response.status !== 204) throw vendorFailure(exchange, ADMIN_HINT)
      return true
    },
  }
}

/**
 * Organisations and users have different addresses, and nothing in a name tells which one it is: the first
 * that answers.
 */
function ofPackage({ repository }: VendorContext, ask: AskVendor): AskVendor {
  const [owner = '', ...rest] = repository.path.split('/')
  return ofOwner(`${segment(owner)}/packages/container/${segment(rest.join('/'))}/versions`, ask)
}

function ofOwner(address: string, ask: AskVendor): AskVendor {
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

type Sender = Pick<VendorContext, 'send' | 'github' | 'mask' | 'name'>

function authorisedApi({ send, github, mask, name }: Sender, base: URL): AskVendor {
  const { token } = github
  if (token !== null) createMasker(mask)(token)
  return createVendorApi({
    send,
    base,
    headers: { accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' },
    limits: { limits: 'github', longestWait: LONGEST_WAIT },
    authorization: () => {
      if (token !== null) return Promise.resolve(`Bearer ${token}`)
      throw new WardenError(
        'unauthorized',
        `${name}: GHCR is listed and pruned through GitHub's API, and github-token is empty`,
        {
          advice: ADMIN_HINT,
        },
      )
    },
  })
}

/**
 * Secondary limits end after a minute or a few, the primary one after up to an hour: that is not waited for.
 */
const LONGEST_WAIT = 5 * 60_000

/** The transport waits out GitHub's limits; one that takes too long is a `rate-limit` error. */
function withinLimits({ clock }: Pick<VendorContext, 'clock'>, ask: AskVendor): AskVendor {
  return async (question: VendorQuestion) => {
    const exchange = await ask(question)
    const wait = limitWait(exchange, clock())
    // who deletes has to look again at what would go
    if (wait !== null && question.method !== 'DELETE') throw limitReached(exchange, wait)
    return exchange
  }
}

/** Milliseconds to wait, by GitHub's rules; null: not a limit. */
export function limitWait({ response }: VendorExchange, now: Timestamp): number | null {
  return rateLimitOf(response, 'github', now)?.asked ?? null
}

/** `wait` in milliseconds. */
export function limitReached({ purpose }: VendorExchange, wait: number): WardenError {
  return new WardenError(
    'rate-limit',
    `${purpose}: GitHub's rate limit asks to wait ${Math.ceil(wait / 1000)} s`,
    { advice: 'Run again later; it continues where it stopped' },
  )
}

/** Every container package of an owner that the token sees. */
export async function listGitHubRepositories(context: CatalogContext): Promise<readonly string[]> {
  const { apiUrl, github, registry } = context
  const owner = ownerOf(context)
  const api = authorisedApi({ ...context, name: registry.host }, apiUrl ?? github.apiUrl)
  const query = 'package_type=container&per_page=100'
  const names = await readNames(ofOwner(`${segment(owner)}/packages`, withinLimits(context, api)), {
    question: { path: '', query, purpose: `packages of ${owner} at GitHub` },
    size: 100,
    read: parseNames,
    following: (page) => withPage(query, page),
    advice: 'github-token needs the scope read:packages, or the job `permissions: packages: read`',
  })
  return names.map((name) => `${owner}/${name}`)
}
