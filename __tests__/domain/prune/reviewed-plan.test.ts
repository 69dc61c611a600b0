import { describe, expect, test } from 'vitest'

import type { Digest } from '../../../src/domain/names/digest.ts'
import { shortDigest } from '../../../src/domain/names/digest.ts'
import type { PrunePlan } from '../../../src/domain/prune/decision.ts'
import { planPrune } from '../../../src/domain/prune/plan.ts'
import type { PrunePolicy } from '../../../src/domain/prune/policy.ts'
import { narrowToReviewed } from '../../../src/domain/prune/reviewed-plan.ts'
import type { ReviewedRepository } from '../../../src/domain/prune/reviewed-plan.ts'
import {
  NOW,
  ago,
  artifact,
  decisions,
  digestOf,
  image,
  index,
  missing,
  policy,
  repository,
  subjectTag,
  unreadable,
  writes,
} from './repository-dsl.ts'
import type { Content } from './repository-dsl.ts'

/** What a plan file says after such a plan. */
function fileOf({ tags, manifests }: PrunePlan): ReviewedRepository {
  const parents = new Map<Digest, Digest>()
  for (const { digest, decision, reason, decidedBy } of manifests) {
    const goesAlong = decision === 'delete' && (reason === 'child-of' || reason === 'referrer-of')
    if (goesAlong && 'digest' in decidedBy) parents.set(digest, decidedBy.digest)
  }
  return {
    repository: 'registry.example/acme/api',
    tags: new Map(tags.map(({ tag, digest, decision }) => [tag, { digest, decision }])),
    manifests: new Map(manifests.map(({ digest, decision }) => [digest, decision])),
    parents,
  }
}

const review = (content: Content, rules: PrunePolicy) => fileOf(planPrune(repository(content), rules, NOW))
const apply = (content: Content, rules: PrunePolicy, file: ReviewedRepository) =>
  narrowToReviewed(repository(content), rules, file, NOW)

function planned(content: Content, rules: PrunePolicy, file: ReviewedRepository): PrunePlan {
  const narrowed = apply(content, rules, file)
  if (narrowed.kind === 'moved') throw new Error(narrowed.differences.join('\n'))
  return narrowed.plan
}

function refused(content: Content, rules: PrunePolicy, file: ReviewedRepository): readonly string[] {
  const narrowed = apply(content, rules, file)
  return narrowed.kind === 'moved' ? narrowed.differences : []
}

const leftIn = ({ warnings }: PrunePlan) =>
  warnings.filter(({ kind }) => kind === 'left-behind').map(({ subject }) => subject)

const old = policy({ tags: 'pr-*', olderThan: '30d', deleteUntagged: true })
const content: Content = {
  tags: { 'pr-1': 'M 90d', 'pr-2': 'C 2d', latest: 'L' },
  manifests: {
    M: index(['A', 'B']),
    A: image(),
    B: image(),
    C: image(),
    L: image(),
    U: image({ ages: [ago('90d')] }),
  },
}

describe('a reviewed plan', () => {
  test('of the same repository does what was shown, for the reasons that chose it', () => {
    const plan = planned(content, old, review(content, old))
    expect(writes(plan, 'M A B C L U')).toEqual(['delete M', 'delete A', 'delete B', 'delete U'])
    const fresh = planPrune(repository(content), old, NOW)
    expect(plan.tags).toEqual(fresh.tags)
    expect(plan.manifests).toEqual(fresh.manifests)
    expect(plan.warnings).toEqual(fresh.warnings)
  })

  test('leaves a tag alone that is new since, whatever the policy says', () => {
    const file = review(content, old)
    const since = { ...content, tags: { ...content.tags, 'pr-0': 'C 90d', 'pr-9': 'N 90d' } }
    const grown = { ...since, manifests: { ...content.manifests, N: image() } }
    const plan = planned(grown, old, file)
    expect(decisions(plan)).toMatchObject({ 'pr-0': 'keep protected', 'pr-9': 'keep protected' })
    expect(writes(plan, 'M A B C L U N')).toEqual(['delete M', 'delete A', 'delete B', 'delete U'])
  })

  test('takes a tag that went since as done, if it was to go', () => {
    const file = review(content, old)
    const { 'pr-1': gone, ...tags } = content.tags ?? {}
    const { M, A, B, ...manifests } = content.manifests ?? {}
    expect(gone).toBe('M 90d')
    expect([M, A, B]).toHaveLength(3)
    const plan = planned({ tags, manifests }, old, file)
    expect(writes(plan, 'C L U')).toEqual(['delete U'])
    const { latest, ...others } = content.tags ?? {}
    expect(latest).toBe('L')
    expect(refused({ ...content, tags: others }, old, file)).toEqual([
      `latest pointed to ${shortDigest(digestOf('L'))}, now to nothing`,
    ])
  })

  test.each([
    ['that was to go', 'pr-1'],
    ['that was to stay', 'pr-2'],
  ])('is refused where a tag %s points elsewhere by now', (_, tag) => {
    const moved = { ...content, tags: { ...content.tags, [tag]: 'L 90d' } }
    const before = shortDigest(digestOf(tag === 'pr-1' ? 'M' : 'C'))
    expect(refused(moved, old, review(content, old))).toEqual([
      `${tag} pointed to ${before}, now to ${shortDigest(digestOf('L'))}`,
    ])
  })

  test('is refused where a listed tag that named nothing names something by now', () => {
    const ghost = { ...content, tags: { ...content.tags, 'pr-3': { state: 'missing' } as const } }
    const rules = { ...old, deleteBroken: 'ghost' as const }
    const file = review(ghost, rules)
    expect(planned(ghost, rules, file).actions[0]).toEqual({ kind: 'delete-ghost', tag: 'pr-3' })
    const pushed = { ...content, tags: { ...content.tags, 'pr-3': 'L 90d' } }
    expect(refused(pushed, rules, file)).toEqual([
      `pr-3 pointed to nothing, now to ${shortDigest(digestOf('L'))}`,
    ])
  })

  test('leaves an untagged manifest alone that came of age since', () => {
    const young = { ...content.manifests, V: image({ ages: [ago('1h')] }) }
    const file = review({ ...content, manifests: young }, old)
    const aged = { ...content, manifests: { ...content.manifests, V: image({ ages: [ago('90d')] }) } }
    expect(writes(planned(aged, old, file), 'M A B C L U V')).not.toContain('delete V')
    const absent = review(content, old)
    expect(writes(planned(aged, old, absent), 'M A B C L U V')).toEqual([
      'delete M',
      'delete A',
      'delete B',
      'delete U',
    ])
  })

  test('is refused where the policy of this run would keep what the file deletes', () => {
    const kept = policy({ tags: 'pr-*', olderThan: '100d' })
    expect(refused(content, kept, review(content, old))).toEqual([
      'pr-1 was to delete, now the decision is keep (too-new)',
      ...['M', 'A', 'B'].map(
        (name) => `${digestOf(name)} was to be deleted, now the decision is keep ` + reasonOf(name),
      ),
      `${digestOf('U')} was to be deleted, now the decision is keep (untagged)`,
    ])
    function reasonOf(name: string): string {
      return name === 'M' ? '(too-new)' : '(child-of)'
    }
  })

  test('is refused where a new tag holds on to what was to be deleted', () => {
    const since = { ...content, tags: { ...content.tags, prod: 'M' } }
    expect(refused(since, old, review(content, old))).toContain(
      'pr-1 was to delete, now the decision is untag (shared-digest)',
    )
    const child = { ...content, tags: { ...content.tags, prod: 'A' } }
    expect(refused(child, old, review(content, old))).toEqual([
      `${digestOf('A')} was to be deleted, now the decision is keep (not-considered)`,
    ])
  })

  test('that deletes the children of an index without the index is refused', () => {
    const file = review(content, old)
    const [pr1] = file.tags.keys()
    const tampered = {
      ...file,
      tags: new Map([...file.tags].map(([tag, entry]) => [tag, { ...entry, decision: 'keep' as const }])),
      manifests: new Map([...file.manifests, [digestOf('M'), 'keep' as const]]),
    }
    expect(pr1).toBe('pr-1')
    expect(refused(content, old, tampered)).toEqual([
      `${digestOf('A')} was to be deleted, now the decision is keep (child-of)`,
      `${digestOf('B')} was to be deleted, now the decision is keep (child-of)`,
    ])
  })

  test('that deletes an index without a child of it is refused', () => {
    const file = review(content, old)
    const tampered = { ...file, manifests: new Map([...file.manifests, [digestOf('A'), 'keep' as const]]) }
    expect(refused(content, old, tampered)).toEqual([
      'pr-1 was to delete, now the decision is keep (protected)',
      `${digestOf('M')} was to be deleted, now the decision is keep (protected)`,
      `${digestOf('B')} was to be deleted, now the decision is keep (child-of)`,
    ])
  })

  test('removes only the names that it removes', () => {
    const shared = { ...content, tags: { ...content.tags, 'pr-8': 'L 90d' } }
    const file = review(shared, old)
    expect(writes(planned(shared, old, file), 'M A B C L U')[0]).toBe('untag pr-8')
  })

  test.each([
    ['unknown-age', policy({ tags: 'pr-* x', olderThan: '30d', unknownAge: 'fail' })],
    ['group-by', policy({ tags: 'pr-* x', olderThan: '30d', keepLatest: 1, keepGroupBy: '(v).*' })],
  ] as const)('is not carried out where %s speaks against the rules that chose', (kind, rules) => {
    const undated = { ...content, tags: { ...content.tags, x: 'C' } }
    const plan = planned(undated, rules, review(undated, rules))
    expect(plan.refusals.map((refusal) => refusal.kind)).toEqual([kind])
    expect(plan.actions).toEqual([])
  })

  test('keeps to the limits of this run', () => {
    const plan = planned(content, { ...old, maxDeletes: 1 }, review(content, old))
    expect(plan.refusals.map(({ kind }) => kind)).toEqual(['max-deletes'])
    expect(plan.actions).toEqual([])
  })

  test('deletes nothing where something cannot be read', () => {
    const torn = { ...content, manifests: { ...content.manifests, C: unreadable } }
    expect(refused(torn, old, review(content, old))).toContain(
      'pr-1 was to delete, now the decision is keep (undeletable)',
    )
  })
})

describe('a reviewed plan that a run began', () => {
  const rules = policy({ tags: 'pr-*', olderThan: '30d' })
  const blind = { ...content, registry: { listsUntagged: false } }
  const { 'pr-1': before, ...tags } = content.tags ?? {}
  const rest = (manifests: Content['manifests'] = {}): Content => ({
    ...blind,
    tags,
    manifests: { ...content.manifests, M: missing, ...manifests },
  })

  test('leaves the children where the registry does not list untagged manifests, and says so', () => {
    expect(before).toBe('M 90d')
    const plan = planned(rest(), rules, review(blind, rules))
    expect(plan.actions).toEqual([])
    expect(leftIn(plan)).toEqual([digestOf('A'), digestOf('B')])
    expect(plan.warnings.at(-1)?.message).toMatch(/stays: .*; the registry does not list untagged manifests/)
  })

  test('deletes no child whose parent is still there, or was never to go', () => {
    const { parents, ...file } = review(blind, rules)
    expect(parents?.size).toBe(2)
    expect(refused(rest(), rules, file)).toHaveLength(2)
    const untouched: Content = { ...blind, tags, manifests: { ...content.manifests } }
    expect(refused(untouched, rules, review(blind, rules))).toEqual([
      `${digestOf('M')} was to be deleted, now the decision is keep (untagged)`,
      `${digestOf('A')} was to be deleted, now the decision is keep (untagged)`,
      `${digestOf('B')} was to be deleted, now the decision is keep (untagged)`,
    ])
  })

  test.each([false, true])(
    'deletes nothing that only the file says to belong to what is gone (delete-untagged: %s)',
    (deleteUntagged) => {
      const policyOfRun = { ...rules, deleteUntagged }
      const file = review(blind, policyOfRun)
      const never = digestOf('never')
      const claimed = {
        ...file,
        manifests: new Map([
          ...file.manifests,
          [never, 'delete' as const],
          [digestOf('U'), 'delete' as const],
        ]),
        parents: new Map([...(file.parents ?? []), [digestOf('U'), never]]),
      }
      const plan = planned(
        { ...blind, manifests: { ...content.manifests, never: missing } },
        policyOfRun,
        claimed,
      )
      expect(writes(plan, 'M A B C L U')).toEqual(['delete M', 'delete A', 'delete B'])
      expect(leftIn(plan)).toEqual([digestOf('U')])
    },
  )

  test('leaves to the policy the children that the registry lists once they are old enough', () => {
    const untagged = { ...rules, deleteUntagged: true }
    const dated = (date: string) => image({ ages: [ago(date)] })
    const begun = (date: string): Content => ({
      ...rest({ A: dated(date), B: dated('90d') }),
      registry: {},
    })
    const file = review({ ...content, registry: {} }, untagged)
    expect(writes(planned(begun('90d'), untagged, file), 'M A B U')).toEqual([
      'delete A',
      'delete B',
      'delete U',
    ])
    const young = planned(begun('1h'), untagged, file)
    expect(writes(young, 'M A B U')).toEqual(['delete B', 'delete U'])
    expect(young.warnings.at(-1)?.message).toMatch(/; it is younger than untagged-grace$/)
  })

  test('deletes no child that something needs by now', () => {
    const named = rest()
    expect(refused({ ...named, tags: { ...tags, prod: 'A' } }, rules, review(blind, rules))).toEqual([
      `${digestOf('A')} was to be deleted, now the decision is keep (not-considered)`,
    ])
  })

  test('leaves to the policy what the registry lists, and says what stays', () => {
    const plan = planned({ ...rest(), registry: {} }, rules, review(content, rules))
    expect(plan.actions).toEqual([])
    expect(plan.warnings.filter(({ kind }) => kind === 'left-behind').map(({ subject }) => subject)).toEqual([
      digestOf('A'),
      digestOf('B'),
    ])
    expect(plan.warnings.at(-1)?.message).toBe(
      `${digestOf('B')} stays: what it belonged to went in an earlier run; delete-untagged: true lets it go`,
    )
  })

  describe('and whose subject went', () => {
    const sig = subjectTag('A', '.sig')
    const signed: Content = {
      tags: { 'pr-1': 'A 90d', [sig]: 'S', latest: 'L' },
      manifests: { A: image(), S: image(), R: artifact('A', { ages: [ago('90d')] }), L: image() },
    }
    const begun: Content = {
      tags: { [sig]: 'S', latest: 'L' },
      manifests: { ...signed.manifests, A: missing },
    }

    test('leaves its signature and referrers, unless orphans go', () => {
      const file = review(signed, rules)
      const kept = planned(begun, rules, file)
      expect(kept.actions).toEqual([])
      expect(
        kept.warnings
          .filter(({ kind }) => kind === 'left-behind')
          .map(({ subject, message }) => [subject, message.split('; ')[1]]),
      ).toEqual([
        [sig, 'delete-orphaned: true lets it go'],
        [digestOf('S'), 'delete-orphaned: true lets it go'],
        [digestOf('R'), 'delete-orphaned: true lets it go'],
      ])
      const gone = planned(begun, { ...rules, deleteOrphaned: true }, file)
      expect(writes(gone, 'S R L')).toEqual(['delete S', 'delete R'])
    })

    test('is refused where the file did not delete the subject', () => {
      const file = review(signed, rules)
      const kept = { ...file, manifests: new Map([...file.manifests, [digestOf('A'), 'keep' as const]]) }
      expect(refused(begun, rules, kept)).toEqual([
        `${sig} was to delete, now the decision is keep (orphaned)`,
        `${digestOf('S')} was to be deleted, now the decision is keep (orphaned)`,
        `${digestOf('R')} was to be deleted, now the decision is keep (orphaned)`,
      ])
    })

    test('is refused where something else holds the signature by now', () => {
      const file = review(signed, rules)
      const named = { ...begun, tags: { ...begun.tags, mine: 'S' } }
      expect(refused(named, rules, file)).toEqual([
        `${sig} was to delete, now the decision is keep (not-considered)`,
        `${digestOf('S')} was to be deleted, now the decision is keep (not-considered)`,
      ])
    })
  })
})
