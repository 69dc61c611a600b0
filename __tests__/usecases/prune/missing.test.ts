import { describe, expect, test } from 'vitest'
import type { Digest } from '../../../src/domain/names/digest.ts'
import { parseTag } from '../../../src/domain/names/tag.ts'
import type { OnTags } from '../../../src/domain/ports.ts'
import type { VendorListing } from '../../../src/domain/prune/ports.ts'
import { NOW, policy } from '../../domain/prune/repository-dsl.ts'
import { readInventory } from '../../../src/usecases/prune/read-inventory.ts'
import { digestOf } from '../../support/fake-reader.ts'
import { fatesOf, pruneWorld } from './stage.ts'
import { failure, subjectTag, image, index, World } from './world.ts'

/** The registry does not find it until so many milliseconds have been waited. */
function lagging(world: World, name: string, until: number) {
  let waited = 0
  world.fault = (line) => (line === `GET ${name}` && waited < until ? failure('not-found') : null)
  return { onWait: (milliseconds: number) => void (waited += milliseconds), waited: () => waited }
}

describe('what is named and not found is asked for again before the first delete', () => {
  test.each([1, 4000, 9000])('a tag that a replica does not know for %i ms yet', async (until) => {
    const world = new World({ prod: 'A', 'pr-1': 'A', 'pr-2': 'B' }, { A: image('A'), B: image('B') })
    const { onWait, waited } = lagging(world, 'prod', until)
    const outcome = await pruneWorld(world, { tags: 'pr-*' }, { onWait })
    expect(world.state()).toEqual({ tags: ['prod→A'], manifests: ['A'] })
    expect(fatesOf(outcome)).toMatchObject({ 'pr-2': 'delete done', 'pr-1': 'untag done' })
    expect(outcome.broken).toEqual([])
    expect(waited()).toBeGreaterThanOrEqual(until)
  })

  test('an index inside a kept index: what it needs has a tag that goes', async () => {
    const manifests = { 'I-1': index(['I-2']), 'I-2': index(['A']), A: image('A'), B: image('B') }
    const world = new World({ prod: 'I-1', 'pr-a': 'A', 'pr-b': 'B' }, manifests)
    const { onWait } = lagging(world, 'I-2', 2000)
    await pruneWorld(world, { tags: 'pr-*' }, { onWait })
    expect(world.state().manifests).toEqual(['A', 'I-1', 'I-2'])
  })

  test('the subject of a signature, before the signature counts as orphaned', async () => {
    const world = new World(
      { prod: 'B', [subjectTag('A')]: 'S' },
      { A: image('A'), B: image('B'), S: image('S') },
    )
    const { onWait } = lagging(world, 'A', 2000)
    await pruneWorld(world, { deleteOrphaned: true }, { onWait })
    expect(world.state().manifests).toEqual(['A', 'B', 'S'])
  })

  test('one that is found and needs what is missing: as many are missing as before, and they are others', async () => {
    const manifests = { 'I-1': index(['I-2']), 'I-2': index(['A']), B: image('B') }
    const world = new World({ prod: 'I-1', 'pr-1': 'B' }, manifests)
    const { onWait } = lagging(world, 'I-2', 1)
    const deps = { concurrency: 8, progress: () => undefined, now: () => NOW }
    const reading = await readInventory(world.target, policy({ tags: 'pr-*' }), deps)
    expect(reading.inventory.manifests.get(digestOf('I-2'))?.state).toBe('missing')
    const confirmed = await reading.confirmMissing(async (milliseconds) => onWait(milliseconds))
    expect(confirmed?.inventory.manifests.get(digestOf('I-2'))?.state).toBe('stored')
    expect(confirmed?.inventory.manifests.get(digestOf('A'))?.state).toBe('missing')
  })

  test('what stays missing is a ghost after ten seconds, and is named', async () => {
    const world = new World({ ghost: 'A', 'pr-2': 'B', prod: 'C' }, { B: image('B'), C: image('C') })
    let waited = 0
    const outcome = await pruneWorld(world, { tags: 'pr-*' }, { onWait: (ms) => void (waited += ms) })
    expect(waited).toBe(10_000)
    // once when read, three times before the first delete, once in validation
    expect(world.requests.filter((line) => line === 'GET ghost')).toHaveLength(5)
    expect(outcome.warnings).toMatchObject([{ kind: 'broken', subject: 'ghost' }])
    expect(fatesOf(outcome)).toMatchObject({ 'pr-2': 'delete done', ghost: 'keep retained' })
  })

  test('a ghost goes with delete-broken, after three more looks and one right before', async () => {
    const world = new World({ 'pr-1': 'A', prod: 'C' }, { C: image('C') })
    const outcome = await pruneWorld(world, { tags: 'pr-*', deleteBroken: 'ghost' })
    const asked = world.requests.filter((line) => line.endsWith(' pr-1'))
    expect(asked.filter((line) => line === 'GET pr-1').length).toBeGreaterThan(3)
    expect(asked.slice(asked.indexOf('UNTAG pr-1') - 1)).toEqual(['HEAD pr-1', 'UNTAG pr-1'])
    expect(fatesOf(outcome)).toMatchObject({ 'pr-1': 'delete done', prod: 'keep retained' })
    expect(outcome.state).toBe('done')
    expect(world.state().tags).toEqual(['prod→C'])
  })

  test('one that is there again right before stays', async () => {
    const world = new World({ 'pr-1': 'A', prod: 'C' }, { C: image('C') })
    world.meanwhile = (line) => {
      if (line === 'HEAD pr-1') world.manifests.set('A', image('A'))
    }
    const outcome = await pruneWorld(world, { tags: 'pr-*', deleteBroken: 'ghost' })
    expect(world.requests).not.toContain('UNTAG pr-1')
    expect(fatesOf(outcome)['pr-1']).toBe('skip retained')
  })

  test('an index whose parts are there again right before stays', async () => {
    const manifests = { I: index(['A', 'B']), C: image('C') }
    const world = new World({ 'pr-1': 'I', prod: 'C' }, manifests)
    world.meanwhile = (line) => {
      if (line === `HEAD ${digestOf('A')}`) world.push('A', image('A'))
    }
    const outcome = await pruneWorld(world, { tags: 'pr-*', deleteBroken: 'ghost' })
    expect(world.requests).not.toContain('DELETE I')
    expect(fatesOf(outcome)['pr-1']).toBe('skip retained')
  })

  test('a registry that cannot delete a ghost, or only says so, is told of', async () => {
    const unable = new World({ 'pr-1': 'A', prod: 'C' }, { C: image('C') }, { untag: 'unsupported' })
    expect(fatesOf(await pruneWorld(unable, { tags: 'pr-*', deleteBroken: 'ghost' }))['pr-1']).toBe(
      'skip retained',
    )
    const idle = new World({ 'pr-1': 'A', prod: 'C' }, { C: image('C') }, { quirk: 'does-nothing' })
    const outcome = await pruneWorld(idle, { tags: 'pr-*', deleteBroken: 'ghost' })
    expect(fatesOf(outcome)['pr-1']).toBe('delete failed')
    expect(outcome.problems.join()).toContain('still lists it')
  })

  test.each([
    ['a dry run', { tags: '*' }, { dryRun: true }],
    ['a run that deletes nothing', { tags: '*', keepLatest: 9 }, {}],
  ])('%s does not wait', async (_, rules, staging) => {
    const world = new World({ ghost: 'A', prod: 'C' }, { C: image('C') })
    const onWait = () => expect.unreachable('nothing rests on it')
    const { warnings } = await pruneWorld(world, rules, { ...staging, onWait })
    expect(warnings).toContainEqual(expect.objectContaining({ subject: 'ghost' }))
  })
})

test("a listed tag that is not found names what the vendor's list says", async () => {
  const listing = (): VendorListing => ({
    tags: new Map(
      [['prod', 'A'] as const, ['ghost', 'gone'] as const].map(([tag, name]) => [
        parseTag(tag, 'tag'),
        { digest: digestOf(name), ages: [], locked: null },
      ]),
    ),
    manifests: new Map(),
    untagged: [],
    complete: true,
  })
  const world = new World(
    { prod: 'A', ghost: 'gone', 'pr-1': 'A' },
    { A: image('A') },
    { listing, capabilities: { untag: 'yes' } },
  )
  world.fault = (line) => (line === 'GET prod' ? failure('not-found') : null)
  const outcome = await pruneWorld(world, { tags: 'pr-*' })
  expect(outcome.tags).toMatchObject([
    { tag: 'prod', decision: 'keep', digest: digestOf('A') },
    { tag: 'ghost', decision: 'keep', digest: null },
    { tag: 'pr-1', decision: 'untag' },
  ])
  expect(world.state().manifests).toEqual(['A'])
})

test('tags are looked up while the rest of their list is still being read', async () => {
  const world = new World({ v1: 'A', v2: 'B' }, { A: image('A'), B: image('B') })
  const { tags: list } = world.target.reader
  const seen: string[][] = []
  const tags = async (onTags?: OnTags) => {
    const all = await list()
    onTags?.(all.slice(0, 1))
    await new Promise((resolve) => setTimeout(resolve, 5))
    seen.push([...world.requests])
    return all
  }
  const target = { ...world.target, reader: { ...world.target.reader, tags } }
  const { inventory } = await readInventory(target, policy({ tags: '*' }), {
    concurrency: 4,
    progress: () => undefined,
    now: () => NOW,
  })
  expect(seen).toEqual([['LIST tags', 'GET v1']])
  expect(world.requests).toEqual(['LIST tags', 'GET v1', 'GET v2'])
  expect([...inventory.tags.keys()]).toEqual(['v1', 'v2'])
})

test('a registry that said nothing about referrers at first is asked again once it has an API', async () => {
  const world = new World(
    { prod: 'A', next: 'B', 'pr-1': 'C' },
    { A: image('A'), B: image('B'), C: image('C'), R: index(['C'], { subject: 'A' }) },
    { referrersApi: true },
  )
  const { listReferrers } = world.target.reader
  let silent = true
  const target = {
    ...world.target,
    reader: {
      ...world.target.reader,
      listReferrers: async (digest: Digest) => {
        const isSilent = silent
        silent = false
        return isSilent ? null : listReferrers(digest)
      },
    },
  }
  const deps = { concurrency: 4, progress: () => undefined, now: () => NOW }
  const { inventory } = await readInventory(target, policy({ tags: 'pr-*' }), deps)
  expect(inventory.manifests.get(digestOf('R'))?.state).toBe('stored')
})
