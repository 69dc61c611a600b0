import { asBytes } from '../../src/domain/quantities/bytes.ts'
import { asTimestamp } from '../../src/domain/quantities/timestamp.ts'
import type { SizeReport } from '../../src/domain/size/report.ts'
import { MIB, digestOf, image, layer, platformImage, report, serviceLayers } from './fixtures.ts'

/** Reports as they happen, each with what it is drawn for. */
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
