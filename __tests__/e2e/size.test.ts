import type { SizeJson } from '../../src/report/size/json.ts'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { helmChart } from '../support/artifacts.ts'
import { layer } from '../support/blobs.ts'
import { startCountingProxy, type CountingProxy } from '../support/counting-proxy.ts'
import { ADMIN, startDockerRegistry, type DockerRegistry } from '../support/docker-registry.ts'
import { attestation, image, index, type BuiltImage } from '../support/images.ts'
import { push } from '../support/push.ts'
import { repositoryOnDisk } from '../support/registry-disk.ts'
import { expectNoSecrets, runAction } from '../support/run-action.ts'
import { schema1 } from '../support/schema1.ts'
import { startTokenServer, type TokenServer } from '../support/token-server.ts'

const base = layer('base', 100_000)
const api = image([base, layer('api', 5_000), base])
const armv6 = image([base, layer('api', 4_000)], { platform: 'linux/arm/v6' })
const armv7 = image([base, layer('api', 4_500, { compression: 'zstd' })], { platform: 'linux/arm/v7' })
const docker = image([base, layer('plain', 2_048, { compression: 'none' })], { format: 'docker' })
const windows = image([layer('windows', 50_000, { foreign: true }), layer('api.exe', 6_000)], {
  format: 'docker',
  platform: 'windows/amd64',
  osVersion: '10.0.20348.2113',
})
const multi = index([api, attestation(api), armv6, armv7])

const FORMATS: Record<string, BuiltImage> = {
  'oci-image': api,
  'oci-index': multi,
  'nested-index': index([multi, image([base], { platform: 'linux/s390x', history: false, created: null })]),
  'docker-schema2': docker,
  'docker-list': index([docker, windows], { format: 'docker' }),
  'docker-schema1': schema1([base, layer('old', 3_000)], { name: 'acme/api', tag: 'docker-schema1' }),
  'helm-chart': helmChart('shop', 4_321),
}

const ACCOUNTS = { [ADMIN.username]: { password: ADMIN.password, access: { '*': ['pull', 'push'] } } }

describe.each(['htpasswd', 'token'] as const)('size on distribution 2.8 behind %s', (auth) => {
  let tokens: TokenServer | null = null
  let registry: DockerRegistry
  let proxy: CountingProxy

  beforeAll(async () => {
    if (auth === 'token') tokens = await startTokenServer({ accounts: ACCOUNTS })
    registry = await startDockerRegistry({ auth: tokens ?? 'htpasswd' })
    for (const [tag, built] of Object.entries(FORMATS)) await push(registry.target('acme/api'), built, tag)
    proxy = await startCountingProxy(registry.origin)
  })
  afterAll(async () => {
    await proxy.stop()
    await registry.stop()
    await tokens?.stop()
  })
  beforeEach(() => proxy.reset())

  const run = async (inputs: Record<string, string>, workspace?: string) => {
    const result = await runAction({
      inputs: { registry: proxy.origin, ...ADMIN, ...inputs },
      ...(workspace === undefined ? {} : { workspace }),
    })
    expectNoSecrets(result, ADMIN.password)
    return result
  }

  it.each(Object.keys(FORMATS))('measures %s to the byte, by tag and by digest', async (tag) => {
    const built = FORMATS[tag]!
    for (const image of [`acme/api:${tag}`, `acme/api@${built.manifest.digest}`]) {
      const { exitCode, outputs, stderr } = await run({ image })
      expect(stderr).toBe('')
      expect({ exitCode, ...outputs }).toMatchObject({
        exitCode: 0,
        result: 'pass',
        size: String(built.size),
        'total-size': String(built.totalSize),
        'unique-size': String(built.uniqueSize),
        digest: built.manifest.digest,
        exceeded: 'false',
      })
      const { images } = JSON.parse(outputs['json']!)
      const platforms = built.platforms.map(({ digest, size }) => ({ digest, size }))
      expect(images[0].platforms).toEqual(platforms.map((platform) => expect.objectContaining(platform)))
    }
  })

  it('measures one platform of an index, variants kept apart', async () => {
    const { outputs } = await run({ image: 'acme/api:oci-index', platforms: 'linux/arm/v6' })
    expect(outputs['size']).toBe(String(armv6.size))
    expect(outputs['size']).not.toBe(String(armv7.size))
  })

  it('measures all tags; unique-size is what the repository has on disk', async () => {
    const { outputs, exitCode } = await run({ image: 'acme/api', tags: 'all' })
    expect(exitCode).toBe(0)
    // two indexes list the same platform images: each is one, whatever leads to it
    const all = Object.values(FORMATS).reduce((sum, built) => sum + built.totalSize, 0)
    const json: SizeJson = JSON.parse(outputs['json'] ?? '')
    const platforms = json.images.flatMap((image) => image.platforms)
    expect(platforms.reduce((sum, { size }) => sum + size, 0)).toBe(all)
    const distinct = new Map(platforms.map(({ digest, size }) => [digest, size]))
    expect(outputs['total-size']).toBe(String([...distinct.values()].reduce((sum, size) => sum + size, 0)))
    const disk = await repositoryOnDisk(registry.storage, 'acme/api')
    // the registry also keeps what proves provenance; it is not a part of any platform image
    const proofs = attestation(api).blobs.reduce((sum, blob) => sum + blob.bytes.length, 0)
    expect(Number(outputs['unique-size'])).toBe(disk.blobBytes - proofs)
  })

  it('asks no more than it must', async () => {
    const issued = tokens?.requests.length ?? 0
    await run({ image: 'acme/api:docker-schema2' })
    // the challenge, then manifest and config; the token itself is asked from the token server
    expect(proxy.requests.map(({ method, status }) => `${method} ${status}`)).toEqual([
      'GET 401',
      'GET 200',
      'GET 200',
    ])
    expect((tokens?.requests.length ?? 1) - issued).toBe(1)
    proxy.reset()
    await run({ image: 'acme/api:oci-index' })
    expect(proxy.requests).toHaveLength(2 + 2 * 3)
    expect(new Set(proxy.requests.map(({ path, status }) => `${path} ${status}`)).size).toBe(2 + 2 * 3)
  })

  it('fails over the limit, after everything has been told, and names the instruction of a large layer', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'report-'))
    try {
      const result = await run(
        {
          image: 'acme/api:oci-image',
          'max-size': `${api.size - 1}B`,
          'max-layer-size': '50kB',
          'report-file': 'out/size.json',
        },
        folder,
      )
      expect(result.exitCode).toBe(1)
      expect(result.outputs).toMatchObject({ result: 'fail', exceeded: 'true', size: String(api.size) })
      expect(result.annotations.filter(({ level }) => level === 'error').length).toBeGreaterThanOrEqual(2)
      expect(result.summary).toContain('over')
      const report = JSON.parse(await readFile(join(folder, 'out/size.json'), 'utf8'))
      expect(report.images[0].platforms[0].layers).toHaveLength(3)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
