import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { listOf, readAs } from '../../src/wire/json.ts'

describe('a list from outside', () => {
  /** Counts how many entries it looked at. */
  function counting() {
    const seen = { entries: 0 }
    const entry = z.unknown().transform((value, context) => {
      seen.entries += 1
      if (typeof value === 'string') return value
      context.addIssue({ code: 'custom', path: ['name'], message: 'is none' })
      return z.NEVER
    })
    return { seen, entry }
  }

  it('is what its entries are', () => {
    expect(readAs(listOf(counting().entry), ['a', 'b'], 'the list')).toEqual(['a', 'b'])
    expect(readAs(z.object({ list: listOf(z.string()).nullable() }), { list: null }, 'it')).toEqual({
      list: null,
    })
  })

  it('is left at the first entry that is wrong, which is named', () => {
    const { seen, entry } = counting()
    const schema = z.object({ list: listOf(listOf(entry)) })
    const wrong = Array.from({ length: 1_000 }, () => 0)
    expect(() => readAs(schema, { list: [['a'], ['b', ...wrong], wrong] }, 'the list')).toThrow(
      'the list is not valid: list[1][1].name: is none',
    )
    expect(seen.entries).toBe(3)
    expect(schema.safeParse({ list: [wrong] }).error?.issues).toHaveLength(1)
  })

  it('that is too long is not looked at', () => {
    const { seen, entry } = counting()
    expect(() => readAs(listOf(entry, 2), ['a', 'b', 'c'], 'the list')).toThrow('expected array to have <=2')
    expect(seen.entries).toBe(0)
  })

  it('that is absent is told as that', () => {
    expect(() => readAs(z.object({ list: listOf(z.string()) }), {}, 'the report')).toThrow(
      'the report has no list',
    )
    expect(() => readAs(listOf(z.object({ name: z.string() })), [{}], 'the list')).toThrow(
      'the list has no [0].name',
    )
  })
})
