import { createHash } from 'node:crypto'
import { parseDigest } from '../../src/domain/names/digest.ts'
import type { Digest } from '../../src/domain/names/digest.ts'
import { platformOf } from '../../src/domain/names/platform.ts'
import { asBytes } from '../../src/domain/quantities/bytes.ts'
import { asTimestamp } from '../../src/domain/quantities/timestamp.ts'
import { judgeSizes } from '../../src/domain/size/judge.ts'
import type { Findings, Severity } from '../../src/domain/size/judge.ts'
import { parseSizeLimits } from '../../src/domain/size/limits.ts'
import { largest, storedSize } from '../../src/domain/size/measure.ts'
import type { Layer, MeasuredImage, PlatformImage, SizeReport } from '../../src/domain/size/report.ts'

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
    throwaway: false,
    ...changes,
  }
}

/** A platform image with the sums that follow from its layers. */
export function platformImage(
  platform: string | null,
  layers: readonly Layer[],
  changes: Partial<PlatformImage> = {},
): PlatformImage {
  const seed = JSON.stringify([platform, layers.map(({ digest }) => digest)])
  const [os, architecture, variant] = platform?.split('/') ?? []
  const config =
    changes.config === undefined
      ? { digest: digestOf(`config ${seed}`), size: asBytes(7_321) }
      : changes.config
  const distinct = new Map(layers.map(({ digest, size }) => [digest, size]))
  const foreign = new Map(layers.filter((one) => one.foreign).map(({ digest, size }) => [digest, size]))
  const sum = (sizes: Iterable<number>): number => Array.from(sizes).reduce((total, size) => total + size, 0)
  return {
    platform: platform === null ? null : platformOf({ os, architecture, variant }),
    digest: digestOf(`manifest ${seed}`),
    layers,
    size: asBytes(sum(distinct.values()) + (config?.size ?? 0)),
    foreignSize: asBytes(sum(foreign.values())),
    estimated: false,
    compression: layers.length === 0 ? null : 'gzip',
    created: null,
    limit: null,
    verdict: 'pass',
    ...changes,
    config,
  }
}

export function image(
  name: string,
  platforms: readonly PlatformImage[],
  changes: Partial<MeasuredImage> = {},
): MeasuredImage {
  const [, repository = null, tag = null] = /^(.*?\/[^:]*)(?::([^/]*))?$/s.exec(name) ?? []
  return {
    name,
    repository,
    tag,
    digest: platforms.length === 1 ? platforms[0]!.digest : digestOf(`index ${name}`),
    mediaType: 'application/vnd.oci.image.index.v1+json',
    kind: platforms.length === 1 ? 'image' : 'index',
    created: asTimestamp(NOW - 3 * 24 * 3_600_000),
    platforms,
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
  readonly severity?: Severity
  readonly findings?: Partial<Findings>
}

/** Judges the images the way the action does, so that fixtures cannot contradict themselves. */
export function report(images: readonly MeasuredImage[], spec: ReportSpec = {}): SizeReport {
  return judgeSizes(
    images,
    {
      maxSize: parseSizeLimits(spec.maxSize ?? [], 'max-size'),
      warnSize: parseSizeLimits(spec.warnSize ?? [], 'warn-size'),
      maxLayers: spec.maxLayers ?? null,
      maxLayerSize: spec.maxLayerSize === undefined ? null : asBytes(spec.maxLayerSize),
    },
    spec.severity ?? 'fail',
    { notices: [], unmeasured: [], partial: false, ...spec.findings },
  )
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

export const examples: Record<string, () => SizeReport> = {
  'one image passing': () =>
    report(
      [image('ghcr.io/acme/api:v1.4.2', [platformImage('linux/amd64', serviceLayers('amd64', '1.4.2'))])],
      {
        maxSize: ['200MiB'],
      },
    ),
  'no limit': () =>
    report([
      image('ghcr.io/acme/api:v1.4.2', [platformImage('linux/amd64', serviceLayers('amd64', '1.4.2'))]),
    ]),
  'one platform over': () =>
    report(
      [
        image('ghcr.io/acme/api:pr-42', [
          platformImage('linux/amd64', serviceLayers('amd64', '1.4.2')),
          platformImage('linux/arm64', serviceLayers('arm64', '1.4.2', 61 * MIB)),
          platformImage('linux/arm/v7', serviceLayers('armv7', '1.4.2')),
        ]),
      ],
      { maxSize: ['pr-* linux/arm64 = 180MiB', '200MiB'], warnSize: ['140MiB'], maxLayerSize: 60 * MIB },
    ),
  '30 tags': () =>
    report(
      Array.from({ length: 30 }, (_, i) => {
        const version = `${1 + Math.floor(i / 10)}.${i % 10}.0`
        return image(`ghcr.io/acme/api:v${version}`, [
          platformImage(
            'linux/amd64',
            serviceLayers('amd64', version, (12 + ((i * 7) % 13)) * MIB + i * 2.5 * MIB),
          ),
        ])
      }),
      { maxSize: ['210MiB'] },
    ),
  '200 images': () =>
    report(
      Array.from({ length: 100 }, (_, i) => {
        const version = `${1 + Math.floor(i / 25)}.${i % 25}.0`
        return image(
          `registry.example.com/platform/payments/settlement-service:${version}`,
          ['amd64', 'arm64'].map((architecture) =>
            platformImage(
              `linux/${architecture}`,
              serviceLayers(architecture, version, (12 + ((i * 7) % 13)) * MIB + i * MIB).map((one) =>
                Object.assign({}, one, { createdBy: null }),
              ),
            ),
          ),
        )
      }),
      {
        maxSize: ['240MiB'],
        findings: { notices: ['max-size: the rule "*-slim = 100MiB" names no measured image'] },
      },
    ),
  'several repositories': () =>
    report(
      ['api', 'worker', 'frontend', 'migrations'].map((name, i) =>
        image(`ghcr.io/acme/${name}:main`, [
          platformImage('linux/amd64', serviceLayers('amd64', '1', (i + 1) * 30 * MIB), {
            compression: i === 2 ? 'zstd' : 'gzip',
          }),
          platformImage('linux/arm64', serviceLayers('arm64', '1', (i + 1) * 29 * MIB)),
        ]),
      ),
      {
        maxSize: ['ghcr.io/acme/api:* = 150MiB', '*/worker:* = 190MiB', '*/migrations:* = 240MiB'],
        severity: { warnBecause: 'the pull request has the label size-ok' },
      },
    ),
  'hostile names': () =>
    report(
      [
        image('evil.example/a`b|c:<img src=x onerror=alert(1)>', [
          platformImage('linux/<!-- registry-warden:size:default -->', [
            layer([
              'x',
              5_000_000,
              '`| a \\| @octocat #1 </code></details><script>alert(1)</script> ![x](https://evil.example/x.png)',
            ]),
            layer(['y', 3_000_000, '```\n# heading\n| a | b |\n|---|---|']),
            layer(['y', 3_000_000, '``````````']),
          ]),
        ]),
        image('evil.example/@octocat/GH-12:"];%%{init: {}}%%', [
          platformImage('windows/amd64', [layer(['z', 900_000_000, '\u202Egnp.exe\u0000\u001B[31m'])]),
        ]),
      ],
      {
        maxSize: ['*=1MiB'],
        findings: {
          notices: [
            'see https://evil.example and www.evil.example, ask @octocat or root@evil.example about #12, GH-12 :tada: $x$',
            '- [ ] <!-- registry-warden:size:default --> **bold** _it_ ~~no~~ `code` ![i](x) [l](x)',
          ],
          unmeasured: ['evil.example/x:<b>bold</b>: | no | such | tag |'],
        },
      },
    ),
  artifact: () =>
    report(
      [
        image(
          'ghcr.io/acme/charts/api:1.4.2',
          [
            platformImage(
              null,
              [
                layer(['chart', 48_220], {
                  mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
                }),
                layer(['prov', 1_204], { mediaType: 'application/vnd.cncf.helm.chart.provenance.v1.prov' }),
              ],
              { config: { digest: digestOf('helm'), size: asBytes(312) } },
            ),
          ],
          { kind: 'artifact', created: null },
        ),
      ],
      { maxSize: ['1MiB'] },
    ),
  'schema 1': () =>
    report(
      [
        image(
          'registry.example.com/legacy/billing:2016',
          [
            platformImage(
              'linux/amd64',
              [
                layer(['s1', 49_223_101, 'ADD file:7529d28035b43a2281c3f4d9c6a2fe… in /']),
                layer(['empty', 32, 'ENV PATH=/usr/local/bin:/usr/bin:/bin'], { throwaway: true }),
                layer(['s2', 18_223_101, 'RUN apt-get update && apt-get install -y openjdk-7-jre']),
                layer(['empty', 32, 'CMD ["java" "-jar" "/app.jar"]'], { throwaway: true }),
              ],
              { config: null },
            ),
          ],
          { kind: 'schema1', created: asTimestamp(Date.UTC(2016, 3, 2)) },
        ),
      ],
      { maxLayers: 12 },
    ),
  'windows, foreign layers, time out': () =>
    report(
      [
        image('mcr.microsoft.com/acme/agent:1', [
          platformImage('windows/amd64', [
            layer(['w1', 1_223_000_000], {
              foreign: true,
              mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
            }),
            layer(['w2', 220_000_000, 'RUN powershell -Command Install-Agent']),
          ]),
          platformImage('linux/amd64', [layer(['l1', 80_000_000, 'COPY agent /'])], { estimated: true }),
        ]),
      ],
      {
        maxSize: ['2GiB'],
        findings: {
          partial: true,
          unmeasured: ['mcr.microsoft.com/acme/agent:2', 'mcr.microsoft.com/acme/agent:3'],
        },
      },
    ),
}
