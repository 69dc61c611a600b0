import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { orasSbom, referrersIndex, referrersTag } from '../support/artifacts.ts'
import { layer } from '../support/blobs.ts'
import {
  FACE_ACCOUNT,
  FACES,
  startEmbeddedRegistry,
  type EmbeddedRegistry,
  type Face,
} from '../support/embedded-registry.ts'
import { image, index, type BuiltImage } from '../support/images.ts'
import { basic, push, pushManifest, request, type PushTarget } from '../support/push.ts'

const base = layer('base', 10_000)
const amd64 = image([base, layer('app', 2_000)])
const arm64 = image([base, layer('app', 1_900)], { platform: 'linux/arm64' })
const multi = index([amd64, arm64])
const PATH = 'acme/api'

async function started(face: Face): Promise<{ registry: EmbeddedRegistry; target: PushTarget }> {
  const registry = await startEmbeddedRegistry(face)
  onTestFinished(() => registry.stop())
  return { registry, target: registry.target(PATH) }
}

const manifestOf = async (target: PushTarget, reference: string): Promise<number> =>
  (await request(target, 'HEAD', `manifests/${reference}`)).status
const remove = async (target: PushTarget, reference: string): Promise<number> =>
  (await request(target, 'DELETE', `manifests/${reference}`)).status
const tagsOf = async (target: PushTarget, query = ''): Promise<readonly string[]> =>
  z
    .object({ tags: z.array(z.string()) })
    .parse(await (await request(target, 'GET', `tags/list${query}`)).json()).tags
const put = async (target: PushTarget, { manifest }: BuiltImage, reference: string): Promise<string> => {
  const answer = await request(target, 'PUT', `manifests/${reference}`, {
    headers: { 'content-type': manifest.mediaType },
    body: new Uint8Array(manifest.bytes),
  })
  return `${answer.status} ${/"code":"(\w+)"/.exec(await answer.text())?.[1] ?? ''}`.trim()
}

describe('gitea', () => {
  it('holds a manifest by the names it was pushed under, and frees its blobs with the last', async () => {
    const { target } = await started(FACES.gitea)
    await push(target, amd64, 'pr-1-amd64')
    await push(target, arm64, 'pr-1-arm64')
    await pushManifest(target, multi.manifest, 'release')
    expect(await put(target, arm64, arm64.manifest.digest)).toBe('201')
    expect(await remove(target, 'pr-1-amd64')).toBe(202)
    expect(await remove(target, 'pr-1-arm64')).toBe(202)
    expect(await manifestOf(target, amd64.manifest.digest)).toBe(404)
    expect(await manifestOf(target, arm64.manifest.digest)).toBe(200)
    expect(await put(target, amd64, amd64.manifest.digest)).toBe('404 BLOB_UNKNOWN')
  })

  it('lets go of what a tag named when the tag moves', async () => {
    const { target } = await started(FACES.gitea)
    await push(target, amd64, 'v1')
    await push(target, arm64, 'v1')
    expect(await manifestOf(target, amd64.manifest.digest)).toBe(404)
  })

  it('keeps tags in lower case and takes no nested index', async () => {
    const { target } = await started(FACES.gitea)
    await push(target, multi, 'V1')
    expect(await tagsOf(target)).toEqual(['v1'])
    expect(await manifestOf(target, 'V1')).toBe(200)
    expect(await put(target, index([multi]), 'nested')).toBe('400 MANIFEST_INVALID')
  })

  it('challenges with its own realm and service, and takes its token for everything', async () => {
    const { registry, target } = await started(FACES.gitea)
    await push(target, amd64, 'v1')
    const challenge = (await fetch(`${registry.origin}/v2/`)).headers.get('www-authenticate')
    const realm = `${registry.origin}/v2/token`
    expect(challenge).toBe(`Bearer realm="${realm}",service="container_registry",scope="*"`)
    const authorization = basic(FACE_ACCOUNT.username, FACE_ACCOUNT.password)
    const issued = await fetch(`${realm}?service=container_registry&scope=*`, { headers: { authorization } })
    const { token } = z.object({ token: z.string() }).parse(await issued.json())
    expect(await remove({ ...target, authorization: `Bearer ${token}` }, 'v1')).toBe(202)
  })

  it('lists every name as a version of a package, with the time of its push', async () => {
    const { registry } = await started(FACES.gitea)
    registry.seed(PATH, multi, ['v1'], Date.parse('2026-01-02T03:04:05Z'))
    const answer = await fetch(`${registry.origin}/api/v1/packages/acme?type=container&limit=2`)
    expect(answer.headers.get('x-total-count')).toBe('3')
    expect(answer.headers.get('link')).toContain('page=2')
    const version = { type: 'container', name: 'api', created_at: '2026-01-02T03:04:05Z' }
    expect(await answer.json()).toMatchObject([
      { ...version, version: amd64.manifest.digest },
      { ...version, version: arm64.manifest.digest },
    ])
    const files = await fetch(`${registry.origin}/api/v1/packages/acme/container/api/v1/files`)
    expect(await files.json()).toMatchObject([{ sha256: multi.manifest.digest.slice('sha256:'.length) }])
  })
})

describe('deletes', () => {
  it('GitLab with its database refuses a subject, and a referrer that the fallback index lists', async () => {
    const { target } = await started(FACES.gitlabDatabase)
    const sbom = orasSbom('sbom', 900, amd64)
    await push(target, amd64, 'v1')
    await push(target, sbom)
    await push(target, referrersIndex([sbom]), referrersTag(amd64))
    expect(await remove(target, amd64.manifest.digest)).toBe(409)
    expect(await remove(target, sbom.manifest.digest)).toBe(409)
    for (const each of [referrersIndex([sbom]), sbom, amd64]) {
      expect(await remove(target, each.manifest.digest)).toBe(202)
    }
  })

  it('dereferencing: a tag takes its digest and its siblings along', async () => {
    const { registry, target } = await started(FACES.dereferencing)
    registry.seed(PATH, amd64, ['v1', 'v2'])
    expect(await remove(target, 'v1')).toBe(202)
    expect(await manifestOf(target, 'v2')).toBe(404)
  })

  it('cascading: an index takes children along that another index lists', async () => {
    const { registry, target } = await started(FACES.cascading)
    registry.seed(PATH, multi, ['v1'])
    registry.seed(PATH, index([amd64]), ['v2'])
    expect(await remove(target, multi.manifest.digest)).toBe(202)
    expect(await manifestOf(target, 'v2')).toBe(200)
    expect(await manifestOf(target, amd64.manifest.digest)).toBe(404)
  })

  it.each([
    ['ignoringDeletes', 200, 200],
    ['ignoringTagDeletes', 200, 404],
    ['ignoringDigestDeletes', 404, 200],
  ] as const)('%s says 202 to what it ignores', async (face, tag, digest) => {
    const { registry, target } = await started(FACES[face])
    registry.seed(PATH, amd64, ['v1', 'v2'])
    registry.seed(PATH, arm64, ['other'])
    expect(await remove(target, 'v1')).toBe(202)
    expect(await remove(target, arm64.manifest.digest)).toBe(202)
    expect(await manifestOf(target, 'v1')).toBe(tag)
    expect(await manifestOf(target, arm64.manifest.digest)).toBe(digest)
  })

  it('name-copying: the tags of a deleted digest still answer', async () => {
    const { registry, target } = await started(FACES.nameCopying)
    registry.seed(PATH, amd64, ['v1'])
    expect(await remove(target, amd64.manifest.digest)).toBe(202)
    expect(await manifestOf(target, amd64.manifest.digest)).toBe(404)
    expect(await manifestOf(target, 'v1')).toBe(200)
    expect(await tagsOf(target)).toEqual(['v1'])
    expect(await remove(target, 'v1')).toBe(202)
    expect(await manifestOf(target, 'v1')).toBe(404)
  })

  it('zot refuses a digest with two tags, and holds a manifest by its names', async () => {
    const { registry, target } = await started(FACES.zot)
    registry.seed(PATH, amd64, ['v1', 'v2'])
    expect(await remove(target, amd64.manifest.digest)).toBe(409)
    expect(await remove(target, 'v1')).toBe(202)
    expect(await remove(target, 'v2')).toBe(202)
    expect(await manifestOf(target, amd64.manifest.digest)).toBe(404)
    expect(await put(target, amd64, 'v1')).toBe('201')
  })

  it('one store: a digest deleted in one repository is gone from all', async () => {
    const { registry, target } = await started(FACES.oneStore)
    registry.seed(PATH, amd64, ['v1'])
    registry.seed('acme/other', amd64, ['stable'])
    expect(await remove(target, amd64.manifest.digest)).toBe(202)
    const other = registry.target('acme/other')
    expect(await tagsOf(other)).toEqual(['stable'])
    expect(await manifestOf(other, 'stable')).toBe(404)
  })

  it('frees blobs at once, but none that something else needs or that was only just pushed', async () => {
    const { registry, target } = await started(FACES.freeingBlobs)
    registry.seed(PATH, amd64, ['v1'])
    registry.seed(PATH, arm64, ['v2'])
    const [fresh] = image([layer('fresh', 900)]).blobs
    if (fresh) registry.store.get(PATH)?.blobs.set(fresh.digest, fresh.bytes)
    expect(await remove(target, amd64.manifest.digest)).toBe(202)
    expect(await put(target, amd64, 'v1')).toBe('404 MANIFEST_BLOB_UNKNOWN')
    expect(await put(target, arm64, 'v3')).toBe('201')
    expect((await request(target, 'HEAD', `blobs/${fresh?.digest}`)).status).toBe(200)
  })
})

describe('lists that lie', () => {
  const tags = Array.from({ length: 251 }, (_, position) => `t${String(position).padStart(3, '0')}`)

  it.each([
    ['listOfOnePage', '?n=200', 200, false],
    ['linkOnFirstPage', '?n=1000', 100, true],
    ['pagesWithoutLink', '?n=1000', 37, false],
  ] as const)('%s', async (face, query, length, linked) => {
    const { registry, target } = await started(FACES[face])
    registry.seed(PATH, amd64, tags)
    const first = await request(target, 'GET', `tags/list${query}`)
    expect(first.headers.has('link')).toBe(linked)
    expect(await tagsOf(target, query)).toEqual(tags.slice(0, length))
    const next = await request(target, 'GET', `tags/list${query}&last=${tags[length - 1]}`)
    expect(next.headers.has('link')).toBe(false)
    const listed = z.object({ tags: z.array(z.string()) }).parse(await next.json()).tags
    const start = face === 'listOfOnePage' ? 0 : length
    expect(listed).toEqual(tags.slice(start, start + length))
  })

  it('a cache in front shows tags and manifests as they were, unless asked with no-cache', async () => {
    const { registry, target } = await started(FACES.staleCache)
    registry.seed(PATH, amd64, ['v1'])
    const digest = async (headers: Record<string, string> = {}): Promise<string | null> =>
      (await request(target, 'HEAD', 'manifests/v1', { headers })).headers.get('docker-content-digest')
    expect(await digest()).toBe(amd64.manifest.digest)
    expect(await tagsOf(target)).toEqual(['v1'])
    registry.seed(PATH, arm64, ['v1', 'v2'])
    expect(await digest()).toBe(amd64.manifest.digest)
    expect(await tagsOf(target)).toEqual(['v1'])
    expect(await digest({ 'cache-control': 'no-cache' })).toBe(arm64.manifest.digest)
    expect(await digest()).toBe(arm64.manifest.digest)
  })
})

describe('limits and pieces', () => {
  it('answers bursts of five, then 429 until the bucket fills again', async () => {
    const { registry, target } = await started({
      quirks: { rateLimit: { perSecond: 0.001, burst: 5, retryAfter: 1 } },
    })
    registry.seed(PATH, amd64, ['v1'])
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => request(target, 'HEAD', 'manifests/v1')),
    )
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused).toHaveLength(3)
    expect(refused[0]?.headers.get('retry-after')).toBe('1')
  })

  it('serves one byte of a blob', async () => {
    const { registry, target } = await started(FACES.spec)
    registry.seed(PATH, amd64, ['v1'])
    const answer = await request(target, 'GET', `blobs/${base.digest}`, { headers: { range: 'bytes=0-0' } })
    expect(answer.status).toBe(206)
    expect(answer.headers.get('content-range')).toBe('bytes 0-0/10000')
    expect(Buffer.from(await answer.arrayBuffer())).toEqual(base.bytes.subarray(0, 1))
  })

  it('composes: a Gitea behind a rate limit', async () => {
    const rateLimit = { ...FACES.rateLimited.quirks.rateLimit, perSecond: 0.001, burst: 1 }
    const { registry, target } = await started({ quirks: { ...FACES.gitea.quirks, rateLimit } })
    registry.seed(PATH, amd64, ['V1'])
    expect(await manifestOf(target, 'v1')).toBe(200)
    expect(await manifestOf(target, 'v1')).toBe(429)
  })
})
