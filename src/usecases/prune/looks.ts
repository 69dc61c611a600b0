import { WardenError } from '../../domain/errors.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import type { PlanAction } from '../../domain/prune/decision.ts'
import { isLookDueLater } from './later-looks.ts'
import { putBack } from './put-back.ts'
import type { Loss } from './put-back.ts'
import { doomedBelow, keepForUndo, keptChildren } from './work.ts'
import type { DeleteManifestAction, Neighbour, Work } from './work.ts'
import { UNTIL_GONE } from './waits.ts'

/** What the first deletion of its kind shows about a registry. */
export type Kind = 'manifest' | 'tag' | 'children' | 'elsewhere' | 'blobs'

/**
 * Looks after the first deletion of each kind whether it did what the registry said, and nothing else. Until
 * then nothing of that kind is deleted beside it.
 */
export interface FirstLooks {
  /** what is still to be found out, and would be by this action */
  readonly owed: (action: PlanAction) => readonly Kind[]
  /**
   * Whether deleted manifests are gone, and what else went; null: as it should be.
   * @param isOurs false where the registry says that it was gone already: a proxy may have sent the deletion
   *   twice. Then the look is made, and is owed all the same
   */
  readonly afterManifest: (action: DeleteManifestAction, isOurs: boolean) => Promise<WardenError | null>
  /** Whether a tag that was deleted by its name is gone; null: as it should be. */
  readonly afterTag: (tag: Tag) => Promise<WardenError | null>
}

/** Whoever deletes one of them along with their index deletes all. */
const CHILDREN_LOOKED_AT = 3

/** `work` is asked each time: it may not be complete yet when this is made. */
export function createFirstLooks(work: () => Work): FirstLooks {
  const seen = new Set<Kind>()

  function owed(action: PlanAction): Kind[] {
    if (action.kind !== 'delete-manifest') return seen.has('tag') ? [] : ['tag']
    const { digest } = action
    const kinds: Kind[] = ['manifest']
    if (!seen.has('children') && keptChildren(work(), digest).length > 0) kinds.push('children')
    if (!seen.has('elsewhere') && work().elsewhere(digest).length > 0) kinds.push('elsewhere')
    if (work().blobs.tellingBlob(digest) !== null) kinds.push('blobs')
    return kinds.filter((kind) => !seen.has(kind))
  }

  function stopWith(message: string): WardenError {
    const { ledger, target } = work()
    const error = new WardenError('protocol', `${target.name}: ${message}`, {
      advice: 'Nothing further is deleted',
    })
    ledger.stop({ kind: 'failed', scope: 'registry', message: error.line })
    return error
  }

  async function isStillThere(name: Tag | Digest): Promise<boolean> {
    const { target, deps } = work()
    for (const wait of UNTIL_GONE) {
      if (wait > 0) await deps.sleep(wait)
      if ((await target.reader.head(name, 'gone')) === null) return false
    }
    return true
  }

  async function afterManifest(action: DeleteManifestAction, isOurs: boolean): Promise<WardenError | null> {
    const kinds = owed(action)
    const { digest } = action
    if (isOurs && kinds.includes('manifest')) {
      if (await isStillThere(digest))
        return stopWith(`the registry said that it deleted ${digest}, and still has it`)
      seen.add('manifest')
    }
    const blob = work().blobs.tellingBlob(digest)
    if (blob !== null) await work().blobs.lookAt(blob)
    if (kinds.includes('children')) await lookAtChildren(digest)
    if (kinds.includes('elsewhere')) await lookElsewhere(digest)
    if (isOurs) for (const kind of kinds) if (kind !== 'blobs') seen.add(kind)
    return null
  }

  /** A registry that deletes the platform images of an index along with it takes them from others, too. */
  async function lookAtChildren(digest: Digest): Promise<void> {
    const { target, reading, deps } = work()
    const kept = keptChildren(work(), digest)
    const areThere = async () => {
      const some = kept.slice(0, CHILDREN_LOOKED_AT).map((child) => target.reader.head(child))
      return (await Promise.all(some)).every((found) => found !== null)
    }
    if ((await areThere()) && (!(await isLookDueLater(work(), ['children'])) || (await areThere()))) return
    const losses = kept.map((child): Loss => ({ name: child, digest: child, tag: null }))
    const lines = await putBack(target, reading, losses, deps)
    // nothing further is deleted, and so nothing else tells an undo of what went along
    for (const gone of doomedBelow(work(), digest)) {
      if ((await target.reader.head(gone.digest, 'gone')) === null) await keepForUndo(work(), gone)
    }
    stopWith(
      `the registry deleted what the index ${digest} lists along with it, which others need: ${lines.join('; ')}`,
    )
  }

  /** A registry with one store of manifests for all repositories deletes in all of them. */
  async function lookElsewhere(digest: Digest): Promise<void> {
    const returnLost = async () => {
      const lines: string[] = []
      for (const neighbour of work().elsewhere(digest)) {
        if ((await neighbour.target.reader.head(digest)) !== null) continue
        const { target, reading } = neighbour
        lines.push(...(await putBack(target, reading, lossesOf(neighbour, digest), work().deps)))
      }
      return lines
    }
    let lines = await returnLost()
    if (lines.length === 0 && (await isLookDueLater(work(), ['elsewhere']))) lines = await returnLost()
    if (lines.length === 0) return
    stopWith(
      `the registry deleted ${digest} in other repositories along with the one here: ${lines.join('; ')}`,
    )
  }

  async function afterTag(tag: Tag): Promise<WardenError | null> {
    if (seen.has('tag')) return null
    if (await isStillThere(tag))
      return stopWith(`the registry said that it removed the tag ${tag}, and still has it`)
    seen.add('tag')
    return null
  }

  return { owed, afterManifest, afterTag }
}

/** The manifest, and all tags that named it. */
export function lossesOf({ target, reading }: Neighbour, digest: Digest): Loss[] {
  const tags = [...reading.inventory.tags].flatMap(([tag, entry]): Loss[] =>
    entry.state === 'resolved' && entry.digest === digest
      ? [{ name: `${target.name}:${tag}`, digest, tag }]
      : [],
  )
  return [{ name: `${target.name}@${digest}`, digest, tag: null }, ...tags]
}
