import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { blob, layer } from '../support/blobs.ts'
import { startEmbeddedRegistry } from '../support/embedded-registry.ts'
import type { EmbeddedRegistryOptions } from '../support/embedded-registry.ts'
import { refuse } from '../support/embedded/replies.ts'
import { assemble, descriptorOf, image, index, json } from '../support/images.ts'
import { runAction } from '../support/run-action.ts'

const PATH = 'acme/api'
const PRUNE = { mode: 'prune', tags: 'pr-*', 'dry-run': 'false', 'max-delete-percent': '100' }
const [amd64, arm64] = ['amd64', 'arm64'].map((name) =>
  image([layer(name, 2_000)], { platform: `linux/${name}` }),
)

async function serve(options: EmbeddedRegistryOptions) {
  const registry = await startEmbeddedRegistry(options)
  onTestFinished(() => registry.stop())
  const isThere = (digest: string) => registry.store.get(PATH)!.manifests.has(digest)
  const run = (inputs: Record<string, string>) =>
    runAction({ inputs: { registry: registry.origin, image: PATH, ...inputs } })
  return { registry, isThere, run }
}

describe('HEAD of an index tells its first platform, as GET without its type in Accept would', () => {
  const headTellsFirstPlatform: EmbeddedRegistryOptions = {
    intercept: ({ request, response, url }) => {
      if (request.method !== 'HEAD' || !/\/manifests\/[^:]+$/.test(url.pathname)) return false
      if (!url.pathname.endsWith('/v1')) return false
      const { digest, mediaType, bytes } = amd64!.manifest
      response.writeHead(200, {
        'content-type': mediaType,
        'content-length': bytes.length,
        'docker-content-digest': digest,
      })
      response.end()
      return true
    },
  }

  async function seeded() {
    const stage = await serve(headTellsFirstPlatform)
    stage.registry.seed(PATH, index([amd64!, arm64!]), ['v1'])
    stage.registry.seed(PATH, { ...arm64! }, ['pr-1'])
    stage.registry.seed(PATH, image([layer('other', 1_000)]), ['other'])
    const cache = await mkdtemp(join(tmpdir(), 'cache-'))
    onTestFinished(() => rm(cache, { recursive: true }))
    return { ...stage, cache }
  }

  it('and costs a kept index no platform, whatever the cache holds', async () => {
    const { run, isThere, cache } = await seeded()
    await run({ ...PRUNE, 'cache-dir': cache, 'dry-run': 'true' })
    const { exitCode, outputs } = await run({ ...PRUNE, 'cache-dir': cache })
    expect([exitCode, outputs['untagged-count'], outputs['deleted-count']]).toEqual([0, '1', '0'])
    expect(isThere(arm64!.manifest.digest)).toBe(true)
  })

  it('and an index is measured with all platforms, whatever the cache holds', async () => {
    const { run, cache } = await seeded()
    const sizes = async () => (await run({ image: `${PATH}:v1`, 'cache-dir': cache })).outputs['total-size']
    const first = await sizes()
    expect([await sizes(), first]).toEqual([first, expect.stringMatching(/^\d+$/)])
  })
})

describe('a registry that finds only what Accept names', () => {
  const stored = (mediaType: string, content: Record<string, unknown>) => {
    const manifest = blob(json({ mediaType, ...content }), mediaType)
    return assemble({ manifest, blobs: [], descriptor: descriptorOf(manifest), platforms: [] })
  }

  it('has no ghost where there is an artifact of an old type', async () => {
    const { registry, isThere, run } = await serve({})
    const artifact = stored('application/vnd.cncf.oras.artifact.manifest.v1+json', {
      artifactType: 'application/spdx+json',
      blobs: [],
    })
    registry.seed(PATH, artifact, ['sbom-1'])
    registry.seed(PATH, amd64!, ['v1'])
    const { exitCode, outputs } = await run({
      ...PRUNE,
      tags: '*',
      'keep-latest': '10',
      'delete-broken': 'ghost',
    })
    expect([exitCode, outputs['result'], outputs['deleted-count']]).toEqual([0, 'pass', '0'])
    expect(registry.store.get(PATH)!.tags.has('sbom-1') && isThere(artifact.manifest.digest)).toBe(true)
  })

  it('keeps what a manifest of an unknown type lists', async () => {
    const { registry, isThere, run } = await serve({})
    registry.seed(PATH, amd64!, ['pr-1'])
    const bundle = stored('application/vnd.acme.bundle.v1+json', {
      schemaVersion: 2,
      images: [amd64!.descriptor],
    })
    registry.seed(PATH, bundle, ['bundle'])
    const { exitCode, outputs } = await run(PRUNE)
    expect([exitCode, outputs['untagged-count']]).toEqual([0, '1'])
    expect(isThere(amd64!.manifest.digest)).toBe(true)
  })

  it('says that it found another type, which is not an absence', async () => {
    const message = 'OCI index found, but accept header does not support OCI indexes'
    const { registry, run } = await serve({
      intercept: ({ url, response }) => {
        if (!url.pathname.endsWith('/manifests/bundle')) return false
        refuse(response, 404, 'MANIFEST_UNKNOWN', message)
        return true
      },
    })
    registry.seed(PATH, amd64!, ['bundle'])
    registry.seed(PATH, arm64!, ['pr-1', 'v1'])
    const { exitCode, outputs } = await run({
      ...PRUNE,
      tags: '*',
      'keep-latest': '10',
      'delete-broken': 'ghost',
    })
    expect([exitCode, outputs['deleted-count']]).toEqual([1, '0'])
    expect(registry.store.get(PATH)!.tags.has('bundle')).toBe(true)
  })
})
