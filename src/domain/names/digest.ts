import { WardenError, shorten } from '../errors.ts'

/** A content digest, `algorithm:encoded`, validated; safe to put into a URL path. */
export type Digest = string & { readonly __brand: 'Digest' }

const GRAMMAR = /^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[A-Za-z0-9=_-]+$/
/** Nearly all there are, and told at once. */
const SHA256 = /^sha256:[a-f0-9]{64}$/
const MAX_LENGTH = 512
const HEX_LENGTHS = new Map([
  ['sha256', 64],
  ['sha512', 128],
  ['blake3', 64],
])

/**
 * Parses a digest (image-spec descriptor.md, "Digests"). Registered algorithms must have lower-case hex of
 * the right length; others are accepted as opaque addresses that are never claimed to be verified.
 * @throws WardenError of kind `integrity` — an unchecked digest in a URL changes the endpoint that is asked.
 */
export function parseDigest(text: string): Digest {
  if (!isDigest(text)) {
    throw new WardenError(
      'integrity',
      `${JSON.stringify(shorten(text, 100))} is not a digest (sha256:<64 hex>)`,
    )
  }
  return text
}

/** Whether `parseDigest` takes it. */
export function isDigest(text: string): text is Digest {
  if (SHA256.test(text)) return true
  if (text.length > MAX_LENGTH || !GRAMMAR.test(text)) return false
  const [algorithm = '', encoded = ''] = text.split(':')
  const hexLength = HEX_LENGTHS.get(algorithm)
  return hexLength === undefined || (encoded.length === hexLength && /^[a-f0-9]+$/.test(encoded))
}

/** The algorithm before the colon, e.g. `sha256`. */
export function digestAlgorithm(digest: Digest): string {
  return digest.slice(0, digest.indexOf(':'))
}

/** The encoded part after the colon. */
export function digestHex(digest: Digest): string {
  return digest.slice(digest.indexOf(':') + 1)
}

/** The first seven characters of the encoded part, for people. */
export function shortDigest(digest: Digest): string {
  return digestHex(digest).slice(0, 7)
}
