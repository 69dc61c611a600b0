import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PathChange } from '../../../src/domain/explain/compare.ts'
import { foldChanges } from '../../../src/domain/explain/fold.ts'

function change(path: string, difference: number): PathChange {
  return {
    path,
    change: difference < 0 ? 'went' : 'added',
    difference,
    compressed: Math.round(difference / 2),
  }
}

/** `usr/share/fonts/ +30 (3)` for folders, `etc/motd +5` for files */
function fold(changes: Readonly<Record<string, number>>, most = 100): string[] {
  const { shown } = foldChanges(
    Object.entries(changes).map(([path, difference]) => change(path, difference)),
    most,
  )
  return shown.map(({ path, isFolder, files, difference }) => {
    const sign = difference > 0 ? '+' : ''
    return `${path}${isFolder ? '/' : ''} ${sign}${difference}${isFolder ? ` (${files})` : ''}`
  })
}

describe('changes folded', () => {
  it('names the folder that explains them, with all below it', () => {
    const fonts = { 'usr/share/fonts/truetype/a.ttf': 100, 'usr/share/fonts/truetype/b.ttf': 200 }
    const others = {
      'usr/share/fonts/opentype/c.otf': 150,
      'var/lib/dpkg/status': 4,
      'usr/share/doc/x/copyright': 1,
    }
    expect(fold({ ...fonts, ...others })).toEqual([
      'usr/share/fonts/ +450 (3)',
      'var/lib/dpkg/status +4',
      'usr/share/doc/x/copyright +1',
    ])
    expect(fold(fonts)).toEqual(['usr/share/fonts/truetype/ +300 (2)'])
  })

  it('goes down to a folder that has nearly all of it', () => {
    expect(
      fold({ 'app/node_modules/a/x.js': 500, 'app/node_modules/b/y.js': 480, 'app/package.json': 3 }),
    ).toEqual(['app/node_modules/ +980 (2)', 'app/package.json +3'])
  })

  it('never names a folder that holds what unrelated packages bring', () => {
    expect(
      fold({
        'usr/lib/python3.12/a': 50,
        'usr/lib/python3.12/b': 60,
        'usr/lib/python3.11/a': -40,
        'etc/x': 1,
      }),
    ).toEqual(['usr/lib/python3.12/ +110 (2)', 'usr/lib/python3.11/a -40', 'etc/x +1'])
  })

  it('tells one file by its own name, and one that became a folder by both', () => {
    expect(fold({ 'opt/tool/bin': 7 })).toEqual(['opt/tool/bin +7'])
    expect(fold({ 'opt/tool': -9, 'opt/tool/a': 4, 'opt/tool/b': 5 })).toEqual([
      'opt/tool -9',
      'opt/tool/b +5',
      'opt/tool/a +4',
    ])
  })

  it('sums up what is left over', () => {
    const { shown, rest } = foldChanges([change('a', 5), change('b', -4), change('c', 3)], 1)
    expect(shown.map(({ path }) => path)).toEqual(['a'])
    expect(rest).toEqual({ files: 2, difference: -1 })
    expect(foldChanges([], 5)).toEqual({ shown: [], rest: { files: 0, difference: 0 } })
  })

  it('has each change in exactly one line, largest first, whatever the paths', () => {
    const part = fc.constantFrom('usr', 'share', 'lib', 'a', 'b', 'c', '__proto__')
    const path = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('/'))
    const changes = fc
      .uniqueArray(fc.tuple(path, fc.integer({ min: -1000, max: 1000 })), {
        selector: ([name]) => name,
        maxLength: 40,
      })
      .map((pairs) => pairs.map(([name, difference]) => change(name, difference)))
    fc.assert(
      fc.property(changes, fc.integer({ min: 0, max: 50 }), (all, most) => {
        const { shown, rest } = foldChanges(all, most)
        const sum = (key: 'files' | 'difference') =>
          shown.reduce((total, line) => total + line[key], rest[key])
        expect(shown.length).toBeLessThanOrEqual(most)
        expect(sum('files')).toBe(all.length)
        expect(sum('difference')).toBe(all.reduce((total, { difference }) => total + difference, 0))
        for (const [at, line] of shown.entries()) {
          const before = Math.abs(shown[at - 1]?.difference ?? Infinity)
          expect(Math.abs(line.difference)).toBeLessThanOrEqual(before)
          const below = all.filter(({ path: one }) => one === line.path || one.startsWith(`${line.path}/`))
          expect(line.files).toBe(line.isFolder ? below.length : 1)
        }
      }),
    )
  })

  it('folds a path of two thousand folders, and hundreds of thousands of files, in a moment', () => {
    const deep = Array.from({ length: 2000 }, () => 'd').join('/')
    expect(fold({ [deep]: 1 })).toEqual([`${deep} +1`])
    const many = Array.from({ length: 200_000 }, (_, at) => change(`app/${at % 500}/${at}`, 1))
    const started = performance.now()
    expect(foldChanges(many, 10).shown[0]).toMatchObject({ path: 'app', files: 200_000, difference: 200_000 })
    expect(performance.now() - started).toBeLessThan(10_000)
  })
})
