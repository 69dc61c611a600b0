import { asTimestamp } from '../../src/domain/quantities/timestamp.ts'
import type { Layer, MeasuredPlatform, SizeReport } from '../../src/domain/size/report.ts'
import { MIB, NOW, image, layer, platformImage, report, serviceLayers } from './fixtures.ts'
import { absent, compared, onBase, unread, withoutAny } from './growth.ts'

const SHA = 'sha-3f786850e387550fdab836ed7e6dc881de23001b'
const PR = 'ghcr.io/acme/api:pr-42'
const MERGE_BASE = `ghcr.io/acme/api:${SHA}`
const DAY = 24 * 3_600_000

/** The service with its application layer of so many MiB. */
function service(
  architecture: string,
  build: string,
  app: number,
  more: readonly Layer[] = [],
): MeasuredPlatform {
  const layers = serviceLayers(architecture, build, app * MIB)
  return platformImage(`linux/${architecture}`, [...layers, ...more])
}

const grown = (architecture: string): MeasuredPlatform =>
  service(architecture, '2.1', 20.4, [
    layer([`chromium ${architecture}`, 14.5 * MIB, 'RUN apt-get update && apt-get install -y chromium']),
  ])

/** A pull request against a baseline of two days ago. */
function pull(next: readonly MeasuredPlatform[], old: readonly MeasuredPlatform[], how = {}) {
  const created = asTimestamp(NOW - 2 * DAY)
  return compared(image(PR, next), image(MERGE_BASE, old, { created }), how)
}

const rebased = (count: number, build: string, app: number): MeasuredPlatform => {
  const layers = [
    ...serviceLayers('amd64', build, app * MIB)
      .slice(0, 3)
      .map((one, i) => (count === 0 ? one : layer([`new base ${i}`, one.size + i * 3 * MIB, one.createdBy]))),
    ...serviceLayers('amd64', build, app * MIB).slice(3),
  ]
  return onBase(platformImage('linux/amd64', layers), 'docker.io/library/node:24-bookworm-slim', 3)
}

/** Comparisons as they happen, each with what it is drawn for. */
export const growthExamples: Record<string, () => SizeReport> = {
  'one image grown': () =>
    report([pull([grown('amd64')], [service('amd64', '1.4', 18.2)])], { maxSize: ['200MiB'] }),
  'one image over max-increase': () =>
    report([pull([grown('amd64')], [service('amd64', '1.4', 18.2)])], {
      maxSize: ['200MiB'],
      maxIncrease: ['5% and 2MiB'],
    }),
  'one platform over of three': () =>
    report(
      [
        pull(
          [grown('amd64'), service('arm64', '1.5', 17.9), service('arm', '1.4', 18.2)],
          [service('amd64', '1.4', 18.2), service('arm64', '1.4', 18.2), service('arm', '1.4', 18.2)],
        ),
      ],
      { maxSize: ['160MiB'], warnIncrease: ['5%'] },
    ),
  unchanged: () =>
    report([pull([service('amd64', '1.4', 18.2)], [service('amd64', '1.4', 18.2)])], { maxSize: ['200MiB'] }),
  'no baseline yet': () =>
    report([withoutAny(image(PR, [service('amd64', '1.4', 18.2), service('arm64', '1.4', 18.1)]))], {
      maxSize: ['150MiB'],
    }),
  'no baseline to judge growth by': () =>
    report([withoutAny(image(PR, [service('amd64', '1.4', 18.2), service('arm64', '1.4', 18.1)]))], {
      maxSize: ['150MiB'],
      maxIncrease: ['5%'],
    }),
  'baseline not read': () =>
    report([unread(image(PR, [service('amd64', '1.4', 18.2)]))], { maxSize: ['150MiB'] }),
  'baseline not read, growth not judged': () =>
    report([unread(image(PR, [service('amd64', '1.4', 18.2)]))], { maxIncrease: ['5%'] }),
  'baseline not read, growth of two platforms not judged': () =>
    report([unread(image(PR, [service('amd64', '1.4', 18.2), service('arm64', '1.4', 18.1)]))], {
      maxIncrease: ['5%'],
      maxSize: ['300MiB'],
    }),
  'platform added and removed': () =>
    report(
      [
        pull(
          [service('amd64', '1.4', 18.2), service('arm64', '1.4', 18.2)],
          [service('amd64', '1.4', 18.2), service('arm', '1.4', 18.2), service('s390x', '1.4', 18.2)],
          {
            entry: ':main',
            placeholders: [],
            name: 'ghcr.io/acme/api:main',
            skipped: [absent(':sha-{merge-base}', MERGE_BASE)],
          },
        ),
      ],
      { maxSize: ['200MiB'] },
    ),
  'platform removed': () =>
    report([
      pull([service('amd64', '1.4', 18.2)], [service('amd64', '1.4', 18.2), service('arm', '1.4', 18.2)]),
    ]),
  'gzip to zstd': () => {
    const layers = serviceLayers('amd64', '1.4').map((one) =>
      layer([`zstd ${one.digest}`, Math.round(one.size * 0.78), one.createdBy], {
        mediaType: 'application/vnd.oci.image.layer.v1.tar+zstd',
      }),
    )
    const next = platformImage('linux/amd64', layers, { compression: 'zstd' })
    return report([pull([next], [service('amd64', '1.4', 18.2)])], { maxSize: ['200MiB'] })
  },
  'base image grown': () =>
    report([pull([rebased(1, '1.5', 19.1)], [rebased(0, '1.4', 18.2)])], { maxSize: ['200MiB'] }),
  'own layers only': () => {
    const own = (one: MeasuredPlatform): MeasuredPlatform => ({ ...one, judgedSize: one.ownSize })
    return report(
      [pull([own(rebased(1, '1.5', 19.1))], [own(rebased(0, '1.4', 18.2))], { ignoreBase: true })],
      {
        maxSize: ['100MiB'],
        maxIncrease: ['512KiB'],
        ignoreBase: true,
      },
    )
  },
  'estimated, tolerated': () =>
    report(
      [
        compared(
          image('docker-archive://build/api.tar', [{ ...grown('amd64'), estimated: true }], {
            repository: null,
            tag: null,
          }),
          image('ghcr.io/acme/api:main', [service('amd64', '1.4', 18.2)], {
            created: asTimestamp(NOW - 9 * DAY),
          }),
          { entry: 'ghcr.io/acme/api:main', placeholders: [] },
        ),
      ],
      { maxIncrease: ['10MiB'], severity: { warnBecause: 'the pull request has the label size-ok' } },
    ),
  'several images': () =>
    report(
      ['api', 'worker', 'frontend', 'migrations', 'docs', 'e2e'].map((name, i) => {
        const at = (build: string, delta: number) =>
          ['amd64', 'arm64'].map((architecture) =>
            platformImage(
              `linux/${architecture}`,
              serviceLayers(architecture, `${build} ${i}`, (i + 9 + delta) * MIB),
            ),
          )
        const delta = [4.1, 0, -2.2, 0, 0, 0.3][i] ?? 0
        const created = asTimestamp(NOW - (2 + (i % 2)) * DAY)
        const next = image(`ghcr.io/acme/${name}:pr-42`, at(delta === 0 ? '1' : '1.2', delta))
        return compared(next, image(`ghcr.io/acme/${name}:main`, at('1', 0), { created }), {
          entry: ':{base-ref}',
          placeholders: ['base-ref'],
        })
      }),
      { maxSize: ['160MiB'], maxIncrease: ['*/api:* = 2%', '5%'] },
    ),
  'baselines of their own': () => {
    const created = asTimestamp(NOW - 3 * DAY)
    const pairs = [
      ['ghcr.io/acme/api', 'ghcr.io/acme/api:main'],
      ['ghcr.io/acme/worker', 'registry.example.com/mirror/worker:v2'],
    ] as const
    return report(
      pairs.map(([repository, name]) =>
        compared(
          image(`${repository}:pr`, [service('amd64', '1.5', 19)]),
          image(name, [service('amd64', '1.4', 18)], { created }),
          { entry: name, placeholders: [] },
        ),
      ),
    )
  },
  'base of two platforms': () => {
    const base = (architecture: string, build: string, app: number): MeasuredPlatform =>
      onBase(service(architecture, build, app), 'docker.io/library/node:24', 2)
    return report([
      pull(
        [base('amd64', '1.5', 19), base('arm64', '1.5', 18)],
        [service('amd64', '1.4', 18), base('arm64', '1.4', 17)],
      ),
    ])
  },
  '200 images': () =>
    report(
      Array.from({ length: 200 }, (_, i) => {
        const at = (build: string, delta: number) =>
          ['amd64', 'arm64', 'arm', 's390x'].map((architecture) =>
            platformImage(
              `linux/${architecture}`,
              serviceLayers(architecture, `${build} ${i}`, (i / 9 + 9 + delta) * MIB),
            ),
          )
        const name = `registry.example.com/platform/payments/settlement/service-${i}`
        const delta = i % 3 === 0 ? 0 : ((i * 37) % 23) / 3 - 2
        return compared(
          image(`${name}:pr-1234`, at(delta === 0 ? '1' : '2', delta)),
          image(`${name}:main`, at('1', 0)),
          { entry: ':main', placeholders: [] },
        )
      }),
      { maxSize: ['180MiB'], maxIncrease: ['5MiB'] },
    ),
}
