import { describe, expect, it, onTestFinished } from 'vitest'
import { z } from 'zod'
import { orasSbom } from '../support/artifacts.ts'
import { layer } from '../support/blobs.ts'
import { startCountingProxy, type Fault } from '../support/counting-proxy.ts'
import { startEmbeddedRegistry, VENDORS, type EmbeddedRegistryOptions } from '../support/embedded-registry.ts'
import { image, index, MEDIA_TYPES } from '../support/images.ts'
import { basic, push, request } from '../support/push.ts'

const base = layer('base', 10_000)
const amd64 = image([base, layer('app', 2_000)])
const arm64 = image([base, layer('app', 1_900)], { platform: 'linux/arm64' })
const multi = index([amd64, arm64])

async function started(options: EmbeddedRegistryOptions = {}) {
  const registry = await startEmbeddedRegistry(options)
  onTestFinished(() => registry.stop())
  return { registry, target: registry.target('acme/api') }
}

describe('embedded registry', () => {
  it('serves what was pushed over HTTP with a token for exactly that', async () => {
    const accounts = { admin: { password: 's3cret', access: { 'acme/api': ['pull', 'push', 'delete'] } } }
    const { registry, target } = await started({ auth: { kind: 'token', accounts } })
    await push(target, multi, 'v1')
    const url = `${registry.origin}/v2/acme/api/manifests/v1`
    const challenge = (await fetch(url)).headers.get('www-authenticate')
    expect(challenge).toBe(
      `Bearer realm="${registry.origin}/token",service="warden-registry",scope="repository:acme/api:pull"`,
    )
    const asked = `${registry.origin}/token?service=warden-registry&scope=repository:acme/api:pull`
    expect((await fetch(asked, { headers: { authorization: basic('admin', 'wrong') } })).status).toBe(401)
    const issued = await fetch(asked, { headers: { authorization: basic('admin', 's3cret') } })
    const { token } = z.object({ token: z.string() }).parse(await issued.json())
    const authorization = `Bearer ${token}`
    const answer = await fetch(url, { headers: { authorization } })
    expect(Buffer.from(await answer.arrayBuffer()).equals(multi.manifest.bytes)).toBe(true)
    expect((await fetch(url, { method: 'DELETE', headers: { authorization } })).status).toBe(401)
    expect(registry.issuer?.requests.map(({ status }) => status)).toEqual([401, 200])
  })

  it('refuses an expired token', async () => {
    const accounts = { admin: { password: 'x', access: { '*': ['pull'] } } }
    const { target } = await started({ auth: { kind: 'token', accounts, lifetimeSeconds: 0 } })
    const answer = await request(target, 'GET', 'manifests/v1')
    expect(answer.headers.get('www-authenticate')).toContain('error="invalid_token"')
  })

  it('pages tags by Link until every one was seen', async () => {
    for (const quirks of [{}, VENDORS.quay]) {
      const { registry, target } = await started({ quirks })
      const tags = Array.from({ length: 250 }, (_, position) => `v${position}`)
      registry.seed('acme/api', amd64, tags)
      const seen: string[] = []
      let path: string | undefined = 'tags/list?n=100'
      while (path) {
        const page = await request(target, 'GET', path)
        seen.push(...z.object({ tags: z.array(z.string()) }).parse(await page.json()).tags)
        path = /<\/v2\/acme\/api\/([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1]
      }
      expect(seen.sort()).toEqual(tags.sort())
      expect(registry.requests).toHaveLength(3)
    }
  })

  it('lists referrers of a subject', async () => {
    const { target } = await started()
    const sbom = orasSbom('sbom', 900, amd64)
    await push(target, amd64, 'v1')
    await push(target, sbom)
    const answer = await request(target, 'GET', `referrers/${amd64.manifest.digest}`)
    expect(answer.headers.get('content-type')).toBe(MEDIA_TYPES.oci.index)
    expect(await answer.json()).toMatchObject({
      manifests: [{ digest: sbom.manifest.digest, artifactType: 'application/spdx+json' }],
    })
  })

  it.each([
    ['distribution2', 'v1', 400, 'DIGEST_INVALID'],
    ['distribution3', 'v1', 202, ''],
    ['ghcr', 'v1', 405, 'UNSUPPORTED'],
    ['harbor', 'v1', 400, 'UNSUPPORTED'],
    ['gar', multi.manifest.digest, 400, 'GOOGLE_MANIFEST_DANGLING_TAG'],
    ['gar', amd64.manifest.digest, 400, 'GOOGLE_MANIFEST_DANGLING_PARENT_IMAGE'],
    ['dockerHub', amd64.manifest.digest, 403, 'DENIED'],
  ] as const)('deletes as %s does: %s', async (vendor, reference, status, code) => {
    const { registry, target } = await started({ quirks: VENDORS[vendor] })
    registry.seed('acme/api', multi, ['v1', 'v2'])
    const answer = await request(target, 'DELETE', `manifests/${reference}`)
    expect(answer.status).toBe(status)
    expect(await answer.text()).toContain(code)
    expect((await request(target, 'GET', 'manifests/v2')).status).toBe(200)
  })

  it('removes all tags of a deleted digest', async () => {
    const { registry, target } = await started()
    registry.seed('acme/api', multi, ['v1', 'v2'])
    expect((await request(target, 'DELETE', `manifests/${multi.manifest.digest}`)).status).toBe(202)
    const left = await request(target, 'GET', 'tags/list')
    expect(await left.json()).toEqual({ name: 'acme/api', tags: [] })
  })

  it('refuses large pages as ECR does and counts pulls as Docker Hub does', async () => {
    const ecr = await started({ quirks: VENDORS.ecr })
    ecr.registry.seed('acme/api', amd64, ['v1'])
    expect((await request(ecr.target, 'GET', 'tags/list?n=1001')).status).toBe(405)
    const hub = await started({ quirks: { ...VENDORS.dockerHub, pullLimit: 1 } })
    hub.registry.seed('acme/api', amd64, ['v1'])
    const statuses: number[] = []
    for (const method of ['HEAD', 'GET', 'GET']) {
      statuses.push((await request(hub.target, method, 'manifests/v1')).status)
    }
    expect(statuses).toEqual([200, 200, 429])
  })
})

describe('counting proxy', () => {
  async function behindProxy(fault: Fault | null): Promise<{ outcome: string; deleted: boolean }> {
    const { registry } = await started()
    registry.seed('acme/api', amd64, ['v1'])
    const proxy = await startCountingProxy(registry.origin, {
      fault: (number) => (number === 2 ? fault : null),
    })
    onTestFinished(() => proxy.stop())
    const target = { origin: proxy.origin, repository: 'acme/api' }
    await request(target, 'GET', 'manifests/v1')
    const outcome = await request(target, 'DELETE', `manifests/${amd64.manifest.digest}`).then(
      (answer) => `${answer.status} ${answer.headers.get('retry-after')}`,
      () => 'connection lost',
    )
    expect(proxy.requests.map(({ method }) => method)).toEqual(['GET', 'DELETE'])
    return { outcome, deleted: registry.store.get('acme/api')?.manifests.size === 0 }
  }

  it.each<[Fault | null, string, boolean]>([
    [null, '202 null', true],
    [{ kind: 'reset' }, 'connection lost', false],
    [{ kind: 'reset-after' }, 'connection lost', true],
    [{ kind: 'status', status: 429, headers: { 'retry-after': '7' } }, '429 7', false],
    [{ kind: 'status', status: 500 }, '500 null', false],
  ])('lets the second request end with %j', async (fault, outcome, deleted: boolean) => {
    expect(await behindProxy(fault)).toEqual({ outcome, deleted })
  })

  it('cuts a body after its headers', async () => {
    const { registry } = await started()
    registry.seed('acme/api', amd64, ['v1'])
    const proxy = await startCountingProxy(registry.origin, { fault: () => ({ kind: 'cut-body' }) })
    onTestFinished(() => proxy.stop())
    const answer = await fetch(`${proxy.origin}/v2/acme/api/manifests/v1`)
    expect(answer.status).toBe(200)
    await expect(answer.text()).rejects.toThrow('terminated')
  })
})
