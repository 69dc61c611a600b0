import { hash } from 'node:crypto'

import { digestAlgorithm, parseDigest } from '../domain/names/digest.ts'
import type { Digest } from '../domain/names/digest.ts'

/** Registered algorithms that can be computed here; `node:crypto` has no blake3. */
const VERIFIABLE = new Set(['sha256', 'sha512'])

/**
 * False for digests that are only an address: bytes fetched by them cannot be checked, and nobody may claim
 * they were.
 */
export function isVerifiable(digest: Digest): boolean {
  return VERIFIABLE.has(digestAlgorithm(digest))
}

/** The digest of raw bytes, `sha256` unless told otherwise. */
export function contentDigest(bytes: Uint8Array, algorithm: 'sha256' | 'sha512' = 'sha256'): Digest {
  return parseDigest(`${algorithm}:${hash(algorithm, bytes, 'hex')}`)
}

/** Whether bytes have this digest; null when its algorithm cannot be computed. */
export function hasDigest(bytes: Uint8Array, digest: Digest): boolean | null {
  const algorithm = digestAlgorithm(digest)
  if (algorithm !== 'sha256' && algorithm !== 'sha512') return null
  return contentDigest(bytes, algorithm) === digest
}
