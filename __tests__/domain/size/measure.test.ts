import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Descriptor, ImageConfig, Manifest } from '../../../src/domain/manifest/manifest.ts'
import type { Digest } from '../../../src/domain/names/digest.ts'
import { asBytes } from '../../../src/domain/quantities/bytes.ts'
import type { Bytes } from '../../../src/domain/quantities/bytes.ts'
import { countLayers, measureImage, measurePlatform, storedSize } from '../../../src/domain/size/measure.ts'
import type { ReadPlatform } from '../../../src/domain/size/measure.ts'
import { descriptor, digestOf, platform } from '../../support/fake-reader.ts'

const GZIP = 'application/vnd.oci.image.layer.v1.tar+gzip'
const ZSTD = 'application/vnd.oci.image.layer.v1.tar+zstd'
const FOREIGN = 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip'

function read(layers: readonly Descriptor[], over: Partial<ReadPlatform> = {}): ReadPlatform {
  return {
    digest: digestOf(JSON.stringify(layers.map((layer) => layer.digest))),
    platform: platform('linux/amd64'),
    manifest: {
      kind: 'image',
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: descriptor('config', 100, 'application/vnd.oci.image.config.v1+json'),
      layers,
      annotations: new Map(),
      subject: null,
      artifactType: null,
    },
    config: null,
    blobSizes: new Map<Digest, Bytes>(),
    ...over,
  }
}

function config(over: Partial<ImageConfig>): ImageConfig {
  return { platform: platform('linux/amd64'), created: null, history: [], labels: new Map(), ...over }
}

const schema1 = (...names: string[]): Manifest & { kind: 'schema1' } => ({
  kind: 'schema1',
  mediaType: 'application/vnd.docker.distribution.manifest.v1+prettyjws',
  signed: true,
  architecture: 'amd64',
  created: '2016-03-04T05:06:07Z',
  layers: names.map((name) => ({
    digest: digestOf(name),
    throwaway: name === 'empty',
    createdBy: `RUN ${name}`,
  })),
})

describe('measurePlatform', () => {
  it('adds the config to each distinct layer', () => {
    const layer = descriptor('a', 7)
    const measured = measurePlatform(read([layer, descriptor('b', 5), layer]))
    expect(measured).toMatchObject({ size: 112, ownSize: 112, judgedSize: 112, foreignSize: 0 })
    expect(measured.layers.map((one) => one.size)).toEqual([7, 5, 7])
    expect(countLayers(measured)).toBe(3)
  })

  it('counts foreign layers into the pull, apart, and not into what is stored', () => {
    const measured = measurePlatform(read([descriptor('f', 1000, FOREIGN), descriptor('own', 5)]))
    expect(measured).toMatchObject({ size: 1105, foreignSize: 1000 })
    expect(storedSize([measured])).toBe(105)
  })

  it('takes sizes of schema 1 from the registry, and counts no throwaway layer', () => {
    const blobSizes = new Map([
      [digestOf('empty'), asBytes(32)],
      [digestOf('files'), asBytes(5000)],
    ])
    const measured = measurePlatform(
      read([], { manifest: schema1('files', 'empty', 'empty'), blobSizes, config: null }),
    )
    expect(measured).toMatchObject({ size: 5032, config: null, compression: 'gzip' })
    expect(measured.layers.map((layer) => layer.createdBy)).toEqual(['RUN files', 'RUN empty', 'RUN empty'])
    expect(countLayers(measured)).toBe(1)
    expect(measured.created).toBe(Date.UTC(2016, 2, 4, 5, 6, 7))
  })

  it('names the instruction of each layer where the history fits, and of none where it does not', () => {
    const layers = [descriptor('a', 1), descriptor('b', 2)]
    const history = [
      { createdBy: '/bin/sh -c #(nop) ADD rootfs.tar /', emptyLayer: false },
      { createdBy: 'ENV A=1', emptyLayer: true },
      { createdBy: 'RUN make', emptyLayer: false },
    ]
    const named = (entries: typeof history) =>
      measurePlatform(read(layers, { config: config({ history: entries }) })).layers.map(
        (layer) => layer.createdBy,
      )
    expect(named(history)).toEqual(['ADD rootfs.tar /', 'RUN make'])
    expect(named(history.slice(1))).toEqual([null, null])
  })

  it.each([
    [[GZIP, GZIP], 'gzip'],
    [[GZIP, ZSTD], 'mixed'],
    [[ZSTD, 'application/json'], 'zstd'],
    [['application/vnd.oci.image.layer.v1.tar'], 'none'],
    [['application/json'], null],
    [[], null],
  ])('%j is compressed as %s', (types, compression) => {
    const layers = types.map((type, position) => descriptor(`l${position}`, 1, type))
    expect(measurePlatform(read(layers)).compression).toBe(compression)
  })

  it('takes the date from the config, else from the annotation, and believes no 1970', () => {
    const key = 'org.opencontainers.image.created'
    const annotated = read([])
    const manifest = { ...annotated.manifest, annotations: new Map([[key, '2024-01-02T00:00:00Z']]) }
    const created = (given: ImageConfig | null) =>
      measurePlatform({ ...annotated, manifest, config: given }).created
    expect(created(null)).toBe(Date.UTC(2024, 0, 2))
    expect(created(config({ created: '2025-01-02T00:00:00Z' }))).toBe(Date.UTC(2025, 0, 2))
    expect(created(config({ created: '1970-01-01T00:00:00Z' }))).toBeNull()
  })

  it('says that sizes are estimates', () => {
    expect(measurePlatform(read([], { estimated: true })).estimated).toBe(true)
  })
})

const layersOf = fc.array(
  fc.record({
    name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    type: fc.constantFrom(GZIP, ZSTD, FOREIGN),
  }),
  { maxLength: 8 },
)
/** A digest names one content, so one size and, here, one type. */
const SIZES = new Map(['a', 'b', 'c', 'd', 'e'].map((name, position) => [name, 10 ** position]))
const blob = ({ name, type }: { name: string; type: string }): Descriptor =>
  descriptor(name + type, SIZES.get(name) ?? 0, type)

describe('measureImage', () => {
  const image = {
    name: 'r.test/app:v1',
    repository: 'r.test/app',
    tag: 'v1',
    digest: digestOf('index'),
    mediaType: 'application/vnd.oci.image.index.v1+json',
    kind: 'index' as const,
  }
  const layers = [descriptor('a', 7)]

  it('has the date of the first platform image that has one', () => {
    const dated = (created: string | null) => read(layers, { config: config({ created }) })
    const days = ['2024-05-06T00:00:00Z', '2024-07-08T00:00:00Z']
    const made = measureImage({ ...image, platforms: [dated(null), ...days.map(dated)] })
    expect(made.created).toBe(Date.parse('2024-05-06T00:00:00Z'))
    expect(measureImage({ ...image, platforms: [dated(null)] }).created).toBeNull()
    expect(measureImage({ ...image, platforms: [] })).toMatchObject({ created: null, size: 0 })
  })

  it('has one name, unless it was found by several', () => {
    const own = { name: image.name, tag: 'v1' }
    expect(measureImage({ ...image, platforms: [] }).names).toEqual([own])
    const names = [own, { name: 'r.test/app:latest', tag: 'latest' }] as const
    expect(measureImage({ ...image, names, platforms: [] }).names).toEqual(names)
  })

  it('is an estimate only where its layers are', () => {
    const [exact, estimated] = measureImage({
      ...image,
      platforms: [read(layers), read(layers, { estimated: true })],
    }).platforms
    expect([exact?.estimated, estimated?.estimated]).toEqual([false, true])
  })
})

describe('laws of measuring', () => {
  it('what is stored is what is downloaded less what is foreign; order and repetition change nothing', () => {
    fc.assert(
      fc.property(layersOf, (layers) => {
        const measured = measurePlatform(read(layers.map(blob)))
        const again = measurePlatform(read([...layers, ...layers].toReversed().map(blob)))
        expect(again.size).toBe(measured.size)
        expect(storedSize([measured])).toBe(measured.size - measured.foreignSize)
      }),
    )
  })

  it('sharing never makes a set of platforms larger than its sum, nor smaller than its largest', () => {
    fc.assert(
      fc.property(fc.array(layersOf, { minLength: 1, maxLength: 4 }), (platforms) => {
        const image = measureImage({
          name: 'r.test/app:v1',
          repository: 'r.test/app',
          tag: 'v1',
          digest: digestOf('index'),
          mediaType: 'application/vnd.oci.image.index.v1+json',
          kind: 'index',
          platforms: platforms.map((layers) => read(layers.map(blob))),
        })
        const stored = image.platforms.map((one) => one.size - one.foreignSize)
        expect(image.uniqueSize).toBeLessThanOrEqual(stored.reduce((sum, size) => sum + size, 0))
        expect(image.uniqueSize).toBeGreaterThanOrEqual(Math.max(...stored))
        expect(image.size).toBe(Math.max(...image.platforms.map((one) => one.size)))
      }),
    )
  })
})
