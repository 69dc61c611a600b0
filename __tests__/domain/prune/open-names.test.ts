import { describe, expect, test } from 'vitest'
import { comesTo, literalsOf } from '../../../src/domain/prune/open-names.ts'

describe('what stands around the parts that are filled in', () => {
  test.each([
    ['v', '${VERSION}-alpine"', ['v', '-alpine']],
    ['', '${A}-${B}\n', ['', '-', '']],
    ['', '${A}. And more', ['', '']],
    ['', '${A}-alpine.', ['', '-alpine']],
    ['', '${A}.${B}', ['', '.', '']],
    ['', '{{ .Values.tag | default "x" }}-{{ flavor }}', ['', '-', '']],
    ['', '$(A)$B', ['', '', '']],
    ['v9', '</image>', ['v9', '']],
    ['v9', '"', ['v9']],
    ['v9', '${unclosed', ['v9', '', '']],
    ['', '${A}'.repeat(20), ['', '', '', '', '', '', '']],
  ])('%s before %s', (first, behind, literals) => {
    expect(literalsOf(first, behind)).toEqual(literals)
  })
})

describe('a tag that an open name comes to', () => {
  const words = new Set(['main', 'abc1234', '1', '2', 'slim'])
  test.each([
    [['', '-', ''], 'main-abc1234', true],
    [['', '-', ''], 'main-other', false],
    [['', '.', ''], '1.2', true],
    [['', '', ''], 'main-slim', true],
    [['v', ''], 'v1', true],
    [['v', ''], 'v3', false],
    [['v9', ''], 'v9', true],
    [['', ''], 'main', true],
    [['', ''], '', false],
    [['rel-', '-slim'], 'rel-slim', false],
    [['rel-', '-slim'], 'rel--slim', true],
    [['rel-', '-slim'], 'rel-1-slim', true],
  ])('%j: %s is %s', (literals, tag, expected) => {
    expect(comesTo(literals, tag, words)).toBe(expected)
  })

  test('takes no time where many parts stand side by side', () => {
    const literals = ['', '', '', '', '', '', '']
    const started = performance.now()
    expect(comesTo(literals, 'a'.repeat(127) + '!', new Set(['a', 'aa', 'aaa']))).toBe(false)
    expect(performance.now() - started).toBeLessThan(1000)
  })
})
