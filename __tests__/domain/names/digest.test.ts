import { describe, expect, it } from 'vitest'
import { WardenError } from '../../../src/domain/errors.ts'
import {
  digestAlgorithm,
  digestHex,
  isDigest,
  parseDigest,
  shortDigest,
} from '../../../src/domain/names/digest.ts'

const hex = '0123456789abcdef'.repeat(4)

describe('parseDigest', () => {
  it.each([
    `sha256:${hex}`,
    `sha512:${hex}${hex}`,
    `blake3:${hex}`,
    'multihash+base58:QmRZxt2b1FVZPNqd8hsiykDL3TdBDeTSPX9Kv46HmX4Gx8',
  ])('reads %j', (text) => {
    expect(parseDigest(text)).toBe(text)
  })

  it.each([
    '',
    'sha256',
    'sha256:',
    hex,
    `sha256:${hex.slice(1)}`,
    `sha256:${hex}0`,
    `sha256:${hex.toUpperCase()}`,
    `SHA256:${hex}`,
    `sha512:${hex}`,
    `sha256:${hex}\n`,
    `sha256:../../${hex.slice(6)}`,
    `x:${'a'.repeat(600)}`,
    'a/b:c',
    'a:b:c',
  ])('refuses %j', (text) => {
    expect(isDigest(text)).toBe(false)
    expect(() => parseDigest(text)).toThrow(WardenError)
  })

  it('gives its parts', () => {
    const digest = parseDigest(`sha256:${hex}`)
    expect([digestAlgorithm(digest), digestHex(digest), shortDigest(digest)]).toEqual([
      'sha256',
      hex,
      '0123456',
    ])
  })
})
