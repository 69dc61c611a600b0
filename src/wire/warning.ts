import { sanitiseLine } from '../domain/text.ts'

/** Longest warning that the distribution specification allows. */
const MAX_LENGTH = 4096
const MAX_TEXT = 300
const WARNING = /^299 - "((?:[^"\\]|\\.)*)"$/s

/**
 * The text of a `Warning` header that a registry means for people (distribution-spec "Warnings"): code 299,
 * agent `-`. Null for all others. Shown, never acted upon.
 */
export function parseWarning(header: string): string | null {
  if (header.length > MAX_LENGTH) return null
  const quoted = WARNING.exec(header.trim())?.[1]
  return quoted === undefined ? null : sanitiseLine(quoted.replaceAll(/\\(.)/gs, '$1'), MAX_TEXT) || null
}
