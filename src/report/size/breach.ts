import { formatPlatform } from '../../domain/names/platform.ts'
import { formatBytes, formatChange } from '../../domain/quantities/bytes.ts'
import type { Units } from '../../domain/quantities/bytes.ts'
import type { Breach } from '../../domain/size/report.ts'
import { formatShare, plural } from '../markdown/words.ts'

/** What one breach says, apart from which image it is about. `layer`, `rule` and `reason` are foreign text. */
export interface BreachWords {
  /** "318.5 MiB", "14 layers", "+18.4 MiB" */
  readonly actual: string
  /** "8.5 MiB over max-size 310.0 MiB (103 %)" */
  readonly excess: string
  /** the layer that is too large, for `max-layer-size` */
  readonly layer: string | null
  /** which shares of the baseline the growth exceeds: "more than 5%" */
  readonly reason: string | null
  /** the rule, where it says more than the limit itself: which images it is for */
  readonly rule: string | null
}

export function breachWords(breach: Breach, units: Units): BreachWords {
  const { limit, actual, allowed, layer, reason, rule } = breach
  const write = (value: number): string =>
    limit === 'max-layers' ? String(value) : formatBytes(value, units)
  return {
    actual: actualText(breach, units),
    excess: `${write(actual - allowed)} over ${limit} ${write(allowed)}${shareText(breach)}`,
    // without a history, a layer is named by its digest: "layer 1a2b3c4"
    layer: layer?.replace(/^layer (?=[0-9a-f]{7}$)/, '') ?? null,
    // bytes are said already
    reason: reason?.includes('%') === true ? reason : null,
    rule: rule.includes('=') ? rule : null,
  }
}

function actualText({ limit, actual }: Breach, units: Units): string {
  if (limit === 'max-layers') return plural(actual, 'layer')
  return isAboutGrowth(limit) ? formatChange(actual, units) : formatBytes(actual, units)
}

/** How much of the limit is used; of an allowed growth that says nothing. */
function shareText({ limit, actual, allowed }: Breach): string {
  return limit === 'max-layers' || isAboutGrowth(limit) ? '' : ` (${formatShare(actual, allowed)})`
}

/** Whether the limit is held against the difference to the baseline. */
export function isAboutGrowth(limit: Breach['limit']): boolean {
  return limit.endsWith('-increase')
}

/** One breach as a line of plain text, for annotations. Holds foreign text. */
export function breachText(breach: Breach, units: Units): string {
  const { actual, excess, layer, reason, rule } = breachWords(breach, units)
  const platform = breach.platform === null ? '' : ` ${formatPlatform(breach.platform)}`
  const which = layer === null ? '' : `, layer "${layer}"`
  const why = reason === null ? '' : ` (${reason})`
  const by = rule === null ? '' : `, rule "${rule}"`
  return `${breach.image}${platform}${which}: ${actual} is ${excess}${why}${by}`
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
