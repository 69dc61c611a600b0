import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  firstMatch,
  parseGroupPattern,
  parsePattern,
  parsePatterns,
} from '../../../src/domain/patterns/pattern.ts'
import { lineOf } from '../../support/refusal.ts'

const matches = (pattern: string, text: string) => parsePattern(pattern, 'tags').matches(text)

describe('parsePattern', () => {
  it.each([
    // [pattern, matching, not matching]
    ['latest', ['latest'], ['latest2', 'xlatest', 'Latest', '']],
    ['hello', ['hello'], ['othello']],
    ['v1.0', ['v1.0'], ['v1x0']],
    ['*', ['', 'a', 'a/b', 'a\nb'], []],
    ['*-slim', ['x-slim', '-slim'], ['x-slim2', 'slim']],
    ['pr-*', ['pr-', 'pr-1/2'], ['xpr-1']],
    ['v*.*.*', ['v1.2.3', 'v..'], ['v1.2']],
    ['team/*', ['team/a', 'team/a/b', 'team/'], ['team', 'xteam/a']],
    ['a**b', ['ab', 'a/x/b'], ['a']],
    ['v?', ['v1', 'v/'], ['v', 'v12']],
    ['{dev,test}-*', ['dev-1', 'test-'], ['prod-1', 'dev']],
    ['v{1,2{a,b}}', ['v1', 'v2a', 'v2b'], ['v2', 'v1a']],
    ['a{,b}', ['a', 'ab'], ['abb']],
    ['a,b', ['a,b'], ['a']],
    ['[a-c]1', ['a1', 'c1'], ['d1', '-1']],
    ['[!a-c]1', ['d1', '-1'], ['a1']],
    ['[^a-c]1', ['d1', '^1'], ['a1']],
    ['[abc-]', ['a', '-'], ['d']],
    ['[a\\]]', ['a', ']'], ['\\']],
    ['[.*]', ['.', '*'], ['a']],
    ['[a^]', ['a', '^'], ['b']],
    ['[[]', ['['], [']']],
    ['\\*', ['*'], ['a', '\\*']],
    ['a\\{b', ['a{b'], ['ab']],
    ['a\\\\*', ['a\\', 'a\\b'], ['a']],
    ['a.b+(c)|d^$', ['a.b+(c)|d^$'], ['axb+(c)|d^$']],
    ['sha256-*.sig', ['sha256-abc.sig'], ['sha256-abcxsig']],
    ['ä?😀*', ['ä😀😀', 'äx😀!'], ['ä😀']],
    // regular expressions
    ['/v\\d+/', ['v1', 'v22'], ['v', 'xv1', 'v1x', 'v1\n']],
    ['/hello/', ['hello'], ['othello']],
    ['/a|ab/', ['a', 'ab'], ['b', 'abb', 'xa']],
    ['/^v1$/', ['v1'], ['v11', 'v1\n']],
    ['/(?i)MAIN/', ['main', 'Main'], ['mai']],
    ['/(?m)a$/', ['a'], ['a\nb']],
    ['/.*/', ['', 'a\nb'], []],
    ['/a/b/', ['a/b'], ['a', 'b']],
  ])('%j', (pattern, matching, others) => {
    for (const text of matching) expect([text, matches(pattern, text)]).toEqual([text, true])
    for (const text of others) expect([text, matches(pattern, text)]).toEqual([text, false])
  })

  it('knows its kind and source', () => {
    const patterns = parsePatterns(['latest', 'v*', '/v.*/', 'a\\*'], 'tags')
    expect(patterns.map(({ kind, source }) => [kind, source])).toEqual([
      ['exact', 'latest'],
      ['glob', 'v*'],
      ['regex', '/v.*/'],
      ['glob', 'a\\*'],
    ])
  })

  it.each([
    ['', 'must not be empty'],
    ['x'.repeat(513), 'at most 512'],
    ['/', 'ends with a slash'],
    ['//', 'is empty'],
    ['/abc', 'ends with a slash'],
    ['/abc/i', '(?i)'],
    ['{a,b', '{ is never closed'],
    ['a}', 'closes nothing'],
    ['a]', 'closes nothing'],
    ['[a', '[ is never closed'],
    ['[', '[ is never closed'],
    ['[a-', '[ is never closed'],
    ['[]', '[] is empty'],
    ['[!]', '[] is empty'],
    ['[z-a]', 'wrong way round'],
    ['a\\', 'backslash at the end'],
    ['[a\\', 'backslash at the end'],
    ['{{{{{a}}}}}', 'nested deeper'],
    ['/a(/', 'missing closing )'],
    ['/a**/', 'invalid nested repetition'],
    ['/[z-a]/', 'invalid character class range'],
    ['/(?=a)b/', 'no lookaround'],
    ['/(?!a)b/', 'no lookaround'],
    ['/(?<=a)b/', 'no lookaround'],
    ['/(?<!a)b/', 'no lookaround'],
    ['/(a)\\1/', 'no backreferences'],
    ['/a{2000}/', 'repeat count'],
    [`/${'a{0,1000}'.repeat(40)}/`, 'too large'],
  ])('refuses %j', (pattern, advice) => {
    const line = lineOf(() => parsePattern(pattern, 'exclude-tags'))
    expect(line).toMatch(/^input exclude-tags: /)
    expect(line).toContain(advice)
    expect(line).not.toContain('(?s)')
  })

  it('escapes any text to a pattern for just that text', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(text, text, (wanted, other) => {
        const pattern = parsePattern(`\\${Array.from(wanted).join('\\')}`, 'tags')
        expect(pattern.matches(wanted)).toBe(true)
        expect(pattern.matches(other)).toBe(other === wanted)
      }),
    )
  })

  it('agrees with the plain meaning of * and ?', () => {
    const plain = (glob: string, text: string): boolean => {
      if (glob === '') return text === ''
      if (glob.startsWith('*'))
        return plain(glob.slice(1), text) || (text !== '' && plain(glob, text.slice(1)))
      return text !== '' && (glob[0] === '?' || glob[0] === text[0]) && plain(glob.slice(1), text.slice(1))
    }
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '.'), minLength: 1, maxLength: 8 }),
        fc.string({ unit: fc.constantFrom('a', 'b', '.', '\n'), maxLength: 8 }),
        (glob, text) => {
          expect(matches(glob, text)).toBe(plain(glob, text))
        },
      ),
      { numRuns: 1000 },
    )
  })

  it('stays linear where V8 would hang', () => {
    const tag = `${'a'.repeat(127)}!`
    expect(matches('/(a+)+/', tag)).toBe(false)
    expect(matches('/(a|a)*b/', tag)).toBe(false)
    expect(matches(`${'*a'.repeat(200)}b`, tag)).toBe(false)
  })
})

describe('firstMatch', () => {
  it('gives the first pattern that matches', () => {
    const patterns = parsePatterns(['v1*', 'v*', '*'], 'tags')
    expect(firstMatch(patterns, 'v2')?.source).toBe('v*')
    expect(firstMatch(patterns.slice(0, 2), 'x')).toBeNull()
    expect(firstMatch([], 'x')).toBeNull()
  })
})

describe('parseGroupPattern', () => {
  it.each([
    ['(.+)-\\d+', 'main-12', 'main'],
    ['/(.+)-\\d+/', 'main-12', 'main'],
    ['(?P<branch>[a-z]+)-.*', 'dev-1', 'dev'],
    ['(?:v)?(\\d+)\\..*', 'v1.2', '1'],
    ['(.+)-\\d+', 'main', null],
    ['(.+)-\\d+', 'main-12x', null],
    ['(a|ab)', 'ab', 'ab'],
    ['(a)?b', 'b', ''],
    ['(a*)b', 'b', ''],
  ])('captures with %j of %j', (pattern, text, group) => {
    expect(parseGroupPattern(pattern, 'keep-group-by').capture(text)).toBe(group)
  })

  it.each([
    ['', 'must not be empty'],
    ['main-.*', 'it has 0'],
    ['(a)(b)', 'it has 2'],
    ['(?:a)', 'it has 0'],
    ['(a', 'missing closing )'],
    ['/(a)', 'ends with a slash'],
    ['(?=(a))', 'no lookaround'],
  ])('refuses %j', (pattern, advice) => {
    expect(lineOf(() => parseGroupPattern(pattern, 'keep-group-by'))).toContain(advice)
  })
})
