import type { RefTemplate } from '../domain/prune/protect-refs.ts'
import type { PrunePolicy } from '../domain/prune/policy.ts'
import type { RepositoryInput } from './repository-inputs.ts'

export interface PruneSettings {
  readonly repositories: readonly RepositoryInput[]
  /** without what `protect-files` adds, which needs the files */
  readonly policy: PrunePolicy
  /** globs of checked-out files */
  readonly protectFiles: readonly string[]
  /** what is alive on GitHub and protects, expanded once the tags are listed */
  readonly protectRefs: readonly RefTemplate[]
  readonly dryRun: boolean
  readonly validate: boolean
  readonly planFile: string | null
  readonly applyPlan: string | null
  readonly undoFile: string | null
  /** only with a storage folder as `registry` */
  readonly garbageCollect: boolean
}

/** What `mode: undo` puts back. */
export interface UndoSettings {
  readonly undoFile: string
  /** narrows to these; empty: all that the file names */
  readonly repositories: readonly RepositoryInput[]
}
