import { WardenError } from '../domain/errors.ts'
import { isObject } from './json.ts'

/** Every field of a manifest, a descriptor and a platform that somebody goes by. */
const FIELDS: ReadonlySet<string> = new Set(
  `schemaVersion mediaType artifactType annotations subject manifests config layers blobs architecture fsLayers history
  signatures digest size data urls platform blobSum v1Compatibility os variant os.version`.split(/\s+/),
)
const FOLDED: ReadonlySet<string> = new Set([...FIELDS].map(fold))

/** Where descriptors are, and what they are made of; deeper there is nothing that anybody reads. */
const PARTS = ['config', 'subject', 'platform', 'layers', 'manifests', 'blobs', 'fsLayers', 'history']
const MAX_DEPTH = 2

/**
 * Refuses fields that are written as ours but for their case. Docker, containerd and Podman read JSON as Go
 * does, without regard to case: a `Size` behind `size` is what they pull, and a small `size` before it all
 * that we would see.
 * @throws WardenError of kind `protocol`
 */
export function rejectMiscasedFields(body: Readonly<Record<string, unknown>>, depth = 0): void {
  for (const key of Object.keys(body)) {
    if (FIELDS.has(key) || !FOLDED.has(fold(key))) continue
    throw new WardenError(
      'protocol',
      `the manifest has a field ${JSON.stringify(key)}, whose case is wrong`,
      {
        advice: 'Clients disagree about such a field; build the image again',
      },
    )
  }
  if (depth === MAX_DEPTH) return
  for (const part of PARTS) {
    const value = body[part]
    for (const item of Array.isArray(value) ? value : [value]) {
      if (isObject(item)) rejectMiscasedFields(item, depth + 1)
    }
  }
}

/** Simple folding as in Go's encoding/json, which also takes the long s and the Kelvin sign for letters. */
function fold(key: string): string {
  return key.toUpperCase().toLowerCase()
}
