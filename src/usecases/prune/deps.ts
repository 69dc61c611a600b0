import type { WardenError } from '../../domain/errors.ts'
import type { Clock, Log } from '../../domain/ports.ts'
import type { PruneReport } from '../../domain/prune/outcome.ts'
import type { UndoEntry } from '../../domain/prune/ports.ts'

/** What reading a repository is done with. */
export interface ReadDeps {
  /** requests at the same time */
  readonly concurrency: number
  /** called after each answer, so that long reading can say how far it is */
  readonly progress: () => void
  /** nothing will be deleted: what the vendor says that a tag names is believed, where it is known already */
  readonly dryRun?: boolean
  readonly now: Clock
}

/** What pruning is done with, besides the repositories themselves. */
export interface PruneDeps {
  readonly log: Log
  /** never steps: how long something took, and when it is due, is read from it */
  readonly now: Clock
  /** the date that ages are counted from; default: `now` */
  readonly today?: Clock
  /** requests that read, at the same time */
  readonly concurrency: number
  /** ends early when the run does */
  readonly sleep: (milliseconds: number) => Promise<unknown>
  /** true once nothing new is to be begun: requests may then end with errors of kind `deadline` */
  readonly timeIsUp: () => boolean
  /** true when that is because the job was cancelled: seconds are left, not minutes */
  readonly isCancelled?: () => boolean
  /** What the work comes to; null once it is not waited for any longer. */
  readonly orAbandoned?: <T>(work: Promise<T>) => Promise<T | null>
  /**
   * true once so much time has passed that the rest is needed for deleting: nothing more is read and planned
   */
  readonly isTimeToDelete?: () => boolean
  /** what was looked at again some seconds after it was deleted, by registry; of the whole run */
  readonly lookedLater?: Set<string>
  /** Told once, before the first deletion, what is to be done. */
  readonly onPlanned?: (report: PruneReport) => Promise<void>
  /**
   * Keeps what it takes to put back what the next write takes away; done when that is safe. Left out where
   * nobody asked for it.
   * @returns why it could not be kept
   */
  readonly record?: (entry: UndoEntry) => Promise<WardenError | null>
}
