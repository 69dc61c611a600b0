import { countLayers, largest, storedSize } from './measure.ts'
import { limitFor } from './limits.ts'
import type { SizeLimits } from './limits.ts'
import { shortDigest } from '../names/digest.ts'
import { sumBytes } from '../quantities/bytes.ts'
import type { Breach, MeasuredImage, PlatformImage, SizeReport, Verdict } from './report.ts'

/** What the run found besides sizes; decides the verdict together with the limits. */
export interface Findings {
  readonly notices: readonly string[]
  /** selected, but not measured, each with its reason */
  readonly unmeasured: readonly string[]
  /** why part is unmeasured: time ran out (ends green, named partial) or the registry lacks it (fails) */
  readonly partial: boolean
}

/** How breaches are judged: `fail`, or the words that say why a failure is only a warning. */
export type Severity = 'fail' | { readonly warnBecause: string }

/** Judges every platform image on its own, never a sum, and gathers the one value that everything is rendered from. */
export function judgeSizes(
  images: readonly MeasuredImage[],
  limits: SizeLimits,
  severity: Severity,
  findings: Findings,
): SizeReport {
  const breaches: Breach[] = []
  const judged = images.map((image) => judgeImage(image, limits, severity, breaches))
  const platforms = judged.flatMap((image) => image.platforms)
  const incomplete = findings.unmeasured.length > 0 && !findings.partial
  return {
    verdict: worst([incomplete ? 'fail' : 'pass', ...breaches.map((breach) => breach.severity)]),
    images: judged,
    size: largest(platforms.map((platform) => platform.size)),
    totalSize: sumBytes(platforms.map((platform) => platform.size)),
    uniqueSize: storedSize(platforms),
    layers: Math.max(0, ...platforms.map(countLayers)),
    breaches,
    notices: [...findings.notices, ...unusedRules(images, limits)],
    partial: findings.partial,
    unmeasured: findings.unmeasured,
    leniency: breaches.length > 0 && severity !== 'fail' ? severity.warnBecause : null,
  }
}

function judgeImage(
  image: MeasuredImage,
  limits: SizeLimits,
  severity: Severity,
  breaches: Breach[],
): MeasuredImage {
  const platforms = image.platforms.map((platform): PlatformImage => {
    const found = breachesOf(image, platform, limits, severity)
    breaches.push(...found)
    return { ...platform, verdict: worst(found.map((breach) => breach.severity)) }
  })
  return { ...image, platforms }
}

function breachesOf(
  image: MeasuredImage,
  platform: PlatformImage,
  limits: SizeLimits,
  severity: Severity,
): Breach[] {
  const found: Breach[] = []
  const hard = severity === 'fail' ? 'fail' : 'warn'
  const add = (breach: Pick<Breach, 'limit' | 'severity' | 'actual' | 'allowed' | 'rule' | 'layer'>): void => {
    found.push({ image: image.name, platform: platform.platform, digest: platform.digest, ...breach })
  }
  const max = limitFor(limits.maxSize, image, platform.platform)
  const warn = limitFor(limits.warnSize, image, platform.platform)
  if (max !== null && platform.size > max.bytes) {
    add({ limit: 'max-size', severity: hard, actual: platform.size, allowed: max.bytes, rule: max.rule, layer: null })
  } else if (warn !== null && platform.size > warn.bytes) {
    add({ limit: 'warn-size', severity: 'warn', actual: platform.size, allowed: warn.bytes, rule: warn.rule, layer: null })
  }
  const layers = countLayers(platform)
  if (limits.maxLayers !== null && layers > limits.maxLayers) {
    const allowed = limits.maxLayers
    add({ limit: 'max-layers', severity: hard, actual: layers, allowed, rule: String(allowed), layer: null })
  }
  if (limits.maxLayerSize !== null) {
    const allowed = limits.maxLayerSize
    const seen = new Set<string>()
    for (const layer of platform.layers) {
      if (layer.size <= allowed || seen.has(layer.digest)) continue
      seen.add(layer.digest)
      const named = layer.createdBy ?? shortDigest(layer.digest)
      add({ limit: 'max-layer-size', severity: hard, actual: layer.size, allowed, rule: `${allowed}B`, layer: named })
    }
  }
  return found
}

/** A rule that names no measured image guards nothing: most often a typo. */
function unusedRules(images: readonly MeasuredImage[], limits: SizeLimits): string[] {
  const used = new Set<string>()
  for (const image of images) {
    for (const { platform } of image.platforms) {
      for (const list of [limits.maxSize, limits.warnSize]) {
        for (const limit of list) {
          if (limitFor([limit], image, platform) !== null) used.add(limit.rule)
        }
      }
    }
  }
  return [
    ...limits.maxSize.filter((limit) => !used.has(limit.rule)).map((limit) => `max-size: the rule "${limit.rule}" matches no measured image`),
    ...limits.warnSize.filter((limit) => !used.has(limit.rule)).map((limit) => `warn-size: the rule "${limit.rule}" matches no measured image`),
  ]
}

function worst(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('fail')) return 'fail'
  return verdicts.includes('warn') ? 'warn' : 'pass'
}
