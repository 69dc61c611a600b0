import { z } from 'zod'

import { WardenError } from '../domain/errors.ts'
import type { Descriptor, ImageConfig } from '../domain/manifest/manifest.ts'
import { platformOf } from '../domain/names/platform.ts'
import { hasDigest } from './content-digest.ts'
import { listOf, parseJsonObject, readAs } from './json.ts'

/** Largest image config that is read; real ones have a few kilobytes. */
export const MAX_CONFIG_BYTES = 4 * 1024 * 1024

/** Most instructions that are read: an image has at most as many layers, and some metadata. */
const MAX_HISTORY = 20_000

const name = z.string().max(128).nullish().catch(null)

const label = z.string().max(2048).nullish().catch(null)
const BASE_NAME = 'org.opencontainers.image.base.name'
const BASE_DIGEST = 'org.opencontainers.image.base.digest'

const configSchema = z.lazy(() =>
  z.object({
    os: name,
    architecture: name,
    variant: name,
    'os.version': name,
    created: z.string().max(64).nullish().catch(null),
    history: listOf(
      z.object({
        created_by: z.string().nullish().catch(null),
        empty_layer: z.boolean().nullish().catch(null),
      }),
      MAX_HISTORY,
    )
      .nullish()
      .catch(null),
    config: z
      .object({
        Labels: z
          .object({ [BASE_NAME]: label, [BASE_DIGEST]: label })
          .nullish()
          .catch(null),
      })
      .nullish()
      .catch(null),
  }),
)

/**
 * Reads an image config (image-spec config.md) after checking that the bytes are what the descriptor names.
 * A field that is missing or wrong is unknown, not an error: only platform, date, instructions and the base
 * image come from here.
 * @throws WardenError `integrity` when size or digest differ, `protocol` when it is too large or no JSON
 * object.
 */
export function parseImageConfig(bytes: Buffer, descriptor: Descriptor): ImageConfig {
  if (bytes.length > MAX_CONFIG_BYTES) {
    throw new WardenError(
      'protocol',
      `the config ${descriptor.digest} is larger than ${MAX_CONFIG_BYTES} bytes`,
    )
  }
  if (bytes.length !== descriptor.size) {
    const sizes = `${bytes.length} bytes instead of ${descriptor.size}`
    throw new WardenError('integrity', `the config ${descriptor.digest} has ${sizes}`)
  }
  if (hasDigest(bytes, descriptor.digest) === false) {
    throw new WardenError('integrity', `the content of config ${descriptor.digest} does not match its digest`)
  }
  const what = `the config ${descriptor.digest}`
  const wire = readAs(configSchema, parseJsonObject(bytes, what), what)
  return {
    platform: platformOf({ ...wire, osVersion: wire['os.version'] }),
    created: wire.created ?? null,
    history: (wire.history ?? []).map((entry) => ({
      createdBy: entry.created_by ?? null,
      emptyLayer: entry.empty_layer === true,
    })),
    labels: namedLabels(wire.config?.Labels ?? {}),
  }
}

function namedLabels(labels: Readonly<Record<string, string | null | undefined>>): Map<string, string> {
  const named = new Map<string, string>()
  for (const [key, value] of Object.entries(labels)) if (typeof value === 'string') named.set(key, value)
  return named
}
