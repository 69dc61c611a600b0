import type { MissingBaseline, UnknownGrowth } from '../growth/growth.ts'
import { formatPlatform } from '../names/platform.ts'
import { totalBytes } from '../quantities/bytes.ts'
import type { Bytes } from '../quantities/bytes.ts'
import { shortCommits } from '../text.ts'
import { applyLimits, growthRuleOf } from './breaches.ts'
import type { Severity } from './breaches.ts'
import type { SizeLimits } from './limits.ts'
import { countLayers, largest, storedSize } from './measure.ts'
import type {
  Breach,
  JudgedImage,
  JudgedPlatform,
  MeasuredImage,
  MeasuredPlatform,
  SizeReport,
  Verdict,
} from './report.ts'
import { unusedRules } from './unused-rules.ts'

export type { Severity } from './breaches.ts'

/** What the run found besides sizes; decides the verdict together with the limits. */
export interface Findings {
  readonly notices: readonly string[]
  /** selected, but not measured, each with its reason */
  readonly unmeasured: readonly string[]
  /** time ran out: what it left unmeasured ends green and named partial */
  readonly partial: boolean
  /** something is unmeasured for another reason than time, and fails the run, partial or not */
  readonly broken: boolean
}

/**
 * Judges every platform image on its own, never a sum, and gathers the one value that everything is rendered
 * from.
 */
export function judgeSizes(
  measured: readonly MeasuredImage[],
  limits: SizeLimits,
  severity: Severity,
  findings: Findings,
): SizeReport {
  const judge = new Judge(limits, severity, findings)
  const images = measured.map((image) => judge.image(image))
  const platforms = images.flatMap((image) => image.platforms)
  const unmeasured = [...findings.unmeasured, ...judge.unjudged]
  const unused = unusedRules(limits, images)
  const incomplete = findings.broken || (unmeasured.length > 0 && !findings.partial)
  return {
    verdict: worst([
      incomplete ? 'fail' : 'pass',
      unused.isAnyLimitOff ? 'warn' : 'pass',
      ...platforms.map((platform) => platform.verdict),
    ]),
    images,
    ...totalsOf(images),
    breaches: judge.breaches,
    notices: [...findings.notices, ...judge.notices],
    warnings: unused.warnings,
    partial: findings.partial,
    unmeasured,
    leniency: judge.breaches.length > 0 && severity !== 'fail' ? severity.warnBecause : null,
    overrideLabel: null,
  }
}

/** Judges one platform image after the other, and remembers what is to be said about them. */
class Judge {
  readonly breaches: Breach[] = []
  readonly notices = new Set<string>()
  /** images whose growth a limit asks for and that could not be compared */
  readonly unjudged = new Set<string>()
  readonly #limits: SizeLimits
  readonly #severity: Severity
  readonly #partial: boolean

  constructor(limits: SizeLimits, severity: Severity, findings: Findings) {
    this.#limits = limits
    this.#severity = severity
    this.#partial = findings.partial
  }

  image(image: MeasuredImage): JudgedImage {
    const platforms = image.platforms.map((platform) => this.#platform(image, platform))
    if (image.baseline?.state === 'missing') this.notices.add(missingNotice(image, image.baseline, platforms))
    return { ...image, platforms }
  }

  #platform(image: MeasuredImage, platform: MeasuredPlatform): JudgedPlatform {
    const { breaches, ...limits } = applyLimits(image, platform, this.#limits, this.#severity)
    this.breaches.push(...breaches)
    const { growth } = platform
    const unknown = growth?.state === 'unknown' ? growth : withoutCounterpart(image)
    const growthVerdict = unknown === null ? 'pass' : this.#unknown(image, platform, unknown)
    const isUnjudged = unknown !== null || image.baseline?.state === 'missing'
    const unjudged = isUnjudged ? growthRuleOf(image, platform, this.#limits) : null
    return {
      ...platform,
      ...limits,
      ...(unjudged === null ? {} : { unjudged }),
      isLimited: isLimited(limits, this.#limits),
      verdict: worst([growthVerdict, ...breaches.map((breach) => breach.severity)]),
    }
  }

  /**
   * What cannot be judged does not pass: a baseline that cannot be read would otherwise switch the limit off.
   */
  #unknown(image: MeasuredImage, platform: MeasuredPlatform, growth: UnknownGrowth): Verdict {
    const rule = growthRuleOf(image, platform, this.#limits)
    if (growth.cause === 'unread' && rule === 'max-increase') {
      this.unjudged.add(`${image.name}: max-increase cannot be judged: ${growth.reason}`)
      return this.#partial ? 'warn' : 'fail'
    }
    this.notices.add(`${image.name}: ${growth.reason}`)
    return growth.cause === 'unread' || rule !== null ? 'warn' : 'pass'
  }
}

/**
 * That an image has no baseline, what that switches off, and why. A new image has none, which is fine; a
 * misspelt entry of `baseline` looks the same.
 */
function missingNotice(
  { name, repository }: MeasuredImage,
  { skipped }: MissingBaseline,
  platforms: readonly JudgedPlatform[],
): string {
  const unjudged = new Set(platforms.map((platform) => platform.unjudged))
  const rule = LIMITS_OF_GROWTH.find((limit) => unjudged.has(limit))
  const effect = rule === undefined ? '' : `, so ${rule} is not judged`
  const tried = skipped.map(({ entry, cause, reason }) =>
    cause === 'absent' ? shortCommits(withoutRepository(reason, repository)) : `${entry}: ${reason}`,
  )
  return `${repository ?? name} has no baseline${effect}: ${tried.join('; ') || 'no entry is for this image'}`
}

/** `:main does not exist`, of what is told beside the name of its repository. */
function withoutRepository(reason: string, repository: string | null): string {
  return repository !== null && reason.startsWith(`${repository}:`) ? reason.slice(repository.length) : reason
}

const LIMITS_OF_GROWTH = ['max-increase', 'warn-increase'] as const

/**
 * Where no platform image has a counterpart in the baseline, its limits of growth looked at nothing: whoever
 * renames the only platform would be past them. Null: some have, or there is no baseline to look at.
 */
function withoutCounterpart({ baseline, platforms }: MeasuredImage): UnknownGrowth | null {
  if (baseline?.state !== 'found' || baseline.removed.length === 0) return null
  if (!platforms.every(({ growth }) => growth?.state === 'new')) return null
  const [was, is] = [namesOf(baseline.removed), namesOf(platforms)]
  const reason = `no growth to judge: the baseline ${baseline.name} is for ${was}, the image for ${is}`
  return { state: 'unknown', cause: 'incomparable', reason }
}

const MOST_NAMED = 5

function namesOf(platforms: readonly Pick<MeasuredPlatform, 'platform'>[]): string {
  const names = platforms.map(({ platform }) =>
    platform === null ? 'no platform' : formatPlatform(platform),
  )
  const more = names.length - MOST_NAMED
  return `${names.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/** A limit of growth that finds no baseline looked at nothing. */
function isLimited(
  { limit, growthLimit }: Pick<JudgedPlatform, 'limit' | 'growthLimit'>,
  { maxLayers, maxLayerSize }: SizeLimits,
): boolean {
  return limit !== null || growthLimit !== null || maxLayers !== null || maxLayerSize !== null
}

/** What follows from the images, however they were judged. */
export function totalsOf(
  images: readonly MeasuredImage[],
): Pick<SizeReport, 'size' | 'change' | 'totalSize' | 'uniqueSize' | 'layers'> {
  const platforms = images.flatMap((image) => image.platforms)
  return {
    size: largest(platforms.map((platform) => platform.judgedSize)),
    change: changeOfLargest(images),
    totalSize: distinctSize(images),
    uniqueSize: storedSize(platforms),
    layers: platforms.reduce((most, platform) => Math.max(most, countLayers(platform)), 0),
  }
}

/**
 * Every distinct platform image once. A tag of its own for a platform of an index names the same image; an
 * index that lists one manifest for several platforms has as many.
 */
function distinctSize(images: readonly MeasuredImage[]): Bytes {
  const most = new Map<string, { readonly count: number; readonly size: Bytes }>()
  for (const { repository, name, platforms } of images) {
    for (const [digest, same] of Map.groupBy(platforms, (platform) => platform.digest)) {
      const key = `${repository ?? name} ${digest}`
      if ((most.get(key)?.count ?? 0) >= same.length) continue
      most.set(key, { count: same.length, size: totalBytes(same.map(({ size }) => size)) })
    }
  }
  return totalBytes(Array.from(most.values(), ({ size }) => size))
}

function changeOfLargest(images: readonly MeasuredImage[]): SizeReport['change'] {
  let most: { readonly image: MeasuredImage; readonly platform: MeasuredPlatform } | null = null
  for (const image of images) {
    for (const platform of image.platforms) {
      if (most === null || platform.judgedSize > most.platform.judgedSize) most = { image, platform }
    }
  }
  const { baseline = null } = most?.image ?? {}
  const { growth = null } = most?.platform ?? {}
  return baseline?.state !== 'found' || growth === null ? null : { baseline: baseline.name, growth }
}

function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('fail')) return 'fail'
  return verdicts.includes('warn') ? 'warn' : 'pass'
}
