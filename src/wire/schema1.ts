import { z } from 'zod'

import { WardenError } from '../domain/errors.ts'
import { cleanInstruction } from '../domain/manifest/history.ts'
import type { Schema1Layer, Schema1Manifest } from '../domain/manifest/manifest.ts'
import { sanitiseLine } from '../domain/text.ts'
import { digestSchema } from './descriptor.ts'
import { isObject, listOf, readAs } from './json.ts'

/** Most layers; the size of each costs a request. */
const MAX_LAYERS = 1000

const manifestSchema = z.lazy(() =>
  z.object({
    architecture: z.string().nullish().catch(null),
    fsLayers: listOf(z.object({ blobSum: digestSchema }), MAX_LAYERS),
    history: listOf(z.object({ v1Compatibility: z.string().nullish().catch(null) }), MAX_LAYERS).nullish(),
  }),
)

const commandSchema = z.lazy(() => z.object({ Cmd: listOf(z.string()).nullish() }))
const compatibilitySchema = z.lazy(() =>
  z.object({
    created: z.string().max(64).nullish().catch(null),
    throwaway: z.boolean().nullish().catch(null),
    container_config: commandSchema.nullish().catch(null),
  }),
)

/**
 * Reads an unsigned image manifest v2 schema 1: newest layer first on the wire, oldest first here. It names
 * no sizes.
 */
export function readSchema1(body: Readonly<Record<string, unknown>>, mediaType: string): Schema1Manifest {
  const wire = readAs(manifestSchema, body, 'the manifest')
  const history = (wire.history ?? []).map((entry) => compatibility(entry.v1Compatibility ?? ''))
  const layers = wire.fsLayers.map(({ blobSum }, position): Schema1Layer => {
    const entry = history[position]
    const command = entry?.container_config?.Cmd?.join(' ') ?? null
    return {
      digest: blobSum,
      throwaway: entry?.throwaway === true,
      createdBy: command === null ? null : cleanInstruction(command),
    }
  })
  return {
    kind: 'schema1',
    mediaType,
    signed: false,
    architecture: sanitiseLine(wire.architecture ?? '', 64) || 'unknown',
    layers: layers.reverse(),
    created: history[0]?.created ?? null,
  }
}

/** True when the body carries signatures, whatever its type says. */
export function isSigned(body: Readonly<Record<string, unknown>>): boolean {
  return Array.isArray(body['signatures']) && body['signatures'].length > 0
}

/**
 * The bytes that the digest of a signed manifest covers: the document without its signatures, as the
 * protected header of the first signature describes it (`formatLength` leading bytes, then `formatTail`).
 * @throws WardenError of kind `integrity` when the header does not describe these bytes.
 */
export function signedPayload(bytes: Buffer, body: Readonly<Record<string, unknown>>): Buffer {
  const signatures = Array.isArray(body['signatures']) ? body['signatures'] : []
  const first: unknown = signatures[0]
  const header = isObject(first) ? decodeHeader(first['protected']) : null
  if (header === null || header.formatLength > bytes.length) {
    throw new WardenError(
      'integrity',
      'the signed manifest (schema 1) has a signature that does not describe it',
    )
  }
  const tail = Buffer.from(header.formatTail, 'base64url')
  return Buffer.concat([bytes.subarray(0, header.formatLength), tail])
}

const headerSchema = z.lazy(() =>
  z.object({
    formatLength: z.number().int().nonnegative(),
    formatTail: z.string().max(4096),
  }),
)

function decodeHeader(text: unknown): z.infer<typeof headerSchema> | null {
  if (typeof text !== 'string') return null
  return parseEmbedded(Buffer.from(text, 'base64url').toString('utf8'), headerSchema)
}

function compatibility(text: string): z.infer<typeof compatibilitySchema> | null {
  return parseEmbedded(text, compatibilitySchema)
}

/**
 * JSON inside a string of JSON: unreadable means that nothing is known, since only names and dates come from
 * it.
 */
function parseEmbedded<T>(text: string, schema: z.ZodType<T>): T | null {
  try {
    return schema.safeParse(JSON.parse(text)).data ?? null
  } catch {
    return null
  }
}
