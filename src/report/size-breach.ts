import { formatBytes } from '../domain/quantities/bytes.ts'
import type { Units } from '../domain/quantities/bytes.ts'
import type { Breach } from '../domain/size/report.ts'
import { formatShare } from './words.ts'

/** What one breach says, apart from which image it is about. `layer` and `rule` are foreign text. */
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

export function breachWords({ limit, actual, allowed, layer, rule }: Breach, units: Units): BreachWords {
  const counts = limit === 'max-layers'
  const write = (value: number): string => (counts ? String(value) : formatBytes(value, units))
  const share = counts ? '' : ` (${formatShare(actual, allowed)})`
  return {
    actual: counts ? `${actual} layers` : write(actual),
    excess: `${write(actual - allowed)} over ${limit} ${write(allowed)}${share}`,
    layer,
    rule: rule.includes('=') ? rule : null,
  }
}

/** Hard limits first, then the largest excess in proportion. */
export function compareBreaches(a: Breach, b: Breach): number {
  return Number(isSoft(a)) - Number(isSoft(b)) || b.actual / b.allowed - a.actual / a.allowed
}

/** A limit that never fails a run, whatever `on-exceed` says. */
export function isSoft(breach: Breach): boolean {
  return breach.limit === 'warn-size'
}
