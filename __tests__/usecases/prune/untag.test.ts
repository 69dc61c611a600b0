import { describe, expect, test } from 'vitest'
import { parseTag } from '../../../src/domain/names/tag.ts'
import type { UndoEntry } from '../../../src/domain/prune/ports.ts'
import { asBytes } from '../../../src/domain/quantities/bytes.ts'
import { undo } from '../../../src/usecases/undo/undo.ts'
import { fatesOf, pruneWorld, pruneWorlds, SILENT } from './stage.ts'
import { policy } from '../../domain/prune/repository-dsl.ts'
import { failure, image, index, World } from './world.ts'

const rules = { tags: '*-nightly', exclude: 'latest stable' }
/** A vendor of which it is known that it removes single tags, rightly or not. */
const KNOWN = { capabilities: { untag: 'yes' as const } }

/** Three tags on one image: two nightlies that go, and two that stay. */
function shop(options: ConstructorParameters<typeof World>[2] = {}): World {
  return new World(
    { '1-nightly': 'D', '2-nightly': 'D', '3-nightly': 'D', stable: 'D', latest: 'D' },
    { D: image('D') },
    options,
  )
}

describe('a tag of a manifest that stays', () => {
  test('is removed without its manifest where the registry can', async () => {
    const world = shop()
    const outcome = await pruneWorld(world, rules)
    expect(world.writesToOthers()).toEqual(['UNTAG 1-nightly', 'UNTAG 2-nightly', 'UNTAG 3-nightly'])
    expect(world.state()).toEqual({ tags: ['latest→D', 'stable→D'], manifests: ['D'] })
    expect(outcome).toMatchObject({ state: 'done', tally: { untagged: 3, kept: 2 }, reclaimedBytes: 0 })
  })

  test('is skipped with the reason where it cannot, and tried once only', async () => {
    const world = shop({ untag: 'unsupported' })
    const outcome = await pruneWorld(world, rules)
    expect(world.writes()).toEqual(['UNTAG registry-warden-probe-1'])
    expect(world.state().tags).toHaveLength(5)
    expect(outcome).toMatchObject({ state: 'done', tally: { skipped: 3, untagged: 0 } })
    const dry = await pruneWorld(world, rules, { dryRun: true })
    expect(dry.tags[0]?.note).toBe('only if the registry can; registry:2 needs shared-digest: swap')
    const swapped = await pruneWorld(world, { ...rules, sharedDigest: 'swap' }, { dryRun: true })
    expect(swapped.tags[0]?.note).toBeNull()
    expect(outcome.tags[0]).toMatchObject({
      decision: 'skip',
      status: 'retained',
      reason: 'shared-digest',
      decidedBy: { tag: 'stable' },
      note: 'no tag deletes here',
    })
  })

  test('is tried on what is ours, and nothing else is deleted with it where a HEAD tells another digest', async () => {
    const world = shop()
    const { target } = world
    const { head } = target.reader
    const lying: typeof head = async (name, expected) => {
      const found = await head(name, expected)
      return name.startsWith('registry-warden-probe-') && found !== null
        ? head(parseTag('stable', 'tag'))
        : found
    }
    const reader = { ...target.reader, head: lying }
    Object.defineProperty(world, 'target', { value: { ...target, reader } })
    world.fault = (line) => (line === 'UNTAG registry-warden-probe-2' ? failure('denied') : null)
    await pruneWorld(world, rules)
    expect(world.writes()).not.toContain('DELETE D')
    expect(world.state().tags).toEqual(expect.arrayContaining(['latest→D', 'stable→D']))
  })

  test('is a canary: the first one that takes its siblings along is the last one, and they are put back', async () => {
    const worlds = [shop({ untag: 'takes-siblings', ...KNOWN }), shop()]
    const report = await pruneWorlds(worlds, policy(rules))
    expect(worlds[0]!.writes()).toEqual([
      'UNTAG 1-nightly',
      'PUT D',
      'PUT 2-nightly',
      'PUT 3-nightly',
      'PUT stable',
      'PUT latest',
    ])
    expect(worlds[0]!.state().tags).toEqual(['2-nightly→D', '3-nightly→D', 'latest→D', 'stable→D'])
    expect(worlds[1]!.writes()).toEqual([])
    const [outcome] = report.repositories
    expect(outcome?.problems[0]).toMatch(
      /the registry deleted sha256:\S+, 2-nightly, 3-nightly, stable, latest together with the tag 1-nightly/,
    )
    expect(outcome?.problems[0]).toMatch(/stable does not resolve any more: it was put back/)
    expect(outcome).toMatchObject({ state: 'failed', broken: [], tally: { untagged: 1, pending: 2 } })
  })

  test('the canary is watched at the first tag that really went', async () => {
    const world = shop({ untag: 'takes-siblings', ...KNOWN })
    world.meanwhile = (line) => {
      if (line === 'HEAD 1-nightly') world.tags.delete('1-nightly')
    }
    await pruneWorld(world, rules)
    expect(world.writes().filter((line) => line.startsWith('UNTAG '))).toEqual(['UNTAG 2-nightly'])
    expect(world.state().tags).toEqual(expect.arrayContaining(['latest→D', 'stable→D']))
  })

  test('that was moved or removed in the meantime is left alone', async () => {
    const world = shop()
    world.meanwhile = (line) => {
      if (line === 'HEAD 1-nightly' && !world.manifests.has('E')) world.push('E', image('E'), '1-nightly')
      if (line === 'HEAD 2-nightly') world.tags.delete('2-nightly')
    }
    const outcome = await pruneWorld(world, rules)
    expect(world.writesToOthers()).toEqual(['UNTAG 3-nightly'])
    expect(fatesOf(outcome)).toMatchObject({ '1-nightly': 'skip retained', '2-nightly': 'untag gone' })
  })
})

describe('where nobody knows what removing a tag takes along', () => {
  test('it is tried on a manifest of our own, which goes again, before anything that stays', async () => {
    const world = shop({ untag: 'takes-siblings' })
    const outcome = await pruneWorld(world, rules)
    expect(world.writesToOthers()).toEqual([])
    expect(world.state()).toEqual(shop().state())
    expect(outcome).toMatchObject({ state: 'done', tally: { untagged: 0, skipped: 3, kept: 2 } })
    expect(outcome.tags[0]?.note).toMatch(/deletes the whole manifest, with all its tags/)
  })

  test('a login that may not push removes no single tag, and the reason is said', async () => {
    const world = shop()
    world.fault = (line) => (line.startsWith('PUT ') ? failure('denied', 'push is not allowed') : null)
    const outcome = await pruneWorld(world, rules)
    expect(world.state()).toEqual(shop().state())
    expect(outcome).toMatchObject({ state: 'done', tally: { untagged: 0, skipped: 3 } })
    expect(outcome.tags[0]?.note).toMatch(/could not be tried .*: push is not allowed/)
  })

  test('it is not tried on an index whose platform images stay', async () => {
    const world = new World(
      { v1: 'I', v2: 'I', v3: 'L', latest: 'L', 'a-1': 'A' },
      { I: index(['A']), A: image('A'), L: image('L') },
      { untag: 'takes-siblings', quirk: 'cascades' },
    )
    world.answer = (line) => {
      if (line === 'DELETE I') return { kind: 'failed', error: failure('protocol') }
      return null
    }
    await pruneWorld(world, { tags: 'v*' })
    expect(world.writesToOthers()).toEqual(['DELETE I'])
  })

  test('a PUT by digest is not made where no tag can be removed anyway', async () => {
    const world = new World(
      { 'v1-amd64': 'A', release: 'R' },
      { R: index(['A']), A: image('A') },
      { untag: 'unsupported', capabilities: { holds: 'unknown' } },
    )
    await pruneWorld(world, { tags: 'v*' })
    expect(world.writes()).toEqual(['UNTAG registry-warden-probe-1'])
  })

  test('a manifest that goes with its last tag, even after a PUT by digest, keeps that tag', async () => {
    const world = new World(
      { 'v1-amd64': 'A', v0: 'L', stable: 'L', release: 'R' },
      { R: index(['A']), A: image('A'), L: image('L') },
      { quirk: 'last-tag', capabilities: { holds: 'unknown' } },
    )
    const outcome = await pruneWorld(world, { tags: 'v*' })
    expect(world.state().tags).toEqual(['release→R', 'stable→L', 'v1-amd64→A'])
    expect(fatesOf(outcome)).toMatchObject({ 'v1-amd64': 'skip retained', v0: 'untag done' })
  })

  test('what was pushed for it and cannot be deleted is named', async () => {
    const world = shop()
    world.answer = (line) =>
      line.startsWith('DELETE placeholder')
        ? { kind: 'locked', error: failure('denied', 'kept by a rule') }
        : null
    const outcome = await pruneWorld(world, rules)
    expect(outcome.problems.join()).toMatch(
      /pushed to try out the removal of a tag, may be left.*kept by a rule/,
    )
  })
})

test('a trial whose answer is lost proves nothing: what it took along is not taken for safe', async () => {
  const world = new World(
    { '1-nightly': 'M', '2-nightly': 'M', '3-nightly': 'K', stable: 'K', '4-nightly': 'L', latest: 'L' },
    { M: image('M'), K: image('K'), L: image('L') },
    { untag: 'takes-siblings' },
  )
  let isFirst = true
  world.spoil = (outcome) => {
    if (!isFirst || outcome.kind !== 'done') return outcome
    isFirst = false
    return { kind: 'again', wait: 0, error: failure('network') }
  }
  await pruneWorld(world, rules, { validate: false })
  expect(isFirst).toBe(false)
  expect(world.state().tags).toEqual(expect.arrayContaining(['latest→L', 'stable→K']))
})

describe('shared-digest: swap', () => {
  const swap = { ...rules, sharedDigest: 'swap' as const }

  test('a job that is cancelled between the placeholder and its deletion leaves no tag on it', async () => {
    const world = shop({ untag: 'unsupported' })
    let isCancelled = false
    world.meanwhile = (line) => {
      if (line.startsWith('PUT 1-nightly')) isCancelled = true
    }
    const outcome = await pruneWorld(world, swap, {
      timeIsUp: () => isCancelled,
      isCancelled: () => isCancelled,
    })
    const named = world.tags.get('1-nightly')
    const told = [...outcome.problems, ...outcome.tags.map(({ note }) => note)].join()
    expect([undefined, 'D', told.includes('1-nightly names a placeholder') ? named : 'D']).toContain(named)
    expect(world.tags.get('stable')).toBe('D')
    expect(outcome.state).toBe('failed')
  })

  test('deletes the manifest that was put there, never what the tag names', async () => {
    const world = shop({ untag: 'unsupported' })
    const outcome = await pruneWorld(world, swap)
    expect(world.writes()).toEqual([
      'UNTAG registry-warden-probe-1',
      'PUT 1-nightly',
      'DELETE placeholder-1',
      'PUT 2-nightly',
      'DELETE placeholder-2',
      'PUT 3-nightly',
      'DELETE placeholder-3',
    ])
    expect(world.state()).toEqual({ tags: ['latest→D', 'stable→D'], manifests: ['D'] })
    expect(outcome.tally).toMatchObject({ untagged: 3 })
  })

  test('is not needed where tags can be removed', async () => {
    const world = shop()
    await pruneWorld(world, swap)
    expect(world.writesToOthers().every((line) => line.startsWith('UNTAG '))).toBe(true)
  })

  test.each(['unclear', 'off', 'denied'] as const)('pushes nothing when deletes are %s', async (deletes) => {
    const world = shop({ untag: 'unsupported', deletes })
    await pruneWorld(world, swap)
    expect(world.requests.filter((line) => /^(PUT|PREPARE) /.test(line))).toEqual([])
    expect(world.state().tags).toHaveLength(5)
  })

  test('a placeholder that did not arrive is pushed again', async () => {
    const world = shop({ untag: 'unsupported' })
    let failures = 0
    world.fault = (line) => (line === 'PUT 1-nightly' && (failures += 1) === 1 ? failure('network') : null)
    const outcome = await pruneWorld(world, swap)
    expect(outcome).toMatchObject({ state: 'done', tally: { untagged: 3 } })
    expect(world.state()).toEqual({ tags: ['latest→D', 'stable→D'], manifests: ['D'] })
  })

  const killedAt = (last: string) => {
    let isDead = false
    return (line: string) => {
      isDead ||= line === last
      return isDead ? failure('rate-limit') : null
    }
  }

  test.each(['rate-limit', 'denied', 'server'] as const)(
    'a placeholder that is never deleted (%s) leaves the tag as it was',
    async (kind) => {
      const world = shop({ untag: 'unsupported' })
      const before = world.state()
      world.fault = (line) => (line.startsWith('DELETE placeholder') ? failure(kind) : null)
      const { state, tally } = await pruneWorld(world, swap)
      expect([state === 'done', tally.untagged]).toEqual([false, 0])
      expect(world.state().tags).toEqual(before.tags)
    },
  )

  test('undo puts a tag back that still names the placeholder of a run that was killed', async () => {
    const world = shop({ untag: 'unsupported' })
    const before = world.state()
    const entries: UndoEntry[] = []
    const record = (entry: UndoEntry) => {
      entries.push(entry)
      return Promise.resolve(null)
    }
    world.fault = killedAt('DELETE placeholder-1')
    await pruneWorld(world, swap, { record })
    expect(world.state().tags).toContain('1-nightly→placeholder-1')
    world.fault = () => null
    const deleted = entries.map(({ digest, stored, tags, versionId }) => {
      const { manifest } = world.madeOf(world.nameOf(digest))
      return { digest, stored, manifest: { digest, size: asBytes(500), manifest }, tags, versionId }
    })
    await undo(
      { targets: [{ target: world.target, deleted }] },
      { log: SILENT, timeIsUp: () => false, sleep: async () => undefined },
    )
    expect(world.state().tags).toEqual(before.tags)
  })

  test('a run that ends between push and delete is completed by the next one', async () => {
    const world = shop({ untag: 'unsupported' })
    world.fault = killedAt('DELETE placeholder-1')
    const first = await pruneWorld(world, swap)
    expect(first.state).toBe('failed')
    expect(first.problems.join()).toContain('1-nightly names a placeholder of this run instead of')
    expect(world.state().tags).toContain('1-nightly→placeholder-1')
    world.fault = () => null
    const second = await pruneWorld(world, swap)
    expect(second.state).toBe('done')
    expect(world.state()).toEqual({ tags: ['latest→D', 'stable→D'], manifests: ['D'] })
  })

  test.each(['no', 'unknown'] as const)(
    'puts nothing on a tag that was moved while the upload took its time (untag: %s)',
    async (untag) => {
      const world = shop({ untag: 'unsupported', capabilities: { untag } })
      world.meanwhile = (line) => {
        if (line === 'PREPARE placeholder') world.push('N', image('N'), '1-nightly')
      }
      const outcome = await pruneWorld(world, swap)
      expect(world.state().tags).toEqual(['1-nightly→N', 'latest→D', 'stable→D'])
      expect(outcome.tally).toMatchObject({ untagged: 2, skipped: 1 })
    },
  )

  test('a right to push that is missing stops it', async () => {
    const world = shop({ untag: 'unsupported' })
    world.fault = (line) => (line.startsWith('PUT ') ? failure('denied') : null)
    const outcome = await pruneWorld(world, swap)
    expect(world.writes()).toEqual(['UNTAG registry-warden-probe-1', 'PUT 1-nightly'])
    expect(outcome.state).toBe('failed')
  })
})

describe('a registry that wants tags gone first', () => {
  test('gets each tag deleted before its manifest', async () => {
    const world = new World(
      { v1: 'M', v2: 'M', latest: 'L' },
      { M: image('M'), L: image('L') },
      { capabilities: { tagsFirst: true, untag: 'yes' } },
    )
    const outcome = await pruneWorld(world, { tags: 'v*' })
    expect(world.writes()).toEqual(['UNTAG v1', 'UNTAG v2', 'DELETE M'])
    expect(fatesOf(outcome)).toMatchObject({ v1: 'delete done', v2: 'delete done' })
    expect(outcome.tally.deleted).toBe(2)
  })
})
