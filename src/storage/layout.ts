import { digestAlgorithm, digestHex, isDigest } from '../domain/names/digest.ts'
import type { Digest } from '../domain/names/digest.ts'
import type { Tag } from '../domain/names/tag.ts'

/*
 * Where the distribution registry keeps things, the same in 2.x and 3.x [distribution
 * registry/storage/paths.go]. A link is a file that holds a digest.
 */

export const REGISTRY = 'docker/registry/v2'
export const REPOSITORIES = `${REGISTRY}/repositories`
export const BLOBS = `${REGISTRY}/blobs`

export function repositoryFolder(path: string): string {
  return `${REPOSITORIES}/${path}`
}

export function manifestsFolder(path: string): string {
  return `${repositoryFolder(path)}/_manifests`
}

export function revisionsFolder(path: string): string {
  return `${manifestsFolder(path)}/revisions`
}

export function revisionFolder(path: string, digest: Digest): string {
  return `${revisionsFolder(path)}/${nested(digest)}`
}

export function tagsFolder(path: string): string {
  return `${manifestsFolder(path)}/tags`
}

export function tagFolder(path: string, tag: Tag | string): string {
  return `${tagsFolder(path)}/${tag}`
}

/** What the tag names now. */
export function tagLink(path: string, tag: Tag | string): string {
  return `${tagFolder(path, tag)}/current/link`
}

/** The link of one manifest that the tag names, or once named. */
export function tagIndexLink(path: string, tag: Tag, digest: Digest): string {
  return `${tagFolder(path, tag)}/index/${nested(digest)}/link`
}

export function layersFolder(path: string): string {
  return `${repositoryFolder(path)}/_layers`
}

export function layerFolder(path: string, digest: Digest): string {
  return `${layersFolder(path)}/${nested(digest)}`
}

export function uploadsFolder(path: string): string {
  return `${repositoryFolder(path)}/_uploads`
}

export function blobFolder(digest: Digest): string {
  const hex = digestHex(digest)
  return `${BLOBS}/${digestAlgorithm(digest)}/${hex.slice(0, 2)}/${hex}`
}

export function blobFile(digest: Digest): string {
  return `${blobFolder(digest)}/data`
}

/**
 * Where this action puts what it is removing, so that it is gone in one step and a later run can finish. The
 * registry looks at `tags` and `revisions` in that folder, at nothing else.
 */
export function removedFolder(path: string): string {
  return `${manifestsFolder(path)}/.registry-warden-removed`
}

/** The name of a removed revision; a removed tag's begins otherwise. */
export function removedRevision(path: string, digest: Digest): string {
  return `${removedFolder(path)}/${REVISION_PREFIX}${digestAlgorithm(digest)}-${digestHex(digest)}`
}

export function removedTag(path: string, tag: Tag | string): string {
  return `${removedFolder(path)}/tag-${tag}`
}

const REVISION_PREFIX = 'revision-'

/** The digest of a removed revision by its name; null: something else. */
export function revisionRemovedAs(name: string): Digest | null {
  const [, algorithm, hex] = /^revision-([a-z0-9+._]+)-([A-Za-z0-9=_-]+)$/.exec(name) ?? []
  return algorithm === undefined || hex === undefined ? null : digestOfParts(algorithm, hex)
}

/** A digest out of two folder names; null when they make none. */
export function digestOfParts(algorithm: string, hex: string): Digest | null {
  const digest = `${algorithm}:${hex}`
  return isDigest(digest) && !hex.includes('/') ? digest : null
}

function nested(digest: Digest): string {
  return `${digestAlgorithm(digest)}/${digestHex(digest)}`
}
