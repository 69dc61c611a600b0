import { describe, expect, it } from 'vitest'
import { DOCKER_HUB, parseReference } from '../../../src/domain/names/reference.ts'
import { digestOf, entry, fakeReader, image, index, platform } from '../../support/fake-reader.ts'
import type { FakeContent } from '../../support/fake-reader.ts'
import { APP, increase, run } from './growth-world.ts'

describe('base-image', () => {
  const BASE_NAME = 'org.opencontainers.image.base.name'
  const node: FakeContent = {
    tags: { '24': 'node', latest: 'node' },
    manifests: {
      node: index(entry('node.amd', platform('linux/amd64')), entry('node.arm', platform('linux/arm64'))),
      'node.amd': image('node.config', 10, { base: 1000 }),
      'node.arm': image('node.arm.config', 10, { 'base-arm': 1000 }),
    },
  }
  const readers = () => ({ 'r.test/app': fakeReader(APP), 'docker.io/library/node': fakeReader(node) })
  const explicit = { baseImage: parseReference('node:24', DOCKER_HUB) }
  const own = { ignoreBase: true } as const

  it('splits layers, reading no other platform, no config and no base twice', async () => {
    const there = readers()
    const report = await run({
      readers: there,
      images: ['r.test/app:pr'],
      baseline: [':main'],
      growth: explicit,
    })
    const [measured] = report.images[0]?.platforms ?? []
    expect(measured?.layers.map(({ from }) => from)).toEqual(['base', 'own'])
    expect(measured).toMatchObject({
      base: { name: 'docker.io/library/node:24', size: 1000 },
      size: 1210,
      ownSize: 210,
      judgedSize: 1210,
      growth: {
        layers: [{ after: { from: 'base' } }, { before: { from: 'own' } }, { after: { from: 'own' } }],
      },
    })
    expect(there['docker.io/library/node'].asked).toEqual(['manifest 24', 'manifest node.amd'])
  })

  it('leaves only own layers to be judged with ignore-base', async () => {
    const report = await run({
      readers: readers(),
      images: ['r.test/app:pr'],
      baseline: [':main'],
      growth: explicit,
      limits: { ...increase('90%'), ...own, maxLayers: 1 },
    })
    expect(report).toMatchObject({ verdict: 'fail', size: 210 })
    expect(report.breaches).toMatchObject([{ limit: 'max-increase', actual: 100, allowed: 99 }])
  })

  it('that the layers do not begin with is said, and nothing is base', async () => {
    const there = {
      ...readers(),
      'docker.io/library/node': fakeReader({ ...node, tags: { '24': 'node.arm' } }),
    }
    const report = await run({
      readers: there,
      images: ['r.test/app:pr'],
      growth: explicit,
      limits: own,
    })
    expect(report.images[0]?.platforms[0]).toMatchObject({ base: null, judgedSize: 1210 })
    expect(report.notices).toEqual([
      'r.test/app:pr: no layer counts as base: its layers do not begin with those of docker.io/library/node:24',
    ])
  })

  it('that cannot be read is said', async () => {
    const report = await run({
      readers: { ...readers(), 'docker.io/library/node': fakeReader({}) },
      images: ['r.test/app:pr'],
      growth: explicit,
    })
    expect(report.notices).toEqual([expect.stringContaining('docker.io/library/node:24 could not be read')])
    expect(report.verdict).toBe('pass')
  })

  const labelled = (name: string): FakeContent => ({
    ...APP,
    configs: { 'pr.config': { labels: new Map([[BASE_NAME, name]]) } },
  })

  it.each([
    ['a label of the config', labelled('node:24')],
    [
      'an annotation of the manifest',
      {
        ...APP,
        manifests: {
          ...APP.manifests,
          pr: {
            ...image('pr.config', 10, { base: 1000, new: 200 }),
            annotations: new Map([
              [BASE_NAME, 'docker.io/library/node:24'],
              ['org.opencontainers.image.base.digest', digestOf('node')],
            ]),
          },
        },
      } as FakeContent,
    ],
    [
      'an annotation of the index',
      {
        ...APP,
        tags: { indexed: 'top' },
        manifests: {
          ...APP.manifests,
          top: {
            ...index(entry('pr', platform('linux/amd64'))),
            annotations: new Map([[BASE_NAME, 'node:24']]),
          },
        },
      } as FakeContent,
    ],
  ])('auto reads %s', async (_, content) => {
    const [tag] = Object.keys(content.tags ?? {})
    const report = await run({
      readers: { ...readers(), 'r.test/app': fakeReader(content) },
      images: [`r.test/app:${tag}`],
      growth: { baseImage: 'auto' },
    })
    expect(report.images[0]?.platforms[0]?.base).toMatchObject({ size: 1000 })
  })

  it.each([
    ['r.test/app:pr', 'r.test/app:pr is the image itself'],
    ['r.test/app:copy', 'r.test/app:copy, which the image names itself, has all of its layers'],
  ])('auto takes nothing off for an image that names %s', async (name, why) => {
    const content: FakeContent = {
      ...APP,
      tags: { ...APP.tags, copy: 'copy' },
      manifests: { ...APP.manifests, copy: image('copy.config', 10, { base: 1000, new: 200 }) },
      configs: labelled(name).configs ?? {},
    }
    const report = await run({
      readers: { 'r.test/app': fakeReader(content) },
      images: ['r.test/app:pr'],
      growth: { baseImage: 'auto' },
      limits: own,
    })
    expect(report.images[0]?.platforms[0]).toMatchObject({ base: null, judgedSize: 1210 })
    expect(report.notices).toEqual([`r.test/app:pr: no layer counts as base: ${why}`])
  })

  it('a reference takes nothing off for the image itself, but all layers of another', async () => {
    const content: FakeContent = {
      ...APP,
      tags: { ...APP.tags, copy: 'copy' },
      manifests: { ...APP.manifests, copy: image('copy.config', 10, { base: 1000, new: 200 }) },
    }
    const judged = async (tag: string) => {
      const report = await run({
        readers: { 'r.test/app': fakeReader(content) },
        images: ['r.test/app:pr'],
        growth: { baseImage: parseReference(`r.test/app:${tag}`, DOCKER_HUB) },
        limits: own,
      })
      return report.images[0]?.platforms[0]?.judgedSize
    }
    expect([await judged('pr'), await judged('copy')]).toEqual([1210, 10])
  })

  it('auto does not follow an image to where it should not lead', async () => {
    const trap = fakeReader(node)
    const report = await run({
      readers: { 'r.test/app': fakeReader(labelled('127.0.0.1:5000/x:24')), '127.0.0.1:5000/x': trap },
      images: ['r.test/app:pr'],
      growth: { baseImage: 'auto' },
    })
    expect(trap.asked).toEqual([])
    expect(report.notices).toEqual([expect.stringContaining('no annotation or label names its base')])
  })

  it.each([
    ['auto', 'r.test'],
    ['a reference', undefined],
  ])('of %s is opened as named by %s', async (source, namedBy) => {
    const opened: unknown[] = []
    await run({
      readers: { 'r.test/app': fakeReader(labelled('node:24')) },
      images: ['r.test/app:pr'],
      growth: {
        ...(source === 'auto' ? { baseImage: 'auto' } : explicit),
        open: (_, by) => {
          opened.push(by)
          return fakeReader(node)
        },
      },
    })
    expect(opened).toEqual([namedBy])
  })

  it('of an older build of the base is found for the baseline by what the baseline says', async () => {
    const base = new Map([
      [BASE_NAME, 'node:24'],
      ['org.opencontainers.image.base.digest', digestOf('oldnode')],
    ])
    const content: FakeContent = {
      ...APP,
      manifests: {
        pr: image('pr.config', 10, { base: 1000, new: 200 }),
        main: image('main.config', 10, { 'old-base': 400, old: 100 }),
      },
      configs: { 'main.config': { labels: base } },
    }
    const older = { ...node, manifests: { ...node.manifests, oldnode: image('o', 1, { 'old-base': 400 }) } }
    const world = {
      images: ['r.test/app:pr'],
      baseline: [':main'],
      growth: explicit,
      limits: { ...increase('200B'), ...own },
    }
    const report = await run({
      ...world,
      readers: { 'r.test/app': fakeReader(content), 'docker.io/library/node': fakeReader(older) },
    })
    expect(report.change?.growth).toMatchObject({ difference: 100 })
    expect(report.verdict).toBe('pass')
    const lost = await run({
      ...world,
      readers: { 'r.test/app': fakeReader(content), 'docker.io/library/node': fakeReader(node) },
    })
    expect(lost.change?.growth).toMatchObject({ state: 'unknown', cause: 'incomparable' })
    expect(lost).toMatchObject({ verdict: 'warn', breaches: [] })
  })
})
