import type { LayerStore } from './explain/ports.ts'
import type { ImageConfig, Descriptor, ResolvedManifest } from './manifest/manifest.ts'
import type { Digest } from './names/digest.ts'
import type { Tag } from './names/tag.ts'
import type { Bytes } from './quantities/bytes.ts'

/**
 * Where images are read from: a registry, an OCI layout, an archive. A digest that is asked for twice, even
 * at the same time, costs one request. Errors are `WardenError`s.
 */
export interface ImageReader {
  /**
   * The manifest a tag or digest names, bytes verified.
   * @param known what the name leads to according to somebody who may be believed, such as the index that
   *   lists it: then what was kept from an earlier run may be returned without asking
   */
  readonly manifest: (name: Tag | Digest, known?: Digest) => Promise<ResolvedManifest>
  /** The config blob of an image, verified against the descriptor. */
  readonly config: (descriptor: Descriptor) => Promise<ImageConfig>
  /** Stored size of a blob, for schema 1 layers that name none. */
  readonly blobSize: (digest: Digest) => Promise<Bytes>
  /** Its layers, for `explain: files`; absent where there is no way to read them. */
  readonly layers?: LayerStore
  /**
   * Every tag of the repository, in the order the registry gives. The list is complete, or it is an error or
   * a warning in the log, as the reader was opened.
   * @param onTags is handed tags while the rest of the list is still being read
   */
  readonly tags: (onTags?: OnTags) => Promise<readonly Tag[]>
}

/** Takes tags as they become known, each once. */
export type OnTags = (tags: readonly Tag[]) => void
