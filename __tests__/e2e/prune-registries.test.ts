import { mkdtemp, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cosignSignature, cosignTag } from '../support/artifacts.ts'
import { layer } from '../support/blobs.ts'
import { startCountingProxy, type Fault } from '../support/counting-proxy.ts'
import { ADMIN, startDockerRegistry, type DockerRegistryOptions } from '../support/docker-registry.ts'
import {
  startEmbeddedRegistry,
  VENDORS,
  type EmbeddedRegistry,
  type EmbeddedRegistryOptions,
  type Quirks,
} from '../support/embedded-registry.ts'
import { attestation, image, index, type BuiltImage } from '../support/images.ts'
import { push } from '../support/push.ts'
import { startTokenServer } from '../support/token-server.ts'
import { runInProcess, type PruneRun } from './prune-stage.ts'

const DAY = 86_400_000
const STARTED = Date.now()
const daysAgo = (days: number): string => new Date(STARTED - days * DAY).toISOString()
const base = layer('base', 10_000)
const app = (seed: string, days = 100, platform = 'linux/amd64'): BuiltImage =>
  image([base, layer(`${seed} ${platform}`, 5_000)], { platform, created: daysAgo(days) })
const multi = (seed: string): BuiltImage =>
  index([app(seed), attestation(app(seed)), app(seed, 100, 'linux/arm64')])

const old = multi('old')
const latest = multi('latest')
const PATH = 'team/app'

const stops: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
})

async function embedded(options: EmbeddedRegistryOptions = {}): Promise<EmbeddedRegistry> {
  const registry = await startEmbeddedRegistry(options)
  stops.push(registry.stop)
  registry.seed(PATH, old, ['v1'])
  registry.seed(PATH, latest, ['latest', '1-nightly'])
  registry.seed(PATH, cosignSignature(old), [cosignTag(old)])
  return registry
}

const prune = (
  registry: { readonly origin: string },
  inputs: Record<string, string> = {},
  env = {},
): Promise<PruneRun> =>
  runInProcess(
    {
      registry: registry.origin,
      image: PATH,
      tags: 'v*, *-nightly',
      'dry-run': 'false',
      'max-delete-percent': '100',
      ...inputs,
    },
    env,
  )

const stateOf = (registry: EmbeddedRegistry) => {
  const repository = registry.store.get(PATH)
  const sorted = (names: Iterable<string> | undefined): string[] => [...(names ?? [])].sort()
  return { tags: sorted(repository?.tags.keys()), manifests: sorted(repository?.manifests.keys()) }
}
const digestsOf = (...images: readonly BuiltImage[]) =>
  [...new Set(images.flatMap(({ manifests }) => manifests.map(({ digest }) => digest)))].sort()
const deletesOf = ({ requests }: EmbeddedRegistry) => requests.filter(({ method }) => method === 'DELETE')

describe('every kind of registry, only by the distribution API', () => {
  it.each<[string, Quirks, string[]]>([
    ['that removes single tags', VENDORS.distribution3, ['latest']],
    ['with a referrers API', {}, ['latest']],
    ['that wants a digest to delete', VENDORS.distribution2, ['1-nightly', 'latest']],
    ['that does not untag (Harbor)', VENDORS.harbor, ['1-nightly', 'latest']],
    ['that pages by 100 with an opaque cursor (Quay)', VENDORS.quay, ['latest']],
    ['without digest headers (ECR)', VENDORS.ecr, ['latest']],
    ['without HEAD and with nulls among the tags (Nexus)', VENDORS.nexus, ['latest']],
  ])('%s', async (_, quirks, tags) => {
    const registry = await embedded({ quirks })
    const run = await prune(registry)
    expect(run).toMatchObject({ green: true, failures: [] })
    expect(stateOf(registry)).toEqual({ tags, manifests: digestsOf(latest) })
    registry.requests.length = 0
    expect(await prune(registry)).toMatchObject({ green: true, outputs: { 'deleted-count': '0' } })
    expect(deletesOf(registry).length).toBeLessThanOrEqual(2)
  })

  it('one that takes siblings along with a tag is found out before anything that stays, and told', async () => {
    const registry = await embedded({ quirks: { tagDelete: 'takes-siblings' } })
    registry.seed(PATH, latest, ['2-nightly'])
    const run = await prune(registry)
    expect(run).toMatchObject({ green: true, outputs: { 'deleted-count': '1', 'untagged-count': '0' } })
    // the signature that goes anyway, then a tag that does not exist, and one of our own
    const byName = deletesOf(registry).flatMap(({ path }) => path.split('/').at(-1) ?? [])
    expect(byName.filter((name) => /nightly|latest/.test(name))).toEqual([])
    expect(run.summary).toMatch(/deletes the whole manifest, with all its tags, when one tag is deleted/)
    expect(stateOf(registry)).toEqual({
      tags: ['1-nightly', '2-nightly', 'latest'],
      manifests: digestsOf(latest),
    })
  })

  it.each([
    ['deletes off', 405, 'UNSUPPORTED'],
    ['no right to delete', 403, 'DENIED'],
  ])('%s: nothing is written, and the step is red', async (_, status, code) => {
    const registry = await embedded({
      intercept: ({ request, response }) => {
        if (request.method === 'GET' || request.method === 'HEAD') return false
        response.writeHead(status, { 'content-type': 'application/json' })
        response.end(JSON.stringify({ errors: [{ code, message: 'no' }] }))
        return true
      },
    })
    const before = stateOf(registry)
    const run = await prune(registry, { 'shared-digest': 'swap' })
    expect(run).toMatchObject({ green: false, outputs: { result: 'fail', 'deleted-count': '0' } })
    expect(deletesOf(registry).map(({ path }) => path)).toEqual([
      `/v2/${PATH}/manifests/sha256:${'0'.repeat(64)}`,
    ])
    expect(registry.requests.some(({ method }) => method === 'PUT' || method === 'POST')).toBe(false)
    expect(stateOf(registry)).toEqual(before)
  })

  it('an interruption at any request leaves what is kept whole, and the next run completes the plan', async () => {
    const whole = await embedded({ quirks: VENDORS.distribution3 })
    await prune(whole)
    const total = whole.requests.length
    for (let last = 1; last <= total; last += 1) {
      let isDown = true
      const registry = await embedded({
        quirks: VENDORS.distribution3,
        intercept: ({ number, response }) => {
          if (number < last || !isDown) return false
          response.writeHead(400, { 'content-type': 'application/json' }).end('{"errors":[{"code":"NO"}]}')
          return true
        },
      })
      await prune(registry)
      expect(stateOf(registry).manifests).toEqual(expect.arrayContaining(digestsOf(latest)))
      expect(stateOf(registry).tags).toContain('latest')
      isDown = false
      const second = await prune(registry, { 'delete-orphaned': 'true' })
      expect(second.green).toBe(true)
      expect(stateOf(registry).tags).toEqual(['latest'])
      await registry.stop()
      stops.pop()
    }
  })

  it('an answer that was lost is asked for again, and what is gone then was deleted by us', async () => {
    const registry = await embedded({ quirks: VENDORS.distribution3 })
    let lost = 0
    const proxy = await startCountingProxy(registry.origin, {
      fault: (_number, { method, path }): Fault | null => {
        if (method !== 'DELETE' || path.endsWith('0'.repeat(64)) || lost >= 2) return null
        lost += 1
        return { kind: 'reset-after' }
      },
    })
    stops.push(proxy.stop)
    const run = await prune(proxy)
    expect(run).toMatchObject({
      green: true,
      outputs: { 'failed-count': '0', 'deleted-count': '1', 'untagged-count': '1' },
    })
    expect(stateOf(registry)).toEqual({ tags: ['latest'], manifests: digestsOf(latest) })
    expect(lost).toBe(2)
  })

  it('waits as long as it is told to, if that fits into max-duration', async () => {
    const answers = { 'retry-after': '1' }
    let isBusy = true
    const registry = await embedded({
      intercept: ({ request, response }) => {
        if (request.method !== 'DELETE' || !isBusy || request.url?.endsWith('0'.repeat(64)) === true)
          return false
        isBusy = false
        response.writeHead(429, answers).end()
        return true
      },
    })
    expect(await prune(registry)).toMatchObject({
      green: true,
      outputs: { result: 'pass', partial: 'false' },
    })
  })

  it('ends as partial, and green, when it would have to wait for longer', async () => {
    const registry = await embedded({
      intercept: ({ request, response }) => {
        if (request.method !== 'DELETE' || request.url?.endsWith('0'.repeat(64)) === true) return false
        response.writeHead(429, { 'retry-after': '3600' }).end()
        return true
      },
    })
    const run = await prune(registry, { 'max-duration': '20s' })
    expect(run).toMatchObject({
      green: true,
      outputs: { result: 'partial', partial: 'true', 'deleted-count': '0' },
    })
    expect(stateOf(registry).tags).toEqual(['1-nightly', 'latest', cosignTag(old), 'v1'])
  })

  it('1,000 tags cost their pages, one request per tag and one per further manifest', async () => {
    const registry = await startEmbeddedRegistry({ quirks: { maxPage: 100, referrers: false } })
    stops.push(registry.stop)
    for (let number = 0; number < 1000; number += 1) {
      registry.seed(PATH, index([app(`${number % 200}`)], { annotations: { number: `${number % 200}` } }), [
        `v${number}`,
      ])
    }
    const run = await prune(registry, { tags: '*', 'older-than': '200d', 'dry-run': 'true' })
    expect(run).toMatchObject({ green: true, outputs: { 'kept-count': '1000' } })
    const asked = registry.requests.map(({ method, path, query }) => `${method} ${path}?${query}`)
    expect(new Set(asked).size).toBe(asked.length)
    // pages and the one that proves their end, tags, platform images, their configs, and one question about
    // referrers
    expect(asked).toHaveLength(11 + 1000 + 200 + 200 + 1)
  })
})

describe('Debian’s docker-registry, when it does not want to', () => {
  const start = async (options: DockerRegistryOptions) => {
    const registry = await startDockerRegistry(options)
    stops.push(registry.stop)
    return registry
  }

  it.each<[string, DockerRegistryOptions, RegExp]>([
    ['deletes are disabled', { deletes: false }, /UNSUPPORTED/],
    ['it is read-only', { readonly: true }, /405/],
  ])('%s: zero writes, red, and why', async (_, options, why) => {
    const writable = await start({})
    for (const [tag, built] of Object.entries({ v1: old, latest }))
      await push(writable.target(PATH), built, tag)
    const registry = await start({ ...options, storage: writable.storage })
    const before = await registry.disk(PATH)
    const run = await prune(registry)
    expect(run).toMatchObject({ green: false, outputs: { result: 'fail', 'deleted-count': '0' } })
    expect(run.log.join('\n')).toMatch(why)
    expect(await registry.disk(PATH)).toEqual(before)
    expect(await prune(registry, { 'dry-run': 'true' })).toMatchObject({ green: true })
  })

  it('behind tokens: deletes with the right to, and says so without', async () => {
    const tokens = await startTokenServer({
      accounts: {
        [ADMIN.username]: { password: ADMIN.password, access: { '*': ['pull', 'push', 'delete'] } },
        reader: { password: 'reader', access: { '*': ['pull'] } },
      },
    })
    stops.push(tokens.stop)
    const registry = await start({ auth: tokens })
    for (const [tag, built] of Object.entries({ v1: old, latest }))
      await push(registry.target(PATH), built, tag)
    const before = await registry.disk(PATH)
    const refused = await prune(registry, { username: 'reader', password: 'reader' })
    expect(refused).toMatchObject({ green: false, outputs: { 'deleted-count': '0' } })
    expect(await registry.disk(PATH)).toEqual(before)
    expect(await prune(registry, ADMIN)).toMatchObject({ green: true, outputs: { 'deleted-count': '1' } })
    expect((await registry.disk(PATH)).tags).toEqual(['latest'])
  })

  it('several repositories and a glob: a failure in one stops no other, and freed bytes count once', async () => {
    const registry = await start({})
    for (const name of ['team/a', 'team/b', 'other/c']) {
      await push(registry.target(name), old, 'v1')
      await push(registry.target(name), latest, 'latest')
    }
    const proxy = await startCountingProxy(registry.origin, {
      fault: (_number, { method, path }) =>
        method === 'GET' && path.startsWith('/v2/team/a/manifests/v1')
          ? { kind: 'status', status: 403 }
          : null,
    })
    stops.push(proxy.stop)
    const run = await prune(proxy, { image: 'team/*', tags: 'v*' })
    expect(run.green).toBe(false)
    expect(run.json?.repositories.map(({ repository }) => repository.replace(/^[^/]*\//, ''))).toEqual([
      'team/a',
      'team/b',
    ])
    expect((await registry.disk('team/a')).tags).toEqual(['latest', 'v1'])
    expect((await registry.disk('team/b')).tags).toEqual(['latest'])
    expect((await registry.disk('other/c')).tags).toEqual(['latest', 'v1'])

    await prune(registry, { image: 'team/a', tags: 'v*' })
    const before = await registry.storedBytes()
    const last = await prune(registry, { image: '*/*', tags: 'v*' })
    await registry.garbageCollect()
    expect(before - (await registry.storedBytes())).toBe(Number(last.outputs['reclaimed-bytes']))
    expect(await prune(registry, { image: 'nobody/*' })).toMatchObject({
      green: false,
      failures: [expect.stringMatching(/^input image: nobody\/\* matches no repository/)],
    })
  })
})

describe('what a run is given', () => {
  let folder: string
  let registry: EmbeddedRegistry
  const home = process.cwd()
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'prune-'))
    registry = await embedded({ quirks: VENDORS.distribution3 })
  })
  afterEach(async () => {
    process.chdir(home)
    await rm(folder, { recursive: true })
  })

  it.each(['pull_request', 'pull_request_target', 'pull_request_review'])(
    '%s is no event to prune on',
    async (event) => {
      const run = await prune(registry, {}, { GITHUB_EVENT_NAME: event })
      expect(run).toMatchObject({ green: false, failures: [expect.stringContaining(event)] })
      expect(registry.requests).toEqual([])
    },
  )

  it.each<[Record<string, string>, RegExp]>([
    [{ tags: '' }, /nothing is asked to be pruned/],
    [{ tags: '*' }, /considers every tag, and nothing says which of them stay/],
    [{ 'older-than': '30' }, /input older-than: "30" is not accepted/],
    [{ 'older-than': '0d' }, /input older-than/],
    [{ 'older-than': '999999999d' }, /input older-than/],
    [{ 'keep-latest': '1.5' }, /input keep-latest/],
    [{ 'keep-group-by': '(a)' }, /input keep-group-by has nothing to keep per group/],
    [{ 'max-delete-percent': '200' }, /input max-delete-percent/],
    [{ 'dry-run': 'no' }, /input dry-run: "no" is not accepted/],
    [{ 'protect-digests': 'sha256:abc' }, /input protect-digests/],
    [{ 'shared-digest': 'delete' }, /input shared-digest/],
    [{ 'garbage-collect': 'true' }, /input garbage-collect needs a storage folder/],
    [{ image: 'team/app:v1' }, /A repository is wanted here/],
    [{ image: '' }, /input image is empty/],
    [{ 'max-size': '1GB' }, /input max-size belongs to mode size/],
    [{ 'apply-plan': 'no-such-file.json' }, /input apply-plan/],
    [{ 'protect-files': 'no-such-file.yaml', 'older-than': 'x' }, /input older-than/],
  ])('%j is refused before any request', async (inputs, why) => {
    const run = await prune(registry, inputs)
    expect(run).toMatchObject({ green: false, failures: [expect.stringMatching(why)] })
    expect(registry.requests).toEqual([])
  })

  it('a plan is written, reviewed and applied; one that the registry moved away from is not', async () => {
    const plan = join(folder, 'plans/plan.json')
    const dry = await prune(registry, { 'dry-run': 'true', 'plan-file': plan })
    expect(dry.green).toBe(true)
    expect(JSON.parse(await readFile(plan, 'utf8'))).toMatchObject({
      schemaVersion: 1,
      mode: 'prune',
      dryRun: true,
    })
    const before = stateOf(registry)

    registry.seed(PATH, app('other'), ['v1'])
    const moved = await prune(registry, { 'apply-plan': plan })
    expect(moved.green).toBe(false)
    expect(moved.log.join('\n')).toMatch(
      /since the plan was made, v1 pointed to [a-f0-9]{7}, now to [a-f0-9]{7}/,
    )
    expect(deletesOf(registry)).toEqual([])
    registry.store.get(PATH)!.tags.set('v1', old.manifest.digest)
    registry.store.get(PATH)!.manifests.delete(app('other').manifest.digest)
    expect(stateOf(registry)).toEqual(before)

    expect(await prune(registry, { 'apply-plan': plan })).toMatchObject({
      green: true,
      outputs: { 'deleted-count': '1' },
    })
    expect(stateOf(registry)).toEqual({ tags: ['latest'], manifests: digestsOf(latest) })
  })

  it.each<[string, string]>([
    ['no JSON', 'plan'],
    ['another version', '{"schemaVersion":2,"mode":"prune","repositories":[]}'],
    ['another mode', '{"schemaVersion":1,"mode":"size","repositories":[]}'],
    [
      'a digest that is none',
      '{"schemaVersion":1,"mode":"prune","repositories":[{"repository":"a/b","tags":[],"manifests":[{"digest":"../..","decision":"delete"}]}]}',
    ],
    [
      'another repository',
      '{"schemaVersion":1,"mode":"prune","repositories":[{"repository":"evil.example/b","tags":[],"manifests":[]}]}',
    ],
    [
      'one repository twice',
      '{"schemaVersion":1,"mode":"prune","repositories":[{"repository":"a/b","tags":[],"manifests":[]},{"repository":"a/b","tags":[],"manifests":[]}]}',
    ],
  ])('a plan file with %s is refused', async (_, text) => {
    const plan = join(folder, 'plan.json')
    await writeFile(plan, text)
    const run = await prune(registry, { 'apply-plan': plan })
    expect(run).toMatchObject({ green: false, failures: [expect.stringMatching(/^input apply-plan/)] })
    expect(registry.requests).toEqual([])
  })

  it('images that checked-out files name are protected, by tag, digest, or values of a chart', async () => {
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((seed) => app(seed))
    for (const [tag, built] of Object.entries({ 'v-a': a!, 'v-b': b!, 'v-c': c!, 'v-d': d! }))
      registry.seed(PATH, built, [tag])
    const name = `${registry.host}/${PATH}`
    await mkdir(join(folder, 'deploy/chart'), { recursive: true })
    await writeFile(join(folder, 'deploy/app.yaml'), `spec:\n  containers:\n    - image: "${name}:v-a"\n`)
    await writeFile(join(folder, 'deploy/Dockerfile'), `FROM ${name}@${b!.manifest.digest} AS base\n`)
    await writeFile(
      join(folder, 'deploy/chart/values.yaml'),
      `image:\n  registry: ${registry.host}\n  repository: ${PATH}\n  tag: "v-c"\n`,
    )
    process.chdir(folder)
    const run = await prune(registry, { 'protect-files': 'deploy/**/*' })
    expect(run.green).toBe(true)
    expect(stateOf(registry).tags).toEqual(['latest', 'v-a', 'v-b', 'v-c'])
    const reasons = run.json?.repositories[0]?.tags.filter(({ tag }) => tag.startsWith('v-'))
    expect(reasons?.map(({ tag, reason }) => `${tag} ${reason}`).sort()).toEqual([
      'v-a protected',
      'v-b protected',
      'v-c protected',
      'v-d expired',
    ])
  })
  it('a pattern of protect-files without a file, as after a forgotten checkout, ends the run before any request', async () => {
    await writeFile(join(folder, 'app.yaml'), 'image: nginx\n')
    process.chdir(folder)
    const files = { 'protect-files': '*.yaml\nnowhere/*.yaml' }
    expect(await prune(registry, files)).toMatchObject({
      green: false,
      failures: [
        expect.stringMatching(/^input protect-files: nowhere\/\*\.yaml matches no file.*Check out before/),
      ],
    })
    expect(registry.requests).toEqual([])
    const dry = await prune(registry, { ...files, 'dry-run': 'true' })
    expect(dry).toMatchObject({ green: true, outputs: { result: 'warn' } })
    expect(dry.summary).toContain(
      'matches no file, which is an error without dry-run. Check out before this step',
    )
  })
})
