import { describe, expect, test } from 'vitest'
import { asTimestamp } from '../../../src/domain/quantities/timestamp.ts'
import { NOW, policy } from '../../domain/prune/repository-dsl.ts'
import { digestOf } from '../../support/fake-reader.ts'
import { fatesOf, pruneWorld, pruneWorlds } from './stage.ts'
import { failure, image, index, World } from './world.ts'

const rules = { tags: 'v*' }

describe('a registry that deletes more or less than it says', () => {
  test('nothing is counted as deleted where the answer is empty words, and the first one is the last', async () => {
    for (const validate of [true, false]) {
      const world = new World(
        { v1: 'M', v2: 'N', latest: 'L' },
        { M: image('M'), N: image('N'), L: image('L') },
        { quirk: 'does-nothing' },
      )
      const outcome = await pruneWorld(world, rules, { validate })
      expect(world.writes()).toEqual(['DELETE M'])
      expect(outcome).toMatchObject({ state: 'failed', tally: { deleted: 0 }, reclaimedBytes: 0 })
      expect(outcome.problems.join()).toMatch(/said that it deleted sha256:\S+, and still has it/)
    }
  })

  test('what is said to be deleted later on, and is still there, is not counted either', async () => {
    const world = new World(
      { v1: 'M', v2: 'N', latest: 'L' },
      { M: image('M'), N: image('N'), L: image('L') },
    )
    world.answer = (line) => (line === 'DELETE N' ? { kind: 'done', error: null } : null)
    const outcome = await pruneWorld(world, rules)
    expect(fatesOf(outcome)).toMatchObject({ v1: 'delete done', v2: 'delete failed' })
    expect(outcome).toMatchObject({ state: 'failed', tally: { deleted: 1, failed: 1 } })
  })

  test('platform images that go with an index are put back where another index needs them', async () => {
    for (const validate of [true, false]) {
      const world = new World(
        { v1: 'M', v2: 'N', stable: 'K', latest: 'L' },
        {
          M: index(['A', 'B']),
          K: index(['A', 'C']),
          N: index(['C', 'D']),
          L: index(['D']),
          A: image('A'),
          B: image('B'),
          C: image('C'),
          D: image('D'),
        },
        { quirk: 'cascades' },
      )
      const outcome = await pruneWorld(world, rules, { validate })
      expect(world.writes()).toEqual(['DELETE M', 'PUT A'])
      expect(world.state().manifests).toEqual(expect.arrayContaining(['A', 'C', 'D', 'K', 'L']))
      expect(outcome.state).toBe('failed')
      expect(outcome.problems.join()).toMatch(/along with it, which others need: .*it was put back/)
    }
  })

  test.each([true, false])(
    'what goes along seconds later is seen as well (validate: %s)',
    async (validate) => {
      const shared = new World(
        { 'v1-pr': 'M', prod: 'M', 'v2-pr': 'N', stable: 'N' },
        { M: image('M'), N: image('N') },
      )
      let late: string[] = []
      shared.meanwhile = (line) => {
        const tag = line.startsWith('UNTAG ') ? line.slice(6) : ''
        const name = shared.tags.get(tag)
        if (name !== undefined) late.push(name)
      }
      const finish = () => {
        for (const name of late) {
          shared.manifests.delete(name)
          for (const [tag, target] of shared.tags) if (target === name) shared.tags.delete(tag)
        }
        late = []
      }
      await pruneWorld(shared, rules, { validate, onWait: finish })
      finish()
      expect([...shared.tags.keys()]).toEqual(expect.arrayContaining(['prod', 'stable']))

      const cascading = new World(
        { v1: 'M', v2: 'N', stable: 'K', latest: 'L' },
        { M: index(['A']), K: index(['A']), N: index(['D']), L: index(['D']), A: image('A'), D: image('D') },
      )
      cascading.meanwhile = (line) => {
        if (line === 'DELETE M') late.push('A')
        if (line === 'DELETE N') late.push('D')
      }
      const outcome = await pruneWorld(cascading, rules, { validate, onWait: finishChildren })
      function finishChildren() {
        for (const name of late.splice(0)) cascading.manifests.delete(name)
      }
      finishChildren()
      expect(cascading.state().manifests).toEqual(expect.arrayContaining(['A', 'D']))
      expect(outcome.state).toBe('failed')
    },
  )

  test.each([true, false])(
    'what an untag takes along below the digest stops it (validate: %s)',
    async (validate) => {
      const world = new World(
        { 'v1-pr': 'M', prod: 'M', 'v2-pr': 'N', stable: 'N' },
        { M: index(['A']), N: index(['B']), A: image('A'), B: image('B') },
      )
      world.spoil = (outcome) => {
        for (const [tag, child] of [
          ['v1-pr', 'A'],
          ['v2-pr', 'B'],
        ] as const)
          if (!world.tags.has(tag)) world.manifests.delete(child)
        return outcome
      }
      const outcome = await pruneWorld(world, rules, { validate })
      expect(world.state().manifests).toEqual(expect.arrayContaining(['A', 'B']))
      expect(world.state().tags).toContain('v2-pr→N')
      expect(outcome.state).toBe('failed')
    },
  )

  test('a tag that outlives its digest goes by name, and is counted only then', async () => {
    const world = new World(
      { v1: 'M', v2: 'N', latest: 'L' },
      { M: image('M'), N: image('N'), L: image('L') },
      { quirk: 'keeps-tags' },
    )
    const outcome = await pruneWorld(world, rules)
    expect(world.writes()).toEqual(['DELETE M', 'UNTAG v1', 'DELETE N', 'UNTAG v2'])
    expect(world.state()).toEqual({ tags: ['latest→L'], manifests: ['L'] })
    expect(outcome).toMatchObject({ state: 'done', tally: { deleted: 2 } })
  })

  test('so does one that an earlier run left behind', async () => {
    const world = new World(
      { v1: 'M', latest: 'L' },
      { M: image('M'), L: image('L') },
      { quirk: 'keeps-tags' },
    )
    world.answer = (line) => (line === 'UNTAG v1' ? { kind: 'failed', error: failure('server') } : null)
    expect((await pruneWorld(world, rules)).state).toBe('failed')
    world.answer = () => null
    expect((await pruneWorld(world, rules)).state).toBe('done')
    expect(world.state().tags).toEqual(['latest→L'])
  })

  test('one store behind several repositories: what another one keeps is put back there', async () => {
    const shared = { M: image('M'), L: image('L') }
    const one = new World({ v1: 'M', latest: 'L' }, shared, { name: 'registry.example/one' })
    const two = new World({ prod: 'M' }, shared, { name: 'registry.example/two' })
    one.meanwhile = (line) => {
      if (line === 'HEAD M' && one.writes().length === 1 && two.writes().length === 0) {
        two.manifests.delete('M')
        two.tags.delete('prod')
      }
    }
    const report = await pruneWorlds([two, one], policy(rules))
    expect(two.writes()).toEqual(['PUT M', 'PUT prod'])
    expect(two.state().tags).toEqual(['prod→M'])
    expect(report.verdict).toBe('fail')
    expect(report.repositories[1]?.problems.join()).toMatch(
      /two:prod does not resolve any more: it was put back/,
    )
  })

  test('also where the other one could not be read: what it has is put back, and nothing further goes', async () => {
    const manifests = { M: image('M'), N: image('N'), O: image('O'), L: image('L') }
    const tags = { v1: 'M', v2: 'N', v3: 'O', latest: 'L' }
    const one = new World(tags, manifests, { name: 'r.example/one' })
    const two = new World({ prod: 'M', stable: 'N' }, manifests, { name: 'r.example/two' })
    two.fault = (line) => (line === 'LIST tags' ? failure('server') : null)
    one.spoil = (outcome) => {
      for (const name of ['M', 'N', 'O']) if (!one.manifests.has(name)) two.manifests.delete(name)
      return outcome
    }
    const { repositories } = await pruneWorlds([one, two], policy(rules))
    expect(two.state().manifests).toEqual(['L', 'M', 'N', 'O'])
    expect(repositories[0]?.problems.join()).toMatch(
      /in other repositories along with .*r.example\/two@sha256/,
    )
    expect(one.writes().filter((line) => line.startsWith('DELETE'))).toHaveLength(1)
  })

  test('a digest that two repositories hold is looked at where the other one keeps it, at once and a little later', async () => {
    const one = new World({ v1: 'M', v2: 'N' }, { M: image('M'), N: image('N') }, { name: 'r.example/one' })
    const two = new World({ a: 'M', b: 'N' }, { M: image('M'), N: image('N') }, { name: 'r.example/two' })
    const report = await pruneWorlds([one, two], policy({ ...rules, minKeep: 0 }))
    expect(two.requests.filter((line) => line.startsWith('HEAD '))).toEqual(['HEAD M', 'HEAD M'])
    expect(report.verdict).toBe('pass')
  })
})

describe('removing one tag', () => {
  test('is tried on an image that goes anyway, before anything that stays', async () => {
    const world = new World(
      { v1: 'M', v2: 'M', v3: 'L', latest: 'L' },
      { M: image('M'), L: image('L') },
      { untag: 'takes-siblings' },
    )
    const outcome = await pruneWorld(world, rules)
    expect(world.writes()).toEqual(['UNTAG v1', 'DELETE M'])
    expect(world.state()).toEqual({ tags: ['latest→L', 'v3→L'], manifests: ['L'] })
    expect(outcome).toMatchObject({ state: 'done', tally: { deleted: 2, skipped: 1 } })
    expect(outcome.tags.find(({ tag }) => tag === 'v3')?.note).toMatch(/deletes the whole manifest/)
  })

  test('comes after whole digests', async () => {
    const world = new World({ v1: 'L', v2: 'M', latest: 'L' }, { M: image('M'), L: image('L') })
    await pruneWorld(world, rules)
    expect(world.writesToOthers()).toEqual(['DELETE M', 'UNTAG v1'])
  })

  test('that does nothing is not a removal', async () => {
    const world = new World({ v1: 'L', latest: 'L' }, { L: image('L') }, { quirk: 'does-nothing' })
    const outcome = await pruneWorld(world, rules)
    expect(outcome).toMatchObject({ state: 'failed', tally: { untagged: 0, failed: 1 } })
  })
})

describe('a registry that holds a manifest by the names it was pushed under', () => {
  const shop = (holds: 'names' | 'last-tag' | 'unknown') =>
    new World(
      { 'v1-amd64': 'A', 'v1-arm64': 'B', v0: 'L', release: 'R', stable: 'L' },
      { R: index(['A', 'B']), A: image('A'), B: image('B'), L: image('L') },
      { quirk: 'by-name', capabilities: { holds, untag: holds === 'unknown' ? 'unknown' : 'yes' } },
    )

  test.each(['names', 'unknown'] as const)(
    'keeps what an index needs (%s): put by digest first',
    async (holds) => {
      const world = shop(holds)
      const outcome = await pruneWorld(world, rules)
      expect(world.state()).toEqual({ tags: ['release→R', 'stable→L'], manifests: ['A', 'B', 'L', 'R'] })
      expect(world.writesToOthers()).toEqual([
        'PUT A',
        'UNTAG v1-amd64',
        'UNTAG v0',
        'PUT B',
        'UNTAG v1-arm64',
      ])
      expect(outcome).toMatchObject({ state: 'done', broken: [] })
    },
  )

  test('skips the tag where it cannot be put', async () => {
    const world = shop('names')
    world.fault = (line) => (line.startsWith('PUT ') ? failure('denied', 'push is not allowed') : null)
    const outcome = await pruneWorld(world, rules)
    expect(world.state().manifests).toEqual(['A', 'B', 'L', 'R'])
    expect(fatesOf(outcome)).toMatchObject({ 'v1-amd64': 'skip retained', v0: 'untag done' })
    expect(outcome.tags[0]?.note).toMatch(/push is not allowed/)
  })

  test('skips the last tag where that takes the manifest along, whatever it was pushed under', async () => {
    const world = shop('last-tag')
    const outcome = await pruneWorld(world, rules)
    expect(world.writesToOthers()).toEqual(['UNTAG v0'])
    expect(outcome).toMatchObject({ state: 'done', tally: { untagged: 1, skipped: 2 } })
  })
})

describe('a registry that refuses the order', () => {
  test('two tags on a digest that cannot be deleted at once go one by one', async () => {
    const world = new World(
      { v1: 'M', v2: 'M', latest: 'L' },
      { M: image('M'), L: image('L') },
      { quirk: 'tag-by-tag' },
    )
    const outcome = await pruneWorld(world, rules)
    expect(world.state()).toEqual({ tags: ['latest→L'], manifests: ['L'] })
    expect(outcome).toMatchObject({ state: 'done', tally: { deleted: 2 } })
  })

  test('a subject goes after its referrers, and its children after it', async () => {
    const world = new World(
      { v1: 'M', latest: 'L' },
      { M: index(['A']), A: image('A'), S: image('S', { subject: 'M' }), L: image('L') },
      { quirk: 'referrers-first', referrersApi: true },
    )
    const outcome = await pruneWorld(world, rules)
    expect(world.writes()).toEqual(['DELETE M', 'DELETE S', 'DELETE M', 'DELETE A'])
    expect(world.state()).toEqual({ tags: ['latest→L'], manifests: ['L'] })
    expect(outcome.state).toBe('done')
  })

  test('referrers come back where their subject stays all the same', async () => {
    const world = new World(
      { v1: 'M', latest: 'L' },
      { M: index(['A']), A: image('A'), S: image('S', { subject: 'M' }), L: image('L') },
      { quirk: 'referrers-first', referrersApi: true },
    )
    const refusal = { kind: 'referenced', error: failure('protocol', 'something hidden needs it') } as const
    world.answer = (line) => (line === 'DELETE M' ? refusal : null)
    const before = world.state()
    const outcome = await pruneWorld(world, rules)
    expect(world.writes()).toEqual(['DELETE M', 'DELETE S', 'DELETE M', 'PUT S'])
    expect(world.state()).toEqual(before)
    expect(outcome.manifests.find(({ digest }) => world.nameOf(digest) === 'S')).toMatchObject({
      decision: 'keep',
      status: 'retained',
    })
    expect(outcome.problems.join()).toMatch(/it was put back/)
  })
})

describe('a deletion whose answer does not say what it did', () => {
  const unsure = { kind: 'again', wait: 500, error: failure('server') } as const

  test('is tried again only after a look: what a kept tag was put on meanwhile stays', async () => {
    const world = new World({ v1: 'M', latest: 'L' }, { M: image('M'), L: image('L') })
    world.answer = (line) => (line === 'DELETE M' ? unsure : null)
    const outcome = await pruneWorld(world, rules, { onWait: () => void world.tags.set('latest', 'M') })
    expect(world.writes()).toEqual(['DELETE M'])
    expect(world.state().tags).toEqual(['latest→M', 'v1→M'])
    expect(fatesOf(outcome)).toMatchObject({ v1: 'skip retained' })
  })

  test('counts when it was carried out', async () => {
    const world = new World({ v1: 'M', latest: 'L' }, { M: image('M'), L: image('L') })
    let isFirst = true
    world.answer = (line) => {
      if (line !== 'DELETE M' || !isFirst) return null
      isFirst = false
      world.manifests.delete('M')
      world.tags.delete('v1')
      return unsure
    }
    const outcome = await pruneWorld(world, rules)
    expect(outcome).toMatchObject({ state: 'done', tally: { deleted: 1 } })
  })

  test('names a tag: one that was pushed again meanwhile stays', async () => {
    const world = new World({ v1: 'L', latest: 'L' }, { L: image('L') })
    world.answer = (line) => (line === 'UNTAG v1' ? unsure : null)
    await pruneWorld(world, rules, { onWait: () => world.push('N', image('N'), 'v1') })
    expect(world.state().tags).toEqual(['latest→L', 'v1→N'])
  })
})

describe('untagged manifests', () => {
  test('the vendor’s list is read again when it is older than a minute', async () => {
    let time = 0
    let reads = 0
    const world = new World(
      { latest: 'L' },
      { A: image('A'), L: image('L') },
      {
        capabilities: { listsUntagged: true },
        listing: () => {
          reads += 1
          if (reads === 2) world.push('X', index(['A']))
          const old = {
            ages: [{ at: asTimestamp(NOW - 90 * 24 * 60 * 60 * 1000), source: 'pushed' as const }],
            locked: null,
          }
          return {
            tags: new Map(),
            manifests: new Map(world.state().manifests.map((name) => [digestOf(name), old])),
            untagged: world.manifests.has('X') ? [digestOf('A'), digestOf('X')] : [digestOf('A')],
            complete: true,
          }
        },
      },
    )
    world.meanwhile = (line) => {
      if (line === 'PROBE deletes') time = 61_000
    }
    const outcome = await pruneWorld(
      world,
      { tags: '', deleteUntagged: true, minKeep: 0 },
      { now: () => asTimestamp(NOW + time) },
    )
    expect(reads).toBe(2)
    expect(world.state().manifests).toEqual(['A', 'L', 'X'])
    expect(outcome.state).toBe('done')
  })
})
