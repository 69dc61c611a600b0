import { WardenError } from '../domain/errors.ts'
import { baseMediaType, manifestShape } from '../domain/manifest/media-type.ts'
import type { ManifestShape } from '../domain/manifest/media-type.ts'
import { sanitiseLine } from '../domain/text.ts'
import { parseJsonObject } from './json.ts'

/** How a manifest is read, and the media type that its content type and its body agree on. */
export interface ManifestType {
  /** null: a type that this action does not understand */
  readonly shape: ManifestShape | null
  readonly mediaType: string
}

type Body = Readonly<Record<string, unknown>>

const MAX_MEDIA_TYPE = 255
/**
 * What each shape is recognised by; a body with fields of two shapes could mean something else to each
 * reader.
 */
const FIELDS: readonly (readonly [ManifestShape, readonly string[]])[] = [
  ['index', ['manifests']],
  ['image', ['config', 'layers']],
  ['schema1', ['fsLayers']],
  ['blobs', ['blobs']],
]

/**
 * Decides what a manifest is: content type if it is one of ours, then the body's `mediaType`, then structure.
 * Other content types say nothing, whatever they are: static file servers and old Artifactory, Nexus and Quay
 * send `text/plain`, `application/json` or `binary/octet-stream`. A body that names a type we do not know is
 * `unknown`, however familiar its fields look.
 * @throws WardenError of kind `protocol` when any of these disagree, or when the body fits two shapes
 * (CVE-2021-41190).
 */
export function decideType(contentType: string | null, body: Body): ManifestType {
  const header = baseMediaType(contentType ?? '')
  const declared = typeof body['mediaType'] === 'string' ? baseMediaType(body['mediaType']) : ''
  const byHeader = manifestShape(header)
  const byBody = manifestShape(declared)
  if (byHeader === null && byBody === null && declared !== '') return unknown(declared)
  if (byHeader !== null && byBody !== null && header !== declared && !isSchema1(byHeader, byBody)) {
    throw new WardenError('protocol', `the manifest was sent as ${header}, but says that it is ${declared}`)
  }
  const shapes = shapesOf(body)
  if (shapes.length > 1) {
    throw new WardenError(
      'protocol',
      `the manifest is ambiguous: it has the fields of ${shapes.join(' and ')}`,
    )
  }
  const [fields = null] = shapes
  const named = byHeader ?? byBody
  // an image read as an artifact would have no `blobs`, and weigh nothing
  if (named !== null && fields !== null && fields !== named) {
    const type = byHeader === null ? declared : header
    throw new WardenError('protocol', `the manifest is a ${type} by name, but has the fields of another type`)
  }
  if (byHeader !== null) return { shape: byHeader, mediaType: header }
  if (byBody !== null) return { shape: byBody, mediaType: declared }
  return byStructure(header, body, fields)
}

/**
 * Whether a manifest says in its own bytes that it is of a type we know, so that no content type can change
 * it.
 */
export function namesManifestType(bytes: Buffer): boolean {
  const declared = parseJsonObject(bytes, 'the manifest')['mediaType']
  return typeof declared === 'string' && manifestShape(baseMediaType(declared)) !== null
}

/**
 * Signed and plain schema 1 have two types for one document; which of them a server sends is not a
 * disagreement.
 */
function isSchema1(...shapes: readonly ManifestShape[]): boolean {
  return shapes.every((shape) => shape === 'schema1')
}

function shapesOf(body: Body): ManifestShape[] {
  const present = ([, fields]: (typeof FIELDS)[number]) =>
    fields.some((field) => (body[field] ?? null) !== null)
  return FIELDS.filter(present).map(([shape]) => shape)
}

/** For OCI manifests from before 1.0.2, which had no `mediaType`, and schema 1, which never has one. */
function byStructure(header: string, body: Body, shape: ManifestShape | null): ManifestType {
  if (shape === 'index') return { shape, mediaType: 'application/vnd.oci.image.index.v1+json' }
  if (shape === 'image' && body['config'] && body['layers']) {
    return { shape, mediaType: 'application/vnd.oci.image.manifest.v1+json' }
  }
  if (shape === 'schema1' && body['schemaVersion'] === 1) {
    const encoding = body['signatures'] ? 'prettyjws' : 'json'
    return { shape, mediaType: `application/vnd.docker.distribution.manifest.v1+${encoding}` }
  }
  if (typeof body['schemaVersion'] === 'number') return unknown(header)
  throw new WardenError(
    'protocol',
    'the answer is JSON, but not a manifest: it has neither a media type nor a schema version',
  )
}

function unknown(mediaType: string): ManifestType {
  return { shape: null, mediaType: sanitiseLine(mediaType, MAX_MEDIA_TYPE) || 'unknown' }
}
