import { describe, expect, it } from 'vitest'
import { FOOTER_START, saysTheSame } from '../../../src/domain/comment/content.ts'
import { COMMENT_POLICIES, decideComment } from '../../../src/domain/comment/decision.ts'
import type { CommentPolicy, Situation } from '../../../src/domain/comment/decision.ts'

const NOW = { current: 'now', resolved: 'resolved' }
const EXCEEDED: Situation = { exceeded: true, changed: true, hasBaseline: true }
const CHANGED: Situation = { exceeded: false, changed: true, hasBaseline: true }
const QUIET: Situation = { exceeded: false, changed: false, hasBaseline: true }
const FIRST: Situation = { exceeded: false, changed: true, hasBaseline: false }
const FIRST_EXCEEDED: Situation = { exceeded: true, changed: true, hasBaseline: false }

describe('decideComment', () => {
  it.each<[CommentPolicy, Situation, absent: string, present: string]>([
    ['always', EXCEEDED, 'create', 'update'],
    ['always', QUIET, 'create', 'update'],
    ['always', FIRST, 'create', 'update'],
    ['on-change', EXCEEDED, 'create', 'update'],
    ['on-change', CHANGED, 'create', 'update'],
    ['on-change', QUIET, 'nothing', 'resolve'],
    // an absolute limit may be exceeded although nothing has changed
    ['on-change', { ...QUIET, exceeded: true }, 'create', 'update'],
    ['on-change', FIRST, 'nothing', 'resolve'],
    ['on-change', FIRST_EXCEEDED, 'create', 'update'],
    ['on-exceed', EXCEEDED, 'create', 'update'],
    ['on-exceed', CHANGED, 'nothing', 'resolve'],
    ['on-exceed', QUIET, 'nothing', 'resolve'],
    ['never', EXCEEDED, 'nothing', 'nothing'],
    ['never', QUIET, 'nothing', 'nothing'],
  ])('%s, %o: %s without a comment, %s with one', (policy, situation, absent, present) => {
    expect(decideComment(policy, situation, NOW, null).kind).toBe(absent)
    expect(decideComment(policy, situation, NOW, 'before').kind).toBe(present)
  })

  it('writes what there is to say now, or that it is over', () => {
    expect(decideComment('on-exceed', EXCEEDED, NOW, 'before')).toMatchObject({ body: 'now' })
    expect(decideComment('on-exceed', QUIET, NOW, 'before')).toMatchObject({ body: 'resolved' })
  })

  it('gives a reason in words, whatever it decides', () => {
    for (const policy of COMMENT_POLICIES) {
      for (const situation of [EXCEEDED, CHANGED, QUIET, FIRST, FIRST_EXCEEDED]) {
        expect(decideComment(policy, situation, NOW, null).reason).toMatch(/^[a-z].*[a-z]$/)
      }
    }
  })

  it('is done once it is done: what it wrote, it does not write again', () => {
    for (const policy of COMMENT_POLICIES) {
      for (const situation of [EXCEEDED, CHANGED, QUIET, FIRST, FIRST_EXCEEDED]) {
        const action = decideComment(policy, situation, NOW, 'before')
        if (action.kind === 'nothing') continue
        expect(decideComment(policy, situation, NOW, action.body).kind).toBe('nothing')
      }
    }
  })
})

describe('saysTheSame', () => {
  const footer = (run: number): string => `${FOOTER_START} · [run](https://github.com/acme/api/${run})</sub>`

  it('does not see the footer, line ends and blanks at the end', () => {
    expect(saysTheSame(`a\n\nb\n\n${footer(1)}`, `a\r\n\r\nb\r\n\r\n${footer(2)}\r\n`)).toBe(true)
    expect(saysTheSame('a\n', 'a')).toBe(true)
    expect(saysTheSame(footer(1), footer(2))).toBe(true)
  })

  it('sees everything else', () => {
    expect(saysTheSame(`a\n${footer(1)}`, `b\n${footer(1)}`)).toBe(false)
    expect(saysTheSame(`${footer(1)}\na`, `${footer(2)}\na`)).toBe(false)
    expect(saysTheSame('a\n<sub>1</sub>', 'a\n<sub>2</sub>')).toBe(false)
    expect(saysTheSame(`a ${footer(1)}`, `a ${footer(2)}`)).toBe(false)
  })
})
