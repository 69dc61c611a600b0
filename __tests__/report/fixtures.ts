import { createHash } from 'node:crypto'
import { parseDigest } from '../../src/domain/names/digest.ts'
import type { Digest } from '../../src/domain/names/digest.ts'
import { parseIncreaseRules } from '../../src/domain/growth/increase.ts'
import { platformOf } from '../../src/domain/names/platform.ts'
import { asBytes } from '../../src/domain/quantities/bytes.ts'
import { asTimestamp } from '../../src/domain/quantities/timestamp.ts'
import { judgeSizes } from '../../src/domain/size/judge.ts'
import type { Findings, Severity } from '../../src/domain/size/judge.ts'
import { parseSizeLimits } from '../../src/domain/size/limits.ts'
import { largest, storedSize } from '../../src/domain/size/measure.ts'
import type { Layer, MeasuredImage, MeasuredPlatform, SizeReport } from '../../src/domain/size/report.ts'

export const MIB = 1024 * 1024
export const NOW = asTimestamp(Date.UTC(2026, 2, 10, 12))
export const RUN_URL = 'https://github.com/acme/api/actions/runs/4711'

export function digestOf(seed: string): Digest {
  return parseDigest(`sha256:${createHash('sha256').update(seed).digest('hex')}`)
}

/** `[seed, bytes, instruction]`: equal seeds are one blob. */
export type LayerSpec = readonly [seed: string, size: number, createdBy?: string | null]

export function layer([seed, size, createdBy = null]: LayerSpec, changes: Partial<Layer> = {}): Layer {
  return {
    digest: digestOf(seed),
    size: asBytes(size),
    mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip',
    createdBy,
    foreign: false,
    from: null,
    throwaway: false,
    ...changes,
  }
}

/** A platform image with the sums that follow from its layers. */
export function platformImage(
  platform: string | null,
  layers: readonly Layer[],
  changes: Partial<MeasuredPlatform> = {},
): MeasuredPlatform {
  const seed = JSON.stringify([platform, layers.map(({ digest }) => digest)])
  const [os, architecture, variant] = platform?.split('/') ?? []
  const config =
    changes.config === undefined
      ? { digest: digestOf(`config ${seed}`), size: asBytes(7_321) }
      : changes.config
  const distinct = new Map(layers.map(({ digest, size }) => [digest, size]))
  const foreign = new Map(layers.filter((one) => one.foreign).map(({ digest, size }) => [digest, size]))
  const sum = (sizes: Iterable<number>): number => Array.from(sizes).reduce((total, size) => total + size, 0)
  const size = changes.size ?? asBytes(sum(distinct.values()) + (config?.size ?? 0))
  return {
    platform: platform === null ? null : platformOf({ os, architecture, variant }),
    digest: digestOf(`manifest ${seed}`),
    layers,
    size,
    base: null,
    ownSize: size,
    judgedSize: size,
    foreignSize: asBytes(sum(foreign.values())),
    estimated: false,
    compression: layers.length === 0 ? null : 'gzip',
    created: null,
    growth: null,
    ...changes,
    config,
  }
}

export function image(
  name: string,
  platforms: readonly MeasuredPlatform[],
  changes: Partial<MeasuredImage> = {},
): MeasuredImage {
  const [, repository = null, tag = null] = /^(.*?\/[^:]*)(?::([^/]*))?$/s.exec(name) ?? []
  return {
    name,
    names: [{ name, tag }],
    repository,
    tag,
    digest: platforms.length === 1 ? platforms[0]!.digest : digestOf(`index ${name}`),
    mediaType: 'application/vnd.oci.image.index.v1+json',
    kind: platforms.length === 1 ? 'image' : 'index',
    created: asTimestamp(NOW - 3 * 24 * 3_600_000),
    platforms,
    baseline: null,
    size: largest(platforms.map(({ size }) => size)),
    uniqueSize: storedSize(platforms),
    ...changes,
  }
}

export interface ReportSpec {
  readonly maxSize?: readonly string[]
  readonly warnSize?: readonly string[]
  readonly maxLayers?: number
  readonly maxLayerSize?: number
  readonly maxIncrease?: readonly string[]
  readonly warnIncrease?: readonly string[]
  readonly ignoreBase?: boolean
  readonly severity?: Severity
  readonly findings?: Partial<Findings>
  readonly overrideLabel?: string
}

/** Judges the images the way the action does, so that fixtures cannot contradict themselves. */
export function report(images: readonly MeasuredImage[], spec: ReportSpec = {}): SizeReport {
  const judged = judgeSizes(
    images,
    {
      maxSize: parseSizeLimits(spec.maxSize ?? [], 'max-size'),
      warnSize: parseSizeLimits(spec.warnSize ?? [], 'warn-size'),
      maxLayers: spec.maxLayers ?? null,
      maxLayerSize: spec.maxLayerSize === undefined ? null : asBytes(spec.maxLayerSize),
      maxIncrease: parseIncreaseRules(spec.maxIncrease ?? [], 'max-increase'),
      warnIncrease: parseIncreaseRules(spec.warnIncrease ?? [], 'warn-increase'),
      ignoreBase: spec.ignoreBase ?? false,
    },
    spec.severity ?? 'fail',
    { notices: [], unmeasured: [], partial: false, broken: false, ...spec.findings },
  )
  return { ...judged, overrideLabel: spec.overrideLabel ?? null }
}

/** Layers of a service on a Node.js base: base layers shared by platform, the last ones by `build`. */
export function serviceLayers(platform: string, build: string, appSize = 18.2 * MIB): Layer[] {
  return [
    layer([`debian ${platform}`, 28_231_544, 'ADD rootfs.tar.xz / # debian bookworm']),
    layer([
      `node ${platform}`,
      41_977_013,
      'RUN ARCH= && dpkgArch="$(dpkg --print-architecture)" && curl -fsSLO "https://nodejs.org/dist/v24.1.0/node-v24.1.0-linux-$ARCH.tar.xz" && tar -xJf …',
    ]),
    layer([`yarn ${platform}`, 1_772_110, 'RUN corepack enable']),
    layer(['workdir', 118, 'WORKDIR /app']),
    layer([`deps ${platform} ${build.split('.')[0] ?? ''}`, 64_118_220, 'RUN npm ci --omit=dev']),
    layer([`app ${build}`, Math.round(appSize), 'COPY --chown=node:node dist ./dist']),
  ]
}
