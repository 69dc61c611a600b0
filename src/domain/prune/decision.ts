import type { Digest } from '../names/digest.ts'
import type { Tag } from '../names/tag.ts'
import type { Bytes } from '../quantities/bytes.ts'
import type { AgeObservation, StoredManifest } from './inventory.ts'
import type { Rule } from './rule.ts'
import type { TagRole } from './subject-tag.ts'

/** Why something stays or goes; the words are the contract's. */
export type Reason =
  | 'not-considered'
  | 'excluded'
  | 'keep-latest'
  | 'keep-semver'
  | 'too-new'
  | 'unknown-age'
  | 'shared-digest'
  | 'child-of'
  | 'referrer-of'
  | 'protected'
  | 'grace'
  | 'min-keep'
  | 'undeletable'
  | 'expired'
  | 'untagged'
  | 'orphaned'
  | 'broken'

/** The tag, digest or rule that decided. */
export type Decider = { readonly tag: Tag } | { readonly digest: Digest } | { readonly rule: Rule }

export interface Cause {
  readonly reason: Reason
  readonly decidedBy: Decider
}

/** `untag`: the tag goes, its manifest stays. `skip`: it would go, but cannot, which is not a failure. */
export type Decision = 'keep' | 'delete' | 'untag' | 'skip'

export interface TagDecision extends Cause {
  readonly tag: Tag
  /** null: the tag could not be resolved */
  readonly digest: Digest | null
  readonly age: AgeObservation | null
  /** tags that are not an image's belong to their subject and are counted apart */
  readonly role: TagRole
  /** whom a tag belongs to that is not an image's; null also where its cut name fits nothing that was read */
  readonly subject: Digest | null
  readonly decision: Decision
  /** what is stored for all that the tag leads to; null: not known */
  readonly size: Bytes | null
  /** what would be freed if only this tag went */
  readonly exclusiveBytes: Bytes
}

export interface ManifestDecision extends Cause {
  readonly digest: Digest
  readonly kind: StoredManifest['kind'] | 'unreadable'
  /** an index lists it as what BuildKit attests of a platform image; it looks like an image, and is none */
  readonly isAttestation?: boolean
  readonly decision: 'keep' | 'delete'
}

/**
 * One write, in the order in which they are safe.
 * - `untag`: the goal is to remove only the tag. `swap`: by pushing a unique manifest to the tag and
 *   deleting that; `native-or-swap`: so where the registry turns out to have no way of its own.
 * - `delete-tag`: a tag of a manifest that is deleted right after; where tags cannot be deleted, leave it
 *   out.
 * - `delete-ghost`: a listed tag that names nothing, by its name.
 * - `delete-manifest`: by digest; `tags` are those that go with it, to be resolved once more before.
 */
export type PlanAction =
  | {
      readonly kind: 'untag'
      readonly tag: Tag
      readonly digest: Digest
      readonly method: 'native' | 'swap' | 'native-or-swap'
    }
  | { readonly kind: 'delete-tag'; readonly tag: Tag; readonly digest: Digest }
  | { readonly kind: 'delete-ghost'; readonly tag: Tag }
  | {
      readonly kind: 'delete-manifest'
      readonly digest: Digest
      readonly tags: readonly Tag[]
      /** actions of one family must follow their order, different families do not depend on each other */
      readonly family: number
    }

/**
 * Why a plan may not be carried out. Its decisions still say what would happen, its list of actions is empty.
 */
export interface Refusal {
  readonly kind:
    | 'incomplete-list'
    | 'unreadable'
    | 'deletes-disabled'
    | 'unknown-age'
    | 'group-by'
    | 'nothing-left'
    | 'max-deletes'
    | 'max-delete-percent'
  readonly message: string
}

export interface PlanWarning {
  readonly kind:
    | 'pattern-without-match'
    | 'all-excluded'
    | 'unknown-age'
    | 'future-date'
    | 'broken'
    | 'no-release'
    | 'default-replaced'
    | 'not-found'
    | 'not-listed'
    | 'not-protected'
    | 'no-version'
    | 'no-file'
    | 'not-told'
    | 'left-behind'
  /** `notice`: worth a line, but the run is as it should be */
  readonly level?: 'notice'
  /** the pattern, digest or tag it is about; one subject in several repositories is one thing to say */
  readonly subject: string
  readonly message: string
}

/** Image tags by decision; referrers and signature tags are in none of them. */
export type TagCounts = Readonly<Record<Decision, number>>

export interface PrunePlan {
  readonly tags: readonly TagDecision[]
  readonly manifests: readonly ManifestDecision[]
  readonly actions: readonly PlanAction[]
  readonly counts: TagCounts
  readonly refusals: readonly Refusal[]
  readonly warnings: readonly PlanWarning[]
  readonly reclaimedBytes: Bytes
  /** true when blobs of unknown size (schema 1) go as well, so that more is freed than `reclaimedBytes` */
  readonly reclaimsMore: boolean
}
