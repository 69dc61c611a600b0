import type { SizeExplanation } from '../../domain/explain/explanation.ts'
import { formatPlatform } from '../../domain/names/platform.ts'
import { formatTimestamp } from '../../domain/quantities/timestamp.ts'
import type { Layer, JudgedImage, JudgedPlatform, SizeReport, Verdict } from '../../domain/size/report.ts'
import { sizeResult } from '../verdict.ts'
import type { Result } from '../verdict.ts'

/** The `json` output and report file of `mode: size`, version 1. */
export interface SizeJson {
  readonly schemaVersion: 1
  readonly mode: 'size'
  readonly result: Result
  readonly images: readonly ImageJson[]
  readonly size: number
  readonly totalSize: number
  readonly uniqueSize: number
}

export interface ImageJson {
  readonly image: string
  /** every selected name of this digest, `image` first */
  readonly names: readonly string[]
  readonly digest: string
  readonly mediaType: string
  readonly kind: JudgedImage['kind']
  /** RFC 3339 in UTC */
  readonly created: string | null
  readonly platforms: readonly PlatformJson[]
  readonly size: number
  readonly uniqueSize: number
}

export interface PlatformJson {
  /** `os/architecture[/variant]` */
  readonly platform: string | null
  readonly digest: string
  readonly size: number
  readonly layers?: readonly LayerJson[]
  readonly baseline: { readonly image: string; readonly digest: string; readonly size: number } | null
  readonly pullSize: number | null
  /** with `explain: files`, where there was a reason to look */
  readonly explanation?: SizeExplanation
  readonly verdict: Verdict | 'new'
}

export interface LayerJson {
  readonly digest: string
  readonly size: number
  readonly mediaType: string
  readonly createdBy: string | null
  /** null: no base image is known */
  readonly from: 'base' | 'own' | null
}

/** A report as data; `layers` belong into the report file only, they would drown the output. */
export function sizeJson(report: SizeReport, { layers }: { readonly layers: boolean }): SizeJson {
  return {
    schemaVersion: 1,
    mode: 'size',
    result: sizeResult(report),
    images: report.images.map((image) => imageJson(image, layers)),
    size: report.size,
    totalSize: report.totalSize,
    uniqueSize: report.uniqueSize,
  }
}

/** `uniqueSize` counts each blob of the image once. */
export function imageJson(image: JudgedImage, layers: boolean): ImageJson {
  return {
    image: image.name,
    names: image.names.map(({ name }) => name),
    digest: image.digest,
    mediaType: image.mediaType,
    kind: image.kind,
    created: image.created === null ? null : formatTimestamp(image.created),
    platforms: image.platforms.map((platform) => platformJson(image, platform, layers)),
    size: image.size,
    uniqueSize: image.uniqueSize,
  }
}

/** `pullSize` is null where it is not known what a client has already; `layers` as `sizeJson` says. */
export function platformJson(
  { baseline }: JudgedImage,
  platform: JudgedPlatform,
  layers: boolean,
): PlatformJson {
  const { growth } = platform
  const compared = growth?.state === 'changed' || growth?.state === 'unchanged' ? growth.baseline : null
  return {
    platform: platform.platform === null ? null : formatPlatform(platform.platform),
    digest: platform.digest,
    size: platform.size,
    ...(layers ? { layers: platform.layers.map(layerJson) } : {}),
    baseline:
      compared === null || baseline?.state !== 'found'
        ? null
        : { image: baseline.name, digest: compared.digest, size: compared.size },
    pullSize: growth === null || growth.state === 'unknown' ? null : growth.pullSize,
    ...(platform.explanation === undefined ? {} : { explanation: platform.explanation }),
    // a limit says more about a new image than that it is new
    verdict: growth?.state === 'new' && platform.verdict === 'pass' ? 'new' : platform.verdict,
  }
}

export function layerJson({ digest, size, mediaType, createdBy, from }: Layer): LayerJson {
  return { digest, size, mediaType, createdBy, from }
}
