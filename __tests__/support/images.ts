import type { Digest } from '../../src/domain/names/digest.ts'
import { blob, type BuiltBlob, type BuiltLayer, type Compression } from './blobs.ts'

export interface WirePlatform {
  readonly os: string
  readonly architecture: string
  readonly variant?: string
  readonly 'os.version'?: string
}

export interface WireDescriptor {
  readonly mediaType: string
  readonly digest: Digest
  readonly size: number
  readonly platform?: WirePlatform
  readonly annotations?: Readonly<Record<string, string>>
  readonly artifactType?: string
  readonly urls?: readonly string[]
}

/** What a correct measurement of one platform image says. */
export interface ExpectedPlatform {
  /** `linux/arm/v7`, with `(10.0.x)` appended for an `os.version`; null where nothing names one */
  readonly platform: string | null
  readonly digest: Digest
  /** config plus each distinct layer, foreign ones included */
  readonly size: number
  readonly foreignSize: number
  /** layers in the manifest, repeated ones counted */
  readonly layers: number
  /** config and distinct layers that the registry stores, by digest */
  readonly stored: ReadonlyMap<Digest, number>
}

/** Everything to push for one image, and the numbers that must come out when it is measured. */
export interface BuiltImage {
  /** what a tag names */
  readonly manifest: BuiltBlob
  /** every manifest once, children before parents; the last one is `manifest` */
  readonly manifests: readonly BuiltBlob[]
  /** every distinct blob to upload; foreign layers are left out */
  readonly blobs: readonly BuiltBlob[]
  /** how an index lists this image */
  readonly descriptor: WireDescriptor
  readonly platforms: readonly ExpectedPlatform[]
  /** largest platform image */
  readonly size: number
  /** sum over platform images */
  readonly totalSize: number
  /** distinct stored blobs over the platform images; attestations are not among them */
  readonly uniqueSize: number
}

export type Format = 'oci' | 'docker'

export interface ImageOptions {
  readonly format?: Format
  /** `os/architecture[/variant]`, default `linux/amd64` */
  readonly platform?: string
  readonly osVersion?: string
  /** RFC 3339; null leaves the field out */
  readonly created?: string | null
  /** `false`: a config without history, as some builders write it */
  readonly history?: boolean
  readonly annotations?: Readonly<Record<string, string>>
  readonly subject?: WireDescriptor
}

export const CREATED = '2026-05-04T10:20:30Z'

/** A runnable image for one platform: OCI image manifest or Docker schema 2. */
export function image(layers: readonly BuiltLayer[], options: ImageOptions = {}): BuiltImage {
  const format = options.format ?? 'oci'
  const platform = wirePlatform(options.platform ?? 'linux/amd64', options.osVersion)
  const config = blob(json(imageConfig(layers, platform, options)), MEDIA_TYPES[format].config)
  const manifest = blob(
    json({
      schemaVersion: 2,
      mediaType: MEDIA_TYPES[format].image,
      config: descriptorOf(config),
      layers: layers.map((each) => layerDescriptor(each, format)),
      ...(options.subject && { subject: options.subject }),
      ...(options.annotations && { annotations: options.annotations }),
    }),
    MEDIA_TYPES[format].image,
  )
  return assemble({
    manifest,
    blobs: [config, ...layers.filter((each) => !each.foreign)],
    descriptor: { ...descriptorOf(manifest), platform },
    platforms: [measured(platformName(platform), manifest, config, layers)],
  })
}

export interface IndexOptions {
  readonly format?: Format
  readonly annotations?: Readonly<Record<string, string>>
  readonly subject?: WireDescriptor
  readonly artifactType?: string
}

/** OCI image index or Docker manifest list over images, attestations and further indexes. */
export function index(children: readonly BuiltImage[], options: IndexOptions = {}): BuiltImage {
  const mediaType = MEDIA_TYPES[options.format ?? 'oci'].index
  const manifest = blob(
    json({
      schemaVersion: 2,
      mediaType,
      ...(options.artifactType && { artifactType: options.artifactType }),
      manifests: children.map((child) => child.descriptor),
      ...(options.subject && { subject: options.subject }),
      ...(options.annotations && { annotations: options.annotations }),
    }),
    mediaType,
  )
  return assemble({
    manifest,
    manifests: children.flatMap((child) => child.manifests),
    blobs: children.flatMap((child) => child.blobs),
    descriptor: descriptorOf(manifest),
    platforms: children.flatMap((child) => child.platforms),
  })
}

/** BuildKit's provenance attestation of an image: listed beside it, never a platform. */
export function attestation(of: BuiltImage): BuiltImage {
  const statement = blob(
    json({ _type: 'https://in-toto.io/Statement/v0.1', subject: [{ digest: of.manifest.digest }] }),
    'application/vnd.in-toto+json',
  )
  const unknown = { os: 'unknown', architecture: 'unknown' }
  const config = blob(
    json({ ...unknown, config: {}, rootfs: { type: 'layers', diff_ids: [statement.digest] } }),
    MEDIA_TYPES.oci.config,
  )
  const layer = {
    ...descriptorOf(statement),
    annotations: { 'in-toto.io/predicate-type': 'https://slsa.dev/provenance/v0.2' },
  }
  const manifest = blob(
    json({
      schemaVersion: 2,
      mediaType: MEDIA_TYPES.oci.image,
      config: descriptorOf(config),
      layers: [layer],
    }),
    MEDIA_TYPES.oci.image,
  )
  const annotations = {
    'vnd.docker.reference.digest': of.manifest.digest,
    'vnd.docker.reference.type': 'attestation-manifest',
  }
  return assemble({
    manifest,
    blobs: [config, statement],
    descriptor: { ...descriptorOf(manifest), annotations, platform: unknown },
    platforms: [],
  })
}

export const MEDIA_TYPES = {
  oci: {
    index: 'application/vnd.oci.image.index.v1+json',
    image: 'application/vnd.oci.image.manifest.v1+json',
    config: 'application/vnd.oci.image.config.v1+json',
  },
  docker: {
    index: 'application/vnd.docker.distribution.manifest.list.v2+json',
    image: 'application/vnd.docker.distribution.manifest.v2+json',
    config: 'application/vnd.docker.container.image.v1+json',
  },
} as const

/** Compact JSON with two-space indentation, the way most tools write manifests: the bytes are what counts. */
export function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value, null, 2))
}

export function descriptorOf({ mediaType, digest, bytes }: BuiltBlob): WireDescriptor {
  return { mediaType, digest, size: bytes.length }
}

export function platformName(platform: WirePlatform): string {
  const name = [platform.os, platform.architecture, platform.variant].filter(Boolean).join('/')
  return platform['os.version'] ? `${name} (${platform['os.version']})` : name
}

/** The numbers of one platform image; a repeated layer weighs once. */
export function measured(
  platform: string | null,
  manifest: BuiltBlob,
  config: BuiltBlob | null,
  layers: readonly BuiltLayer[],
): ExpectedPlatform {
  const sizes = (blobs: readonly BuiltBlob[]) =>
    new Map(blobs.map((each) => [each.digest, each.bytes.length]))
  const stored = sizes([...(config ? [config] : []), ...layers.filter((each) => !each.foreign)])
  const foreignSize = sum(sizes(layers.filter((each) => each.foreign)).values())
  return {
    platform,
    digest: manifest.digest,
    size: sum(stored.values()) + foreignSize,
    foreignSize,
    layers: layers.length,
    stored,
  }
}

/** Completes an image from its parts: distinct blobs and manifests, and the totals. */
export function assemble(
  parts: Pick<BuiltImage, 'manifest' | 'blobs' | 'descriptor' | 'platforms'> & {
    manifests?: readonly BuiltBlob[]
  },
): BuiltImage {
  return {
    ...parts,
    manifests: distinct([...(parts.manifests ?? []), parts.manifest]),
    blobs: distinct(parts.blobs),
    size: Math.max(0, ...parts.platforms.map((each) => each.size)),
    totalSize: sum(parts.platforms.map((each) => each.size)),
    uniqueSize: sum(storedBlobs(parts.platforms).values()),
  }
}

/** Distinct stored blobs of any number of platform images: what `unique-size` adds up. */
export function storedBlobs(platforms: readonly ExpectedPlatform[]): ReadonlyMap<Digest, number> {
  return new Map(platforms.flatMap((each) => [...each.stored]))
}

export function sum(numbers: Iterable<number>): number {
  let total = 0
  for (const each of numbers) total += each
  return total
}

function distinct(blobs: readonly BuiltBlob[]): readonly BuiltBlob[] {
  return [...new Map(blobs.map((each) => [each.digest, each])).values()]
}

function wirePlatform(text: string, osVersion: string | undefined): WirePlatform {
  const [os = '', architecture = '', variant] = text.split('/')
  return { architecture, os, ...(osVersion && { 'os.version': osVersion }), ...(variant && { variant }) }
}

function imageConfig(layers: readonly BuiltLayer[], platform: WirePlatform, options: ImageOptions): unknown {
  const created = options.created === undefined ? CREATED : options.created
  const stamp = created === null ? {} : { created }
  const entries = layers.map((each) => ({
    ...stamp,
    ...(each.createdBy !== null && { created_by: each.createdBy }),
  }))
  const command = { ...stamp, created_by: 'CMD ["/app"]', empty_layer: true }
  return {
    ...stamp,
    ...platform,
    config: { Cmd: ['/app'] },
    rootfs: { type: 'layers', diff_ids: layers.map((each) => each.diffId) },
    ...(options.history !== false && { history: [...entries, command] }),
  }
}

const LAYER_TYPES: Record<Format, Record<Compression, string>> = {
  oci: {
    gzip: 'application/vnd.oci.image.layer.v1.tar+gzip',
    zstd: 'application/vnd.oci.image.layer.v1.tar+zstd',
    none: 'application/vnd.oci.image.layer.v1.tar',
  },
  docker: {
    gzip: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
    zstd: 'application/vnd.docker.image.rootfs.diff.tar.zstd',
    none: 'application/vnd.docker.image.rootfs.diff.tar',
  },
}
const FOREIGN_TYPES: Record<Format, string> = {
  oci: 'application/vnd.oci.image.layer.nondistributable.v1.tar+gzip',
  docker: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
}

function layerDescriptor(layer: BuiltLayer, format: Format): WireDescriptor {
  if (!layer.foreign) {
    const { annotations } = layer
    const mediaType = LAYER_TYPES[format][layer.compression]
    return { ...descriptorOf(layer), mediaType, ...(annotations && { annotations }) }
  }
  return {
    ...descriptorOf(layer),
    mediaType: FOREIGN_TYPES[format],
    // a measuring client must never follow these
    urls: [`https://foreign.invalid/${layer.digest}`],
  }
}
