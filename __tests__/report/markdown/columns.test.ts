import { describe, expect, it } from 'vitest'
import { columnTable } from '../../../src/report/markdown/columns.ts'
import { code, prose, unbroken } from '../../../src/report/markdown/markdown.ts'
import type { Markdown } from '../../../src/report/markdown/markdown.ts'

/** How many figure spaces the title gets. */
function roomFor(cells: readonly Markdown[], most = 0, title = prose`Tag`): number {
  const column = { title, align: 'left', cell: (cell: Markdown) => cell } as const
  return (
    columnTable([{ ...column, unbroken: most }], cells)
      .split('\n', 1)
      .join('')
      .split('&#8199;').length - 1
  )
}

describe('a title', () => {
  it('keeps room for the longest name that would break at its hyphen or slash', () => {
    expect(roomFor([code('build-10449'), code('pr-1')], 26)).toBe(9)
    expect(roomFor([code('team/api')], 26)).toBe(6)
  })

  it('needs less where the title is wide itself, if not as wide as code', () => {
    expect(roomFor([code('service-5')], 26, prose`Repository`)).toBe(2)
  })

  it('keeps none for names that do not break', () => {
    expect(roomFor([code('v1.20.300.4000'), code('latest')], 26)).toBe(0)
  })

  it('keeps none where the column does not ask for it', () => {
    expect(roomFor([code('build-10449')])).toBe(0)
  })

  it('lets a name break that would fill a narrow window, but not into a line for each word', () => {
    expect(roomFor([code('pr-100-with-a-name-that-is-rather-long'), code('pr-101')], 26)).toBe(10)
  })

  it('keeps room for words that stay together, which need less than code', () => {
    const why = prose`${code('pr-*')} older than 30 days`
    expect(roomFor([unbroken(why)], 45)).toBe(18)
    expect(roomFor([why], 45)).toBe(2)
  })
})
