import { describe, expect, it } from 'vitest'
import { WardenError } from '../../../src/domain/errors.ts'
import { isDigest } from '../../../src/domain/names/digest.ts'
import type { Digest } from '../../../src/domain/names/digest.ts'
import { parseTag } from '../../../src/domain/names/tag.ts'
import { asBytes } from '../../../src/domain/quantities/bytes.ts'
import { undoFailure } from '../../../src/report/undo/log.ts'
import { undo } from '../../../src/usecases/undo/undo.ts'
import { digestOf } from '../../support/fake-reader.ts'
import { SILENT } from '../prune/stage.ts'
import { OCI_INDEX, World, image, index, type Made } from '../prune/world.ts'

const refused = new WardenError('protocol', 'refused', {
  exchange: { method: 'PUT', url: 'https://r.example/v2/', status: 400, codes: ['DIGEST_INVALID'] },
})

/** A world in which all of these are gone, and what an undo file has of them: `{ v1: 'A' }`. */
function pruned(
  manifests: Readonly<Record<string, Made>>,
  tags: Readonly<Record<string, string>>,
  kept: readonly string[] = [],
) {
  const world = new World({}, manifests)
  for (const name of Object.keys(manifests)) if (!kept.includes(name)) world.manifests.delete(name)
  const deleted = Object.entries(manifests)
    .filter(([name]) => !kept.includes(name))
    .map(([name, { manifest }]) => ({
      digest: digestOf(name),
      stored: { mediaType: OCI_INDEX, bytes: Buffer.from(name) },
      manifest: { digest: digestOf(name), size: asBytes(500), manifest },
      tags: Object.entries(tags).flatMap(([tag, of]) => (of === name ? [parseTag(tag, 'test')] : [])),
      versionId: null,
    }))
  const run = (target = world.target) =>
    undo(
      { targets: [{ target, deleted }] },
      { log: SILENT, timeIsUp: () => false, sleep: () => Promise.resolve() },
    )
  return { world, run }
}

describe('the tags of an undo', () => {
  const manifests = {
    'I-1': index(['I-2']),
    'I-2': index(['A']),
    S: image('S', { subject: 'I-1' }),
    A: image('A'),
  }

  it('wait for those of what their manifests need, which a registry may not find meanwhile', async () => {
    const { world, run } = pruned(manifests, { all: 'I-1', some: 'I-2', sig: 'S', one: 'A', other: 'A' })
    const needs = new Map<string, string>([
      ['I-1', 'I-2'],
      ['I-2', 'A'],
      ['S', 'I-1'],
    ])
    const busy: string[] = []
    const { vendor } = world.target
    const putManifest: typeof vendor.putManifest = async (name, stored) => {
      const which = Buffer.from(stored.bytes).toString()
      if (busy.includes(needs.get(which) ?? '')) throw refused
      if (!isDigest(name)) busy.push(which)
      await new Promise((done) => setTimeout(done, 5))
      if (!isDigest(name)) busy.splice(busy.indexOf(which), 1)
      await vendor.putManifest(name, stored)
    }
    const [first, second] = [
      await run({ ...world.target, vendor: { ...vendor, putManifest } }),
      world.state(),
    ]
    expect(first).toMatchObject({ verdict: 'pass', restored: 5, unrestored: 0 })
    expect(second.tags).toEqual(['all→I-1', 'one→A', 'other→A', 'sig→S', 'some→I-2'])
    const puts = world.writes().filter((line) => /^PUT [a-z]/.test(line))
    expect(puts.slice(-3)).toEqual(['PUT some', 'PUT all', 'PUT sig'])
  })

  it('are tried once more where one is refused whose manifest is there', async () => {
    const { world, run } = pruned({ A: image('A') }, { one: 'A' })
    let refusals = 1
    world.fault = (line) => (line === 'PUT one' && refusals-- > 0 ? refused : null)
    expect(await run()).toMatchObject({ verdict: 'pass', restored: 1 })
    const again = pruned({ A: image('A') }, { one: 'A' })
    again.world.fault = (line) => (line === 'PUT one' ? refused : null)
    expect(await again.run()).toMatchObject({ verdict: 'fail', unrestored: 1 })
    expect(again.world.writes().filter((line) => line === 'PUT one')).toHaveLength(2)
  })

  it('are looked at before that: what was pushed there stays', async () => {
    const { world, run } = pruned({ A: image('A') }, { one: 'A' })
    world.fault = (line) => {
      if (line !== 'PUT one') return null
      world.push('B', image('B'), 'one')
      return refused
    }
    expect(await run()).toMatchObject({ verdict: 'warn', repositories: [{ tags: [{ status: 'moved' }] }] })
    expect(world.state().tags).toEqual(['one→B'])
  })
})

describe('an index that lists what the undo file does not have', () => {
  const manifests = { I: index(['A', 'B']), J: index(['B']), A: image('A'), B: image('B') }

  it('is put back, red and named, where the registry does not have it either', async () => {
    const { world, run } = pruned(
      { I: index(['A', 'B']), J: index(['B']), A: image('A') },
      { v1: 'I', v2: 'J' },
    )
    const report = await run()
    expect(report).toMatchObject({ verdict: 'fail', restored: 1, unrestored: 2 })
    expect(world.state().tags).toEqual(['v1→I', 'v2→J'])
    expect(undoFailure(report)).toContain(
      `:v1 was not put back whole: neither the registry nor the undo file has ${digestOf('B')}, which it lists`,
    )
    const looks = (digest: Digest) => world.requests.filter((line) => line === `HEAD ${world.nameOf(digest)}`)
    expect(looks(digestOf('B'))).toHaveLength(1)
    // a second run says the same
    expect(await run()).toMatchObject({ verdict: 'fail', restored: 0, unrestored: 2 })
  })

  it('is whole where the registry has it', async () => {
    const { run } = pruned(manifests, { v1: 'I', v2: 'J' }, ['B'])
    expect(await run()).toMatchObject({ verdict: 'pass', unrestored: 0 })
  })

  it('is refused by some registries, which is not for its layers', async () => {
    const { world, run } = pruned({ J: index(['B']) }, { v2: 'J' })
    const unknown = new WardenError('protocol', 'refused', {
      exchange: { method: 'PUT', url: '', status: 400, codes: ['MANIFEST_BLOB_UNKNOWN'] },
    })
    world.fault = (line) => (line.startsWith('PUT') ? unknown : null)
    expect(undoFailure(await run())).toContain(`neither the registry nor the undo file has ${digestOf('B')}`)
  })
})
