import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { layer } from '../support/blobs.ts'
import { startCountingProxy } from '../support/counting-proxy.ts'
import { FACES, startEmbeddedRegistry } from '../support/embedded-registry.ts'
import type { EmbeddedRegistryOptions } from '../support/embedded-registry.ts'
import { startGitHubApi } from '../support/github-api.ts'
import { image } from '../support/images.ts'
import { runAction } from '../support/run-action.ts'
import { certificateFor, connectProxy } from '../transport/servers.ts'

const SHA = '1'.repeat(40)
const api = image([layer('api', 50_000)])

async function registryWith(tags: readonly string[], options: EmbeddedRegistryOptions = {}) {
  const registry = await startEmbeddedRegistry(options)
  onTestFinished(() => registry.stop())
  for (const [position, tag] of tags.entries()) {
    registry.seed('acme/api', image([layer(`layer ${position}`, 2_000)]), [tag])
  }
  return registry
}

it('reaches registry and GitHub through the proxy, and comments', async () => {
  const registry = await registryWith([])
  registry.seed('acme/api', api, ['latest'])
  const github = await startGitHubApi({ path: '/api/v3' })
  onTestFinished(() => github.stop())
  const certificate = await certificateFor(['github.test'])
  const secured = await startCountingProxy(github.origin, { certificate })
  onTestFinished(() => secured.stop())
  const folder = await mkdtemp(join(tmpdir(), 'authority-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'ca.pem'), certificate.ca)
  const proxy = await connectProxy()
  onTestFinished(() => proxy.stop())
  const named = (host: string, name: string) => `${name}:${host.split(':')[1]}`
  const host = named(registry.host, 'registry.test')
  const result = await runAction({
    inputs: { image: `${host}/acme/api`, registry: `http://${host}`, 'max-size': '1KiB', comment: 'always' },
    githubToken: github.token,
    eventName: 'pull_request',
    event: {
      number: 7,
      repository: { full_name: 'acme/api' },
      pull_request: {
        number: 7,
        head: { sha: SHA, ref: 'topic', repo: { full_name: 'acme/api' } },
        base: { sha: '2'.repeat(40), ref: 'main', repo: { full_name: 'acme/api' } },
      },
    },
    env: {
      GITHUB_REPOSITORY: 'acme/api',
      GITHUB_API_URL: `https://${named(secured.host, 'github.test')}/api/v3`,
      NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
      HTTP_PROXY: `http://127.0.0.1:${proxy.port}`,
      HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
    },
  })
  expect(result.outputs).toMatchObject({ result: 'fail', 'comment-url': expect.stringMatching(/^http/) })
  expect(github.comments.map(({ issue }) => issue)).toEqual([7])
  expect(new Set(proxy.asked.map(({ target }) => target.split(':')[0]))).toEqual(
    new Set(['registry.test', 'github.test']),
  )
})

describe('at ten requests a second, in bursts of five', () => {
  const limited = (count: number) => {
    const tags = Array.from({ length: count }, (_, position) => `v${position}`)
    return registryWith(tags, { quirks: FACES.rateLimited.quirks })
  }

  it('61 tags are measured within 30 seconds', async () => {
    const registry = await limited(61)
    const result = await runAction({
      inputs: { image: `${registry.host}/acme/api`, tags: 'all', registry: registry.host },
    })
    expect([result.exitCode, result.outputs['result']]).toEqual([0, 'pass'])
    expect(result.durationMs).toBeLessThan(30_000)
  })

  it('a prune gets on, its deletes included', async () => {
    const registry = await limited(12)
    const result = await runAction({
      inputs: {
        mode: 'prune',
        image: `${registry.host}/acme/api`,
        registry: registry.host,
        tags: 'v*',
        'keep-latest': '7',
        'dry-run': 'false',
      },
      timeoutMs: 120_000,
    })
    expect(result.outputs).toMatchObject({ result: 'pass', 'deleted-count': '5', 'failed-count': '0' })
    expect(registry.store.get('acme/api')?.tags.size).toBe(7)
    expect(result.durationMs).toBeLessThan(60_000)
  }, 130_000)
})

it('an answer that is lost is looked into before the same is deleted again', async () => {
  let moved = false
  const release = image([layer('release', 3_000)])
  const registry = await registryWith(['keep'], {
    intercept: ({ request, response, url }) => {
      const isProbe = url.pathname.endsWith('0'.repeat(64))
      if (request.method !== 'DELETE' || isProbe || moved) return false
      // somebody pushes to the tag meanwhile
      moved = true
      registry.seed('acme/api', release, ['pr-1'])
      response.writeHead(502).end()
      return true
    },
  })
  registry.seed('acme/api', api, ['pr-1'])
  const result = await runAction({
    inputs: {
      mode: 'prune',
      image: `${registry.host}/acme/api`,
      registry: registry.host,
      tags: 'pr-*',
      'dry-run': 'false',
    },
  })
  const repository = registry.store.get('acme/api')
  expect(repository?.tags.get('pr-1')).toBe(release.manifest.digest)
  expect(repository?.manifests.has(release.manifest.digest)).toBe(true)
  expect(result.outputs).toMatchObject({ 'deleted-count': '0' })
})

it('a cache in front that shows tags where they were costs no image', async () => {
  const registry = await registryWith([], { quirks: FACES.staleCache.quirks })
  const [old, other] = [image([layer('old', 2_000)]), image([layer('other', 2_000)])]
  registry.seed('acme/api', old, ['pr-1'])
  registry.seed('acme/api', other, ['keep'])
  // somebody else has asked the same before
  const accept = 'application/vnd.oci.image.manifest.v1+json'
  for (const path of ['tags/list', 'tags/list?n=1000', 'manifests/keep', 'manifests/pr-1']) {
    for (const method of ['GET', 'HEAD']) {
      await fetch(`${registry.origin}/v2/acme/api/${path}`, { method, headers: { accept } })
    }
  }
  // and since then pr-1 was released
  registry.seed('acme/api', old, ['keep', 'prod'])
  const result = await runAction({
    inputs: {
      mode: 'prune',
      image: `${registry.host}/acme/api`,
      registry: registry.host,
      tags: 'pr-*',
      'dry-run': 'false',
    },
  })
  const { tags, manifests } = registry.store.get('acme/api') ?? {}
  expect([tags?.get('keep'), tags?.get('prod')]).toEqual([old.manifest.digest, old.manifest.digest])
  expect(manifests?.has(old.manifest.digest)).toBe(true)
  expect(result.outputs['result']).toBe('pass')
})
