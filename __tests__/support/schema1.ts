import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import { z } from 'zod'
import { blob, sha256, type BuiltBlob, type BuiltLayer } from './blobs.ts'
import { assemble, CREATED, measured, type BuiltImage } from './images.ts'

export const SCHEMA1_SIGNED = 'application/vnd.docker.distribution.manifest.v1+prettyjws'

/** The empty gzip layer that Docker used wherever an instruction changed no file. */
const EMPTY: BuiltLayer = {
  ...blob(Buffer.from('H4sIAAAJbogA/2IYBaNgFIxYAAgAAP//Lq+17wAEAAA=', 'base64'), 'application/octet-stream'),
  compression: 'gzip',
  diffId: sha256(Buffer.alloc(1024)),
  createdBy: null,
  foreign: false,
}

export interface Schema1Options {
  readonly name: string
  readonly tag: string
  /** adds a `throwaway` entry for a CMD on top, as Docker did; default true */
  readonly throwaway?: boolean
}

/**
 * A Docker image manifest v2 schema 1, signed with a fresh ES256 key (distribution spec/manifest-v2-1.md).
 * Its digest covers the payload without the signatures, so `manifest.digest` is not the SHA-256 of
 * `manifest.bytes`; registries sign again when they serve it, so the bytes read back differ while the digest
 * holds.
 */
export function schema1(layers: readonly BuiltLayer[], options: Schema1Options): BuiltImage {
  const command = { ...EMPTY, createdBy: '/bin/sh -c #(nop) CMD ["/app"]' }
  const stack = options.throwaway === false ? layers : [...layers, command]
  const ids = stack.map(({ digest, createdBy }, position) => hash(`${position} ${digest} ${createdBy}`))
  const history = stack.map((each, position) => ({
    v1Compatibility: JSON.stringify({
      id: ids[position],
      ...(position > 0 && { parent: ids[position - 1] }),
      created: CREATED,
      container_config: { Cmd: [each.createdBy ?? ''] },
      ...(position === stack.length - 1 && { architecture: 'amd64', os: 'linux' }),
      ...(each === command && { throwaway: true }),
    }),
  }))
  const payload = {
    schemaVersion: 1,
    name: options.name,
    tag: options.tag,
    architecture: 'amd64',
    // newest first
    fsLayers: stack.map(({ digest }) => ({ blobSum: digest })).reverse(),
    history: history.reverse(),
  }
  const manifest = prettyJws(JSON.stringify(payload, null, 3))
  return assemble({
    manifest,
    blobs: stack,
    descriptor: { mediaType: SCHEMA1_SIGNED, digest: manifest.digest, size: manifest.bytes.length },
    platforms: [measured('linux/amd64', manifest, null, stack)],
  })
}

const Signed = z.object({ signatures: z.array(z.object({ protected: z.string() })).min(1) })
const Protected = z.object({ formatLength: z.number(), formatTail: z.string() })

/** The bytes a schema 1 digest covers, cut out of a signed manifest as its own protected header says. */
export function schema1Payload(signed: Buffer): Buffer {
  const { signatures } = Signed.parse(JSON.parse(signed.toString()))
  const header = Protected.parse(JSON.parse(Buffer.from(signatures[0]!.protected, 'base64url').toString()))
  return Buffer.concat([signed.subarray(0, header.formatLength), Buffer.from(header.formatTail, 'base64url')])
}

/** Puts a JSON Web Signature inside the JSON it signs, the way libtrust does. */
function prettyJws(payload: string): BuiltBlob {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const tail = '\n}'
  const body = payload.slice(0, -tail.length)
  const protectedHeader = base64url(
    JSON.stringify({
      formatLength: Buffer.byteLength(body),
      formatTail: base64url(tail),
      time: CREATED,
    }),
  )
  const signature = sign('sha256', Buffer.from(`${protectedHeader}.${base64url(payload)}`), {
    key: privateKey,
    dsaEncoding: 'ieee-p1363',
  })
  const { kty, crv, x, y } = publicKey.export({ format: 'jwk' })
  const signatures = [
    {
      header: { jwk: { crv, kid: libtrustKeyId(publicKey), kty, x, y }, alg: 'ES256' },
      signature: signature.toString('base64url'),
      protected: protectedHeader,
    },
  ]
  const block = JSON.stringify(signatures, null, 3).replaceAll('\n', '\n   ')
  const bytes = Buffer.from(`${body},\n   "signatures": ${block}${tail}`)
  return { digest: sha256(Buffer.from(payload)), bytes, mediaType: SCHEMA1_SIGNED }
}

/** libtrust's name for a public key: 240 bits of its SHA-256 in base32, in groups of four. */
export function libtrustKeyId(key: KeyObject): string {
  const der = key.export({ type: 'spki', format: 'der' })
  const bits = [...createHash('sha256').update(der).digest().subarray(0, 30)]
    .map((byte) => byte.toString(2).padStart(8, '0'))
    .join('')
  const letters = bits.replaceAll(
    /[01]{5}/g,
    (five) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[Number(`0b${five}`)]!,
  )
  return letters.replaceAll(/.{4}(?=.)/g, '$&:')
}

function base64url(text: string): string {
  return Buffer.from(text).toString('base64url')
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
