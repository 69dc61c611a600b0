import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compareNaturally } from '../../../src/domain/names/natural-order.ts'

describe('compareNaturally', () => {
  it.each([
    ['build-9', 'build-10'],
    ['2', '10'],
    ['a', 'b'],
    ['v1', 'v1a'],
    ['10.0.17763', '10.0.20348'],
  ])('puts %s before %s', (first, second) => {
    expect(compareNaturally(first, second)).toBeLessThan(0)
    expect(compareNaturally(second, first)).toBeGreaterThan(0)
  })

  it('calls no two different texts equal, though they may look it', () => {
    expect(compareNaturally('1', '01')).not.toBe(0)
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(compareNaturally(a, b) === 0).toBe(a === b)
        expect(Math.sign(compareNaturally(a, b))).toBe(0 - Math.sign(compareNaturally(b, a)))
      }),
    )
  })
})
