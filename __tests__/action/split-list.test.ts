import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { splitList } from '../../src/action/split-list.ts'

describe('splitList', () => {
  it.each([
    ['', []],
    [' \n , ,\r\n', []],
    ['a', ['a']],
    ['a,b', ['a', 'b']],
    ['dev, v1.0.0', ['dev', 'v1.0.0']],
    ['dev,\r\n v1.0.0 ,\r\n', ['dev', 'v1.0.0']],
    ['a\nb\rc\r\nd', ['a', 'b', 'c', 'd']],
    ['a,,b,', ['a', 'b']],
    // comments
    ['# all of it', []],
    ['a # why, and, more\nb', ['a', 'b']],
    ['  # indented\na', ['a']],
    ['a\t#x', ['a']],
    ['a#b', ['a#b']],
    ['a, # x', ['a']],
    // a comma that belongs to the item
    ['{a,b}-*, c', ['{a,b}-*', 'c']],
    ['v{1,2{a,b}},c', ['v{1,2{a,b}}', 'c']],
    ['[a,b]x,c', ['[a,b]x', 'c']],
    ['windows(10,0)/amd64,linux/amd64', ['windows(10,0)/amd64', 'linux/amd64']],
    ['/a{1,2}/, b', ['/a{1,2}/', 'b']],
    ['/a,b/,c', ['/a,b/', 'c']],
    ['c, /a,b/', ['c', '/a,b/']],
    ['/[/,]x,y/,c', ['/[/,]x,y/', 'c']],
    ['/a\\/,b/,c', ['/a\\/,b/', 'c']],
    ['/x #1,2/, c', ['/x #1,2/', 'c']],
    ['/x/ # why', ['/x/']],
    ['/(a|b),c/ linux/amd64 = 300MiB', ['/(a|b),c/ linux/amd64 = 300MiB']],
    // slashes elsewhere
    ['ghcr.io/a/b, c/d', ['ghcr.io/a/b', 'c/d']],
    ['ghcr.io/a/,b/c', ['ghcr.io/a/', 'b/c']],
    ['[::1]:5000/a, b', ['[::1]:5000/a', 'b']],
    ['linux/amd64,linux/arm/v7', ['linux/amd64', 'linux/arm/v7']],
    ['/not closed, b', ['/not closed', 'b']],
    // escapes
    ['a\\,b', ['a\\,b']],
    ['\\{a,b', ['\\{a', 'b']],
    ['a\\', ['a\\']],
    // what is never closed stays one item, so that its parser says so; the next line is free of it
    ['{a,b\nc,d', ['{a,b', 'c', 'd']],
    ['a),b', ['a)', 'b']],
    ['(a],b),c', ['(a],b)', 'c']],
    ['*-slim linux/amd64 = 300MiB\n* = 1GB', ['*-slim linux/amd64 = 300MiB', '* = 1GB']],
  ])('splits %j', (text, items) => {
    expect(splitList(text)).toEqual(items)
  })

  it('gives back plain items, however they are joined', () => {
    const item = fc.stringMatching(/^[a-z0-9*?.=:@_-]+(?:\/[a-z0-9*?.:_-]+)*$/)
    const glue = fc.constantFrom(',', ', ', '\n', '\r\n', ' ,\n', ',,', '\n# note, here\n')
    fc.assert(
      fc.property(fc.array(fc.tuple(item, glue)), (pairs) => {
        const text = pairs.map(([name, separator]) => name + separator).join('')
        expect(splitList(text)).toEqual(pairs.map(([name]) => name))
      }),
    )
  })

  it('never gives an empty or untrimmed item, nor an error', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...Array.from('a/,#\\{}()[] \n\r')) }), (text) => {
        for (const item of splitList(text)) expect(item).toBe(item.trim() || 'never empty')
      }),
      { numRuns: 1000 },
    )
  })

  it('takes a long line of opening slashes in its stride', () => {
    expect(splitList('/,'.repeat(2000))).toHaveLength(1000)
  })
})
