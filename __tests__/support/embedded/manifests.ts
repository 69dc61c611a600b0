import type { IncomingMessage, ServerResponse } from 'node:http'
import { sha256 } from '../blobs.ts'
import { MEDIA_TYPES } from '../images.ts'
import { schema1Payload, SCHEMA1_SIGNED } from '../schema1.ts'
import type { Quirks } from './quirks.ts'
import { refuse, reply } from './replies.ts'
import {
  parentsOf,
  referrersOf,
  removeManifest,
  storeManifest,
  subjectOf,
  tagsOf,
  type StoredManifest,
  type StoredRepository,
} from './store.ts'

export interface ManifestRequest {
  readonly repository: StoredRepository
  /** tag or digest */
  readonly reference: string
  readonly quirks: Quirks
}

/**
 * GET and HEAD; the answer by tag depends on Accept as in distribution 3: a type not asked for is not there.
 */
export function getManifest(
  { repository, reference, quirks }: ManifestRequest,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const found = repository.manifests.get(repository.tags.get(reference) ?? reference)
  const accept = request.headers.accept ?? '*/*'
  const accepted = found !== undefined && (accept.includes(found.mediaType) || accept.includes('*/*'))
  if (!accepted || (request.method === 'HEAD' && quirks.noManifestHead)) {
    refuse(response, 404, 'MANIFEST_UNKNOWN', `manifest unknown: ${reference}`)
    return
  }
  response.writeHead(200, {
    'content-type': quirks.manifestContentType ?? found.mediaType,
    'content-length': found.bytes.length,
    ...(!quirks.noDigestHeader && { 'docker-content-digest': found.digest, etag: `"${found.digest}"` }),
  })
  response.end(request.method === 'HEAD' ? undefined : found.bytes)
}

export async function putManifest(
  { repository, reference, quirks }: ManifestRequest,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const bytes = Buffer.concat(await request.toArray())
  const mediaType = request.headers['content-type'] ?? MEDIA_TYPES.oci.image
  const digest = sha256(mediaType === SCHEMA1_SIGNED ? schema1Payload(bytes) : bytes)
  if (reference.includes(':') && reference !== digest) {
    refuse(response, 400, 'DIGEST_INVALID', 'provided digest did not match uploaded content')
    return
  }
  const manifest: StoredManifest = { digest, mediaType, bytes, pushedAt: Date.now() }
  storeManifest(repository, manifest, manifest.pushedAt)
  if (!reference.includes(':')) repository.tags.set(reference, digest)
  const subject = subjectOf(manifest)
  if (subject && quirks.referrers !== false) response.setHeader('oci-subject', subject)
  response.writeHead(201, { 'docker-content-digest': digest }).end()
}

type Refusal = readonly [status: number, code: string, message: string]

/** DELETE by tag or digest, in the manner of the vendor. */
export function deleteManifest(request: ManifestRequest, response: ServerResponse): void {
  if (request.reference.includes(':')) deleteDigest(request, response)
  else deleteTag(request, response)
}

function deleteTag({ repository, reference, quirks }: ManifestRequest, response: ServerResponse): void {
  const refusals: Readonly<Record<string, Refusal>> = {
    'digest-invalid': [400, 'DIGEST_INVALID', 'provided digest did not match uploaded content'],
    unsupported: [400, 'UNSUPPORTED', 'deleting a tag is not supported'],
    'method-not-allowed': [405, 'UNSUPPORTED', 'The operation is unsupported.'],
  }
  const refusal = refusals[quirks.tagDelete ?? '']
  if (refusal) {
    refuse(response, ...refusal)
    return
  }
  const digest = repository.tags.get(reference)
  if (digest === undefined) {
    refuse(response, 404, 'MANIFEST_UNKNOWN', 'manifest unknown')
    return
  }
  if (quirks.tagDelete === 'takes-siblings') removeManifest(repository, digest)
  else repository.tags.delete(reference)
  response.writeHead(202).end()
}

function deleteDigest({ repository, reference, quirks }: ManifestRequest, response: ServerResponse): void {
  const refusal = digestRefusal(repository, reference, quirks)
  if (refusal) {
    refuse(response, ...refusal)
    return
  }
  removeManifest(repository, reference)
  response.writeHead(202).end()
}

function digestRefusal(repository: StoredRepository, digest: string, quirks: Quirks): Refusal | null {
  if (quirks.digestDelete === 'method-not-allowed')
    return [405, 'UNSUPPORTED', 'The operation is unsupported.']
  if (!repository.manifests.has(digest)) return [404, 'MANIFEST_UNKNOWN', 'manifest unknown']
  const tagged = tagsOf(repository, digest).length > 0
  const listed = parentsOf(repository, digest).length > 0
  const referred = referrersOf(repository, digest).length > 0
  if (quirks.digestDelete === 'refuse-in-use' && (tagged || listed)) {
    return [403, 'DENIED', 'manifest is tagged or referenced']
  }
  if (quirks.digestDelete === 'refuse-dangling') {
    if (tagged) return [400, 'GOOGLE_MANIFEST_DANGLING_TAG', 'manifest is still tagged']
    if (listed) return [400, 'GOOGLE_MANIFEST_DANGLING_PARENT_IMAGE', 'manifest is part of an index']
    if (referred) return [400, 'GOOGLE_MANIFEST_REFERRING_MANIFEST', 'manifest has referrers']
  }
  return null
}

/** The referrers API; a digest nobody refers to has an empty list, not a 404. */
export function listReferrers(request: ManifestRequest, response: ServerResponse): void {
  if (request.quirks.referrers === false) {
    refuse(response, 404, 'NOT_FOUND', 'page not found')
    return
  }
  const manifests = referrersOf(request.repository, request.reference)
  response.setHeader('content-type', MEDIA_TYPES.oci.index)
  reply(response, 200, { schemaVersion: 2, mediaType: MEDIA_TYPES.oci.index, manifests })
}
