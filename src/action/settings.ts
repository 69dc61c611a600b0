import type { BaselineEntry } from '../domain/growth/baseline.ts'
import type { Bytes, Units } from '../domain/quantities/bytes.ts'
import type { Concurrency } from '../domain/quantities/concurrency.ts'
import type { Duration } from '../domain/quantities/duration.ts'
import type { CommentPolicy } from '../domain/comment/decision.ts'
import type { CommentKey } from '../domain/comment/marker.ts'
import type { ImageSource } from '../domain/names/image-source.ts'
import type { Provider } from '../domain/names/provider.ts'
import type { Registry, Reference } from '../domain/names/reference.ts'
import type { RepositoryGlob } from '../domain/names/repository-glob.ts'
import type { Severity } from '../domain/size/judge.ts'
import type { SizeLimits } from '../domain/size/limits.ts'
import type { PlatformSelection, TagFilter } from '../domain/size/selection.ts'
import type { ExplainSettings } from './explain-inputs.ts'
import type { ListSettings } from './list-inputs.ts'
import type { PruneSettings, UndoSettings } from './prune-settings.ts'

/** What every mode needs, parsed. */
export interface CommonSettings {
  readonly registry: Registry
  /** what kind of registry those are that their host does not tell; null: found out */
  readonly provider: Provider | null
  /** base of the vendor's API; null: the public one */
  readonly apiUrl: URL | null
  /** for `registry` only; null: credential files, then anonymous */
  readonly login: { readonly username: string; readonly password: string } | null
  /** empty: GitHub is asked nothing */
  readonly githubToken: string
  readonly caFile: string | null
  readonly insecure: boolean
  readonly concurrency: Concurrency
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
  /** a label of the pull request that turns failures into warnings */
  readonly overrideLabel: string | null
  readonly comment: CommentSettings
  readonly reportFile: string | null
  /** JSON Lines, kept from run to run */
  readonly historyFile: string | null
  /** an endpoint of shields.io */
  readonly badgeFile: string | null
  /** null: layers only */
  readonly explain: ExplainSettings | null
}

/** When and as which one the pull-request comment is written. */
export interface CommentSettings {
  readonly policy: CommentPolicy
  readonly key: CommentKey
}

/** What `mode: report` renders. */
export interface ReportSettings {
  readonly reportFile: string
  readonly comment: CommentSettings
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

/**
 * One line of `image`: a reference, and which tags of it where it names none; a pattern over a registry's
 * catalog; or an image that was never pushed.
 */
export type ImageInput =
  | { readonly kind: 'registry'; readonly reference: Reference; readonly tags: TagFilter | null }
  | { readonly kind: 'glob'; readonly glob: RepositoryGlob; readonly tags: TagFilter }
  | { readonly kind: 'local'; readonly source: ImageSource }

/** The parsed inputs: one variant per mode, so that options of another mode cannot even be named. */
export type Command =
  | { readonly mode: 'size'; readonly common: CommonSettings; readonly size: SizeSettings }
  | { readonly mode: 'prune'; readonly common: CommonSettings; readonly prune: PruneSettings }
  | { readonly mode: 'list'; readonly common: CommonSettings; readonly list: ListSettings }
  | { readonly mode: 'report'; readonly common: CommonSettings; readonly report: ReportSettings }
  | { readonly mode: 'undo'; readonly common: CommonSettings; readonly undo: UndoSettings }
