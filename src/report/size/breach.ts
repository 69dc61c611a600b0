import { formatPlatform } from '../../domain/names/platform.ts'
import { formatBytes, formatChange } from '../../domain/quantities/bytes.ts'
import type { Units } from '../../domain/quantities/bytes.ts'
import type { Breach } from '../../domain/size/report.ts'
import { formatShare, limitWords, plural } from '../markdown/words.ts'
import type { SizeRow } from './rows.ts'

/**
 * What one breach says, apart from which image it is about. `layer`, `rule` and `reason` are foreign text.
 */
export interface BreachWords {
  /** "318.5 MiB", "14 layers", "+18.4 MiB" */
  readonly actual: string
  /** "is", of layers "are" */
  readonly verb: string
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
  const counts = limit === 'max-layers'
  const excess = counts ? String(actual - allowed) : formatBytes(actual - allowed, units)
  const bound = counts ? String(allowed) : limitWords(allowed, units, shareText(breach))
  return {
    actual: actualText(breach, units),
    verb: counts && actual !== 1 ? 'are' : 'is',
    excess: `${excess} over ${limit} ${bound}`,
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
function shareText({ limit, actual, allowed }: Breach): string | null {
  return isAboutGrowth(limit) ? null : formatShare(actual, allowed)
}

/** Whether the limit is held against the difference to the baseline. */
export function isAboutGrowth(limit: Breach['limit']): boolean {
  return limit.endsWith('-increase')
}

/** One breach as a line of plain text, for annotations. Holds foreign text. */
export function breachText(breach: Breach, units: Units): string {
  const { actual, verb, excess, layer, reason, rule } = breachWords(breach, units)
  const platform = breach.platform === null ? '' : ` ${formatPlatform(breach.platform)}`
  const which = layer === null ? '' : `, layer "${layer}"`
  const why = reason === null ? '' : ` (${reason})`
  const by = rule === null ? '' : `, rule "${rule}"`
  return `${breach.image}${platform}${which}: ${actual} ${verb} ${excess}${why}${by}`
}

/** The order in which limits are told of: what fails before what warns, what weighs most first. */
const LIMITS: readonly Breach['limit'][] = [
  'max-size',
  'max-increase',
  'max-layer-size',
  'max-layers',
  'max-wasted',
  'warn-size',
  'warn-increase',
  'warn-wasted',
]

/**
 * By limit, then in the order of the rows, which is that of the table; of one platform image the largest
 * excess first.
 */
export function sortBreaches(breaches: readonly Breach[], rows: readonly SizeRow[]): Breach[] {
  const places = new Map(rows.flatMap((row, place) => row.breaches.map((breach) => [breach, place])))
  const placeOf = (breach: Breach): number => places.get(breach) ?? rows.length
  return breaches.toSorted(
    (a, b) =>
      LIMITS.indexOf(a.limit) - LIMITS.indexOf(b.limit) || placeOf(a) - placeOf(b) || b.actual - a.actual,
  )
}

/** A limit that never fails a run, whatever `on-exceed` says. */
export function isSoft(breach: Breach): boolean {
  return breach.limit.startsWith('warn-')
}
