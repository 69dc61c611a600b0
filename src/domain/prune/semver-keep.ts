import type { Version } from '../names/tag-order.ts'
import type { SemverRule } from './policy.ts'

/** Anything that has a version; the rule hands back what it was given. */
export interface Versioned {
  readonly version: Version
}

type Release = readonly [major: number, minor: number, patch: number]

/**
 * What `keep-semver` keeps: of the newest version lines the newest patches. A level above the ones that are
 * named is unlimited, one below them counts 1; minors are counted over all majors, unless majors are named,
 * too. So `3 minors, 2 patches` keeps six releases, `2 patches` two of every minor. A pre-release takes no
 * place and is not kept. Moving names (`1.2`, `1`) take no place and stay as long as their line does; where
 * there are no full versions (`22.04`), they are the versions.
 */
export function newestReleases<T extends Versioned>(entries: readonly T[], rule: SemverRule): T[] {
  const releases = entries.filter(({ version }) => version.prerelease.length === 0)
  const precision = Math.max(0, ...new Set(releases.map(({ version }) => precisionOf(version))))
  const full = releases.filter(({ version }) => precisionOf(version) === precision)
  const lines = new Set<string>()
  for (const [major, minor, patch] of keptReleases(
    full.map(({ version }) => numbers(version)),
    rule,
  )) {
    lines.add(`${major}`).add(`${major}.${minor}`).add(`${major}.${minor}.${patch}`)
  }
  return releases.filter(({ version }) => lines.has(nameAt(version, precision)))
}

function keptReleases(releases: readonly Release[], rule: SemverRule): Release[] {
  const minorLimit = rule.minors ?? (rule.patches === null ? 1 : Infinity)
  const majors = newestGroups(releases, ([major]) => major, rule.majors ?? Infinity)
  // without a limit on majors, minors are counted over all of them
  const minors = rule.majors === null ? minorLimit : Infinity
  const perMajor = rule.majors === null ? Infinity : minorLimit
  const lines = majors.flatMap((line) => newestGroups(line, ([, minor]) => minor, perMajor)).slice(0, minors)
  return lines.flatMap((line) => newestGroups(line, ([, , patch]) => patch, rule.patches ?? 1)).flat()
}

/** Groups by a number and gives the groups with the highest ones, highest first. */
function newestGroups(
  releases: readonly Release[],
  key: (release: Release) => number,
  limit: number,
): Release[][] {
  const groups = Map.groupBy(releases, key)
  return [...groups]
    .sort(([a], [b]) => b - a)
    .slice(0, limit)
    .map(([, group]) => group)
}

function precisionOf({ minor, patch }: Version): number {
  if (minor === null) return 1
  return patch === null ? 2 : 3
}

function numbers({ major, minor, patch }: Version): Release {
  return [major, minor ?? 0, patch ?? 0]
}

/** The line a version names: `1` and `1.2` as written, unless they are the versions themselves. */
function nameAt(version: Version, precision: number): string {
  const written = precisionOf(version)
  const [major, minor, patch] = numbers(version)
  if (written === precision) return `${major}.${minor}.${patch}`
  return written === 1 ? `${major}` : `${major}.${minor}`
}
