import { formatPlatform } from '../../domain/names/platform.ts'
import { formatBytes, formatChange } from '../../domain/quantities/bytes.ts'
import type { Units } from '../../domain/quantities/bytes.ts'
import type { Breach, SizeReport } from '../../domain/size/report.ts'
import { formatShare, limitWords, listed, plural } from '../markdown/words.ts'
import { causeKey } from './cause.ts'
import type { SizeRow } from './rows.ts'

/**
 * Breaches that say the same: one limit that platforms of one image are over, by one rule and for one cause.
 */
export interface BreachGroup {
  /** the one to tell */
  readonly worst: Breach
  readonly all: readonly Breach[]
  /** the row of `worst`; null where a report file has none for it */
  readonly row: SizeRow | null
}

/**
 * What a group of breaches says, apart from which image it is about. All of it may be foreign text.
 */
export interface BreachWords {
  /** "318.5 MiB is 8.5 MiB over max-size 310.0 MiB (103 %)" */
  readonly actual: string
  /** "is", of layers "are"; of several that differ a comma */
  readonly verb: string
  /** "8.5 MiB over max-size 310.0 MiB (103 %)" */
  readonly excess: string
  /** "linux/amd64, linux/arm64"; null where no platform is known */
  readonly platforms: string | null
  /** the layer that is too large, for `max-layer-size` */
  readonly layer: string | null
  /** which shares of the baseline the growth exceeds: "more than 5%" */
  readonly reason: string | null
  /** the rule, where it says more than the limit itself: which images it is for */
  readonly rule: string | null
}

/** A breach in the parts of a sentence; `max-layers` counts, the other limits weigh. */
export function breachWords(group: BreachGroup, units: Units): BreachWords {
  const { worst, all } = group
  const { limit, actual, allowed, layer, reason, rule } = worst
  const counts = limit === 'max-layers'
  const excess = counts ? String(actual - allowed) : formatBytes(actual - allowed, units)
  const bound = counts ? String(allowed) : limitWords(allowed, units, shareText(worst))
  const told = new Set(all.map((breach) => `${actualText(breach, units)} ${breach.allowed}`))
  const platforms = all.map((breach) => breach.platform).filter((platform) => platform !== null)
  const isSpread = told.size > 1
  const common = {
    actual: `${isSpread ? 'up to ' : ''}${actualText(worst, units)}`,
    platforms: platforms.length === 0 ? null : listed(platforms.map(formatPlatform)),
  }
  if (isAboutWaste(limit)) {
    const excess = wasteExcess(group, units)
    return { ...common, verb: isSpread ? '' : ' is', excess, layer: null, reason: null, rule: null }
  }
  return {
    ...common,
    verb: isSpread ? ',' : counts && actual !== 1 ? ' are' : ' is',
    excess: `${excess} over ${limit} ${bound}`,
    // without a history, a layer is named by its digest: "layer 1a2b3c4"
    layer: layer?.replace(/^layer ([0-9a-f]{7})$/, '$1…') ?? null,
    // bytes are said already
    reason: reason?.includes('%') === true ? reason : null,
    rule: rule.includes('=') ? rule : null,
  }
}

/** `wasted (56 % of 9.0 MiB unpacked), over max-wasted 5%`: what the limit is about is no size of the image. */
function wasteExcess({ worst: { limit, actual, allowed, rule }, row }: BreachGroup, units: Units): string {
  const unpacked = row?.platform.explanation?.wasted?.unpacked
  const part =
    unpacked === undefined
      ? ''
      : ` (${formatShare(actual, unpacked)} of ${formatBytes(unpacked, units)} unpacked)`
  const bound = rule.includes('%')
    ? `over ${limit} ${rule}`
    : `${formatBytes(actual - allowed, units)} over ${limit} ${limitWords(allowed, units, null)}`
  return `wasted${part}, ${bound}`
}

/** What can be done about a breach of this limit besides raising it. */
export function breachAdvice(limit: Breach['limit']): string {
  if (isAboutWaste(limit)) return 'remove files in the same RUN that makes them'
  return limit === 'max-layers' ? 'use fewer layers' : 'make it smaller'
}

/** Whether the limit is about bytes that later layers replace or remove. */
export function isAboutWaste(limit: Breach['limit']): boolean {
  return limit.endsWith('-wasted')
}

function actualText({ limit, actual }: Breach, units: Units): string {
  if (limit === 'max-layers') return plural(actual, 'layer')
  return isAboutGrowth(limit) ? formatChange(actual, units) : formatBytes(actual, units)
}

/** How much of the limit is used; of an allowed growth that says nothing. */
function shareText({ limit, actual, allowed }: Breach): string | null {
  return isAboutGrowth(limit) ? null : formatShare(actual, allowed)
}

/** Whether the limit is about the difference to the baseline. */
export function isAboutGrowth(limit: Breach['limit']): boolean {
  return limit.endsWith('-increase')
}

/** A group of breaches as a line of plain text, for annotations. Holds foreign text. */
export function breachText(group: BreachGroup, units: Units): string {
  const { actual, verb, excess, platforms, layer, reason, rule } = breachWords(group, units)
  const where = platforms === null ? '' : ` ${platforms}`
  const which = layer === null ? '' : `, layer "${layer}"`
  const why = reason === null ? '' : ` (${reason})`
  const by = rule === null ? '' : `, rule "${rule}"`
  return `${nameText(group)}${where}${which}: ${actual}${verb} ${excess}${why}${by}`
}

/** `ghcr.io/acme/api:v1.2.3 (also v1.2, v1, latest)`, the name whose rule it is first. */
function nameText({ worst, row }: BreachGroup): string {
  const others = (row?.image.names ?? []).filter(({ name }) => name !== worst.image)
  return others.length === 0
    ? worst.image
    : `${worst.image} (also ${listed(others.map(({ name, tag }) => tag ?? name))})`
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
 * Breaches with those that say the same together: by limit, then in the order of the rows, which is that of
 * the table; of one platform image the largest excess first.
 */
export function groupBreaches({ breaches }: SizeReport, rows: readonly SizeRow[]): BreachGroup[] {
  const rowOf = new Map(rows.flatMap((row) => row.breaches.map((breach) => [breach, row])))
  const places = new Map(rows.flatMap((row, place) => row.breaches.map((breach) => [breach, place])))
  const placeOf = (breach: Breach): number => places.get(breach) ?? rows.length
  const sorted = breaches.toSorted(
    (a, b) =>
      LIMITS.indexOf(a.limit) - LIMITS.indexOf(b.limit) || placeOf(a) - placeOf(b) || b.actual - a.actual,
  )
  const groups = Map.groupBy(sorted, (breach) => sameness(breach, rowOf.get(breach) ?? null))
  return Array.from(groups.values()).flatMap((all) => {
    const [worst] = all
    return worst === undefined ? [] : [{ worst, all, row: rowOf.get(worst) ?? null }]
  })
}

/** Equal for breaches that tell a reader the same thing. */
function sameness({ limit, severity, image, rule, layer, reason }: Breach, row: SizeRow | null): string {
  const cause = row !== null && isAboutGrowth(limit) ? causeKey(row.platform) : null
  return JSON.stringify([limit, severity, image, rule, layer, reason, cause])
}

/** A limit that never fails a run, whatever `on-exceed` says. */
export function isSoft(breach: Breach): boolean {
  return breach.limit.startsWith('warn-')
}
