import { describe, expect, test } from 'vitest'

import { planPrune } from '../../../src/domain/prune/plan.ts'
import type { PrunePolicy } from '../../../src/domain/prune/policy.ts'
import { inputRule } from '../../../src/domain/prune/rule.ts'
import { parseTag } from '../../../src/domain/names/tag.ts'
import {
  NOW,
  ago,
  decisions,
  digestOf,
  image,
  index,
  missing,
  policy,
  repository,
  subjectTag,
  unknown,
  unreadable,
} from './repository-dsl.ts'
import type { Content } from './repository-dsl.ts'

const plan = (content: Content, rules: PrunePolicy) => planPrune(repository(content), rules, NOW)
const warned = (content: Content, rules: PrunePolicy) =>
  plan(content, rules).warnings.map(({ message }) => message)
const refusals = (content: Content, rules: PrunePolicy) =>
  plan(content, rules).refusals.map(({ message }) => message)

const two = { A: image(), B: image() }
const both: Content = { tags: { v1: 'A 90d', v2: 'B 1d' }, manifests: two }

describe('a plan warns', () => {
  test('of what protects nothing, and of nothing that protects', () => {
    const rules = policy({
      tags: 'x',
      exclude: 'v1 v9',
      protect: ['A', 'U'],
      protectedTags: new Map(
        ['v2', 'v8'].map((tag) => [parseTag(tag, 'test'), inputRule('protect-files', 'k8s.yaml')]),
      ),
    })
    expect(warned(both, rules)).toEqual([
      'exclude-tags: v9 matches no tag',
      'protect-files: k8s.yaml protects the tag v8, which does not exist',
      `protect-digests protects ${digestOf('U')}, which is not in the repository`,
    ])
  })

  test('of untagged manifests that the registry does not list, only where they are asked for', () => {
    const blind = { ...both, registry: { listsUntagged: false } }
    expect(plan(blind, policy({ deleteUntagged: true })).warnings).toMatchObject([
      { kind: 'not-listed', level: 'notice', subject: 'delete-untagged' },
    ])
    expect(warned(blind, policy({ tags: 'x' }))).toEqual([])
    expect(warned(both, policy({ deleteUntagged: true }))).toEqual([])
  })

  test.each<[string, PrunePolicy, boolean, boolean]>([
    ['older-than', policy({ tags: 'x', olderThan: '30d' }), true, true],
    ['keep-latest', policy({ tags: 'x', keepLatest: 1 }), true, true],
    ['no age', policy({ tags: 'x' }), true, false],
    ['build dates', policy({ tags: 'x', olderThan: '30d', ageSource: 'created' }), true, false],
    ['no age, of an incomplete list', policy({ tags: 'x' }), false, true],
  ])(
    'of dates that the registry does not tell, where tags are judged by %s',
    (_, rules, complete, isSaid) => {
      const inventory = { ...repository({ ...both, complete }), doubts: ['no date of 3 tags'] }
      const found = planPrune(inventory, rules, NOW).warnings.filter(({ kind }) => kind === 'not-told')
      expect(found.map(({ message }) => message)).toEqual(isSaid ? ['no date of 3 tags'] : [])
    },
  )

  test('of tags that keep-group-by puts together, where they lose one', () => {
    const tags = { 'api-1': 'A 3d', 'api-2': 'B 2d', x: 'C 2d', y: 'D 1d' }
    const content = { tags, manifests: { ...two, C: image(), D: image() } }
    const rules = { tags: '*', keepGroupBy: '(api)-.*' }
    const message =
      'keep-group-by: (api)-.* does not match 2 of 4 considered tags as a whole, which share one group and lose 1: x'
    expect(warned(content, policy({ ...rules, keepLatest: 1 }))).toContain(message)
    expect(warned(content, policy({ ...rules, keepLatest: 2 }))).toEqual([])
    expect(refusals(content, policy({ ...rules, keepLatest: 1 }))).toEqual([])
    expect(refusals(content, policy({ tags: '*', keepGroupBy: '(web)-.*', keepLatest: 1 }))).toEqual([
      'keep-group-by: (web)-.* matches none of 4 considered tags as a whole (y for one), so all of them would be one group',
    ])
    expect(warned(content, policy({ tags: '*', keepGroupBy: '(web)-.*', keepLatest: 1 }))).toEqual([])
  })

  test('of no version in a group, as the group reads it', () => {
    const tags = { '1.0.0-slim': 'A', '1.1.0-slim': 'B', 'x-slim': 'C' }
    const rules = policy({ tags: '*', keepGroupBy: '.*-(slim)', keepVersions: '1 minor' })
    const content = { tags, manifests: { ...two, C: image() } }
    expect(decisions(plan(content, rules))).toEqual({
      '1.0.0-slim': 'delete expired',
      '1.1.0-slim': 'keep keep-semver',
      'x-slim': 'delete expired',
    })
    expect(warned(content, rules)).toEqual([
      'keep-semver: 1 minor keeps versions only, so these would go: x-slim; name them in exclude-tags if they should stay',
    ])
  })

  test('of dates that lie ahead, where they decide', () => {
    const dates = [ago('-3d'), ago('9d', 'config')]
    const content = {
      tags: { built: 'A', other: 'B 1d', off: 'C 1d' },
      manifests: {
        A: image({ ages: dates }),
        B: image({ ages: [ago('-3d', 'config')] }),
        C: image({ ages: [ago('-4m')] }),
      },
    }
    expect(warned(content, policy({ tags: '*', keepLatest: 1 }))).toEqual([
      'dated more than a day ahead, so of unknown age: built',
    ])
    expect(warned(content, policy({ tags: '*', keepLatest: 1, ageSource: 'created' }))).toEqual([
      'dated more than a day ahead, so of unknown age: other',
    ])
  })

  test('of what is missing of an index, for all its tags, and of no unknown type', () => {
    const names = ['v1', 'v2', 'v3', 'v4', 'v5', 'v6']
    const content = {
      tags: { ...Object.fromEntries(names.map((tag) => [tag, 'M'])), one: 'N', u: 'U', whole: 'W' },
      manifests: {
        A: image(),
        M: index(['A', 'gone', 'lost']),
        N: index(['gone']),
        V: index(['gone', 'A']),
        U: unknown(['gone']),
        W: index(['A']),
        gone: missing,
        lost: missing,
      },
    }
    expect(warned(content, policy({ tags: 'x' }))).toEqual([
      'v1, v2, v3 and 3 more: 2 of 3 manifests are not in the repository',
      'one: 1 of 1 manifest is not in the repository',
      `the untagged index ${digestOf('V').slice(7, 14)}: 1 of 2 manifests are not in the repository`,
    ])
    const ghost = { ...both, tags: { ...both.tags, v3: { state: 'missing' } as const } }
    expect(warned(ghost, policy({ tags: 'x' }))).toEqual(['v3 is listed, but the registry does not find it'])
  })
})

describe('a plan is refused', () => {
  test('naming what could not be read', () => {
    const content: Content = {
      tags: { v1: 'A', v2: 'M', v3: { state: 'unreadable', cause: 'HTTP 401' }, v4: 'nowhere' },
      manifests: { A: image(), M: index(['unseen']), X: unreadable },
    }
    expect(refusals(content, policy({ tags: 'v1' }))).toEqual([
      `v3 (HTTP 401), ${digestOf('X')} (HTTP 500), v4 (its manifest was not read) and 1 more could not be read and may need anything, so nothing is deleted`,
    ])
    const nested = { tags: { v2: 'M' }, manifests: { M: index(['unseen']) } }
    expect(refusals(nested, policy({ tags: 'v2' }))).toEqual([
      `${digestOf('unseen')} (named by an index, not read) could not be read and may need anything, so nothing is deleted`,
    ])
  })

  test('for the tags of unknown age, and for no others', () => {
    const content = { tags: { v1: 'A', v2: 'B 1d', v3: 'C' }, manifests: { ...two, C: image() } }
    const rules = { tags: 'v*', olderThan: '30d', exclude: 'v3' }
    expect(refusals(content, policy({ ...rules, unknownAge: 'fail' }))).toEqual([
      'unknown-age: fail, and no date is known of v1',
    ])
    expect(refusals(content, policy(rules))).toEqual([])
    expect(refusals(both, policy({ ...rules, unknownAge: 'fail' }))).toEqual([])
  })

  test('for more names removed than max-delete-percent, out of all image tags', () => {
    const locked = { state: 'resolved', digest: digestOf('C'), ages: [], locked: 'protected' } as const
    const content = {
      tags: { v1: 'A', v2: 'A', v3: 'B', keep: 'B', held: locked, [subjectTag('B', '.sig')]: 'S' },
      manifests: { ...two, C: image(), S: image() },
    }
    const rules = (maxDeletePercent: number) => policy({ tags: 'v* held', maxDeletePercent })
    expect(plan(content, rules(60)).counts).toEqual({ keep: 1, delete: 2, untag: 1, skip: 1 })
    expect(refusals(content, rules(60))).toEqual([])
    expect(refusals(content, rules(59))).toEqual([
      '3 of 5 tags would go: 60% is more than max-delete-percent: 59',
    ])
    const third = { tags: { v1: 'A', w: 'B', x: 'C' }, manifests: { ...two, C: image() } }
    expect(refusals(third, policy({ tags: 'v1', maxDeletePercent: 30 }))).toEqual([
      '1 of 3 tags would go: 33.3% is more than max-delete-percent: 30',
    ])
  })

  test('for more deletions than max-deletes, what is only protected not counted', () => {
    expect(refusals(both, policy({ tags: 'v1', maxDeletes: 0 }))).toEqual([
      '1 deletion is more than max-deletes: 0',
    ])
    expect(refusals(both, policy({ tags: 'v*', maxDeletes: 1 }))).toEqual([
      '2 deletions are more than max-deletes: 1',
    ])
    const young = image({ ages: [ago('90d')] })
    const held = {
      tags: { v1: 'A' },
      manifests: { A: index(['U']), U: young, V: index(['U'], { ages: [ago('90d')] }) },
    }
    expect(refusals(held, policy({ deleteUntagged: true, maxDeletes: 1 }))).toEqual([])
  })

  test('for a lost storage, only where something would go as broken', () => {
    const lost = { tags: { b: 'G 90d', c: 'G 1d' }, manifests: { G: index(['g1']), g1: missing } }
    expect(refusals(lost, policy({ tags: 'b', olderThan: '30d', deleteBroken: 'ghost' }))).toHaveLength(1)
    expect(refusals(lost, policy({ tags: 'b', olderThan: '30d' }))).toEqual([])
    const partly = { ...lost, manifests: { ...lost.manifests, E: index([]) } }
    expect(refusals(partly, policy({ tags: 'b', deleteBroken: 'ghost' }))).toEqual([])
    const beside = { ...lost, manifests: { ...lost.manifests, U: unknown(['g1']) } }
    expect(refusals(beside, policy({ tags: 'b', deleteBroken: 'ghost' }))).toEqual([])
  })
})
