import { describe, expect, test } from 'vitest'

import type { Decider, PrunePlan } from '../../../src/domain/prune/decision.ts'
import { planPrune } from '../../../src/domain/prune/plan.ts'
import type { PrunePolicy } from '../../../src/domain/prune/policy.ts'
import { inputRule, ruleText } from '../../../src/domain/prune/rule.ts'
import {
  NOW,
  ago,
  artifact,
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

function told(decidedBy: Decider | undefined, names: readonly string[]): string {
  if (decidedBy === undefined) return 'nothing'
  if ('rule' in decidedBy) return ruleText(decidedBy.rule)
  if ('tag' in decidedBy) return `tag ${decidedBy.tag}`
  return `digest ${names.find((name) => digestOf(name) === decidedBy.digest) ?? decidedBy.digest}`
}

const NAMES = ['A', 'B', 'C', 'M', 'L', 'S', 'U', 'gone']
const ofTag = (result: PrunePlan, name: string) =>
  told(result.tags.find(({ tag }) => tag === name)?.decidedBy, NAMES)
const ofManifest = (result: PrunePlan, name: string) =>
  told(result.manifests.find(({ digest }) => digest === digestOf(name))?.decidedBy, NAMES)

const two = { A: image(), B: image() }

describe('each decision about a tag says what decided it', () => {
  const sig = subjectTag('A', '.sig')
  const orphan = subjectTag('gone', '.sig')

  test.each<[string, Content, PrunePolicy, string]>([
    ['by no pattern', { tags: { t: 'A' }, manifests: two }, policy(), 'no pattern of tags names it'],
    [
      'excluded',
      { tags: { t: 'A' }, manifests: two },
      policy({ tags: '*', keepLatest: 1, exclude: 'x t*' }),
      'exclude-tags: t*',
    ],
    ['expired', { tags: { t: 'A' }, manifests: two }, policy({ tags: 'x t*' }), 'tags: t*'],
    [
      'expired by age',
      { tags: { t: 'A 90d' }, manifests: two },
      policy({ tags: 't', olderThan: '30d' }),
      'tags: t, older-than: 30 days',
    ],
    [
      'too new',
      { tags: { t: 'A 9d' }, manifests: two },
      policy({ tags: 't', olderThan: '30d' }),
      'older-than: 30 days',
    ],
    [
      'of unknown age',
      { tags: { t: 'A' }, manifests: two },
      policy({ tags: 't', olderThan: '30d', ageSource: 'pulled' }),
      'age-source: pulled',
    ],
    [
      'among the newest',
      { tags: { t: 'A 9d' }, manifests: two },
      policy({ tags: 't', keepLatest: 1 }),
      'keep-latest: 1',
    ],
    [
      'among the newest of a group',
      { tags: { t: 'A 9d' }, manifests: two },
      policy({ tags: 't', keepLatest: 1, keepGroupBy: '(t)' }),
      'keep-latest: 1 in group t',
    ],
    [
      'by version',
      { tags: { '1.0.0': 'A 9d', t: 'A' }, manifests: two },
      policy({ tags: '1* t', keepVersions: '1 minor' }),
      'keep-semver: 1 minor',
    ],
    [
      'for min-keep',
      { tags: { t: 'A 9d' }, manifests: two },
      policy({ tags: 't', minKeep: 1 }),
      'min-keep: 1',
    ],
    [
      'by its digest',
      { tags: { t: 'A' }, manifests: two },
      policy({ tags: 't', protect: ['A'] }),
      'protect-digests',
    ],
    [
      'by a child of it',
      { tags: { t: 'M' }, manifests: { ...two, M: index(['A']) } },
      policy({ tags: 't', protect: ['A'] }),
      'digest A',
    ],
    ['by another tag', { tags: { t: 'A 9d', u: 'A 9d' }, manifests: two }, policy({ tags: 't' }), 'tag u'],
    [
      'by a locked tag',
      {
        tags: { t: 'A 9d', u: { state: 'resolved', digest: digestOf('A'), ages: [], locked: 'ACR lock' } },
        manifests: two,
      },
      policy({ tags: '?' }),
      'tag u',
    ],
    [
      'by the index that lists it',
      { tags: { t: 'A 9d', u: 'M' }, manifests: { ...two, M: index(['A']) } },
      policy({ tags: 't' }),
      'digest M',
    ],
    [
      'locked itself',
      {
        tags: { t: { state: 'resolved', digest: digestOf('A'), ages: [], locked: 'ACR lock' } },
        manifests: two,
      },
      policy({ tags: 't' }),
      'ACR lock',
    ],
    [
      'a locked manifest',
      { tags: { t: 'A' }, manifests: { A: image({ locked: 'immutable' }) } },
      policy({ tags: 't' }),
      'immutable',
    ],
    [
      'an unknown type',
      { tags: { t: 'U' }, manifests: { U: unknown([]) } },
      policy({ tags: 't' }),
      'unknown type application/vnd.future+json',
    ],
    [
      'listed, and not there',
      { tags: { t: { state: 'missing' } }, manifests: two },
      policy({ tags: 't' }),
      'listed, but not found',
    ],
    [
      'not read',
      { tags: { t: { state: 'unreadable', cause: 'HTTP 401' } }, manifests: two },
      policy({ tags: 't' }),
      'HTTP 401',
    ],
    [
      'broken',
      { tags: { t: 'M', u: 'B' }, manifests: { B: image(), M: index(['gone']), gone: missing } },
      policy({ tags: 't', deleteBroken: 'ghost' }),
      'delete-broken: ghost',
    ],
    [
      'a signature of what stays',
      { tags: { t: 'A', [sig]: 'S' }, manifests: { ...two, S: image() } },
      policy(),
      'digest A',
    ],
    [
      'an orphan',
      { tags: { t: 'A', [orphan]: 'S' }, manifests: { ...two, S: image(), gone: missing } },
      policy({ deleteOrphaned: true }),
      'digest gone',
    ],
    [
      'an orphan that stays',
      { tags: { t: 'A', [orphan]: 'S' }, manifests: { ...two, S: image(), gone: missing } },
      policy(),
      'delete-orphaned: false',
    ],
    [
      'an orphan within its grace',
      { tags: { t: 'A', [orphan]: 'S 1h' }, manifests: { ...two, S: image(), gone: missing } },
      policy({ deleteOrphaned: true }),
      'untagged-grace: 1 day',
    ],
    [
      'an orphan where no image is',
      { tags: { [orphan]: 'S' }, manifests: { S: image(), gone: missing } },
      policy({ deleteOrphaned: true }),
      'no image has a tag here, so the images may be in another repository',
    ],
    [
      'a signature of what was not looked up',
      { tags: { t: 'A', [orphan]: 'S' }, manifests: { ...two, S: image() } },
      policy({ deleteOrphaned: true }),
      'digest gone',
    ],
  ])('%s', (_, content, rules, expected) => {
    const tag = Object.keys(content.tags ?? {}).find((name) => name.startsWith('sha256-')) ?? 't'
    const named = expected.includes('keep-semver') ? '1.0.0' : tag
    expect(ofTag(plan(content, rules), named)).toBe(expected)
  })

  test('a tag that may list referrers of what is here', () => {
    const list = subjectTag('A')
    const content = {
      tags: { t: 'A', [list]: 'M' },
      manifests: { ...two, S: artifact('A'), M: index(['S', 'B']) },
    }
    expect(ofTag(plan(content, policy({ tags: '*', keepLatest: 1 })), list)).toBe('digest A')
  })

  test('with the date and the role by which it was judged', () => {
    const content = { tags: { t: 'A 9d', [sig]: 'S 1h', u: 'B' }, manifests: { ...two, S: image() } }
    const { tags } = plan(content, policy())
    expect(tags.map(({ age, role, subject, digest }) => [age, role, subject, digest])).toEqual([
      [ago('9d'), 'image', null, digestOf('A')],
      [ago('1h'), 'signature', digestOf('A'), digestOf('S')],
      [null, 'image', null, digestOf('B')],
    ])
  })
})

describe('each decision about a manifest says what decided it', () => {
  const aged = { ages: [ago('90d')] }

  test.each<[string, Content, PrunePolicy, string, string]>([
    ['by its tag', { tags: { t: 'A' }, manifests: two }, policy(), 'A', 'tag t'],
    [
      'by the first of its tags',
      { tags: { t: 'A', u: 'A' }, manifests: two },
      policy({ tags: '*', keepLatest: 1, exclude: 't u' }),
      'A',
      'tag t',
    ],
    ['by its tag, which goes', { tags: { t: 'A' }, manifests: two }, policy({ tags: 't' }), 'A', 'tag t'],
    ['by a rule', { tags: { t: 'A' }, manifests: two }, policy({ protect: ['A'] }), 'A', 'protect-digests'],
    [
      'by its index',
      { tags: { t: 'M' }, manifests: { ...two, M: index(['A']) } },
      policy({ tags: 't' }),
      'A',
      'digest M',
    ],
    [
      'by its subject',
      { tags: { t: 'A' }, manifests: { ...two, S: artifact('A') } },
      policy(),
      'S',
      'digest A',
    ],
    [
      'by its lock',
      { tags: { t: 'M' }, manifests: { A: image({ locked: 'immutable' }), M: index(['A']) } },
      policy({ tags: 't' }),
      'A',
      'immutable',
    ],
    [
      'by its type',
      { tags: { t: 'M' }, manifests: { U: unknown([]), M: index(['U']) } },
      policy({ tags: 't' }),
      'U',
      'unknown type application/vnd.future+json',
    ],
    [
      'untagged, not asked for',
      { tags: { t: 'L' }, manifests: { L: image(), A: image(aged) } },
      policy(),
      'A',
      'delete-untagged: false',
    ],
    [
      'untagged, not listed',
      { tags: { t: 'L' }, manifests: { L: image(), A: image(aged) }, registry: { listsUntagged: false } },
      policy({ deleteUntagged: true }),
      'A',
      'the registry does not list untagged manifests',
    ],
    [
      'untagged',
      { tags: { t: 'L' }, manifests: { L: image(), A: image(aged) } },
      policy({ deleteUntagged: true }),
      'A',
      'delete-untagged: true',
    ],
    [
      'untagged, of unknown age',
      { tags: { t: 'L' }, manifests: { L: image(), A: image() } },
      policy({ deleteUntagged: true }),
      'A',
      'its push time is not known',
    ],
    [
      'untagged and young',
      { tags: { t: 'L' }, manifests: { L: image(), A: image({ ages: [ago('1h')] }) } },
      policy({ deleteUntagged: true, untaggedGrace: '2h' }),
      'A',
      'untagged-grace: 2 hours',
    ],
    [
      'untagged and broken',
      { tags: { t: 'L' }, manifests: { L: image(), M: index(['gone'], aged), gone: missing } },
      policy({ deleteUntagged: true, deleteBroken: 'ghost' }),
      'M',
      'delete-broken: ghost',
    ],
    ['not read', { tags: { t: 'A' }, manifests: { A: unreadable } }, policy(), 'A', 'HTTP 500'],
  ])('%s', (_, content, rules, name, expected) => {
    expect(ofManifest(plan(content, rules), name)).toBe(expected)
  })

  test('and whether it is what an index lists beside its platform images', () => {
    const M = { ...index(['A', 'B']), platforms: [digestOf('A')] }
    const U = { ...unknown(['A']), platforms: [] }
    const { manifests } = plan({ tags: { t: 'M', u: 'U' }, manifests: { ...two, M, U } }, policy())
    expect(manifests.map(({ isAttestation }) => isAttestation)).toEqual([false, true, false, false])
  })

  test('one that is not there is not decided about', () => {
    const { manifests } = plan({ tags: {}, manifests: { M: index(['gone']), gone: missing } }, policy())
    expect(manifests.map(({ digest }) => digest)).toEqual([digestOf('M')])
  })
})

describe('what closes a repository is the reason for all that would go', () => {
  test('tags, untagged manifests and orphans', () => {
    const orphan = subjectTag('gone', '.sig')
    const content = {
      tags: { t: 'A', latest: 'L', [orphan]: 'S' },
      manifests: {
        A: image(),
        L: image(),
        S: image(),
        gone: missing,
        U: image({ ages: [ago('90d')] }),
      },
      complete: false,
    }
    const rules = policy({ tags: 't', deleteUntagged: true, deleteOrphaned: true })
    const result = plan(content, rules)
    const why = 'the list of tags is incomplete, so nothing is deleted'
    expect([ofTag(result, 't'), ofManifest(result, 'U'), ofManifest(result, 'S')]).toEqual([why, why, why])
    expect(result.tags.map(({ decision }) => decision)).toEqual(['keep', 'keep', 'keep'])
    expect(plan({ ...content, complete: true }, rules).actions).toHaveLength(3)
  })

  test('a registry that deletes nothing refuses untagged manifests as well', () => {
    const content = {
      tags: { latest: 'L' },
      manifests: { L: image(), U: image({ ages: [ago('90d')] }) },
      registry: { deletes: false },
    }
    const result = plan(content, policy({ deleteUntagged: true }))
    expect(result.refusals.map(({ kind }) => kind)).toEqual(['deletes-disabled'])
    expect(ofManifest(result, 'U')).toBe('the registry does not allow deletes, so none is tried')
  })
})

test.each([
  [inputRule('older-than', '30d'), 'older-than: 30d'],
  [inputRule('keep-latest', 3, null), 'keep-latest: 3'],
  [inputRule('keep-latest', 3, ''), 'keep-latest: 3'],
  [inputRule('keep-latest', 3, 'api'), 'keep-latest: 3 in group api'],
  [inputRule('protect-digests', null), 'protect-digests'],
  [
    { kind: 'ref', template: 'pr-{open-pr}', ref: 'pull request 7' } as const,
    'protect-refs: pr-{open-pr}, pull request 7',
  ],
])('%j is told as %s', (rule, expected) => {
  expect(ruleText(rule)).toBe(expected)
})
