import { describe, expect, it } from 'vitest'

import type { Growth } from '../../../src/domain/growth/growth.ts'
import { asBytes } from '../../../src/domain/quantities/bytes.ts'
import type { MeasuredImage, MeasuredPlatform, SizeReport } from '../../../src/domain/size/report.ts'
import { digestOf, image, layer, platformImage, report } from '../../report/fixtures.ts'
import type { ReportSpec } from '../../report/fixtures.ts'

function sized(
  size: number,
  over: Partial<MeasuredPlatform> = {},
  platform = 'linux/amd64',
): MeasuredPlatform {
  return platformImage(platform, [layer([`${platform} ${size}`, size])], { config: null, ...over })
}

const grown = (before: number, after: number): Growth => ({
  state: 'changed',
  baseline: {
    digest: digestOf('before'),
    size: asBytes(before),
    judgedSize: asBytes(before),
    estimated: false,
  },
  difference: after - before,
  ratio: (after - before) / before,
  pullSize: asBytes(after),
  layers: [],
  recompressed: null,
  estimated: false,
})

const nameOf = (tag: string) => ({ name: `r.test/app:${tag}`, tag })

/** One image under the tags v1, slim and edge, in this order. */
function named(...platforms: MeasuredPlatform[]): MeasuredImage {
  const names = [nameOf('v1'), nameOf('slim'), nameOf('edge')] as const
  return image('r.test/app:v1', platforms, { names })
}

const told = ({ images, breaches }: SizeReport) => ({
  limit: images[0]?.platforms[0]?.limit?.rule ?? null,
  breaches: breaches.map(({ limit, image: name, rule, severity }) => [
    limit,
    name.split(':')[1],
    rule,
    severity,
  ]),
})

describe('an image of several names is judged by the rule of each', () => {
  it.each<[string, number, ReportSpec, ReturnType<typeof told>]>([
    [
      'of two that it keeps to, the smaller limit is told',
      10,
      { maxSize: ['v1 = 90B', 'slim = 50B'] },
      { limit: 'slim = 50B', breaches: [] },
    ],
    [
      'of two that it exceeds, the smaller limit',
      100,
      { maxSize: ['v1 = 90B', 'slim = 50B'] },
      { limit: 'slim = 50B', breaches: [['max-size', 'slim', 'slim = 50B', 'fail']] },
    ],
    [
      'the one that it exceeds, whatever the order',
      60,
      { maxSize: ['v1 = 90B', 'slim = 50B'] },
      { limit: 'slim = 50B', breaches: [['max-size', 'slim', 'slim = 50B', 'fail']] },
    ],
    [
      'the one that it exceeds, though another one is smaller',
      60,
      { maxSize: ['slim = 90B'], warnSize: ['v1 = 50B'] },
      { limit: 'v1 = 50B', breaches: [['warn-size', 'v1', 'v1 = 50B', 'warn']] },
    ],
    [
      'a limit that fails before one that warns',
      100,
      { maxSize: ['slim = 90B'], warnSize: ['v1 = 50B'] },
      { limit: 'slim = 90B', breaches: [['max-size', 'slim', 'slim = 90B', 'fail']] },
    ],
    [
      'a limit that fails before one that warns, also where it keeps to both',
      10,
      { maxSize: ['slim = 90B'], warnSize: ['v1 = 50B'] },
      { limit: 'slim = 90B', breaches: [] },
    ],
    [
      'exactly as large as allowed is kept to',
      50,
      { maxSize: ['v1 = 90B', 'slim = 50B'] },
      { limit: 'slim = 50B', breaches: [] },
    ],
    [
      'only one name has a rule',
      100,
      { maxSize: ['edge = 50B'] },
      { limit: 'edge = 50B', breaches: [['max-size', 'edge', 'edge = 50B', 'fail']] },
    ],
  ])('%s', (_, size, spec, expected) => {
    expect(told(report([named(sized(size))], spec))).toEqual(expected)
  })

  it('growth, too', () => {
    const platform = sized(1300, { growth: grown(1000, 1300) })
    const spec = { maxIncrease: ['edge = 20%', 'v1 = 50%'], warnIncrease: ['slim = 10%'] }
    const made = report([named(platform)], spec)
    expect(told(made).breaches).toEqual([['max-increase', 'edge', 'edge = 20%', 'fail']])
    expect(made.images[0]?.platforms[0]?.growthLimit).toEqual({
      bytes: 200,
      rule: 'edge = 20%',
      severity: 'fail',
    })
    const soft = report([named(sized(1150, { growth: grown(1000, 1150) }))], spec)
    expect(told(soft).breaches).toEqual([['warn-increase', 'slim', 'slim = 10%', 'warn']])
  })

  it('growth that is unknown fails where max-increase asks for it by any name', () => {
    const platform = sized(1, { growth: { state: 'unknown', cause: 'unread', reason: 'no answer' } })
    expect(report([named(platform)], { maxIncrease: ['edge = 5%'] }).verdict).toBe('fail')
    expect(report([named(platform)], { warnIncrease: ['edge = 5%'] })).toMatchObject({
      verdict: 'warn',
      unmeasured: [],
    })
    expect(report([named(platform)]).verdict).toBe('warn')
  })

  it('a rule that names one of them, or one platform, is used', () => {
    const made = report([named(sized(1), sized(2, {}, 'linux/arm64'))], {
      maxSize: ['edge linux/arm64 = 9B'],
    })
    expect(made).toMatchObject({ verdict: 'pass', warnings: [] })
  })
})

describe('whether any limit looked at a platform image', () => {
  it.each<[string, ReportSpec, boolean]>([
    ['none', {}, false],
    ['max-size', { maxSize: ['9B'] }, true],
    ['max-size of another image', { maxSize: ['x = 9B'] }, false],
    ['max-layers', { maxLayers: 3 }, true],
    ['max-layer-size', { maxLayerSize: 30 }, true],
    ['max-increase without a baseline', { maxIncrease: ['5%'] }, false],
  ])('%s', (_, spec, expected) => {
    expect(report([named(sized(1))], spec).images[0]?.platforms[0]?.isLimited).toBe(expected)
  })

  it('max-increase with a baseline', () => {
    const platform = sized(1000, { growth: grown(1000, 1000) })
    const limited = report([named(platform)], { maxIncrease: ['5%'] }).images[0]?.platforms[0]
    expect(limited).toMatchObject({ isLimited: true, limit: null })
    expect(limited?.growthLimit).toMatchObject({ bytes: 50 })
  })
})

describe('the totals of a report', () => {
  it('count a platform image once, whatever tags lead to it', () => {
    const [amd64, arm64] = [sized(100), sized(30, {}, 'linux/arm64')]
    const index = image('r.test/app:v1', [amd64, arm64])
    const own = image('r.test/app:v1-amd64', [amd64])
    expect(report([index, own]).totalSize).toBe(130)
    expect(report([own, index]).totalSize).toBe(130)
    const elsewhere = image('r.test/other:v1', [amd64])
    expect(report([index, elsewhere]).totalSize).toBe(230)
    const unnamed = ['a', 'b'].map((name) => image(name, [amd64], { repository: null }))
    expect(report(unnamed).totalSize).toBe(200)
  })

  it('count one manifest as often as an index lists it for a platform', () => {
    const [one, two] = ['linux/arm/v6', 'linux/arm/v7'].map((platform) =>
      sized(50, { digest: digestOf('same') }, platform),
    )
    const index = image('r.test/app:v1', [one!, two!])
    const own = image('r.test/app:v1-arm', [one!])
    for (const images of [[index], [index, own], [own, index]]) expect(report(images).totalSize).toBe(100)
  })

  it('tell the layers and the change of the image that has most', () => {
    const layers = [layer(['a', 1]), layer(['b', 1]), layer(['c', 1])]
    const wide = platformImage('linux/amd64', layers, { config: null })
    const baseline = {
      state: 'found' as const,
      name: 'r.test/app:main',
      digest: digestOf('main'),
      created: null,
      entry: ':main',
      placeholders: [],
      removed: [],
      skipped: [],
    }
    const large = sized(90, { growth: grown(80, 90) }, 'linux/arm64')
    const small = sized(80, { growth: grown(10, 80) }, 'linux/s390x')
    const made = report([image('r.test/app:v1', [wide, large, small], { baseline })])
    expect(made.layers).toBe(3)
    expect(made.change?.growth).toMatchObject({ difference: 10 })
    expect(report([image('r.test/app:v1', [wide], { baseline })]).change).toBeNull()
    expect(report([image('r.test/app:v1', [large])]).change).toBeNull()
    expect(report([])).toMatchObject({ verdict: 'pass', change: null, layers: 0, size: 0, warnings: [] })
  })

  it('warn of nothing where nothing was measured', () => {
    expect(report([], { maxSize: ['v1 = 9B'] })).toMatchObject({ verdict: 'pass', warnings: [] })
  })
})
