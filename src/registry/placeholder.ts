import { randomUUID } from 'node:crypto'
import { WardenError } from '../domain/errors.ts'
import type { Digest } from '../domain/names/digest.ts'
import { formatRepository } from '../domain/names/reference.ts'
import type { Repository } from '../domain/names/reference.ts'
import { parseTag } from '../domain/names/tag.ts'
import type { Tag } from '../domain/names/tag.ts'
import { PLACEHOLDER_TYPE, PROBE_PREFIX } from '../domain/prune/placeholder.ts'
import type { NamedBytes, StoredBytes } from '../domain/prune/ports.ts'
import { formatTimestamp } from '../domain/quantities/timestamp.ts'
import type { Timestamp } from '../domain/quantities/timestamp.ts'
import { headerValue } from '../transport/headers.ts'
import { contentDigest } from '../wire/content-digest.ts'
import { isObject, parseJsonObject } from '../wire/json.ts'
import { isUnknownEnd, isUnknownStatus } from './deletes.ts'
import type { Ask, Question } from './endpoint.ts'
import { registryFailure } from './failures.ts'
import type { Exchange } from './failures.ts'

const OCI_IMAGE = 'application/vnd.oci.image.manifest.v1+json'
const EMPTY_TYPE = 'application/vnd.oci.empty.v1+json'
const EMPTY = '{}'
const EMPTY_DIGEST = contentDigest(Buffer.from(EMPTY))

export interface PlaceholderParts {
  readonly ask: Ask
  readonly repository: Repository
  /** what a name points to right now */
  readonly head: (name: Tag | Digest) => Promise<Digest | null>
}

interface PutFailure {
  readonly error: WardenError
  /** nobody knows whether it was carried out */
  readonly mayBeDone: boolean
}

/**
 * Pushes manifests that exist to be deleted: a tag moved to one can be removed by digest without its
 * siblings. Each is unique, so that nothing else can point to it, and its digest is computed from the bytes
 * that were sent.
 */
export function createPlaceholders({ ask, repository, head }: PlaceholderParts) {
  const where = formatRepository(repository)
  // two bytes, the same for all
  let uploaded: Promise<void> | null = null

  const question = (resource: string, purpose: string): Question => ({
    resource,
    maxBytes: 64 * 1024,
    // an upload does no harm when it arrives twice
    repeat: 'always',
    subject: resource.startsWith('blobs/') ? 'blob' : 'manifest',
    purpose,
  })

  async function uploadEmpty(): Promise<void> {
    const purpose = `upload to ${where}`
    const known = await ask({ ...question(`blobs/${EMPTY_DIGEST}`, purpose), method: 'HEAD' })
    if (known.response.status === 200) return
    const opened = await ask({ ...question('blobs/uploads/', purpose), method: 'POST', body: '' })
    if (opened.response.status !== 202) throw registryFailure(opened)
    const { resource, query } = uploadAddress(opened, repository)
    const stored = await ask({
      ...question(resource, purpose),
      method: 'PUT',
      query,
      headers: { 'content-type': 'application/octet-stream' },
      body: EMPTY,
    })
    if (stored.response.status !== 201) throw registryFailure(stored)
  }

  function prepare(): Promise<void> {
    uploaded ??= uploadEmpty().catch((error: unknown) => {
      uploaded = null
      throw error
    })
    return uploaded
  }

  async function push(tag: Tag, created: Timestamp | null): Promise<Digest> {
    await prepare()
    const manifest = placeholder(created)
    const digest = contentDigest(Buffer.from(manifest))
    const failed = await put(tag, manifest)
    // the answer may have been lost after it was carried out; sent again, it could hide what was pushed
    // meanwhile
    if (failed !== null && !(failed.mayBeDone && (await head(tag)) === digest)) throw failed.error
    return digest
  }

  /** Null where the tag was moved. */
  async function put(tag: Tag, manifest: string): Promise<PutFailure | null> {
    const request: Question = {
      ...question(`manifests/${tag}`, `placeholder for ${where}:${tag}`),
      method: 'PUT',
      headers: { 'content-type': OCI_IMAGE },
      body: manifest,
      // by then somebody may have pushed to the tag
      repeat: 'never',
    }
    try {
      const exchange = await ask(request)
      if (exchange.response.status === 201) return null
      return { error: registryFailure(exchange), mayBeDone: isUnknownStatus(exchange.response.status) }
    } catch (error) {
      if (!(error instanceof WardenError)) throw error
      return { error, mayBeDone: isUnknownEnd(error) }
    }
  }

  return {
    prepare,
    push,
    /** A manifest was deleted: some registries free its blobs at once, these two bytes as well. */
    forgetUpload: () => {
      uploaded = null
    },
  }
}

/** A tag that nobody else has, to find out on it what a registry does. */
export function freshTag(): Tag {
  return parseTag(`${PROBE_PREFIX}${randomUUID()}`, 'probe')
}

/**
 * The manifest of an image or artifact with a mark that makes it another one. Without its subject: it refers
 * to nothing. Indexes and schema 1 have no blobs of this kind.
 */
export function holdingCopy({ mediaType, bytes }: StoredBytes): NamedBytes | null {
  if (!HAS_BLOBS.has(mediaType)) return null
  const manifest = parseJsonObject(Buffer.from(bytes), 'the manifest')
  const known = manifest['annotations']
  const annotations = { ...(isObject(known) ? known : {}), 'vnd.registry-warden.holds': randomUUID() }
  // JSON leaves out what is undefined
  const copy = Buffer.from(JSON.stringify({ ...manifest, subject: undefined, annotations }))
  return { mediaType, bytes: copy, digest: contentDigest(copy) }
}

const HAS_BLOBS: ReadonlySet<string> = new Set([
  OCI_IMAGE,
  'application/vnd.docker.distribution.manifest.v2+json',
])

/**
 * As image-spec manifest.md, "Guidance for an Empty Descriptor", has it; the nonce is what makes it unique.
 */
function placeholder(created: Timestamp | null): string {
  const empty = { mediaType: EMPTY_TYPE, digest: EMPTY_DIGEST, size: EMPTY.length }
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: OCI_IMAGE,
    artifactType: PLACEHOLDER_TYPE,
    config: empty,
    layers: [empty],
    annotations: {
      'vnd.registry-warden.nonce': randomUUID(),
      ...(created === null ? {} : { 'org.opencontainers.image.created': formatTimestamp(created) }),
    },
  })
}

/** Path and query only: which host to send credentials to is not for a `Location` to say. */
function uploadAddress(opened: Exchange, { path }: Repository): { resource: string; query: string } {
  const { registry, response } = opened
  const base = `/v2/${path}/`
  const url = URL.parse(headerValue(response, 'location') ?? '', registry.origin + base)
  if (url === null || !url.pathname.startsWith(`${base}blobs/uploads/`)) throw registryFailure(opened)
  url.searchParams.set('digest', EMPTY_DIGEST)
  return { resource: url.pathname.slice(base.length), query: url.searchParams.toString() }
}
