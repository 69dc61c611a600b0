import { WardenError } from '../domain/errors.ts'
import type { Descriptor, ResolvedManifest } from '../domain/manifest/manifest.ts'
import { baseMediaType } from '../domain/manifest/media-type.ts'
import { referrersTag } from '../domain/manifest/referrers-tag.ts'
import type { Digest } from '../domain/names/digest.ts'
import { formatRepository } from '../domain/names/reference.ts'
import type { Repository } from '../domain/names/reference.ts'
import type { Tag } from '../domain/names/tag.ts'
import { headerValue } from '../transport/headers.ts'
import type { HttpResponse } from '../transport/types.ts'
import { parseRegistryErrors } from '../wire/error-body.ts'
import { nextPageQuery } from '../wire/link.ts'
import { MAX_MANIFEST_BYTES, parseManifest } from '../wire/manifest.ts'
import type { Ask } from './endpoint.ts'
import { readAnswer, registryFailure } from './failures.ts'
import type { Exchange } from './failures.ts'
import { isGone } from './manifests.ts'
import { cutList, readPages } from './pages.ts'
import type { PageLimits, ReadPage } from './pages.ts'

const OCI_INDEX = 'application/vnd.oci.image.index.v1+json'

/** What refers to a manifest, and where that is written down. */
export interface Referrers {
  readonly descriptors: readonly Descriptor[]
  /** `api`; `tag`: the fallback index `sha256-<hex>`, a tag like any other to those who delete */
  readonly source: 'api' | 'tag'
}

export interface ReferrersParts {
  readonly ask: Ask
  readonly repository: Repository
  readonly read: (tag: Tag) => Promise<ResolvedManifest>
}

/**
 * So many answers that are no answer, and none that is one, count as no API: some registries know no better.
 */
const ENOUGH_ODD = 3

/**
 * Asks for referrers, and remembers whether the registry has the API. Once it had it, an answer that
 * denies it is a list that cannot be read: a proxy, a replica or a login page must not make referrers look
 * gone.
 */
export function createReferrers({ ask, repository, read }: ReferrersParts) {
  let api: 'unknown' | 'yes' | 'no' = 'unknown'
  let odd = 0

  /**
   * Null where there is no API, or none is known yet and this answer does not tell. With `again`, a registry
   * that said that it has none is asked once more.
   */
  async function byApi(digest: Digest, again?: 'again'): Promise<readonly Descriptor[] | null> {
    if (api === 'no' && again === undefined) return null
    const purpose = `referrers of ${formatRepository(repository)}@${digest}`
    const fetch = (query: string) =>
      ask({
        resource: `referrers/${digest}`,
        query,
        headers: { accept: OCI_INDEX },
        maxBytes: MAX_MANIFEST_BYTES,
        subject: 'referrers',
        purpose,
      })
    const first = await fetch('')
    const support = supportOf(first)
    if (support === 'yes') {
      api = 'yes'
      return readAll(purpose, first, fetch)
    }
    if (api === 'yes') throw unreadable(first)
    if (support === 'odd') odd += 1
    if (support === 'no' || odd >= ENOUGH_ODD) api = 'no'
    return null
  }

  async function byTag(digest: Digest): Promise<readonly Descriptor[]> {
    try {
      const { manifest } = await read(referrersTag(digest))
      return manifest.kind === 'index' ? manifest.manifests : []
    } catch (error) {
      if (isGone(error)) return []
      throw error
    }
  }

  return {
    byApi,
    find: async (digest: Digest): Promise<Referrers> => {
      const descriptors = await byApi(digest)
      return descriptors === null
        ? { descriptors: await byTag(digest), source: 'tag' }
        : { descriptors, source: 'api' }
    },
  }
}

/**
 * A missing repository or manifest says nothing about the API. A web page with status 200 must not pass for
 * an empty list. Without the route, registries answer 404, but some 400 or 406, or a page of theirs: so does
 * a proxy in front of one that has it, for a moment.
 */
function supportOf(exchange: Exchange): 'yes' | 'no' | 'odd' | 'unknown' {
  const { response } = exchange
  const contentType = headerValue(response, 'content-type')
  if (response.status === 200) return baseMediaType(contentType ?? '') === OCI_INDEX ? 'yes' : 'odd'
  if (![400, 404, 405, 406, 501].includes(response.status)) throw registryFailure(exchange)
  const { codes, isHtml } = parseRegistryErrors(response.body, contentType)
  if (codes.some((code) => SAYS_NOTHING.has(code))) return 'unknown'
  return isHtml || response.status === 400 || response.status === 406 ? 'odd' : 'no'
}

const SAYS_NOTHING: ReadonlySet<string> = new Set(['NAME_UNKNOWN', 'MANIFEST_UNKNOWN'])

function unreadable(exchange: Exchange): WardenError {
  const { request, response, registry } = exchange
  const { codes } = parseRegistryErrors(response.body, headerValue(response, 'content-type'))
  return new WardenError(
    'protocol',
    `${request.purpose}: ${registry.host} listed referrers a moment ago, and does not now (${[response.status, ...codes].join(' ')})`,
    { advice: 'Run again later; a proxy or replica in front of the registry may answer differently' },
  )
}

/** Every manifest of a repository has such a list, so that one without end would be followed many times. */
const LIMITS: PageLimits = { pages: 200, entries: 100_000, idlePages: 5 }

/**
 * The specification pages referrers only by `Link`. Where a page without one is as full as a page can be,
 * some take the digest of the last entry as `last`.
 */
async function readAll(
  purpose: string,
  first: Exchange,
  fetch: (query: string) => Promise<Exchange>,
): Promise<Descriptor[]> {
  const found = new Map<Digest, Descriptor>()
  let pending: Exchange | null = first
  const completeness = await readPages({
    purpose,
    fetch: async (query) => {
      const exchange = pending ?? (await fetch(query))
      pending = null
      return exchange
    },
    take: (exchange) => readAnswer(exchange, ({ body, headers }) => takePage(body, headers, found)),
    failure: registryFailure,
    first: [{ query: '', size: null }],
    closing: (last) => (last === null ? null : { query: `last=${encodeURIComponent(last)}`, size: null }),
    closes: 'when-full',
    wider: () => [{ query: 'n=10000', size: 10_000 }],
    limits: LIMITS,
  })
  if (completeness.kind === 'cut') throw cutList(purpose, completeness.entries, 'signature or attestation')
  return [...found.values()]
}

function takePage(body: Buffer, headers: HttpResponse['headers'], found: Map<Digest, Descriptor>): ReadPage {
  const { manifest } = parseManifest(body, OCI_INDEX, null)
  const entries = manifest.kind === 'index' ? manifest.manifests : []
  const before = found.size
  for (const entry of entries) found.set(entry.digest, entry)
  return {
    length: entries.length,
    added: found.size - before,
    last: entries.at(-1)?.digest ?? null,
    next: nextPageQuery(headers.get('link') ?? []) ?? undefined,
  }
}
