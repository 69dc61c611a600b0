import { describe, expect, test } from 'vitest'
import { parsePatterns } from '../../../src/domain/patterns/pattern.ts'
import { allExcluded, unmatchedPatterns } from '../../../src/domain/prune/unmatched.ts'
import { planPrune } from '../../../src/domain/prune/plan.ts'
import { parseTag } from '../../../src/domain/names/tag.ts'
import { NOW, image, policy, repository } from './repository-dsl.ts'

const tagsOf = (...names: readonly string[]) => names.map((name) => parseTag(name, 'test'))
const unmatched = (patterns: readonly string[], ...repositories: readonly (readonly string[])[]) =>
  unmatchedPatterns(
    { considered: parsePatterns(patterns, 'tags') },
    repositories.map((names) => tagsOf(...names)),
  ).map(({ message }) => message)

const FORMS = 'a glob is pr*, a regular expression /pr.*/, both over the whole tag'
const DASHED = 'a glob is pr-*, a regular expression /pr-.*/, both over the whole tag'

describe('a pattern of tags that matches no tag', () => {
  test.each([
    ['pr', FORMS],
    ['^pr-', DASHED],
    ['pr-.*', DASHED],
    ['pr-\\d+', DASHED],
    ['/^pr-/', DASHED],
    ['!v*', 'what is to stay is named in exclude-tags, without !'],
    ['all', '* is every tag'],
    ['.*x', 'a glob is pr-*, a regular expression /pr-\\d+/, both over the whole tag'],
  ])('%s is said with both forms', (pattern, hint) => {
    expect(unmatched([pattern], ['pr-1', 'v1'])).toEqual([
      `tags: ${pattern} matches none of 2 tags: pr-1, v1; ${hint}`,
    ])
  })

  test.each([
    ['feature-*', ''],
    ['/pr-/', '; an expression is matched over the whole tag'],
  ])('%s is not explained, but what tags there are is told', (pattern, more) => {
    expect(unmatched([pattern], ['pr-1', 'v1', 'v2', 'v3'])).toEqual([
      `tags: ${pattern} matches none of 4 tags, among them pr-1, v1, v2${more}`,
    ])
    expect(unmatched([pattern], ['v1'])).toEqual([`tags: ${pattern} does not match the only tag, v1${more}`])
  })

  test.each([
    ['pr-*', 'notice'],
    ['/pr-\\d+/', 'notice'],
    ['pr', undefined],
    ['pr-.*', undefined],
    ['^pr-', undefined],
    ['/^pr-/', undefined],
    ['!v*', undefined],
  ])('%s warns only where it looks mistaken: a right one may have done its work', (pattern, level) => {
    const found = unmatchedPatterns({ considered: parsePatterns([pattern], 'tags') }, [tagsOf('v1')])
    expect(found.map((warning) => warning.level)).toEqual([level])
  })

  test('one that matches in any repository is right', () => {
    expect(unmatched(['pr-*', 'v*'], ['pr-1'], ['v1'])).toEqual([])
  })

  test('repositories without image tags say nothing', () => {
    expect(unmatched(['pr'], [])).toEqual([])
  })
})

describe('exclude-tags with all that tags names', () => {
  const excluded = (rules: Parameters<typeof policy>[0], ...names: readonly string[]) =>
    allExcluded(policy(rules), [tagsOf(...names)])?.message ?? null

  test('is said, with its default', () => {
    expect(excluded({ tags: 'latest' }, 'latest', 'v1')).toBe(
      'tags: all that it matches is excluded by exclude-tags, which is latest unless it is set: latest',
    )
    expect(excluded({ tags: 'v*', exclude: 'v1 v2' }, 'v1', 'v2', 'pr-1')).toBe(
      'tags: all that it matches is excluded by exclude-tags: v1, v2',
    )
  })

  test.each([
    ['leaves a tag', { tags: '*', olderThan: '1d' }, ['latest', 'v1']],
    ['has nothing to take', { tags: 'pr-*' }, ['latest']],
  ] as const)('is not said where it %s', (_, rules, names) => {
    expect(excluded(rules, ...names)).toBeNull()
  })
})

describe('exclude-tags without latest', () => {
  const content = { tags: { latest: 'A 9d', v1: 'B 9d' }, manifests: { A: image(), B: image() } }
  const warned = (rules: Parameters<typeof policy>[0]) =>
    planPrune(repository(content), policy(rules), NOW).warnings.filter(
      ({ kind }) => kind === 'default-replaced',
    )

  test('is said when latest would go', () => {
    expect(warned({ tags: '*', exclude: 'v1', olderThan: '1d' })).toEqual([
      {
        kind: 'default-replaced',
        subject: 'latest',
        message:
          'exclude-tags replaces its default: latest is no longer excluded and would go; add it to exclude-tags',
      },
    ])
  })

  test.each([
    ['stays anyway', { tags: '*', exclude: 'v1', olderThan: '30d' }],
    ['is named in tags', { tags: 'latest', exclude: 'v1' }],
    ['is excluded as well', { tags: '*', exclude: 'v1 latest', olderThan: '1d' }],
    ['is excluded by default', { tags: '*', olderThan: '1d' }],
  ])('is not said when it %s', (_, rules) => {
    expect(warned(rules)).toEqual([])
  })
})
