import { describe, expect, it } from 'vitest'
import { compareContents } from '../../../src/domain/explain/compare.ts'
import { ContentsBuilder } from '../../../src/domain/explain/contents.ts'
import type { LayerContents } from '../../../src/domain/explain/contents.ts'
import { foldChanges } from '../../../src/domain/explain/fold.ts'

function layer(files: Readonly<Record<string, number>>, room = Infinity): LayerContents {
  const builder = new ContentsBuilder(room)
  for (const [name, size] of Object.entries(files)) builder.add(name, 'file', size, null)(size)
  return builder.finish()
}

function many(folder: string, count: number, size: number): Record<string, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`${folder}/${at}`, size]))
}

const lines = (before: LayerContents | null, after: LayerContents): string[] =>
  foldChanges(compareContents(before, after), 10).shown.map(
    ({ path, isFolder, difference, files }) => `${path}${isFolder ? '/' : ''} ${difference} (${files})`,
  )

describe('a layer whose files are summed up by folder', () => {
  const before = { ...many('srv/a', 300, 10), ...many('srv/b', 300, 10) }
  const after = { ...before, ...many('srv/b', 400, 12) }

  it('is compared with one whose files are all there as if it were summed up, too', () => {
    const expected = ['srv/b/ 1800 (400)']
    expect(lines(layer(before, 40_000), layer(after, 40_000))).toEqual(expected)
    expect(lines(layer(before), layer(after, 40_000))).toEqual(expected)
    expect(lines(layer(before, 40_000), layer(after))).toEqual(expected)
  })

  it('folds its folders into the one that explains them, their own files with them', () => {
    const nested = { ...many('opt/x', 100, 10), ...many('opt/x/y', 100, 10), ...many('opt/x/z', 100, 10) }
    expect(lines(null, layer(nested, 5_000))).toEqual(['opt/x/ 3000 (300)'])
    expect(lines(null, layer(nested))).toEqual(['opt/x/ 3000 (300)'])
  })

  it('knows what all of it unpacks to, however little room there is', () => {
    for (const room of [0, 100, 1_000, 10_000]) expect(layer(after, room).unpacked).toBe(3_000 + 4_800)
  })

  it('keeps apart folders that begin alike', () => {
    const alike = { ...many('opt/a', 50, 4), ...many('opt/a-b', 50, 3), ...many('opt/a/c', 50, 2) }
    expect(lines(null, layer(alike, 3_000))).toEqual(['opt/a/ 300 (100)', 'opt/a-b/ 150 (50)'])
  })
})
