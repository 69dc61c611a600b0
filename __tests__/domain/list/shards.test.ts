import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitIntoShards } from '../../../src/domain/list/shards.ts'

const items = (weights: readonly number[]) =>
  weights.map((weight, number) => ({ repository: `registry.test/acme/app-${number}`, weight }))

describe('splitIntoShards', () => {
  it('covers 500 repositories exactly once, in shards that are even and never empty', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 5000 }), { minLength: 500, maxLength: 500 })
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 256 }), (tags, count) => {
        const all = items(tags)
        const shards = splitIntoShards(all, count)
        const sizes = shards.map(({ repositories }) => repositories.length)
        expect(shards.map(({ shard }) => shard)).toEqual(
          Array.from({ length: count }, (_, index) => index + 1),
        )
        expect(shards.flatMap(({ repositories }) => repositories).toSorted()).toEqual(
          all.map(({ repository }) => repository).toSorted(),
        )
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
      }),
      { numRuns: 100 },
    )
  })

  it('makes fewer shards where there are fewer repositories, and none of nothing', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(50), { maxLength: 20 }),
        fc.integer({ min: 1, max: 256 }),
        (tags, count) => {
          const shards = splitIntoShards(items(tags), count)
          expect(shards).toHaveLength(Math.min(count, tags.length))
          expect(shards.every(({ repositories }) => repositories.length > 0)).toBe(true)
        },
      ),
    )
  })

  it('evens out the tags, too', () => {
    // every tenth repository has a thousand tags, the others ten
    const shards = splitIntoShards(
      items(Array.from({ length: 100 }, (_, at) => (at % 10 === 0 ? 1000 : 10))),
      10,
    )
    const heavy = shards.map(({ repositories }) => repositories.filter((name) => name.endsWith('0')).length)
    expect(heavy).toEqual(Array.from({ length: 10 }, () => 1))
  })

  it('does not depend on the order in which the registry lists', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(items([5, 5, 5, 9, 1, 1, 7]), { minLength: 7 }), (shuffled) => {
        expect(splitIntoShards(shuffled, 3)).toEqual(splitIntoShards(items([5, 5, 5, 9, 1, 1, 7]), 3))
      }),
    )
  })
})
