import type { Version } from '../names/tag-order.ts'
import type { SemverRule } from './policy.ts'

/** Anything that has a version; the rule hands back what it was given. */
export interface Versioned {
  readonly version: Version
}

type Release = readonly [major: number, minor?: number, patch?: number]

/**
 * What `keep-semver` keeps: of the newest version lines the newest patches. A level above the ones that are
 * named is unlimited, one below them counts 1; minors are counted over all majors, unless majors are named,
 * too. So `3 minors, 2 patches` keeps six releases, `2 patches` two of every minor. A pre-release takes no
 * place and is not kept. A moving name (`1.2` beside 1.2.3) takes no place and stays as long as its line does;
 * a short name without a longer one (`26.04`) is a version itself.
 *
 * Names of different length may mean different things: `24.04.1` among `22.04` and `26.04` is one more release,
 * `4711` among `1.2.3` a build. So the rule is asked of all versions, of those with a minor, of those with a patch,
 * and of dates and builds, and what one of them keeps stays: none pushes others out.
 *
 * SemVer takes `1.2.0-alpine` and `1.2.0-r3` for pre-releases; of images they are 1.2.0 on another base, or packed
 * again. They stay with it, and where it has no tag of its own, as a release.
 */
export function newestReleases<T extends Versioned>(entries: readonly T[], rule: SemverRule): T[] {
  const plain = entries.filter(({ version }) => version.prerelease.length === 0)
  const releases = entries.filter(({ version }) => !isPrerelease(version))
  const kept = new Set([...keptNames(plain, rule), ...keptNames(releases, rule)])
  return releases.filter(({ version }) => kept.has(writtenNumbers(version).join('.')))
}

/** The numbers of what stays, with those of their moving names. */
function keptNames(releases: readonly Versioned[], rule: SemverRule): Set<string> {
  const written = releases.map(({ version }) => writtenNumbers(version))
  const lines = new Set(written.flatMap((numbers) => linesAbove(numbers)))
  const versions = written.filter((numbers) => !lines.has(numbers.join('.')))
  const [builds, numbered] = [versions.filter(isBuild), versions.filter((each) => !isBuild(each))]
  const atLeast = (length: number) => numbered.filter((each) => each.length >= length)
  const kept = new Set<string>()
  for (const counted of [builds, numbered, atLeast(2), atLeast(3)]) {
    for (const numbers of keptReleases(counted, rule)) {
      for (const name of [...linesAbove(numbers), numbers.join('.')]) kept.add(name)
    }
  }
  return kept
}

/** What comes before a release, or is built from a commit; `a1` and `b2` are Python's. */
const EARLIER = new Set(
  (
    'a alpha b beta c rc cr pre preview prerelease dev devel develop development snapshot nightly canary next edge ' +
    'unstable experimental exp m milestone ea eap test testing insider insiders pr mr sha git g commit build ci branch ' +
    'feature feat fix hotfix wip tmp main master head'
  ).split(' '),
)
const COMMIT = /^g?[0-9a-f]{7,64}$/

function isPrerelease({ prerelease }: Version): boolean {
  return prerelease
    .flatMap((identifier) => String(identifier).toLowerCase().split('-'))
    .some(
      (word) =>
        EARLIER.has(/^[a-z]*/.exec(word)?.[0] ?? '') || COMMIT.test(word) || Number(word) >= SMALLEST_BUILD,
    )
}

/** Dates, times and numbers of builds are larger than any major version; `20261128.1` is one of Azure Pipelines. */
const SMALLEST_BUILD = 100_000

function isBuild(numbers: Release): boolean {
  return numbers[0] >= SMALLEST_BUILD
}

/** The numbers as far as they are written. */
function writtenNumbers({ major, minor, patch }: Version): Release {
  if (minor === null) return [major]
  return patch === null ? [major, minor] : [major, minor, patch]
}

/** `1` and `1.2` of 1.2.3. */
function linesAbove(numbers: Release): string[] {
  return numbers.slice(1).map((_, at) => numbers.slice(0, at + 1).join('.'))
}

function keptReleases(releases: readonly Release[], rule: SemverRule): Release[] {
  const minorLimit = rule.minors ?? (rule.patches === null ? 1 : Infinity)
  const majors = newestGroups(releases, ([major]) => major, rule.majors ?? Infinity)
  // without a limit on majors, minors are counted over all of them
  const minors = rule.majors === null ? minorLimit : Infinity
  const lines = majors
    .flatMap((line) => newestGroups(line, ([, minor = 0]) => minor, minorLimit))
    .slice(0, minors)
  return lines.flatMap((line) => newestGroups(line, ([, , patch = 0]) => patch, rule.patches ?? 1)).flat()
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
