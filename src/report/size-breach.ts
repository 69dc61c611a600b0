import { formatPlatform } from '../domain/names/platform.ts'
import { formatBytes } from '../domain/quantities/bytes.ts'
import type { Units } from '../domain/quantities/bytes.ts'
import type { Breach } from '../domain/size/report.ts'
import { formatShare, plural } from './words.ts'

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
    actual: counts ? plural(actual, 'layer') : write(actual),
    excess: `${write(actual - allowed)} over ${limit} ${write(allowed)}${share}`,
    // without a history, a layer is named by its digest: "layer 1a2b3c4"
    layer: layer?.replace(/^layer (?=[0-9a-f]{7}$)/, '') ?? null,
    rule: rule.includes('=') ? rule : null,
  }
}

/** One breach as a line of plain text, for annotations. Holds foreign text. */
export function breachText(breach: Breach, units: Units): string {
  const { actual, excess, layer, rule } = breachWords(breach, units)
  const platform = breach.platform === null ? '' : ` ${formatPlatform(breach.platform)}`
  const which = layer === null ? '' : `, layer "${layer}"`
  const by = rule === null ? '' : `, rule "${rule}"`
  return `${breach.image}${platform}${which}: ${actual} is ${excess}${by}`
}

/** Hard limits first, then the largest excess in proportion. */
export function compareBreaches(a: Breach, b: Breach): number {
  return Number(isSoft(a)) - Number(isSoft(b)) || excessOf(b) - excessOf(a)
}

function excessOf({ actual, allowed }: Breach): number {
  return actual / Math.max(1, allowed)
}

/** A limit that never fails a run, whatever `on-exceed` says. */
export function isSoft(breach: Breach): boolean {
  return breach.limit.startsWith('warn-')
}
