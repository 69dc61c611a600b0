import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { editDistance } from '../../../src/domain/names/edit-distance.ts'

/** The definition, without any of the shortcuts. */
function plainDistance(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length
  if (a[0] === b[0]) return plainDistance(a.slice(1), b.slice(1))
  return (
    1 +
    Math.min(
      plainDistance(a.slice(1), b),
      plainDistance(a, b.slice(1)),
      plainDistance(a.slice(1), b.slice(1)),
    )
  )
}

describe('editDistance', () => {
  it.each([
    ['', '', 0, 0],
    ['latest', 'latets', 2, 2],
    ['kitten', 'sitting', 3, 3],
    ['kitten', 'sitting', 2, null],
    ['abc', 'abcdef', 2, null],
  ])('of %j and %j up to %d', (a, b, limit, distance) => {
    expect(editDistance(a, b, limit)).toBe(distance)
  })

  it('is the plain distance where that is within the limit', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 7 })
    fc.assert(
      fc.property(text, text, fc.nat(8), (a, b, limit) => {
        const distance = plainDistance(a, b)
        expect(editDistance(a, b, limit)).toBe(distance <= limit ? distance : null)
      }),
      { numRuns: 1000 },
    )
  })
})
