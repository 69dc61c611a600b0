import pMap from 'p-map'
import { WardenError } from '../../domain/errors.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { PruneReport, RepositoryOutcome } from '../../domain/prune/outcome.ts'
import type { PruneTarget } from '../../domain/prune/ports.ts'

const READ_AT_ONCE = 8
/** Of all manifests together: a plan file is read again, and there is a limit to that. */
const MAX_CONTENT_BYTES = 32 * 1024 * 1024

/**
 * The bytes of each manifest along with which others go, from what was read already: they prove to who applies
 * the plan that it listed them, when an interrupted run has deleted it meanwhile. What is gone is left out.
 */
export async function planContents(
  { repositories }: PruneReport,
  targets: readonly PruneTarget[],
): Promise<ReadonlyMap<string, ReadonlyMap<Digest, Uint8Array>>> {
  const contents = new Map<string, Map<Digest, Uint8Array>>()
  let room = MAX_CONTENT_BYTES
  for (const { name, reader } of targets) {
    const outcome = repositories.find(({ repository }) => repository === name)
    const read = async (digest: Digest) => {
      if (room <= 0) return []
      try {
        const { bytes } = await reader.stored(digest)
        room -= bytes.length
        return [[digest, bytes] as const]
      } catch (error) {
        if (!(error instanceof WardenError)) throw error
        return []
      }
    }
    const parents = outcome === undefined ? [] : parentsIn(outcome)
    contents.set(name, new Map((await pMap(parents, read, { concurrency: READ_AT_ONCE })).flat()))
  }
  return contents
}

function parentsIn({ manifests }: RepositoryOutcome): Digest[] {
  const going = new Set(manifests.flatMap(({ digest, decision }) => (decision === 'delete' ? [digest] : [])))
  const parents = manifests.flatMap(({ decision, decidedBy }) =>
    decision === 'delete' && 'digest' in decidedBy ? [decidedBy.digest] : [],
  )
  return [...new Set(parents)].filter((digest) => going.has(digest))
}
