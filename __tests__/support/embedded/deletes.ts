import type { ServerResponse } from 'node:http'
import { settling } from './content.ts'
import type { ManifestRequest } from './manifests.ts'
import type { Quirks } from './quirks.ts'
import { refuse, type Refusal } from './replies.ts'
import {
  links,
  parentsOf,
  referrersOf,
  removeManifest,
  removeTag,
  tagsOf,
  type StoredRepository,
} from './store.ts'

/** DELETE by tag or digest, in the manner of the vendor. */
export function deleteManifest(request: ManifestRequest, response: ServerResponse): void {
  settling(request.repository, request.quirks, () => {
    if (request.reference.includes(':')) deleteDigest(request, response)
    else deleteTag(request, response)
  })
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
  if (quirks.ignoredDeletes !== 'tags' && quirks.ignoredDeletes !== 'all') {
    if (quirks.tagDelete === 'takes-siblings') removeDigest(repository, digest, quirks)
    else removeTag(repository, reference)
    repository.copies.delete(reference)
  }
  response.writeHead(202).end()
}

function deleteDigest({ repository, reference, quirks }: ManifestRequest, response: ServerResponse): void {
  const refusal = digestRefusal(repository, reference, quirks)
  if (refusal) {
    refuse(response, ...refusal)
    return
  }
  if (quirks.ignoredDeletes !== 'digests' && quirks.ignoredDeletes !== 'all') {
    removeDigest(repository, reference, quirks)
  }
  response.writeHead(202).end()
}

function removeDigest(repository: StoredRepository, digest: string, quirks: Quirks): void {
  const manifest = repository.manifests.get(digest)
  if (manifest === undefined) return
  if (quirks.digestDelete === 'leaves-tags') {
    for (const tag of tagsOf(repository, digest)) repository.copies.set(tag, manifest)
    repository.manifests.delete(digest)
  } else removeManifest(repository, digest)
  if (!quirks.cascades) return
  for (const child of links(manifest).manifests ?? []) removeDigest(repository, child.digest, quirks)
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
  if (quirks.digestDelete === 'refuse-referenced' && (listed || referred)) {
    return [409, 'MANIFEST_REFERENCED_IN_LIST', 'manifest is referenced by another manifest']
  }
  if (quirks.digestDelete === 'refuse-two-tags' && tagsOf(repository, digest).length > 1) {
    return [409, 'MANIFEST_INVALID', 'manifest content is shared by several tags']
  }
  if (quirks.digestDelete === 'refuse-dangling') {
    if (tagged) return [400, 'GOOGLE_MANIFEST_DANGLING_TAG', 'manifest is still tagged']
    if (listed) return [400, 'GOOGLE_MANIFEST_DANGLING_PARENT_IMAGE', 'manifest is part of an index']
    if (referred) return [400, 'GOOGLE_MANIFEST_REFERRING_MANIFEST', 'manifest has referrers']
  }
  return null
}
