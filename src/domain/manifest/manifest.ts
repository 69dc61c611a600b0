import type { Digest } from '../names/digest.ts'
import type { Platform } from '../names/platform.ts'
import type { Bytes } from '../quantities/bytes.ts'

/** Names a blob or manifest by digest, size and type (image-spec descriptor.md). */
export interface Descriptor {
  readonly mediaType: string
  readonly digest: Digest
  readonly size: Bytes
  readonly platform: Platform | null
  readonly artifactType: string | null
  readonly annotations: ReadonlyMap<string, string>
}

/**
 * A manifest as the rules see it. `unknown` is a type this action does not understand: reported, kept, never
 * guessed.
 * - `index`: OCI image index or Docker manifest list.
 * - `image`: OCI image manifest or Docker schema 2 whose config is an image config.
 * - `artifact`: anything else with config/layers or `blobs` (Helm chart, SBOM, signature, BuildKit cache …).
 * - `schema1`: Docker image manifest v2 schema 1, signed or not; names no sizes.
 */
export type Manifest = IndexManifest | ImageManifest | ArtifactManifest | Schema1Manifest | UnknownManifest

interface Annotated {
  readonly mediaType: string
  readonly annotations: ReadonlyMap<string, string>
  /** the manifest this one refers to (signature, SBOM, attestation) */
  readonly subject: Descriptor | null
  readonly artifactType: string | null
}

export interface IndexManifest extends Annotated {
  readonly kind: 'index'
  readonly manifests: readonly Descriptor[]
}

export interface ImageManifest extends Annotated {
  readonly kind: 'image'
  readonly config: Descriptor
  readonly layers: readonly Descriptor[]
}

export interface ArtifactManifest extends Annotated {
  readonly kind: 'artifact'
  readonly config: Descriptor | null
  readonly layers: readonly Descriptor[]
}

export interface Schema1Manifest {
  readonly kind: 'schema1'
  readonly mediaType: string
  readonly signed: boolean
  readonly architecture: string
  /** oldest first, as in an image manifest (the wire has them newest first) */
  readonly layers: readonly Schema1Layer[]
  /** RFC 3339 text of the newest history entry, not yet judged */
  readonly created: string | null
}

export interface Schema1Layer {
  readonly digest: Digest
  /** `throwaway` in `v1Compatibility`: an empty layer that only carries metadata */
  readonly throwaway: boolean
  readonly createdBy: string | null
}

export interface UnknownManifest {
  readonly kind: 'unknown'
  readonly mediaType: string
  /** every digest that its text mentions: whatever it may reach must stay as long as it does */
  readonly mentions?: readonly Digest[]
}

/** A manifest together with the address under which its bytes were verified. */
export interface ResolvedManifest {
  readonly digest: Digest
  /** length of what the digest covers: the raw manifest, of a signed schema 1 without the signatures */
  readonly size: Bytes
  readonly manifest: Manifest
  /** layer sizes are estimates: a docker-archive holds layers that are not compressed */
  readonly estimated?: boolean
}

/** What an image config says that the rules need (image-spec config.md). */
export interface ImageConfig {
  readonly platform: Platform
  /** RFC 3339 text, not yet judged: 0001, 1970 and 1980 mean "unknown" */
  readonly created: string | null
  readonly history: readonly HistoryEntry[]
  /** those of the labels that the rules read: `org.opencontainers.image.base.*` */
  readonly labels: ReadonlyMap<string, string>
}

export interface HistoryEntry {
  readonly createdBy: string | null
  readonly emptyLayer: boolean
}
