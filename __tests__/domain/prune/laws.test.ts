import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { planPrune } from '../../../src/domain/prune/plan.ts'
import type { PlanAction, PrunePlan } from '../../../src/domain/prune/decision.ts'
import type { AgeObservation, Inventory, ManifestEntry } from '../../../src/domain/prune/inventory.ts'
import type { PrunePolicy } from '../../../src/domain/prune/policy.ts'
import type { Digest } from '../../../src/domain/names/digest.ts'
import {
  NOW,
  ago,
  carryOut,
  digestOf,
  subjectTag,
  image,
  index,
  missing,
  policy,
  repository,
  unknown,
  unreadable,
} from './repository-dsl.ts'
import { runs } from '../../support/runs.ts'

const NAMES = Array.from({ length: 12 }, (_, n) => `m${n}`)
const name = fc.constantFrom(...NAMES)
const age = fc.constantFrom<readonly AgeObservation[]>(
  [],
  [ago('1h')],
  [ago('40d')],
  [ago('90d')],
  [ago('60d', 'config')],
  [ago('60d'), ago('2d', 'updated')],
  [ago('-3d')],
)
const locked = fc.integer({ min: 0, max: 14 }).map((dice) => (dice === 1 ? 'locked' : null))
/** So many that some are shared and some are not. */
const BLOBS = Array.from({ length: 16 }, (_, n): readonly [string, number] => [`b${n}`, 2 ** n * 100])
/** Layers, and now and then a manifest that is listed as if it were one. */
const blobs = fc
  .tuple(
    fc.subarray(BLOBS, { maxLength: 3 }),
    fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: name }),
  )
  .map(([layers, mentioned]) => (mentioned === null ? layers : layers.concat([[mentioned, 10]])))
  .map((entries): Readonly<Record<string, number>> => Object.fromEntries(entries))
const subject = fc.option(name, { freq: 3 })
const children = fc.array(name, { maxLength: 4 })

const facts = fc.record({ ages: age, locked, blobs, subject })
function settled({ subject: about, ...rest }: { subject: string | null; ages: readonly AgeObservation[] }) {
  return about === null ? rest : { ...rest, subject: about }
}

/** Any graph, also those that no hash allows: cycles, manifests that list themselves. */
const manifest: fc.Arbitrary<ManifestEntry> = fc.oneof(
  { weight: 6, arbitrary: facts.map((given) => image(settled(given))) },
  { weight: 6, arbitrary: fc.tuple(children, facts).map(([list, given]) => index(list, settled(given))) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.array(fc.constantFrom(...NAMES, ...BLOBS.map(([key]) => key)), { maxLength: 4 }), age)
      .map(([list, ages]) => unknown(list, { ages })),
  },
  { weight: 1, arbitrary: fc.constant(missing) },
)
const tagName = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom('latest', '1', '1.2', '1.2.3', '1.2.4', '1.3.0', '2.0.0-rc1', '2.0.0'),
  },
  { weight: 4, arbitrary: fc.constantFrom('pr-1', 'pr-2', 'pr-10', 'main-1', 'main-2', 'main-3') },
  {
    weight: 3,
    arbitrary: fc.tuple(name, fc.constantFrom('', '.sig', '.att')).map(([of, as]) => subjectTag(of, as)),
  },
)
const tagEntry = fc.record({ of: name, ages: age, locked }).map(({ of, ages, locked: why }) => ({
  state: 'resolved' as const,
  digest: digestOf(of),
  ages,
  locked: why,
}))

function repositories(broken = false): fc.Arbitrary<Inventory> {
  return fc
    .record({
      manifests: fc.array(manifest, { minLength: NAMES.length, maxLength: NAMES.length }),
      tags: fc.dictionary(tagName, tagEntry, { maxKeys: 12 }),
      untag: fc.constantFrom('yes' as const, 'no' as const, 'unknown' as const),
      flags: fc.record({
        listsUntagged: fc.boolean(),
        tagsFirst: fc.boolean(),
        referrersFirst: fc.boolean(),
      }),
      unread: fc.constantFrom(...NAMES),
    })
    .map(({ manifests, tags, untag, flags, unread }) => {
      const named = Object.fromEntries(NAMES.map((key, at) => [key, manifests[at] ?? missing]))
      if (broken) named[unread] = unreadable
      return repository({ tags, manifests: named, registry: { untag, ...flags } })
    })
}

const policies: fc.Arbitrary<PrunePolicy> = fc
  .record({
    tags: fc.constantFrom('*', 'pr-*', '1* 2*', 'main-* pr-*', ''),
    exclude: fc.constantFrom('latest', 'pr-1*', '1.2.3 sha256-*.att', ''),
    keepLatest: fc.option(fc.nat(4)),
    group: fc.constantFrom(undefined, '([a-z]+)-.*'),
    versions: fc.constantFrom(undefined, '1 minor', '2 minors, 1 patch', '1 major, 2 patches'),
    olderThan: fc.constantFrom(undefined, '30d', '80d'),
    deleteUntagged: fc.boolean(),
    deleteOrphaned: fc.boolean(),
    sharedDigest: fc.constantFrom('untag' as const, 'skip' as const, 'swap' as const),
    minKeep: fc.nat(3),
    protect: fc.array(name, { maxLength: 2 }),
  })
  .map(({ group, versions, olderThan, ...rest }) =>
    policy({
      ...rest,
      ...(group === undefined ? {} : { keepGroupBy: group }),
      ...(versions === undefined ? {} : { keepVersions: versions }),
      ...(olderThan === undefined ? {} : { olderThan }),
    }),
  )

function deletedBy(plan: PrunePlan): Set<Digest> {
  return new Set(plan.actions.flatMap((action) => (action.kind === 'delete-manifest' ? [action.digest] : [])))
}

/**
 * Written apart from the planner, and as naively as can be: everything that the start needs, directly or not.
 */
function needs({ manifests, tags }: Inventory, start: Iterable<Digest>): Set<Digest> {
  const needed = new Set(start)
  for (const digest of needed) {
    const entry = manifests.get(digest)
    if (entry?.state === 'stored') {
      for (const child of entry.children) needed.add(child)
      for (const blob of entry.blobs) if (manifests.has(blob.digest)) needed.add(blob.digest)
    }
    for (const [other, candidate] of manifests) {
      if (candidate.state === 'stored' && candidate.subject === digest) needed.add(other)
    }
    for (const [tag, target] of tags) {
      if (target.state !== 'resolved') continue
      if (isAbout(digest, tag, target.digest, manifests)) needed.add(target.digest)
    }
  }
  return needed
}

/** Whether a tag holds things about a manifest: by its suffix, or because it lists nothing else. */
function isAbout(subject: Digest, tag: string, target: Digest, manifests: Inventory['manifests']): boolean {
  const [start = '', suffix] = tag.split('.')
  if (start !== subject.replace(':', '-') || target === subject) return false
  if (suffix !== undefined) return true
  const entry = manifests.get(target)
  if (entry?.state !== 'stored' || entry.kind !== 'index') return false
  const listed = entry.children.map((child) => manifests.get(child)).filter((one) => one?.state !== 'missing')
  if (listed.length === 0) return entry.children.length + entry.blobs.length === 0
  return listed.every((one) => one?.state === 'stored' && one.subject === subject)
}

const RUNS = runs(300)

describe('laws of every plan', () => {
  test('nothing that is kept, protected or needed by either is deleted', () => {
    fc.assert(
      fc.property(repositories(), policies, (inventory, rules) => {
        const plan = planPrune(inventory, rules, NOW)
        const roots = new Set(rules.protectedDigests.keys())
        const touched: string[] = []
        for (const { tag, digest, decision } of plan.tags) {
          const isNamed =
            rules.considered.some((pattern) => pattern.matches(tag)) || tag.startsWith('sha256-')
          const isExcluded = rules.excluded.some((pattern) => pattern.matches(tag))
          if (!isNamed || isExcluded) touched.push(...(decision === 'keep' ? [] : [tag]))
          if (decision !== 'delete' && digest !== null) roots.add(digest)
        }
        const deleted = deletedBy(plan)
        for (const [digest, entry] of inventory.manifests) {
          if (entry.state !== 'stored') continue
          const isHeld = entry.kind === 'unknown' || entry.locked !== null
          if (isHeld || !deleted.has(digest)) roots.add(digest)
        }
        const needed = needs(inventory, roots)
        expect(touched).toEqual([])
        expect([...deleted].filter((digest) => needed.has(digest))).toEqual([])
      }),
      RUNS,
    )
  })

  test('a second run finds nothing to do', () => {
    fc.assert(
      fc.property(repositories(), policies, (inventory, rules) => {
        const after = carryOut(inventory, planPrune(inventory, rules, NOW))
        expect(planPrune(after, rules, NOW).actions).toEqual([])
      }),
      RUNS,
    )
  })

  test('every tag and every manifest is decided once, and the actions do what the decisions say', () => {
    fc.assert(
      fc.property(repositories(), policies, (inventory, rules) => {
        const { tags, manifests, counts, actions, refusals } = planPrune(inventory, rules, NOW)
        expect(tags.map(({ tag }) => tag)).toEqual([...inventory.tags.keys()])
        const present = [...inventory.manifests].filter(([, { state }]) => state !== 'missing')
        expect(manifests.map(({ digest }) => digest)).toEqual(present.map(([digest]) => digest))
        const images = tags.filter(({ role }) => role === 'image')
        expect(counts.keep + counts.delete + counts.untag + counts.skip).toBe(images.length)

        const isRefused = refusals.length > 0
        const removed = actions.flatMap((action) =>
          action.kind === 'delete-manifest' ? action.tags : action.kind === 'untag' ? [action.tag] : [],
        )
        const going = tags.filter(({ decision }) => decision === 'delete' || decision === 'untag')
        expect(removed.toSorted()).toEqual(isRefused ? [] : going.map(({ tag }) => tag).toSorted())
        const digests = actions.flatMap((action) =>
          action.kind === 'delete-manifest' ? [action.digest] : [],
        )
        const doomed = manifests.filter(({ decision }) => decision === 'delete').map(({ digest }) => digest)
        expect(digests.toSorted()).toEqual(isRefused ? [] : doomed.toSorted())
      }),
      RUNS,
    )
  })

  test('parents go before their children, tags before their manifest', () => {
    fc.assert(
      fc.property(acyclicRepositories(), policies, (inventory, rules) => {
        const { actions } = planPrune(inventory, rules, NOW)
        const place = new Map<Digest, number>()
        const late: PlanAction[] = []
        actions.forEach((action, at) => {
          if (action.kind === 'delete-manifest') place.set(action.digest, at)
          else if (action.kind !== 'delete-ghost' && place.has(action.digest)) late.push(action)
        })
        expect(late).toEqual([])
        for (const [parent, at] of place) {
          const entry = inventory.manifests.get(parent)
          for (const child of entry?.state === 'stored' ? entry.children : []) {
            expect(place.get(child) ?? Infinity).toBeGreaterThan(at)
          }
        }
      }),
      RUNS,
    )
  })

  test('whoever keeps more never deletes more', () => {
    const going = (plan: PrunePlan) =>
      plan.tags.filter(({ decision }) => decision !== 'keep').map(({ tag }) => tag)
    fc.assert(
      fc.property(repositories(), policies, fc.integer({ min: 1, max: 3 }), (inventory, rules, extra) => {
        const less = planPrune(inventory, rules, NOW)
        const more = planPrune(inventory, { ...rules, keepLatest: (rules.keepLatest ?? 0) + extra }, NOW)
        const images = (plan: PrunePlan) =>
          plan.tags.filter(({ role, decision }) => role === 'image' && decision !== 'keep').length
        expect(images(more)).toBeLessThanOrEqual(images(less))

        // min-keep lets the newest go once others stay, so tag for tag the law holds without it
        const free = { ...rules, minKeep: 0 }
        const wide = planPrune(inventory, free, NOW)
        const narrow = planPrune(inventory, { ...free, keepLatest: (rules.keepLatest ?? 0) + extra }, NOW)
        expect(going(wide)).toEqual(expect.arrayContaining(going(narrow)))
        expect([...deletedBy(wide)]).toEqual(expect.arrayContaining([...deletedBy(narrow)]))
        expect(narrow.reclaimedBytes).toBeLessThanOrEqual(wide.reclaimedBytes)
      }),
      RUNS,
    )
  })

  test('a repository never ends with fewer tags than min-keep, unless it had fewer', () => {
    fc.assert(
      fc.property(repositories(), policies, (inventory, rules) => {
        const { counts } = planPrune(inventory, rules, NOW)
        const total = counts.keep + counts.skip + counts.delete + counts.untag
        expect(counts.keep + counts.skip).toBeGreaterThanOrEqual(Math.min(rules.minKeep, total))
      }),
      RUNS,
    )
  })

  test('one manifest that could not be read, and nothing is deleted', () => {
    fc.assert(
      fc.property(repositories(true), policies, (inventory, rules) => {
        const plan = planPrune(inventory, rules, NOW)
        expect(plan.actions).toEqual([])
        expect(plan.counts.delete + plan.counts.untag).toBe(0)
        expect(plan.reclaimedBytes).toBe(0)
        expect(plan.refusals.length).toBeGreaterThan(0)
      }),
      RUNS,
    )
  })

  test('the order in which the registry lists things changes nothing', () => {
    fc.assert(
      fc.property(repositories(), policies, (inventory, rules) => {
        const turned: Inventory = {
          ...inventory,
          tags: new Map([...inventory.tags].reverse()),
          manifests: new Map([...inventory.manifests].reverse()),
        }
        const told = (plan: PrunePlan) =>
          plan.tags.map(({ tag, decision }) => `${tag} ${decision}`).toSorted()
        const here = planPrune(inventory, rules, NOW)
        const there = planPrune(turned, rules, NOW)
        expect(told(there)).toEqual(told(here))
        expect(deletedBy(there)).toEqual(deletedBy(here))
        expect(there.reclaimedBytes).toBe(here.reclaimedBytes)
      }),
      RUNS,
    )
  })

  test('what is freed is what nothing that stays names, and no tag frees more than its bytes', () => {
    fc.assert(
      fc.property(repositories(), policies, (inventory, rules) => {
        const plan = planPrune(inventory, rules, NOW)
        const freed = diskOf(inventory) - diskOf(carryOut(inventory, plan), inventory)
        expect(freed).toBe(plan.refusals.length > 0 ? 0 : plan.reclaimedBytes)
        const exclusive = plan.tags.reduce((sum, tag) => sum + tag.exclusiveBytes, 0)
        expect(exclusive).toBeLessThanOrEqual(diskOf(inventory))
      }),
      RUNS,
    )
  })
})

/** As content addressing has it: a manifest can only name what was there before. */
function acyclicRepositories(): fc.Arbitrary<Inventory> {
  const rank = new Map(NAMES.map((key, at) => [digestOf(key), at]))
  const before = (at: number) => (digest: Digest) => (rank.get(digest) ?? 0) > at
  const ordered = ([digest, entry]: [Digest, ManifestEntry]): [Digest, ManifestEntry] => {
    if (entry.state !== 'stored') return [digest, entry]
    const older = before(rank.get(digest) ?? 0)
    const subjectThere = entry.subject !== null && older(entry.subject) ? entry.subject : null
    return [digest, { ...entry, children: entry.children.filter(older), subject: subjectThere }]
  }
  return repositories().map(({ manifests, tags, complete, capabilities }) => ({
    // children first, so that an order by accident is the wrong one
    manifests: new Map([...manifests].map(ordered).reverse()),
    tags,
    complete,
    capabilities,
  }))
}

/**
 * The blobs that the garbage collection of distribution 2.8 leaves on the disk: whatever a manifest that is
 * there names, as its own or only in passing. `before`: what there was to be left.
 */
function diskOf(inventory: Pick<Inventory, 'manifests'>, before = inventory): number {
  const sizes = new Map<Digest, number>()
  for (const [digest, entry] of before.manifests) {
    if (entry.state !== 'stored') continue
    sizes.set(digest, entry.size)
    for (const blob of entry.blobs) sizes.set(blob.digest, blob.size ?? 0)
  }
  const named = new Set<Digest>()
  for (const [digest, entry] of inventory.manifests) {
    if (entry.state !== 'stored') continue
    named.add(digest)
    for (const blob of entry.blobs) named.add(blob.digest)
    for (const child of entry.children) named.add(child)
  }
  return [...named].reduce((sum, digest) => sum + (sizes.get(digest) ?? 0), 0)
}
