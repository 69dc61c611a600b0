import { formatBytes } from '../domain/quantities/bytes.ts'
import type { Units } from '../domain/quantities/bytes.ts'
import type { Breach } from '../domain/size/report.ts'
import { formatShare } from './share.ts'

/** What one breach says, apart from which image it is about; `layer` is foreign text. */
export interface BreachWords {
  /** "318.5 MiB", "14 layers" */
  readonly actual: string
  /** "8.5 MiB over max-size 310.0 MiB (103 %)" */
  readonly excess: string
  /** the layer that is too large, for `max-layer-size` */
  readonly layer: string | null
  /** the rule, where it says more than the limit itself: which images it is for */
  readonly rule: string | null
}

export function breachWords(breach: Breach, units: Units): BreachWords {
  const { limit, actual, allowed } = breach
  const count = limit === 'max-layers'
  const write = (value: number): string => (count ? String(value) : formatBytes(value, units))
  return {
    actual: count ? `${String(actual)} layers` : write(actual),
    excess: `${write(actual - allowed)} over ${limit} ${write(allowed)}${count ? '' : ` (${formatShare(actual, allowed)})`}`,
    layer: breach.layer,
    rule: breach.rule.includes('=') ? breach.rule : null,
  }
}

/** Hard limits first, then the largest excess in proportion. */
export function compareBreaches(a: Breach, b: Breach): number {
  const soft = (breach: Breach): number => Number(breach.limit === 'warn-size')
  return soft(a) - soft(b) || b.actual / b.allowed - a.actual / a.allowed
}
