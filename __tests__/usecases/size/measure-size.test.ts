import { describe, expect, it } from 'vitest'
import type { AttemptDeps } from '../../../src/usecases/size/attempts.ts'
import { measureSize } from '../../../src/usecases/size/measure-size.ts'
import type { SizeRequest } from '../../../src/usecases/size/measure-size.ts'
import type { ImageSelection } from '../../../src/usecases/size/targets.ts'
import { WardenError } from '../../../src/domain/errors.ts'
import type { Manifest } from '../../../src/domain/manifest/manifest.ts'
import { parseTag } from '../../../src/domain/names/tag.ts'
import { parsePatterns } from '../../../src/domain/patterns/pattern.ts'
import { asTimestamp } from '../../../src/domain/quantities/timestamp.ts'
import { parseSizeLimits } from '../../../src/domain/size/limits.ts'
import { descriptor, digestOf, entry, fakeReader, image, index, platform } from '../../support/fake-reader.ts'
import type { FakeContent } from '../../support/fake-reader.ts'

const NO_LIMITS = {
  maxSize: [],
  warnSize: [],
  maxLayers: null,
  maxLayerSize: null,
  maxIncrease: [],
  warnIncrease: [],
  ignoreBase: false,
}

function deps(over: Partial<AttemptDeps> = {}): AttemptDeps & { readonly lines: string[] } {
  const lines: string[] = []
  const say = (message: string): void => void lines.push(message)
  const log = { debug: say, info: say, notice: say, warning: say }
  return { log, lines, concurrency: 4, timeIsUp: () => false, now: () => asTimestamp(0), ...over }
}

function one(content: FakeContent, name: string): { selection: ImageSelection; asked: string[] } {
  const reader = fakeReader(content)
  const tag = parseTag(name, 'image')
  const selection: ImageSelection = {
    kind: 'one',
    name: `r.test/app:${name}`,
    repository: 'r.test/app',
    tag,
    manifest: tag,
    reader,
  }
  return { selection, asked: reader.asked }
}

function many(
  content: FakeContent,
  include: 'all' | string[],
  exclude: string[] = [],
): { selection: ImageSelection; asked: string[] } {
  const reader = fakeReader(content)
  const tags = {
    include: include === 'all' ? include : parsePatterns(include, 'tags'),
    exclude: parsePatterns(exclude, 'exclude-tags'),
  } as const
  return { selection: { kind: 'many', repository: 'r.test/app', tags, reader }, asked: reader.asked }
}

function request(images: ImageSelection[], over: Partial<SizeRequest> = {}): SizeRequest {
  return { images, platforms: 'all', limits: NO_LIMITS, severity: 'fail', everyConfig: false, ...over }
}

const MULTI: FakeContent = {
  tags: { v1: 'multi' },
  manifests: {
    multi: index(
      entry('amd', platform('linux/amd64')),
      entry('arm', platform('linux/arm64')),
      entry('proof', platform('unknown/unknown'), {
        annotations: new Map([['vnd.docker.reference.type', 'attestation-manifest']]),
      }),
    ),
    amd: image('amd.config', 100, { base: 1000, app: 200 }),
    arm: image('arm.config', 110, { 'base-arm': 900, app: 200 }),
  },
  configs: { 'amd.config': {}, 'arm.config': {} },
}

describe('measureSize', () => {
  it('measures each platform on its own, never asks for attestations, and counts shared blobs once', async () => {
    const { selection, asked } = one(MULTI, 'v1')
    const report = await measureSize(request([selection]), deps())
    expect(report.images[0]?.platforms.map((p) => p.size)).toEqual([1300, 1210])
    expect(report).toMatchObject({
      size: 1300,
      totalSize: 2510,
      uniqueSize: 2310,
      layers: 2,
      verdict: 'pass',
    })
    expect(asked).toEqual([
      'manifest v1',
      'manifest amd',
      'manifest arm',
      'config amd.config',
      'config arm.config',
    ])
  })

  it('never asks for a platform that is not selected', async () => {
    const { selection, asked } = one(MULTI, 'v1')
    const report = await measureSize(request([selection], { platforms: [platform('linux/arm64')] }), deps())
    expect(report.size).toBe(1210)
    expect(asked).toEqual(['manifest v1', 'manifest arm', 'config arm.config'])
  })

  it('names the platforms there are when one that is asked for is missing', async () => {
    const { selection } = one(MULTI, 'v1')
    const run = measureSize(request([selection], { platforms: [platform('linux/s390x')] }), deps())
    await expect(run).rejects.toMatchObject({
      kind: 'input',
      line: expect.stringMatching(/linux\/s390x.*linux\/amd64, linux\/arm64/),
    })
  })

  it('reads the config for the platform of an image without an index', async () => {
    const content = {
      tags: { v1: 'only' },
      manifests: { only: image('c', 10, { a: 1 }) },
      configs: { c: { platform: platform('linux/riscv64') } },
    }
    const { selection } = one(content, 'v1')
    const report = await measureSize(request([selection], { platforms: [platform('linux/riscv64')] }), deps())
    expect(report.images[0]?.platforms[0]?.platform).toEqual(platform('linux/riscv64'))
  })

  it('measures and judges a manifest under each platform it is listed for', async () => {
    const content: FakeContent = {
      tags: { v1: 'multi' },
      manifests: {
        multi: index(entry('any', platform('linux/amd64')), entry('any', platform('linux/arm64'))),
        any: image('c', 100, { a: 1000 }),
      },
    }
    const { selection } = one(content, 'v1')
    const maxSize = parseSizeLimits(['* linux/arm64 = 1kB', '* = 1MB'], 'max-size')
    const report = await measureSize(request([selection], { limits: { ...NO_LIMITS, maxSize } }), deps())
    expect(report).toMatchObject({ verdict: 'fail', totalSize: 2200, uniqueSize: 1100 })
    expect(report.breaches.map((breach) => breach.platform)).toEqual([platform('linux/arm64')])
  })

  it.each([[platform('linux/amd64')], [null]])(
    'counts a manifest that is listed again for %j once',
    async (again) => {
      const content: FakeContent = {
        tags: { v1: 'multi' },
        manifests: {
          multi: index(entry('any', platform('linux/amd64')), entry('any', again)),
          any: image('c', 100, { a: 1000 }),
        },
        configs: { c: { platform: platform('linux/amd64') } },
      }
      const { selection } = one(content, 'v1')
      const maxSize = parseSizeLimits(['* linux/amd64 = 1kB'], 'max-size')
      const report = await measureSize(request([selection], { limits: { ...NO_LIMITS, maxSize } }), deps())
      expect(report).toMatchObject({ totalSize: 1100, breaches: [{ actual: 1100 }] })
      expect(report.images[0]?.platforms).toHaveLength(1)
      expect(report.breaches).toHaveLength(1)
    },
  )

  it.each(['application/vnd.acme', 'application/vnd.oci.image.layer.v1.tar+gzip', ''])(
    'measures an entry with a platform whatever type it claims: %j',
    async (mediaType) => {
      const content: FakeContent = {
        tags: { v1: 'multi' },
        manifests: {
          multi: index(entry('amd', platform('linux/amd64'), { mediaType })),
          amd: image('c', 100, { a: 1000 }),
        },
      }
      expect((await measureSize(request([one(content, 'v1').selection]), deps())).size).toBe(1100)
    },
  )

  it('says which image has none of the platforms asked for', async () => {
    const content: FakeContent = {
      tags: { v1: 'multi', v2: 'other' },
      manifests: { ...MULTI.manifests, other: index(entry('arm', platform('linux/arm64'))) },
    }
    const selected = request([one(content, 'v1').selection, one(content, 'v2').selection], {
      platforms: [platform('linux/amd64')],
    })
    const report = await measureSize(selected, deps())
    expect(report.verdict).toBe('pass')
    expect(report.notices).toEqual([
      'r.test/app:v2 has none of the platforms asked for, so it is not measured; it has linux/arm64',
    ])
  })

  it('counts a layer that is listed twice once', async () => {
    const twice = image('c', 10, { a: 100 })
    if (twice.kind !== 'image') throw new Error('an image was built')
    const content = {
      tags: { v1: 'm' },
      manifests: { m: { ...twice, layers: [...twice.layers, ...twice.layers] } },
    }
    const report = await measureSize(request([one(content, 'v1').selection]), deps())
    expect(report.size).toBe(110)
    expect(report.layers).toBe(2)
  })

  it('asks the size of each schema 1 blob once, and does not count throwaway layers as layers', async () => {
    const layer = (name: string, throwaway: boolean) => ({
      digest: digestOf(name),
      throwaway,
      createdBy: null,
    })
    const content: FakeContent = {
      tags: { old: 's1' },
      blobs: { empty: 32, files: 5000 },
      manifests: {
        s1: {
          kind: 'schema1',
          mediaType: 'application/vnd.docker.distribution.manifest.v1+prettyjws',
          signed: true,
          architecture: 'amd64',
          created: null,
          layers: [layer('files', false), layer('empty', true), layer('empty', true)],
        },
      },
    }
    const { selection, asked } = one(content, 'old')
    const report = await measureSize(request([selection]), deps())
    expect(report).toMatchObject({ size: 5032, layers: 1 })
    expect(asked.filter((line) => line.startsWith('blob'))).toEqual(['blob files', 'blob empty'])
  })

  it('weighs a cache index, whose entries are layers, as an artifact without asking for them', async () => {
    const content: FakeContent = {
      tags: { cache: 'idx' },
      manifests: {
        idx: index(descriptor('l1', 70), descriptor('meta', 5, 'application/vnd.buildkit.cacheconfig.v0')),
      },
    }
    const { selection, asked } = one(content, 'cache')
    const report = await measureSize(request([selection]), deps())
    expect(report.images[0]).toMatchObject({ kind: 'artifact', size: 75 })
    expect(asked).toEqual(['manifest cache'])
  })

  it('follows nested indexes and asks for a manifest that two of them list once', async () => {
    const amd = entry('amd', platform('linux/amd64'))
    const inner = { mediaType: 'application/vnd.oci.image.index.v1+json' }
    const content: FakeContent = {
      tags: { v1: 'outer' },
      manifests: {
        outer: index(entry('in1', null, inner), entry('in2', null, inner)),
        in1: index(amd),
        in2: index(amd, entry('outer', null, inner)),
        amd: image('c', 1, { a: 2 }),
      },
    }
    const { selection, asked } = one(content, 'v1')
    expect((await measureSize(request([selection]), deps())).size).toBe(3)
    expect(asked.filter((line) => line === 'manifest amd')).toHaveLength(1)
  })
})

describe('measureSize over the tags of a repository', () => {
  const tags = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`1.${n}.0`, `m${n}`]))
  const manifests = Object.fromEntries(
    Object.values(tags).map((name, n) => [
      name,
      image(`${name}.config`, 10, { base: 100, [`app${n}`]: n + 1 }),
    ]),
  )

  it('reads no configs beyond 20 platform images, and every one for a report file', async () => {
    const plain = many({ tags, manifests }, 'all')
    const report = await measureSize(request([plain.selection]), deps())
    expect(plain.asked.filter((line) => line.startsWith('config'))).toEqual([])
    expect(report.images.map((image) => image.tag).slice(8, 11)).toEqual(['1.8.0', '1.9.0', '1.10.0'])
    expect(report.uniqueSize).toBe(30 * 10 + 100 + 465)
    const full = many({ tags, manifests }, 'all')
    await measureSize(request([full.selection], { everyConfig: true }), deps())
    expect(full.asked.filter((line) => line.startsWith('config'))).toHaveLength(30)
  })

  it('selects by pattern; exclusions win', async () => {
    const { selection } = many({ tags, manifests }, ['1.1*.0'], ['1.12.0'])
    const report = await measureSize(request([selection]), deps())
    expect(report.images.map((image) => image.tag)).toEqual([
      '1.1.0',
      '1.10.0',
      '1.11.0',
      '1.13.0',
      '1.14.0',
      '1.15.0',
      '1.16.0',
      '1.17.0',
      '1.18.0',
      '1.19.0',
    ])
  })

  it('says what there is when nothing is selected', async () => {
    const run = measureSize(request([many({ tags, manifests }, ['2.*']).selection]), deps())
    await expect(run).rejects.toMatchObject({ kind: 'input', line: expect.stringContaining('30 tags') })
  })

  it('goes on without a tag that vanished after it was listed, and says so', async () => {
    const { selection } = many({ tags: { ...tags, gone: 'nothing' }, manifests }, 'all')
    const report = await measureSize(request([selection]), deps())
    expect(report.verdict).toBe('pass')
    expect(report.images).toHaveLength(30)
    expect(report.notices).toEqual([expect.stringContaining('r.test/app:gone')])
  })

  it('stops with what meets every image instead of failing a thousand times', async () => {
    const denied = new WardenError('unauthorized', 'no access')
    const faults = { '1.5.0': denied }
    await expect(
      measureSize(request([many({ tags, manifests, faults }, 'all').selection]), deps()),
    ).rejects.toBe(denied)
  })

  it('measures the others beside one listed tag that always fails at the registry, and ends red', async () => {
    const faults = { '1.5.0': new WardenError('server', 'the registry failed (500)') }
    const report = await measureSize(request([many({ tags, manifests, faults }, 'all').selection]), deps())
    expect(report).toMatchObject({ verdict: 'fail', unmeasured: [expect.stringContaining('1.5.0')] })
    expect(report.images).toHaveLength(29)
  })

  it('gives up where every tag fails', async () => {
    const down = new WardenError('server', 'the registry failed (500)')
    const faults = Object.fromEntries(Object.keys(tags).map((name) => [name, down]))
    await expect(
      measureSize(request([many({ tags, manifests, faults }, 'all').selection]), deps()),
    ).rejects.toBe(down)
  })

  it('does not suggest the very tag that is listed and not there', async () => {
    const content = { tags: { '1.0.0': 'gone', '1.0.1': 'm1' }, manifests }
    await expect(measureSize(request([one(content, '1.0.0').selection]), deps())).rejects.toMatchObject({
      advice: '1.0.0 is listed, but the registry does not have all of it: push the image again',
    })
  })

  it('ends partial with what was measured in time', async () => {
    const faults = { '1.29.0': new WardenError('deadline', 'time is up') }
    const { selection } = many({ tags, manifests, faults }, 'all')
    const report = await measureSize(request([selection]), deps({ timeIsUp: () => true }))
    expect(report).toMatchObject({
      partial: true,
      verdict: 'pass',
      unmeasured: [expect.stringContaining('1.29.0')],
    })
    expect(report.images).toHaveLength(29)
  })

  it('does not turn green by running out of time: what is broken still fails', async () => {
    const faults = {
      '1.28.0': new WardenError('integrity', 'asked for one digest, got another'),
      '1.29.0': new WardenError('deadline', 'time is up'),
    }
    const { selection } = many({ tags, manifests, faults }, 'all')
    const report = await measureSize(request([selection]), deps({ timeIsUp: () => true }))
    expect(report).toMatchObject({ partial: true, verdict: 'fail' })
    expect(report.unmeasured).toHaveLength(2)
  })

  it('fails on a listed tag whose config is missing: that is not a tag deleted meanwhile', async () => {
    const missing = { m3: image('lost.config', 10, { base: 100 }) }
    const configs = { 'lost.config': {} }
    const faults = { 'lost.config': new WardenError('not-found', 'the config does not exist') }
    const content = {
      tags: { '1.2.0': 'm2', '1.3.0': 'm3' },
      manifests: { ...manifests, ...missing },
      configs,
      faults,
    }
    const report = await measureSize(request([many(content, 'all').selection]), deps())
    expect(report).toMatchObject({ verdict: 'fail', notices: [] })
    expect(report.unmeasured).toEqual([expect.stringContaining('1.3.0')])
  })

  it('says how far it is when the work is long', async () => {
    let clock = 0
    const watched = deps({ now: () => asTimestamp((clock += 1000)), concurrency: 1 })
    await measureSize(request([many({ tags, manifests }, 'all').selection]), watched)
    expect(watched.lines.length).toBeGreaterThan(3)
    expect(watched.lines[0]).toMatch(/^\d+ of 30 images read$/)
  })
})

describe('measureSize when something is missing', () => {
  const content: FakeContent = {
    tags: { 'v1.2': 'm', 'v1.3': 'm', dev: 'm' },
    manifests: { m: image('c', 1, { a: 1 }) },
  }

  it('offers near names for an unknown tag', async () => {
    const run = measureSize(request([one(content, 'v1.4').selection]), deps())
    await expect(run).rejects.toMatchObject({
      kind: 'not-found',
      line: expect.stringMatching(/Did you mean :v1\.[23], :v1\.[23]\?/),
    })
  })

  it.each([
    [{}, 'The repository has no tags'],
    [{ x: 'm' }, 'The only tag of the repository is x'],
    [{ x: 'm', y: 'm', z: 'm' }, 'The tags of the repository are x, y, z'],
    [{ w: 'm', x: 'm', y: 'm', z: 'm' }, 'The repository has 4 tags, among them w, x, y'],
  ])('names tags where none is near: %j', async (tags, told) => {
    const run = measureSize(request([one({ ...content, tags }, 'v1.4').selection]), deps())
    await expect(run).rejects.toMatchObject({ kind: 'not-found', advice: told })
    if (Object.keys(tags).length === 0) return
    const selected = measureSize(request([many({ ...content, tags }, ['v*']).selection]), deps())
    await expect(selected).rejects.toMatchObject({ kind: 'input', advice: told })
  })

  it('says so when there is no such repository', async () => {
    const fault = new WardenError('not-found-repository', 'no such list', { advice: 'Check the path' })
    const { selection } = one({ ...content, faults: { list: fault } }, 'latest')
    await expect(measureSize(request([selection]), deps())).rejects.toMatchObject({
      kind: 'not-found',
      advice: 'There is no repository r.test/app. Check the path',
    })
  })

  it('says nothing about tags that cannot be listed', async () => {
    const fault = new WardenError('denied', 'no listing here')
    const { selection } = one({ ...content, faults: { list: fault } }, 'v1.4')
    await expect(measureSize(request([selection]), deps())).rejects.toMatchObject({
      kind: 'not-found',
      line: expect.not.stringContaining('has no tags'),
    })
  })

  it.each<[string, Manifest]>([
    ['is of an unknown type', { kind: 'unknown', mediaType: 'application/x-new' }],
    ['is an index of nothing', index()],
  ])(
    'fails when an image that was asked for by name %s, beside one that is measured',
    async (_, manifest) => {
      const odd: FakeContent = { tags: { odd: 'odd' }, manifests: { odd: manifest } }
      const both = [one(content, 'dev').selection, one(odd, 'odd').selection]
      const report = await measureSize(request(both), deps())
      expect(report).toMatchObject({ verdict: 'fail', size: 2 })
      expect(report.unmeasured).toEqual([expect.stringContaining('r.test/app:odd')])
    },
  )

  it('measures the other images, reports, and fails', async () => {
    const report = await measureSize(
      request([one(content, 'v1.4').selection, one(content, 'dev').selection]),
      deps(),
    )
    expect(report.verdict).toBe('fail')
    expect(report.images).toHaveLength(1)
    expect(report.unmeasured).toEqual([expect.stringContaining('v1.4')])
  })

  it('fails when the registry lacks a platform that the index lists', async () => {
    const { arm: _, ...manifests } = MULTI.manifests ?? {}
    const broken = { ...MULTI, manifests }
    const report = await measureSize(request([one(broken, 'v1').selection]), deps())
    expect(report.verdict).toBe('fail')
    expect(report.unmeasured[0]).toContain(digestOf('arm'))
  })

  it('is an error when nothing at all can be measured', async () => {
    const unknown: FakeContent = {
      tags: { v1: 'm' },
      manifests: { m: { kind: 'unknown', mediaType: 'application/x-new' } },
    }
    await expect(measureSize(request([one(unknown, 'v1').selection]), deps())).rejects.toMatchObject({
      line: expect.stringContaining('application/x-new'),
    })
    await expect(
      measureSize(request([one({ tags: { v1: 'm' }, manifests: { m: index() } }, 'v1').selection]), deps()),
    ).rejects.toMatchObject({ line: expect.stringContaining('without a platform image') })
  })
})

describe('measureSize with limits', () => {
  const limits = (over: object): Partial<SizeRequest> => ({ limits: { ...NO_LIMITS, ...over } })

  it('judges each platform on its own', async () => {
    const run = await measureSize(
      request([one(MULTI, 'v1').selection], limits({ maxSize: parseSizeLimits(['1250B'], 'max-size') })),
      deps(),
    )
    expect(run.verdict).toBe('fail')
    expect(run.images[0]?.platforms.map((p) => p.verdict)).toEqual(['fail', 'pass'])
    expect(run.breaches).toEqual([
      expect.objectContaining({ limit: 'max-size', actual: 1300, allowed: 1250 }),
    ])
  })

  it('takes the first line that names the image and platform', async () => {
    const maxSize = parseSizeLimits(['v1 linux/arm64 = 1B', 'v2 = 1B', '2GiB'], 'max-size')
    const run = await measureSize(request([one(MULTI, 'v1').selection], limits({ maxSize })), deps())
    expect(run.breaches.map((breach) => breach.rule)).toEqual(['v1 linux/arm64 = 1B'])
    expect(run.warnings).toEqual([expect.stringContaining('"v2 = 1B" names no measured image')])
  })

  it('warns on soft limits and where failures are waived, and says why', async () => {
    const soft = limits({ warnSize: parseSizeLimits(['1250B'], 'warn-size') })
    expect((await measureSize(request([one(MULTI, 'v1').selection], soft), deps())).verdict).toBe('warn')
    const waived = { ...limits({ maxLayers: 1 }), severity: { warnBecause: 'on-exceed is warn' } }
    const run = await measureSize(request([one(MULTI, 'v1').selection], waived), deps())
    expect(run).toMatchObject({ verdict: 'warn', leniency: 'on-exceed is warn' })
    expect(run.breaches.map((breach) => breach.limit)).toEqual(['max-layers', 'max-layers'])
  })

  it('names the layer that is too large', async () => {
    const run = await measureSize(
      request(
        [
          one(
            {
              ...MULTI,
              configs: {
                'amd.config': {
                  history: [
                    { createdBy: '/bin/sh -c #(nop) ADD rootfs.tar /', emptyLayer: false },
                    { createdBy: 'RUN make', emptyLayer: false },
                  ],
                },
              },
            },
            'v1',
          ).selection,
        ],
        limits({ maxLayerSize: 950 }),
      ),
      deps(),
    )
    expect(run.breaches).toEqual([
      expect.objectContaining({ limit: 'max-layer-size', layer: 'ADD rootfs.tar /', actual: 1000 }),
    ])
  })
})
