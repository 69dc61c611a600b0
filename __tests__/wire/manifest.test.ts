import { createHash } from 'node:crypto'

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { WardenError } from '../../src/domain/errors.ts'
import type { Manifest } from '../../src/domain/manifest/manifest.ts'
import { parseDigest } from '../../src/domain/names/digest.ts'
import { isVerifiable } from '../../src/wire/content-digest.ts'
import { MAX_CHILDREN, MAX_MANIFEST_BYTES, parseManifest } from '../../src/wire/manifest.ts'
import {
  blob,
  DOCKER_CONFIG,
  DOCKER_IMAGE,
  DOCKER_LIST,
  imageManifest,
  indexManifest,
  json,
  OCI_CONFIG,
  OCI_IMAGE,
  OCI_INDEX,
  OCI_LAYER,
  SCHEMA1,
  schema1Manifest,
  sha256,
  SIGNED,
  signed,
} from './documents.ts'

const ARTIFACT = 'application/vnd.oci.artifact.manifest.v1+json'

function parse(document: unknown, contentType: string | null = null): Manifest {
  const bytes = Buffer.isBuffer(document) ? document : json(document)
  return parseManifest(bytes, contentType, null).manifest
}

function failure(action: () => unknown): WardenError {
  try {
    action()
  } catch (error) {
    if (error instanceof WardenError) return error
    throw error
  }
  throw new Error('expected a WardenError')
}

function outcome(action: () => unknown): 'value' | 'refused' | 'crash' {
  try {
    action()
    return 'value'
  } catch (error) {
    return error instanceof WardenError ? 'refused' : 'crash'
  }
}

const without = (document: Record<string, unknown>, field: string) => ({ ...document, [field]: undefined })

describe('the type of a manifest', () => {
  const docker = { ...imageManifest(), mediaType: DOCKER_IMAGE, config: blob('c', 1, DOCKER_CONFIG) }
  const artifact = { mediaType: ARTIFACT, artifactType: 'application/x', blobs: [blob('a')] }
  const bare = without(imageManifest(), 'mediaType')
  const nested = (depth: number): Buffer =>
    Buffer.from(`{"schemaVersion":3,"x":${'['.repeat(depth)}${']'.repeat(depth)}}`)

  test.each([
    ['content type and body agree', OCI_IMAGE, imageManifest(), 'image', OCI_IMAGE],
    [
      'parameters and case of the content type',
      `${OCI_INDEX.toUpperCase()}; charset=utf-8`,
      indexManifest(),
      'index',
      OCI_INDEX,
    ],
    ['docker list', DOCKER_LIST, { ...indexManifest(), mediaType: DOCKER_LIST }, 'index', DOCKER_LIST],
    ['docker schema 2', DOCKER_IMAGE, docker, 'image', DOCKER_IMAGE],
    ['no content type', null, imageManifest(), 'image', OCI_IMAGE],
    ['JSON content type', 'application/json', docker, 'image', DOCKER_IMAGE],
    ['text content type', 'text/plain; charset=utf-8', indexManifest(), 'index', OCI_INDEX],
    ['an object store', 'binary/octet-stream', imageManifest(), 'image', OCI_IMAGE],
    ['only the content type says', OCI_IMAGE, bare, 'image', OCI_IMAGE],
    ['only structure says: image', 'application/octet-stream', bare, 'image', OCI_IMAGE],
    ['only structure says: index', null, without(indexManifest(), 'mediaType'), 'index', OCI_INDEX],
    ['only structure says: schema 1', 'text/plain', schema1Manifest(), 'schema1', SCHEMA1],
    ['schema 1 under its other type', SIGNED, schema1Manifest(), 'schema1', SIGNED],
    ['old artifact manifest', ARTIFACT, artifact, 'artifact', ARTIFACT],
    [
      'unknown type in the body',
      null,
      { ...imageManifest(), mediaType: 'Application/Vnd.Acme' },
      'unknown',
      'application/vnd.acme',
    ],
    [
      'unknown type, unknown structure',
      'application/vnd.acme.v3+json',
      { schemaVersion: 3 },
      'unknown',
      'application/vnd.acme.v3+json',
    ],
    ['no type, unknown structure', null, { schemaVersion: 2, things: [] }, 'unknown', 'unknown'],
  ])('%s', (_, contentType, document, kind, mediaType) => {
    expect(parse(document, contentType)).toMatchObject({ kind, mediaType })
  })

  test('an unknown type mentions every digest in it, however its text is spelt', () => {
    const [one, two] = [sha256('one'), sha256('two')]
    const text = JSON.stringify({ mediaType: 'application/vnd.acme', parts: [one, `x/${two}?`], again: one })
    for (const bytes of [text, text.replaceAll('sha256:', 'sha256\\u003a')]) {
      const { manifest } = parseManifest(Buffer.from(bytes), null, null)
      expect(manifest).toMatchObject({ kind: 'unknown', mentions: [one, two] })
    }
  })

  test('an unknown type that mentions too much is not read', () => {
    const parts = Array.from({ length: 1001 }, (_, number) => sha256(`part ${number}`))
    expect(failure(() => parse({ mediaType: 'application/vnd.acme', parts })).message).toMatch(
      /over 1000 digests/,
    )
  })

  test.each([
    [
      'header and body disagree',
      OCI_IMAGE,
      indexManifest(),
      /sent as .*manifest\.v1\+json, but says .*index/,
    ],
    ['schema 1 header on an OCI image', SIGNED, imageManifest(), /sent as/],
    ['index with layers', OCI_INDEX, { ...indexManifest(), layers: [] }, /ambiguous.*index and image/],
    ['image with manifests', null, { ...imageManifest(), manifests: [] }, /ambiguous/],
    ['schema 1 with a config', null, { ...schema1Manifest(), config: {} }, /ambiguous.*image and schema1/],
    ['an API answer', 'application/json', { message: 'hello' }, /not a manifest/],
    ['an array', 'application/json', [], /not an object/],
    ['index content type without entries', OCI_INDEX, { schemaVersion: 2 }, /the index has no manifests/],
    ['image without config', OCI_IMAGE, without(imageManifest(), 'config'), /the manifest has no config/],
    ['an image sent as an artifact, which would weigh nothing', ARTIFACT, bare, /fields of another type/],
    ['an image that calls itself an artifact', null, { ...bare, mediaType: ARTIFACT }, /fields of another/],
    ['an unknown type of endless depth', 'application/x', nested(200_000), /nested too deeply/],
  ])('%s is refused', (_, contentType, document, message) => {
    const error = failure(() => parse(document, contentType))
    expect(error.kind).toBe('protocol')
    expect(error.message).toMatch(message)
  })
})

describe('images and artifacts', () => {
  test('an image has its config and layers, repeated ones repeated', () => {
    const layers = [blob('one', 10), blob('two', 20), blob('one', 10)]
    const manifest = parse(imageManifest({ layers, annotations: { 'org.example': 'yes', count: 3 } }))
    expect(manifest).toMatchObject({
      kind: 'image',
      config: { size: 7, mediaType: OCI_CONFIG },
      subject: null,
    })
    expect(manifest.kind === 'image' && manifest.layers.map(({ digest, size }) => [digest, size])).toEqual([
      [sha256('one'), 10],
      [sha256('two'), 20],
      [sha256('one'), 10],
    ])
    expect(manifest.kind === 'image' && manifest.annotations).toEqual(new Map([['org.example', 'yes']]))
  })

  test.each([
    ['helm chart', OCI_IMAGE, 'application/vnd.cncf.helm.config.v1+json', 'artifact'],
    ['empty config', OCI_IMAGE, 'application/vnd.oci.empty.v1+json', 'artifact'],
    ['plain JSON config in an OCI manifest', OCI_IMAGE, 'application/json', 'artifact'],
    ['docker 1.10, whose config type is an accident', DOCKER_IMAGE, 'application/octet-stream', 'image'],
  ])('%s', (_, mediaType, configType, kind) => {
    const config = blob('config', 2, configType)
    expect(parse(imageManifest({ mediaType, config, artifactType: 'application/x' }))).toMatchObject({
      kind,
      artifactType: 'application/x',
    })
  })

  test('an artifact manifest has its blobs as layers and keeps its subject', () => {
    const subject = blob('image', 500, OCI_IMAGE)
    const manifest = parse({ mediaType: ARTIFACT, artifactType: 'x/y', blobs: [blob('sbom', 3)], subject })
    expect(manifest).toMatchObject({ kind: 'artifact', config: null, layers: [{ size: 3 }] })
    expect(manifest.kind === 'artifact' && manifest.subject?.digest).toBe(subject.digest)
  })

  test('layers written as null are none', () => {
    expect(parse(imageManifest({ layers: null }))).toMatchObject({ kind: 'image', layers: [] })
  })

  test('hostile keys stay data', () => {
    const text = JSON.stringify(imageManifest()).replace(
      '{',
      '{"annotations":{"__proto__":"x","toString":"y"},',
    )
    const { manifest } = parseManifest(Buffer.from(text), null, null)
    expect(manifest.kind === 'image' && [...manifest.annotations]).toEqual([
      ['__proto__', 'x'],
      ['toString', 'y'],
    ])
  })

  test.each([
    ['missing', undefined],
    ['negative', -1],
    ['text', '10'],
    ['a fraction', 1.5],
    ['beyond safe integers', 2 ** 53],
    ['null', null],
  ])('a size that is %s names its layer', (_, size) => {
    const layers = [blob('one', 10), { ...blob('two'), size }]
    expect(failure(() => parse(imageManifest({ layers }))).message).toMatch(
      /layers\[1\]\.size: must be a whole number/,
    )
  })

  test('sizes that only overflow together are refused', () => {
    const layers = [blob('one', Number.MAX_SAFE_INTEGER), blob('two', 1)]
    expect(failure(() => parse(imageManifest({ layers }))).kind).toBe('protocol')
  })

  test.each([
    ['a layer twice', [blob('one', 500_000_000), blob('one', 1)]],
    ['the config as a layer', [blob('config', 8)]],
  ])('%s with two sizes is refused: one is pulled, the other counted', (_, layers) => {
    const error = failure(() => parse(imageManifest({ layers })))
    expect(error.kind).toBe('integrity')
    expect(error.message).toMatch(/listed with two sizes/)
  })

  test.each([
    ['Size', imageManifest({ layers: [{ ...blob('one', 1), Size: 500_000_000 }] })],
    ['\u017Fize', imageManifest({ layers: [{ ...blob('one', 1), '\u017Fize': 500_000_000 }] })],
    ['LAYERS', imageManifest({ LAYERS: [blob('big', 500_000_000)] })],
    ['Manifests', indexManifest({ Manifests: [] })],
    ['Digest', imageManifest({ config: { ...blob('config', 7, OCI_CONFIG), Digest: sha256('other') } })],
    ['OS', indexManifest({ manifests: [{ ...blob('a'), platform: { OS: 'linux', architecture: 'x' } }] })],
    ['FSLayers', schema1Manifest({ FSLayers: [] })],
    ['FSLayers', signed(schema1Manifest({ FSLayers: [] })).bytes],
  ])('a field %s, which clients written in Go take for ours, is refused', (key, document) => {
    const error = failure(() => parse(document))
    expect(error.kind).toBe('protocol')
    expect(error.message).toContain(`has a field ${JSON.stringify(key)}`)
  })

  test('annotations may be called anything', () => {
    const annotations = { Size: '1', size: '2', LAYERS: '3' }
    const layers = [{ ...blob('one'), annotations }]
    expect(parse(imageManifest({ annotations, layers })).kind).toBe('image')
  })

  test.each([
    '../../../v2/other',
    'sha256:ABC',
    `sha256:${'A'.repeat(64)}`,
    'sha256:',
    '',
    `sha256:${'a'.repeat(63)}`,
  ])('the digest %j never becomes part of a URL', (digest) => {
    const layers = [{ ...blob('one'), digest }]
    expect(failure(() => parse(imageManifest({ layers }))).message).toMatch(
      /layers\[0\]\.digest: must be a digest/,
    )
  })

  test('embedded data is checked and dropped', () => {
    const empty = { mediaType: 'application/vnd.oci.empty.v1+json', digest: sha256('{}'), size: 2 }
    const good = parse(imageManifest({ config: { ...empty, data: 'e30=' } }))
    expect(good.kind === 'artifact' && good.config).not.toHaveProperty('data')
    for (const data of ['W10=', 'e30gIA==', '']) {
      expect(failure(() => parse(imageManifest({ config: { ...empty, data } }))).kind).toBe('integrity')
    }
  })
})

describe('indexes', () => {
  test('platforms are normalised, what names none has none', () => {
    const entry = (platform: unknown) => ({ ...blob('x', 1, OCI_IMAGE), platform })
    const platforms = [
      { os: 'linux', architecture: 'arm64', variant: 'v8' },
      { os: 'windows', architecture: 'amd64', 'os.version': '10.0.1' },
      { architecture: 'x86_64' },
      { os: 'linux' },
      'linux/amd64',
      null,
      undefined,
    ]
    const manifest = parse(indexManifest({ manifests: platforms.map(entry) }))
    expect(manifest.kind === 'index' && manifest.manifests.map(({ platform }) => platform)).toEqual([
      { os: 'linux', architecture: 'arm64', variant: null, osVersion: null },
      { os: 'windows', architecture: 'amd64', variant: null, osVersion: '10.0.1' },
      { os: 'linux', architecture: 'amd64', variant: null, osVersion: null },
      null,
      null,
      null,
      null,
    ])
  })

  test.each([[[]], [null]])('an index of %j is valid', (manifests) => {
    expect(parse(indexManifest({ manifests }))).toMatchObject({ kind: 'index', manifests: [] })
  })

  test('child types and artifact types are never limited to a list', () => {
    const manifests = [{ ...blob('x', 1, 'application/vnd.acme+json'), artifactType: 'application/spdx' }]
    expect(parse(indexManifest({ manifests }))).toMatchObject({
      manifests: [{ mediaType: 'application/vnd.acme+json', artifactType: 'application/spdx' }],
    })
  })

  test('more children than the cap are refused', () => {
    const manifests = Array.from({ length: MAX_CHILDREN + 1 }, (_, i) => blob(`c${i}`, 1, OCI_IMAGE))
    expect(failure(() => parse(indexManifest({ manifests }))).kind).toBe('protocol')
  })
})

describe('schema 1', () => {
  test('layers come oldest first, with throwaway marks, date and instructions', () => {
    expect(parse(schema1Manifest())).toEqual({
      kind: 'schema1',
      mediaType: SCHEMA1,
      signed: false,
      architecture: 'amd64',
      created: '2016-01-02T03:04:05Z',
      layers: [
        { digest: sha256('oldest'), throwaway: false, createdBy: 'ADD file:1 in /' },
        { digest: sha256('newest'), throwaway: true, createdBy: 'CMD ["sh"]' },
      ],
    })
  })

  test('more layers than any image has are refused: the size of each costs a request', () => {
    const fsLayers = Array.from({ length: 1001 }, (_, position) => ({ blobSum: sha256(String(position)) }))
    expect(failure(() => parse(schema1Manifest({ fsLayers }))).message).toMatch(/fsLayers: .*1000/)
  })

  test('unreadable history only costs the names', () => {
    const history = [{ v1Compatibility: 'not json' }, { v1Compatibility: 7 }]
    expect(parse(schema1Manifest({ history }))).toMatchObject({
      created: null,
      layers: [{ throwaway: false, createdBy: null }, { createdBy: null }],
    })
  })

  test('a signed manifest has the digest of its payload', () => {
    const { bytes, payload } = signed(schema1Manifest())
    const resolved = parseManifest(bytes, SIGNED, sha256(payload))
    expect(resolved).toMatchObject({
      digest: sha256(payload),
      size: payload.length,
      manifest: { signed: true },
    })
    expect(parseManifest(bytes, 'application/json', null).digest).toBe(sha256(payload))
    expect(failure(() => parseManifest(bytes, SIGNED, sha256(bytes))).kind).toBe('integrity')
  })

  test('what stands outside the signed part is not read', () => {
    const { bytes, payload } = signed(schema1Manifest())
    const extra = `,"fsLayers":[{"blobSum":"${sha256('evil')}"}],"signatures"`
    const forged = Buffer.from(bytes.toString().replace(',\n   "signatures"', extra))
    const { manifest } = parseManifest(forged, SIGNED, sha256(payload))
    expect(manifest.kind === 'schema1' && manifest.layers.map(({ digest }) => digest)).toEqual([
      sha256('oldest'),
      sha256('newest'),
    ])
  })

  test.each([
    ['a length beyond the document', { formatLength: 1e9, formatTail: '' }],
    ['a negative length', { formatLength: -1, formatTail: '' }],
    ['no length', {}],
  ])('a protected header with %s is refused', (_, header) => {
    const signatures = [{ protected: json(header).toString('base64url') }]
    expect(failure(() => parse(schema1Manifest({ signatures }))).kind).toBe('integrity')
  })
})

describe('digests', () => {
  test('by digest, other content is refused and both digests are named', () => {
    const wanted = sha256('something else')
    const error = failure(() => parseManifest(json(imageManifest()), OCI_IMAGE, wanted))
    expect(error.kind).toBe('integrity')
    expect(error.message).toContain(wanted)
    expect(error.message).toContain(sha256(json(imageManifest())))
  })

  test('a manifest that was cut on the way is no JSON problem', () => {
    const bytes = json(imageManifest())
    const cut = bytes.subarray(0, bytes.length - 5)
    expect(failure(() => parseManifest(cut, OCI_IMAGE, sha256(bytes))).kind).toBe('integrity')
    expect(failure(() => parseManifest(cut, OCI_IMAGE, null)).kind).toBe('protocol')
  })

  test('sha512 is verified, blake3 is an address that nobody claims to have verified', () => {
    const bytes = json(imageManifest())
    const sha512 = parseDigest(`sha512:${createHash('sha512').update(bytes).digest('hex')}`)
    expect(parseManifest(bytes, OCI_IMAGE, sha512).digest).toBe(sha512)
    const other = parseDigest(`sha512:${'0'.repeat(128)}`)
    expect(failure(() => parseManifest(bytes, OCI_IMAGE, other)).kind).toBe('integrity')
    const blake3 = parseDigest(`blake3:${'0'.repeat(64)}`)
    expect(parseManifest(bytes, OCI_IMAGE, blake3).digest).toBe(blake3)
    expect([sha512, blake3].map(isVerifiable)).toEqual([true, false])
  })

  test('a manifest over 4 MiB is refused before it is parsed', () => {
    const bytes = Buffer.alloc(MAX_MANIFEST_BYTES + 1, ' ')
    expect(failure(() => parseManifest(bytes, OCI_IMAGE, null)).message).toMatch(/larger than/)
  })
})

describe('laws', () => {
  const types = fc.constantFrom(
    null,
    '',
    OCI_INDEX,
    OCI_IMAGE,
    DOCKER_IMAGE,
    SIGNED,
    ARTIFACT,
    'text/html',
    'x/y',
  )
  const field = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.constantFrom(blob('a'), [blob('a')], [blob('b', -1)], OCI_INDEX, OCI_IMAGE, 1, 2),
  )
  const names = [
    'mediaType',
    'schemaVersion',
    'config',
    'layers',
    'manifests',
    'fsLayers',
    'signatures',
    'blobs',
    'subject',
  ]
  const nearlyManifest = fc.dictionary(fc.constantFrom(...names), field)
  const anything = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
    fc.jsonValue().map(json),
    nearlyManifest.map(json),
  )

  test('any bytes are a manifest or a WardenError', () => {
    fc.assert(
      fc.property(anything, types, (bytes, contentType) => {
        expect(outcome(() => parseManifest(bytes, contentType, null))).not.toBe('crash')
      }),
      { numRuns: 500 },
    )
  })

  test('what was found by tag is found again by the digest it got, and by no other', () => {
    const layer = fc
      .record({ seed: fc.string(), size: fc.nat() })
      .map(({ seed, size }) => blob(seed, size, OCI_LAYER))
    const layers = fc.uniqueArray(layer, { maxLength: 20, selector: ({ digest }) => digest })
    fc.assert(
      fc.property(layers, fc.nat(), (layers, position) => {
        const bytes = json(imageManifest({ layers }))
        const byTag = parseManifest(bytes, null, null)
        expect(parseManifest(bytes, null, byTag.digest)).toEqual(byTag)
        const changed = Buffer.from(bytes)
        const at = position % bytes.length
        changed[at] = (changed[at] ?? 0) ^ 1
        expect(failure(() => parseManifest(changed, null, byTag.digest))).toBeInstanceOf(WardenError)
      }),
    )
  })
})
