import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { filesIn, servedWhole, writeStorage, type WrittenStorage } from '../storage/stage.ts'
import { cosignSignature, cosignTag } from '../support/artifacts.ts'
import { layer } from '../support/blobs.ts'
import { image, index, type BuiltImage } from '../support/images.ts'
import { push } from '../support/push.ts'
import { storedBytes } from '../support/registry-disk.ts'
import { runAction, type ActionResult } from '../support/run-action.ts'
import { repositoryPath, writeStray } from '../support/storage-layout.ts'

const base = layer('base', 50_000)

function app(seed: string, platform = 'linux/amd64'): BuiltImage {
  return image([base, layer(`${seed} ${platform}`, 4_000)], { platform, created: '2026-01-02T03:04:05Z' })
}

function multi(seed: string): BuiltImage {
  return index([app(seed), app(seed, 'linux/arm64')])
}

const CONTENT = {
  'team/api': {
    '1.0': multi('1.0'),
    '1.1': multi('1.1'),
    stable: multi('1.1'),
    latest: app('latest'),
    [cosignTag(multi('1.0'))]: cosignSignature(multi('1.0')),
  },
  'team/api/deep': { '1.0': multi('1.0') },
  web: { old: app('web old'), kept: app('web kept') },
}

/** Outputs that tell the same of the same images, wherever they are. */
function figures({ outputs }: ActionResult) {
  const { json, ...rest } = outputs
  return { ...rest, json: json?.replaceAll(/(?:127\.0\.0\.1:\d+|storage\.localhost)\//g, '') }
}

describe('a storage folder that the registry wrote', () => {
  let written: WrittenStorage
  beforeAll(async () => {
    written = await writeStorage(CONTENT)
  })
  afterAll(() => written.remove())

  it('is measured as the registry that serves it is', async () => {
    const registry = await written.serve()
    const inputs = { image: 'team/api', tags: 'all' }
    const overHttp = await runAction({ inputs: { ...inputs, registry: registry.origin } })
    await registry.stop()
    const before = await filesIn(written.folder)
    const onDisk = await runAction({ inputs: { ...inputs, registry: written.url } })
    expect(onDisk.exitCode).toBe(0)
    expect(Number(onDisk.outputs['size'])).toBeGreaterThan(50_000)
    expect(figures(onDisk)).toEqual(figures(overHttp))
    expect(await filesIn(written.folder)).toEqual(before)
  })

  it('is planned as the registry that serves it is, and a dry run writes nothing', async () => {
    const registry = await written.serve()
    const inputs = {
      mode: 'prune',
      image: 'team/*',
      tags: '1.*',
      'min-keep': '1',
      'max-delete-percent': '100',
    }
    const overHttp = await runAction({ inputs: { ...inputs, registry: registry.origin } })
    await registry.stop()
    const before = await filesIn(written.folder)
    const onDisk = await runAction({ inputs: { ...inputs, registry: written.url } })
    expect(onDisk.exitCode).toBe(0)
    const planOf = ({ outputs }: ActionResult) => ({
      deleted: outputs['deleted-tags'],
      kept: outputs['kept-count'],
      bytes: outputs['reclaimed-bytes'],
    })
    expect(planOf(onDisk)).toEqual(planOf(overHttp))
    expect(onDisk.outputs['deleted-tags']).not.toBe('[]')
    expect(await filesIn(written.folder)).toEqual(before)
  })

  it('is pruned, and the registry serves all that was kept; undo brings back the rest', async () => {
    const storage = await written.copy()
    const workspace = await mkdtemp(join(tmpdir(), 'work-'))
    const inputs = { registry: storage.url, 'undo-file': 'undo.jsonl' }
    const pruned = await runAction({
      inputs: {
        ...inputs,
        mode: 'prune',
        image: 'team/api',
        tags: '1.*',
        'dry-run': 'false',
        'max-delete-percent': '100',
      },
      workspace,
    })
    expect(pruned).toMatchObject({ exitCode: 0, outputs: { 'deleted-count': '1', 'untagged-count': '1' } })
    let registry = await storage.serve()
    expect((await registry.disk('team/api')).tags).toEqual(['latest', 'stable'])
    for (const kept of [multi('1.1'), app('latest')])
      expect(await servedWhole(registry, 'team/api', kept)).toEqual([])
    expect(await servedWhole(registry, 'team/api/deep', multi('1.0'))).toEqual([])
    expect(await servedWhole(registry, 'team/api', multi('1.0'))).not.toEqual([])
    expect((await registry.disk('team/api')).manifests.size).toBe(4)
    await registry.stop()
    expect(await filesIn(storage.folder)).toEqual(
      (await filesIn(storage.folder)).filter((path) => !path.includes('warden')),
    )

    expect(pruned.summary).toContain('**To undo this prune**, until the storage folder is swept: ')
    expect(await readFile(join(workspace, 'undo.jsonl'), 'utf8')).not.toContain(storage.folder)
    const undone = await runAction({ inputs: { ...inputs, mode: 'undo' }, workspace })
    expect(undone).toMatchObject({ exitCode: 0, outputs: { 'unrestored-count': '0' } })
    registry = await storage.serve()
    expect((await registry.disk('team/api')).tags).toEqual(Object.keys(CONTENT['team/api']).toSorted())
    for (const each of Object.values(CONTENT['team/api']))
      expect(await servedWhole(registry, 'team/api', each)).toEqual([])
    await registry.stop()
    await storage.remove()
    await rm(workspace, { recursive: true })
  })

  describe('with garbage-collect', () => {
    const sweep = {
      mode: 'prune',
      image: 'team/api',
      tags: '1.*',
      'dry-run': 'false',
      'max-delete-percent': '100',
      'garbage-collect': 'true',
    }
    const left = (folder: string) =>
      filesIn(folder).then((paths) => paths.filter((path) => path.endsWith('/data')))

    it('gives back the bytes it says, and all that was kept is served', async () => {
      const storage = await written.copy()
      // a blob that nothing ever named, from an upload of long ago
      const stray = layer('stray', 7_000)
      await writeStray(storage.folder, stray)
      await storage.age(3)
      const before = await storedBytes(storage.folder)
      const dry = await runAction({ inputs: { ...sweep, registry: storage.url, 'dry-run': 'true' } })
      expect(await storedBytes(storage.folder)).toBe(before)
      const run = await runAction({ inputs: { ...sweep, registry: storage.url } })
      expect(run).toMatchObject({ exitCode: 0, outputs: { result: 'pass', 'deleted-count': '1' } })
      const reclaimed = Number(run.outputs['reclaimed-bytes'])
      expect(before - (await storedBytes(storage.folder))).toBe(reclaimed)
      expect(dry.outputs['reclaimed-bytes']).toBe(String(reclaimed))
      // the index and its images live on in the other repository; what only the signature had, and the stray,
      // go
      expect(reclaimed).toBeGreaterThan(7_000)
      expect(run.summary).toContain('Undo has ended')
      expect(run.stdout).toMatch(/^The storage folder is changed in place: the registry must be stopped/)
      expect(run.stdout).toContain('undo has ended: mode: undo cannot bring back what was deleted')
      expect(dry.stdout).toContain('once it is swept, mode: undo cannot bring back what was deleted')

      const registry = await storage.serve()
      for (const kept of [multi('1.1'), app('latest')])
        expect(await servedWhole(registry, 'team/api', kept)).toEqual([])
      expect(await servedWhole(registry, 'team/api/deep', multi('1.0'))).toEqual([])
      for (const kept of [app('web old'), app('web kept')])
        expect(await servedWhole(registry, 'web', kept)).toEqual([])
      const blobs = await left(storage.folder)
      expect(await registry.garbageCollect()).toMatch(/\b0 blobs eligible for deletion|blobs marked, 0 blobs/)
      expect(await left(storage.folder)).toEqual(blobs)
      // what went can be pushed again, layers and all
      await push(registry.target('team/api'), multi('1.0'), '1.0')
      expect(await servedWhole(registry, 'team/api', multi('1.0'))).toEqual([])
      await registry.stop()
      await storage.remove()
    })

    it('keeps what is younger than untagged-grace, and a second run sweeps it', async () => {
      const storage = await written.copy()
      const all = { ...sweep, image: '*', tags: '1.*, old', registry: storage.url }
      const before = await left(storage.folder)
      const young = await runAction({ inputs: all })
      expect(young).toMatchObject({ exitCode: 0, outputs: { 'reclaimed-bytes': '0' } })
      expect(await left(storage.folder)).toEqual(before)
      expect(young.stdout).toMatch(/\d+ more stay, younger than untagged-grace/)
      await storage.age(2)
      const old = await runAction({ inputs: { ...sweep, image: 'web', tags: '', registry: storage.url } })
      expect(old).toMatchObject({ exitCode: 0, outputs: { 'deleted-count': '0' } })
      expect(Number(old.outputs['reclaimed-bytes'])).toBeGreaterThan(4_000)
      const registry = await storage.serve()
      for (const kept of [multi('1.1'), app('latest')])
        expect(await servedWhole(registry, 'team/api', kept)).toEqual([])
      expect(await servedWhole(registry, 'web', app('web kept'))).toEqual([])
      expect(await registry.garbageCollect()).toMatch(/\b0 blobs eligible for deletion|blobs marked, 0 blobs/)
      await registry.stop()
      await storage.remove()
    })

    it('is refused while an upload is young, with everything left as it is but the prune', async () => {
      const storage = await written.copy()
      await storage.age(3)
      await mkdir(join(storage.folder, repositoryPath('web'), '_uploads/5f0c'), { recursive: true })
      const before = await left(storage.folder)
      const run = await runAction({ inputs: { ...sweep, registry: storage.url } })
      expect(run).toMatchObject({ exitCode: 1, outputs: { result: 'fail', 'reclaimed-bytes': '0' } })
      expect(run.annotations.map(({ message }) => message).join('\n')).toMatch(
        /1 upload younger than an hour, such as .*web\/_uploads\/5f0c: the registry is to be stopped or read-only/,
      )
      expect(await left(storage.folder)).toEqual(before)
      await storage.remove()
    })

    it('needs a storage folder', async () => {
      const run = await runAction({ inputs: { ...sweep, image: 'ghcr.io/team/api' } })
      expect(run.exitCode).toBe(1)
      expect(run.stdout).toContain('input garbage-collect needs a storage folder')
    })
  })

  it.each([
    ['no such folder', (folder: string) => `${folder}/nothing`],
    ['a folder of something else', (folder: string) => `${folder}/docker`],
    [
      'a file',
      (folder: string) => `${folder}/docker/registry/v2/repositories/web/_manifests/tags/old/current/link`,
    ],
  ])('is refused where it is %s', async (_, path) => {
    const run = await runAction({ inputs: { image: 'web:old', registry: `file://${path(written.folder)}` } })
    expect(run.exitCode).toBe(1)
    expect(run.annotations.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^input registry: .*storage folder/),
    ])
  })
})
