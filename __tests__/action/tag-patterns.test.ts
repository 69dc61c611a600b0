import { expect, test } from 'vitest'
import { parseTagPatterns } from '../../src/action/tag-patterns.ts'
import { lineOf } from '../support/refusal.ts'

test.each([
  ['latest stable', 'a blank'],
  ['- latest', 'a blank'],
  ['latest;stable', ';'],
  ['["latest"', '"'],
  ['["latest","stable"]', '"'],
  ["'latest'", "'"],
  ['latest|stable', '|'],
  ['(latest)', '('],
  ['latest#keep', '#'],
  ['api:latest', ':'],
  ['latest\u200B', 'U+200B'],
  ['!v*', '!'],
])('%s can be no tag', (text, what) => {
  expect(lineOf(() => parseTagPatterns([text], 'exclude-tags'))).toContain(`A tag cannot contain ${what}`)
})

test.each([
  'latest',
  'v1.2.3-rc_1',
  'pr-*',
  'v?',
  '{a,b}-*',
  '[0-9]*',
  '[!v]*',
  '[vV]*',
  '[^a-z]?',
  'a\\*',
  '/a b|;/',
])('%s is a pattern', (text) => {
  expect(parseTagPatterns([text], 'tags')).toHaveLength(1)
})

test.each(['pr-\\d+', '^pr-', 'v[0-9]+', '(a|b)*', 'x$'])('%s stands between slashes', (text) => {
  expect(lineOf(() => parseTagPatterns([text], 'tags'))).toContain('stands between slashes')
})
