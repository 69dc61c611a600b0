import type { ImageConfig, Descriptor, ResolvedManifest } from './manifest/manifest.ts'
import type { Digest } from './names/digest.ts'
import type { Tag } from './names/tag.ts'
import type { Bytes } from './quantities/bytes.ts'

/**
 * Where images are read from: a registry, an OCI layout, an archive. A digest that is asked for twice, even
 * at the same time, costs one request. Errors are `WardenError`s.
 */
export interface ImageReader {
  /** The manifest a tag or digest names, bytes verified. */
  readonly manifest: (name: Tag | Digest) => Promise<ResolvedManifest>
  /** The config blob of an image, verified against the descriptor. */
  readonly config: (descriptor: Descriptor) => Promise<ImageConfig>
  /** Stored size of a blob, for schema 1 layers that name none. */
  readonly blobSize: (digest: Digest) => Promise<Bytes>
  /** Every tag of the repository, complete or an error; in the order the registry gives. */
  readonly tags: () => Promise<readonly Tag[]>
}
