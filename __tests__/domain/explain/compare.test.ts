import { describe, expect, it } from 'vitest'
import { compareContents } from '../../../src/domain/explain/compare.ts'
import { rootedPath } from '../../../src/domain/explain/contents.ts'
import { contents, type Spec } from './contents.ts'

/** `{ path: 'added +5' }` */
function changes(before: Spec | null, after: Spec): Record<string, string> {
  const found = compareContents(before === null ? null : contents(before), contents(after))
  return Object.fromEntries(
    found.map(({ path, change, difference }) => [
      path,
      `${change} ${difference >= 0 ? '+' : ''}${difference}`,
    ]),
  )
}

describe('a layer beside the one it replaces', () => {
  it('tells what was added, grew, shrank and went, and nothing of what stayed', () => {
    const before = { 'app/a': 10, 'app/b': 20, 'app/c': 30, 'app/d': 40 }
    expect(changes(before, { 'app/a': 15, 'app/b': 5, 'app/c': 30, 'app/e': 7, 'app/': 'folder' })).toEqual({
      'app/a': 'grew +5',
      'app/b': 'shrank -15',
      'app/d': 'went -40',
      'app/e': 'added +7',
    })
  })

  it('takes all for added where it replaces none; links and folders have no bytes', () => {
    expect(changes(null, { 'a/': 'folder', 'a/f': 3, 'a/l': '~> f', 'a/empty': 0 })).toEqual({
      'a/f': 'added +3',
      'a/empty': 'added +0',
    })
  })

  it('takes a file that became something else for gone, and the other way round for added', () => {
    expect(changes({ a: 5, b: '~> a' }, { a: '~> b', b: 6 })).toEqual({ a: 'went -5', b: 'added +6' })
  })

  it('counts hard links once, whichever name comes first in the archive', () => {
    const before = { 'bin/git': 100, 'bin/git-add': '-> bin/git', 'bin/git-log': '-> bin/git-add' }
    expect(
      changes(before, { 'bin/git-log': 100, 'bin/git': '-> bin/git-log', 'bin/git-add': '-> bin/git' }),
    ).toEqual({})
    expect(contents(before).unpacked).toBe(100)
    expect(changes(before, { 'bin/git-log': 120, 'bin/git': '-> bin/git-log' })).toEqual({
      'bin/git': 'grew +20',
    })
  })

  it('has no content for hard links in a circle, or to what is not in the layer', () => {
    expect(contents({ a: '-> b', b: '-> a', c: '-> elsewhere' }).unpacked).toBe(0)
  })

  it('tells removals from layers below, which free nothing, unless the files went with the layer', () => {
    expect(changes(null, { 'usr/.wh.doc': 0, 'var/cache/.wh..wh..opq': 0 })).toEqual({
      'usr/doc': 'went +0',
      'var/cache': 'went +0',
    })
    expect(changes({ 'usr/doc': 9 }, { 'usr/.wh.doc': 0 })).toEqual({ 'usr/doc': 'went -9' })
    expect(changes({ 'usr/.wh.doc': 0 }, { 'usr/.wh.doc': 0 })).toEqual({})
  })

  it('believes the last of several entries for one path', () => {
    const twice = contents({ './a': 5, 'b/../a': 7 })
    expect([...twice.entries].map(([path, { size, compressed }]) => [path, size, compressed])).toEqual([
      ['a', 7, 6],
    ])
    expect(twice.unpacked).toBe(7)
  })

  it('takes no name for a path above the root, nor administration of AUFS or empty whiteouts for paths', () => {
    const odd = contents({
      '.wh..wh.plnk/x': 0,
      '.wh..wh.aufs': 3,
      'a/.wh.': 1,
      'a/.wh...': 1,
      '/': 'folder',
      '..': 4,
    })
    expect([...odd.entries.keys()]).toEqual(['.wh..wh.plnk/x'])
    expect(odd.whiteouts.size).toBe(0)
  })

  it.each([
    ['usr/bin', 'usr/bin'],
    ['./usr//bin/', 'usr/bin'],
    ['/etc/./passwd', 'etc/passwd'],
    ['../../etc/passwd', 'etc/passwd'],
    ['a/b/../../../c', 'c'],
    ['a/..', ''],
    ['..a/.b./c..', '..a/.b./c..'],
  ])('reads %s as %s', (name, path) => {
    expect(rootedPath(name)).toBe(path)
  })
})
