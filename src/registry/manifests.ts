import { WardenError } from '../domain/errors.ts'
import type { ResolvedManifest } from '../domain/manifest/manifest.ts'
import { digestAlgorithm, isDigest } from '../domain/names/digest.ts'
import type { Digest } from '../domain/names/digest.ts'
import { formatRepository } from '../domain/names/reference.ts'
import type { Repository } from '../domain/names/reference.ts'
import type { Tag } from '../domain/names/tag.ts'
import type { StoredBytes } from '../domain/prune/ports.ts'
import type { Log } from '../domain/ports.ts'
import { headerValue } from '../transport/headers.ts'
import type { HttpResponse } from '../transport/types.ts'
import { hasDigest, isVerifiable } from '../wire/content-digest.ts'
import { isHtml } from '../wire/error-body.ts'
import { MAX_MANIFEST_BYTES, parseManifest } from '../wire/manifest.ts'
import { ACCEPT_MANIFESTS, askFor } from './endpoint.ts'
import type { Ask, Question } from './endpoint.ts'
import { readAnswer } from './failures.ts'
import type { RegistryCache } from './cache.ts'
import type { Memory } from './memory.ts'

export interface Manifests {
  /**
   * By tag one GET each time, since tags move; by digest one GET for all. `known` is what the name leads to
   * according to somebody who may be believed: then a cached manifest is taken without asking.
   */
  readonly read: (name: Tag | Digest, known?: Digest) => Promise<ResolvedManifest>
  /** What the name points to right now, asked each time; null when it is gone. */
  readonly head: (name: Tag | Digest, expected?: 'gone') => Promise<Digest | null>
  /** Whether the registry has it; what this run got from it is not asked for again. */
  readonly exists: (digest: Digest) => Promise<boolean>
  /**
   * The bytes behind a digest, as they were read before, also when they are gone by now; else they are read.
   */
  readonly stored: (digest: Digest) => Promise<StoredBytes>
}

export interface ManifestParts {
  readonly ask: Ask
  readonly repository: Repository
  readonly log: Log
  readonly cache: RegistryCache | null
  /**
   * for those who delete: what the cache holds is still asked for by HEAD, unless somebody vouches for it,
   * and counts only if its own bytes or the registry say what it is
   */
  readonly forDeletes: boolean
  readonly memory: Memory<ResolvedManifest>
  /** what was read, byte for byte; null: nobody will ask for it */
  readonly bytes: Memory<StoredBytes> | null
}

/** What HEAD says of a name; the type is null where it does not tell. */
interface Told {
  readonly digest: Digest
  readonly type: string | null
}

/** Reads the manifests of one repository, each verified, remembered by digest. */
export function createManifests(parts: ManifestParts): Manifests {
  const { ask, repository, cache, forDeletes, memory } = parts
  const tagsUnderWay = new Map<Tag, Promise<ResolvedManifest>>()
  const complain = createComplaints(parts)
  const hints = cache?.tagHints(repository) ?? null
  /** seen at the registry during this run */
  const seen = new Set<Digest>()
  /** a HEAD told what a name points to, so its 404 means what it says; Nexus answers 404 to all */
  let headTells = false

  async function fetch(name: Tag | Digest): Promise<ResolvedManifest> {
    const expected = isDigest(name) ? name : null
    const exchange = await askFor(ask, questionFor(repository, name))
    const { body } = exchange.response
    const contentType = headerValue(exchange.response, 'content-type')
    const resolved = readAnswer(exchange, () => parseManifest(body, contentType, expected))
    complain(name, resolved, exchange.response)
    remember(name, resolved)
    seen.add(resolved.digest)
    parts.bytes?.put(keyOf(repository, resolved.digest), {
      mediaType: contentType ?? resolved.manifest.mediaType,
      bytes: body,
    })
    await cache?.putManifest(resolved.digest, body)
    return resolved
  }

  /** Only what a GET of the tag gave, now or in an earlier run, is a hint: see `byTag`. */
  function remember(name: Tag | Digest, resolved: ResolvedManifest): ResolvedManifest {
    memory.put(keyOf(repository, resolved.digest), resolved)
    if (!isDigest(name)) hints?.put(name, resolved.digest)
    return resolved
  }

  /**
   * What is known of a digest without asking; a cached manifest says nothing about whether it is still there.
   */
  async function recall(digest: Digest): Promise<ResolvedManifest | null> {
    const known = memory.peek(keyOf(repository, digest))
    if (known !== undefined) return known
    const cached = (await cache?.manifest(digest, null)) ?? null
    return cached !== null && (cached.namesType || !forDeletes) ? cached.resolved : null
  }

  /** As the registry says right now; its word on the type stands in for what the bytes do not tell. */
  async function recallAs({ digest, type }: Told): Promise<ResolvedManifest | null> {
    const known = await recall(digest)
    if (known !== null) return known
    return type === null ? null : ((await cache?.manifest(digest, type))?.resolved ?? null)
  }

  function byDigest(digest: Digest, isKnown: boolean): Promise<ResolvedManifest> {
    return memory.get(keyOf(repository, digest), async () => {
      const known = isKnown || !forDeletes ? await recall(digest) : null
      if (known !== null) return known
      const isCached = forDeletes && ((await cache?.manifest(digest, null)) ?? null) !== null
      const told = isCached ? await tell(digest) : null
      return (told === null ? null : await recallAs(told)) ?? fetch(digest)
    })
  }

  /**
   * HEAD where the cache has what the tag named last: it is smaller, and costs no pull on Docker Hub. Else
   * GET at once, so that a cold cache costs no request more than none. HEAD may only confirm what a GET gave
   * before: old registries and proxies answer it with the first platform of an index, or out of their own
   * memory.
   */
  async function byTag(tag: Tag, known: Digest | null): Promise<ResolvedManifest> {
    const believed = known === null ? null : await recall(known)
    if (believed !== null) return believed
    const last = (await hints?.get(tag)) ?? null
    const isWorthHead = last !== null && ((await cache?.manifest(last, null)) ?? null) !== null
    const told = isWorthHead ? await tell(tag) : null
    const found = told === null || told.digest !== last ? null : await recallAs(told)
    return found === null ? fetch(tag) : remember(tag, found)
  }

  function byTagShared(tag: Tag, known: Digest | null): Promise<ResolvedManifest> {
    const pending = tagsUnderWay.get(tag) ?? byTag(tag, known).finally(() => tagsUnderWay.delete(tag))
    tagsUnderWay.set(tag, pending)
    return pending
  }

  /** Null when HEAD does not say: no such header (ECR), no HEAD (Nexus answers 404), or no such manifest. */
  async function tell(name: Tag | Digest): Promise<Told | null> {
    const told = await askHead(name)
    return told === 'not-found' ? null : told
  }

  async function askHead(name: Tag | Digest): Promise<Told | 'not-found' | null> {
    const { response } = await ask({ ...questionFor(repository, name), method: 'HEAD' })
    const type = headerValue(response, 'content-type')
    if (response.status === 404) return 'not-found'
    if (response.status !== 200 || isHtml(response.body, type)) return null
    const digest = isDigest(name) ? name : claimedDigest(response)
    if (digest === null) return null
    headTells = true
    seen.add(digest)
    return { digest, type }
  }

  async function head(name: Tag | Digest, expected?: 'gone'): Promise<Digest | null> {
    const told = await askHead(name)
    if (told !== null && told !== 'not-found') return told.digest
    // the second opinion of a GET is for what should be there
    if (told === 'not-found' && expected === 'gone' && headTells) return null
    try {
      return (await fetch(name)).digest
    } catch (error) {
      if (isGone(error)) return null
      throw error
    }
  }

  async function stored(digest: Digest): Promise<StoredBytes> {
    const known = parts.bytes?.peek(keyOf(repository, digest))
    if (known !== undefined) return known
    const cached = (await cache?.manifest(digest, null)) ?? null
    if (cached !== null && cached.namesType)
      return { mediaType: cached.resolved.manifest.mediaType, bytes: cached.bytes }
    const exchange = await askFor(ask, questionFor(repository, digest))
    const { body, headers } = exchange.response
    const contentType = headers.get('content-type')?.[0] ?? null
    const { manifest } = readAnswer(exchange, () => parseManifest(body, contentType, digest))
    return { mediaType: contentType ?? manifest.mediaType, bytes: body }
  }

  return {
    stored,
    read: (name, known) =>
      isDigest(name) ? byDigest(name, known === name) : byTagShared(name, known ?? null),
    head,
    exists: async (digest) => seen.has(digest) || (await head(digest)) !== null,
  }
}

/** Whether an error says that what was asked for is not there, rather than that it could not be read. */
export function isGone(error: unknown): boolean {
  return error instanceof WardenError && (error.kind === 'not-found' || error.kind === 'not-found-repository')
}

function questionFor(repository: Repository, name: Tag | Digest): Question {
  const separator = isDigest(name) ? '@' : ':'
  return {
    resource: `manifests/${name}`,
    headers: ACCEPT_MANIFESTS,
    maxBytes: MAX_MANIFEST_BYTES,
    subject: 'manifest',
    purpose: `manifest of ${formatRepository(repository)}${separator}${name}`,
  }
}

function keyOf({ registry, path }: Repository, digest: Digest): string {
  return `${registry.origin}/${path}@${digest}`
}

function claimedDigest(response: HttpResponse): Digest | null {
  const claimed = headerValue(response, 'docker-content-digest')?.trim() ?? ''
  return isDigest(claimed) ? claimed : null
}

/**
 * Says once per repository and kind what is odd about digests: enough to find the culprit, too little to
 * flood.
 */
function createComplaints({ repository, log }: ManifestParts) {
  const where = formatRepository(repository)
  const said = new Set<string>()
  const sayOnce = (kind: string, say: () => void) => {
    if (!said.has(kind)) say()
    said.add(kind)
  }
  return (name: Tag | Digest, { digest, manifest }: ResolvedManifest, response: HttpResponse): void => {
    if (!isVerifiable(digest)) {
      const algorithm = digestAlgorithm(digest)
      sayOnce(algorithm, () =>
        log.notice(`${where}@${digest}: ${algorithm} cannot be computed here; content not verified`),
      )
    }
    const claimed = claimedDigest(response)
    if (isDigest(name) || claimed === null || claimed === digest || manifest.kind === 'schema1') return
    if (hasDigest(response.body, claimed) !== false) return
    sayOnce('header', () =>
      log.warning(
        `${where}:${name}: the registry says ${claimed}, the content is ${digest}; going by the content`,
      ),
    )
  }
}
