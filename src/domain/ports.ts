import type { ImageReader } from './image-reader.ts'
import type { ProbeRegistry, ReadGrants } from './list/probe.ts'
import type { Registry, Repository } from './names/reference.ts'
import type { PruneTarget } from './prune/ports.ts'
import type { Timestamp } from './quantities/timestamp.ts'

export type { ImageReader, OnTags } from './image-reader.ts'

/**
 * Opens a repository for reading.
 * @param namedBy host name of the registry whose image names it, empty for an image from no registry: it is
 *   not followed deeper into the network than that. Left out where the user named it.
 */
export type OpenRepository = (repository: Repository, namedBy?: string) => ImageReader

/**
 * Opens a repository for pruning, in the way of its vendor. Asks the registry what it is where neither the
 * input `provider` nor its host tells.
 */
export type OpenTarget = (repository: Repository, options?: TargetOptions) => Promise<PruneTarget>

export interface TargetOptions {
  /** placeholders may be pushed (input `shared-digest` is `swap`); default false */
  readonly swap?: boolean
  /**
   * true where the run may write: in a storage folder it then finishes what an earlier one began and could
   * not end; default false
   */
  readonly mayWrite?: boolean
}

/**
 * Repository paths as the registry wrote them, to be checked before use; the log warns where the list may be
 * cut. `unsupported` where it has no catalog, or none without an owner.
 * @param owner what the paths are known to begin with (`acme` of `acme/*`); null: nothing is known. A source
 * that can list everything may ignore it
 */
export type ReadCatalog = (registry: Registry, owner: string | null) => Promise<readonly string[]>

/**
 * Where repositories are: behind a registry's API, or in a storage folder. Which one it is depends on the
 * origin of the registry, and nobody but `compose.ts` asks.
 */
export interface RegistrySource {
  readonly open: OpenRepository
  readonly catalog: ReadCatalog
  readonly target: OpenTarget
  readonly probe: ProbeRegistry
  readonly grants: ReadGrants
}

/** What people see while the run goes on. Text from outside is escaped by the implementation. */
export interface Log {
  readonly debug: (message: string) => void
  readonly info: (message: string) => void
  readonly notice: (message: string) => void
  readonly warning: (message: string) => void
}

/** Registers a value that must never appear in the log. */
export type MaskSecret = (secret: string) => void

export type Clock = () => Timestamp
