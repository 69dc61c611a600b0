import { describe, expect, test } from 'vitest'
import { pruneWorld } from './stage.ts'
import { image, index, World } from './world.ts'

const rules = { tags: '*-pr' }

/** A registry that takes something along with a tag, but only once some time has passed. */
function takingAlongLater(world: World, takes: (tag: string) => readonly string[]) {
  const late: string[] = []
  world.meanwhile = (line) => {
    if (line.startsWith('UNTAG ')) late.push(...takes(line.slice('UNTAG '.length)))
  }
  return () => {
    for (const name of late.splice(0)) world.manifests.delete(name)
  }
}

describe('on a registry of unknown kind', () => {
  const indexes = () =>
    new World(
      { 'v1-pr': 'M', prod: 'M', 'v2-pr': 'N', stable: 'N' },
      { M: index(['A']), N: index(['B']), A: image('A'), B: image('B') },
    )
  const signed = () =>
    new World(
      { 'v1-pr': 'M', prod: 'M', 'v2-pr': 'N', stable: 'N' },
      { M: image('M'), N: image('N'), A: image('A', { subject: 'M' }), B: image('B', { subject: 'N' }) },
      { referrersApi: true },
    )

  test.each([
    ['lists', indexes, true],
    ['lists', indexes, false],
    ['is referred to by', signed, true],
    ['is referred to by', signed, false],
  ] as const)(
    'what an image %s and goes along with its tag some moments later is missed at the first',
    async (_, worldOf, validate) => {
      const world = worldOf()
      const finish = takingAlongLater(world, (tag) =>
        tag === 'v1-pr' ? ['A'] : tag === 'v2-pr' ? ['B'] : [],
      )
      const outcome = await pruneWorld(world, rules, { validate, onWait: finish })
      finish()
      expect(world.writesToOthers()).toEqual(['UNTAG v1-pr', 'PUT A'])
      expect(world.state().manifests).toEqual(['A', 'B', 'M', 'N'])
      expect(outcome).toMatchObject({ state: 'failed', tally: { untagged: 1, pending: 1 } })
    },
  )

  test('a signature that goes along later is missed although the platform images stayed', async () => {
    const world = new World(
      { 'v1-pr': 'M', prod: 'M', 'v2-pr': 'N', stable: 'N', 'v3-pr': 'O', live: 'O' },
      {
        M: index(['A']),
        A: image('A'),
        N: image('N'),
        B: image('B', { subject: 'N' }),
        O: image('O'),
        C: image('C', { subject: 'O' }),
      },
      { referrersApi: true },
    )
    const finish = takingAlongLater(world, (tag) => (tag === 'v2-pr' ? ['B'] : tag === 'v3-pr' ? ['C'] : []))
    await pruneWorld(world, rules, { validate: false, onWait: finish })
    finish()
    expect(world.writesToOthers()).toEqual(['UNTAG v1-pr', 'UNTAG v2-pr', 'PUT B'])
    expect(world.state().manifests).toEqual(['A', 'B', 'C', 'M', 'N', 'O'])
  })

  test('what only the last one takes along later is there to be seen when all is validated', async () => {
    const world = indexes()
    const finish = takingAlongLater(world, (tag) => (tag === 'v2-pr' ? ['B'] : []))
    const outcome = await pruneWorld(world, rules, { onWait: finish })
    finish()
    expect(world.state().manifests).toEqual(['A', 'B', 'M', 'N'])
    expect(outcome.state).toBe('failed')
  })

  test('nothing is waited for where nothing that stays could go along', async () => {
    const world = new World(
      { 'v1-pr': 'M', 'v2-pr': 'N', stable: 'O' },
      {
        M: image('M'),
        N: image('N'),
        O: image('O'),
      },
    )
    const waits: number[] = []
    const outcome = await pruneWorld(world, rules, { onWait: (wait) => waits.push(wait) })
    expect(outcome).toMatchObject({ state: 'done', tally: { deleted: 2 } })
    expect(waits).toEqual([])
  })
})

test('nothing is waited for where the vendor says what removing a tag takes along', async () => {
  const world = new World(
    { 'v1-pr': 'M', prod: 'M' },
    { M: index(['A']), A: image('A') },
    { capabilities: { untag: 'yes', holds: 'digest' } },
  )
  const waits: number[] = []
  await pruneWorld(world, rules, { onWait: (wait) => waits.push(wait) })
  expect(world.writes()).toEqual(['UNTAG v1-pr'])
  expect(waits).toEqual([])
})
