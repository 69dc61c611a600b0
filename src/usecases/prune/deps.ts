import type { Clock, Log } from '../../domain/ports.ts'

/** What reading a repository is done with. */
export interface ReadDeps {
  /** requests at the same time */
  readonly concurrency: number
  /** called after each answer, so that long reading can say how far it is */
  readonly progress: () => void
  /** nothing will be deleted: what the vendor says that a tag names is believed, where it is known already */
  readonly dryRun?: boolean
}

/** What pruning is done with, besides the repositories themselves. */
export interface PruneDeps {
  readonly log: Log
  readonly now: Clock
  /** requests that read, at the same time */
  readonly concurrency: number
  /** ends early when the run does */
  readonly sleep: (milliseconds: number) => Promise<unknown>
  /** true once `max-duration` has passed: requests then end with errors of kind `deadline` */
  readonly timeIsUp: () => boolean
}
