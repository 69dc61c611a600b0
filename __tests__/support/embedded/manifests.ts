import type { IncomingMessage, ServerResponse } from 'node:http'
import { sha256 } from '../blobs.ts'
import { MEDIA_TYPES } from '../images.ts'
import { schema1Payload, SCHEMA1_SIGNED } from '../schema1.ts'
import type { Quirks } from './quirks.ts'
import { refuse, reply } from './replies.ts'
import { refusalOfPut, settling } from './content.ts'
import {
  nameManifest,
  referrersOf,
  storeManifest,
  subjectOf,
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
  const digest = repository.tags.get(reference) ?? reference
  const found = repository.manifests.get(digest) ?? repository.copies.get(reference)
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
  const refusal = refusalOfPut(repository, manifest, quirks)
  if (refusal) {
    refuse(response, ...refusal)
    return
  }
  // a tag that moves lets go of what it named
  settling(repository, quirks, () => {
    storeManifest(repository, manifest, manifest.pushedAt)
    nameManifest(repository, reference, digest, manifest.pushedAt)
  })
  const subject = subjectOf(manifest)
  if (subject && quirks.referrers !== false) response.setHeader('oci-subject', subject)
  response.writeHead(201, { 'docker-content-digest': digest }).end()
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
