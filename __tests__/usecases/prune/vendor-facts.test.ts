import { describe, expect, test } from 'vitest'
import { parseTag } from '../../../src/domain/names/tag.ts'
import type { Digest } from '../../../src/domain/names/digest.ts'
import type { VendorFacts, VendorListing, VendorTagFacts } from '../../../src/domain/prune/ports.ts'
import { asTimestamp } from '../../../src/domain/quantities/timestamp.ts'
import { NOW, policy } from '../../domain/prune/repository-dsl.ts'
import { digestOf } from '../../support/fake-reader.ts'
import { fatesOf, pruneWorld, SILENT, UNPROTECTED } from './stage.ts'
import { subjectTag, image, World } from './world.ts'
import { prune } from '../../../src/usecases/prune/prune.ts'

const DAY = 24 * 60 * 60 * 1000
const OLD: VendorFacts = { ages: [{ at: asTimestamp(NOW - 400 * DAY), source: 'pushed' }], locked: null }

/** A tag that was pushed long ago, when it named this. */
const old = (name: string | null): VendorTagFacts => ({
  ...OLD,
  digest: name === null ? null : digestOf(name),
})

function listed(tags: Readonly<Record<string, VendorTagFacts>>, more: Partial<VendorListing> = {}) {
  const named = Object.entries(tags).map(([name, facts]) => [parseTag(name, 'test'), facts] as const)
  return {
    tags: new Map(named),
    manifests: new Map<Digest, VendorFacts>(),
    untagged: [],
    complete: true,
    ...more,
  }
}

const rules = { tags: 'v*', olderThan: '30d', minKeep: 0 }

/** `v1` names an image that was built long ago. */
async function pruned(listing: VendorListing) {
  const made = { A: image('A', { days: 400 }), L: image('L') }
  const world = new World({ v1: 'A', latest: 'L' }, made, { listing: () => listing })
  const outcome = await pruneWorld(world, rules)
  return { world, outcome, v1: fatesOf(outcome)['v1'] }
}

describe('what a vendor tells of a tag', () => {
  test.each(['A', null])(
    'is believed where it is about the manifest that the tag names (%s)',
    async (name) => {
      expect((await pruned(listed({ v1: old(name) }))).v1).toBe('delete done')
    },
  )

  test('says nothing about what was pushed there since', async () => {
    const { outcome } = await pruned(listed({ v1: old('what v1 named then') }))
    expect(outcome.tags[0]).toMatchObject({ decision: 'keep', reason: 'unknown-age', age: null })
  })

  test('a tag that its list does not have yet is of unknown age, however old the image', async () => {
    const { outcome, world } = await pruned(listed({ v0: old('A') }))
    expect(outcome.tags[0]).toMatchObject({ decision: 'keep', reason: 'unknown-age', age: null })
    expect(world.requests.filter((line) => line.startsWith('CONFIG'))).toEqual([])
  })

  test('so is one whose manifest its list does not have, where it lists only manifests', async () => {
    expect((await pruned(listed({}, { manifests: new Map([[digestOf('L'), OLD]]) }))).v1).toBe(
      'keep retained',
    )
    expect((await pruned(listed({}, { manifests: new Map([[digestOf('A'), OLD]]) }))).v1).toBe('delete done')
  })

  test('a list that failed leaves ages unknown; where there is none, build dates have to do', async () => {
    expect((await pruned(listed({}, { tellsPushTimes: true }))).v1).toBe('keep retained')
    expect((await pruned(listed({}))).v1).toBe('delete done')
  })

  test('a signature that its list does not have yet is not an orphan yet', async () => {
    const signature = subjectTag('gone')
    const world = new World(
      { latest: 'L', [signature]: 'S' },
      { L: image('L'), S: image('S', { days: 400 }) },
      { listing: () => listed({ latest: old('L') }) },
    )
    const outcome = await pruneWorld(world, { deleteOrphaned: true })
    expect(fatesOf(outcome)[signature]).toBe('keep retained')
  })
})

describe('a tag that only the vendor lists', () => {
  const tags = { v1: 'A', hidden: 'A', latest: 'L' }

  /** The registry's own list leaves a tag out, as one that is read in part does. */
  async function withHalfAList(world: World) {
    const { target } = world
    const reader = {
      ...target.reader,
      tags: async () => (await target.reader.tags()).filter((name) => name !== 'hidden'),
    }
    const { repositories } = await prune(
      {
        targets: [{ target: { ...target, reader }, protection: UNPROTECTED }],
        policy: policy(rules),
        dryRun: false,
        validate: true,
        reviewed: null,
      },
      { log: SILENT, now: () => NOW, concurrency: 4, sleep: async () => undefined, timeIsUp: () => false },
    )
    return fatesOf(repositories[0]!)
  }

  test('holds on to its manifest', async () => {
    const listing = () => listed({ v1: old('A'), hidden: old('A'), latest: old('L') })
    const world = new World(tags, { A: image('A'), L: image('L') }, { listing })
    expect(await withHalfAList(world)).toMatchObject({ v1: 'untag done', hidden: 'keep retained' })
    expect(world.state().tags).toEqual(['hidden→A', 'latest→L'])
  })

  test('and is not there any more was deleted in the meantime', async () => {
    const { outcome } = await pruned(listed({ v1: old('A'), deleted: old('A'), latest: old('L') }))
    expect(fatesOf(outcome)).toEqual({ v1: 'delete done', latest: 'keep retained' })
  })
})
