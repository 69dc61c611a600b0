import { createHash } from 'node:crypto'

import { parseDigest } from '../../../src/domain/names/digest.ts'
import type { Digest } from '../../../src/domain/names/digest.ts'
import { parseTag } from '../../../src/domain/names/tag.ts'
import type { Tag } from '../../../src/domain/names/tag.ts'
import { parseGroupPattern, parsePatterns } from '../../../src/domain/patterns/pattern.ts'
import type { PrunePlan } from '../../../src/domain/prune/decision.ts'
import type {
  AgeObservation,
  AgeOrigin,
  Capabilities,
  Inventory,
  ManifestEntry,
  StoredManifest,
  TagEntry,
} from '../../../src/domain/prune/inventory.ts'
import { parseKeepSemver } from '../../../src/domain/prune/policy-inputs.ts'
import { inputRule } from '../../../src/domain/prune/rule.ts'
import type { Rule } from '../../../src/domain/prune/rule.ts'
import type { PrunePolicy } from '../../../src/domain/prune/policy.ts'
import { asBytes } from '../../../src/domain/quantities/bytes.ts'
import { parseDuration } from '../../../src/domain/quantities/duration.ts'
import { asTimestamp } from '../../../src/domain/quantities/timestamp.ts'

/** The moment at which every plan of these tests is made. */
export const NOW = asTimestamp(Date.UTC(2026, 5, 15, 12))

/** The digest of what a test calls by a short name. */
export function digestOf(name: string): Digest {
  return parseDigest(`sha256:${createHash('sha256').update(name).digest('hex')}`)
}

/** A date as long ago as the text says: `40d`, `2h`; `-1d` lies ahead. */
export function ago(text: string, source: AgeOrigin = 'pushed'): AgeObservation {
  const ahead = text.startsWith('-')
  const span = parseDuration(text.replace(/^-/, ''), 'test')
  return { at: asTimestamp(ahead ? NOW + span : NOW - span), source }
}

/** A date in words, believable or not. */
export function dated(iso: string, source: AgeOrigin = 'config'): AgeObservation {
  return { at: asTimestamp(Date.parse(iso)), source }
}

type Facts = Partial<
  Pick<StoredManifest, 'ages' | 'locked' | 'size' | 'kind' | 'mediaType' | 'mentions' | 'isPlaceholder'>
> & {
  readonly subject?: string
  readonly blobs?: Readonly<Record<string, number | null>>
}

function stored(children: readonly string[], { subject, blobs = {}, ...facts }: Facts): StoredManifest {
  const digests = children.map(digestOf)
  return {
    state: 'stored',
    kind: 'image',
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    size: asBytes(10),
    children: digests,
    platforms: digests,
    subject: subject === undefined ? null : digestOf(subject),
    blobs: Object.entries(blobs).map(([name, size]) => ({
      digest: digestOf(name),
      size: size === null ? null : asBytes(size),
    })),
    ages: [],
    locked: null,
    ...facts,
  }
}

export const image = (facts: Facts = {}): StoredManifest => stored([], facts)
export const index = (children: readonly string[], facts: Facts = {}): StoredManifest =>
  stored(children, { kind: 'index', mediaType: 'application/vnd.oci.image.index.v1+json', ...facts })
export const artifact = (subject: string, facts: Facts = {}): StoredManifest =>
  stored([], { kind: 'artifact', subject, ...facts })
/** a manifest of a type nobody knows, whose text mentions these */
export const unknown = (mentions: readonly string[], facts: Facts = {}): StoredManifest =>
  stored(mentions, { kind: 'unknown', mediaType: 'application/vnd.future+json', ...facts })
export const missing: ManifestEntry = { state: 'missing' }
export const unreadable: ManifestEntry = { state: 'unreadable', cause: 'HTTP 500' }

/** `M` or `M 40d`: a manifest's name, and how long ago the tag was pushed there. */
type TagText = string | TagEntry

export interface Content {
  readonly tags?: Readonly<Record<string, TagText>>
  readonly manifests?: Readonly<Record<string, ManifestEntry>>
  readonly complete?: boolean
  readonly tellsPushTimes?: boolean
  readonly registry?: Partial<Capabilities>
}

/** A registry that can do everything and lists untagged manifests, unless told otherwise. */
export function repository({
  tags = {},
  manifests = {},
  complete = true,
  tellsPushTimes = false,
  registry = {},
}: Content): Inventory {
  const named = Object.entries(manifests).map(([name, entry]) => [digestOf(name), entry] as const)
  const capabilities: Capabilities = {
    deletes: true,
    untag: 'yes',
    listsUntagged: true,
    tagsFirst: false,
    referrersFirst: false,
    holds: 'digest',
    frees: 'later',
    deletesChildren: false,
    ...registry,
  }
  return {
    tags: new Map(Object.entries(tags).map(([tag, text]) => [parseTag(tag, 'test'), tagEntry(text)])),
    manifests: new Map(named),
    complete,
    tellsPushTimes,
    capabilities,
  }
}

function tagEntry(text: TagText): TagEntry {
  if (typeof text !== 'string') return text
  const [name = '', age] = text.split(' ')
  return {
    state: 'resolved',
    digest: digestOf(name),
    ages: age === undefined ? [] : [ago(age)],
    locked: null,
  }
}

/** The tag that cosign, or a client without the referrers API, gives to things about `subject`. */
export function subjectTag(subject: string, suffix = ''): string {
  return `${digestOf(subject).replace(':', '-')}${suffix}`
}

interface PolicyText extends Partial<
  Omit<PrunePolicy, 'considered' | 'excluded' | 'groupBy' | 'keepSemver' | 'olderThan' | 'untaggedGrace'>
> {
  readonly tags?: string
  readonly exclude?: string
  readonly keepGroupBy?: string
  readonly keepVersions?: string
  readonly olderThan?: string
  readonly untaggedGrace?: string
  readonly protect?: readonly string[]
}

/** The contract's defaults, but without breakers: those have tests of their own. */
export function policy(text: PolicyText = {}): PrunePolicy {
  const {
    tags = '',
    exclude,
    keepGroupBy,
    keepVersions,
    olderThan,
    untaggedGrace = '24h',
    protect,
    ...rest
  } = text
  const list = (items: string) => items.split(' ').filter((item) => item !== '')
  return {
    considered: parsePatterns(list(tags), 'tags'),
    excluded: parsePatterns(list(exclude ?? 'latest'), 'exclude-tags'),
    excludedByDefault: exclude === undefined,
    keepLatest: null,
    groupBy: keepGroupBy === undefined ? null : parseGroupPattern(keepGroupBy, 'keep-group-by'),
    keepSemver: keepVersions === undefined ? null : parseKeepSemver(keepVersions, 'keep-semver'),
    olderThan: olderThan === undefined ? null : parseDuration(olderThan, 'older-than'),
    ageSource: 'auto',
    unknownAge: 'keep',
    deleteUntagged: false,
    untaggedGrace: parseDuration(untaggedGrace, 'untagged-grace'),
    deleteOrphaned: false,
    protectedDigests: new Map(
      (protect ?? []).map((name) => [digestOf(name), inputRule('protect-digests', null)]),
    ),
    protectedTags: new Map<Tag, Rule>(),
    sharedDigest: 'untag',
    minKeep: 0,
    maxDeletes: null,
    maxDeletePercent: 100,
    ...rest,
  }
}

/** `{ v1: 'delete expired', … }` */
export function decisions(plan: PrunePlan): Record<string, string> {
  return Object.fromEntries(plan.tags.map(({ tag, decision, reason }) => [tag, `${decision} ${reason}`]))
}

/** What happens to the manifests that a test names, by name. */
export function manifestDecisions(plan: PrunePlan, names: string): Record<string, string> {
  const byDigest = new Map(plan.manifests.map((decision) => [decision.digest, decision]))
  return Object.fromEntries(
    names.split(' ').map((name) => {
      const found = byDigest.get(digestOf(name))
      return [name, found === undefined ? 'absent' : `${found.decision} ${found.reason}`]
    }),
  )
}

/** The writes in their order: `untag v1`, `delete M`; digests by the names given. */
export function writes(plan: PrunePlan, names: string): string[] {
  const nameOf = new Map(names.split(' ').map((name) => [digestOf(name), name]))
  return plan.actions.map((action) => {
    if (action.kind === 'delete-manifest') return `delete ${nameOf.get(action.digest) ?? action.digest}`
    return action.kind === 'untag' ? `untag ${action.tag}` : `delete-tag ${action.tag}`
  })
}

/** The repository after every action of the plan was carried out as planned. */
export function carryOut(inventory: Inventory, plan: PrunePlan): Inventory {
  const tags = new Map(inventory.tags)
  const manifests = new Map(inventory.manifests)
  for (const action of plan.actions) {
    if (action.kind === 'delete-manifest') {
      manifests.set(action.digest, missing)
      for (const tag of action.tags) tags.delete(tag)
    } else tags.delete(action.tag)
  }
  return { ...inventory, tags, manifests }
}
