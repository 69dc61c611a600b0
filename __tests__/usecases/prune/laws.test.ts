import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseTag } from '../../../src/domain/names/tag.ts'
import type { Digest } from '../../../src/domain/names/digest.ts'
import type { VendorListing } from '../../../src/domain/prune/ports.ts'
import { ago } from '../../domain/prune/repository-dsl.ts'
import { digestOf } from '../../support/fake-reader.ts'
import { runs } from '../../support/runs.ts'
import { pruneWorld } from './stage.ts'
import { failure, image, index, subjectTag, World } from './world.ts'
import type { Made, WorldOptions } from './world.ts'

const IMAGES = ['A', 'B', 'C', 'D']
const TAGS = ['v1', 'v2', 'v3', 'v4', 'latest', 'stable', 'prod']
const rules = { tags: 'v*', exclude: 'latest', minKeep: 0 }

interface Shop {
  readonly tags: Readonly<Record<string, string>>
  readonly manifests: Readonly<Record<string, Made>>
}

/** Images, indexes over them and over each other, a referrer and a signature, and tags on any of these. */
const shops: fc.Arbitrary<Shop> = fc
  .record({
    children: fc.tuple(
      fc.subarray(IMAGES, { minLength: 1 }),
      fc.subarray(IMAGES, { minLength: 1 }),
      fc.subarray([...IMAGES, 'I1'], { minLength: 1 }),
    ),
    subject: fc.constantFrom('A', 'I1', 'I2'),
    signed: fc.constantFrom('B', 'I1', 'I2'),
    tags: fc.dictionary(fc.constantFrom(...TAGS), fc.constantFrom(...IMAGES, 'I1', 'I2', 'I3', 'R'), {
      minKeys: 2,
    }),
  })
  .map(({ children: [one, two, three], subject, signed, tags }) => ({
    tags: { ...tags, [subjectTag(signed)]: 'S' },
    manifests: {
      ...Object.fromEntries(IMAGES.map((name) => [name, image(name)])),
      I1: index(one),
      I2: index(two, { annotatedDays: 2 }),
      I3: index(three, { annotatedDays: 3 }),
      R: image('R', { subject }),
      S: image('S'),
    },
  }))

type Holds = NonNullable<NonNullable<WorldOptions['capabilities']>['holds']>

/** What a registry does, with what may be known of it. */
const registries: fc.Arbitrary<WorldOptions> = fc
  .record({
    quirk: fc.constantFrom(
      undefined,
      'keeps-tags' as const,
      'by-name' as const,
      'last-tag' as const,
      'tag-by-tag' as const,
      'referrers-first' as const,
    ),
    untag: fc.constantFrom('yes' as const, 'unsupported' as const, 'takes-siblings' as const),
    isKnown: fc.boolean(),
  })
  .map(({ quirk, untag, isKnown }) => {
    const told: Holds = quirk === 'by-name' ? 'names' : quirk === 'last-tag' ? 'last-tag' : 'digest'
    const options = {
      untag,
      referrersApi: true,
      capabilities: { holds: isKnown ? told : ('unknown' as const) },
    }
    return quirk === undefined ? options : Object.assign(options, { quirk })
  })

/** All that a tag needs and all that belongs to it, as naively as can be. */
function needsOf({ tags, manifests }: Shop, tag: string): Set<string> {
  const needed = new Set([tags[tag] ?? ''])
  const nameOf = new Map(Object.keys(manifests).map((name): [Digest, string] => [digestOf(name), name]))
  for (const name of needed) {
    const { manifest } = manifests[name] ?? image(name)
    if (manifest.kind === 'index')
      for (const { digest } of manifest.manifests) needed.add(nameOf.get(digest) ?? '')
    for (const [other, made] of Object.entries(manifests)) {
      if ('subject' in made.manifest && made.manifest.subject?.digest === digestOf(name)) needed.add(other)
    }
    const signature = tags[subjectTag(name)]
    if (signature !== undefined) needed.add(signature)
  }
  return needed
}

/** Everything that goes is gone for good: nothing can be put again that is not there. */
function freeAtOnce(world: World): void {
  const known = new Set(world.manifests.keys())
  world.fault = (line) => {
    const [verb, name = ''] = line.split(' ')
    return verb === 'PUT' && known.has(name) && !world.manifests.has(name)
      ? failure('not-found', 'blob unknown')
      : null
  }
}

function lostIn(shop: Shop, world: World): string[] {
  const lost: string[] = []
  for (const tag of Object.keys(shop.tags)) {
    if (/^(v|sha256-)/.test(tag)) continue
    if (world.tags.get(tag) !== shop.tags[tag]) lost.push(tag)
    for (const name of needsOf(shop, tag)) if (!world.manifests.has(name)) lost.push(name)
  }
  return lost
}

test('law: whatever holds a manifest there, no prune takes anything that a tag which stays needs, also where nothing can be put back', async () => {
  await fc.assert(
    fc.asyncProperty(shops, registries, async (shop, options) => {
      const world = new World(shop.tags, shop.manifests, options)
      freeAtOnce(world)
      await pruneWorld(world, rules)
      expect(lostIn(shop, world)).toEqual([])
    }),
    runs(150),
  )
})

test('law: nor where the list of tags or that of the vendor leaves out what the other one has', async () => {
  await fc.assert(
    fc.asyncProperty(
      shops,
      fc.subarray(TAGS),
      fc.array(fc.boolean(), { minLength: 9, maxLength: 9 }),
      fc.boolean(),
      async (shop, hidden, shown, tellsDigests) => {
        const world: World = new World(shop.tags, shop.manifests, {
          referrersApi: true,
          capabilities: { listsUntagged: true },
          hides: (tag) => hidden.includes(tag),
          listing: () => listingOf(world, hidden, shown, tellsDigests),
        })
        freeAtOnce(world)
        await pruneWorld(world, { ...rules, deleteUntagged: true })
        expect(lostIn(shop, world)).toEqual([])
      },
    ),
    runs(150),
  )
})

/** Every tag that the list of tags leaves out, and some of all versions. */
function listingOf(
  world: World,
  hidden: readonly string[],
  shown: readonly boolean[],
  tellsDigests: boolean,
): VendorListing {
  const facts = { ages: [ago('90d')], locked: null }
  const named = new Set(world.tags.values())
  const names = [...world.manifests.keys()].filter((_, position) => shown[position] === true)
  return {
    tags: new Map(
      [...world.tags]
        .filter(([tag, name]) => hidden.includes(tag) || names.includes(name))
        .map(([tag, name]) => [
          parseTag(tag, 'tag'),
          { ...facts, digest: tellsDigests ? digestOf(name) : null },
        ]),
    ),
    manifests: new Map(names.map((name) => [digestOf(name), facts])),
    untagged: names.filter((name) => !named.has(name)).map((name) => digestOf(name)),
    complete: true,
  }
}
