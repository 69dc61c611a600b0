import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { layoutFiles, tar, temporaryFile } from '../images/archives.ts'
import type { Member } from '../images/archives.ts'
import { toHtml } from '../report/hostile.ts'
import { blob, noise } from '../support/blobs.ts'
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

  describe('what an image wastes', () => {
    const wasteful = image([
      fileLayer(
        [noiseFile('var/cache/apt/pkgcache.bin', 60_000), noiseFile('etc/motd', 1_000)],
        'RUN apt-get update',
      ),
      fileLayer([{ name: 'var/cache/.wh.apt' }, noiseFile('etc/motd', 900)], 'RUN rm -r /var/cache/apt'),
    ])
    beforeAll(() => push(registry.target('acme/api'), wasteful, 'wasteful'))
    const judge = (inputs: Record<string, string>) =>
      run({ image: 'acme/api:wasteful', baseline: '', ...inputs })

    it('is told to the byte, with where it is', async () => {
      const { exitCode, outputs, summary } = await judge({})
      expect({ exitCode, wasted: outputs['wasted-bytes'] }).toEqual({ exitCode: 0, wasted: '61000' })
      expect(summary).toContain('`/var/cache/apt/pkgcache.bin` 58.6')
    })

    it('fails over max-wasted, in bytes and as a share, and warns over warn-wasted', async () => {
      expect(await judge({ 'max-wasted': '60kB' })).toMatchObject({
        exitCode: 1,
        outputs: { result: 'fail' },
      })
      const share = await judge({ 'max-wasted': '98%', 'warn-wasted': '50%' })
      expect(share).toMatchObject({ exitCode: 1, outputs: { result: 'fail', exceeded: 'true' } })
      const warned = await judge({ 'max-wasted': '99%', 'warn-wasted': '50%' })
      expect(warned).toMatchObject({ exitCode: 0, outputs: { result: 'warn', exceeded: 'false' } })
      expect(await judge({ 'max-wasted': '61kB' })).toMatchObject({
        exitCode: 0,
        outputs: { result: 'pass' },
      })
    })

    it('is not judged where reading all of it goes beyond the budget: a warning that says so', async () => {
      const result = await judge({ 'max-wasted': '1GiB', 'explain-budget': '50kB' })
      expect(result).toMatchObject({ exitCode: 0, outputs: { result: 'warn', 'wasted-bytes': '' } })
      expect(result.summary).toContain('max-wasted is not judged for')
      expect(result.summary).toContain('explain-budget')
    })

    it('needs explain: files', async () => {
      const { exitCode, stdout } = await judge({ 'max-wasted': '5%', explain: 'layers' })
      expect(exitCode).toBe(1)
      expect(stdout).toContain('input max-wasted is given without explain: files')
      expect(proxy.requests).toEqual([])
    })
  })

  it('takes a layer that it cannot read, or may not ask for, for a notice and nothing else', async () => {
    const rubbish = { ...fileLayer([], 'COPY rubbish /'), ...blob(noise('rubbish', 5_000), 'x') }
    const foreign = { ...fileLayer([noiseFile('f', 900)], 'FROM windows'), foreign: true }
    await push(registry.target('acme/api'), image([debian, rubbish, foreign]), 'odd')
    const { exitCode, outputs, annotations } = await run({ image: 'acme/api:odd', baseline: '' })
    expect({ exitCode, result: outputs['result'], wasted: outputs['wasted-bytes'] }).toEqual({
      exitCode: 0,
      result: 'pass',
      wasted: '',
    })
    expect(annotations.filter(({ level }) => level === 'notice').map(({ message }) => message)).toEqual([
      expect.stringContaining('are unknown'),
    ])
    expect(proxy.requests.filter(({ path }) => path.endsWith(foreign.digest))).toEqual([])
  })

  it('goes folder by folder where there are more files than are kept apart, and says so', async () => {
    const files = Array.from({ length: 130_000 }, (_, at) => ({
      name: `srv/data/${at % 2 === 0 ? 'even' : 'odd'}/file-${String(at).padStart(7, '0')}`,
    }))
    const many = fileLayer([...files, noiseFile('srv/data/even/last', 5_000)], 'COPY data /srv')
    await push(registry.target('acme/api'), image([debian, many]), 'many')
    const { exitCode, summary, stdout } = await run({
      image: 'acme/api:many',
      baseline: '',
      'max-wasted': '5%',
    })
    expect(exitCode).toBe(0)
    expect(summary).toContain('Compared folder by folder, since there are too many files: `COPY data /srv`')
    expect(summary).toContain('`/srv/data/even` 4.9')
    expect(stdout).toMatch(/max-wasted is not judged for .*: it has more files than are kept apart/)
  })

  it('draws nothing harmful of a path that somebody chose', async () => {
    const evil = 'usr/share/\u202egnp.exe\u0007/<img src=x>|`@octocat`/\nheading'
    const hostile = fileLayer(
      [noiseFile(evil, 90_000), noiseFile(`${'deep/'.repeat(200)}end`, 80_000)],
      'COPY evil /',
    )
    await push(registry.target('acme/api'), image([debian, node, hostile, app(1)]), 'hostile')
    const { summary, stdout } = await run({ image: 'acme/api:hostile' })
    expect(summary + stdout).not.toContain('\u202e')
    expect(summary + stdout).not.toContain('\u0007')
    expect(summary).toContain('/deep/deep/')
    expect(summary).toMatch(/…[^`]*\/end`/)
    expect(toHtml(summary)).not.toContain('<img')
  })
})
