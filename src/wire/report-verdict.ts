import type { Breach, JudgedImage, Verdict } from '../domain/size/report.ts'

/** What a report file says of its own verdict, in several places. */
export interface ClaimedVerdict {
  readonly result: Verdict | 'partial'
  readonly verdict: Verdict
  readonly images: readonly JudgedImage[]
  readonly breaches: readonly Breach[]
  readonly partial: boolean
  readonly unmeasured: readonly string[]
  readonly leniency: string | null
}

const RANK: Readonly<Record<Verdict, number>> = { pass: 0, warn: 1, fail: 2 }

/**
 * Where a report contradicts itself: whoever wrote it might want a green headline over a red row. Empty for
 * every report that this action writes.
 */
export function contradictionsIn(claimed: ClaimedVerdict): string[] {
  const { result, verdict, images, breaches, partial, unmeasured, leniency } = claimed
  const found: string[] = []
  const platforms = images.flatMap((image) => image.platforms)
  const parts = [...platforms.map((one) => one.verdict), ...breaches.map(({ severity }) => severity)]
  const worst = parts.reduce((most, one) => Math.max(most, RANK[one]), 0)
  const isIncomplete = unmeasured.length > 0
  const expected = verdict === 'fail' ? 'fail' : partial ? 'partial' : verdict
  if (result !== expected) found.push(`result is ${result}, but verdict is ${verdict}`)
  if (RANK[verdict] < worst) found.push(`verdict is ${verdict}, but a platform or limit says more`)
  if (isIncomplete && !partial && verdict !== 'fail')
    found.push(`verdict is ${verdict}, but something was not measured`)
  if (verdict === 'fail' && worst < RANK.fail && !isIncomplete)
    found.push('verdict is fail, but nothing failed')
  if (leniency !== null && breaches.some(({ severity }) => severity === 'fail'))
    found.push('leniency is set, but a limit fails')
  if (
    platforms.some(
      ({ limit, judgedSize, verdict: own }) => own === 'pass' && limit !== null && judgedSize > limit.bytes,
    )
  )
    found.push('a platform passes above its limit')
  return found
}
