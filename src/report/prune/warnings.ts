import type { PruneReport } from '../../domain/prune/outcome.ts'

/** A warning of the plan and the repositories that it is about. */
export interface SharedWarning {
  /** holds foreign text */
  readonly message: string
  readonly repositories: readonly string[]
}

/** The warnings of all plans; the same said of several repositories is said once. */
export function sharedWarnings({ repositories }: PruneReport): SharedWarning[] {
  const all = repositories.flatMap(({ repository, warnings }) =>
    warnings.map(({ kind, subject, message }) => ({
      key: JSON.stringify([kind, subject, message]),
      message,
      repository,
    })),
  )
  return Array.from(Map.groupBy(all, ({ key }) => key).values(), (same) => ({
    message: same[0]?.message ?? '',
    repositories: same.map(({ repository }) => repository),
  }))
}
