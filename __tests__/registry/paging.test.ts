import { describe, expect, test } from 'vitest'

import { decidePaging, startOfTrail } from '../../src/registry/paging.ts'
import type { PageAnswer, PageQuery, Paging, Trail, Ways } from '../../src/registry/paging.ts'

const query = (text: string, size: number | null = 1000): PageQuery => ({ query: text, size })
const WIDER = [query('', null), query('n=10000', 10_000)]
const WAYS: Ways = {
  closing: query('last=x'),
  smallest: null,
  isOrdered: true,
  closes: 'always',
  wider: WIDER,
}

/** What becomes of a page of this length: the reason for the next request, or the verdict. */
function after(answer: PageAnswer, trail: Partial<Trail> = {}, ways: Partial<Ways> = {}): string {
  const paging: Paging = decidePaging({ ...startOfTrail(1000), ...trail }, answer, { ...WAYS, ...ways })
  return paging.kind === 'ask' ? `${paging.trail.asked} ${paging.query.query}`.trim() : paging.kind
}

const fresh = (length: number, next?: string | null) => ({ length, added: length, next })
const repeated = (length: number, next?: string) => ({ length, added: 0, next })

describe('a page that brings something new', () => {
  test.each([
    ['is followed by its link', fresh(10, 'n=2'), {}, 'next n=2'],
    ['without a link is followed by the request for what comes after it', fresh(10), {}, 'closing last=x'],
    ['behind pages with links, too', fresh(10), { asked: 'next', fullest: 100 }, 'closing last=x'],
    ['as the answer to that request, too', fresh(10), { asked: 'closing', end: 10 }, 'closing last=x'],
    ['and says that it is the last, is the end', fresh(1000, null), {}, 'proven'],
  ] as const)('%s', (_, answer, trail, expected) => {
    expect(after(answer, trail)).toBe(expected)
  })

  test.each([
    ['looks complete', 37, 'proven'],
    ['is full', 100, 'closing last=x'],
  ])('where each of many lists would need one, is closed only if it %s', (_, length, expected) => {
    expect(after(fresh(length), { size: null }, { closes: 'when-full' })).toBe(expected)
  })
})

describe('a page that brings nothing new', () => {
  const closing: Partial<Trail> = { asked: 'closing', end: 1000 }
  test.each([
    ['and is empty proves the end', repeated(0), closing, 'proven'],
    ['and is the first is an empty list', repeated(0), {}, 'proven'],
    ['and is as full as was asked for is doubted', repeated(1000), closing, 'wider'],
    ['and is shorter than the page before was looked up', repeated(1), closing, 'proven'],
    ['and has a number that is no limit is everything', repeated(137), { ...closing, end: 137 }, 'proven'],
    ['as full as the pages with links were', repeated(36), { ...closing, end: 36, fullest: 36 }, 'wider'],
    ['but a link, on a registry that ends short', repeated(100, 'a'), { ...closing, end: 37 }, 'proven'],
    ['but a link, on a registry that ends full', repeated(100, 'a'), { ...closing, end: 100 }, 'wider'],
    ['behind a link is judged as well', repeated(100), { asked: 'next', end: 100, fullest: 100 }, 'wider'],
  ] as const)('%s', (_, answer, trail, expected) => {
    expect(after(answer, trail)).toBe(expected)
  })

  test.each([
    ['is asked from its smallest name', repeated(0), { ...closing, end: 100 }, 'smallest last=a'],
    ['is complete with a number that is no limit', repeated(0), { ...closing, end: 101 }, 'proven'],
    ['is complete behind pages with links', repeated(0), { ...closing, end: 100, fullest: 100 }, 'proven'],
    [
      'is complete where a name is a place',
      { ...repeated(99), goesOn: true },
      { asked: 'smallest' },
      'proven',
    ],
    [
      'is complete there even if that page has a link',
      { ...repeated(99, 'a'), goesOn: true },
      { asked: 'smallest', end: 100 },
      'proven',
    ],
    [
      'goes on, in doubt, where that shows more',
      fresh(100),
      { asked: 'smallest', end: 100 },
      'closing last=x',
    ],
  ] as const)('of a list that may be in order by chance, and is empty, %s', (_, answer, trail, expected) => {
    expect(after(answer, trail, { smallest: query('last=a') })).toBe(expected)
  })

  const unordered: Partial<Ways> = { isOrdered: false, smallest: query('last=a') }
  test.each([
    ['and is empty proves nothing at first', repeated(0), closing, 'smallest last=a'],
    [
      'asked from the smallest name, is judged by its length',
      repeated(36),
      { asked: 'smallest', end: 37 },
      'proven',
    ],
    [
      'where a name is a place, is the end',
      { ...repeated(100), goesOn: true },
      { asked: 'smallest' },
      'proven',
    ],
  ] as const)('of a list in no order: %s', (_, answer, trail, expected) => {
    expect(after(answer, trail, unordered)).toBe(expected)
  })

  test('what a list in no order left out before makes it doubtful whatever its length', () => {
    expect(after(fresh(37), { asked: 'smallest', end: 37 }, unordered)).toBe('closing last=x')
    expect(
      after(repeated(0), { ...closing, isLimited: true, end: 37 }, { ...unordered, smallest: null }),
    ).toBe('wider')
    const ways = { ...unordered, smallest: null, wider: [] }
    expect(after(repeated(0), { ...closing, isLimited: true, end: 37 }, ways)).toBe('cut')
  })

  test.each([50, 100, 200, 250, 500, 1000, 2000, 30_000])('%i entries look cut off', (length) => {
    expect(after(repeated(length), { asked: 'closing', end: length, size: 700 })).toBe('wider')
  })
})

describe('a refused request', () => {
  test.each([
    ['behind a full page', { asked: 'closing', end: 1000 }, 'wider'],
    ['behind any other', { asked: 'closing', end: 20 }, 'proven'],
  ] as const)('for what comes next, %s', (_, trail, expected) => {
    expect(after('refused', trail)).toBe(expected)
  })
})

describe('a list that looks cut off', () => {
  const wider: Partial<Trail> = { asked: 'wider', end: 1000, useful: 1000 }
  test('is cut off where no request shows more', () => {
    expect(after(repeated(1000), wider, { wider: WIDER.slice(1) })).toBe('wider n=10000')
    expect(after(repeated(1000), wider, { wider: [] })).toBe('cut')
    expect(after('refused', wider, { wider: [] })).toBe('cut')
    expect(after(repeated(0), wider, { wider: [] })).toBe('cut')
  })

  test('goes on where one does', () => {
    expect(after(fresh(1234), { ...wider, size: 10_000 })).toBe('closing last=x')
  })
})
