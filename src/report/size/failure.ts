import type { SizeReport } from '../../domain/size/report.ts'
import { sanitiseLine } from '../../domain/text.ts'
import { ICONS } from '../verdict.ts'
import { breachText } from './breach.ts'
import type { BreachGroup } from './breach.ts'
import { judgement } from './headline.ts'
import type { SizeView } from './view.ts'

const FOREIGN_LENGTH = 600

/**
 * The last line of a failed step: which image is worst and why, how many others, and what can be done. Where
 * several are over one limit for one reason, which an annotation has told, it only counts them.
 */
export function sizeFailure(view: SizeView): string {
  const { report, rows, units } = view
  const hard = view.breaches.filter(({ worst }) => worst.severity === 'fail')
  const worst = worstOf(hard)
  const { unmeasured } = report
  const others = rows.length > 1 && report.breaches.length > 0 ? judgement(view) : []
  const missing = unmeasured.slice(0, 1).map((what) => sanitiseLine(what, FOREIGN_LENGTH))
  const more = unmeasured.length > 1 ? [`${unmeasured.length - 1} more like it`] : []
  const isToldOnce = hard.length === 1 && (worst?.all.length ?? 0) > 1
  const words =
    worst === undefined
      ? [...missing, ...more, ...others]
      : [
          ...(isToldOnce ? [] : [sanitiseLine(breachText(worst, units), FOREIGN_LENGTH)]),
          ...others,
          ...missing,
          ...more,
          remedy(worst, report),
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
  const less = limit === 'max-layers' ? 'use fewer layers' : 'make it smaller'
  if (overrideLabel === null) return `${less}, or raise ${limit}`
  return `${less}, raise ${limit}, or set the label "${sanitiseLine(overrideLabel, 100)}"`
}
