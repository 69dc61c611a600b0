import { describe, expect, test } from 'vitest'

import { planPrune } from '../../../src/domain/prune/plan.ts'
import type { PrunePolicy } from '../../../src/domain/prune/policy.ts'
import {
  NOW,
  ago,
  artifact,
  decisions,
  digestOf,
  image,
  index,
  manifestDecisions,
  missing,
  policy,
  repository,
  subjectTag,
  unknown,
  writes,
} from './repository-dsl.ts'
import type { Content } from './repository-dsl.ts'

const plan = (content: Content, rules: PrunePolicy) => planPrune(repository(content), rules, NOW)
const old = { ages: [ago('90d')] }

describe('a referrer that no tag names', () => {
  const base: Content = { tags: { latest: 'L' }, manifests: { L: image(), R: artifact('D', old) } }
  const gone = { ...base, manifests: { ...base.manifests, D: missing } }

  test.each<[string, Content, PrunePolicy, string]>([
    [
      'whose subject was not looked up stays',
      base,
      policy({ deleteUntagged: true, deleteOrphaned: true }),
      'keep referrer-of',
    ],
    [
      'whose subject is gone stays unless orphans go',
      gone,
      policy({ deleteUntagged: true }),
      'keep orphaned',
    ],
    [
      'whose subject is gone goes with the orphans',
      gone,
      policy({ deleteOrphaned: true }),
      'delete orphaned',
    ],
    [
      'whose subject is gone stays within the grace',
      { ...gone, manifests: { ...gone.manifests, R: artifact('D', { ages: [ago('1h')] }) } },
      policy({ deleteOrphaned: true }),
      'keep grace',
    ],
    [
      'whose subject is gone stays where its push time is not known',
      { ...gone, manifests: { ...gone.manifests, R: artifact('D', { ages: [ago('90d', 'config')] }) } },
      policy({ deleteOrphaned: true }),
      'keep unknown-age',
    ],
    [
      'whose subject an index lists follows that index, though it lives elsewhere',
      { ...gone, tags: { latest: 'M' }, manifests: { ...gone.manifests, M: index(['D']) } },
      policy({ deleteOrphaned: true }),
      'keep referrer-of',
    ],
    [
      'that lists nothing but what is gone is no broken image',
      { ...gone, manifests: { ...gone.manifests, R: index(['x'], { ...old, subject: 'D' }), x: missing } },
      policy({ deleteUntagged: true, deleteBroken: 'ghost' }),
      'keep orphaned',
    ],
  ])('%s', (_, content, rules, expected) => {
    expect(manifestDecisions(plan(content, rules), 'R')).toEqual({ R: expected })
  })

  const untagged: Content = {
    tags: { latest: 'L' },
    manifests: { L: image(), A: image(old), R: artifact('A', old) },
  }

  test('goes with its untagged subject, and stays with it', () => {
    const went = plan(untagged, policy({ deleteUntagged: true }))
    expect(manifestDecisions(went, 'A R')).toEqual({ A: 'delete untagged', R: 'delete referrer-of' })
    const stayed = plan(untagged, policy())
    expect(manifestDecisions(stayed, 'A R')).toEqual({ A: 'keep untagged', R: 'keep referrer-of' })
    const blind = { ...untagged, registry: { listsUntagged: false } }
    const orphans = plan(blind, policy({ deleteUntagged: true, deleteOrphaned: true }))
    expect(manifestDecisions(orphans, 'A R')).toEqual({ A: 'keep untagged', R: 'keep referrer-of' })
  })

  test('stays within the grace, though its untagged subject goes', () => {
    const young = { ...untagged.manifests, R: artifact('A', { ages: [ago('1h')] }) }
    const result = plan({ ...untagged, manifests: young }, policy({ deleteUntagged: true }))
    expect(manifestDecisions(result, 'A R')).toEqual({ A: 'delete untagged', R: 'keep grace' })
  })
})

describe('a signature tag whose subject is gone', () => {
  const sig = subjectTag('D', '.sig')
  const att = subjectTag('D', '.att')
  const content: Content = {
    tags: { latest: 'L', [sig]: 'S' },
    manifests: { L: image(), S: image(), D: missing },
  }
  const rules = policy({ deleteOrphaned: true })

  test.each<[string, Content]>([
    [
      'the manifest was pushed',
      { ...content, manifests: { ...content.manifests, S: image({ ages: [ago('1h')] }) } },
    ],
    ['the tag was pushed', { ...content, tags: { latest: 'L', [sig]: 'S 1h' } }],
  ])('stays where %s within the grace', (_, young) => {
    expect(decisions(plan(young, rules))[sig]).toBe('keep grace')
  })

  test('stays where the registry dates tags, and not this one', () => {
    const undated = {
      state: 'resolved',
      digest: digestOf('S'),
      ages: [],
      isUndated: true,
      locked: null,
    } as const
    expect(decisions(plan({ ...content, tags: { latest: 'L', [sig]: undated } }, rules))[sig]).toBe(
      'keep grace',
    )
  })

  test('keeps its manifest for all of its names where one of them stays', () => {
    const both = { ...content, tags: { latest: 'L', [sig]: 'S 90d', [att]: 'S 1h' } }
    const turned = { ...content, tags: { latest: 'L', [att]: 'S 1h', [sig]: 'S 90d' } }
    for (const each of [both, turned]) {
      const result = plan(each, rules)
      expect(manifestDecisions(result, 'S')).toEqual({ S: 'keep grace' })
      expect(decisions(result)).toMatchObject({ [sig]: 'untag grace', [att]: 'keep grace' })
    }
  })

  test('goes together with its twin', () => {
    const twins = { ...content, tags: { latest: 'L', [sig]: 'S 90d', [att]: 'S 90d' } }
    expect(plan(twins, rules).actions).toEqual([
      { kind: 'delete-manifest', digest: digestOf('S'), tags: [sig, att], family: 0 },
    ])
  })

  test('stays where its name is excluded, or what it names was not read', () => {
    const excluded = policy({ exclude: '*.sig', deleteOrphaned: true })
    expect(decisions(plan(content, excluded))[sig]).toBe('keep excluded')
    const { S, ...rest } = content.manifests ?? {}
    expect(S).toBeDefined()
    const unread = plan({ ...content, manifests: { ...rest, S: missing } }, rules)
    expect(decisions(unread)[sig]).toBe('keep undeletable')
    expect(unread.actions).toEqual([])
  })

  test('takes no place of min-keep', () => {
    const tagged = { ...content, tags: { v1: 'L 9d', [sig]: 'S' } }
    expect(decisions(plan(tagged, policy({ tags: 'v1', minKeep: 1 })))).toMatchObject({ v1: 'keep min-keep' })
  })
})

describe('a signature tag whose subject goes', () => {
  const sig = subjectTag('A', '.sig')
  const content: Content = {
    tags: { v1: 'A', latest: 'L', mine: 'S', [sig]: 'S' },
    manifests: { A: image(), L: image(), S: image() },
  }

  test('leaves its manifest where another tag names it', () => {
    const result = plan(content, policy({ tags: 'v1' }))
    expect(decisions(result)).toMatchObject({ [sig]: 'untag shared-digest', mine: 'keep not-considered' })
    expect(writes(result, 'A L S')).toEqual([`untag ${sig}`, 'delete A'])
  })

  test('stays where the subject stays', () => {
    const kept = plan(content, policy({ tags: 'x' }))
    expect(decisions(kept)[sig]).toMatch(/^keep /)
    const mineGoes = plan(content, policy({ tags: 'mine' }))
    expect(decisions(mineGoes)).toMatchObject({ [sig]: 'keep referrer-of', mine: 'untag referrer-of' })
  })
})

test('an untagged manifest that a younger one needs is not counted as a deletion', () => {
  const content = {
    tags: { latest: 'L' },
    manifests: { L: image(), V: image(old), W: index(['V'], { ages: [ago('1h')] }) },
  }
  const result = plan(content, policy({ deleteUntagged: true, maxDeletes: 0 }))
  expect(result.refusals).toEqual([])
  expect(manifestDecisions(result, 'V W')).toEqual({ V: 'keep child-of', W: 'keep grace' })
})

describe('a tag that this action pushed for a trial', () => {
  const probe = 'registry-warden-probe-1f'
  const content: Content = {
    tags: { v1: 'A 9d', [probe]: 'P 1h' },
    manifests: { A: image(), P: image({ isPlaceholder: true }) },
  }

  test('goes, whatever the policy considers, and counts for nothing', () => {
    const result = plan(content, policy({ tags: 'x' }))
    expect(decisions(result)).toEqual({ v1: 'keep not-considered', [probe]: 'delete expired' })
    expect(writes(result, 'A P')).toEqual(['delete P'])
    expect(result.counts).toEqual({ keep: 1, delete: 0, untag: 0, skip: 0 })
    const least = plan(content, policy({ tags: 'v1', minKeep: 1 }))
    expect(decisions(least)).toEqual({ v1: 'keep min-keep', [probe]: 'delete expired' })
  })

  test.each<[string, Content]>([
    [
      'of that name which holds an image',
      { ...content, tags: { v1: 'A', [probe]: 'B' }, manifests: { A: image(), B: image() } },
    ],
    ['of another name', { ...content, tags: { v1: 'P' } }],
  ])('is none %s', (_, other) => {
    const result = plan(other, policy({ tags: 'x' }))
    expect(new Set(Object.values(decisions(result)))).toEqual(new Set(['keep not-considered']))
    expect(result.counts.keep).toBe(Object.keys(other.tags ?? {}).length)
  })

  test('stays where it is excluded', () => {
    expect(decisions(plan(content, policy({ exclude: 'registry-*' })))[probe]).toBe('keep excluded')
  })
})

describe('what is only mentioned', () => {
  test('by a layer that other hosts may store stays with what mentions it', () => {
    const K = image({ mentions: [{ digest: digestOf('A'), isManifest: true }], blobs: { layer: 5 } })
    const content = { tags: { latest: 'K', v1: 'A' }, manifests: { K, A: index(['C']), C: image() } }
    const result = plan(content, policy({ tags: 'v1' }))
    expect(decisions(result)['v1']).toBe('untag child-of')
    expect(manifestDecisions(result, 'A C')).toEqual({ A: 'keep child-of', C: 'keep child-of' })
  })

  test('by an unknown type is not missing from it', () => {
    const content = {
      tags: { latest: 'L', v1: 'U 1d' },
      manifests: { L: image(), U: unknown(['x']), x: missing },
    }
    const result = plan(content, policy({ tags: 'v1', keepLatest: 1, deleteBroken: 'partial' }))
    expect(decisions(result)['v1']).toBe('keep keep-latest')
    expect(result.warnings).toEqual([])
  })
})

describe('what is there of an index', () => {
  const rules = policy({ tags: 'v1', keepLatest: 1, deleteBroken: 'ghost' })
  const broken = (manifests: Content['manifests']): Content => ({
    tags: { latest: 'L', v1: 'M 1d' },
    manifests: { L: image(), gone: missing, ...manifests },
  })

  test.each<[string, Content]>([
    [
      'an unknown type, whatever is missing of what it mentions',
      broken({ M: index(['U']), U: unknown(['gone']) }),
    ],
    ['an empty index', broken({ M: index(['E', 'gone']), E: index([]) })],
    ['an image in an inner index', broken({ M: index(['I', 'gone']), I: index(['A', 'gone']), A: image() })],
  ])('%s', (_, content) => {
    expect(decisions(plan(content, rules))['v1']).toBe('keep keep-latest')
  })

  test('nothing, at any depth', () => {
    const lost = broken({ M: index(['I', 'gone']), I: index(['gone', 'M']) })
    expect(decisions(plan(lost, rules))['v1']).toBe('delete broken')
  })
})

test('a tag whose manifest is not there stays, and hinders nothing', () => {
  const content = { tags: { v1: 'A', v2: 'B' }, manifests: { A: missing, B: image() } }
  const result = plan(content, policy({ tags: 'v*' }))
  expect(decisions(result)).toEqual({ v1: 'keep undeletable', v2: 'delete expired' })
  expect(result.refusals).toEqual([])
})

test('a date ahead keeps nothing where no rule asks for an age', () => {
  const content = { tags: { v1: 'A -1h', latest: 'L' }, manifests: { A: image(), L: image() } }
  expect(decisions(plan(content, policy({ tags: 'v1' })))['v1']).toBe('delete expired')
})

test('a broken index that is locked is skipped', () => {
  const locked = { state: 'resolved', digest: digestOf('M'), ages: [], locked: 'protected tag' } as const
  const content = {
    tags: { latest: 'L', v1: locked, v2: 'N' },
    manifests: {
      L: image(),
      M: index(['x']),
      N: { ...index(['x']), locked: 'immutable' },
      x: missing,
    },
  }
  expect(decisions(plan(content, policy({ tags: 'v*', deleteBroken: 'ghost' })))).toMatchObject({
    v1: 'skip undeletable',
    v2: 'skip undeletable',
  })
})

describe('tags that only look like those of signatures and referrers are image tags', () => {
  const [bare, signed] = [subjectTag('A'), subjectTag('B', '.sig')]

  test.each<[string, string, Content]>([
    ['the name of its own digest', bare, { tags: { [bare]: 'A' }, manifests: { A: image() } }],
    ['the same with a suffix', signed, { tags: { [signed]: 'B' }, manifests: { B: image() } }],
    [
      'an index of which nothing is left',
      bare,
      { tags: { [bare]: 'M' }, manifests: { A: image(), M: index(['x']), x: missing } },
    ],
    [
      'an index that lists blobs only',
      bare,
      { tags: { [bare]: 'M' }, manifests: { A: image(), M: index([], { blobs: { layer: 5 } }) } },
    ],
  ])('%s', (_, tag, content) => {
    const { tags, counts } = plan(
      { ...content, tags: { ...content.tags, latest: 'L' }, manifests: { ...content.manifests, L: image() } },
      policy(),
    )
    expect(tags.find((entry) => entry.tag === tag)).toMatchObject({ role: 'image', subject: null })
    expect(counts.keep).toBe(2)
  })

  test('an empty list is what is left of a list of referrers', () => {
    const content = { tags: { [bare]: 'M', v1: 'A' }, manifests: { A: image(), M: index([]) } }
    expect(plan(content, policy()).tags[0]).toMatchObject({ role: 'referrers', subject: digestOf('A') })
  })
})
