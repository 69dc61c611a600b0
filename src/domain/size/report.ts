import type { BaseImage, Baseline, Growth } from '../growth/growth.ts'
import type { SizeExplanation } from '../explain/explanation.ts'
import type { Digest } from '../names/digest.ts'
import type { Platform } from '../names/platform.ts'
import type { Bytes } from '../quantities/bytes.ts'
import type { Timestamp } from '../quantities/timestamp.ts'
import type { NamedImage } from './scoped-rule.ts'

/** The verdict of a step, a platform image or a limit. */
export type Verdict = 'pass' | 'warn' | 'fail'

/**
 * The result of `mode: size`. Summary, comment, outputs, annotations, log and JSON are renderings of this one
 * value.
 */
export interface SizeReport {
  readonly verdict: Verdict
  readonly images: readonly JudgedImage[]
  /** largest `judgedSize` of any selected platform image: what `max-size` is judged on */
  readonly size: Bytes
  /** how the platform image that `size` tells of compares with its baseline; null without a baseline */
  readonly change: { readonly baseline: string; readonly growth: Growth } | null
  /** plain sum over all distinct selected platform images */
  readonly totalSize: Bytes
  /** every distinct blob once, over everything selected: what the registry stores */
  readonly uniqueSize: Bytes
  /** most layers of any selected platform image */
  readonly layers: number
  readonly breaches: readonly Breach[]
  /**
   * things worth saying that are not a breach: unknown types, foreign layers, a registry that disagrees with
   * itself
   */
  readonly notices: readonly string[]
  /** as they should be, on every such run: for log and summary only, since an annotation each time is noise */
  readonly asides?: readonly string[]
  /** limits that hold less than they seem to: a rule that names no image, most often a typo */
  readonly warnings: readonly string[]
  /** true when `max-duration` ended the run before everything was measured */
  readonly partial: boolean
  /** what was selected but not measured, when `partial` */
  readonly unmeasured: readonly string[]
  /** what turned `fail` into `warn`, in words (on-exceed: warn, override label); null otherwise */
  readonly leniency: string | null
  /** the label that the pull request could be given to turn `fail` into `warn`; null where none would */
  readonly overrideLabel: string | null
}

export interface MeasuredImage {
  /** the reference as people write it, `ghcr.io/acme/api:v1`: the first of `names` */
  readonly name: string
  /** every selected name of this digest in this repository: they are one image */
  readonly names: readonly [NamedImage, ...NamedImage[]]
  /** `host/path` without tag and digest; null for an image that is not in a registry */
  readonly repository: string | null
  readonly tag: string | null
  readonly digest: Digest
  readonly mediaType: string
  readonly kind: 'image' | 'index' | 'artifact' | 'schema1' | 'unknown'
  readonly created: Timestamp | null
  readonly platforms: readonly MeasuredPlatform[]
  /** what the image was compared with; null when no `baseline` was asked for */
  readonly baseline: Baseline | null
  /** largest platform image */
  readonly size: Bytes
  /** distinct blobs of this image over its selected platforms */
  readonly uniqueSize: Bytes
}

/** One platform image as it was measured: facts, no verdict. */
export interface MeasuredPlatform {
  /** null: neither the index nor a config names one (artifact, or config not read) */
  readonly platform: Platform | null
  readonly digest: Digest
  readonly config: SizedBlob | null
  /** in manifest order, oldest first, repeated layers repeated */
  readonly layers: readonly Layer[]
  /** config plus each distinct layer: what a client with an empty store downloads */
  readonly size: Bytes
  /** the base image whose layers this one begins with; null when none was asked for, or none fits */
  readonly base: BaseImage | null
  /** `size` without the layers of `base` */
  readonly ownSize: Bytes
  /** the bytes that limits look at: `ownSize` with `ignore-base`, else `size` */
  readonly judgedSize: Bytes
  /** the part of `size` in foreign layers, which the registry does not store */
  readonly foreignSize: Bytes
  /** sizes were estimated (docker-archive, whose layers are not compressed) */
  readonly estimated: boolean
  /** `gzip`, `zstd`, `none`, `mixed`; null when there are no layers or types say nothing */
  readonly compression: 'gzip' | 'zstd' | 'none' | 'mixed' | null
  readonly created: Timestamp | null
  /** null when no `baseline` was asked for */
  readonly growth: Growth | null
}

/** A platform image with its verdict; only this can be published. */
export interface JudgedPlatform extends MeasuredPlatform {
  /** the `max-size` rule that names this image, else its `warn-size` rule, else null */
  readonly limit: AppliedLimit | null
  /**
   * growth in bytes that `max-increase`, else `warn-increase`, allows against this baseline; null where none
   * applies
   */
  readonly growthLimit: AppliedLimit | null
  /**
   * which files it is made of or grew by; absent without `explain: files`, and where there was no reason to
   * look
   */
  readonly explanation?: SizeExplanation
  /**
   * the limit of growth that is for it, but found nothing to compare it with; absent where none is in that
   * state
   */
  readonly unjudged?: GrowthLimitName | undefined
  /** what `max-wasted`, else `warn-wasted`, allows it; absent without them, and where waste is not known */
  readonly wastedLimit?: AppliedLimit | undefined
  /** whether any limit looked at it, of whatever kind; without one, `pass` says nothing */
  readonly isLimited: boolean
  readonly verdict: Verdict
}

/** An image whose platform images are judged. */
export interface JudgedImage extends Omit<MeasuredImage, 'platforms'> {
  readonly platforms: readonly JudgedPlatform[]
}

/** Both are off without a baseline; where both are set, the hard one is told. */
export type GrowthLimitName = 'max-increase' | 'warn-increase'

export interface AppliedLimit {
  readonly bytes: Bytes
  /** the rule as the user wrote it */
  readonly rule: string
  readonly severity: 'warn' | 'fail'
}

export interface SizedBlob {
  readonly digest: Digest
  readonly size: Bytes
}

export interface Layer extends SizedBlob {
  readonly mediaType: string
  /**
   * the Dockerfile instruction that made it, from the config's history; null when not read or not matching
   */
  readonly createdBy: string | null
  readonly foreign: boolean
  /** whether the base image brought it; null when no `base-image` was asked for */
  readonly from: 'base' | 'own' | null
  /** schema 1: an empty layer that only carries metadata */
  readonly throwaway: boolean
}

/** One limit that one platform image (or one of its layers) is over. */
export interface Breach {
  readonly limit:
    | 'max-size'
    | 'warn-size'
    | 'max-layers'
    | 'max-layer-size'
    | 'max-increase'
    | 'warn-increase'
    | 'max-wasted'
    | 'warn-wasted'
  readonly severity: 'warn' | 'fail'
  /** of several names the one whose rule is exceeded */
  readonly image: string
  readonly platform: Platform | null
  readonly digest: Digest
  /** bytes, for the increases bytes of growth, or a count for `max-layers` */
  readonly actual: number
  /** in the same unit; zero when nothing may grow */
  readonly allowed: number
  /** the rule as the user wrote it, `*-slim linux/amd64 = 300MiB` */
  readonly rule: string
  /** for `max-layer-size`: the instruction or digest of the layer */
  readonly layer: string | null
  /** for the increases: which parts of the rule are exceeded, as `excessOf` says it */
  readonly reason: string | null
}
