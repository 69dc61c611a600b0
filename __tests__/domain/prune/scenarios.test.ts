import { describe, expect, test } from 'vitest'

import { inputRule } from '../../../src/domain/prune/rule.ts'
import { planPrune } from '../../../src/domain/prune/plan.ts'
import type { PrunePolicy } from '../../../src/domain/prune/policy.ts'
import {
  NOW,
  ago,
  artifact,
  dated,
  decisions,
  digestOf,
  manifestDecisions,
  subjectTag,
  image,
  index,
  missing,
  policy,
  repository,
  unknown,
  unreadable,
  writes,
} from './repository-dsl.ts'
import type { Content } from './repository-dsl.ts'

const plan = (content: Content, rules: PrunePolicy) => planPrune(repository(content), rules, NOW)
const two = { A: image(), B: image() }

describe('shared digests', () => {
  test('an index goes, its children stay where other tags hold them', () => {
    const content = {
      tags: { v1: 'M', 'v1-amd64': 'A', 'v1-arm64': 'B', latest: 'L' },
      manifests: { ...two, M: index(['A', 'B']), L: image() },
    }
    const result = plan(content, policy({ tags: 'v1' }))
    expect(writes(result, 'M A B L')).toEqual(['delete M'])
    expect(decisions(result)).toEqual({
      v1: 'delete expired',
      'v1-amd64': 'keep not-considered',
      'v1-arm64': 'keep not-considered',
      latest: 'keep excluded',
    })
    expect(manifestDecisions(result, 'M A B')).toEqual({
      M: 'delete expired',
      A: 'keep not-considered',
      B: 'keep not-considered',
    })
  })

  test('the same only by exclusion', () => {
    const content = {
      tags: { v1: 'M', 'v1-amd64': 'A', 'v1-arm64': 'B', latest: 'L' },
      manifests: { ...two, M: index(['A', 'B']), L: image() },
    }
    const rules = policy({ tags: 'v1*', exclude: 'latest v1-*' })
    expect(writes(plan(content, rules), 'M A B L')).toEqual(['delete M'])
  })

  test.each([
    ['yes', 'untag', 'untag', ['untag 1.0-nightly']],
    ['unknown', 'untag', 'untag', ['untag 1.0-nightly']],
    ['no', 'untag', 'skip', []],
    ['yes', 'skip', 'skip', []],
    ['no', 'swap', 'untag', ['untag 1.0-nightly']],
  ] as const)('untag %s, shared-digest %s: %s', (untag, sharedDigest, decision, expected) => {
    const content: Content = {
      tags: { '1.0-nightly': 'D', latest: 'D', stable: 'D' },
      manifests: { D: image() },
      registry: { untag },
    }
    const result = plan(content, policy({ tags: '*-nightly', exclude: 'latest stable', sharedDigest }))
    expect(decisions(result)['1.0-nightly']).toBe(`${decision} shared-digest`)
    expect(result.tags[0]?.decidedBy).toEqual({ tag: 'latest' })
    expect(writes(result, 'D')).toEqual(expected)
    expect(result.reclaimedBytes).toBe(0)
  })

  test('keep counts digests, not tags', () => {
    const content = { tags: { a: 'D 3d', b: 'D 2d', c: 'D 1d' }, manifests: { D: image() } }
    const result = plan(content, policy({ tags: '*', keepLatest: 2 }))
    expect(result.counts).toEqual({ keep: 3, delete: 0, untag: 0, skip: 0 })
    expect(result.actions).toEqual([])
  })

  test('a registry that is known not to delete gets no write at all', () => {
    const content = {
      tags: { v1: 'A', latest: 'B' },
      manifests: two,
      registry: { deletes: false },
    }
    const result = plan(content, policy({ tags: 'v1' }))
    expect(result.refusals.map(({ kind }) => kind)).toEqual(['deletes-disabled'])
    expect(result.actions).toEqual([])
    expect(decisions(result)['v1']).toBe('keep undeletable')
    expect(plan(content, policy({ tags: 'v2' })).refusals).toEqual([])
  })

  test.each([
    ['yes', 'native'],
    ['no', 'swap'],
    ['unknown', 'native-or-swap'],
  ] as const)('untag %s, where swap is allowed: %s, never a delete of the shared digest', (untag, method) => {
    const content: Content = {
      tags: { drop: 'X', keep: 'X' },
      manifests: { X: image() },
      registry: { untag },
    }
    const result = plan(content, policy({ tags: 'drop', sharedDigest: 'swap' }))
    expect(result.actions).toEqual([{ kind: 'untag', tag: 'drop', digest: digestOf('X'), method }])
  })

  test('the newest image keeps both of its tags', () => {
    const content = { tags: { 'sha-1': 'A 1d', main: 'A 1d', 'sha-0': 'B 9d' }, manifests: two }
    const result = plan(content, policy({ tags: 'sha-*', keepLatest: 4 }))
    expect(result.counts.keep).toBe(3)
  })
})

describe('indexes, attestations, referrers', () => {
  test('nothing of a kept index is untagged rubbish', () => {
    const content = {
      tags: { v1: 'M' },
      manifests: {
        M: index(['A', 'B', 'att'], { ages: [ago('90d')] }),
        A: image({ ages: [ago('90d')] }),
        B: image({ ages: [ago('90d')] }),
        att: image({ ages: [ago('90d')] }),
      },
    }
    const result = plan(content, policy({ deleteUntagged: true }))
    expect(result.actions).toEqual([])
    expect(manifestDecisions(result, 'A att')).toEqual({ A: 'keep child-of', att: 'keep child-of' })
  })

  test('an old untagged index goes, the child it shares stays', () => {
    const content = {
      tags: { latest: 'M1' },
      manifests: {
        M0: index(['A', 'C'], { ages: [ago('30d')] }),
        M1: index(['A', 'B'], { ages: [ago('2d')] }),
        A: image({ ages: [ago('30d')] }),
        B: image({ ages: [ago('2d')] }),
        C: image({ ages: [ago('30d')] }),
      },
    }
    const result = plan(content, policy({ deleteUntagged: true }))
    expect(writes(result, 'M0 M1 A B C')).toEqual(['delete M0', 'delete C'])
    expect(manifestDecisions(result, 'M0 A')).toEqual({ M0: 'delete untagged', A: 'keep child-of' })
  })

  test('nested indexes go whole, parents first', () => {
    const content = {
      tags: { v1: 'O', latest: 'L' },
      manifests: { n1: image(), I: index(['n1']), O: index(['I']), L: image() },
    }
    const result = plan(content, policy({ tags: 'v1' }))
    expect(writes(result, 'O I n1 L')).toEqual(['delete O', 'delete I', 'delete n1'])
    expect(manifestDecisions(result, 'I n1')).toEqual({ I: 'delete child-of', n1: 'delete child-of' })
  })

  test('a nested index with a tag of its own stays, with what it needs', () => {
    const content = {
      tags: { v1: 'O', inner: 'I' },
      manifests: { n1: image(), n2: image(), I: index(['n1']), O: index(['I', 'n2']) },
    }
    expect(writes(plan(content, policy({ tags: 'v1' })), 'O I n1 n2')).toEqual(['delete O', 'delete n2'])
  })

  test('the signature of a child of a kept index stays', () => {
    const content = {
      tags: { v1: 'M' },
      manifests: {
        A: image({ ages: [ago('90d')] }),
        M: index(['A'], { ages: [ago('90d')] }),
        R: artifact('A', { ages: [ago('90d')] }),
        RR: artifact('R', { ages: [ago('90d')] }),
      },
    }
    const result = plan(content, policy({ deleteUntagged: true, deleteOrphaned: true }))
    expect(result.actions).toEqual([])
    expect(manifestDecisions(result, 'R RR')).toEqual({ R: 'keep referrer-of', RR: 'keep referrer-of' })
  })

  test('referrers of all kinds go with their subject, after it', () => {
    const content = {
      tags: {
        v1: 'M 9d',
        latest: 'L 1d',
        [subjectTag('M')]: 'F',
        [subjectTag('A', '.sig')]: 'S',
      },
      manifests: {
        A: image(),
        M: index(['A']),
        L: image(),
        F: index(['R']),
        R: artifact('M'),
        S: image(),
      },
    }
    const result = plan(content, policy({ tags: '*', keepLatest: 1, exclude: 'stable' }))
    const order = writes(result, 'M A L F R S')
    expect(order.slice(0, 2)).toEqual(['delete M', 'delete A'])
    expect(new Set(order.slice(2))).toEqual(new Set(['delete F', 'delete R', 'delete S']))
    expect(order.indexOf('delete F')).toBeLessThan(order.indexOf('delete R'))
    expect(decisions(result)[subjectTag('M')]).toBe('delete referrer-of')
    expect(result.counts).toEqual({ keep: 1, delete: 1, untag: 0, skip: 0 })
  })

  test('a tagged referrer stays by its own tag', () => {
    const content = {
      tags: { v1: 'A', sbom: 'R' },
      manifests: { A: image(), R: artifact('A') },
    }
    expect(writes(plan(content, policy({ tags: 'v1' })), 'A R')).toEqual(['delete A'])
  })

  test('signature tags use no keep slot and are never considered', () => {
    const content = {
      tags: {
        a: 'A 3d',
        b: 'B 2d',
        c: 'C 1d',
        [subjectTag('A', '.sig')]: 'SA 1h',
        [subjectTag('B', '.sig')]: 'SB 1h',
        [subjectTag('C', '.sig')]: 'SC 1h',
      },
      manifests: { ...two, C: image(), SA: image(), SB: image(), SC: image() },
    }
    const result = plan(content, policy({ tags: '*', keepLatest: 3 }))
    expect(result.actions).toEqual([])
    expect(result.counts.keep).toBe(3)
    expect(plan(content, policy({ tags: '*', keepLatest: 2 })).counts.delete).toBe(1)
  })

  test.each([
    [false, 'keep orphaned'],
    [true, 'delete orphaned'],
  ])('a signature without subject, delete-orphaned %s', (deleteOrphaned, expected) => {
    const content = {
      tags: { latest: 'L', [subjectTag('D', '.sig')]: 'S' },
      manifests: { L: image(), S: image(), D: missing },
    }
    const result = plan(content, policy({ tags: 'x', deleteOrphaned }))
    expect(decisions(result)[subjectTag('D', '.sig')]).toBe(expected)
  })

  test('what a kept manifest lists as a blob, and is a manifest, stays; what goes takes nothing along so', () => {
    const bundle = (name: string) => image({ kind: 'artifact', blobs: { [name]: 500 } })
    const content = {
      tags: { latest: 'K', 'v-in': 'A', v1: 'B' },
      manifests: {
        K: index(['X'], { blobs: { A: 500 } }),
        X: bundle('U'),
        A: index(['C']),
        C: image(),
        U: image({ ages: [ago('90d')] }),
        B: bundle('W'),
        W: image({ ages: [ago('90d')] }),
      },
    }
    const result = plan(content, policy({ tags: 'v*', deleteUntagged: true }))
    expect(manifestDecisions(result, 'A C U')).toEqual({
      A: 'keep child-of',
      C: 'keep child-of',
      U: 'keep child-of',
    })
    expect(decisions(result)['v-in']).toBe('untag child-of')
    const untouched = plan(content, policy({ tags: 'v1' }))
    expect(writes(untouched, 'B W')).toEqual(['delete B'])
  })

  test('a repository of nothing but signatures keeps them: their images are elsewhere', () => {
    const [signature, attestation] = [subjectTag('D', '.sig'), subjectTag('E', '.att')]
    const content = {
      tags: { [signature]: 'S 90d', [attestation]: 'T 90d' },
      manifests: {
        S: image(),
        T: image(),
        U: artifact('F', { ages: [ago('90d')] }),
        D: missing,
        E: missing,
        F: missing,
      },
    }
    const result = plan(content, policy({ deleteOrphaned: true, deleteUntagged: true }))
    expect(new Set(Object.values(decisions(result)))).toEqual(new Set(['keep orphaned']))
    expect(manifestDecisions(result, 'S T U')).toEqual({
      S: 'keep orphaned',
      T: 'keep orphaned',
      U: 'keep orphaned',
    })
  })

  test('a signature whose subject was not looked up, or is younger than the grace, is not an orphan', () => {
    const sig = subjectTag('D', '.sig')
    const rules = policy({ deleteOrphaned: true })
    const content = { tags: { latest: 'L', [sig]: 'S' }, manifests: { L: image(), S: image() } }
    expect(decisions(plan(content, rules))[sig]).toBe('keep referrer-of')
    const young = {
      tags: { latest: 'L', [sig]: 'S 1h' },
      manifests: { L: image(), S: image(), D: missing },
    }
    expect(decisions(plan(young, rules))[sig]).toBe('keep grace')
  })

  test('the signature of a child that lives elsewhere is not an orphan: it follows the index', () => {
    const sig = subjectTag('foreign', '.sig')
    const content = {
      tags: { v1: 'M', latest: 'L', [sig]: 'S' },
      manifests: { M: index(['foreign']), L: image(), S: image(), foreign: missing },
    }
    const kept = plan(content, policy({ tags: 'x', deleteOrphaned: true }))
    expect(decisions(kept)[sig]).toBe('keep referrer-of')
    const gone = plan(content, policy({ tags: 'v1', deleteOrphaned: true }))
    expect(writes(gone, 'M S')).toEqual(['delete M', 'delete S'])
  })

  test('one signature under two tags loses only the tag whose subject is gone', () => {
    const [orphan, needed] = [subjectTag('D', '.sig'), subjectTag('L', '.sig')]
    const content = {
      tags: { latest: 'L', [orphan]: 'S', [needed]: 'S' },
      manifests: { L: image(), S: image(), D: missing },
    }
    expect(decisions(plan(content, policy({ deleteOrphaned: true })))).toEqual({
      latest: 'keep excluded',
      [orphan]: 'untag referrer-of',
      [needed]: 'keep referrer-of',
    })
  })

  test('an index without its children is reported, and judged like any other tag', () => {
    const content = {
      tags: { v1: 'M', v2: 'N' },
      manifests: { M: index(['A', 'B']), N: index(['A', 'C']), A: missing, B: missing, C: image() },
    }
    const result = plan(content, policy({ tags: 'other' }))
    expect(result.warnings.map(({ kind, message }) => [kind, message])).toEqual([
      ['broken', 'v1: 2 of 2 manifests are not in the repository'],
      ['broken', 'v2: 1 of 2 manifests are not in the repository'],
    ])
    expect(result.actions).toEqual([])
    expect(result.refusals).toEqual([])
  })

  test.each([
    ['a manifest', { tags: { v1: 'A', v2: 'B' }, manifests: { A: image(), B: unreadable } }],
    ['a child', { tags: { v1: 'A', v2: 'M' }, manifests: { A: image(), M: index(['B']), B: unreadable } }],
    ['a child never looked up', { tags: { v1: 'A', v2: 'M' }, manifests: { A: image(), M: index(['B']) } }],
    [
      'a tag',
      {
        tags: { v1: 'A', v2: { state: 'unreadable', cause: 'HTTP 401' } },
        manifests: { A: image() },
      } as const,
    ],
    ['a manifest never looked up', { tags: { v1: 'A', v2: 'B' }, manifests: { A: image() } }],
  ])('%s that cannot be read closes the repository', (_, content) => {
    const result = plan(content, policy({ tags: 'v1' }))
    expect(result.refusals.map(({ kind }) => kind)).toEqual(['unreadable'])
    expect(result.actions).toEqual([])
    expect(decisions(result)['v1']).toBe('keep undeletable')
    expect(manifestDecisions(result, 'A')).toEqual({ A: 'keep undeletable' })
  })

  test('a child of another repository does not keep its index from going', () => {
    const content = {
      tags: { v1: 'M', v2: 'A' },
      manifests: { M: index(['A', 'foreign']), A: image(), foreign: missing },
    }
    expect(writes(plan(content, policy({ tags: 'v1' })), 'M A')).toEqual(['delete M'])
  })

  test('an unknown type stays, with all that it mentions', () => {
    const content = {
      tags: { v1: 'U', v2: 'A', v3: 'B' },
      manifests: { U: unknown(['A', 'some-blob']), ...two },
    }
    const result = plan(content, policy({ tags: '*' }))
    expect(decisions(result)).toEqual({
      v1: 'keep undeletable',
      v2: 'untag child-of',
      v3: 'delete expired',
    })
  })

  test('an unknown type in an index that goes stays behind', () => {
    const content = {
      tags: { v1: 'M', v2: 'A' },
      manifests: { M: index(['U', 'A']), U: unknown(['A']), A: image() },
    }
    const result = plan(content, policy({ tags: '*' }))
    expect(writes(result, 'M U A')).toEqual(['untag v2', 'delete M'])
    expect(manifestDecisions(result, 'U')).toEqual({ U: 'keep undeletable' })
  })

  test('a listed tag that is not found is left alone and hinders nothing', () => {
    const content = {
      tags: { v1: 'A', ghost: { state: 'missing' }, latest: 'B' },
      manifests: two,
    } as const
    const result = plan(content, policy({ tags: '*' }))
    expect(decisions(result)).toMatchObject({ v1: 'delete expired', ghost: 'keep undeletable' })
    expect(result.warnings.map(({ kind }) => kind)).toEqual(['broken'])
  })
})

describe('age and order', () => {
  test.each([
    '0001-01-01T00:00:00Z',
    '1970-01-01T00:00:00Z',
    '1980-01-01T00:00:01Z',
    '1985-10-26T08:15:00Z',
    '2012-12-31T23:59:59Z',
  ])('%s is no date', (iso) => {
    const content = { tags: { v1: 'A' }, manifests: { A: image({ ages: [dated(iso)] }) } }
    const result = plan(content, policy({ tags: '*', olderThan: '30d' }))
    expect(decisions(result)).toEqual({ v1: 'keep unknown-age' })
    expect(result.tags[0]?.age).toBeNull()
  })

  test('epoch dates take no slot and are not deleted by rank', () => {
    const epoch = image({ ages: [dated('1970-01-01T00:00:00Z')] })
    const content = {
      tags: { a: 'A 3d', b: 'B 2d', c: 'C 1d', x: 'X', y: 'Y' },
      manifests: { ...two, C: image(), X: epoch, Y: epoch },
    }
    expect(decisions(plan(content, policy({ tags: '*', keepLatest: 2 })))).toEqual({
      a: 'delete expired',
      b: 'keep keep-latest',
      c: 'keep keep-latest',
      x: 'keep unknown-age',
      y: 'keep unknown-age',
    })
  })

  test('nothing is ranked when no date is known', () => {
    const content = { tags: { '1.0.0': 'A', '1.1.0': 'B' }, manifests: two }
    const result = plan(content, policy({ tags: '*', keepLatest: 1 }))
    expect(result.counts.keep).toBe(2)
    expect(result.warnings.map(({ kind }) => kind)).toEqual(['unknown-age'])
    const failing = plan(content, policy({ tags: '*', keepLatest: 1, unknownAge: 'fail' }))
    expect(failing.refusals.map(({ kind }) => kind)).toEqual(['unknown-age'])
  })

  test('keep-semver needs no dates', () => {
    const content = { tags: { '1.0.0': 'A', '1.1.0': 'B' }, manifests: two }
    expect(decisions(plan(content, policy({ tags: '*', keepVersions: '1 minor' })))).toEqual({
      '1.0.0': 'delete expired',
      '1.1.0': 'keep keep-semver',
    })
  })

  test('dates more than a day ahead are unknown: they stay, take no slot, and are said', () => {
    const ahead = image({ ages: [dated('2099-01-01T00:00:00Z')] })
    const content = {
      tags: { a: 'A 3d', b: 'B 2d', x: 'X', y: 'Y', z: 'Z -2d' },
      manifests: { ...two, X: ahead, Y: ahead, Z: image() },
    }
    const result = plan(content, policy({ tags: '*', keepLatest: 1 }))
    expect(decisions(result)).toEqual({
      a: 'delete expired',
      b: 'keep keep-latest',
      x: 'keep unknown-age',
      y: 'keep unknown-age',
      z: 'keep unknown-age',
    })
    expect(result.warnings.map(({ message }) => message)).toEqual([
      'dated more than a day ahead, so of unknown age: z, y, x',
    ])
  })

  test('where push times are told, no build date stands in for one that is missing', () => {
    const built = image({ ages: [ago('900d', 'config'), ago('900d', 'annotation')] })
    const content = {
      tags: { a: 'A', b: 'B', old: 'C 90d', i: 'I' },
      manifests: { A: built, B: built, C: built, I: index(['A']) },
      tellsPushTimes: true,
    }
    const old = policy({ tags: '*', olderThan: '30d' })
    expect(decisions(plan(content, old))).toEqual({
      a: 'keep unknown-age',
      b: 'keep unknown-age',
      old: 'delete expired',
      i: 'keep unknown-age',
    })
    const created = policy({ tags: '*', olderThan: '30d', ageSource: 'created' })
    expect(plan(content, created).counts).toMatchObject({ delete: 4 })
  })

  test('a tag that is no version goes beside versions, and is said', () => {
    const content = {
      tags: { '1.0.0': 'A', '1.1.0': 'B', nightly: 'C', edge: 'C' },
      manifests: { ...two, C: image() },
    }
    const warned = (tags: string) =>
      plan(content, policy({ tags, keepVersions: '1 minor' })).warnings.map(({ message }) => message)
    expect(warned('*')).toEqual([
      'keep-semver: 1 minor keeps versions only, so these would go: nightly, edge; name them in exclude-tags if they should stay',
    ])
    expect(warned('1* nightly')).toEqual([])
  })

  test('a date ahead is the newest, and said', () => {
    const content = { tags: { a: 'A 1d', b: 'B -20h' }, manifests: two }
    const result = plan(content, policy({ tags: '*', keepLatest: 1 }))
    expect(decisions(result)).toEqual({ a: 'delete expired', b: 'keep keep-latest' })
    expect(result.warnings.map(({ kind }) => kind)).toEqual(['future-date'])
    const old = plan(content, policy({ tags: '*', olderThan: '12h' }))
    expect(decisions(old)['b']).toBe('keep too-new')
  })

  test('one moment for all: the higher version is the newer one, then the later name', () => {
    const names = ['build-9', 'build-10', '1.9.0', '1.10.0', '1.10.0-rc.1']
    const content = {
      tags: Object.fromEntries(names.map((name) => [name, `${name} 5d`])),
      manifests: Object.fromEntries(names.map((name) => [name, image()])),
    }
    const kept = (keepLatest: number) =>
      plan(content, policy({ tags: '*', keepLatest }))
        .tags.filter(({ decision }) => decision === 'keep')
        .map(({ tag }) => tag)
    expect(kept(1)).toEqual(['1.10.0'])
    expect(kept(2)).toEqual(['1.10.0', '1.10.0-rc.1'])
    expect(kept(3)).toEqual(['1.9.0', '1.10.0', '1.10.0-rc.1'])
    expect(kept(4)).toEqual(['build-10', '1.9.0', '1.10.0', '1.10.0-rc.1'])
  })

  test('keep counts in the matching set, after exclusion, before age', () => {
    const tags: Record<string, string> = {}
    for (let n = 1; n <= 30; n += 1) tags[`${n <= 20 ? 'other' : 'pr'}-${n}`] = `D${n} ${100 - n}d`
    const manifests = Object.fromEntries(Object.values(tags).map((text) => [text.split(' ')[0], image()]))
    const rules = policy({ tags: 'pr-*', exclude: 'pr-30', keepLatest: 5, olderThan: '30d' })
    const result = plan({ tags, manifests }, rules)
    const deleted = result.tags.filter(({ decision }) => decision === 'delete').map(({ tag }) => tag)
    expect(deleted).toEqual(['pr-21', 'pr-22', 'pr-23', 'pr-24'])
  })

  test('older-than spares what is exactly as old, and what only the newest tag of a digest shows', () => {
    const content = { tags: { a: 'A 30d', b: 'A 31d', c: 'B 31d' }, manifests: two }
    expect(decisions(plan(content, policy({ tags: '*', olderThan: '30d' })))).toEqual({
      a: 'keep too-new',
      b: 'untag shared-digest',
      c: 'delete expired',
    })
  })

  test('pre-releases never stand in for a release; moving names stay with their line', () => {
    const names = ['2.0.0-rc1', '1.10.0', '1.9.0', '1.9.1_b7', '1.8.3', '1.8', '1.9', '1', 'main']
    const content = {
      tags: Object.fromEntries(names.map((name) => [name, name])),
      manifests: Object.fromEntries(names.map((name) => [name, image()])),
    }
    const result = plan(content, policy({ tags: '*', keepVersions: '2 minors' }))
    const kept = result.tags.filter(({ decision }) => decision === 'keep').map(({ tag }) => tag)
    expect(kept).toEqual(['1', '1.10.0', '1.9.1_b7', '1.9'])
  })
})

describe('listing, races, limits', () => {
  test('an incomplete list deletes nothing', () => {
    const content = { tags: { v1: 'A', latest: 'B' }, manifests: two, complete: false }
    const result = plan(content, policy({ tags: 'v1' }))
    expect(result.refusals.map(({ kind }) => kind)).toEqual(['incomplete-list'])
    expect(decisions(result)['v1']).toBe('keep undeletable')
  })

  test('an empty repository is an empty plan', () => {
    const result = plan({}, policy({ tags: '*', keepLatest: 1, minKeep: 1 }))
    expect(result).toMatchObject({ tags: [], manifests: [], actions: [], refusals: [], reclaimedBytes: 0 })
  })

  test.each([
    ['pushed minutes ago', [ago('2m')], 'keep grace'],
    ['built long ago, pushed minutes ago', [ago('300d', 'config'), ago('2m')], 'keep grace'],
    ['of unknown push time', [ago('300d', 'config')], 'keep unknown-age'],
    ['updated minutes ago', [ago('300d'), ago('2m', 'updated')], 'keep grace'],
    ['old', [ago('25h')], 'delete untagged'],
  ])('untagged, %s', (_, ages, expected) => {
    const content = { tags: { latest: 'L' }, manifests: { L: image(), A: image({ ages }) } }
    expect(manifestDecisions(plan(content, policy({ deleteUntagged: true })), 'A')).toEqual({ A: expected })
  })

  test('what a young untagged index needs is not deleted under its own tag', () => {
    const content = {
      tags: { old: 'A 90d', latest: 'L 1d' },
      manifests: { L: image(), A: image(), M: index(['A'], { ages: [ago('1h')] }) },
    }
    expect(decisions(plan(content, policy({ tags: '*', olderThan: '30d' })))['old']).toBe('untag child-of')
  })

  test('untagged manifests stay where they are not asked for, or cannot be listed', () => {
    const content = { manifests: { A: image({ ages: [ago('90d')] }) } }
    expect(manifestDecisions(plan(content, policy()), 'A')).toEqual({ A: 'keep untagged' })
    const blind = { ...content, registry: { listsUntagged: false } }
    expect(manifestDecisions(plan(blind, policy({ deleteUntagged: true })), 'A')).toEqual({
      A: 'keep untagged',
    })
  })

  test('what the registry has locked is skipped, and holds on to what it needs', () => {
    const content = {
      tags: {
        v1: { state: 'resolved', digest: digestOf('M'), ages: [], locked: 'locked in ACR' },
        v2: 'A',
        v3: 'B',
      },
      manifests: { M: index(['A']), A: image(), B: image({ locked: 'immutable' }) },
    } as const
    expect(decisions(plan(content, policy({ tags: '*' })))).toEqual({
      v1: 'skip undeletable',
      v2: 'untag child-of',
      v3: 'skip undeletable',
    })
  })

  test.each([
    [50, 3, ['max-delete-percent']],
    [50, 2, []],
    [75, 3, []],
    [100, 4, []],
  ])('at most %i percent of four tags, and %i would go', (maxDeletePercent, going, expected) => {
    const names = ['a', 'b', 'c', 'd']
    const content = {
      tags: Object.fromEntries(names.map((name, at) => [name, `${name} ${at < going ? 90 : 1}d`])),
      manifests: Object.fromEntries(names.map((name) => [name, image()])),
    }
    const result = plan(content, policy({ tags: '*', olderThan: '30d', maxDeletePercent }))
    expect(result.refusals.map(({ kind }) => kind)).toEqual(expected)
    expect(result.counts.delete).toBe(going)
    expect(result.actions).toHaveLength(expected.length > 0 ? 0 : going)
  })

  test('max-deletes counts tags and untagged manifests, not what goes along with them', () => {
    const content = {
      tags: { v1: 'M', latest: 'L' },
      manifests: { ...two, M: index(['A', 'B']), L: image(), U: image({ ages: [ago('9d')] }) },
    }
    const rules = (maxDeletes: number) => policy({ tags: 'v1', deleteUntagged: true, maxDeletes })
    expect(plan(content, rules(2)).refusals).toEqual([])
    expect(plan(content, rules(1)).refusals.map(({ kind }) => kind)).toEqual(['max-deletes'])
  })

  test.each([
    [0, []],
    [1, ['c']],
    [2, ['b', 'c']],
    [9, ['a', 'b', 'c']],
  ])('min-keep %i leaves %j', (minKeep, left) => {
    const content = { tags: { a: 'A 3d', b: 'B 2d', c: 'C 1d' }, manifests: { ...two, C: image() } }
    const result = plan(content, policy({ tags: '?', minKeep }))
    expect(result.tags.filter(({ decision }) => decision === 'keep').map(({ tag }) => tag)).toEqual(left)
    expect(result.tags.every(({ decision, reason }) => decision === 'delete' || reason === 'min-keep')).toBe(
      true,
    )
  })

  test('a pinned digest stays with what it needs and with the index that it is pulled through', () => {
    const content = {
      tags: { v1: 'M', v2: 'N', v3: 'D' },
      manifests: {
        ...two,
        C: image(),
        D: image(),
        M: index(['A', 'B']),
        N: index(['B', 'C']),
        SA: artifact('A'),
      },
    }
    const result = plan(content, policy({ tags: '*', protect: ['A', 'D'] }))
    expect(decisions(result)).toEqual({ v1: 'keep protected', v2: 'delete expired', v3: 'keep protected' })
    expect(writes(result, 'M N A B C D SA')).toEqual(['delete N', 'delete C'])
    expect(manifestDecisions(result, 'A M B SA')).toEqual({
      A: 'keep protected',
      M: 'keep protected',
      B: 'keep child-of',
      SA: 'keep referrer-of',
    })
  })

  test('a tag that a checked-out file names stays, with the file as the reason', () => {
    const inventory = repository({ tags: { v1: 'A', v2: 'B' }, manifests: two })
    const [v1] = inventory.tags.keys()
    const rules = policy({
      tags: '*',
      protectedTags: new Map(v1 === undefined ? [] : [[v1, inputRule('protect-files', 'k8s/api.yaml')]]),
    })
    const result = planPrune(inventory, rules, NOW)
    expect(decisions(result)).toEqual({ v1: 'keep protected', v2: 'delete expired' })
    expect(result.tags[0]?.decidedBy).toEqual({ rule: inputRule('protect-files', 'k8s/api.yaml') })
  })

  test('a protection that matches nothing is a warning; the default one is not', () => {
    const content = { tags: { v1: 'A' }, manifests: { A: image() } }
    expect(plan(content, policy({ tags: 'x' })).warnings).toEqual([])
    const warned = plan(content, policy({ tags: 'x', exclude: 'v1 relase-*', protect: ['gone'] })).warnings
    expect(warned.map(({ kind, subject }) => [kind, subject])).toEqual([
      ['pattern-without-match', 'relase-*'],
      ['pattern-without-match', digestOf('gone')],
    ])
  })
})

describe('order of writes', () => {
  const content: Content = {
    tags: { v1: 'O', shared: 'K', latest: 'K' },
    manifests: {
      R: artifact('O'),
      n: image(),
      p: image(),
      I: index(['n']),
      O: index(['p', 'I']),
      K: image(),
    },
  }
  const rules = policy({ tags: 'v1 shared' })

  test('tags that leave their digest, outer index, inner, platform images, referrers', () => {
    const order = writes(plan(content, rules), 'O I n p R K')
    expect(order.slice(0, 2)).toEqual(['untag shared', 'delete O'])
    expect(order.indexOf('delete I')).toBeLessThan(order.indexOf('delete n'))
    expect(order.at(-1)).toBe('delete R')
  })

  test('a registry that wants tags and referrers gone first gets them first', () => {
    const registry = { tagsFirst: true, referrersFirst: true }
    const order = writes(plan({ ...content, registry }, rules), 'O I n p R K')
    expect(order.slice(0, 4)).toEqual(['untag shared', 'delete-tag v1', 'delete R', 'delete O'])
    expect(order.indexOf('delete I')).toBeLessThan(order.indexOf('delete n'))
  })

  test('an index about its own grandchild still goes before what it lists', () => {
    const odd: Content = {
      tags: { v1: 'n' },
      manifests: { n: image(), I: index(['n']), O: index(['I'], { subject: 'n' }) },
    }
    expect(writes(plan(odd, policy({ tags: 'v1' })), 'O I n')).toEqual(['delete O', 'delete I', 'delete n'])
  })

  test('images that have nothing to do with each other are families of their own', () => {
    const many: Content = {
      tags: { a: 'M', b: 'N', c: 'P' },
      manifests: { ...two, C: image(), M: index(['A']), N: index(['B', 'C']), P: index(['C']) },
    }
    const families = plan(many, policy({ tags: '?' })).actions.map((action) =>
      action.kind === 'delete-manifest' ? action.family : -1,
    )
    expect(new Set(families).size).toBe(2)
    expect(families).toEqual([...families].sort((a, b) => a - b))
  })
})

describe('tags that only look like those of signatures and referrers', () => {
  const base = { L: image(), A: image(), R: artifact('L'), X: image(), Y: image() }
  const pinned = subjectTag('gone')

  test.each([
    ['an image by its content hash', pinned, image()],
    ['an image index', pinned, index(['X', 'Y'])],
    ['an index that also holds an image', pinned, index(['R', 'X'])],
    ['a derived image', subjectTag('gone', '.slim'), image()],
    ['a derived image of an image that goes', subjectTag('A', '.slim'), image()],
    ['an image named after one that goes', subjectTag('A'), image()],
    ['a list of referrers of another subject', subjectTag('A'), index(['R'])],
    [
      'a Docker list',
      pinned,
      index([], { mediaType: 'application/vnd.docker.distribution.manifest.list.v2+json' }),
    ],
  ])('%s is an ordinary tag, which no pattern names', (_, tag, manifest) => {
    const content = { tags: { latest: 'L', v1: 'A 9d', [tag]: 'Z 9d' }, manifests: { ...base, Z: manifest } }
    const result = plan(content, policy({ tags: 'v*', deleteOrphaned: true }))
    expect(decisions(result)[tag]).toBe('keep not-considered')
    expect(manifestDecisions(result, 'A Z')).toMatchObject({ A: 'delete expired', Z: 'keep not-considered' })
    expect(result.counts).toMatchObject({ keep: 2, delete: 1 })
  })

  test('a tag that spells out its own digest is ordinary, whatever stands behind it', () => {
    const [bare, signed] = [subjectTag('A'), subjectTag('B', '.sig')]
    const content = {
      tags: { latest: 'L', [bare]: 'A 9d', [signed]: 'B 9d' },
      manifests: { ...base, B: image() },
    }
    const result = plan(content, policy({ tags: 'v*', deleteOrphaned: true }))
    expect(decisions(result)).toMatchObject({
      [bare]: 'keep not-considered',
      [signed]: 'keep not-considered',
    })
  })

  test('an ordinary one goes by a pattern, as any other does', () => {
    const content = { tags: { latest: 'L', [pinned]: 'X 9d' }, manifests: base }
    expect(decisions(plan(content, policy({ tags: 'sha256-*' })))[pinned]).toBe('delete expired')
  })

  test.each([
    ['a list of its referrers', index(['R2'])],
    ['an empty list', index([])],
    ['a list some of which is gone', index(['R2', 'gone'])],
  ])('%s follows its subject', (_, manifest) => {
    const tag = subjectTag('A')
    const manifests = { ...base, R2: artifact('A'), gone: missing, Z: manifest }
    const result = plan({ tags: { latest: 'L', v1: 'A 9d', [tag]: 'Z' }, manifests }, policy({ tags: 'v*' }))
    expect(decisions(result)[tag]).toBe('delete referrer-of')
  })

  test('what lists a referrer among others may be a list of a kept manifest, and stays', () => {
    const tag = subjectTag('A')
    const manifests = { ...base, R2: artifact('A'), R3: image(), Z: index(['R2', 'R3']) }
    const tags = { latest: 'L', prod: 'A 9d', [tag]: 'Z 9d', v1: 'R3 9d' }
    const kept = plan({ tags, manifests }, policy({ tags: '*', exclude: 'latest prod' }))
    expect(decisions(kept)).toMatchObject({
      [tag]: 'keep referrer-of',
      prod: 'keep excluded',
      v1: 'untag child-of',
    })
    // no list of anything that is here: an image as any other
    const alone = { tags: { latest: 'L', [tag]: 'Z 9d' }, manifests: { ...manifests, A: missing } }
    expect(decisions(plan(alone, policy({ tags: '*' })))[tag]).toBe('delete expired')
  })
})

describe('delete-broken', () => {
  const content = {
    tags: { latest: 'L', ghost: 'G 1d', nested: 'N 1d', part: 'P 1d', whole: 'W 1d', kept: 'G 1d' },
    manifests: {
      L: image(),
      W: index(['L']),
      G: index(['g1', 'g2']),
      N: index(['G']),
      P: index(['L', 'g1']),
      g1: missing,
      g2: missing,
    },
  }
  const rules = { tags: 'ghost nested part whole', keepLatest: 9, olderThan: '30d' }

  test.each([
    [false, {}],
    ['ghost', { nested: 'delete broken', ghost: 'untag shared-digest' }],
    ['partial', { nested: 'delete broken', ghost: 'untag shared-digest', part: 'delete broken' }],
  ] as const)('%s, whatever age and rank say', (deleteBroken, going) => {
    const result = plan(content, policy({ ...rules, deleteBroken }))
    const gone = Object.entries(decisions(result)).filter(([, decision]) => !decision.startsWith('keep'))
    expect(Object.fromEntries(gone)).toEqual(going)
    expect(manifestDecisions(result, 'L')['L']).toMatch(/^keep/)
  })

  test('takes no slot, and exclude, protect and min-keep hold', () => {
    const { L, W, G, g1, g2 } = content.manifests
    const two = { tags: { a: 'W 3d', b: 'G 1d' }, manifests: { L, W, G, g1, g2 } }
    const slot = plan(two, policy({ tags: '*', keepLatest: 1, deleteBroken: 'ghost' }))
    expect(decisions(slot)).toEqual({ a: 'keep keep-latest', b: 'delete broken' })
    const held = policy({ tags: '*', keepLatest: 1, exclude: 'b', deleteBroken: 'ghost' })
    expect(decisions(plan(two, held))['b']).toBe('keep excluded')
    const pinned = policy({ tags: '*', keepLatest: 1, protect: ['G'], deleteBroken: 'ghost' })
    expect(decisions(plan(two, pinned))['b']).toBe('keep protected')
    const least = policy({ tags: '*', keepLatest: 1, minKeep: 2, deleteBroken: 'ghost' })
    expect(decisions(plan(two, least))['b']).toBe('keep min-keep')
  })

  test('a listed tag that names nothing goes too, only where it is considered and allowed', () => {
    const gone = { state: 'missing' } as const
    const { L } = content.manifests
    const ghosts = { tags: { latest: 'L', v1: gone, v2: gone, pinned: gone, other: gone }, manifests: { L } }
    const rules = { tags: 'v* pinned', keepLatest: 9, exclude: 'pinned', maxDeletePercent: 50 }
    const kept = plan(ghosts, policy(rules))
    expect(kept.counts).toEqual({ keep: 5, delete: 0, untag: 0, skip: 0 })
    const result = plan(ghosts, policy({ ...rules, deleteBroken: 'ghost' }))
    expect(decisions(result)).toMatchObject({
      v1: 'delete broken',
      v2: 'delete broken',
      pinned: 'keep undeletable',
      other: 'keep undeletable',
    })
    expect(result.actions).toEqual([
      { kind: 'delete-ghost', tag: 'v1' },
      { kind: 'delete-ghost', tag: 'v2' },
    ])
    const least = plan(ghosts, policy({ ...rules, minKeep: 2, deleteBroken: 'ghost' }))
    expect(decisions(least)).toMatchObject({ v1: 'keep min-keep', v2: 'delete broken' })
    const broken = plan(ghosts, policy({ ...rules, maxDeletes: 1, deleteBroken: 'ghost' }))
    expect(broken.refusals.map(({ kind }) => kind)).toEqual(['max-deletes'])
  })

  test('an untagged index of which nothing is left goes with delete-untagged, unless it is young', () => {
    const { L, g1, g2 } = content.manifests
    const young = { ...index(['g2', 'g1']), ages: [{ at: NOW, source: 'pushed' as const }] }
    const untagged = { tags: { latest: 'L' }, manifests: { L, G: index(['g1']), Y: young, g1, g2 } }
    const asked = { tags: 'v*', deleteBroken: 'ghost' } as const
    const result = plan(untagged, policy({ ...asked, deleteUntagged: true }))
    expect(manifestDecisions(result, 'G Y')).toEqual({ G: 'delete broken', Y: 'keep grace' })
    expect(manifestDecisions(plan(untagged, policy(asked)), 'G')['G']).toMatch(/^keep/)
    const lost = { tags: {}, manifests: { G: index(['g1']), g1 } }
    const refused = plan(lost, policy({ ...asked, deleteUntagged: true }))
    expect(refused.refusals.map(({ kind }) => kind)).toEqual(['nothing-left'])
  })

  test('is refused where no image is left at all', () => {
    const lost = { tags: { b: 'G 1d' }, manifests: { G: index(['g1']), g1: missing } }
    const result = plan(lost, policy({ tags: '*', keepLatest: 1, deleteBroken: 'ghost' }))
    expect(result.refusals.map(({ kind }) => kind)).toEqual(['nothing-left'])
    expect(result.actions).toEqual([])
  })
})
