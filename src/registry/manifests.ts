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
import { ACCEPT_FRESH_MANIFESTS, ACCEPT_MANIFESTS, askFor } from './endpoint.ts'
import type { Ask, Question } from './endpoint.ts'
import { readAnswer } from './failures.ts'
import type { ManifestCache } from './manifest-cache.ts'
import type { Memory } from './memory.ts'

export interface Manifests {
  /** By tag one GET each time, since tags move; by digest one GET for all. */
  readonly read: (name: Tag | Digest) => Promise<ResolvedManifest>
  /** What the name points to right now, asked anew each time; null when it is gone. */
  readonly head: (name: Tag | Digest) => Promise<Digest | null>
  /** The bytes behind a digest, as they were read before, also when they are gone by now; else they are read. */
  readonly stored: (digest: Digest) => Promise<StoredBytes>
}

export interface ManifestParts {
  readonly ask: Ask
  readonly repository: Repository
  readonly log: Log
  readonly cache: ManifestCache | null
  /** what the cache holds is still asked for by HEAD: for those to whom it matters whether it is there */
  readonly proveCached: boolean
  readonly memory: Memory<ResolvedManifest>
  /** what was read, byte for byte; null: nobody will ask for it */
  readonly bytes: Memory<StoredBytes> | null
}

/** Reads the manifests of one repository, each verified, remembered by digest. */
export function createManifests(parts: ManifestParts): Manifests {
  const { ask, repository, cache, proveCached, memory } = parts
  const tagsUnderWay = new Map<Tag, Promise<ResolvedManifest>>()
  const complain = createComplaints(parts)

  async function fetch(name: Tag | Digest, headers = ACCEPT_MANIFESTS): Promise<ResolvedManifest> {
    const expected = isDigest(name) ? name : null
    const exchange = await askFor(ask, { ...questionFor(repository, name), headers })
    const { body } = exchange.response
    const contentType = headerValue(exchange.response, 'content-type')
    const resolved = readAnswer(exchange, () => parseManifest(body, contentType, expected))
    complain(name, resolved, exchange.response)
    memory.put(keyOf(repository, resolved.digest), resolved)
    parts.bytes?.put(keyOf(repository, resolved.digest), {
      mediaType: contentType ?? resolved.manifest.mediaType,
      bytes: body,
    })
    await cache?.put(resolved.digest, body, contentType)
    return resolved
  }

  async function recall(digest: Digest): Promise<ResolvedManifest | null> {
    return memory.peek(keyOf(repository, digest)) ?? (await cache?.get(digest)) ?? null
  }

  /** A cached manifest tells what is in it, and nothing about whether the registry still has it. */
  async function recallProven(digest: Digest): Promise<ResolvedManifest | null> {
    const known = await recall(digest)
    return known === null || !proveCached || (await headDigest(digest)) !== null ? known : null
  }

  function byDigest(digest: Digest): Promise<ResolvedManifest> {
    return memory.get(keyOf(repository, digest), async () => (await recallProven(digest)) ?? fetch(digest))
  }

  /**
   * With a cache, HEAD first: it costs no pull on Docker Hub, and the digest it names may be known already.
   */
  async function byTag(tag: Tag): Promise<ResolvedManifest> {
    const digest = cache === null ? null : await headDigest(tag)
    const known = digest === null ? null : await recall(digest)
    if (known === null) return fetch(tag)
    memory.put(keyOf(repository, known.digest), known)
    return known
  }

  function byTagShared(tag: Tag): Promise<ResolvedManifest> {
    const pending = tagsUnderWay.get(tag) ?? byTag(tag).finally(() => tagsUnderWay.delete(tag))
    tagsUnderWay.set(tag, pending)
    return pending
  }

  /** Null when HEAD does not say: no such header (ECR), no HEAD (Nexus answers 404), or no such manifest. */
  async function headDigest(name: Tag | Digest, headers = ACCEPT_MANIFESTS): Promise<Digest | null> {
    const { response } = await ask({ ...questionFor(repository, name), headers, method: 'HEAD' })
    if (response.status !== 200 || isHtml(response.body, headerValue(response, 'content-type'))) return null
    return isDigest(name) ? name : claimedDigest(response)
  }

  async function head(name: Tag | Digest): Promise<Digest | null> {
    const digest = await headDigest(name, ACCEPT_FRESH_MANIFESTS)
    if (digest !== null) return digest
    try {
      return (await fetch(name, ACCEPT_FRESH_MANIFESTS)).digest
    } catch (error) {
      if (isGone(error)) return null
      throw error
    }
  }

  async function stored(digest: Digest): Promise<StoredBytes> {
    const known = parts.bytes?.peek(keyOf(repository, digest))
    if (known !== undefined) return known
    const cached = (await cache?.getStored(digest)) ?? null
    if (cached !== null && cached.contentType !== null)
      return { mediaType: cached.contentType, bytes: cached.bytes }
    const exchange = await askFor(ask, questionFor(repository, digest))
    const { body, headers } = exchange.response
    const contentType = headers.get('content-type')?.[0] ?? null
    const { manifest } = readAnswer(exchange, () => parseManifest(body, contentType, digest))
    return { mediaType: contentType ?? manifest.mediaType, bytes: body }
  }

  return { stored, read: (name) => (isDigest(name) ? byDigest(name) : byTagShared(name)), head }
}

/** Whether an error says that what was asked for is not there, rather than that it could not be read. */
export function isGone(error: unknown): boolean {
  return error instanceof WardenError && (error.kind === 'not-found' || error.kind === 'not-found-repository')
}

function questionFor(repository: Repository, name: Tag | Digest): Omit<Question, 'headers'> {
  const separator = isDigest(name) ? '@' : ':'
  return {
    resource: `manifests/${name}`,
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
  const said = new Set<string>()
  const sayOnce = (kind: string, say: () => void) => {
    if (!said.has(kind)) say()
    said.add(kind)
  }
  return (name: Tag | Digest, { digest, manifest }: ResolvedManifest, response: HttpResponse): void => {
    const where = formatRepository(repository)
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
