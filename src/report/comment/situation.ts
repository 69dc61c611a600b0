import type { Situation } from '../../domain/comment/decision.ts'
import type { JudgedImage, SizeReport } from '../../domain/size/report.ts'

/** What of a report decides whether the pull request is told. */
export function commentSituation({ breaches, verdict, images }: SizeReport): Situation {
  return {
    // what could not be measured or judged is as good a reason to speak as a limit
    exceeded: breaches.length > 0 || verdict === 'fail',
    changed: images.some(isChanged),
    hasBaseline: images.some(({ baseline }) => baseline?.state === 'found'),
  }
}

function isChanged({ baseline, platforms }: JudgedImage): boolean {
  const removed = baseline?.state === 'found' && baseline.removed.length > 0
  return removed || platforms.some(({ growth }) => growth?.state === 'changed' || growth?.state === 'new')
}
