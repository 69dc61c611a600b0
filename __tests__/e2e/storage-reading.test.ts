import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { orasSbom } from '../support/artifacts.ts'
import { layer } from '../support/blobs.ts'
import { image, index, type BuiltImage } from '../support/images.ts'
import { runAction } from '../support/run-action.ts'
import { writeStorageFolder } from '../support/storage-layout.ts'

const base = layer('base', 50_000)

function app(seed: string, platform = 'linux/amd64'): BuiltImage {
  return image([base, layer(`${seed} ${platform}`, 4_000)], { platform, created: '2026-01-02T03:04:05Z' })
}

const multi = index([app('1.0'), app('1.0', 'linux/arm64')])

describe('a storage folder, without any registry', () => {
  let folder = ''
  let registry = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'storage-'))
    registry = `file://${folder}`
    await writeStorageFolder(folder, [
      { repository: 'team/api', tags: ['1.0', 'latest'], image: multi },
      { repository: 'team/api', tags: [], image: orasSbom('sbom', 1_000, multi) },
      { repository: 'team/web', tags: ['old'], image: app('old') },
      { repository: 'team/web', tags: ['new'], image: app('new') },
      { repository: 'other/deep/down', tags: ['v1'], image: app('old') },
    ])
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('is listed: repositories, tags, and shards that the next job can take', async () => {
    const run = await runAction({ inputs: { mode: 'list', registry, image: 'team/*', shards: '2' } })
    expect(run).toMatchObject({
      exitCode: 0,
      outputs: {
        result: 'pass',
        available: 'true',
        repositories: '["storage.localhost/team/api","storage.localhost/team/web"]',
        tags: '{"storage.localhost/team/api":["1.0","latest"],"storage.localhost/team/web":["new","old"]}',
        matrix:
          '{"include":[{"shard":1,"image":"storage.localhost/team/api"},{"shard":2,"image":"storage.localhost/team/web"}]}',
      },
    })
    expect(run.summary).toContain('the storage folder can be read')
    const job = await runAction({ inputs: { registry, image: 'storage.localhost/team/web', tags: 'all' } })
    expect(job).toMatchObject({ exitCode: 0, outputs: { size: String(app('old').size) } })
  })

  it('is listed whole; a repository that is not there is named, and stops no other', async () => {
    const whole = await runAction({ inputs: { mode: 'list', registry } })
    expect(JSON.parse(whole.outputs['repositories'] ?? '')).toEqual(
      ['other/deep/down', 'team/api', 'team/web'].map((path) => `storage.localhost/${path}`),
    )
    const run = await runAction({ inputs: { mode: 'list', registry, image: 'team/web\nteam/none' } })
    expect(run).toMatchObject({
      exitCode: 1,
      outputs: { available: 'true', tags: '{"storage.localhost/team/web":["new","old"]}' },
    })
    expect(run.annotations.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('storage.localhost/team/none does not exist in the storage folder'),
    )
  })

  it('is not taken for a host', async () => {
    const run = await runAction({ inputs: { image: 'storage.localhost/team/web:old' } })
    expect(run.exitCode).toBe(1)
    expect(run.annotations.map(({ message }) => message)).toEqual([
      expect.stringMatching(/storage\.localhost stands for a storage folder: set the input registry/),
    ])
  })

  it('is measured by globs, against a baseline in it, down to the file', async () => {
    const all = await runAction({ inputs: { registry, image: 'team/*', tags: 'all' } })
    expect(all).toMatchObject({
      exitCode: 0,
      outputs: { size: String(multi.size), 'total-size': String(multi.totalSize + 2 * app('old').size) },
    })
    const inputs = { registry, image: 'team/web:new', baseline: ':old', explain: 'files' }
    const run = await runAction({ inputs })
    expect(run).toMatchObject({
      exitCode: 0,
      outputs: { baseline: 'storage.localhost/team/web:old', 'size-diff': '0' },
    })
    expect(run.summary).toContain('**Files in linux/amd64**, unpacked:')
  })

  it('spares what a file names, by whatever host the cluster pulls it', async () => {
    const workspace = await mkdtemp(join(tmpdir(), 'work-'))
    await writeFile(join(workspace, 'deployment.yaml'), 'image: registry.example.com/team/web:old\n')
    const inputs = { mode: 'prune', registry, image: 'team/web', tags: '*', 'older-than': '10d' }
    const run = await runAction({
      inputs: { ...inputs, 'protect-files': '*.yaml', 'max-delete-percent': '100' },
      workspace,
    })
    expect(run).toMatchObject({ exitCode: 0, outputs: { 'deleted-tags': '["new"]' } })
    await rm(workspace, { recursive: true })
  })

  it('says how its space is freed, and until when a prune can be undone', async () => {
    const inputs = { mode: 'prune', registry, image: 'team/web', tags: 'old', 'older-than': '10d' }
    const { summary, stdout } = await runAction({ inputs })
    expect(summary).toContain('With `garbage-collect: true` the run then sweeps')
    expect(summary).toContain('until the storage folder is swept')
    expect(summary).not.toContain('config.yml')
    expect(stdout).not.toContain('stopped or read-only')
  })
})
