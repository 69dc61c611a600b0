import { describe, expect, test } from 'vitest'

import { WardenError } from '../../src/domain/errors.ts'
import { nextPageQuery } from '../../src/wire/link.ts'
import { parseCatalogPage, parseTagPage } from '../../src/wire/tags.ts'
import { json, sha256 } from './documents.ts'

describe('parseTagPage', () => {
  const page = (document: unknown) => parseTagPage(json(document))

  test.each([
    ['null', { name: 'x', tags: null }],
    ['empty', { name: 'x', tags: [] }],
    ['absent', { name: 'x' }],
  ])('tags %s: an emptied repository', (_, document) => {
    const nothing = {
      tags: [],
      dropped: 0,
      strange: [],
      length: 0,
      names: [],
      last: null,
      uploads: new Map(),
      unread: 0,
    }
    expect(page(document)).toEqual(nothing)
  })

  test('what is not a tag is left out and counted, duplicates are left out', () => {
    const tags = ['v1', null, 'v2', sha256('x'), '::add-mask::v3', 'v1', 'ünï', '', '-x', 7, 'a'.repeat(129)]
    expect(page({ tags })).toMatchObject({
      tags: ['v1', 'v2'],
      dropped: 8,
      // nothing can have the others as its name
      strange: [expect.stringContaining('add-mask'), 'ünï', '-x', '7', expect.stringMatching(/^a+…?$/)],
      length: 11,
      last: 'a'.repeat(129),
    })
  })

  test('the next page begins behind the last name, not behind a null', () => {
    expect(page({ tags: ['v1', 'v2', null] })).toMatchObject({ length: 3, last: 'v2' })
  })

  test('names of object properties are ordinary tags', () => {
    expect(page({ tags: ['__proto__', 'constructor'] }).tags).toEqual(['__proto__', 'constructor'])
  })

  test("Google's account of each manifest", () => {
    const manifest = {
      [sha256('one')]: {
        timeUploadedMs: '1700000000000',
        timeCreatedMs: '0',
        tag: ['v1', null],
        imageSizeBytes: '5',
      },
      [sha256('two')]: { timeUploadedMs: 1700000000000 },
      // these must not look as if they had no tag
      [sha256('four')]: { timeUploadedMs: '1700000000000', tag: 'v4' },
      [sha256('five')]: { timeUploadedMs: '1700000000000', tag: ['-'] },
      'not-a-digest': { timeUploadedMs: '1700000000000' },
      [sha256('three')]: null,
    }
    expect(page({ tags: ['v1'], manifest }).unread).toBe(4)
    expect(page({ tags: ['v1'], manifest: 'all' }).unread).toBe(1)
    expect(page({ tags: ['v1'], manifest }).uploads).toEqual(
      new Map([
        [sha256('one'), { uploaded: 1700000000000, created: null, tags: ['v1'] }],
        [sha256('two'), { uploaded: null, created: null, tags: [] }],
      ]),
    )
  })

  test.each([['text'], [[]], [{ tags: 'v1' }], [{ tags: { 0: 'v1' } }]])('%j is refused', (document) => {
    expect(() => page(document)).toThrow(WardenError)
  })
})

describe('parseCatalogPage', () => {
  test('paths as they are written', () => {
    const document = { repositories: ['team/app', null, '../evil'] }
    expect(parseCatalogPage(json(document))).toEqual({
      names: ['team/app', '../evil'],
      length: 3,
      last: '../evil',
    })
    expect(parseCatalogPage(json({ repositories: null })).names).toEqual([])
  })
})

describe('nextPageQuery', () => {
  test.each([
    ['root-relative', ['</v2/team/app/tags/list?last=v9&n=100>; rel="next"'], 'last=v9&n=100'],
    [
      'absolute, foreign host',
      ['<https://evil.example/v2/x/tags/list?n=1&last=a>; rel="next"'],
      'n=1&last=a',
    ],
    ['only a query', ['<?next_page=abc%3D>; rel="next"'], 'next_page=abc%3D'],
    ['unquoted', ['</x?n=1>; rel=next'], 'n=1'],
    ['upper case, blanks', ['  < /x?n=1 > ; REL = "NEXT" ; title="a, b; c"'], 'n=1'],
    ['other parameters first', ['</x?n=1>; title="say \\"hi\\", <b>"; rel="next"'], 'n=1'],
    ['several relations', ['</x?n=1>; rel="last next"'], 'n=1'],
    ['several links in one header', ['</x?a=1>; rel="prev", </x?b=2>; rel="next"'], 'b=2'],
    ['several headers', ['</x?a=1>; rel=first', '</x?b=2>; rel=next'], 'b=2'],
    ['comma in the target', ['</x?last=a,b>; rel=next'], 'last=a,b'],
    ['a fragment', ['</x?n=1#top>; rel=next'], 'n=1'],
    ['the first of two relations counts', ['</x?n=1>; rel=prev; rel=next'], null],
    ['another relation', ['</x?n=1>; rel="prev"'], null],
    ['none', [], null],
    ['an empty header', ['', ' , '], null],
  ])('%s', (_, headers, wanted) => {
    expect(nextPageQuery(headers)).toBe(wanted)
  })

  test.each([
    ['no query', '</v2/x/tags/list>; rel="next"'],
    ['an empty query', '</v2/x/tags/list?>; rel="next"'],
    ['no brackets', '/v2/x/tags/list?n=1; rel="next"'],
    ['an open quote', '</x?n=1>; rel="next'],
    ['an open bracket', '</x?n=1; rel="next"'],
  ])('%s: half a list must not look whole', (_, header) => {
    expect(() => nextPageQuery([header])).toThrow(WardenError)
  })

  test('a hostile header costs its length', () => {
    const header = `</x?n=1>${'; a = "\\"" '.repeat(1500)}${' '.repeat(10_000)}!`
    expect(() => nextPageQuery([header])).toThrow(WardenError)
  })
})
