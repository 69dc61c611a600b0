import type { GarbageCollection } from '../storage/garbage.ts'
import type { PruneReport, PruneVerdict } from './outcome.ts'

/** Why nothing is swept after this prune; null: something may be. */
export function obstacleToSweep({ verdict, dryRun }: PruneReport): string | null {
  if (verdict === 'fail') {
    const end = dryRun ? 'would not end' : 'did not end'
    return `the prune ${end} well, and what it deleted can be put back only as long as nothing is swept`
  }
  return verdict === 'partial' ? 'the prune was stopped early; the next run goes on' : null
}

/** The report of a prune with the garbage collection after it: what is freed is what that swept. */
export function withGarbage(report: PruneReport, garbage: GarbageCollection): PruneReport {
  return {
    ...report,
    garbage,
    reclaimedBytes: garbage.bytes,
    reclaimsMore: false,
    verdict: verdictWith(report.verdict, garbage),
  }
}

function verdictWith(verdict: PruneVerdict, { state, damage }: GarbageCollection): PruneVerdict {
  if (verdict === 'fail' || state === 'refused' || state === 'failed') return 'fail'
  if (verdict === 'partial' || state === 'partial') return 'partial'
  return damage.length > 0 ? 'warn' : verdict
}
