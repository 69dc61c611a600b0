import type { Schema1Manifest } from '../../domain/manifest/manifest.ts'
import type { Digest } from '../../domain/names/digest.ts'
import { platformOf } from '../../domain/names/platform.ts'
import type { Platform } from '../../domain/names/platform.ts'
import type { ImageReader } from '../../domain/ports.ts'
import type { Bytes } from '../../domain/quantities/bytes.ts'
import type { ReadImage, ReadPlatform } from '../../domain/size/measure.ts'
import type { MeasuredImage } from '../../domain/size/report.ts'
import { selectsPlatform } from '../../domain/size/selection.ts'
import type { PlatformSelection } from '../../domain/size/selection.ts'
import type { ImageTree, Leaf } from './image-tree.ts'
import type { ImageTarget } from './targets.ts'

/**
 * A target with its manifests. What those leave open (instructions, platform, schema 1 sizes) is read next.
 */
export interface ReadTarget {
  readonly target: ImageTarget
  readonly tree: ImageTree
  /** all names of the image; absent: that of the target */
  readonly names?: MeasuredImage['names']
}

/** When a config, which is a request more, is worth reading. */
export interface DetailRequest {
  readonly platforms: PlatformSelection
  /** read every config: layers are then named by the instruction that made them */
  readonly everyConfig: boolean
  /**
   * a platform filter or a limit asks for platforms, so an image whose index names none must be looked into
   */
  readonly platformsMatter: boolean
}

/** A read image, and every platform it has, selected or not. */
export interface DetailedImage extends ReadImage {
  /** of the manifest or index that was asked for */
  readonly annotations: ReadonlyMap<string, string>
  readonly seen: readonly Platform[]
}

/** Rejects with the error of the first config or blob that cannot be read. */
export type ReadDetails = (read: ReadTarget) => Promise<DetailedImage>

/**
 * Reads what the manifests leave open. Many tags share configs and blobs: the reader remembers what it
 * answered.
 */
export function createDetailReader(request: DetailRequest): ReadDetails {
  const schema1 = async (
    reader: ImageReader,
    leaf: Leaf,
    manifest: Schema1Manifest,
  ): Promise<ReadPlatform> => {
    const digests = [...new Set(manifest.layers.map((layer) => layer.digest))]
    const sizes = digests.map(async (digest) => {
      return [digest, await reader.blobSize(digest)] as const
    })
    return {
      digest: leaf.digest,
      manifest,
      platform: leaf.platform ?? platformOf({ os: 'linux', architecture: manifest.architecture }),
      config: null,
      blobSizes: new Map(await Promise.all(sizes)),
    }
  }

  const detail = async (reader: ImageReader, leaf: Leaf): Promise<ReadPlatform> => {
    const { digest, platform, manifest, estimated } = leaf
    if (manifest.kind === 'schema1') return schema1(reader, leaf, manifest)
    const plain = { digest, platform, manifest, config: null, blobSizes: new Map<Digest, Bytes>(), estimated }
    const wanted = request.everyConfig || (platform === null && request.platformsMatter)
    if (manifest.kind !== 'image' || !wanted) return plain
    const config = await reader.config(manifest.config)
    return { ...plain, config, platform: platform ?? config.platform }
  }

  return async ({ target, tree, names }) => {
    const leaves = await Promise.all(tree.leaves.map((leaf) => detail(target.reader, leaf)))
    const found = leaves.flatMap((leaf) => (leaf.platform === null ? [] : [leaf.platform]))
    return {
      name: target.name,
      repository: target.repository,
      tag: target.tag,
      ...(names === undefined ? {} : { names }),
      digest: tree.top.digest,
      mediaType: tree.top.manifest.mediaType,
      kind: kindOf(tree),
      annotations: 'annotations' in tree.top.manifest ? tree.top.manifest.annotations : new Map(),
      platforms: leaves.filter((leaf) => selectsPlatform(request.platforms, leaf.platform)),
      seen: [...tree.seen, ...found],
    }
  }
}

/** An index of layers (BuildKit cache) weighs as the artifact it is. */
function kindOf(tree: ImageTree): ReadImage['kind'] {
  const only = tree.leaves.length === 1 ? tree.leaves[0] : undefined
  return only !== undefined && only.digest === tree.top.digest ? only.manifest.kind : tree.top.manifest.kind
}
