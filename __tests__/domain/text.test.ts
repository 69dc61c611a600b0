import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { sanitiseLine, shortCommits } from '../../src/domain/text.ts'

describe('sanitiseLine', () => {
  test.each([
    ['plain', 'plain'],
    ['  two\r\nlines\t ', 'two lines'],
    ['\u001b[31mred\u001b[0m', '[31mred [0m'],
    ['a\u202Eb\u2066c', 'a b c'],
    ['zero\u200Bwidth\uFEFF', 'zero width'],
    ['line\u2028separators\u2029here', 'line separators here'],
    ['\u0085next\u009Bcsi', 'next csi'],
    ['lone \uD800 surrogate', 'lone \uFFFD surrogate'],
    ['smile 😀', 'smile 😀'],
  ])('%j becomes %j', (given, wanted) => {
    expect(sanitiseLine(given, 100)).toBe(wanted)
  })

  test('an emoji at the cut is not torn into a lone surrogate', () => {
    expect(sanitiseLine('abc😀def', 5)).toBe('abc\uFFFD…')
  })

  test('whatever comes in, one bounded and well-formed line comes out', () => {
    const hostile = fc.string({ unit: 'binary', maxLength: 300 })
    fc.assert(
      fc.property(hostile, fc.integer({ min: 1, max: 50 }), (text, max) => {
        const line = sanitiseLine(text, max)
        expect(line.length).toBeLessThanOrEqual(max)
        expect(line).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u)
        expect(line.isWellFormed()).toBe(true)
      }),
    )
  })
})

describe('shortCommits', () => {
  test.each([
    ['9b1cd3429b1cd3429b1cd3429b1cd3429b1cd342', '9b1cd34…'],
    ['sha-9b1cd3429b1cd3429b1cd3429b1cd3429b1cd342-arm', 'sha-9b1cd34…-arm'],
    ['v1.2.3', 'v1.2.3'],
    ['deadbeef', 'deadbeef'],
    ['9B1CD3429B1CD3429B1CD3429B1CD3429B1CD342', '9B1CD3429B1CD3429B1CD3429B1CD3429B1CD342'],
  ])('writes %s as %s', (name, text) => {
    expect(shortCommits(name)).toBe(text)
  })
})
