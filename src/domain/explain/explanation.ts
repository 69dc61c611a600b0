import type { Digest } from '../names/digest.ts'
import type { Bytes } from '../quantities/bytes.ts'
import type { FoldedChanges } from './fold.ts'
import type { WastedBytes } from './wasted.ts'

/** Why a platform image has the size it has, to the file (`explain: files`). */
export interface SizeExplanation {
  /** what was looked into, largest change first */
  readonly layers: readonly ExplainedLayer[]
  /** what was to be looked into and was not, largest change first */
  readonly unread: readonly UnreadLayer[]
  /** null where not every layer of the image is known */
  readonly wasted: WastedBytes | null
}

/**
 * A layer of the image and what changed in it since the one it replaces; without one, all of it was added.
 */
export interface ExplainedLayer {
  readonly digest: Digest
  /** the layer of the baseline that it replaces */
  readonly replaces: Digest | null
  readonly createdBy: string | null
  /** paths that changed */
  readonly files: number
  /** bytes unpacked; negative when fewer */
  readonly difference: number
  /** its files were too many to be kept apart: folders are compared, and their files counted as they are now */
  readonly byFolder?: boolean | undefined
  readonly changes: FoldedChanges
}

export interface UnreadLayer {
  readonly digest: Digest
  readonly createdBy: string | null
  /** bytes that reading it, with the layer it replaces, would have taken */
  readonly size: Bytes
  /**
   * `budget`: more than `explain-budget` allows; `foreign`: not stored in the registry, and never requested;
   * `paths`: with it the image has more files than are kept apart, so that what it wastes is unknown;
   * `unreadable`: it could not be read, or is damaged
   */
  readonly cause: 'budget' | 'foreign' | 'paths' | 'unreadable'
  /** in words, for `unreadable`; may hold foreign text */
  readonly reason: string | null
}

/** Paths of one platform image that are kept: more than anybody reads, and a report file has a bound. */
export const MOST_PATHS = 100
