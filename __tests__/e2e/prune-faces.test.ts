import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { layer } from '../support/blobs.ts'
import { FACES, startEmbeddedRegistry } from '../support/embedded-registry.ts'
import type { EmbeddedRegistryOptions } from '../support/embedded-registry.ts'
import { refuse } from '../support/embedded/replies.ts'
import { image, index, type BuiltImage } from '../support/images.ts'
import { runAction } from '../support/run-action.ts'

const PATH = 'acme/api'
const app = (seed: string, platform = 'linux/amd64'): BuiltImage =>
  image([layer(`${seed} ${platform}`, 300)], { platform, created: '2024-01-01T00:00:00Z' })

async function serve(options: EmbeddedRegistryOptions) {
  const registry = await startEmbeddedRegistry(options)
  onTestFinished(() => registry.stop())
  const repository = (path = PATH) => registry.store.get(path)!
  const prune = (inputs: Record<string, string> = {}) =>
    runAction({
      eventName: 'schedule',
      inputs: {
        mode: 'prune',
        registry: registry.origin,
        image: PATH,
        tags: 'pr-*',
        'dry-run': 'false',
        'max-delete-percent': '100',
        ...inputs,
      },
    })
  /** Tags that name something of which a part is missing. */
  const broken = (built: Readonly<Record<string, BuiltImage>>, path = PATH): string[] =>
    Object.entries(built).flatMap(([tag, { manifests, manifest }]) => {
      const isWhole =
        repository(path).tags.get(tag) === manifest.digest &&
        manifests.every(({ digest }) => repository(path).manifests.has(digest))
      return isWhole ? [] : [tag]
    })
  return { registry, repository, prune, broken }
}

it('where an index takes its children along, at most one is lost for a moment, and it is put back', async () => {
  const { registry, prune, broken } = await serve(FACES.cascading)
  const kept: Record<string, BuiltImage> = {}
  for (let at = 0; at < 12; at += 1) {
    const common = app(`common ${at}`)
    registry.seed(PATH, index([common, app(`old ${at}`, 'linux/arm64')]), [`pr-${at}`])
    kept[`v${at}`] = index([common, app(`new ${at}`, 'linux/arm64')])
    registry.seed(PATH, kept[`v${at}`]!, [`v${at}`])
  }
  const { exitCode, outputs } = await prune()
  expect(broken(kept)).toEqual([])
  expect([exitCode, outputs['result']]).toEqual([1, 'fail'])
})

it('where a tag takes its digest along, that is tried on what goes anyway', async () => {
  const { registry, prune, broken } = await serve(FACES.dereferencing)
  const shared = app('shared')
  const doomed = app('doomed')
  registry.seed(PATH, shared, ['pr-1', 'prod'])
  registry.seed(PATH, doomed, ['pr-2', 'pr-3'])
  const { exitCode } = await prune({ validate: 'false' })
  expect([broken({ prod: shared }), exitCode]).toEqual([[], 0])
})

describe('202, and nothing happens', () => {
  it.each(['ignoringDeletes', 'ignoringDigestDeletes'] as const)('%s: nothing is counted', async (face) => {
    const { registry, repository, prune } = await serve(FACES[face])
    registry.seed(PATH, app('keep'), ['latest'])
    for (let at = 0; at < 5; at += 1) registry.seed(PATH, app(`old ${at}`), [`pr-${at}`])
    const { exitCode, outputs } = await prune()
    expect([exitCode, outputs['deleted-count'], outputs['reclaimed-bytes']]).toEqual([1, '0', '0'])
    expect(repository().manifests.size).toBe(6)
  })
})

it('with one store for all repositories, what another one keeps is put back, and the run is red', async () => {
  const { registry, prune, broken } = await serve(FACES.oneStore)
  const shared = app('shared')
  const kept: Record<string, BuiltImage> = {}
  for (let at = 0; at < 4; at += 1) {
    kept[`prod-${at}`] = app(`shared ${at}`)
    registry.seed(PATH, kept[`prod-${at}`]!, [`pr-${at}`])
    registry.seed('acme/web', kept[`prod-${at}`]!, [`prod-${at}`])
  }
  registry.seed(PATH, shared, ['latest'])
  const { exitCode } = await prune({ image: `${PATH}\nacme/web` })
  expect([broken(kept, 'acme/web'), exitCode]).toEqual([[], 1])
})

it('two old tags on a digest that answers 409 go tag by tag', async () => {
  const { registry, repository, prune } = await serve(FACES.zot)
  registry.seed(PATH, app('keep'), ['latest'])
  registry.seed(PATH, app('old'), ['pr-1', 'pr-2'])
  const { exitCode, outputs } = await prune()
  expect([exitCode, outputs['deleted-count'], [...repository().tags.keys()]]).toEqual([0, '2', ['latest']])
})

it('tags that outlive their digest go by name', async () => {
  const { registry, repository, prune } = await serve(FACES.nameCopying)
  registry.seed(PATH, app('keep'), ['latest'])
  for (let at = 0; at < 3; at += 1) registry.seed(PATH, app(`old ${at}`), [`pr-${at}`])
  const { exitCode, outputs } = await prune()
  expect([exitCode, outputs['deleted-count'], [...repository().tags.keys()]]).toEqual([0, '3', ['latest']])
})

it('what an interrupted run left below an index that is gone stays with the same plan, and is named', async () => {
  const old = index([app('old'), app('old', 'linux/arm64')])
  let isDown = false
  const { registry, repository, prune } = await serve({
    ...FACES.distribution2,
    intercept: ({ request, response, url }) => {
      if (request.method !== 'DELETE' || url.pathname.endsWith('0'.repeat(64))) return false
      if (isDown) refuse(response, 403, 'DENIED', 'not now')
      const wasDown = isDown
      isDown ||= url.pathname.endsWith(old.manifest.digest)
      return wasDown
    },
  })
  registry.seed(PATH, app('keep'), ['latest'])
  registry.seed(PATH, old, ['pr-1'])
  const folder = await mkdtemp(join(tmpdir(), 'plan-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const plan = join(folder, 'plan.json')
  await prune({ 'dry-run': 'true', 'plan-file': plan })
  await prune({ 'apply-plan': plan })
  expect([repository().tags.has('pr-1'), repository().manifests.size]).toEqual([false, 3])
  isDown = false
  const { exitCode, summary } = await prune({ 'apply-plan': plan })
  expect([exitCode, repository().manifests.size]).toEqual([0, 3])
  expect(summary).toContain('stays: what it belonged to went in an earlier run')
})

it('a changed plan deletes nothing that was never part of anything', async () => {
  const { registry, repository, prune } = await serve(FACES.distribution2)
  registry.seed(PATH, app('keep'), ['latest'])
  registry.seed(PATH, app('deployed by digest'), [])
  registry.seed(PATH, app('old'), ['pr-1'])
  const folder = await mkdtemp(join(tmpdir(), 'plan-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const plan = join(folder, 'plan.json')
  await prune({ 'dry-run': 'true', 'plan-file': plan })
  const invented = index([app('deployed by digest')]).manifest
  const never = invented.digest
  const deployed = app('deployed by digest').manifest.digest
  const line = { decision: 'delete', reason: 'child-of', status: 'planned' }
  const changed = JSON.parse(await readFile(plan, 'utf8'))
  changed.repositories[0].manifests.push(
    { ...line, digest: deployed, decidedBy: { digest: never } },
    {
      ...line,
      digest: never,
      decidedBy: { tag: 'pr-1' },
      content: Buffer.from(invented.bytes).toString('base64'),
    },
  )
  await writeFile(plan, JSON.stringify(changed))
  const { summary } = await prune({ 'apply-plan': plan })
  expect(repository().manifests.has(deployed)).toBe(true)
  expect(summary).toContain('stays: what it belonged to went in an earlier run')
})

it('a deletion by digest that was refused is thought over when a kept tag was put there meanwhile', async () => {
  const old = app('old')
  let struck = false
  const { registry, repository, prune } = await serve({
    intercept: ({ request, response, url }) => {
      if (struck || request.method !== 'DELETE' || !url.pathname.endsWith(old.manifest.digest)) return false
      struck = true
      registry.seed(PATH, old, ['prod'])
      response.writeHead(503).end()
      return true
    },
  })
  registry.seed(PATH, app('keep'), ['latest'])
  registry.seed(PATH, old, ['pr-1', 'pr-2'])
  await prune()
  expect([repository().tags.get('prod'), repository().manifests.has(old.manifest.digest)]).toEqual([
    old.manifest.digest,
    true,
  ])
})

it.each(['500 and a lost connection', 'a stall'])(
  'no answer to a deletion is a reason to send it again: %s',
  async (kind) => {
    const sent: string[] = []
    const { registry, prune } = await serve({
      intercept: ({ request, response, url }) => {
        if (request.method === 'GET' || request.method === 'HEAD') {
          sent.push('look')
          return false
        }
        if (url.pathname.endsWith('0'.repeat(64))) return false
        sent.push('delete')
        if (kind === 'a stall') setTimeout(() => response.destroy(), 200)
        else response.writeHead(500).end()
        return true
      },
    })
    registry.seed(PATH, app('keep'), ['latest'])
    registry.seed(PATH, app('old'), ['pr-1'])
    await prune()
    const twice = sent.filter((what, at) => what === 'delete' && sent[at - 1] === 'delete')
    expect([sent.includes('delete'), twice]).toEqual([true, []])
  },
)
