import type { BaselineEntry } from '../domain/growth/baseline.ts'
import type { Bytes, Units } from '../domain/quantities/bytes.ts'
import type { Duration } from '../domain/quantities/duration.ts'
import type { Registry, Reference } from '../domain/names/reference.ts'
import type { Severity } from '../domain/size/judge.ts'
import type { SizeLimits } from '../domain/size/limits.ts'
import type { PlatformSelection, TagSelection } from '../domain/size/selection.ts'

/** What every mode needs, parsed. */
export interface CommonSettings {
  readonly registry: Registry
  /** for `registry` only; null: credential files, then anonymous */
  readonly login: { readonly username: string; readonly password: string } | null
  readonly caFile: string | null
  readonly insecure: boolean
  readonly concurrency: number
  readonly maxDuration: Duration | null
  readonly cacheDir: string | null
  readonly summary: boolean
  readonly units: Units
  /** things about the inputs that are worth a warning, but no error */
  readonly warnings: readonly string[]
}

export interface SizeSettings {
  readonly images: readonly ImageInput[]
  readonly platforms: PlatformSelection
  readonly limits: SizeLimits
  readonly growth: GrowthSettings
  readonly severity: Severity
  readonly reportFile: string | null
}

/** What images are compared with and split by. */
export interface GrowthSettings {
  /** in the order in which they are tried; empty: no comparison */
  readonly baseline: readonly BaselineEntry[]
  /** smaller changes count as unchanged */
  readonly minimumChange: Bytes
  /** `auto`: what the annotations of each image name; null: layers are not split */
  readonly baseImage: 'auto' | Reference | null
}

/** One line of `image`: the reference, and which tags of it where it names none. */
export interface ImageInput {
  readonly reference: Reference
  readonly tags: TagSelection | null
}

/** The parsed inputs: one variant per mode, so that options of another mode cannot even be named. */
export type Command = { readonly mode: 'size'; readonly common: CommonSettings; readonly size: SizeSettings }
