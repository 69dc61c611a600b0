import type { GarbageCollection } from '../storage/garbage.ts'
import type { Bytes } from '../quantities/bytes.ts'
import type { ManifestDecision, PlanWarning, Refusal, TagDecision } from './decision.ts'

/**
 * What became of a decision. `planned`: to be done (dry run), or not reached. `gone`: was not there any more.
 * `retained`: is still there, and should be.
 */
export type ItemStatus = 'planned' | 'done' | 'gone' | 'failed' | 'retained'

interface WithStatus {
  readonly status: ItemStatus
  /** what went wrong or differently than planned, for people; null when there is nothing to say */
  readonly note: string | null
}

/** A planned `delete` or `untag` that turned out to be wrong or impossible has become a `skip` here. */
export type TagOutcome = TagDecision & WithStatus
export type ManifestOutcome = ManifestDecision &
  WithStatus & {
    /** it went, and a copy of this run that could not be deleted still holds its blobs */
    readonly isHeld?: true
  }

/**
 * Image tags by what became of them; together they are all. In a dry run `deleted` and `untagged` say what
 * would be.
 */
export interface TagTally {
  readonly kept: number
  readonly deleted: number
  readonly untagged: number
  readonly skipped: number
  readonly failed: number
  /** not reached: the run stopped before */
  readonly pending: number
}

/**
 * How far a repository got.
 * - `planned`: dry run. `done`: everything that was to go has gone, or there was nothing to do.
 * - `partial`: stopped by `max-duration` or a rate limit; the next run goes on.
 * - `refused`: the plan may not be carried out, see `refusals`; or, in a dry run, could not be.
 * - `failed`: something went wrong, see `problems`.
 */
export type RepositoryState = 'planned' | 'done' | 'partial' | 'refused' | 'failed'

/** One repository after planning and, unless it was a dry run, deleting. */
export interface RepositoryOutcome {
  /** `host/path` */
  readonly repository: string
  readonly state: RepositoryState
  readonly tags: readonly TagOutcome[]
  readonly manifests: readonly ManifestOutcome[]
  readonly tally: TagTally
  readonly refusals: readonly Refusal[]
  readonly warnings: readonly PlanWarning[]
  /** each one line: what went wrong */
  readonly problems: readonly string[]
  /** what was kept and does not resolve afterwards; null: not validated */
  readonly broken: readonly string[] | null
  /** of what went, or would go in a dry run */
  readonly reclaimedBytes: Bytes
  /** blobs of unknown size go as well */
  readonly reclaimsMore: boolean
  /** the run saw that the registry frees blobs along with their manifest; default: it did not */
  readonly freesAtOnce?: true
}

export type PruneVerdict = 'pass' | 'warn' | 'fail' | 'partial'

/** The whole of a prune run. */
export interface PruneReport {
  readonly dryRun: boolean
  readonly repositories: readonly RepositoryOutcome[]
  /**
   * over all repositories: a blob that several of one registry share counts once, and not at all while one
   * keeps it
   */
  readonly reclaimedBytes: Bytes
  readonly reclaimsMore: boolean
  /** partial: not everything was reached, but nothing went wrong */
  readonly verdict: PruneVerdict
  /** about the run as a whole; those of a repository stand there */
  readonly warnings?: readonly PlanWarning[]
  /** no pattern of `tags` fits any tag of any repository, and nothing else was asked to be pruned */
  readonly nothingConsidered?: boolean
  /** what the garbage collection after it did, in a storage folder; default: there was none */
  readonly garbage?: GarbageCollection
  /** the job was cancelled before everything was done */
  readonly isCancelled?: boolean
}
