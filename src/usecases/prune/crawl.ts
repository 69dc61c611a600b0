import pMap from 'p-map'
import { WardenError } from '../../domain/errors.ts'
import type { ErrorKind } from '../../domain/errors.ts'
import type { Descriptor, Manifest, ResolvedManifest } from '../../domain/manifest/manifest.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import type { AgeObservation, ManifestEntry, StoredManifest } from '../../domain/prune/inventory.ts'
import type { PruneReader } from '../../domain/prune/ports.ts'
import { storedManifest } from '../../domain/prune/stored-manifest.ts'
import { parseTimestamp } from '../../domain/quantities/timestamp.ts'
import type { ReadDeps } from './deps.ts'

/** Where a name leads, or why nobody knows. */
export type Resolved = { readonly state: 'resolved'; readonly digest: Digest } | Unread
type Unread = Exclude<ManifestEntry, StoredManifest>

export interface ResolveOptions {
  readonly signal?: AbortSignal
  /** what a tag leads to according to somebody who may be believed */
  readonly known?: (tag: Tag) => Digest | null
}

/** Reads manifests, and whatever they need or are needed by, each digest once. */
export interface Crawl {
  /** everything that was looked up so far; dates are those that the manifests themselves tell */
  readonly manifests: ReadonlyMap<Digest, ManifestEntry>
  /** the config of an image, by the image's digest */
  readonly configs: ReadonlyMap<Digest, Descriptor>
  /** Resolves tags by reading what they name, asked each time. */
  readonly resolve: (tags: readonly Tag[], options?: ResolveOptions) => Promise<Map<Tag, Resolved>>
  /**
   * Reads these manifests and all that they lead to: children, subjects and referrers at any depth. With
   * `again`, what was missing is looked up once more, since it may have been pushed in the meantime.
   */
  readonly follow: (digests: Iterable<Digest>, again?: 'again') => Promise<void>
  /**
   * Whether a registry that said that it has no referrers API has one after all. One answer proves little: it
   * may be a proxy's. What refers to what was read is then to be followed.
   */
  readonly findsReferrersApi: () => Promise<boolean>
  /** Asks whether everything is there that was taken out of a cache; what is not is missing from then on. */
  readonly prove: () => Promise<void>
}

/**
 * Errors that every further request would meet too: the repository is given up at once. Others are recorded.
 */
export const MEETS_ALL: ReadonlySet<ErrorKind> = new Set([
  'network',
  'tls',
  'unauthorized',
  'rate-limit',
  'deadline',
])
/** Beyond this many nothing will be deleted anyway, and each failure costs its retries. */
const MAX_UNREADABLE = 20
/** Manifests whose referrers are asked for one by one, until it is known whether there is an API. */
const FIRST_ASKED = 3
/** A registry that answers each manifest with another one to follow is not followed forever. */
const MAX_MANIFESTS = 1_000_000
const CREATED = 'org.opencontainers.image.created'
const MISSING: Unread = { state: 'missing' }

/** Nothing is asked for until `resolve` or `follow`. */
export function createCrawl(reader: PruneReader, { concurrency, progress }: ReadDeps): Crawl {
  const manifests = new Map<Digest, ManifestEntry>()
  const configs = new Map<Digest, Descriptor>()
  /** children of what was read */
  const listed = new Set<Digest>()
  const askedReferrers = new Set<Digest>()
  /** asked, with an answer that says nothing */
  const withoutReferrers = new Set<Digest>()
  let hasReferrersApi = false
  let unreadable = 0

  /** A failed read as what it says about the name: not there, or unknown. */
  function unread(error: unknown): Unread {
    if (!(error instanceof WardenError) || MEETS_ALL.has(error.kind)) throw error
    // only this one proves absence: a missing repository in the middle of its own list is not an answer
    if (error.kind === 'not-found' && isRegistrysWord(error)) return MISSING
    unreadable += 1
    if (unreadable > MAX_UNREADABLE) throw error
    return { state: 'unreadable', cause: error.message }
  }

  function remember({ digest, size, manifest }: ResolvedManifest): void {
    // what was missing may have been pushed since
    if (manifests.get(digest)?.state === 'stored') return
    const stored = storedManifest({ digest, size, manifest }, { ages: datesIn(manifest) })
    manifests.set(digest, stored)
    for (const child of stored.children) listed.add(child)
    if (manifest.kind === 'image') configs.set(digest, manifest.config)
  }

  async function resolveTag(tag: Tag, known: Digest | null): Promise<Resolved> {
    try {
      const resolved = await reader.manifest(tag, known ?? undefined)
      remember(resolved)
      return { state: 'resolved', digest: resolved.digest }
    } catch (error) {
      return unread(error)
    } finally {
      progress()
    }
  }

  async function read(digest: Digest): Promise<void> {
    try {
      // an index that is there vouches for what it lists
      remember(await reader.manifest(digest, listed.has(digest) ? digest : undefined))
    } catch (error) {
      manifests.set(digest, unread(error))
    } finally {
      progress()
    }
  }

  /** A manifest whose referrers cannot be read counts as unreadable itself: one of them may need anything. */
  async function referrersOf(digest: Digest): Promise<readonly Digest[]> {
    askedReferrers.add(digest)
    try {
      const referrers = await reader.listReferrers(digest)
      // without the API they are listed in a `sha256-…` tag, which is read as every other tag is
      if (referrers === null) withoutReferrers.add(digest)
      else hasReferrersApi = true
      return referrers ?? []
    } catch (error) {
      const failure = unread(error)
      if (failure.state === 'unreadable') manifests.set(digest, failure)
      return []
    } finally {
      progress()
    }
  }

  /** One wave of reading. Returns what was read names in turn. */
  async function wave(fresh: readonly Digest[]): Promise<Set<Digest>> {
    if (manifests.size + fresh.length > MAX_MANIFESTS) {
      throw new WardenError('protocol', `the repository leads to more than ${MAX_MANIFESTS} manifests`)
    }
    await pMap(fresh, read, { concurrency })
    return namedBy(fresh.map((digest) => manifests.get(digest)))
  }

  async function follow(digests: Iterable<Digest>, again?: 'again'): Promise<void> {
    const tried = new Set<Digest>()
    const isDue = (digest: Digest): boolean => {
      const known = manifests.get(digest)?.state
      const isDue = known === undefined || (again === 'again' && known === 'missing' && !tried.has(digest))
      if (isDue) tried.add(digest)
      return isDue
    }
    let next = new Set(digests)
    // what was read by tag has not been followed yet
    for (const named of namedBy([...next].map((digest) => manifests.get(digest)))) next.add(named)
    while (next.size > 0) {
      while (next.size > 0) next = await wave([...next].filter(isDue))
      const candidates = [...manifests].flatMap(([digest, { state }]) =>
        state === 'stored' && !askedReferrers.has(digest) ? [digest] : [],
      )
      // the first ones one by one: a registry without the API is not to be asked by all at the same time
      const named: (readonly Digest[])[] = []
      for (const digest of candidates.slice(0, FIRST_ASKED)) {
        if (!hasReferrersApi) named.push(await referrersOf(digest))
      }
      named.push(...(await pMap(candidates.slice(named.length), referrersOf, { concurrency })))
      if (hasReferrersApi && withoutReferrers.size > 0) {
        // there is an API after all, so those that it told nothing about have to be asked again
        const unanswered = [...withoutReferrers]
        withoutReferrers.clear()
        named.push(...(await pMap(unanswered, referrersOf, { concurrency })))
      }
      next = new Set(named.flat())
    }
  }

  async function findsReferrersApi(): Promise<boolean> {
    const [asked] = withoutReferrers
    if (asked === undefined || hasReferrersApi) return false
    hasReferrersApi = (await reader.listReferrers(asked, 'again')) !== null
    return hasReferrersApi
  }

  async function prove(): Promise<void> {
    const stored = [...manifests].flatMap(([digest, { state }]) => (state === 'stored' ? [digest] : []))
    const look = async (digest: Digest) => {
      const isThere = await reader.exists(digest).catch((error: unknown) => {
        const failure = unread(error)
        return failure.state === 'missing' ? false : (manifests.set(digest, failure), true)
      })
      if (!isThere) manifests.set(digest, MISSING)
    }
    await pMap(stored, look, { concurrency })
  }

  return {
    findsReferrersApi,
    prove,
    manifests,
    configs,
    resolve: async (tags, { signal, known = () => null } = {}) => {
      const look = async (tag: Tag) => [tag, await resolveTag(tag, known(tag))] as const
      return new Map(await pMap(tags, look, { concurrency, ...(signal === undefined ? {} : { signal }) }))
    },
    follow,
  }
}

/**
 * A bare 404 may be a proxy's or a wrong path's, and some servers answer 404 to whom they would have to
 * refuse.
 */
function isRegistrysWord({ exchange }: WardenError): boolean {
  const codes = exchange?.codes
  if (codes === undefined) return true
  return codes.length > 0 && !codes.includes('UNAUTHORIZED') && !codes.includes('DENIED')
}

function namedBy(entries: Iterable<ManifestEntry | undefined>): Set<Digest> {
  const named = new Set<Digest>()
  for (const entry of entries) {
    if (entry?.state !== 'stored') continue
    for (const child of entry.children) named.add(child)
    if (entry.subject !== null) named.add(entry.subject)
    // one that is not there is a blob, and no damage
    for (const { digest, isManifest } of entry.mentions ?? []) if (isManifest) named.add(digest)
  }
  return named
}

/** Dates that the manifest itself tells; schema 1 holds what others keep in a config. */
function datesIn(manifest: Manifest): AgeObservation[] {
  if (manifest.kind === 'unknown') return []
  const [text, source] =
    manifest.kind === 'schema1'
      ? ([manifest.created, 'config'] as const)
      : ([manifest.annotations.get(CREATED) ?? null, 'annotation'] as const)
  const at = text === null ? null : parseTimestamp(text)
  return at === null ? [] : [{ at, source }]
}
