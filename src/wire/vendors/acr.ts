import { z } from 'zod'

import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import type { Timestamp } from '../../domain/quantities/timestamp.ts'
import { parseJson, readAs } from '../json.ts'
import { digest, optionalDigest, readEntries, tag, timestamp } from './entries.ts'
import type { Entries } from './entries.ts'

/** Dates and lock of a tag or manifest in ACR's own API (`/acr/v1`). */
export interface AcrAttributes {
  readonly created: Timestamp | null
  readonly updated: Timestamp | null
  /** it may be neither deleted nor changed */
  readonly locked: boolean
}

export interface AcrTag extends AcrAttributes {
  readonly name: Tag
  readonly digest: Digest | null
}

export interface AcrManifest extends AcrAttributes {
  readonly digest: Digest
  readonly tagged: boolean
}

const attributes = {
  createdTime: timestamp,
  lastUpdateTime: timestamp,
  // a manifest is only deleted when both are on [Azure/acr-cli]
  changeableAttributes: z
    .object({ deleteEnabled: z.boolean().nullish(), writeEnabled: z.boolean().nullish() })
    .nullish(),
}

const tagSchema = z.lazy(() =>
  z
    .object({ name: tag, digest: optionalDigest, ...attributes })
    .transform((wire): AcrTag => ({ name: wire.name, digest: wire.digest, ...attributesOf(wire) })),
)

const manifestSchema = z.lazy(() =>
  z
    .object({ digest, tags: z.array(z.unknown()).nullish(), ...attributes })
    .transform((wire): AcrManifest => ({
      digest: wire.digest,
      tagged: (wire.tags ?? []).length > 0,
      ...attributesOf(wire),
    })),
)

interface WireAttributes {
  readonly createdTime: Timestamp | null
  readonly lastUpdateTime: Timestamp | null
  readonly changeableAttributes?:
    | {
        readonly deleteEnabled?: boolean | null | undefined
        readonly writeEnabled?: boolean | null | undefined
      }
    | null
    | undefined
}

function attributesOf({ createdTime, lastUpdateTime, changeableAttributes }: WireAttributes): AcrAttributes {
  const { deleteEnabled, writeEnabled } = changeableAttributes ?? {}
  return {
    created: createdTime,
    updated: lastUpdateTime,
    locked: deleteEnabled === false || writeEnabled === false,
  }
}

// an emptied repository has null, or leaves the list out
const listOf = (field: 'tags' | 'manifests') =>
  z.object({ [field]: z.array(z.unknown()).nullish() }).transform((wire) => wire[field] ?? [])

const TAGS = listOf('tags')
const MANIFESTS = listOf('manifests')

/** @throws WardenError of kind `protocol` */
export function parseAcrTags(body: Buffer): Entries<AcrTag> {
  const what = 'the list of tags'
  return readEntries(tagSchema, readAs(TAGS, parseJson(body, what), what))
}

/** @throws WardenError of kind `protocol` */
export function parseAcrManifests(body: Buffer): Entries<AcrManifest> {
  const what = 'the list of manifests'
  return readEntries(manifestSchema, readAs(MANIFESTS, parseJson(body, what), what))
}
