import { formatBytes } from '../../domain/quantities/bytes.ts'
import type { Units } from '../../domain/quantities/bytes.ts'
import type { Growth, KnownGrowth } from '../../domain/growth/growth.ts'
import type { AppliedLimit, Breach, JudgedPlatform } from '../../domain/size/report.ts'
import { formatGrowth, formatShare, limitWords } from '../markdown/words.ts'

/** The growth in numbers; null where nothing was, or could be, compared. */
export function knownGrowth({ growth }: Pick<JudgedPlatform, 'growth'>): KnownGrowth | null {
  return growth?.state === 'changed' || growth?.state === 'unchanged' ? growth : null
}

/** `+18.4 MiB (+6.1 %)`, else the state in a word: a size is never compared with nothing. */
export function growthText(growth: Growth, units: Units): string {
  if (growth.state !== 'changed') return growth.state
  return `${growth.estimated ? '≈ ' : ''}${formatGrowth(growth.difference, growth.ratio, units)}`
}

/** A size for people, marked when it is an estimate. */
export function estimatedBytes(size: number, estimated: boolean, units: Units): string {
  return `${estimated ? '≈ ' : ''}${formatBytes(size, units)}`
}

/** The size that limits apply to. */
export function sizeText({ judgedSize, estimated }: JudgedPlatform, units: Units): string {
  return estimatedBytes(judgedSize, estimated, units)
}

/** Whether limits look at less than all of it: layers of the base image do not count. */
export function judgesOwn({ judgedSize, size }: JudgedPlatform): boolean {
  return judgedSize !== size
}

/**
 * `limitText` beside others: `no limit` where rules apply to the others and none names this one; null where
 * nothing is to be said.
 */
export function limitAmong(rows: readonly LimitedRow[], units: Units): (row: LimitedRow) => string | null {
  const isLimitless = limitlessAmong(rows.map(({ platform }) => platform))
  return (row) => limitText(row, units) ?? (isLimitless(row.platform) ? 'no limit' : null)
}

/** A platform image and the limits that it is over. */
export interface LimitedRow {
  readonly platform: JudgedPlatform
  readonly breaches: readonly Breach[]
}

/**
 * Whether no rule names one of several that rules apply to. A limit of growth may yet wait for a baseline.
 */
export function limitlessAmong(platforms: readonly JudgedPlatform[]): (platform: JudgedPlatform) => boolean {
  const hasSizeLimit = platforms.some(({ limit }) => limit !== null)
  const hasGrowthLimit = platforms.some(({ growthLimit }) => growthLimit !== null)
  return (platform) =>
    platform.limit === null &&
    platform.growthLimit === null &&
    platform.unjudged === undefined &&
    platform.wastedLimit === undefined &&
    (hasSizeLimit || (hasGrowthLimit && knownGrowth(platform) !== null))
}

/** A limit beside what it is compared with, both in bytes, or as a number of layers. */
interface Use extends Pick<Breach, 'limit' | 'actual' | 'allowed'> {
  /** 2 where it is exceeded and fails, 1 where it is exceeded and warns */
  readonly excess: 0 | 1 | 2
}

/**
 * The limit that matters most, by its kind, and how much of it is used: `max-size 310.0 MiB (103 %)`,
 * `max-increase +15.0 MiB (123 %)`. One that is exceeded and fails comes before all others. Null where none
 * applies.
 */
function limitText({ platform, breaches }: LimitedRow, units: Units): string | null {
  const { limit, growthLimit, wastedLimit, explanation, growth, judgedSize } = platform
  // below the threshold nothing grew, and what shrank uses nothing of what it may grow
  const grown = growth?.state === 'changed' ? Math.max(0, growth.difference) : 0
  const uses = [
    ...(limit === null ? [] : [useOf(limit, 'size', judgedSize)]),
    ...(growthLimit === null ? [] : [useOf(growthLimit, 'increase', grown)]),
    ...(wastedLimit === undefined ? [] : [useOf(wastedLimit, 'wasted', explanation?.wasted?.bytes ?? 0)]),
    ...breaches.filter((breach) => ALSO.has(breach.limit)).map(useOfBreach),
  ]
  const [nearest] = uses.toSorted((a, b) => b.excess - a.excess || share(b) - share(a))
  // a limit that is met is not why it fails or warns
  const isCause = platform.verdict !== 'pass' && (nearest?.excess ?? 0) === 0
  if (platform.unjudged !== undefined && (isCause || nearest === undefined))
    return `${platform.unjudged} not judged`
  return nearest === undefined ? null : useText(nearest, units)
}

/** Limits that are told of only where they are exceeded. */
const ALSO: ReadonlySet<Breach['limit']> = new Set(['max-layers', 'max-layer-size'])

function useOf({ bytes, severity }: AppliedLimit, kind: 'size' | 'increase' | 'wasted', actual: number): Use {
  const excess = actual <= bytes ? 0 : severity === 'warn' ? 1 : 2
  return { limit: nameOfLimit({ severity }, kind), actual, allowed: bytes, excess }
}

/** `max-size`, `warn-increase`. */
export function nameOfLimit<K extends 'size' | 'increase' | 'wasted'>(
  { severity }: Pick<AppliedLimit, 'severity'>,
  kind: K,
): `max-${K}` | `warn-${K}` {
  return severity === 'warn' ? `warn-${kind}` : `max-${kind}`
}

function useOfBreach({ limit, actual, allowed }: Breach): Use {
  return { limit, actual, allowed, excess: 2 }
}

function share({ actual, allowed }: Use): number {
  return actual === 0 ? 0 : actual / allowed
}

function useText({ limit, actual, allowed }: Use, units: Units): string {
  const used = allowed === 0 ? null : formatShare(actual, allowed)
  if (limit === 'max-layers') return `${limit} ${allowed}${used === null ? '' : ` (${used})`}`
  const sign = limit.endsWith('-increase') ? '+' : ''
  return `${limit} ${sign}${limitWords(allowed, units, used)}`
}
