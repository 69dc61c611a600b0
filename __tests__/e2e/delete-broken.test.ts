import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { layer } from '../support/blobs.ts'
import { startDockerRegistry } from '../support/docker-registry.ts'
import type { DockerRegistry } from '../support/docker-registry.ts'
import { startEmbeddedRegistry } from '../support/embedded-registry.ts'
import type { EmbeddedRegistry } from '../support/embedded-registry.ts'
import { image, index } from '../support/images.ts'
import type { BuiltImage } from '../support/images.ts'
import { push, request } from '../support/push.ts'
import { runAction } from '../support/run-action.ts'

const TagList = z.object({ tags: z.array(z.string()) })
const app = (seed: string) => image([layer(seed, 2_000)], { created: '2024-01-01T00:00:00Z' })
const multi = (seed: string) => index([app(`${seed} a`), app(`${seed} b`)])
const [ghost, lost, whole, latest] = [app('ghost'), multi('lost'), multi('whole'), app('latest')]
const half = index([latest, app('half')])

const inputs = (origin: string) => ({
  mode: 'prune',
  registry: origin,
  image: 'team/app',
  tags: 'pr-*',
  'keep-latest': '9',
  'dry-run': 'false',
})
const images: Readonly<Record<string, BuiltImage>> = {
  'pr-ghost': ghost,
  'pr-lost': lost,
  'pr-whole': whole,
  'pr-half': half,
  latest,
}
/** What an interrupted deletion, or a garbage collection that went too far, leaves of images. */
const parts = [...lost.manifests.slice(0, -1), ...half.manifests.slice(1, -1)]

describe('delete-broken where a tag can be deleted by name', () => {
  let registry: EmbeddedRegistry
  const isGhost = { 'pr-ghost': true }
  beforeAll(async () => {
    registry = await startEmbeddedRegistry({
      // listed, and not found
      intercept: ({ request: asked, response, url }) => {
        if (!isGhost['pr-ghost'] || asked.method === 'DELETE' || !url.pathname.endsWith('/pr-ghost'))
          return false
        response.writeHead(404, { 'content-type': 'application/json' })
        response.end(asked.method === 'HEAD' ? '' : '{"errors":[{"code":"MANIFEST_UNKNOWN"}]}')
        return true
      },
    })
    isGhost['pr-ghost'] = false
    for (const [tag, built] of Object.entries(images)) await push(registry.target('team/app'), built, tag)
    for (const { digest } of parts)
      await request(registry.target('team/app'), 'DELETE', `manifests/${digest}`)
    isGhost['pr-ghost'] = true
  })
  afterAll(() => registry.stop())
  const tags = async () => {
    const response = await request(registry.target('team/app'), 'GET', 'tags/list')
    return TagList.parse(await response.json()).tags.toSorted()
  }

  it('false: reports only', async () => {
    const run = await runAction({ inputs: inputs(registry.origin) })
    expect(run).toMatchObject({ exitCode: 0, outputs: { result: 'warn', 'deleted-count': '0' } })
    expect(run.summary).toContain('is listed, but the registry does not find it')
    expect(await tags()).toEqual(Object.keys(images).toSorted())
  })

  it('ghost: the tag and the index with nothing left go; partial: the rest of what is broken', async () => {
    const first = await runAction({ inputs: { ...inputs(registry.origin), 'delete-broken': 'ghost' } })
    expect(first).toMatchObject({ exitCode: 0, outputs: { 'deleted-count': '2' } })
    expect(JSON.parse(first.outputs['deleted-tags'] ?? '')).toEqual(['pr-ghost', 'pr-lost'])
    expect(await tags()).toEqual(['latest', 'pr-half', 'pr-whole'])
    const second = await runAction({ inputs: { ...inputs(registry.origin), 'delete-broken': 'partial' } })
    expect(second).toMatchObject({ exitCode: 0, outputs: { 'deleted-tags': '["pr-half"]' } })
    expect(await tags()).toEqual(['latest', 'pr-whole'])
  })

  it('true is an error that names the words', async () => {
    const run = await runAction({ inputs: { ...inputs(registry.origin), 'delete-broken': 'true' } })
    expect(run.exitCode).toBe(1)
    expect(run.annotations[0]?.message).toMatch(/ghost.*partial.*false/)
  })
})

describe('delete-broken on distribution 2.8', () => {
  let registry: DockerRegistry
  const revision = (digest: string) =>
    join(
      registry.storage,
      'docker/registry/v2/repositories/team/app/_manifests/revisions/sha256',
      digest.slice(7),
    )
  beforeAll(async () => {
    registry = await startDockerRegistry()
    for (const [tag, built] of Object.entries(images)) await push(registry.target('team/app'), built, tag)
    const ghosts = [...parts, ...ghost.manifests]
    for (const { digest } of ghosts) await rm(revision(digest), { recursive: true, force: true })
  })
  afterAll(() => registry.stop())

  it('deletes the index, and says that it cannot delete a tag whose manifest is gone', async () => {
    const run = await runAction({ inputs: { ...inputs(registry.origin), 'delete-broken': 'ghost' } })
    expect(run).toMatchObject({
      exitCode: 0,
      outputs: { 'deleted-tags': '["pr-lost"]', 'skipped-count': '1' },
    })
    expect(run.summary).toContain('cannot delete a tag whose manifest is gone')
    expect((await registry.disk('team/app')).tags).toEqual(['latest', 'pr-ghost', 'pr-half', 'pr-whole'])
  })

  it('is refused where every manifest is missing', async () => {
    for (const built of Object.values(images))
      for (const { digest } of built.manifests) await rm(revision(digest), { recursive: true, force: true })
    const run = await runAction({ inputs: { ...inputs(registry.origin), 'delete-broken': 'partial' } })
    expect(run).toMatchObject({ exitCode: 1, outputs: { result: 'fail', 'deleted-count': '0' } })
    expect(run.summary).toContain('every image of the repository is missing')
  })
})
