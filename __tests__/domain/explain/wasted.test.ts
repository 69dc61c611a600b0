import { describe, expect, it } from 'vitest'
import { allowedWaste, parseWastedLimit } from '../../../src/domain/explain/wasted-limit.ts'
import { wastedBytes } from '../../../src/domain/explain/wasted.ts'
import { contents, type Spec } from './contents.ts'

const wasted = (...layers: readonly Spec[]) => wastedBytes(layers.map(contents)).bytes

describe('what an image wastes', () => {
  it.each<[string, readonly Spec[], number]>([
    ['nothing in one layer', [{ a: 10 }], 0],
    ['a copy that is replaced, also by one of the same size', [{ a: 10 }, { a: 10 }], 10],
    ['each copy but the last', [{ a: 10 }, { a: 20 }, { a: 30 }], 30],
    ['what a whiteout removes', [{ 'd/a': 10, 'd/b': 5 }, { 'd/.wh.a': 0 }], 10],
    ['all below a folder that a whiteout removes', [{ 'd/a': 10, 'd/e/b': 5 }, { '.wh.d': 0 }], 15],
    [
      'all in an opaque folder, but not what its own layer puts there',
      [
        { 'd/a': 10, 'd/b': 5 },
        { 'd/b': 7, 'd/.wh..wh..opq': 0 },
      ],
      15,
    ],
    ['a removed copy once, however often it is removed', [{ a: 10 }, { '.wh.a': 0 }, { '.wh.a': 0 }], 10],
    ['a copy that came back after it was removed', [{ a: 10 }, { '.wh.a': 0 }, { a: 20 }, { a: 1 }], 30],
    ['what a file or link replaces, with all below it', [{ 'd/a': 10, 'd/b': 5 }, { d: '~> elsewhere' }], 15],
    ['a file that a folder replaces', [{ d: 10 }, { 'd/': 'folder', 'd/a': 5 }], 10],
    ['a file that becomes a folder that is not named', [{ d: 10 }, { 'd/a': 5 }], 10],
    ['not what is in a folder that is named again', [{ 'd/': 'folder', 'd/a': 10 }, { 'd/': 'folder' }], 0],
    ['not content that still has a name', [{ a: 10, b: '-> a' }, { a: 3 }], 0],
    ['content whose last name is gone', [{ a: 10, b: '-> a' }, { a: 3 }, { '.wh.b': 0 }], 10],
    ['not content that a later layer gave a further name', [{ a: 10 }, { b: '-> a' }, { '.wh.a': 0 }], 0],
    [
      'nothing for a whiteout of what is not there',
      [{ a: 1 }, { '.wh.b': 0, 'x/.wh.y': 0, 'x/.wh..wh..opq': 0 }],
      0,
    ],
    ['everything below a root that is opaque', [{ a: 1, 'b/c': 2 }, { '.wh..wh..opq': 0 }], 3],
  ])('is %s', (_, layers, expected) => {
    expect(wasted(...layers)).toBe(expected)
  })

  it('is told with where it is, and of how much', () => {
    const { bytes, unpacked, paths } = wastedBytes(
      [{ 'var/cache/apt/a': 10, 'var/cache/apt/b': 20, c: 5 }, { 'var/cache/apt/.wh..wh..opq': 0 }].map(
        contents,
      ),
    )
    expect({ bytes, unpacked }).toEqual({ bytes: 30, unpacked: 35 })
    expect(paths).toMatchObject([{ path: 'var/cache/apt', files: 2, difference: 30 }])
  })
})

describe('a limit of waste', () => {
  const of = (unpacked: number) => wastedBytes([contents({ a: unpacked })])
  it.each([
    ['20MiB', 1000, 20 * 1024 * 1024],
    ['5%', 1000, 50],
    ['2.5 %', 999, 24],
    ['0%', 1000, 0],
    ['100%', Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
  ])('%s of %d bytes allows %d', (text, unpacked, allowed) => {
    const limit = parseWastedLimit(text, 'max-wasted')
    expect(limit === null ? null : allowedWaste(limit, of(unpacked))).toBe(allowed)
  })

  it.each(['5', '101%', 'x%', '5% and 2MiB', '-5%', '1e3%'])('is not %s', (text) => {
    expect(() => parseWastedLimit(text, 'max-wasted')).toThrow(/max-wasted/)
  })

  it('is none when empty', () => {
    expect(parseWastedLimit('', 'max-wasted')).toBeNull()
  })
})
