import type { Digest } from '../names/digest.ts'
import type { Tag } from '../names/tag.ts'

/**
 * `present`: it was there already, nothing was written. `moved`: the tag names something else by now, and so
 * it stays. `failed`: it is not as it was.
 */
export type RestoreStatus = 'restored' | 'present' | 'moved' | 'failed'

/** What became of one name that an undo file holds. */
export interface Restored {
  readonly status: RestoreStatus
  /** what is wrong, for people; null when nothing is */
  readonly note: string | null
  /** it failed, and is there all the same, but not whole; left out: no */
  readonly isThere?: true
}

export interface UndoneRepository {
  /** `host/path` */
  readonly repository: string
  readonly tags: readonly (Restored & { readonly tag: Tag; readonly digest: Digest })[]
  readonly manifests: readonly (Restored & { readonly digest: Digest; readonly isTagged: boolean })[]
}

/** Why there was nothing to put back. */
export type NothingToUndo =
  /** the file has its header alone: it is begun before the first delete */
  | { readonly kind: 'no-deletion' }
  /** the file has nothing of what `image` names, but of these, `host/path` */
  | { readonly kind: 'not-of-image'; readonly repositories: readonly string[] }

/** The whole of an undo run. */
export interface UndoReport {
  readonly repositories: readonly UndoneRepository[]
  /** tags and untagged manifests that this run put back */
  readonly restored: number
  /** those that are not as the file says */
  readonly unrestored: number
  readonly verdict: 'pass' | 'warn' | 'fail' | 'partial'
  /** the job was cancelled, or `max-duration` passed, before everything was tried */
  readonly isPartial: boolean
  /** default: there was something */
  readonly nothing?: NothingToUndo
}

/**
 * Adds up what became of each repository. Who misspells `image` and gets nothing back must not be told that
 * all is well.
 */
export function undoReport(
  repositories: readonly UndoneRepository[],
  isPartial: boolean,
  nothing?: NothingToUndo,
): UndoReport {
  const counted = repositories.flatMap(({ tags, manifests }) => [
    ...tags,
    ...manifests.filter(({ isTagged }) => !isTagged),
  ])
  const every = repositories.flatMap(({ tags, manifests }) => [...tags, ...manifests])
  const has = (status: RestoreStatus) => every.some((each) => each.status === status)
  const isWorthALook = has('moved') || nothing?.kind === 'not-of-image'
  const verdict = has('failed') ? 'fail' : isPartial ? 'partial' : isWorthALook ? 'warn' : 'pass'
  return {
    repositories,
    restored: counted.filter(({ status }) => status === 'restored').length,
    unrestored: counted.filter(({ status }) => status === 'failed' || status === 'moved').length,
    verdict,
    isPartial,
    ...(nothing === undefined ? {} : { nothing }),
  }
}
