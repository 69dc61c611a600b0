import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WardenError } from '../../../src/domain/errors.ts'
import {
  asBytes,
  formatBytes,
  formatChange,
  formatExactly,
  formatPercent,
  isBytes,
  parseBytes,
  sumBytes,
  totalBytes,
} from '../../../src/domain/quantities/bytes.ts'
import { lineOf } from '../../support/refusal.ts'

const parse = (text: string) => parseBytes(text, 'max-size')

describe('parseBytes', () => {
  it.each([
    ['0B', 0],
    ['812B', 812],
    ['812 B', 812],
    ['1kB', 1000],
    ['1KB', 1000],
    ['1KiB', 1024],
    ['300MB', 300_000_000],
    ['300MiB', 314_572_800],
    ['300 MiB', 314_572_800],
    [' 300MiB ', 314_572_800],
    ['1.5GiB', 1_610_612_736],
    ['1.5 GB', 1_500_000_000],
    ['0.1KiB', 102],
    ['0.0005kB', 1],
    ['0.0004kB', 0],
    ['2TB', 2e12],
    ['2TiB', 2 * 1024 ** 4],
    ['007MB', 7_000_000],
    ['9007199254740991B', Number.MAX_SAFE_INTEGER],
    ['8191TiB', 8191 * 1024 ** 4],
  ])('reads %j', (text, bytes) => {
    expect(parse(text)).toBe(bytes)
  })

  it.each([
    ['', 'Write a number and a unit'],
    ['MiB', 'Write a number and a unit'],
    ['300', 'It has no unit'],
    ['1.5', 'B is bytes'],
    ['300mb', 'Write 300MiB (2ⁿ) or 300MB (10ⁿ)'],
    ['300Mb', 'Write 300MiB'],
    ['300M', 'Write 300MiB'],
    ['300Mi', 'Write 300MiB'],
    ['300mib', 'Write 300MiB'],
    ['1.5g', 'Write 1.5GiB'],
    ['5k', 'Write 5KiB (2ⁿ) or 5kB (10ⁿ)'],
    ['10 potatoes', 'Write a number and a unit'],
    ['10PB', 'Write a number and a unit'],
    ['-5MB', 'Write a number and a unit'],
    ['+5MB', 'Write a number and a unit'],
    ['1e3MB', 'Write a number and a unit'],
    ['0x10B', 'Write a number and a unit'],
    ['1,5GB', 'Write a number and a unit'],
    ['1_000B', 'Write a number and a unit'],
    ['.5MB', 'Write a number and a unit'],
    ['5.MB', 'Write a number and a unit'],
    ['1.5B', 'whole numbers'],
    ['5  MB', 'Write a number and a unit'],
    ['5MB 6MB', 'Write a number and a unit'],
    ['٣MB', 'Write a number and a unit'],
    ['Infinity MB', 'Write a number and a unit'],
    ['8192TiB', 'more than'],
    ['9007199254740992B', 'more than'],
    ['9999999999999999TiB', 'more than'],
    ['99999999999999999B', 'Write a number and a unit'],
    ['1'.repeat(1e6), 'Write a number and a unit'],
  ])('refuses %j', (text, advice) => {
    expect(lineOf(() => parse(text))).toContain(advice)
  })

  it('reads what was written, to the precision that was written', () => {
    fc.assert(
      fc.property(fc.nat({ max: 8e15 }), fc.constantFrom('iec' as const, 'si' as const), (count, units) => {
        const read = parse(formatBytes(count, units))
        expect(Math.abs(read - count)).toBeLessThanOrEqual(count * 0.051)
      }),
    )
  })
})

describe('formatBytes', () => {
  it.each([
    [0, '0 B', '0 B'],
    [812, '812 B', '812 B'],
    [1000, '1000 B', '1.0 kB'],
    [1023, '1023 B', '1.0 kB'],
    [1024, '1.0 KiB', '1.0 kB'],
    [1229, '1.2 KiB', '1.2 kB'],
    [1024 ** 2 - 1, '1.0 MiB', '1.0 MB'],
    [999_950, '976.5 KiB', '1.0 MB'],
    [314_677_657, '300.1 MiB', '314.7 MB'],
    [1024 ** 3, '1.0 GiB', '1.1 GB'],
    [5e15, '4547.5 TiB', '5000.0 TB'],
  ])('writes %d', (count, iec, si) => {
    expect(formatBytes(count, 'iec')).toBe(iec)
    expect(formatBytes(count, 'si')).toBe(si)
  })
})

describe('formatExactly', () => {
  it.each([
    [0, '0 B', '0 B'],
    [300e6, null, '300 MB'],
    [1.25 * 1024 ** 3, '1.25 GiB', null],
    [314_677_658, '300.1 MiB', null],
    [314_677_657, null, null],
  ])('writes %d in four digits or not at all', (count, iec, si) => {
    expect(formatExactly(count, 'iec')).toBe(iec)
    expect(formatExactly(count, 'si')).toBe(si)
  })
})

describe('formatChange', () => {
  it.each([
    [0, '0 B'],
    [-0, '0 B'],
    [1, '+1 B'],
    [-812, '-812 B'],
    [19_293_798, '+18.4 MiB'],
    [-19_293_798, '-18.4 MiB'],
    [-(1024 ** 2 - 1), '-1.0 MiB'],
  ])('writes %d', (difference, text) => {
    expect(formatChange(difference, 'iec')).toBe(text)
  })
})

describe('formatPercent', () => {
  it.each([
    [0, '0 %'],
    [0.061, '+6.1 %'],
    [-0.5, '-50.0 %'],
    [0.00001, '+0.0 %'],
    [12, '+1200.0 %'],
    [Infinity, 'n/a'],
    [NaN, 'n/a'],
  ])('writes %d', (ratio, text) => {
    expect(formatPercent(ratio)).toBe(text)
  })
})

describe('asBytes and sumBytes', () => {
  it.each([-1, 1.5, NaN, Infinity, 2 ** 53, -0])('refuse %d', (count) => {
    expect(isBytes(count)).toBe(false)
    expect(() => asBytes(count)).toThrow(WardenError)
  })

  it('sum exactly or not at all', () => {
    expect(sumBytes([])).toBe(0)
    expect(sumBytes([asBytes(1), asBytes(2), asBytes(3)])).toBe(6)
    expect(() => sumBytes([asBytes(Number.MAX_SAFE_INTEGER), asBytes(1)])).toThrow(/add up/)
    expect(totalBytes([1, 2, 3])).toBe(6)
    expect(totalBytes([Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER])).toBe(Number.MAX_SAFE_INTEGER)
  })
})
