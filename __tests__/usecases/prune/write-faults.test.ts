import { describe, expect, test } from 'vitest'
import type { DeleteOutcome, UndoEntry } from '../../../src/domain/prune/ports.ts'
import { undo } from '../../../src/usecases/undo/undo.ts'
import { asBytes } from '../../../src/domain/quantities/bytes.ts'
import { pruneWorld, SILENT } from './stage.ts'
import { failure, subjectTag, image, index, World } from './world.ts'
import type { WorldOptions } from './world.ts'

const rules = { tags: 'v* *-nightly', exclude: 'latest stable' }

/** Shared platform images, a signature, a referrer, tags to remove from what stays, one of them the last. */
function shop(options: WorldOptions): World {
  return new World(
    {
      v1: 'M',
      v2: 'N',
      v3: 'N',
      'v1-amd64': 'A',
      '1-nightly': 'L',
      latest: 'L',
      stable: 'K',
      [subjectTag('M')]: 'S',
    },
    {
      M: index(['A', 'B']),
      K: index(['A', 'C']),
      L: index(['C', 'D']),
      N: image('N'),
      A: image('A'),
      B: image('B'),
      C: image('C'),
      D: image('D'),
      S: image('S'),
      R: image('R', { subject: 'N' }),
    },
    { referrersApi: true, ...options },
  )
}

const KEPT: readonly (readonly [string, readonly string[]])[] = [
  ['latest', ['L', 'C', 'D']],
  ['stable', ['K', 'A', 'C']],
]

type Fault = (world: World, line: string) => DeleteOutcome | null

const again = (kind: 'server' | 'network' | 'deadline' | 'rate-limit', wait = 0): DeleteOutcome => ({
  kind: 'again',
  wait,
  error: failure(kind),
})

/** What happens to the one write that it strikes; null: the write is carried out, and its answer is lost. */
const FAULTS: Readonly<Record<string, { readonly lost?: DeleteOutcome; readonly before?: Fault }>> = {
  '500 after it was carried out': { lost: again('server') },
  'reset after it was carried out': { lost: again('network') },
  'reset before': { before: () => again('network') },
  stall: { before: () => again('deadline') },
  '429': { before: () => again('rate-limit', 1_000) },
  'a push of a new index over the same platform images': {
    before: (world) => {
      world.push('X', index(['A', 'B']), 'fresh')
      return null
    },
  },
  'a kept tag moved to what goes': {
    before: (world) => {
      if (world.manifests.has('N')) world.tags.set('stable', 'N')
      return again('server')
    },
  },
}

const REGISTRIES: Readonly<Record<string, WorldOptions>> = {
  plain: {},
  'without untag': { untag: 'unsupported' },
  'tags first': { capabilities: { tagsFirst: true, untag: 'yes' } },
  'held by names': { quirk: 'by-name', capabilities: { holds: 'names' } },
  'tags outlive digests': { quirk: 'keeps-tags' },
  'two tags one by one': { quirk: 'tag-by-tag' },
  'referrers first': { quirk: 'referrers-first' },
  cascading: { quirk: 'cascades' },
  'taking siblings along': { untag: 'takes-siblings' },
}

async function run(options: WorldOptions, strike: (world: World) => void, isCancelled = () => false) {
  const world = shop(options)
  strike(world)
  const entries: UndoEntry[] = []
  const outcome = await pruneWorld(world, rules, {
    timeIsUp: isCancelled,
    isCancelled,
    record: (entry) => {
      entries.push(entry)
      return Promise.resolve(null)
    },
  })
  return { world, outcome, entries }
}

async function writesOf(options: WorldOptions): Promise<number> {
  const { world } = await run(options, () => undefined)
  return world.writes().filter((line) => !line.startsWith('PUT ')).length
}

/** No kept tag is lost, or it is put back, or the run is red and names it and undo brings it back. */
async function expectNothingLost({
  world,
  outcome,
  entries,
}: Awaited<ReturnType<typeof run>>): Promise<void> {
  const lost = () =>
    KEPT.filter(([tag]) => world.tags.get(tag) !== 'N').flatMap(([tag, needs]) =>
      world.tags.has(tag) && needs.every((name) => world.manifests.has(name)) ? [] : [tag],
    )
  const broken = lost()
  const told = [...outcome.problems, ...(outcome.broken ?? [])].join('\n')
  expect(broken.filter((tag) => outcome.state !== 'failed' || !told.includes(tag))).toEqual([])
  const deleted = entries.map(({ digest, stored, tags, versionId }) => {
    const name = Buffer.from(stored.bytes).toString()
    const manifest = { digest, size: asBytes(500), manifest: world.madeOf(name).manifest }
    return { digest, stored, manifest, tags, versionId }
  })
  await undo(
    { targets: [{ target: world.target, deleted }] },
    { log: SILENT, timeIsUp: () => false, sleep: async () => undefined },
  )
  expect(lost()).toEqual([])
  for (const { digest } of entries) expect(world.manifests.has(world.nameOf(digest))).toBe(true)
}

describe.each(Object.entries(REGISTRIES))('every write of a prune on a registry: %s', (_, options) => {
  test.each(Object.entries(FAULTS))('%s', async (_name, { lost, before }) => {
    const total = await writesOf(options)
    expect(total).toBeGreaterThan(0)
    for (let position = 1; position <= total; position += 1) {
      let count = 0
      const result = await run(options, (world) => {
        world.answer = (line) => {
          count += 1
          return count === position ? (before?.(world, line) ?? null) : null
        }
        world.spoil = (outcome) => (count === position && lost !== undefined ? lost : outcome)
      })
      await expectNothingLost(result)
    }
  })

  test('SIGTERM', async () => {
    const total = await writesOf(options)
    for (let position = 1; position <= total; position += 1) {
      let count = 0
      const result = await run(
        options,
        (world) => {
          world.spoil = (outcome) => {
            count += 1
            return outcome
          }
        },
        () => count >= position,
      )
      // the last one may have been all that was left
      expect([position < total, result.outcome.state]).not.toEqual([true, 'done'])
      await expectNothingLost(result)
    }
  })
})

test('an undo of a whole prune brings everything back', async () => {
  const before = shop({}).state()
  const result = await run({}, () => undefined)
  expect(result.world.state()).not.toEqual(before)
  await expectNothingLost(result)
  expect(result.world.state()).toEqual(before)
})
