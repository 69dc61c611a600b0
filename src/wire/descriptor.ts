import { z } from 'zod'

import { WardenError } from '../domain/errors.ts'
import type { Descriptor } from '../domain/manifest/manifest.ts'
import { isDigest } from '../domain/names/digest.ts'
import type { Digest } from '../domain/names/digest.ts'
import { platformOf } from '../domain/names/platform.ts'
import type { Platform } from '../domain/names/platform.ts'
import { isBytes } from '../domain/quantities/bytes.ts'
import { sanitiseLine } from '../domain/text.ts'
import { hasDigest } from './content-digest.ts'
import { isObject } from './json.ts'

/** Longest media type that RFC 6838 allows. */
const MAX_MEDIA_TYPE = 255

const NOT_A_DIGEST = 'must be a digest (sha256:<64 hex>)'
const NOT_A_SIZE = 'must be a whole number of bytes, zero or more'

/** A digest, checked before it can become part of a URL (containers/image CVE-2024-3727). */
export const digestSchema = z.custom<Digest>(
  (value) => typeof value === 'string' && isDigest(value),
  NOT_A_DIGEST,
)

/**
 * Shared by all that have none: nearly every descriptor, and an empty Map each would be 40 % of a manifest's
 * memory.
 */
const NO_ANNOTATIONS: ReadonlyMap<string, string> = new Map()

/**
 * Annotations as a Map, since their keys are chosen outside (`__proto__`); values that are not strings are
 * dropped.
 */
export function readAnnotations(value: unknown): ReadonlyMap<string, string> {
  if (!isObject(value)) return NO_ANNOTATIONS
  return new Map(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  )
}

const name = z.string().nullish()

/**
 * Without an architecture only the config can tell; a claim that is not a platform at all is the same as
 * none.
 */
const platformSchema = z.lazy(() =>
  z
    .object({ os: name, architecture: name, variant: name, 'os.version': name })
    .transform((wire): Platform | null =>
      wire.architecture ? platformOf({ ...wire, osVersion: wire['os.version'] }) : null,
    ),
)

interface WireDescriptor {
  readonly descriptor: Descriptor
  /** the content itself in base64, where it is embedded */
  readonly data: string | null
}

const anything = z.unknown().optional()

/**
 * Descriptor of the image specification (descriptor.md); `urls` are dropped here, so that nothing can request
 * them. A media type is text, never one of a list, since the specification allows any. One step reads all
 * that plain types do not say: a repository has tens of thousands of descriptors, and a nested schema is paid
 * for with each of them.
 */
export const descriptorSchema = z.lazy(() =>
  z
    .object({
      mediaType: z.string().nullish(),
      digest: anything,
      size: anything,
      platform: anything,
      artifactType: anything,
      annotations: anything,
      data: anything,
    })
    .transform((wire, context): WireDescriptor => {
      const { digest, size, data } = wire
      if (typeof digest !== 'string' || !isDigest(digest)) return refuse(context, 'digest', NOT_A_DIGEST)
      // a missing one is an error too, since a guess would be a wrong sum
      if (typeof size !== 'number' || !isBytes(size)) return refuse(context, 'size', NOT_A_SIZE)
      const descriptor = {
        mediaType: sanitiseLine(wire.mediaType ?? '', MAX_MEDIA_TYPE),
        digest,
        size,
        platform: readPlatform(wire.platform),
        artifactType: readArtifactType(wire.artifactType),
        annotations: readAnnotations(wire.annotations),
      }
      return { descriptor, data: typeof data === 'string' ? data : null }
    }),
)

function refuse(context: z.RefinementCtx, field: string, message: string): never {
  context.addIssue({ code: 'custom', path: [field], message })
  return z.NEVER
}

function readPlatform(value: unknown): Platform | null {
  return value === undefined || value === null ? null : (platformSchema.safeParse(value).data ?? null)
}

/** Of a manifest or a descriptor; null where it names none. */
export function readArtifactType(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? sanitiseLine(value, MAX_MEDIA_TYPE) : null
}

/**
 * Drops the embedded content of a descriptor after checking that it is what the descriptor names.
 * @throws WardenError of kind `integrity` when length or digest differ.
 */
export function checked({ data, descriptor }: WireDescriptor): Descriptor {
  if (data === null) return descriptor
  const content = Buffer.from(data, 'base64')
  if (content.length !== descriptor.size || hasDigest(content, descriptor.digest) === false) {
    throw new WardenError(
      'integrity',
      `the content embedded for ${descriptor.digest} does not match that digest`,
    )
  }
  return descriptor
}
