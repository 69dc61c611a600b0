import type { SemVer } from 'semver'
import parseSemVer from 'semver/functions/parse.js'
import { editDistance } from './edit-distance.ts'
import { compareNaturally } from './natural-order.ts'

/** What a tag says as a version. Missing parts are null: `1.2` is a moving name for some `1.2.x`. */
export interface Version {
  readonly major: number
  readonly minor: number | null
  readonly patch: number | null
  /** empty for a release */
  readonly prerelease: readonly (string | number)[]
}

// Build metadata is written with `_`, because a tag cannot hold `+`. A bare number goes on with a letter only
// (`20-alpine`), else dates such as 2024-01-15 would be versions with an odd pre-release.
const SHAPE =
  /^[vV]?(\d+)(?:\.(\d+)(?:\.(\d+)((?:-?[A-Za-z0-9.-]+)?)(?:_.*)?|(-[A-Za-z0-9.-]+)?)|(-[A-Za-z][A-Za-z0-9.-]*)?)$/
const MAX_LENGTH = 128
const MAX_SUGGESTED_FROM = 10_000

/**
 * Reads a tag as a version: SemVer with an optional `v`, also `1.2`, `1`, `3.13.0rc1` and calendar versions
 * with leading zeros.
 * @returns null for every other name
 */
export function parseVersion(tag: string): Version | null {
  const key = sortKey(tag)
  if (key.semver === null) return null
  const { major, minor, patch, prerelease } = key.semver
  return {
    major,
    minor: key.parts > 1 ? minor : null,
    patch: key.parts > 2 ? patch : null,
    prerelease,
  }
}

/**
 * Total order of tag names: versions first by SemVer precedence (`1` < `1.2` < `1.2.0-rc.1` < `1.2.0` <
 * `1.10.0`), then all other names in natural order (`build-9` < `build-10`); no two different names are
 * equal.
 */
export function compareTags(a: string, b: string): number {
  return compareKeys(sortKey(a), sortKey(b))
}

/** The tags in the order of `compareTags`; each name is read once, so this is the way to sort many. */
export function sortTags<T extends string>(tags: Iterable<T>): T[] {
  return Array.from(tags, sortKey<T>)
    .sort(compareKeys)
    .map((key) => key.tag)
}

interface SortKey<T extends string = string> {
  readonly tag: T
  readonly semver: SemVer | null
  /** how many numbers were written: 1 to 3 */
  readonly parts: number
}

function sortKey<T extends string>(tag: T): SortKey<T> {
  const match = tag.length > MAX_LENGTH ? null : SHAPE.exec(tag)
  if (match === null) return { tag, semver: null, parts: 0 }
  const [, major, minor, patch, fullSuffix, minorSuffix, majorSuffix] = match
  const suffix = fullSuffix ?? minorSuffix ?? majorSuffix ?? ''
  // loose: leading zeros, and pre-releases without a hyphen (3.13.0rc1), which image tags have
  const semver = parseSemVer(`${major}.${minor ?? 0}.${patch ?? 0}${suffix}`, { loose: true })
  return { tag, semver, parts: patch !== undefined ? 3 : minor !== undefined ? 2 : 1 }
}

function compareKeys(a: SortKey, b: SortKey): number {
  if (a.semver !== null && b.semver !== null) {
    const order = compareNumbers(a, b) || a.semver.comparePre(b.semver)
    if (order !== 0) return order
  } else if (a.semver !== null || b.semver !== null) {
    return a.semver === null ? 1 : -1
  }
  return compareNaturally(a.tag, b.tag)
}

/** By the written numbers; a missing one comes before every number, so that `1.2` leads its `1.2.x`. */
function compareNumbers(a: SortKey, b: SortKey): number {
  const left = writtenNumbers(a)
  const right = writtenNumbers(b)
  return left[0] - right[0] || left[1] - right[1] || left[2] - right[2]
}

function writtenNumbers({ semver, parts }: SortKey): [number, number, number] {
  if (semver === null) return [-1, -1, -1]
  return [semver.major, parts > 1 ? semver.minor : -1, parts > 2 ? semver.patch : -1]
}

/**
 * The tags that someone who wrote `wanted` most likely meant, best first: another spelling (`1.2.0` for
 * `v1.2.0`), longer or shorter names (`1.2.7` for `1.2`, newest first), then few typing errors. Looks at the
 * first 10,000 tags.
 */
export function nearestTags<T extends string>(wanted: string, tags: Iterable<T>, count = 3): T[] {
  const target = spelling(wanted.slice(0, MAX_LENGTH))
  const near: { tag: T; distance: number }[] = []
  let seen = 0
  for (const tag of tags) {
    seen += 1
    if (seen > MAX_SUGGESTED_FROM) break
    const distance = nearness(target, spelling(tag.slice(0, MAX_LENGTH)))
    if (distance !== null) near.push({ tag, distance })
  }
  return near
    .sort((a, b) => a.distance - b.distance || compareTags(b.tag, a.tag))
    .slice(0, count)
    .map(({ tag }) => tag)
}

function spelling(tag: string): string {
  return tag.toLowerCase().replace(/^v(?=\d)/, '')
}

/** 0 for the same spelling, 1 for a prefix, more for edits; null when the names have little in common. */
function nearness(wanted: string, tag: string): number | null {
  if (wanted === tag) return 0
  const shorter = Math.min(wanted.length, tag.length)
  if (shorter > 0 && (tag.startsWith(wanted) || wanted.startsWith(tag))) return 1
  const allowed = Math.min(Math.ceil(wanted.length / 3), 5)
  const edits = editDistance(wanted, tag, allowed)
  return edits === null ? null : 1 + edits
}
