import { describe, expect, test } from 'vitest'
import type { ErrorKind } from '../../../src/domain/errors.ts'
import { pruneWorld } from './stage.ts'
import { failure, subjectTag, image, index, World } from './world.ts'

// a signature is deleted after its subject, so a run that ends in between leaves an orphan to the next
const rules = { tags: 'v* *-nightly', exclude: 'latest v1-amd64', deleteOrphaned: true }

/**
 * Everything that pruning can meet: shared platforms, nested indexes, signatures, a shared digest, a
 * referrer.
 */
function shop(options: ConstructorParameters<typeof World>[2] = {}): World {
  return new World(
    {
      v1: 'M',
      'v1-amd64': 'A',
      v2: 'I-outer',
      v3: 'N',
      latest: 'L',
      '1-nightly': 'L',
      [subjectTag('M')]: 'S',
      [subjectTag('L')]: 'T',
    },
    {
      M: index(['A', 'B']),
      A: image('A'),
      B: image('B'),
      'I-outer': index(['I-inner', 'C']),
      'I-inner': index(['C', 'D']),
      C: image('C'),
      D: image('D'),
      N: image('N'),
      R: image('R', { subject: 'N' }),
      L: index(['B', 'E']),
      E: image('E'),
      S: image('S'),
      T: image('T'),
    },
    { referrersApi: true, ...options },
  )
}

const DONE = {
  tags: ['latest→L', `${subjectTag('L')}→T`, 'v1-amd64→A'],
  manifests: ['A', 'B', 'E', 'L', 'T'],
}

/** What must hold after any run, however it ended. */
function expectKeptWhole(world: World): void {
  const { tags, manifests } = world.state()
  expect(tags).toEqual(expect.arrayContaining(DONE.tags))
  expect(manifests).toEqual(expect.arrayContaining(DONE.manifests))
  for (const [tag, name] of world.tags) expect([tag, missingBelow(world, name)]).toEqual([tag, []])
}

function missingBelow(world: World, name: string): string[] {
  const made = world.manifests.get(name)
  if (made === undefined) return [name]
  const { manifest } = made
  const children = manifest.kind === 'index' ? manifest.manifests : []
  return children.flatMap(({ digest }) => missingBelow(world, world.nameOf(digest)))
}

async function countRequests(options: ConstructorParameters<typeof World>[2]): Promise<number> {
  const world = shop(options)
  await pruneWorld(world, rules)
  expect(world.state()).toEqual(DONE)
  return world.requests.length
}

/** Tags that should be gone. A manifest that lost its tag just before the end still has its signature. */
function leftovers(world: World): string[] {
  const untagged = ![...world.tags.values()].includes('M') && world.manifests.has('M')
  const allowed = new Set([...DONE.tags, ...(untagged ? [`${subjectTag('M')}→S`] : [])])
  return world.state().tags.filter((tag) => !allowed.has(tag))
}

const VARIANTS: readonly [string, ConstructorParameters<typeof World>[2]][] = [
  ['with untag', {}],
  ['with tags first', { capabilities: { tagsFirst: true, untag: 'yes' } }],
]

describe.each(VARIANTS)('a run that ends at any request, %s', (_, options) => {
  test.each<ErrorKind>(['server', 'network', 'deadline', 'denied', 'rate-limit', 'protocol'])(
    'by %s from there on: every kept tag stays whole, and the next run deletes the other tags',
    async (kind) => {
      const total = await countRequests(options)
      for (let last = 1; last <= total; last += 1) {
        const world = shop(options)
        world.fault = (_line, number) => (number >= last ? failure(kind) : null)
        const interrupted = await pruneWorld(world, rules)
        expectKeptWhole(world)
        expect([last, interrupted.state]).not.toEqual([last, 'done'])
        world.fault = () => null
        const { state } = await pruneWorld(world, rules)
        expect(state).toBe('done')
        expect(leftovers(world)).toEqual([])
        expect(world.state().manifests).toEqual(expect.arrayContaining(DONE.manifests))
      }
    },
  )

  test('by one failed request: what can still be deleted is', async () => {
    const total = await countRequests(options)
    for (let only = 1; only <= total; only += 1) {
      const world = shop(options)
      world.fault = (_line, number) => (number === only ? failure('server') : null)
      const outcome = await pruneWorld(world, rules)
      expectKeptWhole(world)
      expect(outcome.broken === null || outcome.state === 'failed' || outcome.state === 'done').toBe(true)
      world.fault = () => null
      await pruneWorld(world, rules)
      expect(leftovers(world)).toEqual([])
    }
  })

  test('by the death of the process: no write after it, and nothing kept is hurt', async () => {
    const total = await countRequests(options)
    for (let last = 1; last <= total; last += 1) {
      const world = shop(options)
      const never = new Error('the process is gone')
      world.fault = (_line, number) => {
        if (number >= last) throw never
        return null
      }
      await expect(pruneWorld(world, rules)).rejects.toBe(never)
      expectKeptWhole(world)
    }
  })
})
