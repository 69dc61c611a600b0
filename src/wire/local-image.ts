import { z } from 'zod'

import { WardenError } from '../domain/errors.ts'
import type { Digest } from '../domain/names/digest.ts'
import { sanitiseLine } from '../domain/text.ts'
import { digestSchema } from './descriptor.ts'
import { listOf, parseJson, parseJsonObject, readAs } from './json.ts'
import { MAX_LAYERS } from './manifest.ts'

/** Largest `oci-layout` file that is read; the specified one has 30 bytes. */
export const MAX_LAYOUT_BYTES = 64 * 1024
/** Most images of one `docker save`; more than one is refused anyway, but named. */
const MAX_IMAGES = 1000

/**
 * Checks the `oci-layout` file (image-spec image-layout.md).
 * @throws WardenError `protocol` when it is none, or of a version that is not understood
 */
export function checkLayoutVersion(bytes: Buffer): void {
  const version = parseJsonObject(bytes, 'oci-layout')['imageLayoutVersion']
  if (typeof version === 'string' && version.startsWith('1.')) return
  const given = typeof version === 'string' ? sanitiseLine(version, 40) : 'no version'
  throw new WardenError('protocol', `oci-layout has ${JSON.stringify(given)}; 1.0.0 is understood`)
}

/** One image of a `docker save` archive, as its `manifest.json` lists it (docker image spec v1.2). */
export interface SavedImage {
  /** name of the archive member that is the image config */
  readonly config: string
  /** full references, not yet parsed */
  readonly names: readonly string[]
  /** names of the archive members that are the layers, oldest first */
  readonly layers: readonly string[]
}

/** Go writes an empty list as `null`. */
const strings = (most: number) => listOf(z.string(), most).nullish()

const savedImages = z.lazy(() =>
  listOf(
    z.object({ Config: z.string(), RepoTags: strings(MAX_IMAGES), Layers: strings(MAX_LAYERS) }),
    MAX_IMAGES,
  ),
)

/** Reads the `manifest.json` of a `docker save` archive. */
export function parseSavedImages(bytes: Buffer): SavedImage[] {
  const wire = readAs(savedImages, parseJson(bytes, 'manifest.json'), 'manifest.json')
  return wire.map(({ Config, RepoTags, Layers }) => ({
    config: Config,
    names: RepoTags ?? [],
    layers: Layers ?? [],
  }))
}

const rootfs = z.lazy(() =>
  z.object({
    rootfs: z.object({ diff_ids: listOf(digestSchema, MAX_LAYERS).nullish() }).nullish(),
  }),
)

/**
 * The digests of the uncompressed layers as an image config names them, oldest first; empty when it names
 * none.
 */
export function parseDiffIds(config: Buffer): readonly Digest[] {
  return readAs(rootfs, parseJsonObject(config, 'the config'), 'the config').rootfs?.diff_ids ?? []
}
