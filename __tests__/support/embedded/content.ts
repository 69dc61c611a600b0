import { MEDIA_TYPES } from '../images.ts'
import type { Quirks } from './quirks.ts'
import type { Refusal } from './replies.ts'
import { links, tagsOf, type StoredManifest, type StoredRepository } from './store.ts'

/** Why a manifest is not taken; null when it is. */
export function refusalOfPut(
  repository: StoredRepository,
  manifest: StoredManifest,
  { refusesNested, checksPuts }: Quirks,
): Refusal | null {
  const { manifests = [], config, layers = [] } = links(manifest)
  const indexes = new Set<string | undefined>([MEDIA_TYPES.oci.index, MEDIA_TYPES.docker.index])
  if (refusesNested && manifests.some(({ mediaType }) => indexes.has(mediaType))) {
    return [400, 'MANIFEST_INVALID', 'an index must list images only']
  }
  const stored = ({ digest }: { digest: string }): boolean =>
    repository.manifests.has(digest) || repository.blobs.has(digest)
  // foreign layers are never pushed
  const pushed = layers.filter(({ urls }) => urls === undefined)
  const needed = [...manifests, ...(config ? [config] : []), ...pushed]
  if (!checksPuts || needed.every(stored)) return null
  return [checksPuts.status, checksPuts.code, 'blob unknown to registry']
}

/**
 * Carries out a change, then what follows from it where a manifest is held by its names, or where blobs are
 * freed at once. Blobs that no manifest has named yet are a push under way and stay.
 */
export function settling(
  repository: StoredRepository,
  { heldByNames, freesBlobs }: Quirks,
  change: () => void,
): void {
  const before = freesBlobs ? neededBlobs(repository) : []
  change()
  if (heldByNames) {
    for (const digest of repository.manifests.keys()) {
      const held = repository.names.has(digest) || tagsOf(repository, digest).length > 0
      if (!held) repository.manifests.delete(digest)
    }
  }
  if (!freesBlobs) return
  const after = new Set(neededBlobs(repository))
  for (const digest of before) if (!after.has(digest)) repository.blobs.delete(digest)
}

function neededBlobs(repository: StoredRepository): readonly string[] {
  return [...repository.manifests.values()].flatMap((manifest) => {
    const { config, layers = [] } = links(manifest)
    return [...(config ? [config] : []), ...layers].map(({ digest }) => digest)
  })
}
