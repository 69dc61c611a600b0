import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { cosignSignature, cosignTag } from '../support/artifacts.ts'
import { layer } from '../support/blobs.ts'
import { startEmbeddedRegistry } from '../support/embedded-registry.ts'
import type { EmbeddedRegistry } from '../support/embedded-registry.ts'
import { image } from '../support/images.ts'
import type { BuiltImage } from '../support/images.ts'
import { push, request } from '../support/push.ts'
import { runAction } from '../support/run-action.ts'

const TagList = z.object({ tags: z.array(z.string()).nullish() })
const app = (seed: string, created = '2024-01-01T00:00:00Z') => image([layer(seed, 2_000)], { created })
const digestTag = (built: BuiltImage, suffix = '') =>
  `${built.manifests.at(-1)?.digest.replace(':', '-') ?? ''}${suffix}`

describe('what a policy leaves alone, by the bundled action', () => {
  let registry: EmbeddedRegistry
  let count = 0
  const folders: string[] = []
  beforeAll(async () => {
    registry = await startEmbeddedRegistry()
  })
  afterAll(() => registry.stop())
  afterEach(async () => {
    for (const folder of folders.splice(0)) await rm(folder, { recursive: true })
  })

  const checkout = async (files: Readonly<Record<string, string>>) => {
    const folder = await mkdtemp(join(tmpdir(), 'checkout-'))
    folders.push(folder)
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true })
      await writeFile(join(folder, name), text)
    }
    return folder
  }
  const prune = async (
    images: Readonly<Record<string, BuiltImage>>,
    inputs: Readonly<Record<string, string>>,
    workspace?: string,
  ) => {
    count += 1
    const repository = `team/app-${count}`
    const target = registry.target(repository)
    for (const [tag, built] of Object.entries(images)) await push(target, built, tag)
    const run = await runAction({
      inputs: {
        mode: 'prune',
        registry: registry.origin,
        image: repository,
        'dry-run': 'false',
        'max-delete-percent': '100',
        ...inputs,
      },
      ...(workspace === undefined ? {} : { workspace }),
    })
    const { tags } = TagList.parse(await (await request(target, 'GET', 'tags/list')).json())
    return { ...run, left: (tags ?? []).toSorted() }
  }

  it('an image that is pinned by its hash, or slimmed from one, is an ordinary tag', async () => {
    const v1 = app('v1')
    const [pinned, slim] = [digestTag(v1), digestTag(v1, '.slim')]
    const images = { v1, [pinned]: app('pinned'), [slim]: app('slim'), latest: app('latest') }
    const run = await prune(images, { tags: 'v*' })
    expect(run).toMatchObject({ exitCode: 0, outputs: { 'deleted-tags': '["v1"]' } })
    expect(run.left).toEqual(['latest', pinned, slim].toSorted())
    const orphans = await prune(
      { [digestTag(app('elsewhere'))]: app('pinned'), latest: app('latest') },
      { 'delete-orphaned': 'true' },
    )
    expect(orphans.left).toHaveLength(2)
    expect(orphans.summary).toContain('nothing to delete')
  })

  it('what goes without a tag of an image is in the headline', async () => {
    const gone = app('gone')
    const images = { [cosignTag(gone)]: cosignSignature(gone), latest: app('latest') }
    const run = await prune(images, { 'delete-orphaned': 'true' })
    expect(run).toMatchObject({ exitCode: 0, outputs: { 'deleted-count': '0' } })
    expect(run.summary).toContain('deleted 1 signature tag')
    expect(run.stdout).toContain('deleted 1 signature tag')
    expect(run.left).toEqual(['latest'])
  })

  it.each([
    ['a default', (host: string, name: string) => `image: \${API_IMAGE:-${host}/${name}:v3}\n`],
    ['a name that ends a variable', (_: string, name: string) => `image: \${REGISTRY}${name}:v3\n`],
    [
      'a chart that adds the v',
      (host: string, name: string) => `image:\n  repository: ${host}/${name}\nappVersion: 3\n`,
    ],
  ])('protect-files: %s', async (_, write) => {
    const host = new URL(registry.origin).host
    const folder = await checkout({ 'deploy/app.yaml': write(host, `team/app-${count + 1}`) })
    const images = { v2: app('v2'), v3: app('v3'), latest: app('latest') }
    const run = await prune(images, { tags: 'v*', 'protect-files': 'deploy/*.yaml' }, folder)
    expect(run.exitCode).toBe(0)
    expect(run.left).toEqual(['latest', 'v3'])
  })

  it('protect-files that match no file stop a real run, and warn in a dry run', async () => {
    const images = { v1: app('v1'), latest: app('latest') }
    const inputs = { tags: 'v*', 'protect-files': 'deploy/**/*.yaml' }
    const real = await prune(images, inputs)
    expect(real).toMatchObject({ exitCode: 1, outputs: { result: 'fail' } })
    expect(real.annotations.map(({ message }) => message).join()).toContain('Check out before this step')
    expect(real.left).toEqual(['latest', 'v1'])
    const dry = await prune(images, { ...inputs, 'dry-run': 'true' })
    expect(dry).toMatchObject({ exitCode: 0, outputs: { result: 'warn', 'deleted-count': '1' } })
    expect(dry.summary).toContain('matches no file')
  })

  it('braces in protect-files are bounded', async () => {
    const folder = await checkout({ 'a.yaml': 'a: b\n' })
    const run = await prune(
      { v1: app('v1'), latest: app('latest') },
      { tags: 'v*', 'protect-files': `${'{a,b}'.repeat(16)}.yaml` },
      folder,
    )
    expect(run.exitCode).toBe(1)
    expect(run.durationMs).toBeLessThan(15_000)
    expect(run.left).toEqual(['latest', 'v1'])
  })

  it.each(['1985-10-26T08:15:00Z', '1981-01-01T00:00:00Z', '1990-06-01T00:00:00Z', '2008-12-31T00:00:00Z'])(
    'built on %s is of unknown age, and stays',
    async (created) => {
      const images = { v1: app('v1', created), v2: app('v2'), latest: app('latest') }
      const run = await prune(images, { tags: 'v*', 'older-than': '30d' })
      expect(run.left).toEqual(['latest', 'v1'])
      expect(run.summary).toContain('Of unknown age')
    },
  )

  it('tags dated in 2099 take no place of the newest', async () => {
    const future = '2099-01-01T00:00:00Z'
    const images = {
      ...Object.fromEntries([1, 2, 3].map((n) => [`v9.${n}`, app(`future ${n}`, future)])),
      ...Object.fromEntries(
        [1, 2, 3, 4].map((n) => [`v1.${n}`, app(`past ${n}`, `202${n}-01-01T00:00:00Z`)]),
      ),
      latest: app('latest'),
    }
    const run = await prune(images, { tags: 'v*', 'keep-latest': '3' })
    expect(run.left).toEqual(['latest', 'v1.2', 'v1.3', 'v1.4', 'v9.1', 'v9.2', 'v9.3'])
    expect(run.summary).toContain('dated more than a day ahead')
  })

  it('keep-semver warns of tags that are not versions', async () => {
    const images = { '1.0.0': app('1'), nightly: app('nightly'), latest: app('latest') }
    const run = await prune(images, { tags: '*', 'keep-semver': '1 minor' })
    expect(run).toMatchObject({ exitCode: 0, outputs: { result: 'warn' } })
    expect(run.annotations.map(({ message }) => message).join()).toMatch(/keep-semver: .*nightly/)
  })

  it('apply-plan without a policy says that it takes the same one', async () => {
    const folder = await checkout({})
    const images = { v1: app('v1'), latest: app('latest') }
    const plan = join(folder, 'plan.json')
    const inputs = { tags: 'v*', 'dry-run': 'true', 'plan-file': plan }
    expect((await prune(images, inputs)).exitCode).toBe(0)
    const run = await prune(images, { 'apply-plan': plan })
    expect(run.exitCode).toBe(1)
    expect(run.annotations.map(({ message }) => message).join()).toMatch(/apply-plan.*same/)
    expect(run.left).toEqual(['latest', 'v1'])
  })
})
