import { allowedIncrease, excessOf } from '../growth/increase.ts'
import type { IncreaseRule } from '../growth/increase.ts'
import { shortDigest } from '../names/digest.ts'
import type { Bytes } from '../quantities/bytes.ts'
import type { SizeLimits } from './limits.ts'
import { countLayers } from './measure.ts'
import type { AppliedLimit, Breach, Layer, MeasuredPlatform } from './report.ts'
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
  Partial<Pick<Breach, 'rule' | 'layer' | 'reason'>>

/** Applies every limit to one platform image; with `ignore-base` only to its own layers. */
export function applyLimits(
  image: NamedImage,
  platform: MeasuredPlatform,
  limits: SizeLimits,
  severity: Severity,
): LimitFindings {
  const limit = sizeLimitOf(image, platform, limits)
  const growth = growthLimitOf(image, platform, limits)
  const excesses = [
    ...sizeExcess(platform, limit),
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
  return { limit, growthLimit: growth?.applied ?? null, breaches: excesses.map(breach) }
}

function isSoft({ limit }: Excess): boolean {
  return limit === 'warn-size' || limit === 'warn-increase'
}

function sizeLimitOf(image: NamedImage, platform: MeasuredPlatform, limits: SizeLimits): AppliedLimit | null {
  const max = ruleFor(limits.maxSize, image, platform.platform)
  const warn = ruleFor(limits.warnSize, image, platform.platform)
  return harder(max, warn, platform.judgedSize)
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

function sizeExcess({ judgedSize }: MeasuredPlatform, limit: AppliedLimit | null): Excess[] {
  if (limit === null || judgedSize <= limit.bytes) return []
  const name = limit.severity === 'fail' ? 'max-size' : 'warn-size'
  return [{ limit: name, actual: judgedSize, allowed: limit.bytes, rule: limit.rule }]
}

interface GrowthLimit {
  readonly applied: AppliedLimit
  readonly rule: IncreaseRule
}

/** Null, too, where nothing is known about growth: there is no size to take a share of. */
function growthLimitOf(
  image: NamedImage,
  platform: MeasuredPlatform,
  limits: SizeLimits,
): GrowthLimit | null {
  const { growth } = platform
  if (growth === null || growth.state === 'new' || growth.state === 'unknown') return null
  const { judgedSize } = growth.baseline
  const max = ruleFor(limits.maxIncrease, image, platform.platform)
  const warn = ruleFor(limits.warnIncrease, image, platform.platform)
  const allowed = (rule: IncreaseRule | null): Allowed | null =>
    rule === null ? null : { bytes: allowedIncrease(rule, judgedSize), rule: rule.rule }
  const applied = harder(allowed(max), allowed(warn), growth.difference)
  const rule = applied?.severity === 'fail' ? max : warn
  return applied === null || rule === null ? null : { applied, rule }
}

/** A change below `minimum-change-threshold` is none, so it cannot be too large. */
function growthExcess({ growth }: MeasuredPlatform, { applied, rule }: GrowthLimit): Excess[] {
  if (growth?.state !== 'changed') return []
  const reason = excessOf(rule, growth.difference, growth.baseline.judgedSize)
  if (reason === null) return []
  const limit = applied.severity === 'fail' ? 'max-increase' : 'warn-increase'
  return [{ limit, actual: growth.difference, allowed: applied.bytes, rule: rule.rule, reason }]
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
