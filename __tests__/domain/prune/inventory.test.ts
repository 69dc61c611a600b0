import { describe, expect, test } from 'vitest'

import type { Descriptor, Manifest } from '../../../src/domain/manifest/manifest.ts'
import { platformOf } from '../../../src/domain/names/platform.ts'
import { parseTag } from '../../../src/domain/names/tag.ts'
import { reclaimedAcross } from '../../../src/domain/prune/reclaimed.ts'
import { pushTime, tagAge } from '../../../src/domain/prune/age.ts'
import { digestOfKey, subjectKeyIn, subjectKey } from '../../../src/domain/prune/subject-tag.ts'
import type { AgeObservation } from '../../../src/domain/prune/inventory.ts'
import { planPrune } from '../../../src/domain/prune/plan.ts'
import { storedManifest } from '../../../src/domain/prune/stored-manifest.ts'
import { parseDigest } from '../../../src/domain/names/digest.ts'
import { asBytes } from '../../../src/domain/quantities/bytes.ts'
import {
  NOW,
  ago,
  artifact,
  dated,
  decisions,
  digestOf,
  manifestDecisions,
  subjectTag,
  image,
  index,
  missing,
  policy,
  repository,
  unknown,
} from './repository-dsl.ts'

const OCI = 'application/vnd.oci.image'
const GZIP = `${OCI}.layer.v1.tar+gzip`

function descriptor(name: string, mediaType: string, more: Partial<Descriptor> = {}): Descriptor {
  return {
    mediaType,
    digest: digestOf(name),
    size: asBytes(7),
    platform: null,
    artifactType: null,
    annotations: new Map(),
    ...more,
  }
}

describe('storedManifest', () => {
  const stored = (manifest: Manifest, facts = {}) =>
    storedManifest({ digest: digestOf('top'), size: asBytes(5), manifest }, facts)
  const common = {
    mediaType: 'type',
    annotations: new Map<string, string>(),
    subject: null,
    artifactType: null,
  }

  test('an image: its config and layers, less what other hosts store', () => {
    const foreign = 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip'
    const layers = [descriptor('f', foreign), descriptor('a', GZIP), descriptor('a', GZIP)]
    const subject = descriptor('s', `${OCI}.manifest.v1+json`)
    const result = stored({ ...common, kind: 'image', config: descriptor('c', 'config'), layers, subject })
    expect(result.blobs.map(({ digest }) => digest)).toEqual([digestOf('c'), digestOf('a'), digestOf('a')])
    expect(result).toMatchObject({
      kind: 'image',
      size: 5,
      children: [],
      subject: digestOf('s'),
      locked: null,
    })
  })

  test('an index: children are manifests, attestations give no date', () => {
    const type = `${OCI}.manifest.v1+json`
    const attestation = { platform: platformOf({ os: 'unknown', architecture: 'unknown' }) }
    const manifests = [
      descriptor('a', type),
      descriptor('att', type, attestation),
      descriptor('new', 'application/vnd.future+json'),
    ]
    const result = stored({ ...common, kind: 'index', manifests })
    expect(result.children).toEqual(['a', 'att', 'new'].map(digestOf))
    expect(result.platforms).toEqual(['a', 'new'].map(digestOf))
  })

  test('an artifact that bundles manifests, and layers that are stored elsewhere, mentions both', () => {
    const foreign = 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip'
    const layers = [
      descriptor('m', `${OCI}.manifest.v1+json`),
      descriptor('f', foreign),
      descriptor('a', GZIP),
    ]
    const result = stored({ ...common, kind: 'artifact', config: null, layers })
    expect(result.mentions).toEqual([
      { digest: digestOf('m'), isManifest: true },
      { digest: digestOf('f'), isManifest: false },
    ])
    expect(result.blobs.map(({ digest }) => digest)).toEqual(['m', 'a'].map(digestOf))
    expect(
      stored({ ...common, kind: 'artifact', config: null, layers: layers.slice(2) }).mentions,
    ).toBeUndefined()
  })

  test('what this action pushed only to delete it is known by its type', () => {
    const artifactType = 'application/vnd.registry-warden.placeholder'
    const own = { ...common, config: descriptor('c', 'config'), layers: [], artifactType }
    expect(stored({ ...own, kind: 'artifact' }).isPlaceholder).toBe(true)
    expect(stored({ ...own, kind: 'image' }).isPlaceholder).toBe(true)
    expect(stored({ ...own, kind: 'image', artifactType: 'application/x' }).isPlaceholder).toBeUndefined()
    expect(stored({ ...common, artifactType, kind: 'index', manifests: [] }).isPlaceholder).toBeUndefined()
  })

  test('an index may be about a subject; dates and locks come from the registry', () => {
    const about = descriptor('s', `${OCI}.manifest.v1+json`)
    const facts = { ages: [ago('9d')], locked: 'ACR lock' }
    expect(stored({ ...common, kind: 'index', manifests: [], subject: about }, facts)).toMatchObject({
      subject: digestOf('s'),
      ...facts,
    })
    expect(stored({ ...common, kind: 'index', manifests: [] })).toMatchObject({ ages: [], locked: null })
  })

  test('entries of an index that are no manifests by their type may be some all the same', () => {
    const entries = [descriptor('a', `${OCI}.manifest.v1+json`), descriptor('l', GZIP), descriptor('m', GZIP)]
    expect(stored({ ...common, kind: 'index', manifests: entries }).mentions).toEqual([
      { digest: digestOf('l'), isManifest: true },
      { digest: digestOf('m'), isManifest: true },
    ])
    expect(stored({ ...common, kind: 'index', manifests: entries.slice(0, 1) }).mentions).toBeUndefined()
    const cache = [...entries, descriptor('c', 'application/vnd.buildkit.cacheconfig.v0')]
    expect(stored({ ...common, kind: 'index', manifests: cache }).mentions).toBeUndefined()
  })

  test("BuildKit's cache index lists blobs, not children", () => {
    const manifests = [descriptor('l', GZIP), descriptor('c', 'application/vnd.buildkit.cacheconfig.v0')]
    const result = stored({ ...common, kind: 'index', manifests })
    expect(result.children).toEqual([])
    expect(result.blobs.map(({ digest }) => digest)).toEqual(['l', 'c'].map(digestOf))
  })

  test('schema 1 names no sizes, an unknown type only what its text mentions', () => {
    const layer = (name: string) => ({ digest: digestOf(name), throwaway: false, createdBy: null })
    const schema1: Manifest = {
      kind: 'schema1',
      mediaType: 'type',
      signed: true,
      architecture: 'amd64',
      layers: [layer('a'), layer('b')],
      created: null,
    }
    const layerSizes = new Map([[digestOf('a'), asBytes(3)]])
    expect(stored(schema1, { layerSizes }).blobs.map(({ size }) => size)).toEqual([3, null])
    const mentions = [digestOf('x')]
    const mystery: Manifest = { kind: 'unknown', mediaType: 'type', mentions }
    expect(stored(mystery).children).toEqual(mentions)
  })
})

describe('referrers and signature tags', () => {
  const hex = 'a'.repeat(64)

  test.each([
    [`sha256-${hex}`, true],
    [`sha256-${hex}.sig`, true],
    [`sha256-${hex}.att`, true],
    [`sha256-${hex}.sbom`, true],
    [`sha512-${hex}`, true],
    [`sha256-${hex}-slim`, false],
    [`sha256-${hex}.slim`, false],
    [`sha256-${hex}.sig2`, false],
    [`sha256-${hex.slice(1)}`, false],
    [`sha1-${hex}`, false],
    [`sha256-${hex.toUpperCase()}`, false],
    ['sha-1234567', false],
    ['latest', false],
  ])('%s: %s', (tag, expected) => {
    expect(subjectKeyIn(tag) !== null).toBe(expected)
  })

  test('a key names its digest where it is not cut', () => {
    const short = parseDigest(`sha256:${hex}`)
    const long = parseDigest(`sha512:${hex}${hex}`)
    expect(digestOfKey(subjectKey(short))).toBe(short)
    expect(subjectKey(long)).toBe(`sha512-${hex}`)
    expect(digestOfKey(subjectKey(long))).toBeNull()
  })

  test('the cut name of a sha512 subject finds it, and stays where it does not', () => {
    const long = parseDigest(`sha512:${hex}${hex}`)
    const fallback = `sha512-${hex}`
    const base = repository({ tags: { v1: 'A', [fallback]: 'F' }, manifests: { F: index([]), A: image() } })
    expect(decisions(planPrune(base, policy({ deleteOrphaned: true }), NOW))[fallback]).toBe(
      'keep referrer-of',
    )
    const manifests = new Map(base.manifests).set(long, image())
    const tags = new Map(base.tags).set(parseTag('v1', 'test'), {
      state: 'resolved',
      digest: long,
      ages: [],
      locked: null,
    })
    const plan = planPrune({ ...base, manifests, tags }, policy({ tags: 'v1' }), NOW)
    expect(decisions(plan)[fallback]).toBe('delete referrer-of')
  })

  test('an excluded signature stays though its subject goes', () => {
    const sig = subjectTag('A', '.sig')
    const inventory = repository({ tags: { v1: 'A', [sig]: 'S' }, manifests: { A: image(), S: image() } })
    const plan = planPrune(inventory, policy({ tags: 'v1', exclude: '*.sig' }), NOW)
    expect(manifestDecisions(plan, 'A S')).toEqual({ A: 'delete expired', S: 'keep excluded' })
  })
})

describe('ages', () => {
  const config = ago('9d', 'config')
  const annotation = ago('8d', 'annotation')
  const pushed = ago('7d')
  const updated = ago('6d', 'updated')
  const pulled = ago('5d', 'pulled')

  test.each([
    ['auto', [config, annotation, pushed, updated, pulled], pushed],
    ['auto', [config, annotation, updated], annotation],
    ['auto', [config, pulled], config],
    ['auto', [updated, pulled], null],
    ['auto', [dated('1970-01-01T00:00:01Z', 'pushed'), config], config],
    ['created', [config, annotation, pushed], annotation],
    ['pushed', [config, annotation], null],
    ['updated', [pushed, updated], updated],
    ['pulled', [pushed], null],
    ['pulled', [pulled, ago('1d')], ago('1d')],
    ['pulled', [pulled, ago('1d', 'config')], ago('1d', 'config')],
    ['pulled', [pulled, ago('9d', 'pushed')], pulled],
    ['updated', [updated, ago('1h', 'pushed')], ago('1h', 'pushed')],
    ['pulled', [pulled, ago('2d', 'pulled')], ago('2d', 'pulled')],
  ] as const)('age-source %s of %j', (source, ages, expected) => {
    const inventory = repository({ manifests: { A: image({ ages }) } })
    expect(tagAge(inventory, { ages: [] }, digestOf('A'), { source, now: NOW })).toEqual(expected)
  })

  test('what is said of the tag goes before what is said of the manifest, of one source', () => {
    const inventory = repository({ manifests: { A: image({ ages: [pushed] }) } })
    expect(tagAge(inventory, { ages: [ago('1d')] }, digestOf('A'), { source: 'auto', now: NOW })).toEqual(
      ago('1d'),
    )
    expect(tagAge(inventory, { ages: [config] }, digestOf('A'), { source: 'auto', now: NOW })).toEqual(pushed)
  })

  test.each<[string, readonly AgeObservation[], readonly AgeObservation[], AgeObservation | null]>([
    ['its newest platform', [ago('9d', 'config')], [ago('3d', 'config')], ago('3d', 'config')],
    ['unknown where a platform is', [ago('9d', 'config')], [], null],
  ])('an index without a date: %s', (_, a, b, expected) => {
    const inventory = repository({
      manifests: {
        A: image({ ages: a }),
        B: image({ ages: b }),
        I: index(['A', 'B']),
        O: index(['I', 'A', 'O']),
        E: index([]),
        F: index(['gone']),
        gone: missing,
      },
    })
    expect(tagAge(inventory, { ages: [] }, digestOf('O'), { source: 'auto', now: NOW })).toEqual(expected)
    expect(tagAge(inventory, { ages: [] }, digestOf('E'), { source: 'auto', now: NOW })).toBeNull()
    expect(tagAge(inventory, { ages: [] }, digestOf('F'), { source: 'auto', now: NOW })).toBeNull()
  })

  test.each([
    ['auto', null],
    ['pushed', null],
    ['created', config],
  ] as const)('a tag that the vendor has no date of, age-source %s', (source, expected) => {
    const inventory = repository({ manifests: { A: image({ ages: [config, pushed] }) } })
    const entry = { ages: [], isUndated: true }
    expect(tagAge(inventory, entry, digestOf('A'), { source, now: NOW })).toEqual(expected)
  })

  test.each([
    ['pushed', ago('-23h'), ago('-23h')],
    ['pushed', ago('-25h'), null],
    ['created', ago('-25h', 'config'), null],
    ['updated', ago('-25h', 'updated'), null],
  ] as const)('a date of %s that lies ahead: %j', (source, date, expected) => {
    const inventory = repository({ manifests: { A: image({ ages: [date] }), I: index(['A']) } })
    expect(tagAge(inventory, { ages: [] }, digestOf('A'), { source, now: NOW })).toEqual(expected)
    const ofIndex = tagAge(inventory, { ages: [] }, digestOf('I'), { source: 'created', now: NOW })
    expect(ofIndex).toBeNull()
  })

  test('push times of platform images are not the push time of their index', () => {
    const inventory = repository({ manifests: { A: image({ ages: [pushed, config] }), I: index(['A']) } })
    const dateOf = (source: 'auto' | 'pushed') =>
      tagAge(inventory, { ages: [] }, digestOf('I'), { source, now: NOW })
    expect(dateOf('pushed')).toBeNull()
    expect(dateOf('auto')).toEqual(pushed)
    const told = { ...inventory, tellsPushTimes: true }
    expect(tagAge(told, { ages: [] }, digestOf('I'), { source: 'auto', now: NOW })).toBeNull()
  })

  test('an index of more images than anybody builds has no date', () => {
    const names = Array.from({ length: 1001 }, (_, n) => `P${n}`)
    const dated = image({ ages: [config] })
    const all = Object.fromEntries(names.map((name) => [name, dated]))
    const inventory = repository({ manifests: { ...all, I: index(names), J: index(names.slice(1)) } })
    const dateOf = (name: string) =>
      tagAge(inventory, { ages: [] }, digestOf(name), { source: 'auto', now: NOW })
    expect([dateOf('I'), dateOf('J')]).toEqual([null, config])
  })

  test('only the registry knows when something was pushed', () => {
    expect(pushTime([config, annotation, pulled])).toBeNull()
    expect(pushTime([pushed, updated])).toBe(updated.at)
    expect(pushTime([updated])).toBe(updated.at)
    expect(pushTime([ago('2d'), updated])).toBe(ago('2d').at)
    expect(pushTime([ago('2d'), pushed])).toBe(ago('2d').at)
    expect(pushTime([pushed, dated('1970-01-01T00:00:00Z', 'updated')])).toBe(pushed.at)
  })
})

describe('reclaimed bytes', () => {
  test('a blob that something of an unknown type mentions stays, and is not counted', () => {
    const inventory = repository({
      tags: { v1: 'A 9d', latest: 'L' },
      manifests: { A: image({ blobs: { a: 20, b: 300 } }), L: image(), U: unknown(['a']) },
    })
    const plan = planPrune(inventory, policy({ tags: 'v*' }), NOW)
    expect(plan.reclaimedBytes).toBe(310)
    expect(plan.tags.find(({ tag }) => tag === 'v1')?.exclusiveBytes).toBe(310)
  })

  const inventory = repository({
    tags: { v1: 'M', v2: 'N', twin: 'N', latest: 'L' },
    manifests: {
      A: image({ blobs: { base: 100, a: 20 } }),
      B: image({ blobs: { base: 100, b: 3 } }),
      L: image({ blobs: { base: 100, l: 4000 } }),
      M: index(['A', 'B']),
      N: index(['B']),
      S: artifact('A', { blobs: { sbom: 50 } }),
    },
  })

  test('blobs and manifests of what goes, less all that what stays reaches', () => {
    const plan = planPrune(inventory, policy({ tags: 'v1' }), NOW)
    // index, A, its layer, and the artifact about A
    expect(plan.reclaimedBytes).toBe(10 + 10 + 20 + 10 + 50)
    const all = planPrune(inventory, policy({ tags: 'v1 v2 twin' }), NOW)
    expect(all.reclaimedBytes).toBe(100 + 10 + 10 + 3)
  })

  test('each tag on its own', () => {
    const plan = planPrune(inventory, policy({ tags: 'v1' }), NOW)
    const alone = Object.fromEntries(plan.tags.map(({ tag, exclusiveBytes }) => [tag, exclusiveBytes]))
    expect(alone).toEqual({ v1: 100, v2: 0, twin: 0, latest: 4010 })
    expect(alone['v1']).toBe(plan.reclaimedBytes)
  })

  test('repositories of one registry store a shared blob once', () => {
    const other = repository({
      tags: { v1: 'X', keep: 'Y' },
      manifests: { X: image({ blobs: { base: 100, x: 7 } }), Y: image({ blobs: { a: 20 } }) },
    })
    const rules = policy({ tags: 'v1 v2 twin latest', exclude: 'none' })
    const parts = [inventory, other].map((part) => ({ inventory: part, plan: planPrune(part, rules, NOW) }))
    const alone = parts.map(({ plan }) => plan.reclaimedBytes)
    // base goes from both and is freed once, a stays in the second
    expect(reclaimedAcross(parts).bytes).toBe((alone[0] ?? 0) + (alone[1] ?? 0) - 100 - 20)
    expect(reclaimedAcross(parts.slice(0, 1)).bytes).toBe(alone[0])
  })

  test('blobs of unknown size make it a lower bound, unless they stay or are known from elsewhere', () => {
    const schema1 = repository({
      tags: { old: 'S', other: 'K' },
      manifests: {
        S: image({ kind: 'schema1', blobs: { x: null, shared: null } }),
        K: image({ blobs: { shared: 5 } }),
      },
    })
    const one = planPrune(schema1, policy({ tags: 'old' }), NOW)
    expect([one.reclaimedBytes, one.reclaimsMore]).toEqual([10, true])
    const both = planPrune(schema1, policy({ tags: 'old other' }), NOW)
    expect([both.reclaimedBytes, both.reclaimsMore]).toEqual([25, true])
    const none = planPrune(schema1, policy({ tags: 'other' }), NOW)
    expect([none.reclaimedBytes, none.reclaimsMore]).toEqual([10, false])
  })
})
