import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { formatPlatform } from '../../src/domain/names/platform.ts'
import { openDockerArchive } from '../../src/images/open.ts'
import { layer, sha256 } from '../support/blobs.ts'
import type { BuiltLayer } from '../support/blobs.ts'
import { image, json } from '../support/images.ts'
import type { BuiltImage } from '../support/images.ts'
import { skopeo } from '../support/skopeo.ts'
import {
  WRAPPINGS,
  blobPath,
  configOf,
  folderOf,
  layoutFiles,
  tar,
  temporaryFile,
  temporaryFolder,
  uncompressed,
} from './archives.ts'
import type { Files, Member } from './archives.ts'
import { measure } from './measuring.ts'

const base = layer('base', 50_000)
const top = layer('top', 20_000)
const layers = [base, top]
const app = image(layers, { format: 'docker', platform: 'linux/arm64' })
const config = configOf(app)
const wrappings = Object.entries(WRAPPINGS)

const open = async (archive: Buffer) => openDockerArchive(await temporaryFile(archive))

interface Saved {
  readonly Config?: string
  readonly RepoTags?: readonly string[] | null
  readonly Layers?: readonly string[]
}

/** What `docker save` wrote before Docker 25. */
function classic(saved: Saved = {}, change: Files = {}): Files {
  const name = `${sha256(config).slice(7)}.json`
  const paths = layers.map((_, position) => `${String(position).repeat(64)}/layer.tar`)
  return {
    ...Object.fromEntries(layers.map((each, position) => [paths[position], uncompressed(each)])),
    [name]: config,
    'manifest.json': json([{ Config: name, RepoTags: ['registry.test/app:v1'], Layers: paths, ...saved }]),
    repositories: '{}',
    ...change,
  }
}

/** What Docker writes since then: blobs named by what they hold. */
function modern(stored: (layer: BuiltLayer) => Buffer): Files {
  const blobs = [...layers.map(stored), config]
  const paths = blobs.map((bytes) => blobPath(sha256(bytes)))
  return {
    ...Object.fromEntries(blobs.map((bytes, position) => [paths[position], bytes])),
    'index.json': '{"schemaVersion":2,"manifests":[]}',
    'manifest.json': json([{ Config: paths.at(-1), RepoTags: ['app:v1'], Layers: paths.slice(0, -1) }]),
    'oci-layout': '{"imageLayoutVersion":"1.0.0"}',
  }
}

/** What gzip makes of the layers, and the config as it is. */
const gzipped = (built: BuiltImage, of: readonly BuiltLayer[]): number =>
  of.reduce((sum, each) => sum + gzipSync(uncompressed(each)).length, configOf(built).length)

describe('a docker archive', () => {
  describe.each(wrappings)('%s', (_, wrap) => {
    it.each([
      ['with layers in folders', classic()],
      ['with blobs', modern(uncompressed)],
    ])('%s is estimated by gzip', async (_, files) => {
      const opened = await open(wrap(tar(files)))
      expect(opened).toMatchObject({ top: sha256(config), tag: 'v1' })
      expect(await opened.tags()).toEqual(['v1'])
      const measured = await measure(opened)
      const [platform] = measured.platforms
      expect(measured).toMatchObject({ digest: sha256(config), tag: 'v1', kind: 'image' })
      expect(platform).toMatchObject({ estimated: true, compression: 'gzip', digest: sha256(config) })
      expect(platform?.platform && formatPlatform(platform.platform)).toBe('linux/arm64')
      expect(platform?.layers.map(({ digest, createdBy }) => [digest, createdBy])).toEqual([
        [base.diffId, 'COPY base /'],
        [top.diffId, 'COPY top /'],
      ])
      const expected = gzipped(app, layers)
      expect(Math.abs(measured.size - expected)).toBeLessThan(expected / 1000)
    })

    it('with compressed layers is counted as it is, to the byte', async () => {
      const measured = await measure(await open(wrap(tar(modern(({ bytes }) => bytes)))))
      expect(measured.size).toBe(app.size)
      expect(measured.platforms[0]).toMatchObject({ estimated: false, compression: 'gzip' })
      expect(measured.platforms[0]?.layers.map(({ digest }) => digest)).toEqual([base.digest, top.digest])
    })

    it('reads a repeated layer through the links that older versions of Docker wrote', async () => {
      const twice = image([base, top, base], { format: 'docker' })
      const members: Member[] = [
        { name: 'c/layer.tar', type: '2', target: '../a/layer.tar' },
        { name: 'a/', type: '5' },
        { name: 'a/layer.tar', content: uncompressed(base) },
        { name: 'b/layer.tar', content: uncompressed(top) },
        { name: 'config.json', content: configOf(twice) },
        {
          name: 'manifest.json',
          content: json([
            { Config: 'config.json', RepoTags: null, Layers: ['a/layer.tar', 'b/layer.tar', 'c/layer.tar'] },
          ]),
        },
      ]
      const measured = await measure(await open(wrap(tar(members))))
      expect(measured.platforms[0]?.layers.map(({ digest }) => digest)).toEqual([
        base.diffId,
        top.diffId,
        base.diffId,
      ])
      const expected = gzipped(twice, layers)
      expect(Math.abs(measured.size - expected)).toBeLessThan(expected / 1000)
    })
  })

  it('as skopeo writes it, beside the OCI archive of the same image', async () => {
    const folder = await temporaryFolder()
    const layout = await folderOf(layoutFiles(app))
    const file = join(folder, 'docker.tar')
    await skopeo('copy', `oci:${layout}`, `docker-archive:${file}:app:v2`)
    const measured = await measure(await openDockerArchive(file))
    expect(measured).toMatchObject({ digest: sha256(config), tag: 'v2' })
    expect(measured.platforms[0]?.layers.map(({ digest }) => digest)).toEqual([base.diffId, top.diffId])
    const expected = gzipped(app, layers)
    expect(Math.abs(measured.size - expected)).toBeLessThan(expected / 1000)
  })

  it('mixes compressed and plain layers', async () => {
    const zstd = layer('z', 9000, { compression: 'zstd' })
    const mixed = image([base, zstd], { format: 'docker' })
    const files = {
      'c.json': configOf(mixed),
      'a.tar': uncompressed(base),
      'b.tar': zstd.bytes,
      'manifest.json': json([{ Config: 'c.json', RepoTags: [], Layers: ['a.tar', 'b.tar'] }]),
    }
    const [platform] = (await measure(await open(tar(files)))).platforms
    expect(platform).toMatchObject({ estimated: true, compression: 'mixed' })
    expect(platform?.layers[1]).toMatchObject({ digest: zstd.digest, size: 9000 })
  })

  it('weighs its layers once, and only when the manifest is asked for', async () => {
    const opened = await open(tar(classic()))
    expect(await opened.manifest(opened.top)).toBe(await opened.manifest(opened.top))
    await expect(opened.manifest(sha256(Buffer.from('?')))).rejects.toMatchObject({ kind: 'not-found' })
    await expect(opened.blobSize(base.digest)).rejects.toMatchObject({ kind: 'not-found' })
  })

  it('listed under several names is one image', async () => {
    const [entry] = JSON.parse(classic()['manifest.json']?.toString() ?? '')
    const list = [entry, { ...entry, RepoTags: ['app:v2'] }]
    const opened = await open(tar(classic({}, { 'manifest.json': json(list) })))
    expect(opened.tag).toBeNull()
    expect(await opened.tags()).toEqual(['v1', 'v2'])
  })

  it('without layers is its config', async () => {
    const empty = image([], { format: 'docker' })
    const files = { 'c.json': configOf(empty), 'manifest.json': json([{ Config: 'c.json', Layers: null }]) }
    expect((await measure(await open(tar(files)))).size).toBe(empty.size)
  })
})

describe('a docker archive that cannot be measured', () => {
  it('holds several images', async () => {
    const list = [
      { Config: 'a.json', RepoTags: ['app:v1'], Layers: [] },
      { Config: 'b.json', RepoTags: null, Layers: [] },
    ]
    await expect(open(tar(classic({}, { 'manifest.json': json(list) })))).rejects.toMatchObject({
      kind: 'input',
      line: 'several images are in it: app:v1, b.json. Save each to a file of its own: docker save -o FILE app:v1',
    })
  })

  const read = async (files: Files | Member[], wrap: (archive: Buffer) => Buffer = (archive) => archive) => {
    const opened = await open(wrap(tar(files)))
    return opened.manifest(opened.top)
  }
  const layerName = `${'0'.repeat(64)}/layer.tar`

  describe.each(wrappings)('%s', (_, wrap) => {
    it.each([
      ['is no docker archive', { file: 'x' }, 'protocol', /no manifest\.json.*docker save/],
      ['is an OCI archive', layoutFiles(app), 'protocol', /write oci-archive:/],
      ['lists nothing', classic({}, { 'manifest.json': '[]' }), 'not-found', /lists no image/],
      [
        'has a huge manifest.json',
        classic({}, { 'manifest.json': ' '.repeat(5 << 20) }),
        'protocol',
        /larger than/,
      ],
      [
        'has a manifest.json that is none',
        classic({}, { 'manifest.json': '{}' }),
        'protocol',
        /manifest\.json/,
      ],
      ['lacks its config', classic({ Config: 'none.json' }), 'integrity', /none\.json/],
      [
        'has another config',
        classic({}, { [`${sha256(config).slice(7)}.json`]: '{}' }),
        'integrity',
        /has the digest/,
      ],
      ['lacks a layer', classic({ Layers: ['none/layer.tar'] }), 'integrity', /none\/layer\.tar/],
      [
        'names a path outside',
        classic({ Layers: ['../../etc/passwd'] }),
        'integrity',
        /which is not in the archive/,
      ],
      [
        'names an absolute path',
        classic({ Config: '/etc/passwd' }),
        'integrity',
        /which is not in the archive/,
      ],
      ['has another layer', classic({}, { [layerName]: uncompressed(top) }), 'integrity', /layer 1 is/],
      [
        'has fewer layers than its config',
        classic({ Layers: [layerName] }),
        'integrity',
        /1 layers, its config 2/,
      ],
    ])('%s', async (_, files, kind, message) => {
      await expect(read(files, wrap)).rejects.toMatchObject({ kind, line: expect.stringMatching(message) })
    })

    it('has a blob of other content', async () => {
      const files = { ...modern(({ bytes }) => bytes), [blobPath(base.digest)]: top.bytes }
      await expect(read(files, wrap)).rejects.toThrow(/has the digest/)
    })

    it('links a layer out of the archive', async () => {
      const members = Object.entries(classic()).map(([name, content]): Member => ({ name, content }))
      const evil = [...members, { name: layerName, type: '2', target: '../../../etc/passwd' }]
      await expect(read(evil, wrap)).rejects.toThrow(/link out of the archive/)
    })
  })

  it('ends when time is up while layers are weighed', async () => {
    const controller = new AbortController()
    const opened = await openDockerArchive(await temporaryFile(tar(classic())), { signal: controller.signal })
    controller.abort()
    await expect(opened.manifest(opened.top)).rejects.toMatchObject({ kind: 'deadline' })
  })
})
