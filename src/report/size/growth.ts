import { formatBytes } from '../../domain/quantities/bytes.ts'
import type { Units } from '../../domain/quantities/bytes.ts'
import type { Growth, KnownGrowth } from '../../domain/growth/growth.ts'
import type { AppliedLimit, JudgedPlatform } from '../../domain/size/report.ts'
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
export function limitAmong(
  platforms: readonly JudgedPlatform[],
  units: Units,
): (platform: JudgedPlatform) => string | null {
  const isLimitless = limitlessAmong(platforms)
  return (platform) => limitText(platform, units) ?? (isLimitless(platform) ? 'no limit' : null)
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
    (hasSizeLimit || (hasGrowthLimit && knownGrowth(platform) !== null))
}

/** A limit beside what it is compared with. */
interface Use {
  readonly limit: AppliedLimit
  readonly actual: number
  /** what it limits: the end of its input's name, and `+` where it is a growth */
  readonly kind: 'size' | 'increase'
}

/**
 * The limit that matters most, by its kind, and how much of it is used: `max-size 310.0 MiB (103 %)`,
 * `max-increase +15.0 MiB (123 %)`. Null where none applies.
 */
function limitText(platform: JudgedPlatform, units: Units): string | null {
  const { limit, growthLimit, growth, judgedSize } = platform
  // below the threshold nothing grew, and what shrank uses nothing of what it may grow
  const grown = growth?.state === 'changed' ? Math.max(0, growth.difference) : 0
  const uses: readonly Use[] = [
    ...(limit === null ? [] : [{ limit, actual: judgedSize, kind: 'size' as const }]),
    ...(growthLimit === null ? [] : [{ limit: growthLimit, actual: grown, kind: 'increase' as const }]),
  ]
  const [nearest] = uses.toSorted((a, b) => excess(b) - excess(a) || share(b) - share(a))
  return nearest === undefined ? null : useText(nearest, units)
}

/** Whether it is exceeded: 2 for a limit that fails, 1 for one that warns. */
function excess({ limit, actual }: Use): number {
  if (actual <= limit.bytes) return 0
  return limit.severity === 'fail' ? 2 : 1
}

function share({ limit, actual }: Use): number {
  return actual === 0 ? 0 : actual / limit.bytes
}

function useText({ limit, actual, kind }: Use, units: Units): string {
  const input = `${limit.severity === 'warn' ? 'warn' : 'max'}-${kind}`
  const sign = kind === 'increase' ? '+' : ''
  const used = limit.bytes === 0 ? null : formatShare(actual, limit.bytes)
  return `${input} ${sign}${limitWords(limit.bytes, units, used)}`
}
