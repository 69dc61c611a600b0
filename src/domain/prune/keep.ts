import type { Digest } from '../names/digest.ts'
import { parseVersion } from '../names/tag-order.ts'
import type { Version } from '../names/tag-order.ts'
import type { Tag } from '../names/tag.ts'
import { counted } from '../text.ts'
import type { Cause, PlanWarning } from './decision.ts'
import type { AgedTag } from './order.ts'
import type { PrunePolicy } from './policy.ts'
import { inputRule, ruleText } from './rule.ts'
import { newestReleases } from './semver-keep.ts'

/** The digests that the keep rules hold, and what is worth saying about how they were found. */
export interface Kept {
  readonly digests: ReadonlyMap<Digest, Cause>
  readonly warnings: readonly PlanWarning[]
}

/**
 * Applies `keep-latest` and `keep-semver` to the considered tags, which come newest first. Both keep digests,
 * not tags: whoever counts tags strips names off images that stay, or keeps one image where three were meant.
 */
export function applyKeepRules(considered: readonly AgedTag[], policy: PrunePolicy): Kept {
  const digests = new Map<Digest, Cause>()
  const warnings: PlanWarning[] = []
  const keep = (digest: Digest, cause: Cause) => {
    if (!digests.has(digest)) digests.set(digest, cause)
  }
  for (const [group, tags] of groupTags(considered, policy)) {
    const count = policy.keepLatest ?? 0
    const latest: Cause = {
      reason: 'keep-latest',
      decidedBy: { rule: inputRule('keep-latest', count, group) },
    }
    for (const digest of latestDigests(tags, count)) keep(digest, latest)
    if (policy.keepSemver === null) continue
    const rule = inputRule('keep-semver', policy.keepSemver.source, group)
    const releases = newestReleases(versioned(tags, group), policy.keepSemver)
    for (const { digest } of releases) keep(digest, { reason: 'keep-semver', decidedBy: { rule } })
    if (releases.length === 0) warnings.push(noRelease(ruleText(rule), tags.length))
  }
  if (policy.keepLatest && considered.length > 0 && considered.every(({ age }) => age === null)) {
    warnings.push(noAges(considered.length, policy.keepLatest))
  }
  return { digests, warnings }
}

/** Tags that the expression does not match form one group of their own. */
function groupTags(
  tags: readonly AgedTag[],
  { groupBy }: PrunePolicy,
): ReadonlyMap<string | null, readonly AgedTag[]> {
  return Map.groupBy(tags, ({ tag }) => groupBy?.capture(tag) ?? null)
}

/** A tag of unknown age takes no place: it could be anywhere in the order. */
function latestDigests(tags: readonly AgedTag[], count: number): Set<Digest> {
  const latest = new Set<Digest>()
  for (const { digest, age } of tags) {
    if (age === null || latest.size === count) break
    latest.add(digest)
  }
  return latest
}

function versioned(tags: readonly AgedTag[], group: string | null): (AgedTag & { version: Version })[] {
  return tags.flatMap((entry) => {
    const version = versionInGroup(entry.tag, group)
    return version === null ? [] : [{ ...entry, version }]
  })
}

/** Whether `keep-semver` takes a tag for a version, in its group of `keep-group-by`. */
export function isVersion(tag: Tag, group: string | null): boolean {
  return versionInGroup(tag, group) !== null
}

/**
 * `1.2.3-alpine` reads as a pre-release; in the group `alpine` it is the release 1.2.3, as in `api-1.2.3` of
 * `api`.
 */
function versionInGroup(tag: Tag, group: string | null): Version | null {
  const version = parseVersion(tag)
  if (group === null || !/[A-Za-z]/.test(group) || version?.prerelease.length === 0) return version
  if (tag.endsWith(group)) return parseVersion(tag.slice(0, -group.length).replace(/[._-]$/, ''))
  if (tag.startsWith(group)) return parseVersion(tag.slice(group.length).replace(/^[._-]/, ''))
  return version
}

function noRelease(rule: string, count: number): PlanWarning {
  return {
    kind: 'no-release',
    subject: rule,
    message: `${rule} keeps nothing: none of ${counted(count, 'tag')} that it looked at is a release`,
  }
}

function noAges(count: number, keepLatest: number): PlanWarning {
  return {
    kind: 'unknown-age',
    subject: 'keep-latest',
    message:
      `keep-latest: ${keepLatest} cannot tell which tags are the newest: ` +
      `none of ${counted(count, 'considered tag')} has a known date, so all of them stay; keep-semver needs no dates`,
  }
}
