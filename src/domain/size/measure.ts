import { isForeignLayer, layerCompression } from '../manifest/media-type.ts'
import { attributeLayers } from '../manifest/history.ts'
import type {
  ArtifactManifest,
  Descriptor,
  ImageConfig,
  ImageManifest,
  Schema1Manifest,
} from '../manifest/manifest.ts'
import type { Digest } from '../names/digest.ts'
import type { Platform } from '../names/platform.ts'
import { asBytes, sumBytes, totalBytes } from '../quantities/bytes.ts'
import type { Bytes } from '../quantities/bytes.ts'
import { parseTimestamp } from '../quantities/timestamp.ts'
import type { Layer, MeasuredImage, MeasuredPlatform, SizedBlob } from './report.ts'

/** One platform image as it was read, before anything is judged. */
export interface ReadPlatform {
  readonly digest: Digest
  /** from the index entry, else from the config; null when neither was there or read */
  readonly platform: Platform | null
  readonly manifest: ImageManifest | ArtifactManifest | Schema1Manifest
  /**
   * null when the config was not read (more images than are worth a request each) or is not an image config
   */
  readonly config: ImageConfig | null
  /** stored sizes of schema 1 layers, which their manifest does not name */
  readonly blobSizes: ReadonlyMap<Digest, Bytes>
  /** layer sizes are estimates, as `ResolvedManifest` says */
  readonly estimated?: boolean
}

/** One selected image as it was read. */
export interface ReadImage {
  readonly name: string
  readonly repository: string | null
  readonly tag: string | null
  /** all of its names, where it has more than this one */
  readonly names?: MeasuredImage['names']
  readonly digest: Digest
  readonly mediaType: string
  readonly kind: MeasuredImage['kind']
  readonly platforms: readonly ReadPlatform[]
}

const NO_BYTES = asBytes(0)

/**
 * Measures one image: the formula of `measurePlatform` for each platform, and what they share counted once.
 */
export function measureImage(read: ReadImage): MeasuredImage {
  const platforms = read.platforms.map(measurePlatform)
  return {
    name: read.name,
    names: read.names ?? [{ name: read.name, tag: read.tag }],
    repository: read.repository,
    tag: read.tag,
    digest: read.digest,
    mediaType: read.mediaType,
    kind: read.kind,
    created: platforms.find((platform) => platform.created !== null)?.created ?? null,
    platforms,
    baseline: null,
    size: largest(platforms.map((platform) => platform.size)),
    uniqueSize: storedSize(platforms),
  }
}

/**
 * Compressed download size of one platform image: bytes of the config blob plus bytes of each distinct layer,
 * as stored. A layer listed twice is downloaded once, so it counts once.
 */
export function measurePlatform(read: ReadPlatform): MeasuredPlatform {
  const config = configBlob(read.manifest)
  const layers = namedLayers(read)
  const size = sumBytes(distinctBlobs([...(config ? [config] : []), ...layers]).values())
  return {
    platform: read.platform,
    digest: read.digest,
    config,
    layers,
    size,
    base: null,
    ownSize: size,
    judgedSize: size,
    foreignSize: sumBytes(distinctBlobs(layers.filter((layer) => layer.foreign)).values()),
    estimated: read.estimated ?? false,
    compression: commonCompression(layers),
    created: createdAt(read),
    growth: null,
  }
}

/**
 * Every distinct blob that the registry stores for these platform images; foreign layers are stored
 * elsewhere.
 */
export function storedSize(platforms: Iterable<MeasuredPlatform>): Bytes {
  const stored = new Map<Digest, Bytes>()
  for (const { config, layers } of platforms) {
    if (config) stored.set(config.digest, config.size)
    for (const layer of layers) if (!layer.foreign) stored.set(layer.digest, layer.size)
  }
  return totalBytes(stored.values())
}

/** Zero where there are none. */
export function largest(sizes: readonly Bytes[]): Bytes {
  let most = NO_BYTES
  for (const size of sizes) if (size > most) most = size
  return most
}

/**
 * Layers that carry files: what `max-layers` counts. Schema 1 lists an empty layer per metadata instruction.
 */
export function countLayers({ layers }: Pick<MeasuredPlatform, 'layers'>): number {
  return layers.filter((layer) => !layer.throwaway).length
}

function configBlob(manifest: ReadPlatform['manifest']): SizedBlob | null {
  if (manifest.kind === 'schema1' || manifest.config === null) return null
  return { digest: manifest.config.digest, size: manifest.config.size }
}

function namedLayers(read: ReadPlatform): Layer[] {
  const { manifest, config, blobSizes } = read
  if (manifest.kind === 'schema1') {
    return manifest.layers.map((layer) => ({
      digest: layer.digest,
      size: blobSizes.get(layer.digest) ?? NO_BYTES,
      // schema 1 names no layer types; every layer is a gzipped tar (image-spec considerations, docker spec
      // v2-1)
      mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
      createdBy: layer.createdBy,
      foreign: false,
      from: null,
      throwaway: layer.throwaway,
    }))
  }
  const instructions = config === null ? [] : attributeLayers(manifest.layers, config.history)
  return manifest.layers.map((layer, position) => describeLayer(layer, instructions[position] ?? null))
}

function describeLayer(layer: Descriptor, createdBy: string | null): Layer {
  return {
    digest: layer.digest,
    size: layer.size,
    mediaType: layer.mediaType,
    createdBy,
    foreign: isForeignLayer(layer.mediaType),
    from: null,
    throwaway: false,
  }
}

/** Each blob once, with its size. */
export function distinctBlobs(blobs: Iterable<SizedBlob>): Map<Digest, Bytes> {
  const distinct = new Map<Digest, Bytes>()
  for (const { digest, size } of blobs) distinct.set(digest, size)
  return distinct
}

function commonCompression(layers: readonly Layer[]): MeasuredPlatform['compression'] {
  const kinds = new Set(
    layers.map((layer) => layerCompression(layer.mediaType)).filter((kind) => kind !== null),
  )
  if (kinds.size > 1) return 'mixed'
  return [...kinds][0] ?? null
}

function createdAt(read: ReadPlatform): MeasuredPlatform['created'] {
  const { manifest, config } = read
  const annotated =
    manifest.kind === 'schema1'
      ? manifest.created
      : manifest.annotations.get('org.opencontainers.image.created')
  return parseTimestamp(config?.created ?? annotated ?? '')
}
