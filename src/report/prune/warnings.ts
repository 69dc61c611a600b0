import type { PlanWarning } from '../../domain/prune/decision.ts'
import type { PruneReport } from '../../domain/prune/outcome.ts'

/** A warning of the plan and the repositories that it is about. */
export interface SharedWarning {
  /** holds foreign text */
  readonly message: string
  /** none: it is about the run */
  readonly repositories: readonly string[]
  readonly level: 'warning' | 'notice'
}

/** The warnings of the run and of all plans; the same said of several repositories is said once. */
export function sharedWarnings({ repositories, warnings = [] }: PruneReport): SharedWarning[] {
  const all = repositories.flatMap(({ repository, warnings: ofPlan }) =>
    ofPlan.map((warning) => ({ warning, repository })),
  )
  const shared = Map.groupBy(all, ({ warning: { kind, subject, message } }) =>
    JSON.stringify([kind, subject, message]),
  )
  return [
    ...warnings.map((warning) => sharedBy(warning, [])),
    ...[...shared.values()].flatMap((same) =>
      same.slice(0, 1).map(({ warning }) =>
        sharedBy(
          warning,
          same.map(({ repository }) => repository),
        ),
      ),
    ),
  ]
}

function sharedBy(warning: PlanWarning, repositories: readonly string[]): SharedWarning {
  return { message: warning.message, level: warning.level ?? 'warning', repositories }
}
