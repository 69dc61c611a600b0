import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { filesIn, servedWhole, writeStorage, type WrittenStorage } from '../storage/stage.ts'
import { cosignSignature, cosignTag } from '../support/artifacts.ts'
import { layer } from '../support/blobs.ts'
import { image, index, type BuiltImage } from '../support/images.ts'
import { runAction, type ActionResult } from '../support/run-action.ts'

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
})
