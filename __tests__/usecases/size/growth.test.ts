import { describe, expect, it } from 'vitest'
import type { ImageReader } from '../../../src/domain/ports.ts'
import { descriptor, entry, fakeReader, image, index, platform } from '../../support/fake-reader.ts'
import type { FakeContent } from '../../support/fake-reader.ts'
import { APP, increase, run } from './growth-world.ts'

const MULTI: FakeContent = {
  tags: { pr: 'pr', main: 'main' },
  manifests: {
    pr: index(
      entry('pr.amd', platform('linux/amd64')),
      entry('arm6', platform('linux/arm/v6')),
      entry('pr.arm7', platform('linux/arm/v7')),
      entry('pr.riscv', platform('linux/riscv64')),
      entry('proof', platform('unknown/unknown')),
    ),
    main: index(
      entry('main.amd', platform('linux/amd64')),
      entry('arm6', platform('linux/arm/v6')),
      entry('main.arm7', platform('linux/arm/v7')),
      entry('main.s390x', platform('linux/s390x')),
    ),
    'pr.amd': image('pr.amd.config', 10, { amd: 9000, small: 10 }),
    'main.amd': image('main.amd.config', 10, { amd: 9000, big: 5000 }),
    arm6: image('arm6.config', 10, { arm6: 700 }),
    'pr.arm7': image('pr.arm7.config', 10, { arm7: 900 }),
    'main.arm7': image('main.arm7.config', 10, { arm7: 800 }),
    'pr.riscv': image('riscv.config', 10, { riscv: 5 }),
    'main.s390x': image('s390x.config', 10, { s390x: 5 }),
  },
}

describe('several platforms', () => {
  const world = { images: ['r.test/app:pr'], baseline: [':main'] }

  it('are each compared with their own: one grew though the sum shrank', async () => {
    const report = await run({
      ...world,
      readers: { 'r.test/app': fakeReader(MULTI) },
      limits: increase('10%'),
    })
    expect(report.images[0]?.platforms.map(({ growth }) => growth?.state)).toEqual([
      'changed',
      'unchanged',
      'changed',
      'new',
    ])
    expect(report.breaches.map((breach) => breach.platform)).toEqual([platform('linux/arm/v7')])
    expect(report.images[0]?.baseline).toMatchObject({ removed: [{ platform: platform('linux/s390x') }] })
    expect(report.change?.growth).toMatchObject({ difference: -4990 })
  })

  it.each([
    ['10%', 'warn'],
    ['other = 10%', 'warn'],
    ['', 'pass'],
  ])(
    'none of which the baseline has: with max-increase "%s" it is %s, with the reason',
    async (rule, verdict) => {
      const readers = {
        'r.test/app': fakeReader({
          tags: { pr: 'pr', main: 'main' },
          manifests: {
            pr: index(entry('pr.arm', platform('linux/arm64'))),
            main: index(entry('main.amd', platform('linux/amd64'))),
            'pr.arm': image('arm.config', 10, { arm: 9000 }),
            'main.amd': image('amd.config', 10, { amd: 10 }),
          },
        }),
      }
      const report = await run({ ...world, readers, ...(rule !== '' && { limits: increase(rule) }) })
      expect(report).toMatchObject({ verdict, breaches: [] })
      expect(report.notices).toEqual([
        'r.test/app:pr: no growth to judge: the baseline r.test/app:main is for linux/amd64, the image for linux/arm64',
      ])
    },
  )

  it('that the baseline lists and does not have are unknown, not new', async () => {
    const { 'main.amd': _, ...manifests } = MULTI.manifests ?? {}
    const report = await run({ ...world, readers: { 'r.test/app': fakeReader({ ...MULTI, manifests }) } })
    expect(report.images[0]?.platforms.map(({ growth }) => growth?.state)).toEqual([
      'unknown',
      'unchanged',
      'changed',
      'unknown',
    ])
  })

  it('that are not selected are neither compared, nor gone, nor asked for', async () => {
    const reader = fakeReader(MULTI)
    const report = await run({
      ...world,
      readers: { 'r.test/app': reader },
      request: { platforms: [platform('linux/amd64')] },
    })
    expect(report.images[0]?.baseline).toMatchObject({ state: 'found', removed: [] })
    expect(reader.asked.filter((line) => line.includes('arm'))).toEqual([])
  })

  it('of a baseline without index are told by its config', async () => {
    const content: FakeContent = {
      tags: { pr: 'pr', main: 'main.arm7' },
      manifests: MULTI.manifests ?? {},
      configs: { 'main.arm7.config': { platform: platform('linux/arm/v7') } },
    }
    const many = { ...content, tags: { ...content.tags } }
    const report = await run({ ...world, readers: { 'r.test/app': fakeReader(many) } })
    expect(report.images[0]?.platforms.map(({ growth }) => growth?.state)).toEqual([
      'new',
      'new',
      'changed',
      'new',
    ])
  })

  it('of a baseline that is not understood are unknown', async () => {
    const manifests = { ...MULTI.manifests, main: { kind: 'unknown', mediaType: 'application/x' } as const }
    const content = { ...MULTI, manifests } as FakeContent
    const report = await run({ ...world, readers: { 'r.test/app': fakeReader(content) } })
    expect(report.images[0]?.platforms[0]?.growth).toMatchObject({ state: 'unknown', cause: 'unread' })
  })
})

describe('requests', () => {
  it('of a baseline are those of an image, and blobs below both are asked for by nobody', async () => {
    const reader = fakeReader(APP)
    await run({ readers: { 'r.test/app': reader }, images: ['r.test/app:pr'], baseline: [':main'] })
    expect(reader.asked.toSorted()).toEqual([
      'config main.config',
      'config pr.config',
      'manifest main',
      'manifest pr',
    ])
  })

  it('for a baseline that is the image itself are one: to find that out', async () => {
    const content: FakeContent = { ...MULTI, tags: { pr: 'pr', main: 'pr' } }
    const alone = fakeReader(content)
    await run({ readers: { 'r.test/app': alone }, images: ['r.test/app:pr'] })
    const compared = fakeReader(content)
    const report = await run({
      readers: { 'r.test/app': compared },
      images: ['r.test/app:pr'],
      baseline: [':main'],
    })
    expect(compared.asked.length).toBe(alone.asked.length + 1)
    expect(report.images[0]?.platforms.every(({ growth }) => growth?.state === 'unchanged')).toBe(true)
    expect(report.change?.growth).toMatchObject({ difference: 0, pullSize: 0 })
  })

  it('begin for image and baseline at once', async () => {
    const inner = fakeReader(APP)
    let waiting = 0
    let release = (): void => {}
    const both = new Promise<void>((resolve) => {
      release = resolve
    })
    const reader = {
      ...inner,
      manifest: async (name: Parameters<ImageReader['manifest']>[0]) => {
        waiting += 1
        if (waiting === 2) release()
        await both
        return inner.manifest(name)
      },
    }
    const report = await run({
      readers: { 'r.test/app': reader },
      images: ['r.test/app:pr'],
      baseline: [':main'],
    })
    expect(report.change?.baseline).toBe('r.test/app:main')
  })

  it('for the baseline of many images are made once', async () => {
    const tags = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`v${n}`, 'pr']))
    const reader = fakeReader({ ...APP, tags: { ...tags, main: 'main' } })
    await run({
      readers: { 'r.test/app': reader },
      images: Object.keys(tags).map((tag) => `r.test/app:${tag}`),
      baseline: [':main'],
    })
    expect(reader.asked.filter((line) => line === 'manifest main')).toHaveLength(1)
    expect(reader.asked.filter((line) => line === 'config main.config')).toHaveLength(1)
  })
})

describe('what changes sizes without changing content', () => {
  it('is said: another compression, on both manifest families', async () => {
    const zstd = 'application/vnd.oci.image.layer.v1.tar+zstd'
    const docker = 'application/vnd.docker.image.rootfs.diff.tar.gzip'
    const pr = image('c', 10, {})
    const main = image('c', 10, {})
    if (pr.kind !== 'image' || main.kind !== 'image') throw new Error('images were built')
    const report = await run({
      readers: {
        'r.test/app': fakeReader({
          tags: { pr: 'pr', main: 'main' },
          manifests: {
            pr: { ...pr, layers: [descriptor('z', 578, zstd)] },
            main: { ...main, layers: [descriptor('g', 737, docker)] },
          },
          configs: { c: { history: [{ createdBy: 'COPY . .', emptyLayer: false }] } },
        }),
      },
      images: ['r.test/app:pr'],
      baseline: [':main'],
    })
    expect(report.change?.growth).toMatchObject({
      difference: -159,
      recompressed: { from: 'gzip', to: 'zstd' },
      layers: [{ change: 'replaced', createdBy: 'COPY . .' }],
    })
  })
})
