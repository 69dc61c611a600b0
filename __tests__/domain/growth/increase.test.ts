import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allowedIncrease, excessOf, parseIncreaseRules } from '../../../src/domain/growth/increase.ts'
import type { IncreaseRule } from '../../../src/domain/growth/increase.ts'
import { asBytes } from '../../../src/domain/quantities/bytes.ts'
import { lineOf } from '../../support/refusal.ts'

const MIB = 1024 * 1024

function rule(text: string): IncreaseRule {
  const [parsed] = parseIncreaseRules([text], 'max-increase')
  if (parsed === undefined) throw new Error('one line makes one rule')
  return parsed
}

describe('parseIncreaseRules', () => {
  it.each([
    ['10MiB', 'or', ['10MiB']],
    ['0B', 'or', ['0B']],
    ['5%', 'or', ['5%']],
    ['0.25 %', 'or', ['0.25 %']],
    ['5% and 2MiB', 'and', ['5%', '2MiB']],
    ['2 MiB  and  5%', 'and', ['2 MiB', '5%']],
    ['5% or 20MiB', 'or', ['5%', '20MiB']],
    ['v*=5%', 'or', ['5%']],
    ['api:* linux/arm/v7 = 1.5% or 1MB', 'or', ['1.5%', '1MB']],
  ])('reads %j', (text, combine, parts) => {
    const parsed = rule(text)
    expect(parsed).toMatchObject({ rule: text, combine })
    expect(parsed.parts.map((part) => part.text)).toEqual(parts)
  })

  it.each([
    '',
    '5',
    '-5%',
    '+5%',
    '5%%',
    '%',
    '5 percent',
    '1e3%',
    '0x5%',
    '5,5%',
    '5.12345%',
    '10 M',
    '5%and2MiB',
    '5% AND 2MiB',
    '5% & 2MiB',
    '5% and',
    'and 2MiB',
    '5% and 6%',
    '1MiB or 2MiB',
    '5% and 2MiB or 1GiB',
    '5% and 2MiB and 1%',
    '= 5%',
    'a b c = 5%',
    '* linux = 5%',
    '5% = 5',
  ])('refuses %j, naming the input', (text) => {
    expect(lineOf(() => parseIncreaseRules([text], 'warn-increase'))).toMatch(/^input warn-increase: /)
  })
})

describe('allowedIncrease', () => {
  it.each([
    ['10MiB', 100 * MIB, 10 * MIB],
    ['5%', 100 * MIB, 5 * MIB],
    ['5% and 2MiB', 10 * MIB, 2 * MIB],
    ['5% and 2MiB', 100 * MIB, 5 * MIB],
    ['5% or 20MiB', 100 * MIB, 5 * MIB],
    ['5% or 20MiB', 1000 * MIB, 20 * MIB],
    ['5%', 0, 0],
    ['0%', 1000, 0],
    ['0.1%', 3, 0],
    ['33.3333%', 3_000_000, 999_999],
    // 0.1 * 3 is not 0.3 for floating point
    ['10%', 9_007_199_254_740_990, 900_719_925_474_099],
    ['900000%', Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  ])('%s of %i bytes is %i', (text, size, allowed) => {
    expect(allowedIncrease(rule(text), asBytes(size))).toBe(allowed)
  })
})

describe('excessOf', () => {
  it.each([
    ['5%', 50, null],
    ['5%', 51, 'more than 5%'],
    ['5% and 40B', 45, null],
    ['5% and 60B', 55, null],
    ['5% and 60B', 61, 'more than 5% and more than 60B'],
    ['5% or 60B', 55, 'more than 5%'],
    ['5% or 40B', 45, 'more than 40B'],
    ['5% or 40B', 51, '5% or 40B: both exceeded'],
    ['0B', 0, null],
    ['0B', -10, null],
    ['0B', 1, 'more than 0B'],
  ])('of %s, %i bytes more than 1000: %j', (text, difference, reason) => {
    expect(excessOf(rule(text), difference, asBytes(1000))).toBe(reason)
  })

  it('is what "and" and "or" mean', () => {
    const numbers = fc.integer({ min: 0, max: 1_000_000 })
    fc.assert(
      fc.property(
        numbers,
        numbers,
        fc.integer({ min: -1_000_000, max: 1_000_000 }),
        fc.integer({ min: 0, max: 300 }),
        (base, bytes, difference, percent) => {
          const size = asBytes(base)
          const over = (text: string): boolean => excessOf(rule(text), difference, size) !== null
          const [share, count] = [`${percent}%`, `${bytes}B`]
          expect(over(share)).toBe(difference * 100 > percent * base)
          expect(over(count)).toBe(difference > bytes)
          expect(over(`${share} and ${count}`)).toBe(over(share) && over(count))
          expect(over(`${share} or ${count}`)).toBe(over(share) || over(count))
        },
      ),
    )
  })
})
