import { expect, it, vi } from 'vitest'
import { parseLayerToc } from '../../src/wire/layer-toc.ts'

const table = (entries: string) => Buffer.from(`{"version":1,"entries":[${entries}]}`)

it('a table of contents has its entries, those of unknown type with them', () => {
  const file = '{"name":"a","type":"reg","size":3,"offset":7}'
  expect(parseLayerToc(table(`${file},{"name":"b","type":"odd"}`))).toEqual([
    { name: 'a', type: 'reg', size: 3, linkName: null, offset: 7, chunkSize: 0 },
    { name: 'b', type: 'odd', size: 0, linkName: null, offset: null, chunkSize: 0 },
  ])
})

it.each(['{}', '0', '[]', '""', '{"a":{"a":{"a":0}}}'])(
  'one of millions of %s is refused before it is parsed',
  (value) => {
    const bytes = table(`${value},`.repeat(3_000_000) + value)
    const parse = vi.spyOn(JSON, 'parse')
    expect(() => parseLayerToc(bytes)).toThrow('the table of contents is too long')
    expect(parse).not.toHaveBeenCalled()
    parse.mockRestore()
  },
)

it('one with more entries than layers have is refused, however short they are', () => {
  const entry = '{"name":"","type":""}'
  expect(() => parseLayerToc(table(`${entry},`.repeat(500_000) + entry))).toThrow('expected array to have')
})
