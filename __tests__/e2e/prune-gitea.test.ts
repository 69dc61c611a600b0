import { describe, expect, it, onTestFinished } from 'vitest'
import { layer } from '../support/blobs.ts'
import { FACE_ACCOUNT, FACES, startEmbeddedRegistry } from '../support/embedded-registry.ts'
import { image, index } from '../support/images.ts'
import { push, pushManifest, request } from '../support/push.ts'
import { runInProcess } from './prune-stage.ts'

const base = layer('base', 10_000)
const app = (seed: string, platform = 'linux/amd64') =>
  image([base, layer(`${seed} ${platform}`, 3_000)], { platform })
const [amd64, arm64] = [app('release'), app('release', 'linux/arm64')]
const release = index([amd64, arm64])
const shared = app('shared')

/** As `crane index append` does it: the platforms are pushed by tags, the index names their digests. */
async function gitea() {
  const registry = await startEmbeddedRegistry(FACES.gitea)
  onTestFinished(() => registry.stop())
  const target = registry.target('acme/api')
  await push(target, amd64, 'pr-1-amd64')
  await push(target, arm64, 'pr-1-arm64')
  await pushManifest(target, release.manifest, 'release')
  await push(target, shared, 'pr-0')
  await push(target, shared, 'stable')
  const resolves = async (name: string) => (await request(target, 'GET', `manifests/${name}`)).status
  const run = (inputs: Record<string, string>) =>
    runInProcess({
      registry: registry.origin,
      image: 'acme/api',
      ...FACE_ACCOUNT,
      tags: 'pr-*',
      'max-delete-percent': '100',
      ...inputs,
    })
  return { registry, resolves, run }
}

describe('Gitea, known by the login that it asks for', () => {
  it('keeps the platforms of a kept index whose tags go', async () => {
    const { run, resolves } = await gitea()
    const { green, tags, failures } = await run({ 'dry-run': 'false' })
    expect([green, failures]).toEqual([true, []])
    expect(tags).toMatchObject({
      'pr-0': 'untag done',
      'pr-1-amd64': 'untag done',
      'pr-1-arm64': 'untag done',
    })
    for (const kept of ['release', 'stable', amd64.manifest.digest, arm64.manifest.digest]) {
      expect([kept, await resolves(kept)]).toEqual([kept, 200])
    }
    for (const gone of ['pr-0', 'pr-1-amd64', 'pr-1-arm64']) {
      expect([gone, await resolves(gone)]).toEqual([gone, 404])
    }
  })

  it('goes by push times, which build dates do not replace', async () => {
    const { run } = await gitea()
    // the images have no date, or one of years ago; they were pushed a moment ago
    const { tags, summary } = await run({ 'older-than': '1d' })
    expect(Object.values(tags).every((decision) => decision.startsWith('keep'))).toBe(true)
    expect(summary).toContain('(pushed)')
  })

  it('a tag that is pushed again while the tags are read is not as old as its first push', async () => {
    const longAgo = Date.now() - 400 * 86_400_000
    const again = image([layer('again', 1_000)])
    let pushes = 0
    const registry = await startEmbeddedRegistry({
      ...FACES.gitea,
      intercept: ({ url }) => {
        // right after the list of names and dates was read
        if (url.pathname.endsWith('/tags/list') && ++pushes === 1) registry.seed('acme/api', again, ['pr-1'])
        return false
      },
    })
    onTestFinished(() => registry.stop())
    registry.seed('acme/api', again, ['pr-1'], longAgo)
    registry.seed('acme/api', shared, ['pr-2'], longAgo)
    registry.seed('acme/api', release, ['latest'], longAgo)
    const inputs = { registry: registry.origin, image: 'acme/api', ...FACE_ACCOUNT, tags: 'pr-*' }
    const { tags } = await runInProcess({ ...inputs, 'older-than': '30d', 'dry-run': 'false' })
    expect(tags).toMatchObject({ 'pr-1': 'keep retained', 'pr-2': 'delete done' })
  })

  it('lists the repositories of an owner for a pattern', async () => {
    const { run, registry } = await gitea()
    await push(registry.target('acme/web'), app('web'), 'pr-7')
    await push(registry.target('other/web'), app('other'), 'pr-8')
    const { json } = await run({ image: 'acme/*' })
    expect(
      json?.repositories.map(({ repository }) => repository.split('/').slice(1).join('/')).toSorted(),
    ).toEqual(['acme/api', 'acme/web'])
  })
})
