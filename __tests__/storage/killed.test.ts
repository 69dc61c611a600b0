import { readFile, symlink, truncate, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseDigest } from '../../src/domain/names/digest.ts'
import { parseReference, parseRegistry } from '../../src/domain/names/reference.ts'
import { parseTag } from '../../src/domain/names/tag.ts'
import { parseDuration } from '../../src/domain/quantities/duration.ts'
import { asTimestamp } from '../../src/domain/quantities/timestamp.ts'
import type { GarbageCollection } from '../../src/domain/storage/garbage.ts'
import { createCollectGarbage } from '../../src/storage/collect.ts'
import type { StorageFiles } from '../../src/storage/files.ts'
import { openNodeFiles } from '../../src/storage/node-files.ts'
import { createStorageSource } from '../../src/storage/source.ts'
import { layer } from '../support/blobs.ts'
import { image, index } from '../support/images.ts'
import { blobPath, repositoryPath } from '../support/storage-layout.ts'
import { filesIn, servedWhole, writeStorage, type WrittenStorage } from './stage.ts'

const base = layer('base', 3_000)
const app = (seed: string) => image([base, layer(seed, 500)])
const OLD = index([app('old one'), app('old two')])
const KEPT = app('kept')
const silent = () => undefined
const LOG = { debug: silent, info: silent, notice: silent, warning: silent }

class Killed extends Error {}

/** Counts the writes, and dies instead of the one with this number. */
function dyingAt(files: StorageFiles, step: number): StorageFiles & { readonly steps: () => number } {
  let steps = 0
  const dying =
    <A extends readonly unknown[], R>(write: (...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> => {
      steps += 1
      if (steps >= step) throw new Killed()
      return write(...args)
    }
  return {
    ...files,
    makeFolder: dying(files.makeFolder),
    create: dying(files.create),
    rename: dying(files.rename),
    removeFile: dying(files.removeFile),
    removeFolder: dying(files.removeFolder),
    sync: dying(files.sync),
    steps: () => steps,
  }
}

function targetOf(files: StorageFiles, url: string) {
  const { repository } = parseReference('team/app', parseRegistry(url))
  return createStorageSource(files, LOG).target(repository, { mayWrite: true })
}

async function pruneAndSweep(files: StorageFiles, url: string): Promise<GarbageCollection> {
  await prune(files, url)
  return sweep(files)
}

async function prune(files: StorageFiles, url: string): Promise<void> {
  const { vendor } = await targetOf(files, url)
  await vendor.untag(parseTag('also', 'tag'), KEPT.manifest.digest)
  for (const { digest } of OLD.manifests.toReversed()) await vendor.deleteManifest(parseDigest(digest))
}

function sweep(files: StorageFiles): Promise<GarbageCollection> {
  const collect = createCollectGarbage({ files, now: () => asTimestamp(Date.now()), timeIsUp: () => false })
  return collect({ dryRun: false, grace: parseDuration('1h', 'untagged-grace') })
}

describe('a storage folder', () => {
  let written: WrittenStorage
  beforeAll(async () => {
    written = await writeStorage({
      'team/app': { v1: OLD, 'v1.0': OLD, kept: KEPT, also: KEPT },
      other: { same: app('old one') },
    })
    await written.age(3)
  })
  afterAll(() => written.remove())

  it('loses nothing that is kept, killed at every single step, and the next run completes', async () => {
    const whole = await written.copy()
    const counted = dyingAt(await openNodeFiles(whole.folder), Infinity)
    expect(await pruneAndSweep(counted, whole.url)).toMatchObject({ state: 'swept', young: 0 })
    const ended = await filesIn(whole.folder)
    expect(ended.length).toBeLessThan((await filesIn(written.folder)).length)
    // every killed run has to end with these files, so it is enough to serve them once
    const registry = await whole.serve()
    expect((await registry.disk('team/app')).tags).toEqual(['kept'])
    expect(await servedWhole(registry, 'team/app', KEPT)).toEqual([])
    expect(await servedWhole(registry, 'other', app('old one'))).toEqual([])
    await registry.stop()
    await whole.remove()
    expect(counted.steps()).toBeGreaterThan(30)
    for (let step = 1; step <= counted.steps(); step += 1) {
      const storage = await written.copy()
      const files = await openNodeFiles(storage.folder)
      await expect(pruneAndSweep(dyingAt(files, step), storage.url)).rejects.toThrow(Killed)
      const left = new Set(await filesIn(storage.folder))
      expect([step, ended.filter((path) => !left.has(path))]).toEqual([step, []])
      await pruneAndSweep(files, storage.url)
      expect([step, await filesIn(storage.folder)]).toEqual([step, ended])
      await storage.remove()
    }
  })

  it('puts back, killed at every single step, all that a prune deleted, and overwrites nothing', async () => {
    const storage = await written.copy()
    const manifests = OLD.manifests.map(({ digest, bytes, mediaType }) => ({ digest, mediaType, bytes }))
    const pruned = await storage.copy()
    const before = await filesIn(storage.folder)
    await prune(await openNodeFiles(pruned.folder), pruned.url)
    await pruned.age(2)
    const left = await filesIn(pruned.folder)
    expect(left.length).toBeLessThan(before.length)
    const undo = async (files: StorageFiles, url: string): Promise<void> => {
      const { vendor } = await targetOf(files, url)
      for (const { digest, ...stored } of manifests) await vendor.putManifest(parseDigest(digest), stored)
      const top = OLD.manifests.at(-1)!
      for (const tag of ['v1', 'v1.0'])
        await vendor.putManifest(parseTag(tag, 'tag'), { mediaType: top.mediaType, bytes: top.bytes })
      await vendor.putManifest(parseTag('also', 'tag'), KEPT.manifest)
    }
    const whole = await pruned.copy()
    const counted = dyingAt(await openNodeFiles(whole.folder), Infinity)
    await undo(counted, whole.url)
    const ended = await filesIn(whole.folder)
    expect(ended).toEqual(before)
    const registry = await whole.serve()
    expect((await registry.disk('team/app')).tags).toEqual(['also', 'kept', 'v1', 'v1.0'])
    expect(await servedWhole(registry, 'team/app', OLD)).toEqual([])
    await registry.stop()
    expect(counted.steps()).toBeGreaterThan(20)
    for (let step = 1; step <= counted.steps(); step += 1) {
      const killed = await pruned.copy()
      const files = await openNodeFiles(killed.folder)
      await expect(undo(dyingAt(files, step), killed.url)).rejects.toThrow(Killed)
      const now = new Set(await filesIn(killed.folder))
      expect([step, left.filter((path) => !now.has(path))]).toEqual([step, []])
      await undo(files, killed.url)
      expect([step, await filesIn(killed.folder)]).toEqual([step, ended])
      await killed.remove()
    }
    await Promise.all([storage, pruned, whole].map((each) => each.remove()))
  })

  const tagLink = `${repositoryPath('team/app')}/_manifests/tags/v1/current/link`
  const revision = (digest: string) =>
    `${repositoryPath('team/app')}/_manifests/revisions/${digest.replace(':', '/')}/link`
  it.each<[string, (folder: string) => Promise<void>, 'swept' | 'refused', RegExp]>([
    [
      'an empty tag link',
      (folder) => truncate(join(folder, tagLink)),
      'swept',
      /tags\/v1 is damaged: .*is empty/,
    ],
    [
      'a tag without link',
      (folder) => unlink(join(folder, tagLink)),
      'swept',
      /tags\/v1 has no current\/link/,
    ],
    [
      'a tag of a manifest that is not there',
      (folder) => writeFile(join(folder, tagLink), `sha256:${'a'.repeat(64)}`),
      'swept',
      /tags\/v1 names sha256:a+, which/,
    ],
    [
      'an empty revision link',
      (folder) => truncate(join(folder, revision(KEPT.manifest.digest))),
      'refused',
      /is empty/,
    ],
    [
      'a manifest that is gone',
      (folder) => unlink(join(folder, blobPath(KEPT.manifest.digest))),
      'refused',
      /it is missing/,
    ],
    [
      'a manifest that was cut',
      (folder) => truncate(join(folder, blobPath(KEPT.manifest.digest)), 20),
      'refused',
      /its content is not that/,
    ],
    [
      'a layer that is gone',
      (folder) => unlink(join(folder, blobPath(base.digest))),
      'swept',
      /is missing, and sha256:/,
    ],
    [
      'a file of somebody else',
      (folder) => writeFile(join(folder, 'docker/registry/v2/blobs/notes'), ''),
      'swept',
      /blobs\/notes is not the registry's/,
    ],
    [
      'a link out of the folder',
      (folder) => symlink('/etc', join(folder, repositoryPath('linked'))),
      'refused',
      /linked is a link, a pipe or a device/,
    ],
  ])('is left alone where it has %s, and that is named', async (_, harm, state, what) => {
    const storage = await written.copy()
    await harm(storage.folder)
    const before = await filesIn(storage.folder)
    const result = await sweep(await openNodeFiles(storage.folder))
    expect(result.state).toBe(state)
    expect(result.damage.map((each) => `${each.path} ${each.what}`).join('\n')).toMatch(what)
    // every manifest is still held, so nothing may go
    expect(await filesIn(storage.folder)).toEqual(before)
    await storage.remove()
  })

  it('is never left through a link', async () => {
    const storage = await written.copy()
    await symlink('/etc', join(storage.folder, 'docker/out'))
    const files = await openNodeFiles(storage.folder)
    await expect(files.read('docker/out/hostname', 1000)).rejects.toThrow(/is a symbolic link, or below one/)
    await expect(files.list('docker/out')).rejects.toThrow(/is a symbolic link/)
    await expect(files.removeFile('docker/out/hostname')).rejects.toThrow(/is a symbolic link/)
    expect((await readFile('/etc/hostname')).length).toBeGreaterThan(0)
    await storage.remove()
  })
})
