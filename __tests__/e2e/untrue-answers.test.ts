import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { layer } from '../support/blobs.ts'
import { startEmbeddedRegistry } from '../support/embedded-registry.ts'
import type { EmbeddedRegistryOptions } from '../support/embedded-registry.ts'
import { image, index } from '../support/images.ts'
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
