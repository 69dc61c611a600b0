import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Growth } from '../../../src/domain/growth/growth.ts'
import { asBytes } from '../../../src/domain/quantities/bytes.ts'
import type { MeasuredPlatform, SizeReport } from '../../../src/domain/size/report.ts'
import { digestOf, image, layer, platformImage, report } from '../../report/fixtures.ts'
import type { ReportSpec } from '../../report/fixtures.ts'

const NO_CONFIG = { config: null }

function sized(
  size: number,
  over: Partial<MeasuredPlatform> = {},
  platform = 'linux/amd64',
): MeasuredPlatform {
  return platformImage(platform, [layer([`${platform} ${size}`, size])], { ...NO_CONFIG, ...over })
}

function judged(platforms: readonly MeasuredPlatform[], spec: ReportSpec): SizeReport {
  return report([image('r.test/app:v1', platforms)], spec)
}

/** From `before` to `after` bytes, as a comparison would say it. */
function grown(
  before: number,
  after: number,
  state: 'changed' | 'unchanged' = 'changed',
  platform?: string,
): MeasuredPlatform {
  const growth: Growth = {
    state,
    baseline: {
      digest: digestOf('before'),
      size: asBytes(before),
      judgedSize: asBytes(before),
      estimated: false,
    },
    difference: after - before,
    ratio: before === 0 ? null : (after - before) / before,
    pullSize: asBytes(after),
    layers: [],
    recompressed: null,
    estimated: false,
  }
  return sized(after, { growth }, platform)
}

const unknown = (cause: 'unread' | 'incomparable'): MeasuredPlatform =>
  sized(1, { growth: { state: 'unknown', cause, reason: 'no answer' } })

describe('absolute limits', () => {
  it.each([
    [100, 'pass', 'fail', 150],
    [101, 'warn', 'warn', 100],
    [150, 'warn', 'warn', 100],
    [151, 'fail', 'fail', 150],
  ])('%i bytes against warn 100 and max 150: %s', (size, verdict, severity, allowed) => {
    const made = judged([sized(size)], { maxSize: ['150B'], warnSize: ['100B'] })
    expect(made.verdict).toBe(verdict)
    expect(made.images[0]?.platforms[0]?.limit).toMatchObject({ severity, bytes: allowed })
    expect(made.breaches).toHaveLength(verdict === 'pass' ? 0 : 1)
  })

  it('are never judged on a sum', () => {
    const made = judged([sized(100), sized(90, {}, 'linux/arm64')], { maxSize: ['120B'] })
    expect(made).toMatchObject({ verdict: 'pass', size: 100, totalSize: 190 })
  })

  it('hold against layers, each once, by instruction or digest', () => {
    const layers = [layer(['big', 50, 'RUN make']), layer(['big', 50, 'RUN make']), layer(['odd', 40])]
    const made = judged([platformImage('linux/amd64', layers, NO_CONFIG)], {
      maxLayers: 2,
      maxLayerSize: 39,
    })
    expect(made.breaches.map(({ limit, actual, layer }) => [limit, actual, layer])).toEqual([
      ['max-layers', 3, null],
      ['max-layer-size', 50, 'RUN make'],
      ['max-layer-size', 40, `layer ${digestOf('odd').slice(7, 14)}`],
    ])
  })

  it('turn into warnings, said, where failures are waived', () => {
    const severity = { warnBecause: 'the label says so' }
    expect(judged([sized(10)], { maxSize: ['1B'], severity })).toMatchObject({
      verdict: 'warn',
      leniency: 'the label says so',
    })
    expect(judged([sized(10)], { maxSize: ['10B'], severity })).toMatchObject({
      verdict: 'pass',
      leniency: null,
    })
  })
})

describe('growth limits', () => {
  it.each([
    [1000, 1100, 'pass'],
    [1000, 1101, 'warn'],
    [1000, 1200, 'warn'],
    [1000, 1201, 'fail'],
    [1000, 1, 'pass'],
  ])('from %i to %i against warn 10%% and max 20%%: %s', (before, after, verdict) => {
    const made = judged([grown(before, after)], { maxIncrease: ['20%'], warnIncrease: ['10%'] })
    expect(made.verdict).toBe(verdict)
  })

  it('say by how much and why', () => {
    const [breach] = judged([grown(1000, 1300)], { maxIncrease: ['v* = 20% and 100B'] }).breaches
    expect(breach).toMatchObject({
      limit: 'max-increase',
      severity: 'fail',
      actual: 300,
      allowed: 200,
      rule: 'v* = 20% and 100B',
      reason: 'more than 20% and more than 100B',
    })
  })

  it('find the platform that grew while the sum went down', () => {
    const made = judged([grown(1000, 1200), grown(9000, 1000, 'changed', 'linux/arm64')], {
      maxIncrease: ['linux/* = 1B', '10%'],
    })
    expect(made.breaches.map(({ platform }) => platform?.architecture)).toEqual(['amd64'])
    expect(made.verdict).toBe('fail')
  })

  it('never touch what counts as unchanged, nor what is new', () => {
    const fresh = sized(9_000_000, { growth: { state: 'new', pullSize: null } })
    const spec = { maxIncrease: ['0B'] }
    expect(judged([grown(1000, 1001, 'unchanged')], spec).verdict).toBe('pass')
    expect(judged([fresh], spec)).toMatchObject({ verdict: 'pass', change: null })
  })

  it('count from a baseline of nothing', () => {
    expect(judged([grown(0, 5)], { maxIncrease: ['50%'] }).verdict).toBe('fail')
  })
})

describe('growth that is unknown', () => {
  it('fails where max-increase asks for it, whatever on-exceed says', () => {
    const made = judged([unknown('unread')], { maxIncrease: ['5%'], severity: { warnBecause: 'on-exceed' } })
    expect(made).toMatchObject({ verdict: 'fail', breaches: [] })
    expect(made.unmeasured).toEqual(['r.test/app:v1: max-increase cannot be judged: no answer'])
  })

  it('warns elsewhere, once per image', () => {
    const other = { ...unknown('unread'), ...sized(2, {}, 'linux/arm64'), growth: unknown('unread').growth }
    const made = judged([unknown('unread'), other], { maxIncrease: ['other = 5%'] })
    expect(made.verdict).toBe('warn')
    expect(made.notices.filter((notice) => notice.includes('no answer'))).toHaveLength(1)
  })

  it('ends partial, not red, when time ran out', () => {
    const made = judged([unknown('unread')], { maxIncrease: ['5%'], findings: { partial: true } })
    expect(made).toMatchObject({ verdict: 'warn', partial: true, unmeasured: [expect.any(String)] })
  })

  it.each([
    [['5%'], 'warn'],
    [[], 'pass'],
  ])('that cannot be compared, with max-increase %j: %s', (maxIncrease, verdict) => {
    expect(judged([unknown('incomparable')], { maxIncrease }).verdict).toBe(verdict)
  })
})

describe('own layers', () => {
  const base = { name: 'node:24', digest: digestOf('node'), layers: 2, size: asBytes(900) }
  const layers = [
    layer(['b1', 800], { from: 'base' }),
    layer(['b2', 100], { from: 'base' }),
    layer(['o', 50], { from: 'own' }),
  ]
  const split = platformImage('linux/amd64', layers, {
    ...NO_CONFIG,
    base,
    ownSize: asBytes(50),
    judgedSize: asBytes(50),
  })

  it('are all that limits apply to with ignore-base', () => {
    const spec = { maxSize: ['50B'], maxLayers: 1, maxLayerSize: 50 }
    expect(judged([split], { ...spec, ignoreBase: true })).toMatchObject({ verdict: 'pass', size: 50 })
    const whole = { ...split, judgedSize: split.size }
    expect(judged([whole], spec).breaches.map(({ limit }) => limit)).toEqual([
      'max-size',
      'max-layers',
      'max-layer-size',
      'max-layer-size',
    ])
  })
})

describe('the report', () => {
  it('tells the change of the largest platform image', () => {
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
    const platforms = [grown(10, 20), grown(90, 80, 'changed', 'linux/arm64')]
    const made = report([image('r.test/app:v1', platforms, { baseline })])
    expect(made.change).toMatchObject({ baseline: 'r.test/app:main', growth: { difference: -10 } })
  })

  it('warns of rules that name no image, and stays green while another rule of the limit does', () => {
    const made = judged([sized(1)], {
      maxSize: ['x = 1B', '1B'],
      warnSize: ['y = 1B', '1B'],
      maxIncrease: ['z = 1%', '1%'],
      warnIncrease: ['* linux/s390x = 1%', '1%'],
    })
    expect(made).toMatchObject({ verdict: 'pass', notices: [] })
    expect(made.warnings).toEqual([
      'max-size: the rule "x = 1B" names no measured image',
      'warn-size: the rule "y = 1B" names no measured image',
      'max-increase: the rule "z = 1%" names no measured image',
      'warn-increase: the rule "* linux/s390x = 1%" names no measured image',
    ])
  })

  it.each([
    [['* = 9B', '* linux/amd64 = 1B'], '* linux/amd64 = 1B', '* = 9B'],
    [['v* = 9B', 'v* linux/amd64 = 1B', '1B'], 'v* linux/amd64 = 1B', 'v* = 9B'],
  ])('warns of a rule that is behind a wider one (%j)', (maxSize, rule, wider) => {
    expect(judged([sized(1)], { maxSize })).toMatchObject({
      verdict: 'pass',
      warnings: [`max-size: the rule "${rule}" never applies. Write it before "${wider}"`],
    })
  })

  it('takes no narrower rule for a wider one', () => {
    const maxSize = ['* linux/amd64 = 9B', 'v1 = 9B', 'v* = 9B', '* = 9B']
    expect(judged([sized(1)], { maxSize }).warnings).toEqual([])
  })

  it.each([
    [['v2* = 1B'], 'its rule "v2* = 1B" does not name r.test/app:v1'],
    [['a = 1B', 'b = 1B'], 'none of its 2 rules names r.test/app:v1'],
  ])('is a warning where a limit %j holds nothing at all', (maxSize, words) => {
    const made = judged([sized(100)], { maxSize })
    expect(made).toMatchObject({ verdict: 'warn', breaches: [] })
    expect(made.warnings).toEqual([
      `max-size limits nothing: ${words}. A pattern must match the whole tag or the whole reference`,
    ])
  })

  it('names a few of many images that a limit does not hold', () => {
    const images = Array.from({ length: 9 }, (_, i) => image(`r.test/app:v${i}`, [sized(1)]))
    const [warning] = report(images, { maxSize: ['pr = 1B'] }).warnings
    expect(warning).toContain('does not name r.test/app:v0, r.test/app:v1,')
    expect(warning).toContain('r.test/app:v4 and 4 more. A pattern')
  })

  it('has nothing to warn of where rules leave out some images', () => {
    const images = ['v1', 'latest'].map((tag) => image(`r.test/app:${tag}`, [sized(1)]))
    expect(report(images, { maxSize: ['v* = 1B'] })).toMatchObject({ verdict: 'pass', warnings: [] })
  })

  it('is red when something was not measured, unless time ran out', () => {
    const missing = { unmeasured: ['r.test/app:v2: gone'] }
    expect(judged([sized(1)], { findings: missing }).verdict).toBe('fail')
    expect(judged([sized(1)], { findings: { ...missing, partial: true } }).verdict).toBe('pass')
    expect(judged([sized(1)], { findings: { ...missing, partial: true, broken: true } }).verdict).toBe('fail')
  })

  it('is as bad as its worst platform image, and a breach is a size above its limit', () => {
    const size = fc.integer({ min: 1, max: 300 })
    fc.assert(
      fc.property(fc.array(size, { minLength: 1, maxLength: 6 }), size, size, (sizes, max, warn) => {
        const made = report(
          sizes.map((bytes, position) => image(`r.test/app:v${position}`, [sized(bytes)])),
          { maxSize: [`${max}B`], warnSize: [`${warn}B`] },
        )
        const worst = Math.max(...sizes)
        expect(made.verdict).toBe(worst > max ? 'fail' : worst > warn ? 'warn' : 'pass')
        expect(made.breaches).toHaveLength(sizes.filter((bytes) => bytes > Math.min(max, warn)).length)
        for (const breach of made.breaches) expect(breach.actual).toBeGreaterThan(breach.allowed)
      }),
    )
  })
})
