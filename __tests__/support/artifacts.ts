import { blob, layer, type BuiltBlob, type BuiltLayer } from './blobs.ts'
import {
  assemble,
  descriptorOf,
  json,
  measured,
  MEDIA_TYPES,
  type BuiltImage,
  type WireDescriptor,
} from './images.ts'

/** The config of artifacts that need none (image-spec manifest.md, "Guidance for an Empty Descriptor"). */
const EMPTY_JSON: BuiltBlob = blob(Buffer.from('{}'), 'application/vnd.oci.empty.v1+json')

interface ArtifactParts {
  readonly config: BuiltBlob
  readonly layers: readonly BuiltLayer[]
  readonly layerType: string
  readonly artifactType?: string
  readonly subject?: WireDescriptor
  readonly annotations?: Readonly<Record<string, string>>
}

function artifact({ config, layers, layerType, ...rest }: ArtifactParts): BuiltImage {
  const manifest = blob(
    json({
      schemaVersion: 2,
      mediaType: MEDIA_TYPES.oci.image,
      config: descriptorOf(config),
      layers: layers.map((each) => ({ ...descriptorOf(each), mediaType: layerType })),
      ...rest,
    }),
    MEDIA_TYPES.oci.image,
  )
  return assemble({
    manifest,
    blobs: [config, ...layers],
    descriptor: {
      ...descriptorOf(manifest),
      ...(rest.artifactType && { artifactType: rest.artifactType }),
      ...(rest.annotations && { annotations: rest.annotations }),
    },
    platforms: [measured(null, manifest, config, layers)],
  })
}

/** A Helm chart as `helm push` stores it. */
export function helmChart(seed: string, size: number): BuiltImage {
  return artifact({
    config: blob(
      json({ apiVersion: 'v2', name: seed, version: '1.0.0' }),
      'application/vnd.cncf.helm.config.v1+json',
    ),
    layers: [layer(seed, size)],
    layerType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
  })
}

/**
 * An SBOM as `oras attach` stores it: empty config, `artifactType`, and the image it belongs to as `subject`.
 */
export function orasSbom(seed: string, size: number, subject: BuiltImage): BuiltImage {
  return artifact({
    config: EMPTY_JSON,
    layers: [layer(seed, size)],
    layerType: 'application/spdx+json',
    artifactType: 'application/spdx+json',
    subject: descriptorOf(subject.manifest),
  })
}

/** A cosign signature; push it under `cosignTag(subject)`. */
export function cosignSignature(subject: BuiltImage): BuiltImage {
  const payload = layer(`signature of ${subject.manifest.digest}`, 240)
  return artifact({
    config: blob(
      json({ architecture: '', os: '', config: {}, rootfs: { type: 'layers', diff_ids: [payload.diffId] } }),
      MEDIA_TYPES.oci.config,
    ),
    layers: [payload],
    layerType: 'application/vnd.dev.cosign.simplesigning.v1+json',
  })
}

export function cosignTag(subject: BuiltImage, suffix: 'sig' | 'att' | 'sbom' = 'sig'): string {
  return `${subject.manifest.digest.replace(':', '-')}.${suffix}`
}

/** The tag under which the referrers of a manifest are listed where the registry has no referrers API. */
export function referrersTag(subject: BuiltImage): string {
  return subject.manifest.digest.replace(':', '-')
}

/** What the tag of `referrersTag` names. */
export function referrersIndex(referrers: readonly BuiltImage[]): BuiltImage {
  return listing(
    referrers.map((each) => each.descriptor),
    referrers,
  )
}

/** A BuildKit registry cache: an index whose descriptors are layers and a config, not manifests. */
export function buildkitCache(seed: string, layers: readonly BuiltLayer[]): BuiltImage {
  const config = blob(
    json({ layers: layers.map((_, index) => ({ layer: index, digest: seed })), records: [] }),
    'application/vnd.buildkit.cacheconfig.v0',
  )
  const descriptors = layers.map((each) => ({
    ...descriptorOf(each),
    mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
    annotations: { 'buildkit/createdat': '2026-05-04T10:20:30Z', 'containerd.io/uncompressed': each.diffId },
  }))
  const built = listing([...descriptors, descriptorOf(config)], [])
  return { ...built, blobs: [...layers, config] }
}

function listing(manifests: readonly WireDescriptor[], referrers: readonly BuiltImage[]): BuiltImage {
  const manifest = blob(
    json({ schemaVersion: 2, mediaType: MEDIA_TYPES.oci.index, manifests }),
    MEDIA_TYPES.oci.index,
  )
  return assemble({
    manifest,
    manifests: referrers.flatMap((each) => each.manifests),
    blobs: referrers.flatMap((each) => each.blobs),
    descriptor: descriptorOf(manifest),
    platforms: [],
  })
}
