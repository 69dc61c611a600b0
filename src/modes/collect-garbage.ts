import type { PruneSettings } from '../action/prune-settings.ts'
import type { Session } from '../compose.ts'
import { isStorageFolder } from '../domain/names/registry.ts'
import { obstacleToSweep, withGarbage } from '../domain/prune/garbage-report.ts'
import type { PruneReport } from '../domain/prune/outcome.ts'
import { NOTHING_SWEPT } from '../domain/storage/garbage.ts'
import type { HeldManifest } from '../domain/storage/garbage.ts'
import { whatWent } from '../usecases/prune/outcomes.ts'
import type { PruneRequest } from '../usecases/prune/prune.ts'

/**
 * Input `garbage-collect`: sweeps the storage folder after a prune that ended well. From then on the prune
 * cannot be undone.
 */
export async function collectGarbage(
  report: PruneReport,
  { targets }: PruneRequest,
  { garbageCollect, policy, dryRun }: PruneSettings,
  session: Pick<Session, 'collectGarbage'>,
): Promise<PruneReport> {
  if (!garbageCollect || session.collectGarbage === null) return report
  const why = obstacleToSweep(report)
  if (why !== null) return withGarbage(report, { ...NOTHING_SWEPT, state: 'skipped', why })
  const grace = policy.untaggedGrace
  const request = dryRun ? { dryRun, goes: whatWouldGo(report, targets), grace } : { dryRun, grace }
  const garbage = await session.collectGarbage(request)
  return withGarbage(report, garbage)
}

function whatWouldGo({ repositories }: PruneReport, targets: PruneRequest['targets']): HeldManifest[] {
  const inFolder = new Set(targets.flatMap(({ target }) => (isStorageFolder(target) ? [target.name] : [])))
  return repositories.flatMap(({ repository, manifests }) =>
    inFolder.has(repository)
      ? whatWent(manifests, true).map(({ digest }) => ({ repository: pathOf(repository), digest }))
      : [],
  )
}

/** `host/path` without the host. */
function pathOf(name: string): string {
  return name.slice(name.indexOf('/') + 1)
}
