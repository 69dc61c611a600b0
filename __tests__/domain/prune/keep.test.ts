import { describe, expect, test } from 'vitest'

import { parseVersion } from '../../../src/domain/names/tag-order.ts'
import { planPrune } from '../../../src/domain/prune/plan.ts'
import { parseKeepSemver } from '../../../src/domain/prune/policy-inputs.ts'
import { newestReleases } from '../../../src/domain/prune/semver-keep.ts'
import { NOW, decisions, image, policy, repository } from './repository-dsl.ts'

describe('keep-semver', () => {
  const kept = (rule: string, tags: string) => {
    const versioned = tags.split(' ').flatMap((tag) => {
      const version = parseVersion(tag)
      return version === null ? [] : [{ tag, version }]
    })
    return newestReleases(versioned, parseKeepSemver(rule, 'keep-semver')).map(({ tag }) => tag)
  }
  const releases = '1.0.0 1.0.1 1.1.0 1.1.1 1.1.2 1.10.0 2.0.0 2.0.1 2.1.0'

  test.each([
    ['1 minor', '2.1.0'],
    ['3 minors', '1.10.0 2.0.1 2.1.0'],
    ['3 minors, 2 patches', '1.10.0 2.0.0 2.0.1 2.1.0'],
    ['2 majors', '1.10.0 2.1.0'],
    ['2 majors, 2 minors', '1.1.2 1.10.0 2.0.1 2.1.0'],
    ['1 major, 2 patches', '2.0.0 2.0.1 2.1.0'],
    ['1 patch', '1.0.1 1.1.2 1.10.0 2.0.1 2.1.0'],
    ['9 majors, 9 minors, 9 patches', releases],
  ])('%s', (rule, expected) => {
    expect(kept(rule, releases).join(' ')).toBe(expected)
  })

  test.each([
    [
      'a variant stays with its release',
      '2 minors',
      '1.0.0 1.0.0-alpine 1.1.0 1.1.0-alpine 1.2.0 1.2.0-alpine',
      '1.1.0 1.1.0-alpine 1.2.0 1.2.0-alpine',
    ],
    [
      'so does what was packed again',
      '1 minors',
      '1.1.0 1.1.0-r3 1.2.0 1.2.0-1 1.2.0-debian-12-r3',
      '1.2.0 1.2.0-1 1.2.0-debian-12-r3',
    ],
    [
      'variants alone are releases',
      '1 minors',
      '1.1.0-alpine 1.2.0-alpine 1.2.0-slim',
      '1.2.0-alpine 1.2.0-slim',
    ],
    ['a variant pushes no release out', '1 minors', '1.1.0 1.2.0-alpine', '1.1.0 1.2.0-alpine'],
    [
      'its moving name stays with it',
      '1 minors',
      '1.1.0 1.1-alpine 1.2.0 1.2-alpine 1-alpine',
      '1.2.0 1.2-alpine 1-alpine',
    ],
    [
      'what is built from a commit is none',
      '1 minors',
      '1.2.0 1.2.0-0f1e2d3 1.2.0-pr.12 1.2.0-dev 1.2.0-20240101 1.2.0-g0f1e2d3 1.2.0-alpine-rc1',
      '1.2.0',
    ],
    ['a pre-release takes no place', '2 minors', '1.0.0 1.1.0 1.2.0-rc1', '1.0.0 1.1.0'],
    [
      'versions of one release stay together',
      '1 minor',
      'v1.1.0 1.1.0 1.1.0_b2 1.0.0',
      'v1.1.0 1.1.0 1.1.0_b2',
    ],
    ['moving names stay with their line', '1 minor', '1.1.0 1.1 1 1.0.0 1.0', '1.1.0 1.1 1'],
    ['a moving name of a line that goes', '1 major', '2.0.0 2 1.0.0 1', '2.0.0 2'],
    ['short versions where there are no full ones', '2 minors', '20.04 22.04 24.04', '22.04 24.04'],
    ['bare numbers where there is nothing else', '1 major', '7 8 9', '9'],
    ['build numbers push no release out', '1 minor', '1.0.0 20260101', '1.0.0 20260101'],
    [
      'nor does a release push out dates',
      '2 majors',
      '0.0.1 20260101 20260102 20260103',
      '0.0.1 20260102 20260103',
    ],
    [
      'a short version among longer ones takes its place',
      '2 minors',
      '22.04 24.04 24.04.1 26.04',
      '24.04 24.04.1 26.04',
    ],
    ['majors without a minor yet', '1 major', '9.1.0 9.1.1 10 11', '9.1.1 11'],
    ['minors without a patch yet', '2 minors', '1.1.0 1.2.0 1.3 1.4', '1.1.0 1.2.0 1.3 1.4'],
    ['one strange full version', '2 minors', '0.0.1 20.04 22.04 24.04', '0.0.1 22.04 24.04'],
    ['short builds push no release out', '1 minor', '4711 4712 1.0.0 1.1.0', '4712 1.1.0'],
    ['builds where there is nothing else', '1 major', '20260101 20260102', '20260102'],
    ['releases that are numbered by date', '1 minor', '20260101.1.0 20260102.1.0', '20260102.1.0'],
    ['a large number of a release', '1 major', '99999 1.0.0', '99999 1.0.0'],
    ['nor do builds of a date', '1 majors', '22.04 26.04 20261127.2 20261128.1', '26.04 20261128.1'],
    ['nothing to keep', '1 minor', '1.0.0-rc1', ''],
  ])('%s', (_, rule, tags, expected) => {
    expect(kept(rule, tags).join(' ')).toBe(expected)
  })
})

describe('keep-group-by', () => {
  const keptOf = (tags: Record<string, string>, rules: ReturnType<typeof policy>) => {
    const manifests = Object.fromEntries(Object.values(tags).map((text) => [text.split(' ')[0], image()]))
    return planPrune(repository({ tags, manifests }), rules, NOW)
      .tags.filter(({ decision }) => decision === 'keep')
      .map(({ tag }) => tag)
  }

  test('N per group; what the expression does not match is one group', () => {
    const tags = { 'a-1': 'A 3d', 'a-2': 'B 2d', 'b-1': 'C 9d', x: 'D 5d', y: 'E 4d' }
    const rules = policy({ tags: '*', keepLatest: 1, keepGroupBy: '([a-z])-.*' })
    expect(keptOf(tags, rules)).toEqual(['a-2', 'b-1', 'y'])
  })

  const planOf = (tags: Record<string, string>, keepGroupBy: string) => {
    const manifests = Object.fromEntries(Object.values(tags).map((text) => [text.split(' ')[0], image()]))
    return planPrune(repository({ tags, manifests }), policy({ tags: '*', keepLatest: 1, keepGroupBy }), NOW)
  }

  test('an expression that matches no considered tag is refused: it was most often meant unanchored', () => {
    const plan = planOf({ 'pr-12-c0ffee1': 'A 3d', 'pr-13-c0ffee2': 'C 9d' }, 'pr-(\\d+)')
    expect(plan.actions).toEqual([])
    expect(plan.refusals).toEqual([
      {
        kind: 'group-by',
        message:
          'keep-group-by: pr-(\\d+) matches none of 2 considered tags as a whole (pr-12-c0ffee1 for one), so all of them would be one group',
      },
    ])
  })

  test('where there is nothing to group, nothing is refused', () => {
    expect(planOf({ latest: 'A 3d' }, '(x)').refusals).toEqual([])
    // matches, although the group took no part
    expect(planOf({ '1.0': 'A 3d', '1.1': 'B 2d' }, '[0-9.]+(?:-([a-z]+))?').refusals).toEqual([])
  })

  test('tags that share the rest group are said with examples as soon as one of them goes', () => {
    const tags = { 'a-1': 'A 3d', x: 'D 5d', y: 'E 4d', z: 'F 3d', u: 'G 2d', v: 'H 1d' }
    const { warnings } = planOf(tags, '([a-z])-.*')
    expect(warnings).toMatchObject([{ kind: 'pattern-without-match', subject: '([a-z])-.*' }])
    expect(warnings[0]?.message).toBe(
      'keep-group-by: ([a-z])-.* does not match 5 of 6 considered tags as a whole, which share one group and lose 4: u, z, y and 1 more',
    )
    expect(planOf({ 'a-1': 'A 3d', 'a-2': 'B 2d', x: 'D 5d' }, '([a-z])-.*').warnings).toEqual([])
  })

  test('a digest that one group keeps keeps its tags of all groups', () => {
    const tags = { 'a-1': 'A 3d', 'b-1': 'A 3d', 'b-2': 'B 1d' }
    const rules = policy({ tags: '*', keepLatest: 1, keepGroupBy: '([a-z])-.*' })
    expect(keptOf(tags, rules)).toEqual(['a-1', 'b-1', 'b-2'])
  })

  test('the group is no pre-release: versions with a suffix are releases of their group', () => {
    const tags = { '1.0.0-alpine': 'A', '1.1.0-alpine': 'B', '1.0.0-slim': 'C', '1.1.0': 'D', '1.0.0': 'E' }
    const rules = policy({ tags: '*', keepVersions: '1 minor', keepGroupBy: '[0-9.]+-([a-z]+)' })
    expect(keptOf(tags, rules)).toEqual(['1.1.0-alpine', '1.0.0-slim', '1.1.0'])
  })

  test('versions with a prefix are releases of their group', () => {
    const tags = { 'api-1.0.0': 'A', 'api-1.1.0': 'B', 'web-0.9.0': 'C' }
    const rules = policy({ tags: '*', keepVersions: '1 minor', keepGroupBy: '([a-z]+)-.*' })
    expect(keptOf(tags, rules)).toEqual(['api-1.1.0', 'web-0.9.0'])
  })

  test('a rule that finds no release says so', () => {
    const inventory = repository({ tags: { main: 'A' }, manifests: { A: image() } })
    const { warnings } = planPrune(inventory, policy({ tags: 'm*', keepVersions: '1 minor' }), NOW)
    expect(warnings.map(({ kind }) => kind)).toEqual(['no-release'])
  })
})

describe('keep rules together', () => {
  const decided = (content: Parameters<typeof repository>[0], rules: Parameters<typeof policy>[0]) =>
    decisions(planPrune(repository(content), policy(rules), NOW))
  const manifests = { A: image(), B: image(), C: image() }

  test('the first that keeps is told', () => {
    const tags = { '1.0.0': 'A 1d', '2.0.0': 'B 9d', edge: 'C 30d' }
    expect(decided({ tags, manifests }, { tags: '*', keepLatest: 1, keepVersions: '2 majors' })).toEqual({
      '1.0.0': 'keep keep-latest',
      '2.0.0': 'keep keep-semver',
      edge: 'delete expired',
    })
  })

  test('a tag of unknown age stays for that, also where places are left', () => {
    const tags = { a: 'A 1d', b: 'B' }
    expect(decided({ tags, manifests }, { tags: '*', keepLatest: 5 })).toEqual({
      a: 'keep keep-latest',
      b: 'keep unknown-age',
    })
  })

  test('no warning of unknown ages where nothing is considered', () => {
    const content = repository({ tags: { a: 'A' }, manifests })
    expect(planPrune(content, policy({ tags: 'x', keepLatest: 1 }), NOW).warnings).toEqual([])
  })

  test.each([
    ['a flavour at the end', '.*-(alpine)', ['1.0.0-alpine', '1.1.0-alpine']],
    ['a service at the start', '(api)[-_.].*', ['api-1.0.0', 'api_1.1.0']],
    ['a number', '([0-9]+).*', ['1.0.0', '1.1.0']],
  ])('versions in a group by %s', (_, keepGroupBy, [older = '', newer = '']) => {
    const content = { tags: { [older]: 'A', [newer]: 'B' }, manifests }
    expect(decided(content, { tags: '*', keepGroupBy, keepVersions: '1 minor' })).toEqual({
      [older]: 'delete expired',
      [newer]: 'keep keep-semver',
    })
  })
})
