import type { SizeReport, Verdict } from '../domain/size/report.ts'

/** What a step ends with: a partial run is not proven right, so it is never `pass` or `warn`. */
export type Result = Verdict | 'partial'

export function sizeResult(report: SizeReport): Result {
  return report.partial && report.verdict !== 'fail' ? 'partial' : report.verdict
}

/** Always shown with a word beside it: colour and shape alone do not reach everyone. */
export const ICONS: Record<Result, string> = { pass: '✅', warn: '⚠️', fail: '❌', partial: '⏳' }

export const SEVERITIES: Record<Result, number> = { fail: 0, warn: 1, partial: 2, pass: 3 }

/**
 * Whether the run failed because a baseline could not be read: all was measured, but its growth could not be
 * judged.
 */
export function isUnjudged({ images, partial }: SizeReport): boolean {
  return (
    !partial &&
    images.some(({ platforms }) =>
      platforms.some(({ growth, verdict }) => verdict === 'fail' && growth?.state === 'unknown'),
    )
  )
}
