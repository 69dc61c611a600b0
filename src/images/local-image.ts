import type { Digest } from '../domain/names/digest.ts'
import type { Tag } from '../domain/names/tag.ts'
import { isTag } from '../domain/names/tag.ts'
import type { ImageReader } from '../domain/ports.ts'
import { sanitiseLine, someNames } from '../domain/text.ts'

/** An image on this machine. Nothing stays open, so there is nothing to close. */
export interface LocalImage extends ImageReader {
  /** what to ask `manifest` for */
  readonly top: Digest
  /** the tag it was chosen by, else the one it has; null when it has none or several */
  readonly tag: Tag | null
}

/**
 * The tag of a name as tools write it: `v1`, `app:v1`, `docker.io/library/app:v1@sha256:…`; null when it has
 * none.
 */
export function tagOfName(name: string): Tag | null {
  const [reference = ''] = name.split('@', 1)
  const last = reference.slice(reference.lastIndexOf('/') + 1)
  const colon = last.lastIndexOf(':')
  // a bare name is a tag, as the specification has it; a path is a repository without a tag
  const tag = colon === -1 && last !== reference ? '' : last.slice(colon + 1)
  return isTag(tag) ? tag : null
}

/** The distinct tags of these names. */
export function tagsOfNames(names: Iterable<string>): Tag[] {
  return [...new Set([...names].map(tagOfName).filter((tag) => tag !== null))]
}

const MOST_LISTED = 10

/** Names from outside, as they are written into a message. */
export function listNames(names: readonly string[]): string {
  return someNames(
    names.map((name) => sanitiseLine(name, 100)),
    MOST_LISTED,
  )
}
