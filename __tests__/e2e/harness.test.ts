import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  buildkitCache,
  cosignSignature,
  cosignTag,
  helmChart,
  orasSbom,
  referrersIndex,
  referrersTag,
} from '../support/artifacts.ts'
import { layer, sha256 } from '../support/blobs.ts'
import { ADMIN, startDockerRegistry, type DockerRegistry } from '../support/docker-registry.ts'
import { attestation, image, index, MEDIA_TYPES, type BuiltImage } from '../support/images.ts'
import { push, request } from '../support/push.ts'
import { schema1, schema1Payload, SCHEMA1_SIGNED } from '../support/schema1.ts'
import { skopeo } from '../support/skopeo.ts'
import { startTokenServer, type TokenServer } from '../support/token-server.ts'

const base = layer('base', 100_000)
const api = image([base, layer('api', 5_000), base])
const armv6 = image([base, layer('api', 4_000)], { platform: 'linux/arm/v6' })
const armv7 = image([base, layer('api', 4_500, { compression: 'zstd' })], { platform: 'linux/arm/v7' })
const windows = image([layer('windows', 50_000, { foreign: true }), layer('api.exe', 6_000)], {
  format: 'docker',
  platform: 'windows/amd64',
  osVersion: '10.0.20348.2113',
})
const docker = image([base, layer('plain', 2_048, { compression: 'none' })], { format: 'docker' })
const multi = index([api, attestation(api), armv6, armv7])

const formats: Record<string, BuiltImage> = {
  'oci-image': api,
  'oci-index': multi,
  'nested-index': index([multi, image([base], { platform: 'linux/s390x', history: false, created: null })]),
  'docker-schema2': docker,
  'docker-list': index([docker, windows], { format: 'docker' }),
  'docker-schema1': schema1([base, layer('old', 3_000)], { name: 'acme/api', tag: 'docker-schema1' }),
  'helm-chart': helmChart('shop', 4_321),
  'build-cache': buildkitCache('cache', [base, layer('cached', 2_222)]),
  [cosignTag(api)]: cosignSignature(api),
  [referrersTag(api)]: referrersIndex([orasSbom('sbom', 2_345, api)]),
}

describe.each(['htpasswd', 'token'] as const)('docker-registry behind %s', (auth) => {
  let tokens: TokenServer | null = null
  let registry: DockerRegistry

  beforeAll(async () => {
    if (auth === 'token') tokens = await startTokenServer({ accounts: ACCOUNTS })
    registry = await startDockerRegistry({ auth: tokens ?? 'htpasswd' })
    for (const [tag, built] of Object.entries(formats)) await push(registry.target('acme/api'), built, tag)
  })
  afterAll(async () => {
    await registry.stop()
    await tokens?.stop()
  })

  it('refuses requests without credentials', async () => {
    const anonymous = { origin: registry.origin, repository: 'acme/api' }
    const answer = await request(anonymous, 'GET', 'manifests/oci-image')
    expect(answer.status).toBe(401)
    expect(answer.headers.get('www-authenticate')).toMatch(
      auth === 'token' ? /^Bearer realm=/ : /^Basic realm=/,
    )
  })

  it.each(Object.keys(formats))('gives %s back under its digest, with every child and blob', async (tag) => {
    const built = formats[tag]!
    const target = registry.target('acme/api')
    for (const manifest of built.manifests) {
      const reference = manifest === built.manifest ? tag : manifest.digest
      const answer = await request(target, 'GET', `manifests/${reference}`, { headers: { accept: ACCEPT } })
      const bytes = Buffer.from(await answer.arrayBuffer())
      expect(answer.headers.get('content-type')).toBe(manifest.mediaType)
      expect(answer.headers.get('docker-content-digest')).toBe(manifest.digest)
      // the registry signs schema 1 with its own key; what the digest covers stays
      const covered = manifest.mediaType === SCHEMA1_SIGNED ? schema1Payload(bytes) : bytes
      expect(sha256(covered)).toBe(manifest.digest)
    }
    for (const { digest, bytes } of built.blobs) {
      const answer = await request(target, 'GET', `blobs/${digest}`)
      expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true)
    }
  })

  it('holds exactly the distinct blobs on disk', async () => {
    const pushed = Object.values(formats).flatMap((built) => built.blobs)
    const disk = await registry.disk('acme/api')
    expect(new Set(disk.blobs.keys())).toEqual(new Set(pushed.map(({ digest }) => digest)))
    expect(disk.tags).toEqual(Object.keys(formats).sort())
    expect(await registry.storedBytes()).toBe(disk.blobBytes + disk.manifestBytes)
  })

  it('frees on garbage collection what only a deleted image had', async () => {
    const target = registry.target('acme/gone')
    const kept = image([base, layer('kept', 3_000)])
    const gone = image([base, layer('gone', 7_000)])
    await push(target, kept, 'kept')
    await push(target, gone, 'gone')
    const before = await registry.storedBytes()
    const deleted = await request(target, 'DELETE', `manifests/${gone.manifest.digest}`)
    expect(deleted.status).toBe(202)
    await registry.garbageCollect()
    const freed = gone.size - base.bytes.length + gone.manifest.bytes.length
    expect(before - (await registry.storedBytes())).toBe(freed)
    expect((await registry.disk('acme/gone')).blobBytes).toBe(kept.size)
  })
})

describe('skopeo on docker-registry', () => {
  let registry: DockerRegistry
  const credentials = `${ADMIN.username}:${ADMIN.password}`

  beforeAll(async () => {
    registry = await startDockerRegistry({ auth: 'htpasswd' })
    await push(registry.target('acme/api'), docker, 'docker')
    await push(registry.target('acme/api'), api, 'oci')
  })
  afterAll(() => registry.stop())

  it('inspects what was pushed', async () => {
    const name = `docker://${registry.host}/acme/api:oci`
    const printed = await skopeo('inspect', '--tls-verify=false', '--creds', credentials, name)
    expect(JSON.parse(printed)).toMatchObject({
      Digest: api.manifest.digest,
      Architecture: 'amd64',
      Layers: [base.digest, layer('api', 5_000).digest, base.digest],
    })
  })

  it('converts to schema 1', async () => {
    const access = ['src', 'dest'].flatMap((end) => [
      `--${end}-tls-verify=false`,
      `--${end}-creds=${credentials}`,
    ])
    const [from, to] = ['docker', 'converted'].map((tag) => `docker://${registry.host}/acme/api:${tag}`)
    await skopeo('copy', '--format=v2s1', ...access, from!, to!)
    const headers = { accept: ACCEPT }
    const answer = await request(registry.target('acme/api'), 'GET', 'manifests/converted', { headers })
    expect(answer.headers.get('content-type')).toBe(SCHEMA1_SIGNED)
    expect(await answer.json()).toMatchObject({ schemaVersion: 1, name: 'acme/api', tag: 'converted' })
  })
})

const ACCOUNTS = {
  [ADMIN.username]: { password: ADMIN.password, access: { '*': ['pull', 'push', 'delete'] } },
}
const ACCEPT = [...Object.values(MEDIA_TYPES.oci), ...Object.values(MEDIA_TYPES.docker), SCHEMA1_SIGNED].join(
  ', ',
)
