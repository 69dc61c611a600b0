import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareTags, nearestTags, parseVersion, sortTags } from '../../../src/domain/names/tag-order.ts'

const version = fc
  .tuple(
    fc.constantFrom('', 'v', 'V'),
    fc.array(fc.constantFrom('0', '1', '01', '2', '10', '2024', '99999999999999999999'), {
      minLength: 1,
      maxLength: 4,
    }),
    fc.constantFrom(
      '',
      '-rc1',
      '-rc.1',
      '-rc.10',
      '-alpine',
      '-1',
      'rc1',
      '_b1',
      '-rc.1_b2',
      '-',
      '.',
      '-.',
      '-01',
    ),
  )
  .map(([v, numbers, suffix]) => v + numbers.join('.') + suffix)
const word = fc.constantFrom(
  'latest',
  'main',
  'build-9',
  'build-10',
  'Main',
  'sha-0a1',
  'sha-00a1',
  'a_b',
  'a-b',
  '0a',
  '007',
  '7',
)
const tag = fc.oneof(version, word, fc.stringMatching(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,12}$/))

describe('compareTags', () => {
  it.each([
    [['1.9.0', '1.10.0']],
    [['v1.9.0', 'v1.10.0', '2.0.0']],
    [['1.2.0-rc1', '1.2.0']],
    [
      [
        '1.2.0-alpha',
        '1.2.0-alpha.1',
        '1.2.0-alpha.beta',
        '1.2.0-beta',
        '1.2.0-beta.2',
        '1.2.0-beta.11',
        '1.2.0-rc.1',
        '1.2.0',
      ],
    ],
    [['1.2.0_build2', '1.2.0_build10', '1.2.1']],
    [['1.2.0-rc.1_5', '1.2.0-rc.2_1']],
    [['1', '1.2', '1.2.0', '1.2.3', '1.3', '1.10', '2']],
    [['1-alpine', '1', '1.2-alpine', '1.2', '1.2.0-alpine', '1.2.0']],
    [['3.13.0a1', '3.13.0b2', '3.13.0rc1', '3.13.0']],
    [['2024.09.01', '2024.9.2', '2024.10.1']],
    [['9', '10', '100']],
    [['build-9', 'build-10', 'build-100']],
    [['2024-01-02', '2024-01-15', '2024-2-1']],
    [['1.2.3.4', '1.2.3.10']],
    [['1.0.0', 'latest']],
    [['9.0.0', 'a', 'z']],
  ])('puts %j in this order', (ordered) => {
    expect(sortTags(ordered.toReversed())).toEqual(ordered)
    expect(ordered.toReversed().sort(compareTags)).toEqual(ordered)
  })

  it('is a total order: equal only to itself, antisymmetric, transitive', () => {
    fc.assert(
      fc.property(tag, tag, tag, (a, b, c) => {
        expect(compareTags(a, b) === 0).toBe(a === b)
        expect(Math.sign(compareTags(a, b)) + Math.sign(compareTags(b, a))).toBe(0)
        expect(compareTags(a, b) <= 0 && compareTags(b, c) <= 0 && compareTags(a, c) > 0).toBe(false)
      }),
      { numRuns: 2000 },
    )
  })

  it('sorts to the same list from any order', () => {
    fc.assert(
      fc.property(fc.uniqueArray(tag, { maxLength: 12 }), fc.func(fc.integer()), (tags, key) => {
        const shuffled = tags.toSorted((a, b) => key(a) - key(b))
        expect(sortTags(shuffled)).toEqual(sortTags(tags))
        expect(sortTags(tags)).toEqual(tags.toSorted(compareTags))
      }),
    )
  })
})

describe('parseVersion', () => {
  it.each([
    ['1.2.3', 1, 2, 3, []],
    ['v1.2.3', 1, 2, 3, []],
    ['1.2.3-rc.1', 1, 2, 3, ['rc', 1]],
    ['1.2.3-alpine3.20', 1, 2, 3, ['alpine3', 20]],
    ['1.2.3_build.5', 1, 2, 3, []],
    ['1.2.3-rc1_build-5', 1, 2, 3, ['rc1']],
    ['3.13.0rc1', 3, 13, 0, ['rc1']],
    ['2024.09.01', 2024, 9, 1, []],
    ['1.2', 1, 2, null, []],
    ['1.2-alpine', 1, 2, null, ['alpine']],
    ['20', 20, null, null, []],
    ['20-alpine', 20, null, null, ['alpine']],
  ])('reads %j', (text, major, minor, patch, prerelease) => {
    expect(parseVersion(text)).toEqual({ major, minor, patch, prerelease })
  })

  it.each([
    'latest',
    '',
    'v',
    'vv1.2.3',
    '1.2.3.4',
    '1..2',
    '1.2.',
    '2024-01-15',
    '1a2b3c4',
    'release-1.2.3',
    '1.2.3+b',
    '1.2_b',
    '99999999999999999999.0.0',
    `1.2.3-${'a'.repeat(130)}`,
    '__proto__',
  ])('says that %j is none', (text) => {
    expect(parseVersion(text)).toBeNull()
  })
})

describe('nearestTags', () => {
  it.each([
    ['1.2.0', ['v1.2.0', '1.2.1', 'latest'], ['v1.2.0', '1.2.1']],
    ['Latest', ['latest', 'main'], ['latest']],
    ['latets', ['latest', 'lattice', 'main'], ['latest']],
    ['1.2', ['1.2.0', '1.2.10', '1.2.9', '1.3.0'], ['1.2.10', '1.2.9', '1.2.0']],
    ['1.2.3-alpine', ['1.2.3', '1.2', 'edge'], ['1.2.3', '1.2']],
    ['main', ['v1.0.0', '2.0.0'], []],
    ['x', [], []],
    ['', ['a'], []],
  ])('offers for %j out of %j', (wanted, tags, expected) => {
    expect(nearestTags(wanted, tags)).toEqual(expected)
  })

  it('gives as many as are asked for', () => {
    expect(nearestTags('v1.0.0', ['v1.0.1', 'v1.0.2', 'v1.0.3', 'v1.0.4'], 2)).toHaveLength(2)
  })

  it('looks at a bounded number of tags of bounded length', () => {
    function* endless(): Generator<string> {
      for (let number = 0; ; number += 1) yield `${'ab'.repeat(60)}${number}`
    }
    expect(nearestTags('ba'.repeat(64), endless())).toEqual([])
    expect(nearestTags('a'.repeat(1e6), ['a'.repeat(1e6)])).toHaveLength(1)
  })
})
