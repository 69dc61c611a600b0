import type { WardenError } from '../errors.ts'
import type { Digest } from '../names/digest.ts'
import type { Provider } from '../names/provider.ts'
import type { Tag } from '../names/tag.ts'
import type { ImageReader } from '../image-reader.ts'
import type { Timestamp } from '../quantities/timestamp.ts'
import type { AgeObservation, Capabilities } from './inventory.ts'

/**
 * How a DELETE ended. `error` says it for people, and is null for `done` and `gone`.
 * - `gone`: was not there any more, as good as done.
 * - `unsupported`: this registry does not delete this kind of name (or anything) through this API.
 * - `referenced`: something else still needs it; may work once that is gone.
 * - `locked`: the registry keeps this one by a rule of its own: ACR's lock, an immutable or protected tag,
 *   GHCR's most downloaded.
 * - `denied`: no right to.
 * - `again`: the registry asks to wait so many milliseconds, or its answer does not say what it did (a 5xx, a
 *   connection that broke, no answer): it may have deleted. Who tries again has to look first whether it
 *   should still go.
 * - `failed`: everything else.
 */
export type DeleteOutcome =
  | { readonly kind: 'done' | 'gone'; readonly error: null }
  | {
      readonly kind: 'unsupported' | 'referenced' | 'locked' | 'denied' | 'failed'
      readonly error: WardenError
    }
  | { readonly kind: 'again'; readonly wait: number; readonly error: WardenError }

/**
 * Whether manifests can be deleted, found out without deleting one. `unclear`: the registry answered
 * something that proves neither; the first real deletion is then the test.
 */
export type DeleteProbe =
  | { readonly kind: 'on' | 'unclear' }
  | { readonly kind: 'off' | 'denied' | 'failed'; readonly error: WardenError }

/** A manifest as it is stored, byte for byte. */
export interface StoredBytes {
  readonly mediaType: string
  readonly bytes: Uint8Array
}

/** The same with the digest that the bytes have. */
export interface NamedBytes extends StoredBytes {
  readonly digest: Digest
}

/** What prune reads of one repository beyond what measuring needs. */
export interface PruneReader extends ImageReader {
  /**
   * What a name points to right now, asked again each time; null when it is gone. One that is not expected to
   * be gone is asked for twice before that is said.
   */
  readonly head: (name: Tag | Digest, expected?: 'gone') => Promise<Digest | null>
  /** Whether the registry has it; what this run got from there is not asked for again. */
  readonly exists: (digest: Digest) => Promise<boolean>
  /**
   * What refers to a manifest according to the referrers API; null where the registry has none. That it has
   * none is remembered, unless asked `again`.
   */
  readonly listReferrers: (digest: Digest, again?: 'again') => Promise<readonly Digest[] | null>
  /** The bytes of a manifest: as they were read before, also when it is gone by now; else they are read. */
  readonly stored: (digest: Digest) => Promise<StoredBytes>
  /** Reads one byte of a blob: a HEAD may be answered from a cache when the blob is gone. */
  readonly hasBlob: (digest: Digest) => Promise<boolean>
}

/** What a vendor's own API knows about a tag or manifest. */
export interface VendorFacts {
  readonly ages: readonly AgeObservation[]
  /** why the registry will refuse to delete it; null when it will not */
  readonly locked: string | null
}

/**
 * What is told of a tag holds for the manifest that it named at that moment; null: the vendor does not say
 * which.
 */
export interface VendorTagFacts extends VendorFacts {
  readonly digest: Digest | null
  /** true when the tag may name something else by now than when it was listed; default false */
  readonly isUnsettled?: boolean
}

export interface VendorListing {
  /** every tag that the vendor lists: one that the registry does not list is looked up, too */
  readonly tags: ReadonlyMap<Tag, VendorTagFacts>
  readonly manifests: ReadonlyMap<Digest, VendorFacts>
  /** manifests without a tag; only with `capabilities.listsUntagged` */
  readonly untagged: readonly Digest[]
  /** false when the listing ended early: then nothing is deleted */
  readonly complete: boolean
  /**
   * true when this registry reports when things were pushed, whatever it told this time: a date that is
   * missing here is unknown, and no build date stands in for it; default false
   */
  readonly tellsPushTimes?: boolean
  /**
   * true when it reports them of each tag: the push time of a manifest, which may have been given the tag today,
   * does not stand in for one that is missing; default false
   */
  readonly datesTags?: boolean
  /** what could not be read and why, each for people; default: none */
  readonly doubts?: readonly string[]
}

/**
 * How one kind of registry is pruned. The plain distribution API is one of them; a vendor's own API adds what
 * that lacks. No function throws for what a registry may answer to a deletion: that is an outcome.
 */
export interface VendorPort {
  readonly capabilities: Capabilities
  /** Ages, locks and untagged manifests; left out where the vendor reports nothing. Asked once per run. */
  readonly list?: () => Promise<VendorListing>
  /**
   * Removes one tag and leaves the manifest. `digest` is what it pointed to a moment ago; null: nothing that
   * is there.
   */
  readonly untag: (tag: Tag, digest: Digest | null) => Promise<DeleteOutcome>
  readonly deleteManifest: (digest: Digest) => Promise<DeleteOutcome>
  readonly probeDeletes: () => Promise<DeleteProbe>
  /**
   * Puts a manifest under its digest or under a tag. Not repeated: whoever tries again looks first what the
   * tag names by then.
   * @throws WardenError
   */
  readonly putManifest: (name: Tag | Digest, manifest: StoredBytes) => Promise<void>
  /**
   * A manifest of our own that needs the same blobs as this one and nothing else, so that they stay when this
   * one is deleted; null: one of this type cannot be made.
   */
  readonly holdingCopy?: (manifest: StoredBytes) => NamedBytes | null
  /** GHCR: the number by which GitHub can restore what is deleted; null where it lists no such version. */
  readonly versionOf?: (digest: Digest) => number | null
  /**
   * Restores a deleted version with its tags; false: GitHub has deleted no such version, or it was another manifest.
   * @throws WardenError
   */
  readonly restoreVersion?: (id: number, digest: Digest) => Promise<boolean>
  /**
   * Moves a tag to a new manifest that nothing else names, and returns that manifest's digest as computed
   * here, never as the registry tells it. `created` becomes its date, so that it is as old as what it
   * replaces.
   */
  readonly pushPlaceholder?: (tag: Tag, created: Timestamp | null) => Promise<Digest>
  /** A tag that nobody else has, to try out on it what a removal takes along. */
  readonly freshTag?: () => Tag
  /** Does what that takes beforehand and needs no tag, so that nobody moves the tag while it is done. */
  readonly preparePlaceholder?: () => Promise<void>
}

/** Everything prune does to one repository. */
export interface PruneTarget {
  /** `host/path` */
  readonly name: string
  /** repositories of one origin share a disk, and a switch for deletes */
  readonly origin: string
  readonly provider: Provider
  readonly reader: PruneReader
  readonly vendor: VendorPort
}

/** One line of the undo file: what it takes to put back what a write is about to take away. */
export interface UndoEntry {
  /** `host/path` */
  readonly repository: string
  readonly digest: Digest
  readonly stored: StoredBytes
  /** those that the write takes away; none for a manifest without tags */
  readonly tags: readonly Tag[]
  /** GHCR only */
  readonly versionId: number | null
}
