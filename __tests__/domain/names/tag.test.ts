import { describe, expect, it } from 'vitest'
import { isTag, parseTag } from '../../../src/domain/names/tag.ts'
import { lineOf } from '../../support/refusal.ts'

describe('parseTag', () => {
  it.each(['latest', 'v1.2.3', '_x', 'A-b_c.D', '0', 't'.repeat(128)])('reads %j', (text) => {
    expect(parseTag(text, 'tags')).toBe(text)
    expect(isTag(text)).toBe(true)
  })

  it.each(['', '.x', '-x', 'a b', 'a/b', 'a:b', 'v1+2', 'ü', 'a\n', '::add-mask::x', 't'.repeat(129)])(
    'refuses %j',
    (text) => {
      expect(lineOf(() => parseTag(text, 'tags'))).toMatch(/^input tags: .*A tag has 1 to 128/s)
      expect(isTag(text)).toBe(false)
    },
  )
})
