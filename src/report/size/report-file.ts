import type { Baseline, FoundBaseline } from '../../domain/growth/growth.ts'
import { formatPlatform } from '../../domain/names/platform.ts'
import type { Platform } from '../../domain/names/platform.ts'
import { formatTimestamp } from '../../domain/quantities/timestamp.ts'
import type { Timestamp } from '../../domain/quantities/timestamp.ts'
import type { Breach, Layer, JudgedImage, JudgedPlatform, SizeReport } from '../../domain/size/report.ts'
import { imageJson, layerJson, platformJson, sizeJson } from './json.ts'
import type { ImageJson, LayerJson, PlatformJson, SizeJson } from './json.ts'

/**
 * The report file: the JSON of the output with its layers, and everything else that the same report can be
 * drawn from.
 */
export interface ReportFileJson
  extends
    Omit<SizeJson, 'images'>,
    Pick<
      SizeReport,
      'verdict' | 'notices' | 'warnings' | 'partial' | 'unmeasured' | 'leniency' | 'overrideLabel'
    > {
  readonly images: readonly ImageFileJson[]
  readonly breaches: readonly (Omit<Breach, 'platform'> & { readonly platform: string | null })[]
}

interface ImageFileJson extends Omit<ImageJson, 'platforms'> {
  readonly repository: string | null
  readonly tag: string | null
  readonly baseline: BaselineFileJson | null
  readonly platforms: readonly PlatformFileJson[]
}

type BaselineFileJson = Exclude<Baseline, { state: 'found' }> | FoundBaselineFileJson

interface FoundBaselineFileJson extends Omit<FoundBaseline, 'created' | 'removed'> {
  readonly created: string | null
  readonly removed: readonly {
    readonly platform: string | null
    readonly digest: string
    readonly size: number
  }[]
}

type PlatformDetails = Pick<
  JudgedPlatform,
  | 'config'
  | 'base'
  | 'judgedSize'
  | 'estimated'
  | 'compression'
  | 'limit'
  | 'growth'
  | 'growthLimit'
  | 'isLimited'
  | 'unjudged'
  | 'wastedLimit'
>

interface PlatformFileJson extends Omit<PlatformJson, 'layers'>, PlatformDetails {
  readonly created: string | null
  readonly layers: readonly (LayerJson & Pick<Layer, 'foreign' | 'throwaway'>)[]
}

/** What `report-file` holds; `mode: report` reads it with `wire/report-file.ts`. */
export function reportFileJson(report: SizeReport): ReportFileJson {
  return {
    ...sizeJson({ ...report, images: [] }, { layers: false }),
    images: report.images.map(imageFileJson),
    verdict: report.verdict,
    breaches: report.breaches.map((breach) => ({ ...breach, platform: platformName(breach.platform) })),
    notices: report.notices,
    warnings: report.warnings,
    partial: report.partial,
    unmeasured: report.unmeasured,
    leniency: report.leniency,
    overrideLabel: report.overrideLabel,
  }
}

function imageFileJson(image: JudgedImage): ImageFileJson {
  return {
    ...imageJson(image, false),
    repository: image.repository,
    tag: image.tag,
    baseline: image.baseline === null ? null : baselineFileJson(image.baseline),
    platforms: image.platforms.map((platform) => platformFileJson(image, platform)),
  }
}

function baselineFileJson(baseline: Baseline): BaselineFileJson {
  if (baseline.state !== 'found') return baseline
  return {
    ...baseline,
    created: time(baseline.created),
    removed: baseline.removed.map((removed) => ({ ...removed, platform: platformName(removed.platform) })),
  }
}

function platformFileJson(image: JudgedImage, platform: JudgedPlatform): PlatformFileJson {
  return {
    ...platformJson(image, platform, false),
    config: platform.config,
    base: platform.base,
    judgedSize: platform.judgedSize,
    estimated: platform.estimated,
    compression: platform.compression,
    limit: platform.limit,
    growth: platform.growth,
    growthLimit: platform.growthLimit,
    isLimited: platform.isLimited,
    ...(platform.unjudged === undefined ? {} : { unjudged: platform.unjudged }),
    ...(platform.wastedLimit === undefined ? {} : { wastedLimit: platform.wastedLimit }),
    created: time(platform.created),
    layers: platform.layers.map((layer) => ({
      ...layerJson(layer),
      foreign: layer.foreign,
      throwaway: layer.throwaway,
    })),
  }
}

function platformName(platform: Platform | null): string | null {
  return platform === null ? null : formatPlatform(platform)
}

function time(timestamp: Timestamp | null): string | null {
  return timestamp === null ? null : formatTimestamp(timestamp)
}
