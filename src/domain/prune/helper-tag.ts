import { digestAlgorithm, digestHex, isDigest } from '../names/digest.ts'
import type { Digest } from '../names/digest.ts'

/**
 * `sha256-<hex>` is the referrers index of distribution-spec ("Referrers Tag Schema"), with `.sig`, `.att` or
 * `.sbom` behind it a cosign artifact. Other suffixes are of tools that copy the scheme: they, too, belong to
 * their subject.
 */
const SHAPE = /^([a-z0-9]+-[a-f0-9]{64})(?:\.[A-Za-z0-9._-]+)?$/
const ALGORITHMS = new Set(['sha256', 'sha512', 'blake3'])
const MAX_ENCODED = 64

/**
 * What names the subject of a helper tag, as far as a tag can hold it: `subjectKey` of the subject; null: no
 * helper.
 */
export function helperKey(tag: string): string | null {
  const key = SHAPE.exec(tag)?.[1]
  return key !== undefined && ALGORITHMS.has(key.slice(0, key.indexOf('-'))) ? key : null
}

/** A digest as helper tags write it, the encoded part cut to 64 characters. */
export function subjectKey(digest: Digest): string {
  return `${digestAlgorithm(digest)}-${digestHex(digest).slice(0, MAX_ENCODED)}`
}

/** The digest that a key spells out; null where it was cut (sha512). */
export function digestOfKey(key: string): Digest | null {
  const digest = key.replace('-', ':')
  return isDigest(digest) ? digest : null
}
