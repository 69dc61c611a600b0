/**
 * Plans a prune of 20,000 tags, half of them indexes with two platforms and an attestation; prints time and
 * peak memory.
 */
import { createHash } from 'node:crypto'

import type { Digest } from '../src/domain/names/digest.ts'
import { parseDigest } from '../src/domain/names/digest.ts'
import type { Tag } from '../src/domain/names/tag.ts'
import { parseTag } from '../src/domain/names/tag.ts'
import { parseGroupPattern, parsePatterns } from '../src/domain/patterns/pattern.ts'
import type { Inventory, ManifestEntry, StoredBlob, TagEntry } from '../src/domain/prune/inventory.ts'
import { planPrune } from '../src/domain/prune/plan.ts'
import { parseKeepSemver } from '../src/domain/prune/policy-inputs.ts'
import type { PrunePolicy } from '../src/domain/prune/policy.ts'
import { asBytes } from '../src/domain/quantities/bytes.ts'
import { parseDuration } from '../src/domain/quantities/duration.ts'
import { asTimestamp } from '../src/domain/quantities/timestamp.ts'

const TAGS = 20_000
const LAYERS = 12
const DAY = 86_400_000
const NOW = asTimestamp(Date.UTC(2026, 5, 15))

const policy: PrunePolicy = {
  considered: parsePatterns(['/v?[0-9.]+(-[a-z]+)?/', '*-build-*'], 'tags'),
  excluded: parsePatterns(['latest', 'stable-*', '/v[0-9]+\\.0\\.0/'], 'exclude-tags'),
  excludedByDefault: false,
  keepLatest: 50,
  groupBy: parseGroupPattern('([a-z]+)-.*', 'keep-group-by'),
  keepSemver: parseKeepSemver('5 minors, 3 patches', 'keep-semver'),
  olderThan: parseDuration('30d', 'older-than'),
  ageSource: 'auto',
  unknownAge: 'keep',
  deleteUntagged: true,
  untaggedGrace: parseDuration('24h', 'untagged-grace'),
  deleteOrphaned: true,
  protectedDigests: new Map(),
  protectedTags: new Map(),
  sharedDigest: 'untag',
  minKeep: 1,
  maxDeletes: null,
  maxDeletePercent: 100,
}

const inventory = makeInventory()
const before = process.memoryUsage().heapUsed
const started = performance.now()
const plan = planPrune(inventory, policy, NOW)
const elapsed = performance.now() - started
const megabytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`

console.log(`${inventory.tags.size} tags, ${inventory.manifests.size} manifests: ${elapsed.toFixed(0)} ms`)
console.log(
  `${JSON.stringify(plan.counts)}, ${plan.actions.length} writes, ${megabytes(plan.reclaimedBytes)} freed`,
)
console.log(
  `heap ${megabytes(before)} with the data, ${megabytes(process.memoryUsage().heapUsed)} with the plan, ` +
    `peak of the process ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB`,
)

function digest(name: string): Digest {
  return parseDigest(`sha256:${createHash('sha256').update(name).digest('hex')}`)
}

function makeInventory(): Inventory {
  const tags = new Map<Tag, TagEntry>()
  const manifests = new Map<Digest, ManifestEntry>()
  const base = layers('base', LAYERS / 2)
  for (let n = 0; n < TAGS; n += 1) {
    const age = { at: asTimestamp(NOW - (n % 400) * DAY), source: 'pushed' as const }
    const children = n % 2 === 0 ? ['amd64', 'arm64', 'att'].map((arch) => digest(`${n}-${arch}`)) : []
    const top = digest(`${n}`)
    for (const child of children) manifests.set(child, manifest([], [...base, ...layers(child, 6)], age))
    manifests.set(top, manifest(children, children.length > 0 ? [] : [...base, ...layers(`${n}`, 6)], age))
    const name = n % 3 === 0 ? `v${n % 7}.${n % 50}.${n}` : `${n % 2 === 0 ? 'main' : 'pr'}-build-${n}`
    tags.set(parseTag(name, 'bench'), { state: 'resolved', digest: top, ages: [age], locked: null })
  }
  const capabilities = {
    deletes: true,
    untag: 'yes',
    listsUntagged: true,
    tagsFirst: false,
    referrersFirst: false,
    holds: 'digest',
    frees: 'later',
    deletesChildren: false,
  } as const
  return { tags, manifests, complete: true, capabilities }
}

function layers(of: string, count: number): StoredBlob[] {
  return Array.from({ length: count }, (_, n) => ({ digest: digest(`${of}/${n}`), size: asBytes(1_000_000) }))
}

function manifest(
  children: readonly Digest[],
  blobs: readonly StoredBlob[],
  age: { readonly at: typeof NOW; readonly source: 'pushed' },
): ManifestEntry {
  return {
    state: 'stored',
    kind: children.length > 0 ? 'index' : 'image',
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    size: asBytes(1500),
    children,
    platforms: children,
    subject: null,
    blobs,
    ages: [age],
    locked: null,
  }
}
