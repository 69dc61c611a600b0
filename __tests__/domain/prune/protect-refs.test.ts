import { describe, expect, test } from 'vitest'
import { expandRefs, parseRefTemplate } from '../../../src/domain/prune/protect-refs.ts'
import type { LiveRefs } from '../../../src/domain/prune/protect-refs.ts'
import { ruleText } from '../../../src/domain/prune/rule.ts'

const HEAD = '0123456789'.repeat(4)
const MERGE = 'abcdef0123'.repeat(4)
const REFS: LiveRefs = {
  pullRequests: [
    { number: 7, headSha: HEAD, mergeSha: MERGE },
    { number: 12, headSha: HEAD, mergeSha: null },
  ],
  branches: [
    { name: 'main', sha: MERGE },
    { name: 'feature/Login #2', sha: HEAD },
    { name: '/', sha: HEAD },
  ],
  tags: ['v1.2.3', 'nightly'],
  releases: ['2.0.0', 'v3.1.0+build.5', 'api/v4'],
}

function expand(...templates: readonly string[]): string[] {
  return [...expandRefs(templates.map(parseRefTemplate), REFS).keys()]
}

describe('protect-refs', () => {
  test.each<[string, string[]]>([
    ['pr-{open-pr}', ['pr-7', 'pr-12']],
    ['{open-pr}', ['7', '12']],
    ['sha-{open-pr-sha:7}', ['sha-0123456', 'sha-abcdef0']],
    ['{open-pr-sha}', [HEAD, MERGE]],
    ['pr-{open-pr}-{open-pr-sha:4}', ['pr-7-0123', 'pr-7-abcd', 'pr-12-0123']],
    ['{branch}-{branch-sha:5}', ['main-abcde', 'feature-Login-2-01234', 'feature-Login--2-01234']],
    ['{branch}', ['main', 'feature-Login-2', 'feature-Login--2']],
    ['{tag}', ['v1.2.3', '1.2.3', '1', 'v1', '1.2', 'v1.2', 'nightly']],
    [
      '{tag}-alpine',
      [
        'v1.2.3-alpine',
        '1.2.3-alpine',
        '1-alpine',
        'v1-alpine',
        '1.2-alpine',
        'v1.2-alpine',
        'nightly-alpine',
      ],
    ],
  ])('%s', (template, expected) => {
    expect(expand(template).toSorted()).toEqual(expected.toSorted())
  })

  test('releases, with what a tag cannot hold', () => {
    const tags = expand('{release}')
    expect(tags).toEqual(
      expect.arrayContaining([
        '2.0.0',
        'v2.0.0',
        '2.0',
        '2',
        'v3.1.0-build.5',
        'v3.1.0',
        '3.1.0',
        '3.1.0-build.5',
        '3.1',
        'api-v4',
      ]),
    )
  })

  test('a Git tag that is no version is published without its v as well', () => {
    const found = (tags: string[]) => [...expandRefs([parseRefTemplate('{tag}')], { ...REFS, tags }).keys()]
    expect(found(['v2024_w7', 'rev2', 'v5', '1.2.3-v4'])).toEqual([
      'v2024_w7',
      '2024_w7',
      'rev2',
      'v5',
      '5',
      '1.2.3-v4',
      'v1.2.3-v4',
      '1',
      'v1',
      '1.2',
      'v1.2',
    ])
  })

  test('a commit is cut to as many characters as asked', () => {
    expect(expand('{branch-sha:12}')).toEqual(['abcdef0123ab', '012345678901'])
    expect(expand('{branch-sha:64}')).toEqual([MERGE, HEAD])
  })

  test('the first ref is told', () => {
    const found = expandRefs([parseRefTemplate('pr-{open-pr}'), parseRefTemplate('{branch}')], REFS)
    expect([...found.values()].map(ruleText).slice(0, 3)).toEqual([
      'protect-refs: pr-{open-pr}, open pull request #7',
      'protect-refs: pr-{open-pr}, open pull request #12',
      'protect-refs: {branch}, branch main',
    ])
  })

  test.each([
    ['main', /has no placeholder/],
    ['{pr}', /unknown placeholder \{pr\}/],
    ['{open-pr:7}', /cannot cut/],
    ['{branch-sha:3}', /cannot cut/],
    ['{branch-sha:x}', /cannot cut/],
    ['{branch-sha:65}', /cannot cut/],
    ['{branch-sha:100}', /cannot cut/],
    ['{branch-sha:4x}', /cannot cut/],
    ['{branch}-{open-pr}', /mixes several kinds/],
    ['x/{branch}', /no tag can hold/],
    ['{branch', /has no placeholder/],
  ])('%s is refused', (template, message) => {
    expect(() => parseRefTemplate(template)).toThrow(message)
  })
})
