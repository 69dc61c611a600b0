import { describe, expect, test } from 'vitest'

import { WardenError } from '../../../src/domain/errors.ts'
import {
  parseCount,
  parseKeepSemver,
  parseOlderThan,
  parsePercent,
} from '../../../src/domain/prune/policy-inputs.ts'
import { checkPolicy } from '../../../src/domain/prune/policy.ts'
import { policy } from './repository-dsl.ts'

describe('parseKeepSemver', () => {
  test.each([
    ['3 minors, 2 patches', { majors: null, minors: 3, patches: 2 }],
    ['2 patches\n1 major\n', { majors: 1, minors: null, patches: 2 }],
    [' 1 minor ,', { majors: null, minors: 1, patches: null }],
    ['10 majors, 1 minors, 1 patch', { majors: 10, minors: 1, patches: 1 }],
  ])('%j', (text, expected) => {
    expect(parseKeepSemver(text, 'keep-semver')).toMatchObject(expected)
  })

  test.each([
    '',
    ',',
    '3',
    'minors',
    '3minors',
    '0 minors',
    '1.5 minors',
    '-1 minors',
    '3 minor versions',
    '3 minors 2 patches',
    '3 minors, 2 minors',
    '3 builds',
    '3 constructor',
    '9999999 minors',
    '3 MINORS',
  ])('%j is refused', (text) => {
    expect(() => parseKeepSemver(text, 'keep-semver')).toThrow(WardenError)
  })
})

describe('parseCount', () => {
  test.each([
    ['0', 0],
    ['5', 5],
    [' 12 ', 12],
    ['1000000', 1_000_000],
  ])('%j', (text, expected) => {
    expect(parseCount(text, 'keep-latest')).toBe(expected)
  })

  test.each(['', '2.5', '-1', '+1', '1e3', '0x10', '1000001', '99999999999999999999', 'five', '5 images'])(
    '%j is refused',
    (text) => {
      expect(() => parseCount(text, 'keep-latest')).toThrow('input keep-latest')
    },
  )
})

describe('parseOlderThan', () => {
  test.each([
    ['12h', 43_200_000],
    ['30d', 2_592_000_000],
    [' 2w ', 1_209_600_000],
  ])('%j', (text, expected) => {
    expect(parseOlderThan(text, 'older-than')).toBe(expected)
  })

  test.each([
    ['1m', 'm would be minutes; write h, d or w'],
    ['90s', 's would be seconds; write h, d or w'],
    ['6 m', 'm would be minutes; write h, d or w'],
    ['1M', 'Write a whole number and a unit'],
  ])('%j is refused', (text, advice) => {
    let line = ''
    try {
      parseOlderThan(text, 'older-than')
    } catch (error) {
      line = error instanceof WardenError ? error.line : ''
    }
    expect(line).toContain(`input older-than: ${JSON.stringify(text)} is not accepted. ${advice}`)
  })
})

describe('parsePercent', () => {
  test.each([
    ['50', 50],
    ['50%', 50],
    ['12.5 %', 12.5],
    ['0', 0],
    ['100', 100],
    [' 99.95% ', 99.95],
  ])('%j', (text, expected) => {
    expect(parsePercent(text, 'max-delete-percent')).toBe(expected)
  })

  test.each(['', '101', '100.01', '-5', '1e2', '.5', '50 percent', '1.234'])('%j is refused', (text) => {
    expect(() => parsePercent(text, 'max-delete-percent')).toThrow('input max-delete-percent')
  })
})

describe('checkPolicy', () => {
  test.each([
    [
      'nothing considered and nothing else asked',
      policy({ keepLatest: 5, olderThan: '30d' }),
      'nothing is asked',
    ],
    ['everything goes', policy({ tags: '*' }), 'considers every tag'],
    ['everything goes, as a regex', policy({ tags: '/.*/' }), 'considers every tag'],
    ['everything goes, behind another pattern', policy({ tags: 'pr-* {*,x}' }), 'considers every tag'],
    ['keeping zero keeps nothing', policy({ tags: '*', keepLatest: 0 }), 'considers every tag'],
    ['groups of nothing', policy({ tags: 'a*', keepGroupBy: '(a).*' }), 'keep-group-by'],
    [
      'an empty regex',
      { ...policy(), considered: [{ source: '//', kind: 'regex' as const, matches: () => true }] },
      'empty pattern',
    ],
    [
      'an empty pattern',
      { ...policy(), considered: [{ source: '', kind: 'glob' as const, matches: () => true }] },
      'empty pattern',
    ],
  ])('%s is refused', (_, rules, message) => {
    expect(() => {
      checkPolicy(rules)
    }).toThrow(message)
  })

  test('a plan file does not stand in for a policy, a sweep does', () => {
    const nothing = policy()
    const check = (options: Parameters<typeof checkPolicy>[1]) => () => {
      checkPolicy(nothing, options)
    }
    expect(check({ appliesPlan: true })).toThrow('apply-plan needs the policy')
    expect(check({ appliesPlan: true, sweeps: true })).toThrow('apply-plan needs the policy')
    expect(check({ sweeps: true })).not.toThrow()
    expect(check({})).toThrow('nothing is asked')
  })

  test('says what to do', () => {
    const advice = (run: () => void) => {
      try {
        run()
        return null
      } catch (error) {
        return error instanceof WardenError ? [error.kind, error.advice] : error
      }
    }
    expect(advice(() => checkPolicy(policy({ tags: '*' })))).toEqual([
      'input',
      'Set keep-latest, keep-semver or older-than, or name fewer tags',
    ])
  })

  test.each([
    policy({ tags: '*', keepLatest: 1 }),
    policy({ tags: '*', keepVersions: '1 minor' }),
    policy({ tags: '*', olderThan: '1d' }),
    policy({ tags: 'pr-*' }),
    policy({ deleteUntagged: true }),
    policy({ deleteOrphaned: true }),
    policy({ tags: '*', keepGroupBy: '(a).*', keepLatest: 2 }),
  ])('policy %# is a policy', (rules) => {
    expect(() => {
      checkPolicy(rules)
    }).not.toThrow()
  })
})
