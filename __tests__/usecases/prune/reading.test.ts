import { describe, expect, test } from 'vitest'
import { WardenError } from '../../../src/domain/errors.ts'
import { readInventory } from '../../../src/usecases/prune/read-inventory.ts'
import type { Inventory } from '../../../src/domain/prune/inventory.ts'
import { asTimestamp } from '../../../src/domain/quantities/timestamp.ts'
import { NOW, policy } from '../../domain/prune/repository-dsl.ts'
import { descriptor, digestOf } from '../../support/fake-reader.ts'
import { fatesOf, pruneWorld, SILENT } from './stage.ts'
import { OCI_IMAGE, OCI_INDEX, daysAgo, failure, subjectTag, image, index, names, World } from './world.ts'

async function read(world: World, rules: Parameters<typeof policy>[0]): Promise<Inventory> {
  const deps = { concurrency: 8, progress: () => undefined, log: SILENT, now: () => NOW }
  const { inventory } = await readInventory(world.target, policy(rules), deps)
  return inventory
}

const requestsFor = (world: World, verb: string): string[] =>
  world.requests.filter((line) => line.startsWith(`${verb} `)).sort()

function repeated(lines: readonly string[]): string[] {
  return lines.filter((line, position) => lines.indexOf(line) !== position)
}

describe('reading a repository', () => {
  test('1,000 tags: one list, one request per tag, one per further manifest, nothing twice', async () => {
    const tags: Record<string, string> = {}
    const manifests: Record<string, ReturnType<typeof image>> = { shared: image('shared', { days: 9 }) }
    for (let number = 0; number < 1000; number += 1) {
      // every fourth tag names what the one before it names
      const name = `M${number - (number % 4 === 3 ? 1 : 0)}`
      tags[`v${number}`] = name
      manifests[name] = index([`${name}.amd64`, 'shared'])
      manifests[`${name}.amd64`] = image(`${name}.amd64`, { days: number })
    }
    const world = new World(tags, manifests)
    const inventory = await read(world, { tags: '*', olderThan: '30d' })
    expect(repeated(world.requests)).toEqual([])
    expect(requestsFor(world, 'GET')).toHaveLength(1000 + 750 + 1)
    expect(requestsFor(world, 'CONFIG')).toHaveLength(751)
    expect(world.requests).toHaveLength(1 + 1751 + 751)
    expect(inventory.tags.size).toBe(1000)
    expect(inventory.manifests.size).toBe(1501)
  })

  test('follows children, subjects and referrers to any depth', async () => {
    const world = new World(
      { v1: 'I-1', sbom: 'S' },
      {
        'I-1': index(['I-2']),
        'I-2': index(['A']),
        A: image('A'),
        R: image('R', { subject: 'A' }),
        RR: image('RR', { subject: 'R' }),
        S: image('S', { subject: 'X' }),
        X: index(['Y']),
        Y: image('Y'),
      },
      { referrersApi: true },
    )
    const { manifests } = await read(world, { tags: 'v1' })
    expect([...manifests.keys()].map((digest) => world.nameOf(digest)).sort()).toEqual(
      ['I-1', 'I-2', 'A', 'R', 'RR', 'S', 'X', 'Y'].sort(),
    )
    expect(repeated(world.requests)).toEqual([])
    expect(requestsFor(world, 'REFERRERS')).toHaveLength(8)
  })

  test('what an index lists is followed also where its type says that it is a layer', async () => {
    const layerType = 'application/vnd.oci.image.layer.v1.tar+gzip'
    const entry = descriptor('I0', 500, layerType)
    const { manifest } = index([])
    if (manifest.kind !== 'index') throw new Error('not an index')
    const bundle = { manifest: { ...manifest, manifests: [entry] }, created: null }
    const world = new World({ v1: 'C', bundle: 'X' }, { C: image('C'), X: bundle, I0: index(['C']) })
    await pruneWorld(world, { tags: 'v*' })
    expect(world.state()).toEqual({ tags: ['bundle→X'], manifests: ['C', 'I0', 'X'] })
  })

  test.each([
    ['an index, whose images nothing else names', 'I-1', OCI_INDEX],
    ['an image', 'C', OCI_IMAGE],
    [
      'an image that is said to be a foreign layer',
      'C',
      'application/vnd.oci.image.layer.nondistributable.v1.tar',
    ],
  ])('what a kept artifact bundles as a layer stays: %s', async (_, bundled, type) => {
    const world = new World(
      { bundle: 'B', 'pr-1': 'C', 'pr-2': 'D' },
      {
        B: image('B', { bundles: { [bundled]: type, 'is-a-blob': OCI_INDEX } }),
        'I-1': index(['C']),
        C: image('C'),
        D: image('D'),
      },
    )
    const outcome = await pruneWorld(world, { tags: 'pr-*' })
    expect(fatesOf(outcome)).toMatchObject({ 'pr-1': 'untag done', 'pr-2': 'delete done' })
    expect(world.state().manifests).toEqual(['B', 'C', 'I-1'])
    expect(outcome.warnings).toEqual([])
  })

  test('the subject of a signature tag is looked up, since only that proves an orphan', async () => {
    const world = new World(
      { latest: 'L', [subjectTag('gone')]: 'S', [subjectTag('L')]: 'T' },
      { L: image('L'), S: image('S'), T: image('T') },
    )
    const inventory = await read(world, { tags: 'v*' })
    expect(inventory.manifests.get(digestOf('gone'))).toEqual({ state: 'missing' })
    expect((await pruneWorld(world, { tags: 'v*' })).tally).toEqual({
      kept: 1,
      deleted: 0,
      untagged: 0,
      skipped: 0,
      failed: 0,
      pending: 0,
    })
    const outcome = await pruneWorld(world, { deleteOrphaned: true })
    expect(fatesOf(outcome)).toMatchObject({
      [subjectTag('gone')]: 'delete done',
      [subjectTag('L')]: 'keep retained',
    })
  })

  test('configs are read only where a candidate has no better date', async () => {
    const manifests = {
      A: image('A', { days: 90 }),
      B: image('B', { days: 1, annotatedDays: 90 }),
      M: index(['C', 'D']),
      C: image('C', { days: 80 }),
      D: image('D', { annotatedDays: 70 }),
      P: image('P', { days: 90 }),
      X: image('X', { days: 90 }),
    }
    const tags = { a: 'A', b: 'B', m: 'M', p: 'P', latest: 'X', other: 'X' }
    const asked = async (rules: Parameters<typeof policy>[0], options = {}) => {
      const world = new World(tags, manifests, options)
      await read(world, { tags: 'a b m p', ...rules })
      return requestsFor(world, 'CONFIG')
    }
    expect(await asked({ olderThan: '30d' })).toEqual(['CONFIG A', 'CONFIG C', 'CONFIG P'])
    expect(await asked({ olderThan: '30d', ageSource: 'pushed' })).toEqual([])
    expect(await asked({ keepVersions: '1 patch' })).toEqual([])
    expect(await asked({ minKeep: 3 })).toEqual(['CONFIG A', 'CONFIG C', 'CONFIG P'])
    const listing = () => ({
      tags: new Map(),
      manifests: new Map(
        names('A B M P').map((name) => [
          digestOf(name),
          { ages: name === 'P' ? [{ at: NOW, source: 'pushed' as const }] : [], locked: null },
        ]),
      ),
      untagged: [],
      complete: true,
    })
    expect(await asked({ olderThan: '30d' }, { listing })).toEqual(['CONFIG A', 'CONFIG C'])
  })

  test('an index is as old as its newest platform; one undated platform makes it unknown', async () => {
    const world = new World(
      { old: 'M', undated: 'N', latest: 'L' },
      {
        M: index(['A', 'B']),
        A: image('A', { days: 400 }),
        B: image('B', { days: 100 }),
        N: index(['A', 'C']),
        C: image('C'),
        L: image('L'),
      },
    )
    const outcome = await pruneWorld(world, { tags: '*', olderThan: '90d' }, { dryRun: true })
    const [old, undated] = outcome.tags
    expect(old).toMatchObject({ decision: 'delete', age: { source: 'config' } })
    expect(old?.age?.at).toBe(Date.parse(daysAgo(100)))
    expect(undated).toMatchObject({ decision: 'keep', reason: 'unknown-age', age: null })
  })

  test('a config that cannot be read makes the age unknown, and so keeps the tag', async () => {
    const world = new World({ v1: 'A', latest: 'L' }, { A: image('A', { days: 90 }), L: image('L') })
    world.fault = (line) => (line === 'CONFIG A' ? failure('server') : null)
    const outcome = await pruneWorld(world, { tags: 'v*', olderThan: '30d' })
    expect(outcome.tags[0]).toMatchObject({ decision: 'keep', reason: 'unknown-age' })
  })

  test('untagged manifests that a vendor lists are read, with their locks and dates', async () => {
    const pushed = (days: number) => [{ at: asTimestamp(NOW - days * 86_400_000), source: 'pushed' as const }]
    const listing = () => ({
      tags: new Map(),
      manifests: new Map([
        [digestOf('old'), { ages: pushed(9), locked: null }],
        [digestOf('young'), { ages: pushed(0.1), locked: null }],
        [digestOf('locked'), { ages: pushed(9), locked: 'delete is disabled' }],
      ]),
      untagged: ['old', 'young', 'locked', 'undated'].map(digestOf),
      complete: true,
    })
    const manifests = ['old', 'young', 'locked', 'undated', 'L'].map((name) => [name, image(name)] as const)
    const world = new World({ latest: 'L' }, Object.fromEntries(manifests), {
      listing,
      capabilities: { listsUntagged: true },
    })
    await pruneWorld(world, { deleteUntagged: true })
    expect(world.state().manifests).toEqual(['L', 'locked', 'undated', 'young'])
  })

  test('a list that a vendor could not give whole stops every delete', async () => {
    const listing = () => ({ tags: new Map(), manifests: new Map(), untagged: [], complete: false })
    const world = new World({ v1: 'A', latest: 'L' }, { A: image('A'), L: image('L') }, { listing })
    const outcome = await pruneWorld(world, { tags: 'v*' })
    expect(world.writes()).toEqual([])
    expect(outcome).toMatchObject({ state: 'refused', refusals: [{ kind: 'incomplete-list' }] })
  })

  test.each(['protocol', 'server', 'denied', 'not-found-repository', 'integrity'] as const)(
    'a manifest that ends as %s stops every delete in its repository, and no other',
    async (kind) => {
      const worlds = [0, 1].map(
        () => new World({ v1: 'A', latest: 'M' }, { A: image('A'), M: index(['B']), B: image('B') }),
      )
      worlds[0]!.fault = (line) => (line === 'GET B' ? failure(kind) : null)
      const outcomes = [
        await pruneWorld(worlds[0]!, { tags: 'v*' }),
        await pruneWorld(worlds[1]!, { tags: 'v*' }),
      ]
      expect(outcomes.map(({ state }) => state)).toEqual(['refused', 'done'])
      expect(worlds[0]!.writes()).toEqual([])
    },
  )

  test.each([
    [[], 'refused'],
    [['UNAUTHORIZED'], 'refused'],
    [['MANIFEST_UNKNOWN'], 'done'],
    [['UNKNOWN'], 'done'],
  ])('a 404 proves absence by the word of the registry: %j', async (codes, state) => {
    const world = new World({ v1: 'A', latest: 'M' }, { A: image('A'), M: index(['B']), B: image('B') })
    const exchange = { method: 'GET', url: 'https://registry.example/', status: 404, codes }
    const error = new WardenError('not-found', 'not found', { exchange })
    world.fault = (line) => (line === 'GET B' ? error : null)
    expect((await pruneWorld(world, { tags: 'v*' })).state).toBe(state)
  })

  test('referrers that cannot be read stop every delete, too', async () => {
    const world = new World(
      { v1: 'A', latest: 'L' },
      { A: image('A'), L: image('L') },
      { referrersApi: true },
    )
    world.fault = (line) => (line === 'REFERRERS L' ? failure('server') : null)
    const outcome = await pruneWorld(world, { tags: 'v*' })
    expect(outcome.refusals.map(({ kind }) => kind)).toEqual(['unreadable'])
    expect(world.writes()).toEqual([])
  })

  test('what every request would meet ends the reading at once', async () => {
    const tags = Object.fromEntries(Array.from({ length: 100 }, (_, number) => [`v${number}`, 'A']))
    const world = new World(tags, { A: image('A') })
    world.fault = (line) => (line.startsWith('GET ') ? failure('unauthorized', 'who are you') : null)
    const outcome = await pruneWorld(world, { tags: 'v1' })
    expect(outcome).toMatchObject({ state: 'failed', problems: ['who are you'] })
    expect(world.requests.length).toBeLessThan(10)
  })

  test('a registry that fails every read is given up after 20', async () => {
    const tags = Object.fromEntries(Array.from({ length: 100 }, (_, number) => [`v${number}`, 'A']))
    const world = new World(tags, { A: image('A') })
    world.fault = (line) => (line.startsWith('GET ') ? failure('server') : null)
    expect((await pruneWorld(world, { tags: 'v1' })).state).toBe('failed')
    expect(world.requests.length).toBeLessThan(40)
  })

  test('children that are gone are warned of and block nothing', async () => {
    const world = new World(
      { v1: 'A', ghost: 'M', latest: 'L' },
      { A: image('A'), M: index(['x', 'y']), L: image('L') },
    )
    const outcome = await pruneWorld(world, { tags: 'v*' })
    expect(outcome).toMatchObject({ state: 'done', tally: { deleted: 1 } })
    expect(outcome.warnings.map(({ message }) => message)).toEqual([
      'ghost: 2 of 2 manifests are not in the repository',
    ])
  })

  test('a listed tag that is not found is warned of and kept', async () => {
    const world = new World({ v1: 'A', dangling: 'gone', latest: 'L' }, { A: image('A'), L: image('L') })
    const outcome = await pruneWorld(world, { tags: '*', keepLatest: 0, olderThan: '1d' })
    expect(outcome.tags.find(({ tag }) => tag === 'dangling')).toMatchObject({
      decision: 'keep',
      digest: null,
    })
  })

  test('a repository that is not there is an empty one', async () => {
    const world = new World({}, {})
    world.fault = () => failure('not-found-repository')
    expect(await pruneWorld(world, { tags: '*', keepLatest: 1 })).toMatchObject({ state: 'done', tags: [] })
  })

  test('a protected digest that no tag leads to protects what it needs', async () => {
    const world = new World({ v1: 'A', latest: 'L' }, { A: image('A'), L: image('L'), pinned: index(['A']) })
    await pruneWorld(world, { tags: 'v*', protect: ['pinned'] })
    expect(world.state().manifests).toContain('A')
  })
})
