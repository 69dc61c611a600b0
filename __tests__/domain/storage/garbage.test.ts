import { describe, expect, it } from 'vitest'
import type { Digest } from '../../../src/domain/names/digest.ts'
import { asBytes } from '../../../src/domain/quantities/bytes.ts'
import { parseDuration } from '../../../src/domain/quantities/duration.ts'
import { asTimestamp } from '../../../src/domain/quantities/timestamp.ts'
import {
  garbageOf,
  markedBlobs,
  needsOf,
  refusalToSweep,
  sameHoldings,
  splitByAge,
} from '../../../src/domain/storage/garbage.ts'
import type {
  Damage,
  HeldManifest,
  Needs,
  StorageScan,
  UnfinishedUpload,
} from '../../../src/domain/storage/garbage.ts'
import { descriptor, digestOf, entry, image, index } from '../../support/fake-reader.ts'

const NOW = asTimestamp(Date.UTC(2026, 5, 1))
const HOUR = 3_600_000
const ago = (milliseconds: number) => asTimestamp(NOW - milliseconds)

interface Drawn {
  /** `repository/manifest` */
  readonly holdings: readonly string[]
  readonly needs?: Readonly<Record<string, Partial<Record<keyof Needs, readonly string[]>>>>
  readonly pinned?: readonly string[]
  readonly aliases?: Readonly<Record<string, readonly string[]>>
  readonly blobs?: readonly string[]
  readonly uploads?: readonly UnfinishedUpload[]
  readonly damage?: readonly Damage[]
}

function held(text: string): HeldManifest {
  const [repository = '', name = ''] = text.split('/')
  return { repository, digest: digestOf(name) }
}

const digests = (names: readonly string[] = []): Digest[] => names.map(digestOf)

function scanOf({
  holdings,
  needs = {},
  pinned,
  aliases = {},
  blobs,
  uploads = [],
  damage = [],
}: Drawn): StorageScan {
  return {
    aliases: new Map(Object.entries(aliases).map(([name, stored]) => [digestOf(name), digests(stored)])),
    holdings: holdings.map(held),
    pinned: digests(pinned),
    needs: new Map(
      Object.entries(needs).map(([name, found]) => [
        digestOf(name),
        {
          manifests: digests(found.manifests),
          blobs: digests(found.blobs),
          foreign: digests(found.foreign),
        },
      ]),
    ),
    blobs: new Set(digests(blobs)),
    uploads,
    damage,
  }
}

describe('what is garbage', () => {
  const ALL = ['top', 'child', 'config', 'layer', 'shared', 'signature', 'stray', 'subject', 'deep']
  const needs = {
    top: { manifests: ['child'] },
    child: { blobs: ['config', 'layer', 'shared'] },
    other: { blobs: ['shared'] },
    signature: { manifests: ['subject'], blobs: ['deep'] },
    subject: { blobs: ['layer'] },
    a: { manifests: ['b'] },
    b: { manifests: ['a'] },
    windows: { foreign: ['layer'] },
  }
  it.each<[string, Drawn, readonly string[], readonly string[]]>([
    ['nothing is held', { holdings: [], blobs: ALL }, [], ALL],
    [
      'children, configs and layers of an index stay',
      { holdings: ['r/top'], blobs: ALL },
      [],
      ['signature', 'stray', 'subject', 'deep'],
    ],
    [
      'what goes takes what only it needs',
      { holdings: ['r/top', 'r/other'], blobs: ALL },
      ['r/top'],
      ALL.filter((name) => name !== 'shared'),
    ],
    [
      'another repository holds it as well',
      { holdings: ['r/top', 's/top'], blobs: ALL },
      ['r/top'],
      ['signature', 'stray', 'subject', 'deep'],
    ],
    [
      'an untagged manifest is held as every other one',
      { holdings: ['r/child'], blobs: ['child', 'layer'] },
      [],
      [],
    ],
    [
      'a referrer keeps its subject',
      { holdings: ['r/signature'], blobs: ALL },
      [],
      ['top', 'child', 'config', 'shared', 'stray'],
    ],
    [
      'what is pinned stays, with what it needs',
      { holdings: [], pinned: ['child'], blobs: ['child', 'layer', 'stray'] },
      [],
      ['stray'],
    ],
    [
      'layers that clients fetch elsewhere stay where they are here',
      { holdings: ['r/windows'], blobs: ['layer'] },
      [],
      [],
    ],
    [
      'what is stored by another digest than the one it is needed by',
      { holdings: ['r/other'], aliases: { shared: ['layer'] }, blobs: ['layer', 'stray'] },
      [],
      ['stray'],
    ],
    ['a circle ends', { holdings: ['r/a'], blobs: ['a', 'b', 'stray'] }, [], ['stray']],
    ['what is not there is no garbage', { holdings: ['r/top'], blobs: ['layer'] }, [], []],
  ])('%s', (_, drawn, goes, garbage) => {
    const scan = scanOf({ needs, ...drawn })
    expect(garbageOf(scan, goes.map(held))).toEqual(digests(garbage).toSorted())
  })

  it('everything that any manifest needs is marked, whatever its kind', () => {
    const manifest = image('config', 10, { one: 1, two: 2 })
    if (manifest.kind !== 'image') throw new Error('it is an image')
    const foreign = descriptor('base', 5, 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip')
    const signed = { ...manifest, layers: [descriptor('one', 1), foreign], subject: entry('subject', null) }
    expect(needsOf(signed)).toEqual({
      manifests: [digestOf('subject')],
      blobs: [digestOf('config'), digestOf('one')],
      foreign: [digestOf('base')],
    })
    const odd = descriptor('odd', 9, 'application/x-unheard-of')
    expect(needsOf(index(entry('amd64', null), descriptor('cache', 7), odd))).toEqual({
      manifests: [digestOf('amd64'), digestOf('odd')],
      blobs: [digestOf('cache'), digestOf('odd')],
      foreign: [],
    })
    const unknown = { kind: 'unknown', mediaType: 'x/y', mentions: [digestOf('m')] } as const
    expect(needsOf(unknown).manifests).toEqual([digestOf('m')])
  })

  it('marks more, never less, when more is held', () => {
    const few = markedBlobs(scanOf({ holdings: ['r/top'], needs }))
    const more = markedBlobs(scanOf({ holdings: ['r/top', 'r/signature'], needs }))
    expect([...few].every((digest) => more.has(digest))).toBe(true)
  })
})

describe('nothing is swept', () => {
  it.each<[string, UnfinishedUpload | null, Damage | null, RegExp | null]>([
    [
      'while an upload is younger than an hour',
      { path: 'u', active: ago(HOUR - 1) },
      null,
      /1 upload younger than an hour, such as u: .*stopped or read-only/,
    ],
    ['but an hour later', { path: 'u', active: ago(HOUR) }, null, null],
    ['while it is not known how old an upload is', { path: 'u', active: null }, null, /1 upload/],
    ['while an upload is from the future', { path: 'u', active: ago(-HOUR) }, null, /1 upload/],
    [
      'where damage hides what is needed',
      null,
      { path: 'p', what: 'is gone', hides: true },
      /cannot be told: p is gone/,
    ],
    ['but where it hides nothing', null, { path: 'p', what: 'is odd', hides: false }, null],
  ])('%s', (_, upload, damage, why) => {
    const scan = scanOf({
      holdings: [],
      uploads: upload === null ? [] : [upload],
      damage: damage === null ? [] : [damage],
    })
    const refusal = refusalToSweep(scan, NOW)
    expect(refusal ?? 'swept').toMatch(why ?? /^swept$/)
  })

  it('that is younger than the grace', () => {
    const blob = (name: string, age: number) => ({
      digest: digestOf(name),
      size: asBytes(1),
      written: ago(age),
    })
    const garbage = [blob('young', HOUR - 1), blob('just', HOUR), blob('old', 9 * HOUR), blob('ahead', -HOUR)]
    const { old, young } = splitByAge(garbage, parseDuration('1h', 'untagged-grace'), NOW)
    expect(old.map(({ digest }) => digest)).toEqual(digests(['just', 'old']))
    expect(young.map(({ digest }) => digest)).toEqual(digests(['young', 'ahead']))
  })
})

it('tells two scans apart by what is held', () => {
  const [a, b] = [held('r/a'), held('r/b')]
  expect(sameHoldings([a, b], [b, a])).toBe(true)
  expect(sameHoldings([a], [a, b])).toBe(false)
  expect(sameHoldings([a, b], [a, held('s/b')])).toBe(false)
})
