import { WardenError } from '../../domain/errors.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Work } from './work.ts'

/**
 * Some registries keep a manifest only as long as it has one of the names that it was pushed under, whatever
 * index lists it (Gitea), or delete it with its last tag (ECR). So before a manifest that only an index or a
 * subject needs loses a tag, it gets a name that stays: its digest.
 */
export interface Holders {
  /** Makes sure that a manifest outlives a tag of it; else says why the tag has to stay. */
  readonly secure: (digest: Digest) => Promise<string | null>
  /** something else than a tag needs it */
  readonly isHeldByTag: (digest: Digest) => boolean
}

/** Each manifest is put by its digest once, however many tags it loses. */
export function createHolders({ target, plan }: Pick<Work, 'target' | 'plan'>): Holders {
  const tagged = new Set(
    plan.tags.flatMap(({ decision, digest }) =>
      decision !== 'delete' && decision !== 'untag' && digest !== null ? [digest] : [],
    ),
  )
  const put = new Map<Digest, Promise<string | null>>()

  async function putByDigest(digest: Digest): Promise<string | null> {
    try {
      await target.vendor.putManifest(digest, await target.reader.stored(digest))
      return null
    } catch (error) {
      if (!(error instanceof WardenError)) throw error
      return `its manifest, which something else needs, may go with its last tag, and could not be put by its digest: ${error.message}`
    }
  }

  async function secure(digest: Digest): Promise<string | null> {
    const { holds } = target.vendor.capabilities
    if (tagged.has(digest) || holds === 'digest') return null
    if (holds === 'last-tag')
      return 'this registry deletes a manifest with its last tag, and something else needs it'
    const result = put.get(digest) ?? putByDigest(digest)
    put.set(digest, result)
    return result
  }

  return { secure, isHeldByTag: (digest) => tagged.has(digest) }
}
