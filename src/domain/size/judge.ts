import { shortDigest } from '../names/digest.ts'
import { sumBytes } from '../quantities/bytes.ts'
import type { Bytes } from '../quantities/bytes.ts'
import { limitFor } from './limits.ts'
import type { SizeLimit, SizeLimits } from './limits.ts'
import { countLayers, largest, storedSize } from './measure.ts'
import type {
  AppliedLimit,
  Breach,
  Layer,
  MeasuredImage,
  PlatformImage,
  SizeReport,
  Verdict,
} from './report.ts'

/** What the run found besides sizes; decides the verdict together with the limits. */
export interface Findings {
  readonly notices: readonly string[]
  /** selected, but not measured, each with its reason */
  readonly unmeasured: readonly string[]
  /** time ran out: ends green and named partial; otherwise whatever is unmeasured fails the run */
  readonly partial: boolean
}

/** How breaches are judged: `fail`, or the words that say why a failure is only a warning. */
export type Severity = 'fail' | { readonly warnBecause: string }

/** Judges every platform image on its own, never a sum, and gathers the one value that everything is rendered from. */
export function judgeSizes(
  measured: readonly MeasuredImage[],
  limits: SizeLimits,
  severity: Severity,
  findings: Findings,
): SizeReport {
  const breaches: Breach[] = []
  const images = measured.map((image) => ({
    ...image,
    platforms: image.platforms.map((platform) => {
      const limit = appliedLimit(limits, image, platform)
      const found = breachesOf(image, { ...platform, limit }, limits, severity)
      breaches.push(...found)
      return { ...platform, limit, verdict: worst(found.map((breach) => breach.severity)) }
    }),
  }))
  const platforms = images.flatMap((image) => image.platforms)
  const incomplete = findings.unmeasured.length > 0 && !findings.partial
  return {
    verdict: worst([incomplete ? 'fail' : 'pass', ...breaches.map((breach) => breach.severity)]),
    images,
    size: largest(platforms.map((platform) => platform.size)),
    totalSize: sumBytes(platforms.map((platform) => platform.size)),
    uniqueSize: storedSize(platforms),
    layers: platforms.reduce((most, platform) => Math.max(most, countLayers(platform)), 0),
    breaches,
    notices: [
      ...findings.notices,
      ...unusedRules('max-size', limits.maxSize, images),
      ...unusedRules('warn-size', limits.warnSize, images),
    ],
    partial: findings.partial,
    unmeasured: findings.unmeasured,
    leniency: breaches.length > 0 && severity !== 'fail' ? severity.warnBecause : null,
  }
}

/** The hard limit this image is held to, or the soft one where it is already over that, or no hard one names it. */
function appliedLimit(
  limits: SizeLimits,
  image: MeasuredImage,
  platform: PlatformImage,
): AppliedLimit | null {
  const max = limitFor(limits.maxSize, image, platform.platform)
  const warn = limitFor(limits.warnSize, image, platform.platform)
  if (max !== null && (warn === null || platform.size > max.bytes || platform.size <= warn.bytes)) {
    return { bytes: max.bytes, rule: max.rule, severity: 'fail' }
  }
  return warn === null ? null : { bytes: warn.bytes, rule: warn.rule, severity: 'warn' }
}

function breachesOf(
  image: MeasuredImage,
  platform: PlatformImage,
  limits: SizeLimits,
  severity: Severity,
): Breach[] {
  const hard = severity === 'fail' ? 'fail' : 'warn'
  const found: Breach[] = []
  const add = (
    limit: Breach['limit'],
    actual: number,
    allowed: number,
    rule = String(allowed),
    layer: string | null = null,
  ): void => {
    const named = { image: image.name, platform: platform.platform, digest: platform.digest }
    found.push({
      limit,
      severity: limit === 'warn-size' ? 'warn' : hard,
      ...named,
      actual,
      allowed,
      rule,
      layer,
    })
  }
  const { limit } = platform
  if (limit !== null && platform.size > limit.bytes) {
    add(limit.severity === 'fail' ? 'max-size' : 'warn-size', platform.size, limit.bytes, limit.rule)
  }
  const layers = countLayers(platform)
  if (limits.maxLayers !== null && layers > limits.maxLayers) add('max-layers', layers, limits.maxLayers)
  if (limits.maxLayerSize !== null) {
    for (const layer of layersOver(platform.layers, limits.maxLayerSize)) {
      const named = layer.createdBy ?? `layer ${shortDigest(layer.digest)}`
      add('max-layer-size', layer.size, limits.maxLayerSize, undefined, named)
    }
  }
  return found
}

function layersOver(layers: readonly Layer[], allowed: Bytes): Iterable<Layer> {
  const over = new Map<string, Layer>()
  for (const layer of layers) if (layer.size > allowed) over.set(layer.digest, layer)
  return over.values()
}

/** A rule that names no measured image guards nothing: most often a typo. */
function unusedRules(input: string, rules: readonly SizeLimit[], images: readonly MeasuredImage[]): string[] {
  if (images.length === 0) return []
  return rules
    .filter((rule) =>
      images.every((image) =>
        image.platforms.every(({ platform }) => limitFor([rule], image, platform) === null),
      ),
    )
    .map((rule) => `${input}: the rule "${rule.rule}" names no measured image`)
}

function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('fail')) return 'fail'
  return verdicts.includes('warn') ? 'warn' : 'pass'
}
