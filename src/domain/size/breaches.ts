import { allowedIncrease, excessOf } from '../growth/increase.ts'
import type { IncreaseRule } from '../growth/increase.ts'
import { shortDigest } from '../names/digest.ts'
import type { Bytes } from '../quantities/bytes.ts'
import type { SizeLimits } from './limits.ts'
import { countLayers } from './measure.ts'
import type {
  AppliedLimit,
  Breach,
  GrowthLimitName,
  Layer,
  MeasuredImage,
  MeasuredPlatform,
} from './report.ts'
import { ruleFor } from './scoped-rule.ts'
import type { NamedImage } from './scoped-rule.ts'

/** How breaches are judged: `fail`, or the words that say why a failure is only a warning. */
export type Severity = 'fail' | { readonly warnBecause: string }

/** The limits that apply to one platform image, and those it exceeds. */
export interface LimitFindings {
  readonly limit: AppliedLimit | null
  readonly growthLimit: AppliedLimit | null
  readonly breaches: readonly Breach[]
}

type Excess = Pick<Breach, 'limit' | 'actual' | 'allowed'> &
  Partial<Pick<Breach, 'image' | 'rule' | 'layer' | 'reason'>>

/**
 * Applies every limit to one platform image; with `ignore-base` only to its own layers. An image with several
 * names is judged by the rule of each; of several that it exceeds the strictest is told.
 */
export function applyLimits(
  image: MeasuredImage,
  platform: MeasuredPlatform,
  limits: SizeLimits,
  severity: Severity,
): LimitFindings {
  const limit = strictest(
    image.names.map((name) => sizeLimitOf(name, platform, limits)),
    platform.judgedSize,
  )
  const growth = strictest(
    image.names.map((name) => growthLimitOf(name, platform, limits)),
    growthOf(platform),
  )
  const excesses = [
    ...(limit === null ? [] : sizeExcess(platform, limit)),
    ...layerExcesses(platform, limits),
    ...(growth === null ? [] : growthExcess(platform, growth)),
  ]
  const breach = (excess: Excess): Breach => ({
    severity: isSoft(excess) || severity !== 'fail' ? 'warn' : 'fail',
    image: image.name,
    platform: platform.platform,
    digest: platform.digest,
    rule: String(excess.allowed),
    layer: null,
    reason: null,
    ...excess,
  })
  return {
    limit: limit?.applied ?? null,
    growthLimit: growth?.applied ?? null,
    breaches: excesses.map(breach),
  }
}

function isSoft({ limit }: Excess): boolean {
  return limit === 'warn-size' || limit === 'warn-increase'
}

/** A limit, and the name of the image whose rule set it. */
interface NamedLimit {
  readonly name: string
  readonly applied: AppliedLimit
}

/**
 * Of the limits of all names the one to tell: an exceeded one first, hard before soft, the smallest first.
 */
function strictest<L extends NamedLimit>(limits: readonly (L | null)[], actual: number): L | null {
  const isKept = ({ applied }: L): number => Number(actual <= applied.bytes)
  const isWarning = ({ applied }: L): number => Number(applied.severity === 'warn')
  const [first = null] = limits
    .filter((limit) => limit !== null)
    .toSorted(
      (a, b) => isKept(a) - isKept(b) || isWarning(a) - isWarning(b) || a.applied.bytes - b.applied.bytes,
    )
  return first
}

function sizeLimitOf(name: NamedImage, platform: MeasuredPlatform, limits: SizeLimits): NamedLimit | null {
  const max = ruleFor(limits.maxSize, name, platform.platform)
  const warn = ruleFor(limits.warnSize, name, platform.platform)
  const applied = harder(max, warn, platform.judgedSize)
  return applied === null ? null : { name: name.name, applied }
}

/** The hard limit, or the soft one where only that is exceeded or there is no hard one. */
function harder(max: Allowed | null, warn: Allowed | null, actual: number): AppliedLimit | null {
  if (max !== null && (warn === null || actual > max.bytes || actual <= warn.bytes)) {
    return { bytes: max.bytes, rule: max.rule, severity: 'fail' }
  }
  return warn === null ? null : { bytes: warn.bytes, rule: warn.rule, severity: 'warn' }
}

interface Allowed {
  readonly bytes: Bytes
  readonly rule: string
}

function sizeExcess({ judgedSize }: MeasuredPlatform, { name, applied }: NamedLimit): Excess[] {
  if (judgedSize <= applied.bytes) return []
  const limit = applied.severity === 'fail' ? 'max-size' : 'warn-size'
  return [{ limit, image: name, actual: judgedSize, allowed: applied.bytes, rule: applied.rule }]
}

interface GrowthLimit extends NamedLimit {
  readonly rule: IncreaseRule
}

/** Null, too, where nothing is known about growth: there is no size to take a share of. */
function growthLimitOf(name: NamedImage, platform: MeasuredPlatform, limits: SizeLimits): GrowthLimit | null {
  const { growth } = platform
  if (growth === null || growth.state === 'new' || growth.state === 'unknown') return null
  const { judgedSize } = growth.baseline
  const max = ruleFor(limits.maxIncrease, name, platform.platform)
  const warn = ruleFor(limits.warnIncrease, name, platform.platform)
  const allowed = (rule: IncreaseRule | null): Allowed | null =>
    rule === null ? null : { bytes: allowedIncrease(rule, judgedSize), rule: rule.rule }
  const applied = harder(allowed(max), allowed(warn), growth.difference)
  const rule = applied?.severity === 'fail' ? max : warn
  return applied === null || rule === null ? null : { name: name.name, applied, rule }
}

/** Which limit asks for the growth of a platform image, known or not; null: none. */
export function growthRuleOf(
  { names }: Pick<MeasuredImage, 'names'>,
  { platform }: Pick<MeasuredPlatform, 'platform'>,
  { maxIncrease, warnIncrease }: SizeLimits,
): GrowthLimitName | null {
  const isFor = (rules: readonly IncreaseRule[]): boolean =>
    names.some((name) => ruleFor(rules, name, platform) !== null)
  if (isFor(maxIncrease)) return 'max-increase'
  return isFor(warnIncrease) ? 'warn-increase' : null
}

/** A change below `minimum-change-threshold` is none, so it cannot be too large. */
function growthOf({ growth }: MeasuredPlatform): number {
  return growth?.state === 'changed' ? growth.difference : 0
}

function growthExcess({ growth }: MeasuredPlatform, { name, applied, rule }: GrowthLimit): Excess[] {
  if (growth?.state !== 'changed') return []
  const reason = excessOf(rule, growth.difference, growth.baseline.judgedSize)
  if (reason === null) return []
  const limit = applied.severity === 'fail' ? 'max-increase' : 'warn-increase'
  return [{ limit, image: name, actual: growth.difference, allowed: applied.bytes, rule: rule.rule, reason }]
}

function layerExcesses(platform: MeasuredPlatform, limits: SizeLimits): Excess[] {
  const layers = limits.ignoreBase
    ? platform.layers.filter((layer) => layer.from !== 'base')
    : platform.layers
  const excesses: Excess[] = []
  const count = countLayers({ layers })
  if (limits.maxLayers !== null && count > limits.maxLayers) {
    excesses.push({ limit: 'max-layers', actual: count, allowed: limits.maxLayers })
  }
  for (const layer of layersOver(layers, limits.maxLayerSize)) {
    const named = layer.createdBy ?? `layer ${shortDigest(layer.digest)}`
    excesses.push({
      limit: 'max-layer-size',
      actual: layer.size,
      allowed: limits.maxLayerSize ?? 0,
      layer: named,
    })
  }
  return excesses
}

/** A layer that is listed twice is too large once. */
function layersOver(layers: readonly Layer[], allowed: Bytes | null): Iterable<Layer> {
  const over = new Map<string, Layer>()
  for (const layer of layers) if (allowed !== null && layer.size > allowed) over.set(layer.digest, layer)
  return over.values()
}
