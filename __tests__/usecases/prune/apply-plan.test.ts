import { describe, expect, test } from 'vitest'
import type { RepositoryOutcome } from '../../../src/domain/prune/outcome.ts'
import type { ReviewedRepository } from '../../../src/domain/prune/reviewed-plan.ts'
import { pruneJson } from '../../../src/report/prune/json.ts'
import { parsePlanFile } from '../../../src/wire/plan-file.ts'
import { policy } from '../../domain/prune/repository-dsl.ts'
import { digestOf } from '../../support/fake-reader.ts'
import { pruneWorlds } from './stage.ts'
import { subjectTag, image, index, World } from './world.ts'

const rules = { tags: 'v*', exclude: 'latest v1-amd64' }

function shop(): World {
  return new World(
    { v1: 'M', 'v1-amd64': 'A', v2: 'N', v3: 'L', latest: 'L', [subjectTag('M')]: 'S' },
    {
      M: index(['A', 'B']),
      A: image('A'),
      B: image('B'),
      N: image('N'),
      L: image('L'),
      S: image('S'),
    },
  )
}

/** What a reviewer gets to see, as the file holds it. */
async function reviewedPlan(world: World, policyText: Parameters<typeof policy>[0] = rules) {
  const report = await pruneWorlds([world], policy(policyText), { dryRun: true })
  return parsePlanFile(Buffer.from(JSON.stringify(pruneJson(report))))
}

async function apply(
  world: World,
  reviewed: readonly ReviewedRepository[],
  policyText: Parameters<typeof policy>[0] = rules,
): Promise<RepositoryOutcome> {
  world.requests.length = 0
  const report = await pruneWorlds([world], policy(policyText), { reviewed })
  const [outcome] = report.repositories
  if (outcome === undefined) throw new Error('nothing was applied')
  expect(report.verdict === 'fail').toBe(outcome.state === 'refused' || outcome.state === 'failed')
  return outcome
}

const DONE = { tags: ['latest→L', 'v1-amd64→A'], manifests: ['A', 'L'] }

describe('a reviewed plan', () => {
  test('is carried out as it was shown', async () => {
    const world = shop()
    const outcome = await apply(world, await reviewedPlan(world))
    expect(outcome.state).toBe('done')
    expect(world.state()).toEqual(DONE)
    expect(outcome.tags.find(({ tag }) => tag === 'v1')).toMatchObject({
      reason: 'expired',
      decidedBy: { rule: { kind: 'expired', pattern: 'v*', olderThan: null } },
    })
  })

  test('a plan that was begun is completed', async () => {
    const world = shop()
    const reviewed = await reviewedPlan(world)
    world.manifests.delete('N')
    world.tags.delete('v2')
    expect((await apply(world, reviewed)).state).toBe('done')
    expect(world.state()).toEqual(DONE)
  })

  test('what an interrupted run left below an index that is gone stays, is named, and the rest goes', async () => {
    const world = shop()
    world.manifests.delete('S')
    world.tags.delete(subjectTag('M'))
    const reviewed = await reviewedPlan(world)
    world.manifests.delete('M')
    world.tags.delete('v1')
    const outcome = await apply(world, reviewed)
    expect(outcome.state).toBe('done')
    expect(world.state()).toEqual({ ...DONE, manifests: ['A', 'B', 'L'] })
    expect(outcome.warnings.map(({ message }) => message).join()).toMatch(
      `${digestOf('B')} stays: what it belonged to went in an earlier run; the registry does not list untagged`,
    )
  })

  test('a signature whose image an interrupted run deleted stays, unless orphans go, and the rest is done', async () => {
    const world = shop()
    const reviewed = await reviewedPlan(world)
    world.manifests.delete('M')
    world.tags.delete('v1')
    const outcome = await apply(world, reviewed)
    expect(outcome).toMatchObject({ state: 'done', problems: [] })
    expect(outcome.warnings.map(({ message }) => message).join()).toMatch(
      /sha256-\S+\.sig stays: .* delete-orphaned: true lets it go/,
    )
    const sig = `${subjectTag('M')}→S`
    expect(world.state()).toEqual({
      tags: [...DONE.tags, sig].sort(),
      manifests: [...DONE.manifests, 'B', 'S'].sort(),
    })
    expect((await apply(world, reviewed, { ...rules, deleteOrphaned: true })).state).toBe('done')
    expect(world.state()).toEqual({ ...DONE, manifests: ['A', 'B', 'L'] })
  })

  test('a signature that stayed an orphan from before goes by no file', async () => {
    const world = shop()
    const reviewed = await reviewedPlan(world)
    world.push('O', image('O'), subjectTag('never'))
    const tampered = reviewed.map((each) =>
      Object.assign({}, each, {
        tags: new Map([
          ...each.tags,
          [subjectTag('never'), { digest: digestOf('O'), decision: 'delete' as const }],
        ]),
        manifests: new Map([...each.manifests, [digestOf('O'), 'delete' as const]]),
      }),
    )
    expect((await apply(world, tampered)).state).toBe('refused')
    expect(world.writes()).toEqual([])
    const withSubject = tampered.map((each) =>
      Object.assign({}, each, {
        manifests: new Map([...each.manifests, [digestOf('never'), 'delete' as const]]),
      }),
    )
    await apply(world, withSubject)
    expect(world.state().manifests).toContain('O')
  })

  test('but not what a tag names by now, or something that stays needs, whatever the file says', async () => {
    const world = shop()
    const reviewed = await reviewedPlan(world)
    world.manifests.delete('M')
    world.tags.delete('v1')
    world.push('X', index(['B']), 'release')
    expect((await apply(world, reviewed)).state).toBe('refused')
    expect(world.state().manifests).toEqual(expect.arrayContaining(['B', 'X']))
    const other = shop()
    const parents = new Map([[digestOf('L'), digestOf('never')]])
    const manifests = new Map([[digestOf('L'), 'delete' as const]])
    const tampered = (await reviewedPlan(other)).map((each) =>
      Object.assign({}, each, { parents, manifests }),
    )
    await apply(other, tampered)
    expect(other.writes()).toEqual([])
  })

  test('nor what only the file says was part of something that is gone', async () => {
    const world = shop()
    world.push('X', image('X'))
    const never = digestOf('never')
    const tampered = (await reviewedPlan(world)).map((each) =>
      Object.assign({}, each, {
        parents: new Map([...(each.parents ?? []), [digestOf('X'), never]]),
        manifests: new Map([...each.manifests, [digestOf('X'), 'delete'], [never, 'delete']]),
      }),
    )
    const outcome = await apply(world, tampered)
    expect(world.state().manifests).toContain('X')
    expect(outcome.warnings.map(({ message }) => message).join()).toMatch(/stays: what it belonged to went/)
  })

  test('a tag that is new since stays, also where the policy would delete it', async () => {
    const world = shop()
    const reviewed = await reviewedPlan(world)
    world.push('V9', image('V9'), 'v9')
    expect((await apply(world, reviewed)).state).toBe('done')
    expect(world.state().tags).toEqual([...DONE.tags, 'v9→V9'].sort())
  })

  test.each<[string, (world: World) => void]>([
    ['a tag that goes was moved', (world) => world.push('N2', image('N2'), 'v2')],
    ['a tag that stays was moved', (world) => world.push('L2', image('L2'), 'latest')],
    ['a tag that stays is gone', (world) => world.tags.delete('v1-amd64')],
    ['a new tag shares a manifest that goes', (world) => world.tags.set('release', 'N')],
    ['a new tag of the policy shares a manifest that goes', (world) => world.tags.set('v2.0', 'N')],
    ['a new index needs an image that goes', (world) => world.push('X', index(['B']), 'release')],
  ])('nothing is written when %s', async (_, happen) => {
    const world = shop()
    const reviewed = await reviewedPlan(world)
    happen(world)
    const before = world.state()
    const outcome = await apply(world, reviewed)
    expect(outcome.state).toBe('refused')
    expect(outcome.problems).toEqual([
      expect.stringMatching(
        /^since the plan was made, .*\. Make a new plan, or give both runs the same inputs$/,
      ),
    ])
    expect(world.writes()).toEqual([])
    expect(world.state()).toEqual(before)
  })

  test('cannot do what the policy of this run would not', async () => {
    const world = shop()
    const reviewed = await reviewedPlan(world, { tags: 'v1 v1-amd64', exclude: 'latest' })
    const outcome = await apply(world, reviewed)
    expect(outcome.state).toBe('refused')
    expect(world.writes()).toEqual([])
  })

  const tamper = (
    [repository]: readonly ReviewedRepository[],
    change: (tags: Map<string, unknown>, manifests: Map<string, unknown>) => void,
  ): ReviewedRepository[] => {
    if (repository === undefined) throw new Error('no plan')
    const tags = new Map(repository.tags)
    const manifests = new Map(repository.manifests)
    change(tags, manifests)
    return [{ ...repository, tags, manifests }]
  }

  test.each<[string, Parameters<typeof tamper>[1]]>([
    ['deletes a kept tag', (tags) => tags.set('latest', { digest: digestOf('L'), decision: 'delete' })],
    ['untags a kept tag', (tags) => tags.set('latest', { digest: digestOf('L'), decision: 'untag' })],
    ['deletes a kept manifest', (_, manifests) => manifests.set(digestOf('A'), 'delete')],
    ['deletes a child and keeps its index', (_, manifests) => manifests.set(digestOf('M'), 'keep')],
    ['deletes a tag and leaves its manifest out', (_, manifests) => manifests.delete(digestOf('N'))],
  ])('that was changed so that it %s is refused', async (_, change) => {
    const world = shop()
    const outcome = await apply(world, tamper(await reviewedPlan(world), change))
    expect(outcome.state).toBe('refused')
    expect(world.writes()).toEqual([])
  })

  test('that a reviewer made smaller is carried out as far as it goes', async () => {
    const world = shop()
    const smaller = tamper(await reviewedPlan(world), (tags, manifests) => {
      tags.set('v2', { digest: digestOf('N'), decision: 'keep' })
      manifests.set(digestOf('N'), 'keep')
    })
    const outcome = await apply(world, smaller)
    expect(outcome.state).toBe('done')
    expect(world.state()).toEqual({ tags: [...DONE.tags, 'v2→N'], manifests: ['A', 'L', 'N'] })
    expect(outcome.tags.find(({ tag }) => tag === 'v2')).toMatchObject({
      decision: 'keep',
      reason: 'protected',
      decidedBy: { rule: { kind: 'input', input: 'apply-plan' } },
    })
  })

  test('repositories that it does not name are left alone', async () => {
    const worlds = [shop(), new World({ v1: 'M' }, { M: image('M') }, { name: 'registry.example/other' })]
    const reviewed = await reviewedPlan(worlds[0]!)
    const report = await pruneWorlds(worlds, policy(rules), { reviewed })
    expect(report.repositories.map(({ repository }) => repository)).toEqual([worlds[0]!.target.name])
    expect(worlds[1]!.requests).toEqual([])
  })
})
