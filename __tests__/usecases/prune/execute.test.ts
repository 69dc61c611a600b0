import { describe, expect, test } from 'vitest'
import { fatesOf, pruneWorld, pruneWorlds } from './stage.ts'
import { policy } from '../../domain/prune/repository-dsl.ts'
import { failure, subjectTag, image, index, World } from './world.ts'

/** `v1` is a two-platform image with a signature, `latest` another one that shares a platform. */
function shop(options: ConstructorParameters<typeof World>[2] = {}): World {
  return new World(
    { v1: 'M', latest: 'L', [subjectTag('M')]: 'S' },
    {
      M: index(['A', 'B']),
      L: index(['B', 'C']),
      A: image('A'),
      B: image('B'),
      C: image('C'),
      S: image('S'),
    },
    options,
  )
}

describe('deleting', () => {
  test('goes from the outer index inwards, and leaves what is shared', async () => {
    const world = shop()
    const outcome = await pruneWorld(world, { tags: 'v*' })
    expect(world.writes()).toEqual(['DELETE M', 'DELETE A', 'DELETE S'])
    expect(world.state()).toEqual({ tags: ['latest→L'], manifests: ['B', 'C', 'L'] })
    expect(fatesOf(outcome)).toEqual({
      v1: 'delete done',
      latest: 'keep retained',
      [subjectTag('M')]: 'delete done',
    })
    expect(outcome).toMatchObject({ state: 'done', broken: [], problems: [], tally: { deleted: 1, kept: 1 } })
  })

  test('nested indexes and referrers that only the API tells of go along, parents first', async () => {
    const world = new World(
      { v1: 'I-outer', latest: 'L' },
      {
        'I-outer': index(['I-inner']),
        'I-inner': index(['N']),
        N: image('N'),
        R: image('R', { subject: 'N' }),
        L: image('L'),
      },
      { referrersApi: true },
    )
    await pruneWorld(world, { tags: 'v1' })
    expect(world.writes()).toEqual(['DELETE I-outer', 'DELETE I-inner', 'DELETE N', 'DELETE R'])
  })

  test('a dry run only reads', async () => {
    const world = shop()
    const outcome = await pruneWorld(world, { tags: 'v*' }, { dryRun: true })
    expect(world.requests.filter((line) => !/^(LIST|GET|CONFIG) /.test(line))).toEqual([])
    expect(outcome).toMatchObject({ state: 'planned', broken: null, tally: { deleted: 1 } })
    expect(outcome.reclaimedBytes).toBeGreaterThan(0)
  })

  test('a second run finds nothing to do', async () => {
    const world = shop()
    await pruneWorld(world, { tags: 'v*' })
    world.requests.length = 0
    const outcome = await pruneWorld(world, { tags: 'v*' })
    expect(outcome.tally).toMatchObject({ deleted: 0, kept: 1 })
    expect(world.requests.some((line) => /^(PROBE|DELETE) /.test(line))).toBe(false)
  })

  test.each([
    ['off', 'unsupported'],
    ['denied', 'denied'],
  ] as const)('deletes %s: nothing is written, and the step is red', async (deletes, kind) => {
    const world = shop({ deletes })
    const before = world.state()
    const report = await pruneWorlds([world], policy({ tags: 'v*' }))
    expect(world.writes()).toEqual([])
    expect(world.state()).toEqual(before)
    expect(report.verdict).toBe('fail')
    expect(report.repositories[0]?.problems).toEqual([`simulated ${kind}`])
  })

  test('deletes that are off in one repository are not tried in the next of the same registry', async () => {
    const worlds = [
      shop({ name: 'a/one', deletes: 'off' }),
      shop({ name: 'a/two', deletes: 'off' }),
      shop({ name: 'b/three', origin: 'https://other.example' }),
    ]
    const { repositories } = await pruneWorlds(worlds, policy({ tags: 'v*' }))
    expect(repositories.map(({ state }) => state)).toEqual(['failed', 'failed', 'done'])
    expect(worlds[1]?.requests.filter((line) => /^(PROBE|DELETE|UNTAG) /.test(line))).toEqual([])
  })

  test('a right that is missing in one repository says nothing about the next', async () => {
    const worlds = [shop({ deletes: 'denied' }), shop()]
    const { repositories } = await pruneWorlds(worlds, policy({ tags: 'v*' }))
    expect(repositories.map(({ state }) => state)).toEqual(['failed', 'done'])
  })

  test('what is gone already counts as done', async () => {
    const world = shop()
    world.meanwhile = (line) => {
      if (line === 'DELETE A') world.manifests.delete('A')
    }
    const outcome = await pruneWorld(world, { tags: 'v*' })
    expect(outcome.state).toBe('done')
    expect(outcome.manifests.find(({ digest }) => world.nameOf(digest) === 'A')?.status).toBe('gone')
  })

  test('one failure does not stop the others, but keeps what the survivor needs', async () => {
    const world = new World(
      { v1: 'M', v2: 'N', latest: 'L' },
      { M: index(['A']), N: index(['B']), A: image('A'), B: image('B'), L: image('L') },
    )
    world.fault = (line) => (line === 'DELETE M' ? failure('server') : null)
    const report = await pruneWorlds([world], policy({ tags: 'v*' }))
    expect(world.state()).toEqual({ tags: ['latest→L', 'v1→M'], manifests: ['A', 'L', 'M'] })
    expect(fatesOf(report.repositories[0]!)).toMatchObject({ v1: 'delete failed', v2: 'delete done' })
    expect(report.repositories[0]).toMatchObject({ state: 'failed', tally: { failed: 1, deleted: 1 } })
    expect(report.verdict).toBe('fail')
  })

  test.each(['denied', 'unauthorized'] as const)('%s stops the repository', async (kind) => {
    const tags = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`v${index}`, `M${index}`]))
    const manifests = Object.fromEntries(Object.values(tags).map((name) => [name, image(name)]))
    const world = new World({ ...tags, latest: 'L' }, { ...manifests, L: image('L') })
    world.fault = (line) => (line.startsWith('DELETE ') ? failure(kind) : null)
    const outcome = await pruneWorld(world, { tags: 'v*' })
    // four were on their way
    expect(world.writes().length).toBeLessThanOrEqual(4)
    expect(outcome.state).toBe('failed')
    expect(outcome.tally.pending).toBeGreaterThan(0)
  })

  test('a registry that fails every deletion is not asked 20 times', async () => {
    const tags = Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`v${index}`, `M${index}`]))
    const manifests = Object.fromEntries(Object.values(tags).map((name) => [name, image(name)]))
    const world = new World({ ...tags, latest: 'L' }, { ...manifests, L: image('L') })
    world.fault = (line) => (line.startsWith('DELETE ') ? failure('server') : null)
    const outcome = await pruneWorld(world, { tags: 'v*' })
    expect(world.writes().length).toBeLessThan(10)
    expect(outcome.problems.at(-1)).toMatch(/simulated/)
    expect(outcome.problems).toContainEqual(expect.stringMatching(/^5 deletions in a row failed/))
  })

  test.each([
    ['a rate limit', 'rate-limit', false, 'partial'],
    ['max-duration', 'deadline', true, 'partial'],
    ['a silent server', 'deadline', false, 'fail'],
  ] as const)('%s in the middle of the deletions', async (_, kind, isUp, verdict) => {
    const world = shop()
    world.fault = (line) => (line === 'DELETE A' ? failure(kind) : null)
    const timeIsUp = () => isUp && world.writes().includes('DELETE A')
    const report = await pruneWorlds([world], policy({ tags: 'v*' }), { timeIsUp })
    expect(report.verdict).toBe(verdict)
    expect(report.repositories[0]?.tally).toMatchObject({ deleted: 1, failed: 0 })
    expect(world.state().tags).toContain('latest→L')
  })

  test('max-duration: what was not reached is pending, other repositories are not pruned', async () => {
    const worlds = [shop(), shop()]
    const timeIsUp = () => worlds[0]!.writes().length > 0
    const report = await pruneWorlds(worlds, policy({ tags: 'v*' }), { timeIsUp })
    expect(report.verdict).toBe('partial')
    expect(report.repositories.map(({ state }) => state)).toEqual(['partial', 'partial'])
    expect(worlds[1]!.requests.filter((line) => /^(PROBE|DELETE|UNTAG) /.test(line))).toEqual([])
  })
})
