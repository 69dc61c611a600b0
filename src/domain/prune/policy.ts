import { WardenError } from '../errors.ts'
import type { Digest } from '../names/digest.ts'
import type { Tag } from '../names/tag.ts'
import type { GroupPattern, Pattern } from '../patterns/pattern.ts'
import type { Duration } from '../quantities/duration.ts'
import type { Rule } from './rule.ts'

export type AgeSource = 'auto' | 'pushed' | 'created' | 'updated' | 'pulled'

/** How many of the newest version lines stay; null is a level that was not named. */
export interface SemverRule {
  /** as the user wrote it */
  readonly source: string
  readonly majors: number | null
  readonly minors: number | null
  readonly patches: number | null
}

/**
 * What `exclude-tags` is where it is left out; `action.yml` cannot say it: in other modes nothing is excluded
 * unless asked.
 */
export const EXCLUDED_BY_DEFAULT = 'latest'

/**
 * The inputs of `mode: prune` that decide what goes, parsed. Only a policy that `checkPolicy` let pass may be
 * planned with.
 */
export interface PrunePolicy {
  /** `tags`: what is considered; all else is untouchable */
  readonly considered: readonly Pattern[]
  readonly excluded: readonly Pattern[]
  /** `exclude-tags` was left at its default, so a pattern without match is nothing to warn of */
  readonly excludedByDefault: boolean
  /** newest digests that stay, per group; null and 0: none */
  readonly keepLatest: number | null
  readonly groupBy: GroupPattern | null
  readonly keepSemver: SemverRule | null
  readonly olderThan: Duration | null
  readonly ageSource: AgeSource
  readonly unknownAge: 'keep' | 'fail'
  readonly deleteUntagged: boolean
  readonly untaggedGrace: Duration
  readonly deleteOrphaned: boolean
  /**
   * `ghost`: considered tags of which nothing is left; `partial`: also those that lack a part; default
   * `false`
   */
  readonly deleteBroken?: 'ghost' | 'partial' | false
  /** each with what protects it: `protect-digests`, or the file that names it */
  readonly protectedDigests: ReadonlyMap<Digest, Rule>
  readonly protectedTags: ReadonlyMap<Tag, Rule>
  /**
   * files that name the repository with a tag from elsewhere, of which nothing in the repository could be it
   */
  readonly unfilledFiles?: readonly string[]
  readonly sharedDigest: 'untag' | 'skip' | 'swap'
  readonly minKeep: number
  readonly maxDeletes: number | null
  /** 0 to 100 */
  readonly maxDeletePercent: number
}

/** Names that no pattern is written for: what matches them all, matches everything. */
const PROBES = ['0', 'a', '_', 'Z-0.z_9', 'registry-warden.probe_7f3a91']

/**
 * Refuses policies that do nothing, or everything, before any request is sent. `appliesPlan`: a plan file can
 * only narrow what a policy says.
 * @throws WardenError of kind `input`
 */
export function checkPolicy(policy: PrunePolicy, { appliesPlan = false, sweeps = false } = {}): void {
  if (policy.considered.some(({ source }) => source === '' || source === '//')) {
    throw refuse('input tags has an empty pattern', 'Write * for every tag, or leave the entry out')
  }
  const asksNothing = policy.considered.length === 0 && !policy.deleteUntagged && !policy.deleteOrphaned
  // a sweep finds what earlier deletes left
  if (asksNothing && !(sweeps && !appliesPlan)) {
    if (appliesPlan) {
      throw refuse(
        'input apply-plan needs the policy that the plan was made with',
        'Give this run the same tags and other inputs as the run that wrote the plan',
      )
    }
    throw refuse(
      'nothing is asked to be pruned',
      'Name the tags to consider in tags, or set delete-untagged or delete-orphaned',
    )
  }
  const keepsNothing = !policy.keepLatest && policy.keepSemver === null
  const everything = policy.considered.find((pattern) => PROBES.every(pattern.matches))
  if (everything !== undefined && keepsNothing && policy.olderThan === null) {
    throw refuse(
      `input tags: ${everything.source} considers every tag, and nothing says which of them stay`,
      'Set keep-latest, keep-semver or older-than, or name fewer tags',
    )
  }
  if (policy.groupBy !== null && keepsNothing) {
    throw refuse(
      'input keep-group-by has nothing to keep per group',
      'Set keep-latest or keep-semver with it',
    )
  }
}

function refuse(message: string, advice: string): WardenError {
  return new WardenError('input', message, { advice })
}
