import type { JudgedPlatform, SizeReport, Verdict } from '../domain/size/report.ts'

/** What a step ends with: a partial run is not proven right, so it is never `pass` or `warn`. */
export type Result = Verdict | 'partial'

/** A breach stands, however much was not measured. */
export function sizeResult(report: SizeReport): Result {
  return report.partial && report.verdict !== 'fail' ? 'partial' : report.verdict
}

/**
 * The icon of a report's result. Where no limit looked at anything, there is no verdict to show: `pass` would
 * say that something was judged.
 */
export function resultIcon(report: SizeReport): string {
  const result = sizeResult(report)
  return result === 'pass' && !isJudged(report) ? '' : ICONS[result]
}

/** Whether any limit looked at any platform image. */
export function isJudged({ images }: SizeReport): boolean {
  return images.some(({ platforms }) => platforms.some(({ isLimited }) => isLimited))
}

/** The verdict of one platform image in a word with its icon; a dash where nothing was judged. */
export function verdictWord({ verdict, isLimited }: Pick<JudgedPlatform, 'verdict' | 'isLimited'>): string {
  return verdict === 'pass' && !isLimited ? '–' : `${ICONS[verdict]} ${verdict}`
}

/** Always shown with a word beside it: not everyone sees colour and shape. */
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
