import type { Digest } from '../names/digest.ts'
import type { Tag } from '../names/tag.ts'
import type { Bytes } from '../quantities/bytes.ts'
import type { Timestamp } from '../quantities/timestamp.ts'

/**
 * What one repository holds, as it was read. The plan is made of this value, the policy and a time, of
 * nothing else.
 */
export interface Inventory {
  readonly tags: ReadonlyMap<Tag, TagEntry>
  /**
   * Everything that a tag, an index or a vendor's list names. A digest that is not in here was not looked up:
   * as the child of an index that stops the plan, as a subject it is not an orphan's proof.
   */
  readonly manifests: ReadonlyMap<Digest, ManifestEntry>
  /** false when the list of tags (or of untagged manifests, where it was asked for) ended early */
  readonly complete: boolean
  /** the registry reports push times, so no build date stands in for one that is missing; default false */
  readonly tellsPushTimes?: boolean
  /** why the registry's dates are not all known, each for people; default: none */
  readonly doubts?: readonly string[]
  readonly capabilities: Capabilities
}

/** What the registry is known to do; what is only found by trying is `unknown`. */
export interface Capabilities {
  /** false: deletes are known to be off (405, read-only, pull-through cache) */
  readonly deletes: boolean
  /** removes one tag and leaves the manifest: distribution 3, GAR, Quay … yes; distribution 2, GHCR no */
  readonly untag: 'yes' | 'no' | 'unknown'
  /**
   * lists manifests that no tag names; else the only untagged ones in the inventory are children and
   * referrers
   */
  readonly listsUntagged: boolean
  /** refuses to delete a manifest that still has tags (GAR, Docker Hub), so its tags go first */
  readonly tagsFirst: boolean
  /** refuses to delete a subject that still has referrers (GAR) */
  readonly referrersFirst: boolean
  /**
   * What keeps a manifest: `digest`, until it is deleted by it; `names`, only as long as it has one of the
   * names that it was pushed under (Gitea), so that removing its last tag removes it, whatever index lists
   * it; `last-tag`, the same even where it was pushed by digest (ECR); `unknown`, as `names` to be on the
   * safe side
   */
  readonly holds: 'digest' | 'names' | 'last-tag' | 'unknown'
  /**
   * when blobs of what was deleted go: until then, what was deleted can be put back; `unknown` is found out at
   * the first delete
   */
  readonly frees: 'later' | 'at-once' | 'unknown'
  /** deletes an index's platform images along with it (Docker Hub), also those that another index lists */
  readonly deletesChildren: boolean
}

/**
 * A tag resolved, or why it was not. `missing`: listed, but 404. `unreadable`: anything else, so it may name
 * anything.
 */
export type TagEntry =
  | {
      readonly state: 'resolved'
      readonly digest: Digest
      readonly ages: readonly AgeObservation[]
      /**
       * true when the vendor reports dates, but none of this tag at this manifest: it may have been pushed a
       * moment ago, so its age is unknown, whatever dates the manifest itself tells, unless build dates are
       * asked for
       */
      readonly isUndated?: boolean
      /** why the registry will refuse to remove this tag (ACR lock, protected tag); null when it will not */
      readonly locked: string | null
    }
  | { readonly state: 'missing' }
  | { readonly state: 'unreadable'; readonly cause: string }

/** A manifest read, proven absent (404 in this repository, also: it lives in another one), or neither. */
export type ManifestEntry =
  StoredManifest | { readonly state: 'missing' } | { readonly state: 'unreadable'; readonly cause: string }

/** What the rules need of a manifest; made by `storedManifest`. */
export interface StoredManifest {
  readonly state: 'stored'
  readonly kind: 'index' | 'image' | 'artifact' | 'schema1' | 'unknown'
  readonly mediaType: string
  /** length of the manifest itself, which is a blob on the registry's disk */
  readonly size: Bytes
  /** what an index lists, blobs left out; of an unknown type every digest that its text mentions */
  readonly children: readonly Digest[]
  /** the children that are images or indexes: their dates stand in for the index's own */
  readonly platforms: readonly Digest[]
  readonly subject: Digest | null
  /** config and layers that this registry stores, repetitions allowed */
  readonly blobs: readonly StoredBlob[]
  /** what else it names where blobs are named; default: nothing */
  readonly mentions?: readonly NamedAsBlob[]
  readonly ages: readonly AgeObservation[]
  readonly locked: string | null
  /** pushed by this action, only to be deleted; default false */
  readonly isPlaceholder?: boolean
}

/** A manifest that an artifact bundles, by its type, or a layer that this registry need not store. */
export interface NamedAsBlob {
  readonly digest: Digest
  readonly isManifest: boolean
}

export interface StoredBlob {
  readonly digest: Digest
  /** null: schema 1 names no sizes, and nobody asked */
  readonly size: Bytes | null
}

/**
 * Where a date comes from: `pushed`, `updated` and `pulled` from the vendor's API, `annotation` is
 * `org.opencontainers.image.created`, `config` the image config's `created`.
 */
export type AgeOrigin = 'pushed' | 'updated' | 'pulled' | 'annotation' | 'config'

export interface AgeObservation {
  readonly at: Timestamp
  readonly source: AgeOrigin
}
