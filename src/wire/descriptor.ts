import { z } from 'zod'

import { WardenError } from '../domain/errors.ts'
import type { Descriptor } from '../domain/manifest/manifest.ts'
import { isDigest } from '../domain/names/digest.ts'
import type { Digest } from '../domain/names/digest.ts'
import { platformOf } from '../domain/names/platform.ts'
import type { Platform } from '../domain/names/platform.ts'
import { isBytes } from '../domain/quantities/bytes.ts'
import type { Bytes } from '../domain/quantities/bytes.ts'
import { sanitiseLine } from '../domain/text.ts'
import { hasDigest } from './content-digest.ts'
import { isObject } from './json.ts'

/** Longest media type that RFC 6838 allows. */
const MAX_MEDIA_TYPE = 255

/** A digest, checked before it can become part of a URL (containers/image CVE-2024-3727). */
export const digestSchema = z.custom<Digest>(
  (value) => typeof value === 'string' && isDigest(value),
  'must be a digest (sha256:<64 hex>)',
)

/** A size in bytes; a missing one is an error, since a guess would be a wrong sum. */
const sizeSchema = z.custom<Bytes>(
  (value) => typeof value === 'number' && isBytes(value),
  'must be a whole number of bytes, zero or more',
)

/** A media type as text: never one of a list, since the specification allows any. */
const mediaTypeSchema = z
  .string()
  .nullish()
  .transform((text) => sanitiseLine(text ?? '', MAX_MEDIA_TYPE))

/**
 * Shared by all that have none: nearly every descriptor, and an empty Map each would be 40 % of a manifest's
 * memory.
 */
const NO_ANNOTATIONS: ReadonlyMap<string, string> = new Map()

/**
 * Annotations as a Map, since their keys are chosen outside (`__proto__`); values that are not strings are
 * dropped.
 */
export const annotationsSchema = z
  .unknown()
  .optional()
  .transform((value): ReadonlyMap<string, string> => {
    if (!isObject(value)) return NO_ANNOTATIONS
    return new Map(
      Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    )
  })

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

/**
 * Descriptor of the image specification (descriptor.md); `urls` are dropped here, so that nothing can request
 * them.
 */
export const descriptorSchema = z.lazy(() =>
  z
    .object({
      mediaType: mediaTypeSchema,
      digest: digestSchema,
      size: sizeSchema,
      platform: platformSchema.nullish().catch(null),
      artifactType: z.string().nullish().catch(null),
      annotations: annotationsSchema,
      data: z.string().nullish().catch(null),
    })
    .transform(({ data, ...wire }): Descriptor & { readonly data: string | null } => ({
      ...wire,
      platform: wire.platform ?? null,
      artifactType: wire.artifactType ? sanitiseLine(wire.artifactType, MAX_MEDIA_TYPE) : null,
      data: data ?? null,
    })),
)

/**
 * Drops the embedded content of a descriptor after checking that it is what the descriptor names.
 * @throws WardenError of kind `integrity` when length or digest differ.
 */
export function checked({ data, ...descriptor }: z.infer<typeof descriptorSchema>): Descriptor {
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
