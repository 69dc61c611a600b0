import { describe, expect, it } from 'vitest'
import { explanation } from '../../src/wire/report-explanation.ts'
import { digestOf } from '../report/fixtures.ts'

const path = { path: 'usr/a', isFolder: false, change: 'added', files: 1, difference: 5, compressed: 3 }
const layer = {
  digest: digestOf('a'),
  replaces: null,
  createdBy: 'RUN a',
  files: 1,
  difference: 5,
  changes: { shown: [path], rest: { files: 0, difference: 0 } },
}
const whole = { layers: [layer], unread: [], wasted: { bytes: 1, unpacked: 5, paths: [path] } }
const shown = (count: number) => ({
  ...layer,
  changes: { ...layer.changes, shown: Array.from({ length: count }, () => path) },
})

describe('what explains a size, in a report file', () => {
  it('comes back as it was written', () => {
    expect(explanation.parse(JSON.parse(JSON.stringify(whole)))).toEqual(whole)
  })

  it.each<[string, unknown]>([
    ['more paths of one layer than are ever written', { ...whole, layers: [shown(101)] }],
    ['more paths of one platform', { ...whole, layers: [shown(60), shown(60)] }],
    ['more waste than there is', { ...whole, wasted: { bytes: 6, unpacked: 5, paths: [] } }],
    ['a size that is not a count', { ...whole, layers: [{ ...layer, files: -1 }] }],
    ['a change that is not a number', { ...whole, layers: [{ ...layer, difference: '5' }] }],
    [
      'a path of megabytes',
      { ...whole, wasted: { ...whole.wasted, paths: [{ ...path, path: 'x'.repeat(5000) }] } },
    ],
    [
      'an unknown cause',
      { ...whole, unread: [{ digest: digestOf('b'), createdBy: null, size: 1, cause: 'x', reason: null }] },
    ],
  ])('is refused with %s', (_, value) => {
    expect(explanation.safeParse(value).success).toBe(false)
  })
})
