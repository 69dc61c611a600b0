import type { PruneReport } from '../../domain/prune/outcome.ts'

/** A warning of the plan and the repositories that it is about. */
export interface SharedWarning {
  /** holds foreign text */
  readonly message: string
  readonly repositories: readonly string[]
  readonly level: 'warning' | 'notice'
}

/** The warnings of all plans; the same said of several repositories is said once. */
export function sharedWarnings({ repositories }: PruneReport): SharedWarning[] {
  const all = repositories.flatMap(({ repository, warnings }) =>
    warnings.map(({ kind, subject, message, level = 'warning' as const }) => ({
      key: JSON.stringify([kind, subject, message]),
      message,
      level,
      repository,
    })),
  )
  return Array.from(Map.groupBy(all, ({ key }) => key).values(), (same) => ({
    message: same[0]?.message ?? '',
    level: same[0]?.level ?? 'warning',
    repositories: same.map(({ repository }) => repository),
  }))
}
