import type { Descriptor } from './manifest.ts'

/** What a manifest looks like inside, whoever specified it. */
export type ManifestShape = 'index' | 'image' | 'blobs' | 'schema1'

const OCI_INDEX = 'application/vnd.oci.image.index.v1+json'

const SHAPES = new Map<string, ManifestShape>([
  [OCI_INDEX, 'index'],
  ['application/vnd.docker.distribution.manifest.list.v2+json', 'index'],
  ['application/vnd.oci.image.manifest.v1+json', 'image'],
  ['application/vnd.docker.distribution.manifest.v2+json', 'image'],
  ['application/vnd.oci.artifact.manifest.v1+json', 'blobs'],
  // what ORAS and ACR wrote before OCI had a type for it; kept registries still serve it
  ['application/vnd.cncf.oras.artifact.manifest.v1+json', 'blobs'],
  ['application/vnd.docker.distribution.manifest.v1+prettyjws', 'schema1'],
  ['application/vnd.docker.distribution.manifest.v1+json', 'schema1'],
])

/** Every manifest type this action understands, in the order a client should ask for them. */
export const MANIFEST_TYPES: readonly string[] = [...SHAPES.keys()]

const IMAGE_CONFIGS = new Set([
  'application/vnd.oci.image.config.v1+json',
  'application/vnd.docker.container.image.v1+json',
])

const ATTESTATION_TYPE = 'vnd.docker.reference.type'

/** A media type without its parameters, in lower case, as types are compared (RFC 9110 8.3.1). */
export function baseMediaType(mediaType: string): string {
  return (mediaType.split(';', 1)[0] ?? '').trim().toLowerCase()
}

/** The shape that a manifest type promises; null for types this action does not know. */
export function manifestShape(mediaType: string): ManifestShape | null {
  return SHAPES.get(baseMediaType(mediaType)) ?? null
}

/** True for types of manifests, as opposed to blobs: what an index entry must have to be followed. */
export function isManifestType(mediaType: string): boolean {
  return manifestShape(mediaType) !== null
}

/** True for the index that OCI specified: lists of referrers are of no other type. */
export function isOciIndexType(mediaType: string): boolean {
  return baseMediaType(mediaType) === OCI_INDEX
}

/** True for the config of a container image; any other config makes the manifest an artifact. */
export function isImageConfig(mediaType: string): boolean {
  return IMAGE_CONFIGS.has(baseMediaType(mediaType))
}

/**
 * True for layers that clients fetch from elsewhere (Windows base layers). Only the type decides: `urls` may
 * be present on any layer and are never requested (containerd CVE-2020-15157).
 */
export function isForeignLayer(mediaType: string): boolean {
  const base = baseMediaType(mediaType)
  return base.includes('.nondistributable.') || base.includes('.rootfs.foreign.diff.')
}

/** How a layer's bytes are compressed, as far as its type says; null when it says nothing. */
export function layerCompression(mediaType: string): 'gzip' | 'zstd' | 'none' | null {
  const base = baseMediaType(mediaType).replace(/\+encrypted$/, '')
  if (/[+.]gzip$/.test(base)) return 'gzip'
  if (/[+.]zstd$/.test(base)) return 'zstd'
  return base.endsWith('.tar') ? 'none' : null
}

/** True for what makes an index BuildKit's cache. */
export function isCacheConfigType(mediaType: string): boolean {
  return baseMediaType(mediaType).startsWith('application/vnd.buildkit.cacheconfig.')
}

/**
 * True for types that are certainly blobs: what BuildKit's cache lists in an index, where manifests are
 * expected.
 */
export function isBlobType(mediaType: string): boolean {
  return layerCompression(mediaType) !== null || isCacheConfigType(mediaType)
}

/**
 * True for an index entry that holds provenance or an SBOM for a sibling and is not a platform. BuildKit's
 * annotation says so; where it was lost (copied by other tools), the platform `unknown/unknown` that is given
 * to them does. On an entry with a real platform the annotation says nothing: clients go by the platform, and
 * would pull it.
 */
export function isAttestation({
  annotations,
  platform,
}: Pick<Descriptor, 'annotations' | 'platform'>): boolean {
  if (platform !== null) return platform.os === 'unknown' && platform.architecture === 'unknown'
  return annotations.get(ATTESTATION_TYPE) === 'attestation-manifest'
}
