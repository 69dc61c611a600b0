import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareWith, pullSize, withoutBaseline } from '../../../src/domain/growth/compare.ts'
import type { ComparisonRules, ReadBaseline } from '../../../src/domain/growth/compare.ts'
import type { FoundBaseline, Growth } from '../../../src/domain/growth/growth.ts'
import { platformOf } from '../../../src/domain/names/platform.ts'
import { asBytes } from '../../../src/domain/quantities/bytes.ts'
import type { MeasuredImage, MeasuredPlatform } from '../../../src/domain/size/report.ts'
import { NOW, digestOf, image, layer, platformImage } from '../../report/fixtures.ts'

const RULES: ComparisonRules = { minimumChange: asBytes(1024), ignoreBase: false }
const NO_CONFIG = { config: null }

function sized(
  platform: string | null,
  size: number,
  over: Partial<MeasuredPlatform> = {},
): MeasuredPlatform {
  return platformImage(platform, [layer([`${platform} ${size}`, size])], { ...NO_CONFIG, ...over })
}

function windows(osVersion: string, size: number): MeasuredPlatform {
  const platform = platformOf({ os: 'windows', architecture: 'amd64', osVersion })
  return { ...sized('windows/amd64', size), platform }
}

function compare(
  old: readonly MeasuredPlatform[],
  now: readonly MeasuredPlatform[],
  over: Partial<ReadBaseline> = {},
  rules = RULES,
): MeasuredImage {
  const baseline: ReadBaseline = {
    name: 'r.test/app:main',
    entry: ':{base-ref}',
    placeholders: ['base-ref'],
    skipped: [{ entry: ':x', cause: 'absent', reason: 'r.test/app:x does not exist' }],
    image: image('r.test/app:main', old),
    incomplete: null,
    ...over,
  }
  return compareWith(image('r.test/app:pr', now), baseline, rules)
}

function growths(made: MeasuredImage): (Growth | null)[] {
  return made.platforms.map((platform) => platform.growth)
}

const growth = (old: MeasuredPlatform, now: MeasuredPlatform, rules = RULES): Growth | null =>
  growths(compare([old], [now], {}, rules))[0] ?? null

describe('compareWith', () => {
  it('says how the baseline was found, how old it is, and what was tried before', () => {
    const made = compare([sized('linux/amd64', 5000)], [sized('linux/amd64', 9000)])
    expect(made.baseline).toEqual({
      state: 'found',
      name: 'r.test/app:main',
      digest: expect.stringMatching(/^sha256:/),
      created: NOW - 3 * 24 * 3_600_000,
      entry: ':{base-ref}',
      placeholders: ['base-ref'],
      removed: [],
      skipped: [{ entry: ':x', cause: 'absent', reason: 'r.test/app:x does not exist' }],
    })
    expect(growths(made)).toEqual([
      expect.objectContaining({ state: 'changed', difference: 4000, ratio: 0.8, pullSize: 9000 }),
    ])
  })

  it.each([
    [5000, 5000, 'unchanged', 0],
    [5000, 6023, 'unchanged', 1023],
    [5000, 6024, 'changed', 1024],
    [5000, 3977, 'unchanged', -1023],
    [5000, 3976, 'changed', -1024],
  ])('from %i to %i bytes: %s', (before, after, state, difference) => {
    expect(growth(sized('linux/amd64', before), sized('linux/amd64', after))).toMatchObject({
      state,
      difference,
    })
  })

  it('is unchanged without a difference, even when every change counts', () => {
    const rules = { ...RULES, minimumChange: asBytes(0) }
    const [old, now] = [layer(['x', 9]), layer(['y', 9])].map((one) =>
      platformImage('linux/amd64', [one], NO_CONFIG),
    )
    expect(growth(old!, now!, rules)).toMatchObject({ state: 'unchanged', difference: 0, pullSize: 9 })
    expect(growth(sized('linux/amd64', 1), sized('linux/amd64', 2), rules)).toMatchObject({
      state: 'changed',
    })
  })

  it('has no ratio to nothing', () => {
    const none = platformImage('linux/amd64', [], NO_CONFIG)
    expect(growth(none, sized('linux/amd64', 5000))).toMatchObject({ difference: 5000, ratio: null })
  })

  it('keeps variants apart, and says what is new and what is gone', () => {
    const made = compare(
      [sized('linux/arm/v6', 1000), sized('linux/amd64', 1000)],
      [sized('linux/amd64', 1000), sized('linux/arm/v7', 9000)],
    )
    expect(growths(made)).toEqual([
      expect.objectContaining({ state: 'unchanged' }),
      { state: 'new', pullSize: 9000 },
    ])
    expect(made.baseline).toMatchObject({
      removed: [{ platform: platformOf({ os: 'linux', architecture: 'arm', variant: 'v6' }), size: 1000 }],
    })
  })

  it('compares the only images of both sides where one names no platform', () => {
    expect(growth(sized(null, 5000), sized('linux/amd64', 9000))).toMatchObject({ difference: 4000 })
    expect(growth(sized('linux/amd64', 5000), sized(null, 9000))).toMatchObject({ difference: 4000 })
  })

  it('keeps releases of Windows apart, and takes another build of one as the same platform', () => {
    const made = compare(
      [windows('10.0.17763.1', 1000), windows('10.0.20348.1', 5000), windows('10.0.20348.2', 7000)],
      [windows('10.0.20348.9', 5500), windows('10.0.20348.2', 7700), windows('10.0.26100.1', 3000)],
    )
    expect(growths(made)).toEqual([
      expect.objectContaining({ difference: 500 }),
      expect.objectContaining({ difference: 700 }),
      { state: 'new', pullSize: 3000 },
    ])
    expect(made.baseline).toMatchObject({ removed: [{ size: 1000 }] })
  })

  it('pairs artifacts, which have no platform, and several images of one platform in their order', () => {
    const made = compare(
      [sized(null, 5000), sized('linux/amd64', 1000), sized('linux/amd64', 4000)],
      [sized('linux/amd64', 3000), sized('linux/amd64', 8000), sized(null, 9000)],
    )
    expect(growths(made)).toEqual([
      expect.objectContaining({ difference: 2000 }),
      expect.objectContaining({ difference: 4000 }),
      expect.objectContaining({ difference: 4000 }),
    ])
  })

  it('does not call new what the baseline may have had', () => {
    const made = compare([sized('linux/amd64', 1000)], [sized('linux/arm64', 1000)], {
      incomplete: 'the baseline is not complete',
    })
    expect(growths(made)).toEqual([
      { state: 'unknown', cause: 'unread', reason: 'the baseline is not complete' },
    ])
  })

  it('says that only the compression changed hands', () => {
    const old = sized('linux/amd64', 9000, { compression: 'gzip' })
    const now = sized('linux/amd64', 7000, { compression: 'zstd' })
    expect(growth(old, now)).toMatchObject({ recompressed: { from: 'gzip', to: 'zstd' } })
    expect(growth(old, old)).toMatchObject({ recompressed: null })
    expect(growth(old, { ...now, compression: null })).toMatchObject({ recompressed: null })
  })

  it('says what is an estimate, and knows no pull size between estimates and facts', () => {
    const fact = sized('linux/amd64', 9000)
    const guess = sized('linux/amd64', 9000, { estimated: true })
    expect(growth(fact, guess)).toMatchObject({ estimated: true, pullSize: null })
    expect(growth(guess, fact)).toMatchObject({ estimated: true, pullSize: null })
    expect(growth(guess, guess)).toMatchObject({ estimated: true, pullSize: 0 })
    expect(growth(fact, fact)).toMatchObject({ estimated: false, pullSize: 0 })
  })
})

describe('compareWith and ignore-base', () => {
  const rules = { ...RULES, ignoreBase: true }
  const base = { name: 'node:24', digest: digestOf('node'), layers: 1, size: asBytes(9000) }
  const split = (own: number, over: Partial<MeasuredPlatform> = {}) =>
    sized('linux/amd64', 9000 + own, { base, ownSize: asBytes(own), judgedSize: asBytes(own), ...over })
  const whole = sized('linux/amd64', 9000)

  it('compares own layers', () => {
    expect(growth(split(4000), split(6000), rules)).toMatchObject({
      difference: 2000,
      ratio: 0.5,
      baseline: { size: 13_000, judgedSize: 4000 },
    })
  })

  it('does not hold own layers against a whole image', () => {
    expect(growth(whole, split(4000), rules)).toMatchObject({
      state: 'unknown',
      cause: 'incomparable',
      reason: expect.stringContaining('the baseline r.test/app:main'),
    })
    expect(growth(split(4000), whole, rules)).toMatchObject({ cause: 'incomparable' })
    expect(growth(whole, whole, rules)).toMatchObject({ state: 'unchanged' })
    expect(growth(whole, split(4000))).toMatchObject({ state: 'changed' })
  })
})

describe('withoutBaseline', () => {
  const now = image('r.test/app:pr', [sized('linux/amd64', 1), sized('linux/arm64', 2)])

  it('is new, without a number, when no baseline exists', () => {
    const made = withoutBaseline(now, { state: 'missing', skipped: [] })
    expect(growths(made)).toEqual([
      { state: 'new', pullSize: null },
      { state: 'new', pullSize: null },
    ])
  })

  it('is unknown when the baseline could not be read', () => {
    const made = withoutBaseline(now, { state: 'unread', name: 'x', reason: 'no answer', skipped: [] })
    expect(growths(made)[1]).toEqual({ state: 'unknown', cause: 'unread', reason: 'no answer' })
  })
})

/** Seeds fix sizes, as digests do. */
const SIZES = new Map(['a', 'b', 'c', 'd', 'e', 'f'].map((seed, position) => [seed, 7 ** (position + 1)]))
const stack = fc.array(fc.constantFrom(...SIZES.keys()), { maxLength: 8 }).map((seeds) =>
  platformImage(
    'linux/amd64',
    seeds.map((seed) => layer([seed, SIZES.get(seed) ?? 0, `RUN ${seed}`])),
  ),
)

describe('laws of comparison', () => {
  it('the way back is the way there with the other sign', () => {
    fc.assert(
      fc.property(stack, stack, (a, b) => {
        const [there, back] = [growth(a, b), growth(b, a)]
        if (there?.state === 'unknown' || there?.state === 'new' || there === null) throw new Error('known')
        expect(back).toMatchObject({ state: there.state, difference: 0 - there.difference })
      }),
    )
  })

  it('a pull is at most the image, at least the growth, and nothing for an image that is there', () => {
    fc.assert(
      fc.property(stack, stack, (a, b) => {
        expect(pullSize(a, b)).toBeLessThanOrEqual(b.size)
        expect(pullSize(a, b)).toBeGreaterThanOrEqual(b.size - a.size)
        expect(b.size - pullSize(a, b)).toBe(a.size - pullSize(b, a))
        expect(pullSize(b, b)).toBe(0)
      }),
    )
  })

  it('equal images are unchanged and share every layer', () => {
    fc.assert(
      fc.property(stack, (a) => {
        const same = growth(a, a)
        expect(same).toMatchObject({ state: 'unchanged', difference: 0, pullSize: 0 })
        if (same?.state !== 'unchanged') throw new Error('unchanged')
        expect(same.layers.every(({ change }) => change === 'shared')).toBe(true)
      }),
    )
  })

  it('every platform is compared, new, or gone: none is lost and none is said twice', () => {
    const platforms = fc.array(fc.constantFrom('linux/amd64', 'linux/arm/v6', 'linux/arm/v7', null), {
      maxLength: 6,
    })
    fc.assert(
      fc.property(platforms, platforms, (before, after) => {
        const made = compare(
          before.map((platform) => sized(platform, 1)),
          after.map((platform) => sized(platform, 2)),
        )
        const fresh = growths(made).filter((one) => one?.state === 'new').length
        const { removed }: Pick<FoundBaseline, 'removed'> =
          made.baseline?.state === 'found' ? made.baseline : { removed: [] }
        expect(after.length - fresh).toBe(before.length - removed.length)
      }),
    )
  })
})
