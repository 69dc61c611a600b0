import type { Digest } from '../names/digest.ts'
import type { Platform } from '../names/platform.ts'
import type { Bytes } from '../quantities/bytes.ts'
import type { Timestamp } from '../quantities/timestamp.ts'

/** What became of `baseline` for one image. A baseline that is missing or unread is never zero bytes. */
export type Baseline = FoundBaseline | MissingBaseline | UnreadBaseline

interface Searched {
  /** the entries tried before, with what kept each from being used */
  readonly skipped: readonly SkippedEntry[]
}

export interface FoundBaseline extends Searched {
  readonly state: 'found'
  /** the full reference that was read, `ghcr.io/acme/api:sha-1a2b3c4` */
  readonly name: string
  /** of the index or manifest that the reference named */
  readonly digest: Digest
  readonly created: Timestamp | null
  /** the entry as the user wrote it; its placeholders say how the baseline was found */
  readonly entry: string
  readonly placeholders: readonly Placeholder[]
  /** platform images of the baseline that the image no longer has */
  readonly removed: readonly RemovedPlatform[]
}

/** Every entry was tried, none exists: the image is `new`. */
export interface MissingBaseline extends Searched {
  readonly state: 'missing'
}

/** An entry could not be read, which does not mean that it does not exist. */
export interface UnreadBaseline extends Searched {
  readonly state: 'unread'
  readonly name: string
  readonly reason: string
}

export interface SkippedEntry {
  /** as the user wrote it */
  readonly entry: string
  /** `absent`: no such image; `pointless`: the entry names none in this run, or for this image */
  readonly cause: 'absent' | 'pointless'
  readonly reason: string
}

/** What an entry of `baseline` may leave open. */
export type Placeholder = 'merge-base' | 'base-sha' | 'base-ref'

export interface RemovedPlatform {
  readonly platform: Platform | null
  readonly digest: Digest
  readonly size: Bytes
}

/** How a platform image compares with the one for the same platform in the baseline. */
export type Growth = KnownGrowth | NewPlatform | UnknownGrowth

export interface KnownGrowth {
  /** `unchanged`: no difference, or less than `minimum-change-threshold` */
  readonly state: 'changed' | 'unchanged'
  readonly baseline: ComparedImage
  /** bytes judged now less bytes judged then; negative when it shrank */
  readonly difference: number
  /** `difference` as a part of the baseline's size; null when that is zero */
  readonly ratio: number | null
  /**
   * bytes in the image that the baseline does not have; null where digests cannot be compared (one side
   * estimated)
   */
  readonly pullSize: Bytes | null
  readonly layers: readonly LayerChange[]
  /** set when the two are compressed differently, which changes sizes without any change of content */
  readonly recompressed: { readonly from: string; readonly to: string } | null
  /** one of the two sizes is an estimate, so the difference is one */
  readonly estimated: boolean
}

/** The image has no baseline, or its baseline has no such platform. */
export interface NewPlatform {
  readonly state: 'new'
  /** all of it when the baseline lacks the platform; null without a baseline */
  readonly pullSize: Bytes | null
}

export interface UnknownGrowth {
  readonly state: 'unknown'
  /**
   * `unread`: reading the baseline failed; `incomparable`: it was read, but there is nothing to compare with
   * it
   */
  readonly cause: 'unread' | 'incomparable'
  readonly reason: string
}

/** The platform image on the other side of a comparison. */
export interface ComparedImage {
  readonly digest: Digest
  /** what a client with an empty store downloads */
  readonly size: Bytes
  /** the bytes that were compared: `size`, or own layers only with `ignore-base` */
  readonly judgedSize: Bytes
  readonly estimated: boolean
}

/** One layer of the baseline, the image or both, in the order in which they lie on each other. */
export interface LayerChange {
  /** `replaced`: the same instruction made other bytes */
  readonly change: 'shared' | 'replaced' | 'added' | 'removed'
  readonly createdBy: string | null
  /** in the baseline; null when added */
  readonly before: ChangedLayer | null
  /** in the image; null when removed */
  readonly after: ChangedLayer | null
}

export interface ChangedLayer {
  readonly digest: Digest
  readonly size: Bytes
  readonly from: 'base' | 'own' | null
}

/** The base image that an image was found to stand on. */
export interface BaseImage {
  readonly name: string
  /** of the platform image whose layers the image begins with */
  readonly digest: Digest
  /** how many layers it has; repeated ones count */
  readonly layers: number
  /** bytes of its distinct layers */
  readonly size: Bytes
}
