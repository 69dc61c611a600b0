import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { cosignSignature, cosignTag, orasSbom, referrersIndex, referrersTag } from '../support/artifacts.ts'
import { layer } from '../support/blobs.ts'
import { startCountingProxy, type CountingProxy } from '../support/counting-proxy.ts'
import { startDockerRegistry, type DockerRegistry } from '../support/docker-registry.ts'
import { attestation, image, index, type BuiltImage } from '../support/images.ts'
import { push, request } from '../support/push.ts'
import { schema1 } from '../support/schema1.ts'
import { buildkitCache } from '../support/artifacts.ts'
import { runInProcess, type PruneRun } from './prune-stage.ts'

const DAY = 86_400_000
// one reading of the clock, so that an image made twice is the same
const STARTED = Date.now()
const daysAgo = (days: number): string => new Date(STARTED - days * DAY).toISOString()
const base = layer('base', 100_000)

/** An image that shares only the base layer with others. */
function app(seed: string, days: number | null = 100, platform = 'linux/amd64'): BuiltImage {
  return image([base, layer(`${seed} ${platform}`, 5_000)], {
    platform,
    created: days === null ? null : daysAgo(days),
  })
}

function multi(seed: string, days = 100): BuiltImage {
  const amd64 = app(seed, days)
  return index([amd64, attestation(amd64), app(seed, days, 'linux/arm64')])
}

describe('prune on distribution 2.8', () => {
  let registry: DockerRegistry
  let proxy: CountingProxy
  let count = 0
  let repository = ''

  beforeAll(async () => {
    registry = await startDockerRegistry()
    proxy = await startCountingProxy(registry.origin)
  })
  afterAll(async () => {
    await proxy.stop()
    await registry.stop()
  })
  beforeEach(() => {
    count += 1
    repository = `team/app-${count}`
  })

  const pushAll = async (images: Readonly<Record<string, BuiltImage>>) => {
    for (const [tag, built] of Object.entries(images)) await push(registry.target(repository), built, tag)
  }
  const prune = async (inputs: Record<string, string>): Promise<PruneRun> => {
    proxy.reset()
    return runInProcess({
      registry: proxy.origin,
      image: repository,
      'dry-run': 'false',
      'max-delete-percent': '100',
      ...inputs,
    })
  }
  const writes = () =>
    proxy.requests
      .filter(({ method }) => method !== 'GET' && method !== 'HEAD')
      .map(({ method, path }) => `${method} ${path.slice(path.indexOf('/manifests/') + 11)}`)
  const stored = async () => {
    const { tags, manifests } = await registry.disk(repository)
    return { tags, manifests: [...manifests.keys()].sort() }
  }
  const digestsOf = (...images: readonly BuiltImage[]) =>
    [...new Set(images.flatMap(({ manifests }) => manifests.map(({ digest }) => digest)))].sort()
  /** Every blob and manifest of an image can be pulled. */
  const expectWhole = async (built: BuiltImage) => {
    const target = registry.target(repository)
    const names = [
      ...built.manifests.map(({ digest }) => `manifests/${digest}`),
      ...built.blobs.map(({ digest }) => `blobs/${digest}`),
    ]
    const accept = built.manifests.map(({ mediaType }) => mediaType).join(', ')
    for (const name of names) {
      const { status } = await request(target, 'GET', name, { headers: { accept } })
      expect([name, status]).toEqual([name, 200])
    }
  }

  it('deletes what is old, keeps the newest and frees to the byte what it says', async () => {
    const images = {
      '1.0': multi('1.0', 90),
      '1.1': multi('1.1', 60),
      '1.2': multi('1.2', 3),
      latest: multi('1.2', 3),
    }
    await pushAll(images)
    const before = await registry.storedBytes()
    const run = await prune({ tags: '*', 'keep-latest': '1', 'older-than': '30d' })
    expect(run).toMatchObject({
      green: true,
      failures: [],
      outputs: { result: 'pass', 'deleted-count': '2' },
    })
    expect(await stored()).toEqual({ tags: ['1.2', 'latest'], manifests: digestsOf(images.latest) })
    await registry.garbageCollect()
    expect(before - (await registry.storedBytes())).toBe(Number(run.outputs['reclaimed-bytes']))
    expect(Number(run.outputs['reclaimed-bytes'])).toBeGreaterThan(20_000)
    await expectWhole(images.latest)
  })

  it('a dry run sends only GET and HEAD, and tells the same', async () => {
    const images = { old: multi('old'), latest: app('latest') }
    await pushAll(images)
    const before = await stored()
    const dry = await prune({ tags: '*', 'older-than': '30d', 'dry-run': 'true' })
    expect(proxy.requests.every(({ method }) => method === 'GET' || method === 'HEAD')).toBe(true)
    expect(await stored()).toEqual(before)
    const real = await prune({ tags: '*', 'older-than': '30d' })
    expect(dry.outputs['reclaimed-bytes']).toBe(real.outputs['reclaimed-bytes'])
    expect(dry.outputs['deleted-tags']).toBe(real.outputs['deleted-tags'])
    expect(dry.tags).toEqual({ old: 'delete planned', latest: 'keep retained' })
    expect(real.tags).toEqual({ old: 'delete done', latest: 'keep retained' })
  })

  it('a second run finds nothing to do', async () => {
    await pushAll({ old: multi('old'), latest: app('latest') })
    await prune({ tags: '*', 'older-than': '30d' })
    const second = await prune({ tags: '*', 'older-than': '30d' })
    expect(second.outputs).toMatchObject({ result: 'pass', 'deleted-count': '0', 'reclaimed-bytes': '0' })
    expect(writes()).toEqual([])
  })

  it('an index goes, its platform images with tags of their own stay', async () => {
    const [amd64, arm64] = [app('one'), app('one', 100, 'linux/arm64')]
    const images = { v1: index([amd64, arm64]), 'v1-amd64': amd64, 'v1-arm64': arm64, latest: app('latest') }
    await pushAll(images)
    const run = await prune({ tags: 'v1*', 'exclude-tags': 'latest, v1-amd64, v1-arm64' })
    expect(run.green).toBe(true)
    expect(writes().slice(1)).toEqual([`DELETE ${images.v1.manifest.digest}`])
    expect((await stored()).tags).toEqual(['latest', 'v1-amd64', 'v1-arm64'])
    await expectWhole(amd64)
    await expectWhole(arm64)
  })

  it('a shared digest is never deleted: the tag is skipped where only its image could be deleted', async () => {
    const built = app('nightly')
    await pushAll({ '1.0-nightly': built, latest: built, stable: built })
    const run = await prune({ tags: '*-nightly' })
    expect(run).toMatchObject({
      green: true,
      outputs: { result: 'pass', 'skipped-count': '1', 'untagged-count': '0' },
    })
    expect(run.annotations).toEqual([
      {
        level: 'notice',
        title: 'Not deleted',
        message: expect.stringMatching(
          /: 1 tag stays, 1\.0-nightly \(digest shared with (?:latest|stable)\): this registry cannot remove one tag .* shared-digest: swap does it$/,
        ),
      },
    ])
    expect(run.tags['1.0-nightly']).toBe('skip retained')
    expect((await stored()).tags).toEqual(['1.0-nightly', 'latest', 'stable'])
    await expectWhole(built)
  })

  it('with swap only the tag goes, and its siblings stay', async () => {
    const built = app('swap')
    await pushAll({ drop: built, 'drop-too': built, keep: built })
    const run = await prune({ tags: 'drop*', 'shared-digest': 'swap' })
    expect(run).toMatchObject({ green: true, outputs: { 'untagged-count': '2', 'skipped-count': '0' } })
    expect(await stored()).toEqual({ tags: ['keep'], manifests: digestsOf(built) })
    await expectWhole(built)
  })

  it('attestations and platform images of what stays are not touched by delete-untagged', async () => {
    const v1 = multi('v1')
    await pushAll({ v1 })
    const run = await prune({ 'delete-untagged': 'true', 'untagged-grace': '1s' })
    expect(run).toMatchObject({ green: true, outputs: { 'deleted-count': '0' } })
    expect(await stored()).toEqual({ tags: ['v1'], manifests: digestsOf(v1) })
  })

  it('nested indexes go whole, the outermost first', async () => {
    const inner = index([app('n1'), app('n2', 100, 'linux/arm64')])
    const outer = index([inner, app('n3', 100, 'linux/s390x')])
    await pushAll({ v1: outer, latest: app('latest') })
    const run = await prune({ tags: 'v1' })
    expect(run.green).toBe(true)
    expect((await stored()).manifests).toEqual(digestsOf(app('latest')))
    const deleted = writes().slice(1)
    const position = ({ manifest }: BuiltImage) => deleted.indexOf(`DELETE ${manifest.digest}`)
    expect(position(outer)).toBe(0)
    for (const leaf of [app('n1'), app('n2', 100, 'linux/arm64')]) {
      expect(position(leaf)).toBeGreaterThan(position(inner))
    }
    expect(deleted).toHaveLength(5)
  })

  it('signatures, SBOMs and their fallback tag follow their subject, and take no keep slot', async () => {
    const [old, fresh] = [multi('old', 90), multi('fresh', 2)]
    const sbom = orasSbom('sbom', 3_000, old)
    await pushAll({
      old,
      fresh,
      [cosignTag(old)]: cosignSignature(old),
      [cosignTag(fresh)]: cosignSignature(fresh),
      [referrersTag(old)]: referrersIndex([sbom]),
    })
    const run = await prune({ tags: '*', 'keep-latest': '1' })
    expect(run).toMatchObject({ green: true, outputs: { 'deleted-count': '1', 'kept-count': '1' } })
    expect(await stored()).toEqual({
      tags: ['fresh', cosignTag(fresh)],
      manifests: digestsOf(fresh, cosignSignature(fresh)),
    })
  })

  it('orphans go only when asked', async () => {
    const gone = app('gone')
    await pushAll({ [cosignTag(gone)]: cosignSignature(gone), latest: app('latest') })
    const rules = { tags: 'v*' }
    await prune(rules)
    expect((await stored()).tags).toContain(cosignTag(gone))
    await prune({ ...rules, 'delete-orphaned': 'true' })
    expect((await stored()).tags).toEqual(['latest'])
  })

  it('an index whose children are gone is warned of, kept and harms nothing', async () => {
    const ghost = multi('ghost')
    const old = app('old')
    await pushAll({ ghost, old, latest: app('latest') })
    for (const { digest } of ghost.manifests.slice(0, -1)) {
      await request(registry.target(repository), 'DELETE', `manifests/${digest}`)
    }
    const run = await prune({ tags: 'old' })
    expect(run).toMatchObject({ green: true, outputs: { result: 'warn', 'deleted-count': '1' } })
    expect((await stored()).tags).toEqual(['ghost', 'latest'])
  })

  it('a manifest list is seen as one, in both formats', async () => {
    const [amd64, arm64] = ['linux/amd64', 'linux/arm64'].map((platform) =>
      image([base, layer(`docker ${platform}`, 4_000)], { format: 'docker', platform, created: daysAgo(90) }),
    )
    const list = index([amd64!, arm64!], { format: 'docker' })
    await pushAll({ list, latest: app('latest') })
    await prune({ tags: 'list' })
    expect(await stored()).toEqual({ tags: ['latest'], manifests: digestsOf(app('latest')) })
  })

  it('epoch dates and missing ones are unknown: kept by age and by rank', async () => {
    await pushAll({
      epoch: image([base, layer('epoch', 4_000)], { created: '1970-01-01T00:00:00Z' }),
      zero: image([base, layer('zero', 4_000)], { created: '0001-01-01T00:00:00Z' }),
      none: app('none', null),
      old: app('old', 90),
    })
    expect((await prune({ tags: '*', 'older-than': '30d' })).tags).toEqual({
      epoch: 'keep retained',
      zero: 'keep retained',
      none: 'keep retained',
      old: 'delete done',
    })
    expect((await prune({ tags: '*', 'keep-latest': '1' })).outputs['deleted-count']).toBe('0')
  })

  it('exclusions with blanks, line ends and trailing commas hold', async () => {
    await pushAll({ dev: app('dev'), 'v1.0.0': app('1'), 'v1.0.1': app('2') })
    const run = await prune({
      tags: '*',
      'older-than': '30d',
      'exclude-tags': 'dev, v1.0.0,\r\n  # all else goes\n',
    })
    expect(run.tags).toEqual({ dev: 'keep retained', 'v1.0.0': 'keep retained', 'v1.0.1': 'delete done' })
  })

  it('an emptied and an unknown repository are nothing to do', async () => {
    await pushAll({ only: app('only') })
    await prune({ tags: 'only', 'min-keep': '0' })
    expect(await stored()).toEqual({ tags: [], manifests: [] })
    for (const [name, result] of [
      [repository, 'pass'],
      ['team/never', 'warn'],
    ] as const) {
      expect(await prune({ tags: '*', 'keep-latest': '1', image: name })).toMatchObject({
        green: true,
        outputs: { result, 'deleted-count': '0', 'kept-count': '0' },
      })
    }
  })

  it('a plan that deletes too much is refused, in the dry run too', async () => {
    await pushAll({ a: app('a'), b: app('b'), c: app('c'), latest: app('latest') })
    const before = await stored()
    const rules = { tags: '*', 'older-than': '30d', 'max-delete-percent': '50' }
    for (const dryRun of ['true', 'false']) {
      const run = await prune({ ...rules, 'dry-run': dryRun })
      expect(run).toMatchObject({ green: false, outputs: { result: 'fail' } })
    }
    expect(await prune({ ...rules, 'max-delete-percent': '', 'max-deletes': '2' })).toMatchObject({
      green: false,
    })
    expect(writes()).toEqual([])
    expect(await stored()).toEqual(before)
  })

  it('min-keep leaves the newest', async () => {
    await pushAll({ a: app('a', 90), b: app('b', 80), c: app('c', 70) })
    const run = await prune({ tags: '*', 'older-than': '30d', 'exclude-tags': 'none' })
    expect(run.tags).toEqual({ a: 'delete done', b: 'delete done', c: 'keep retained' })
  })

  it('a pinned digest stays, and so does the index above it', async () => {
    const v1 = multi('v1')
    await pushAll({ v1, v2: multi('v2'), latest: app('latest') })
    const [child] = v1.manifests
    await prune({ tags: 'v*', 'protect-digests': child!.digest })
    expect((await stored()).tags).toEqual(['latest', 'v1'])
    await expectWhole(v1)
  })

  it('schema 1, BuildKit caches and images go side by side, and the freed bytes are right', async () => {
    const cache = buildkitCache('cache', [base, layer('cache', 6_000)])
    await pushAll({
      'old-schema1': schema1([base, layer('schema1', 3_000)], { name: repository, tag: 'old-schema1' }),
      'old-cache': cache,
      latest: app('latest'),
    })
    await registry.garbageCollect()
    const before = await registry.storedBytes()
    const run = await prune({ tags: 'old-*' })
    expect(run).toMatchObject({ green: true, outputs: { 'deleted-count': '2' } })
    await registry.garbageCollect()
    expect(before - (await registry.storedBytes())).toBe(Number(run.outputs['reclaimed-bytes']))
    await expectWhole(app('latest'))
  })

  it('semver: newest patch of the newest minors, grouped by suffix', async () => {
    const versions = ['1.9.0', '1.10.0', '1.10.1', '1.11.0-rc1', '1.9.0-alpine', '1.10.1-alpine']
    await pushAll(Object.fromEntries(versions.map((version) => [version, app(version)])))
    const run = await prune({ tags: '*', 'keep-semver': '1 minor', 'keep-group-by': '[0-9.]+-?([a-z]*)' })
    const kept = Object.entries(run.tags).filter(([, fate]) => fate.startsWith('keep'))
    expect(kept.map(([tag]) => tag).sort()).toEqual(['1.10.1', '1.10.1-alpine'])
  })

  it('is gentle: 4 deletes at once, and each tag resolved right before', async () => {
    await pushAll(
      Object.fromEntries(Array.from({ length: 12 }, (_, number) => [`v${number}`, app(`v${number}`)])),
    )
    await pushAll({ latest: app('latest') })
    const run = await prune({ tags: 'v*' })
    expect(run.outputs['deleted-count']).toBe('12')
    expect(proxy.peakInFlight()).toBeLessThanOrEqual(16)
    const names = proxy.requests.map(({ method, path }) => `${method} ${path.split('/').at(-1)}`)
    const last = names.findLastIndex((name) => name.startsWith('DELETE '))
    const own = names.indexOf(`DELETE ${app('v0').manifest.digest}`)
    expect(own).toBeLessThanOrEqual(last)
    // one while looking around, one right before it goes
    expect(names.slice(0, own).filter((name) => name === 'HEAD v0').length).toBeGreaterThanOrEqual(2)
  })
})
