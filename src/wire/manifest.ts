import { z } from 'zod'

import { WardenError } from '../domain/errors.ts'
import type {
  ArtifactManifest,
  Descriptor,
  ImageManifest,
  IndexManifest,
  Manifest,
  ResolvedManifest,
  UnknownManifest,
} from '../domain/manifest/manifest.ts'
import { isImageConfig } from '../domain/manifest/media-type.ts'
import type { ManifestShape } from '../domain/manifest/media-type.ts'
import { digestAlgorithm, isDigest } from '../domain/names/digest.ts'
import type { Digest } from '../domain/names/digest.ts'
import { asBytes, sumBytes } from '../domain/quantities/bytes.ts'
import type { Bytes } from '../domain/quantities/bytes.ts'
import { contentDigest, hasDigest, isVerifiable } from './content-digest.ts'
import { checked, descriptorSchema, readAnnotations, readArtifactType } from './descriptor.ts'
import { listOf, parseJsonObject, readAs } from './json.ts'
import { rejectMiscasedFields } from './field-case.ts'
import { decideType } from './manifest-type.ts'
import { isSigned, readSchema1, signedPayload } from './schema1.ts'

/** Largest manifest that is read, as in the distribution registry, containers/image and oras-go. */
export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024
/** Most entries of an index; each costs a request. */
export const MAX_CHILDREN = 1000
/** Most layers of an image or artifact; they cost memory only. */
export const MAX_LAYERS = 10_000

type Body = Readonly<Record<string, unknown>>

/**
 * Reads a manifest of any type out of the raw bytes that a registry, layout or archive gave. `expected` is
 * the digest it was asked by, null when asked by tag; then the digest is our own SHA-256. Digests that cannot
 * be computed (`isVerifiable` is false) are taken as the address they are.
 * @throws WardenError `integrity` when bytes and digest differ, `protocol` when they are not a valid
 *   manifest.
 */
export function parseManifest(
  bytes: Buffer,
  contentType: string | null,
  expected: Digest | null,
): ResolvedManifest {
  if (bytes.length > MAX_MANIFEST_BYTES) {
    throw new WardenError('protocol', `the manifest is larger than ${MAX_MANIFEST_BYTES} bytes`)
  }
  const body = readBody(bytes, expected)
  const { shape, mediaType } = decideType(contentType, body)
  if (shape !== null) rejectMiscasedFields(body)
  if (shape === 'schema1' && isSigned(body)) return readSigned(bytes, body, mediaType, expected)
  const digest = verifiedDigest(bytes, expected)
  const manifest = shape === null ? readUnknown(body, mediaType) : READERS[shape](body, mediaType)
  return { digest, size: asBytes(bytes.length), manifest }
}

/**
 * Only the signed part is read: whatever a server adds behind it, such as a second `fsLayers`, has no digest.
 */
function readSigned(bytes: Buffer, body: Body, mediaType: string, expected: Digest | null): ResolvedManifest {
  const payload = signedPayload(bytes, body)
  const digest = verifiedDigest(payload, expected)
  const signedBody = parseJsonObject(payload, 'the signed manifest')
  rejectMiscasedFields(signedBody)
  const manifest = readSchema1(signedBody, mediaType)
  // distribution stores only the payload and signs it again for each answer
  return { digest, size: asBytes(payload.length), manifest: { ...manifest, signed: true } }
}

/** Bytes that were cut or replaced on the way are reported as that, rather than as bad JSON. */
function readBody(bytes: Buffer, expected: Digest | null): Body {
  try {
    return parseJsonObject(bytes, 'the manifest')
  } catch (error) {
    if (expected !== null) verifiedDigest(bytes, expected)
    throw error
  }
}

function verifiedDigest(payload: Buffer, expected: Digest | null): Digest {
  if (expected === null) return contentDigest(payload)
  if (!isVerifiable(expected)) return expected
  if (hasDigest(payload, expected) !== true) {
    const algorithm = digestAlgorithm(expected) === 'sha512' ? 'sha512' : 'sha256'
    throw new WardenError('integrity', `asked for ${expected}, got ${contentDigest(payload, algorithm)}`, {
      advice: 'The registry or a proxy in front of it changes or mixes up content',
    })
  }
  return expected
}

const common = {
  annotations: z.unknown().optional(),
  subject: descriptorSchema.nullish(),
  artifactType: z.unknown().optional(),
}

/** Go writes an empty list as `null`. */
const descriptors = (most: number) => listOf(descriptorSchema, most).nullable()

const indexSchema = z.lazy(() => z.object({ ...common, manifests: descriptors(MAX_CHILDREN) }))
const imageSchema = z.lazy(() =>
  z.object({ ...common, config: descriptorSchema, layers: descriptors(MAX_LAYERS) }),
)
const artifactSchema = z.lazy(() => z.object({ ...common, blobs: descriptors(MAX_LAYERS).optional() }))

function readIndex(body: Body, mediaType: string): IndexManifest {
  const wire = readAs(indexSchema, body, 'the index')
  return { kind: 'index', ...annotated(wire, mediaType), manifests: readList(wire.manifests) }
}

function readImage(body: Body, mediaType: string): ImageManifest | ArtifactManifest {
  const wire = readAs(imageSchema, body, 'the manifest')
  const config = checked(wire.config)
  const layers = readList(wire.layers, config)
  const kind =
    isImageConfig(config.mediaType) || isOldDockerConfig(mediaType, config.mediaType) ? 'image' : 'artifact'
  return { kind, ...annotated(wire, mediaType), config, layers }
}

function readArtifact(body: Body, mediaType: string): ArtifactManifest {
  const wire = readAs(artifactSchema, body, 'the artifact manifest')
  return {
    kind: 'artifact',
    ...annotated(wire, mediaType),
    config: null,
    layers: readList(wire.blobs ?? null),
  }
}

const DIGESTS = /[a-z0-9]{1,32}:[a-f0-9]{64,128}/g

/** Searched in JSON written again, since the original may spell any character as an escape. */
function readUnknown(body: Body, mediaType: string): UnknownManifest {
  const mentions = new Set<Digest>()
  for (const [text] of rewritten(body).matchAll(DIGESTS)) {
    if (isDigest(text)) mentions.add(text)
    if (mentions.size > MAX_CHILDREN) {
      throw new WardenError('protocol', `the manifest of unknown type mentions over ${MAX_CHILDREN} digests`)
    }
  }
  return { kind: 'unknown', mediaType, ...(mentions.size === 0 ? {} : { mentions: [...mentions] }) }
}

function rewritten(body: Body): string {
  try {
    return JSON.stringify(body)
  } catch (cause) {
    // reading JSON takes any depth, writing it does not
    throw new WardenError('protocol', 'the manifest is nested too deeply', { cause })
  }
}

const READERS: Record<ManifestShape, (body: Body, mediaType: string) => Manifest> = {
  index: readIndex,
  image: readImage,
  blobs: readArtifact,
  schema1: readSchema1,
}

/**
 * Docker 1.10 pushed image configs under the content type its upload happened to have (distribution issue
 * 1621).
 */
function isOldDockerConfig(manifestType: string, configType: string): boolean {
  const accidental = ['', 'application/octet-stream', 'application/json', 'text/html']
  return manifestType.startsWith('application/vnd.docker.') && accidental.includes(configType)
}

interface WireCommon {
  readonly annotations?: unknown
  readonly subject?: z.infer<typeof descriptorSchema> | null | undefined
  readonly artifactType?: unknown
}

function annotated(wire: WireCommon, mediaType: string) {
  return {
    mediaType,
    annotations: readAnnotations(wire.annotations),
    subject: wire.subject ? checked(wire.subject) : null,
    artifactType: readArtifactType(wire.artifactType),
  }
}

/**
 * Descriptors whose sizes also add up to a number that arithmetic is exact for. A blob has one size: listed
 * with two, it would be pulled by one of them and counted by the other.
 */
function readList(
  wire: readonly z.infer<typeof descriptorSchema>[] | null,
  config?: Descriptor,
): Descriptor[] {
  const list = (wire ?? []).map(checked)
  const sizes = new Map<Digest, Bytes>()
  for (const { digest, size } of config ? [config, ...list] : list) {
    const known = sizes.get(digest) ?? size
    if (known !== size) {
      throw new WardenError('integrity', `${digest} is listed with two sizes, ${known} and ${size} bytes`)
    }
    sizes.set(digest, size)
  }
  sumBytes([...(config ? [config.size] : []), ...list.map(({ size }) => size)])
  return list
}
