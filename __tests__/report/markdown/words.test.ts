import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatGrowth, formatShare, limitWords, plural } from '../../../src/report/markdown/words.ts'

describe('formatShare', () => {
  it.each([
    [0, 100, '0 %'],
    [1, 10_000, '<0.1 %'],
    [42, 1000, '4.2 %'],
    [93, 100, '93 %'],
    [100, 100, '100 %'],
    [9_996, 10_000, '>99.9 %'],
    [996, 1000, '99.6 %'],
    [10_001, 10_000, '>100 %'],
    [1003, 1000, '100.3 %'],
    [106, 100, '106 %'],
    [8_583, 10, '858×'],
    [1, 0, '–'],
  ])('writes %d of %d as %s', (part, whole, text) => {
    expect(formatShare(part, whole)).toBe(text)
  })

  it('never rounds across 100 % or down to nothing', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1 }), (part, whole) => {
        expect(formatShare(part, whole) === '100 %').toBe(part === whole)
        expect(formatShare(part, whole) === '0 %').toBe(part === 0)
      }),
    )
    expect(formatShare(2 ** 40 + 1, 2 ** 40)).toBe('>100 %')
  })
})

describe('plural', () => {
  it.each([
    [1, 'layer', '1 layer'],
    [0, 'layer', '0 layers'],
    [2, 'more breach', '2 more breaches'],
    [3, 'repository', '3 repositories'],
    [2, 'key', '2 keys'],
  ])('%d %s is %s', (count, noun, text) => {
    expect(plural(count, noun)).toBe(text)
  })
})

describe('formatGrowth', () => {
  it.each([
    [19_293_798, 0.061, '+18.4 MiB (+6.1 %)'],
    [-5_138_022, -0.054, '-4.9 MiB (-5.4 %)'],
    [812, 0.000_01, '+812 B (<0.1 %)'],
    [-812, -0.000_999, '-812 B (<0.1 %)'],
    [5_242_880, 12.5, '+5.0 MiB (+1250.0 %)'],
    [5_242_880, null, '+5.0 MiB'],
    [0, 0, '0 B'],
  ])('writes %d, which is %d of what was there, as %s', (difference, ratio, text) => {
    expect(formatGrowth(difference, ratio, 'iec')).toBe(text)
  })
})

describe('limitWords', () => {
  it.each([
    [300 * 1024 ** 2, 'iec', '300.0 MiB (93 %)'],
    [300e6, 'iec', '300 MB (286.1 MiB, 93 %)'],
    [1.25e9, 'iec', '1.25 GB (1.2 GiB, 93 %)'],
    [300e6, 'si', '300.0 MB (93 %)'],
    [512 * 1024 ** 2, 'si', '512 MiB (536.9 MB, 93 %)'],
    // the share of a baseline is no round number of anything
    [7_759_012, 'iec', '7.4 MiB (93 %)'],
    [22_530, 'iec', '22.0 KiB (93 %)'],
    [50_000, 'iec', '50 kB (48.8 KiB, 93 %)'],
  ] as const)('writes %d in %s as it was set: %s', (limit, units, words) => {
    expect(limitWords(limit, units, '93 %')).toBe(words)
  })

  it('does without a note', () => {
    expect(limitWords(5e6, 'iec', null)).toBe('5 MB (4.8 MiB)')
    expect(limitWords(5 * 1024 ** 2, 'iec', null)).toBe('5.0 MiB')
  })
})
