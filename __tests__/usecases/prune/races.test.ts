import { describe, expect, test } from 'vitest'
import { asTimestamp } from '../../../src/domain/quantities/timestamp.ts'
import { NOW } from '../../domain/prune/repository-dsl.ts'
import { fatesOf, pruneWorld } from './stage.ts'
import { digestOf } from '../../support/fake-reader.ts'
import { failure, subjectTag, image, index, World } from './world.ts'

const rules = { tags: 'v*' }

/** `v1` is two platforms, `v2` one; somebody else pushes while they are deleted. */
function shop(options: ConstructorParameters<typeof World>[2] = {}): World {
  return new World(
    { v1: 'M', v2: 'N', latest: 'L' },
    { M: index(['A', 'B']), N: image('N'), L: image('L'), A: image('A'), B: image('B') },
    options,
  )
}

/** Does something before the first request that looks like this. */
function before(world: World, line: string, act: () => void): void {
  let isDone = false
  world.meanwhile = (asked) => {
    if (isDone || asked !== line) return
    isDone = true
    act()
  }
}

describe('while others push', () => {
  test('a tag that was moved stays, and its old manifest goes', async () => {
    const world = shop()
    before(world, 'HEAD v2', () => world.push('N2', image('N2'), 'v2'))
    const outcome = await pruneWorld(world, rules)
    expect(world.state()).toEqual({ tags: ['latest→L', 'v2→N2'], manifests: ['L', 'N2'] })
    expect(fatesOf(outcome)).toMatchObject({ v1: 'delete done', v2: 'skip retained' })
    expect(outcome).toMatchObject({ state: 'done', broken: [], tally: { skipped: 1 } })
  })

  test.each(['PROBE deletes', 'LIST tags'])(
    'a tag added to a manifest before %s saves it, and all that it needs',
    async (line) => {
      const world = shop()
      let isReading = true
      world.meanwhile = (asked) => {
        if (asked === 'PROBE deletes') isReading = false
        if (asked === line && !isReading) world.tags.set('release', 'M')
      }
      const outcome = await pruneWorld(world, rules)
      expect(world.state()).toEqual({
        tags: ['latest→L', 'release→M', 'v1→M'],
        manifests: ['A', 'B', 'L', 'M'],
      })
      expect(outcome).toMatchObject({ state: 'done', broken: [], tally: { skipped: 1, deleted: 1 } })
      expect(outcome.tags[0]).toMatchObject({ reason: 'shared-digest', decidedBy: { tag: 'release' } })
    },
  )

  test('a new index that lists a platform image of a deleted one saves that image', async () => {
    const world = shop()
    before(world, 'DELETE M', () => world.push('X', index(['A']), 'v9'))
    const outcome = await pruneWorld(world, rules)
    expect(world.state()).toEqual({ tags: ['latest→L', 'v9→X'], manifests: ['A', 'L', 'X'] })
    const saved = outcome.manifests.find(({ digest }) => world.nameOf(digest) === 'A')
    expect(saved).toMatchObject({
      decision: 'keep',
      status: 'retained',
      reason: 'child-of',
      decidedBy: { tag: 'v9' },
    })
  })

  test('a tag of the same name that comes back after its deletion is a new one', async () => {
    const world = shop()
    world.meanwhile = (line) => {
      // after M went, v1 is pushed again, with the old image for one platform
      if (line === 'LIST tags' && !world.manifests.has('M') && !world.manifests.has('M2')) {
        world.push('M2', index(['B']), 'v1')
      }
    }
    await pruneWorld(world, rules)
    expect(world.state().tags).toContain('v1→M2')
    expect(world.state().manifests).toContain('B')
  })

  test('a tag that is added while the others are resolved saves its image', async () => {
    const world = shop()
    let isReading = true
    world.meanwhile = (line) => {
      if (line === 'PROBE deletes') isReading = false
      if (!isReading && line === 'HEAD latest') world.tags.set('release', 'N')
    }
    await pruneWorld(world, rules)
    expect(world.state().tags).toContain('release→N')
  })

  test('a kept tag that is moved to an old image saves it', async () => {
    const world = shop()
    before(world, 'PROBE deletes', () => world.tags.set('latest', 'N'))
    const outcome = await pruneWorld(world, rules)
    expect(world.state().manifests).toEqual(['L', 'N'])
    expect(world.state().tags).toEqual(['latest→N', 'v2→N'])
    expect(outcome).toMatchObject({ state: 'done', broken: [] })
  })

  test.each([
    ['v1', 'N'],
    ['v2', 'M'],
  ])(
    'a tag that was to go (%s) and is moved to another manifest that was to go (%s) saves it',
    async (tag, name) => {
      const world = new World(
        { v1: 'M', v2: 'N', latest: 'L' },
        { M: image('M'), N: image('N'), L: image('L') },
      )
      before(world, 'PROBE deletes', () => world.tags.set(tag, name))
      const outcome = await pruneWorld(world, rules)
      expect(world.state().tags).toContain(`${tag}→${name}`)
      expect(fatesOf(outcome)).toMatchObject({ [tag]: 'skip retained' })
      expect(outcome.state).toBe('done')
    },
  )

  test('an image that was looked up in vain before it was pushed saves what it needs', async () => {
    // copied tag by tag, a signature comes before its image
    const world = new World(
      { v1: 'M', latest: 'L', [subjectTag('X')]: 'S' },
      { M: index(['A']), A: image('A'), L: image('L'), S: image('S') },
    )
    before(world, 'PROBE deletes', () => world.push('X', index(['A']), 'v9'))
    await pruneWorld(world, rules)
    expect(world.state().manifests).toEqual(['A', 'L', 'S', 'X'])
  })

  test('a child that was looked up in vain before it was pushed saves what it needs', async () => {
    const world = new World(
      { v1: 'M', latest: 'L', [subjectTag('I')]: 'S' },
      { M: index(['A']), A: image('A'), L: image('L'), S: image('S') },
    )
    before(world, 'PROBE deletes', () => {
      world.push('I', index(['A']))
      world.push('X', index(['I']), 'v9')
    })
    await pruneWorld(world, rules)
    expect(world.state().manifests).toEqual(['A', 'I', 'L', 'S', 'X'])
  })

  test('what was not found when it was read, and is there after all, keeps what it needs', async () => {
    const world = new World(
      { v1: 'M', latest: 'L' },
      { M: index(['A']), A: image('A'), L: index(['I']), I: index(['A']) },
    )
    let isReading = true
    world.meanwhile = (line) => (isReading &&= line !== 'PROBE deletes')
    world.fault = (line) => (isReading && line === 'GET I' ? failure('not-found') : null)
    const outcome = await pruneWorld(world, rules)
    expect(world.state().manifests).toEqual(['A', 'I', 'L'])
    expect(outcome).toMatchObject({ state: 'done', broken: [] })
  })

  test('a kept tag that points somewhere new and cannot be read there stops the deletions', async () => {
    const world = shop()
    let isMoved = false
    before(world, 'PROBE deletes', () => {
      isMoved = true
      world.tags.set('latest', 'N')
    })
    world.fault = (line) => (isMoved && line === 'GET latest' ? failure('not-found') : null)
    const outcome = await pruneWorld(world, rules)
    expect(world.writes()).toEqual([])
    expect(outcome.state).toBe('failed')
  })

  test('a kept tag that is gone stops the deletions', async () => {
    const world = shop()
    before(world, 'DELETE M', () => world.tags.delete('latest'))
    const outcome = await pruneWorld(world, rules)
    expect(world.state().manifests).toEqual(expect.arrayContaining(['A', 'B', 'L']))
    expect(outcome.state).toBe('failed')
    expect(outcome.problems).toEqual([
      expect.stringMatching(/latest, which was to stay, is not there any more/),
    ])
  })

  test('a kept tag that was moved unseen to what went is named, and what went comes back', async () => {
    const world = shop()
    before(world, 'DELETE M', () => world.tags.set('latest', 'M'))
    const outcome = await pruneWorld(world, rules)
    expect(world.state().tags).toContain('v1→M')
    expect(world.state().manifests).toEqual(['A', 'B', 'L', 'M', 'N'])
    expect(outcome.state).toBe('failed')
    expect(outcome.broken).toEqual([
      expect.stringMatching(/^latest does not resolve any more, .* \(v1\), which was put back; push the tag/),
    ])
    expect(fatesOf(outcome)).toMatchObject({ v1: 'skip retained', v2: 'delete planned' })
  })

  test('and also without validation; where its own manifest is gone, it was deleted by somebody', async () => {
    const world = shop()
    before(world, 'DELETE M', () => world.tags.set('latest', 'M'))
    const unvalidated = await pruneWorld(world, rules, { validate: false })
    expect(world.state().tags).toContain('v1→M')
    expect(unvalidated.state).toBe('failed')
    const other = shop()
    before(other, 'DELETE M', () => {
      other.tags.delete('latest')
      other.manifests.delete('L')
    })
    const outcome = await pruneWorld(other, rules)
    expect(other.state().manifests).not.toContain('M')
    expect(outcome.broken).toEqual([expect.stringMatching(/^latest does not resolve any more$/)])
  })

  test('where a moved tag cannot be read, nothing more is deleted', async () => {
    const world = shop()
    before(world, 'PROBE deletes', () => world.push('X', index(['A']), 'v9'))
    world.fault = (line) => (line === 'GET v9' ? failure('server') : null)
    const outcome = await pruneWorld(world, rules)
    expect(world.writes()).toEqual([])
    expect(outcome.state).toBe('failed')
  })

  test('two runs at once do not get in each other’s way', async () => {
    const world = shop()
    const [first, second] = await Promise.all([pruneWorld(world, rules), pruneWorld(world, rules)])
    expect(world.state()).toEqual({ tags: ['latest→L'], manifests: ['L'] })
    expect([first.state, second.state]).toEqual(['done', 'done'])
  })

  test.each([300, 1_000])(
    'a list that takes %i ms is no older than a batch of deletes: what is tagged meanwhile is saved',
    async (takes) => {
      const numbers = Array.from({ length: 24 }, (_, number) => number)
      const world = new World(
        { latest: 'L', ...Object.fromEntries(numbers.map((number) => [`v${number}`, `M${number}`])) },
        {
          L: image('L'),
          ...Object.fromEntries(numbers.map((number) => [`M${number}`, image(`M${number}`)])),
        },
      )
      let time: number = NOW
      let deleted = 0
      world.meanwhile = (line) => {
        time += line === 'LIST tags' ? takes : line.startsWith('DELETE ') ? 40 : 1
        if (!line.startsWith('DELETE ')) return
        deleted += 1
        if (deleted !== 4) return
        for (const number of numbers) {
          const name = `M${number}`
          if (world.manifests.has(name) && line !== `DELETE ${name}`) world.tags.set(`hotfix-${number}`, name)
        }
      }
      const now = () => asTimestamp(Math.round(time))
      const outcome = await pruneWorld(world, { tags: 'v*' }, { now })
      const saved = [...world.tags.keys()].filter((tag) => tag.startsWith('hotfix'))
      expect(outcome.tally.deleted).toBe(24 - saved.length)
      // all but what is under way at that moment
      expect(saved.length).toBeGreaterThanOrEqual(15)
    },
  )

  test('every tag is resolved again right before its manifest goes', async () => {
    const world = shop()
    await pruneWorld(world, rules)
    for (const [tag, name] of [
      ['v1', 'M'],
      ['v2', 'N'],
    ] as const) {
      const head = world.requests.indexOf(`HEAD ${tag}`)
      const next = world.requests.slice(head + 1).find((line) => line.endsWith(` ${name}`))
      expect([head >= 0, next]).toEqual([true, `DELETE ${name}`])
    }
  })
})

test('a manifest that the registry does not find, but still has under a tag, was not deleted', async () => {
  const world = shop()
  world.answer = (line) => (line === 'DELETE M' ? { kind: 'gone', error: null } : null)
  const outcome = await pruneWorld(world, rules)
  expect(world.state()).toEqual({ tags: ['latest→L', 'v1→M'], manifests: ['A', 'B', 'L', 'M'] })
  expect(fatesOf(outcome)).toMatchObject({ v1: 'delete failed', v2: 'delete done' })
  expect(outcome.state).toBe('failed')
})

describe('where the registry asks to wait', () => {
  const later = { kind: 'again', wait: 30_000, error: failure('rate-limit') } as const
  /** Asks to wait so many times before this. */
  function busy(world: World, line: string, times: number): void {
    let left = times
    world.answer = (asked) => (asked === line && left-- > 0 ? later : null)
  }

  test('it is waited for, and then everything is as planned', async () => {
    const world = shop()
    const waits: number[] = []
    busy(world, 'DELETE N', 2)
    const outcome = await pruneWorld(world, rules, { onWait: (wait) => void waits.push(wait) })
    expect(waits).toEqual([30_000, 30_000])
    expect(world.state()).toEqual({ tags: ['latest→L'], manifests: ['L'] })
    expect(outcome).toMatchObject({ state: 'done', problems: [] })
  })

  test('a tag that is moved meanwhile stays, and is not removed', async () => {
    const world = new World({ v1: 'A', latest: 'A' }, { A: image('A') })
    busy(world, 'UNTAG v1', 1)
    const outcome = await pruneWorld(world, rules, { onWait: () => world.push('B', image('B'), 'v1') })
    expect(world.state().tags).toEqual(['latest→A', 'v1→B'])
    expect(fatesOf(outcome)).toMatchObject({ v1: 'skip retained' })
  })

  test('a manifest that is given a tag meanwhile stays', async () => {
    const world = shop()
    busy(world, 'DELETE N', 1)
    const outcome = await pruneWorld(world, rules, { onWait: () => void world.tags.set('latest', 'N') })
    expect(world.state().tags).toContain('latest→N')
    expect(outcome).toMatchObject({ state: 'done', broken: [] })
  })

  test.each([
    ['too often', Infinity, 30_000],
    ['for too long', 1, 600_000],
  ])('%s, the next run goes on', async (_, times, wait) => {
    const world = shop()
    let left = times
    world.answer = (line) => (line === 'DELETE N' && left-- > 0 ? { ...later, wait } : null)
    const outcome = await pruneWorld(world, rules)
    expect(outcome.state).toBe('partial')
    expect(world.state().tags).toEqual(expect.arrayContaining(['latest→L', 'v2→N']))
  })
})

describe('validation', () => {
  test('names what was kept and does not resolve', async () => {
    const world = new World(
      { v1: 'M', latest: 'L' },
      { M: image('M'), L: index(['A', 'B']), A: image('A'), B: image('B') },
    )
    // a registry that takes along what it should not
    before(world, 'HEAD A', () => world.manifests.delete('A'))
    const outcome = await pruneWorld(world, rules)
    expect(outcome.state).toBe('failed')
    expect(outcome.broken).toEqual([
      expect.stringMatching(/^sha256:[a-f0-9]{64}, needed by latest, does not resolve/),
    ])
  })

  test('names what a tag needs that was added too late to be seen', async () => {
    const world = shop()
    // the last request before the answer
    before(world, 'DELETE A', () => world.push('X', index(['A']), 'v9'))
    const outcome = await pruneWorld(world, rules)
    expect(outcome.state).toBe('failed')
    expect(outcome.broken).toEqual([expect.stringMatching(/needed by v9, does not resolve/)])
  })

  test('a kept tag that cannot be asked for is not proof', async () => {
    const world = shop()
    world.fault = (line) =>
      line === 'HEAD latest' && world.writes().includes('DELETE B') ? failure('server') : null
    const outcome = await pruneWorld(world, rules)
    expect(outcome.broken).toEqual(['latest could not be checked: simulated server'])
  })

  test('asks for each digest once, and blames nothing that was missing before', async () => {
    const world = new World(
      { v1: 'M', a: 'L', b: 'L', c: 'C' },
      { M: image('M'), L: index(['A', 'gone']), A: image('A'), C: index(['A']) },
    )
    const outcome = await pruneWorld(world, rules)
    expect(outcome).toMatchObject({ state: 'done', broken: [] })
    const after = world.requests.slice(world.requests.indexOf('DELETE M') + 1)
    // M and v1 right after the first deletion; M again, with all that stayed
    const looks = ['HEAD M', 'HEAD v1', 'HEAD M']
    expect(after.sort()).toEqual([...looks, 'HEAD A', 'HEAD a', 'HEAD b', 'HEAD c', 'LIST tags'].sort())
  })

  test('goes by what a tag serves, whatever a HEAD says that it names', async () => {
    const world = new World(
      { v1: 'M', latest: 'L' },
      { M: image('M'), L: index(['A', 'B']), A: image('A'), B: image('B') },
    )
    const { head } = world.target.reader
    const lying: typeof head = async (name, expected) =>
      name === 'latest' ? digestOf('A') : head(name, expected)
    Object.assign(world.target.reader, { head: lying })
    before(world, 'DELETE M', () => world.manifests.delete('B'))
    const outcome = await pruneWorld(world, rules)
    expect(outcome.broken?.join()).toMatch(/needed by latest, does not resolve any more/)
  })

  test('is left out when not wanted, and when nothing was deleted', async () => {
    expect((await pruneWorld(shop(), rules, { validate: false })).broken).toBeNull()
    expect((await pruneWorld(shop(), { tags: 'none' })).broken).toBeNull()
  })
})
