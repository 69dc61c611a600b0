import { WardenError } from '../domain/errors.ts'
import { isDigest } from '../domain/names/digest.ts'
import type { Digest } from '../domain/names/digest.ts'
import { formatRepository } from '../domain/names/reference.ts'
import type { Repository } from '../domain/names/reference.ts'
import type { Tag } from '../domain/names/tag.ts'
import type { StoredBytes } from '../domain/prune/ports.ts'
import type { Ask } from './endpoint.ts'
import { registryFailure } from './failures.ts'

/**
 * Puts a manifest under its digest or under a tag, byte for byte (distribution-spec "Pushing Manifests"). By
 * digest it may arrive twice without harm; a tag may have been pushed to by then, so that is never repeated.
 */
export function createPutManifest(ask: Ask, repository: Repository) {
  return async (name: Tag | Digest, { mediaType, bytes }: StoredBytes): Promise<void> => {
    const purpose = `putting back ${formatRepository(repository)}${isDigest(name) ? '@' : ':'}${name}`
    const exchange = await ask({
      method: 'PUT',
      resource: `manifests/${name}`,
      headers: { 'content-type': mediaType },
      body: asText(bytes, purpose),
      maxBytes: 64 * 1024,
      repeat: isDigest(name) ? 'always' : 'never',
      subject: 'manifest',
      purpose,
    })
    if (exchange.response.status !== 201) throw registryFailure(exchange)
  }
}

/** Requests carry text; a manifest is JSON, so its bytes come out of it as they went in, or are refused. */
function asText(bytes: Uint8Array, purpose: string): string {
  const text = Buffer.from(bytes).toString('utf8')
  if (Buffer.from(text).equals(bytes)) return text
  throw new WardenError('protocol', `${purpose}: the manifest is not UTF-8 text`)
}
