import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { layoutFiles, tar, temporaryFile } from '../images/archives.ts'
import type { Member } from '../images/archives.ts'
import { startCountingProxy, type CountingProxy } from '../support/counting-proxy.ts'
import { startDockerRegistry, type DockerRegistry } from '../support/docker-registry.ts'
import { fileLayer, noiseFile, type Storage } from '../support/file-layers.ts'
import { image, type BuiltImage } from '../support/images.ts'
import { push } from '../support/push.ts'
import { runAction } from '../support/run-action.ts'

/** Debian, Node, the application of a build stage; the last commit adds a package of fonts. */
const debian = fileLayer([noiseFile('usr/bin/bash', 300_000)], 'FROM debian')
const node = fileLayer([noiseFile('usr/local/bin/node', 500_000)], 'RUN install node')
const app = (version: number) =>
  fileLayer(
    [noiseFile(`app/dist/server.js`, 40_000 + version), noiseFile('app/package.json', 900)],
    'COPY --from=build /app /app # buildkit',
  )
const FONTS = Array.from({ length: 38 }, (_, number) =>
  noiseFile(`usr/share/fonts/truetype/dejavu/font-${number}.ttf`, 20_001 + 13 * number),
)
const FONT_BYTES = FONTS.reduce((sum, { content }) => sum + (content?.length ?? 0), 0)
const PACKAGE: readonly Member[] = [
  ...FONTS,
  noiseFile('usr/share/doc/fonts-dejavu/copyright', 2_000),
  noiseFile('var/lib/dpkg/status', 5_000),
]
const fonts = (storage: Storage) => fileLayer(PACKAGE, 'RUN apt-get install fonts-dejavu', storage)
const before = image([debian, node, app(1)])
const after = (storage: Storage) => image([debian, node, fonts(storage), app(2)])

const digits = String(FONT_BYTES)

describe('explain: files', () => {
  let registry: DockerRegistry
  let proxy: CountingProxy

  beforeAll(async () => {
    registry = await startDockerRegistry()
    await push(registry.target('acme/api'), before, 'main')
    for (const storage of ['none', 'gzip', 'zstd', 'estargz', 'zstd:chunked'] as const) {
      await push(registry.target('acme/api'), after(storage), storage.replace(':', '-'))
    }
    proxy = await startCountingProxy(registry.origin)
  })
  afterAll(async () => {
    await proxy.stop()
    await registry.stop()
  })
  beforeEach(() => proxy.reset())

  const run = (inputs: Record<string, string>) =>
    runAction({ inputs: { registry: proxy.origin, baseline: ':main', explain: 'files', ...inputs } })

  /** Bytes of layers that passed by, and how often each was asked for. */
  const read = (built: BuiltImage) => {
    const layers = new Set(
      [...before.blobs, ...built.blobs].map(({ digest }) => `/v2/acme/api/blobs/${digest}`),
    )
    const configs = new Set([before, built].map(({ blobs }) => `/v2/acme/api/blobs/${blobs[0]?.digest}`))
    return proxy.requests.filter(({ path }) => layers.has(path) && !configs.has(path))
  }
  const bytesOf = (requests: readonly { bytes: number }[]) =>
    requests.reduce((sum, { bytes }) => sum + bytes, 0)

  it.each(['none', 'gzip', 'zstd'] as const)(
    'names the folder of a %s layer, and reads nothing else',
    async (storage) => {
      const { exitCode, summary, stdout, stderr } = await run({ image: `acme/api:${storage}` })
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
      expect(summary).toContain('`/usr/share/fonts/truetype/dejavu`')
      expect(summary).toContain(`+${digits}`)
      expect(stdout).toContain('/usr/share/fonts/truetype/dejavu, 38 files')
      const expected = [fonts(storage), app(1), app(2)].map(({ bytes }) => bytes.length)
      const passed = read(after(storage))
      expect(passed).toHaveLength(3)
      expect(bytesOf(passed)).toBe(expected.reduce((sum, length) => sum + length, 0))
    },
  )

  it.each(['estargz', 'zstd:chunked'] as const)('reads of a %s layer its table only', async (storage) => {
    const { exitCode, summary, stderr } = await run({ image: `acme/api:${storage.replace(':', '-')}` })
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(summary).toContain('`/usr/share/fonts/truetype/dejavu`')
    expect(summary).toContain(`+${digits}`)
    const layer = fonts(storage)
    const passed = read(after(storage)).filter(({ path }) => path.endsWith(layer.digest))
    expect(passed.every(({ status }) => status === 206)).toBe(true)
    expect(bytesOf(passed)).toBeGreaterThan(0)
    expect(bytesOf(passed)).toBeLessThan(layer.bytes.length * 0.05)
  })

  it('says the same of an archive that was never pushed', async () => {
    const file = await temporaryFile(tar(layoutFiles(after('gzip'))))
    const { exitCode, summary, outputs } = await run({
      image: `oci-archive://${file}`,
      baseline: 'acme/api:main',
    })
    expect(exitCode).toBe(0)
    expect(summary).toContain('`/usr/share/fonts/truetype/dejavu`')
    expect(summary).toContain(`+${digits}`)
    expect(outputs['wasted-bytes']).toBe('0')
    expect(bytesOf(read(before))).toBe(app(1).bytes.length)
  })

  it('names what the budget does not allow, and goes on with what it does', async () => {
    const { exitCode, summary, outputs } = await run({ image: 'acme/api:gzip', 'explain-budget': '200kB' })
    expect({ exitCode, result: outputs['result'] }).toEqual({ exitCode: 0, result: 'pass' })
    expect(summary).toContain('Not looked into')
    expect(summary).toContain('RUN apt-get install fonts-dejavu')
    expect(summary).toContain('`/app/dist/server.js`')
    expect(read(after('gzip'))).toHaveLength(2)
  })

  it('reads manifests and configs only where nothing was asked', async () => {
    const { exitCode } = await run({ image: 'acme/api:gzip', explain: 'layers' })
    expect(exitCode).toBe(0)
    expect(read(after('gzip'))).toEqual([])
  })
})
