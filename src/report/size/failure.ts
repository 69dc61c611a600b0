import type { SizeReport } from '../../domain/size/report.ts'
import { sanitiseLine } from '../../domain/text.ts'
import { ICONS } from '../verdict.ts'
import { breachAdvice, breachText } from './breach.ts'
import type { BreachGroup } from './breach.ts'
import { judgement, unfinished } from './headline.ts'
import type { SizeView } from './view.ts'

const FOREIGN_LENGTH = 600

/**
 * The last line of a failed step: how many are over a limit, and what can be done. What an annotation has told
 * in a whole sentence is not told again; of several breaches it names the worst.
 */
export function sizeFailure(view: SizeView): string {
  const { report, units } = view
  const hard = view.breaches.filter(({ worst }) => worst.severity === 'fail')
  const worst = worstOf(hard)
  const words = [
    ...(worst === undefined || hard.length === 1
      ? []
      : [sanitiseLine(breachText(worst, units), FOREIGN_LENGTH)]),
    ...(report.breaches.length > 0 ? judgement(view) : []),
    ...(worst === undefined ? [] : [remedy(worst, report)]),
    ...unfinished(view),
  ]
  return `${ICONS.fail} ${words.join(' · ')}`
}

/**
 * Of the limit that weighs most, the largest excess in proportion; the table of many tags has another order.
 */
function worstOf(groups: readonly BreachGroup[]): BreachGroup | undefined {
  const share = ({ worst }: BreachGroup): number => worst.actual / Math.max(1, worst.allowed)
  return groups
    .filter(({ worst }) => worst.limit === groups[0]?.worst.limit)
    .reduce<BreachGroup | undefined>(
      (most, one) => (most && share(most) >= share(one) ? most : one),
      undefined,
    )
}

function remedy({ worst: { limit } }: BreachGroup, { overrideLabel }: SizeReport): string {
  const less = breachAdvice(limit)
  if (overrideLabel === null) return `${less}, or raise ${limit}`
  return `${less}, raise ${limit}, or set the label "${sanitiseLine(overrideLabel, 100)}" and run the job again`
}
