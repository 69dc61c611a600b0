import { createCipheriv, createHash } from 'node:crypto'
import { crc32, deflateRawSync, zstdCompressSync } from 'node:zlib'
import { parseDigest, type Digest } from '../../src/domain/names/digest.ts'

/** Bytes with the address a registry stores them under. */
export interface BuiltBlob {
  readonly digest: Digest
  readonly bytes: Buffer
  readonly mediaType: string
}

export type Compression = 'gzip' | 'zstd' | 'none'

/** A layer of an exact stored size; its content is a real tar archive, so that other tools can convert it. */
export interface BuiltLayer extends BuiltBlob {
  readonly compression: Compression
  /** digest of the uncompressed archive, for `rootfs.diff_ids` */
  readonly diffId: Digest
  /** the instruction the image's history names; null leaves the entry without `created_by` */
  readonly createdBy: string | null
  /** counted in a pull, never pushed: its bytes are nowhere in the registry */
  readonly foreign: boolean
  /** of its descriptor */
  readonly annotations?: Readonly<Record<string, string>>
}

export function sha256(bytes: Buffer): Digest {
  return parseDigest(`sha256:${createHash('sha256').update(bytes).digest('hex')}`)
}

export function blob(bytes: Buffer, mediaType: string): BuiltBlob {
  return { digest: sha256(bytes), bytes, mediaType }
}

/** Bytes that do not compress, the same for the same seed on every machine. */
export function noise(seed: string, length: number): Buffer {
  const key = createHash('sha256').update(seed).digest().subarray(0, 16)
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(length))
}

export interface LayerOptions {
  readonly compression?: Compression
  readonly createdBy?: string | null
  readonly foreign?: boolean
}

/**
 * A layer of exactly `size` stored bytes. gzip takes any size from 64, zstd from 820, `none` multiples of 512
 * from 2,048.
 */
export function layer(seed: string, size: number, options: LayerOptions = {}): BuiltLayer {
  const compression = options.compression ?? 'gzip'
  const [tar, bytes] = { gzip: gzipOf, zstd: zstdOf, none: plain }[compression](seed, size)
  if (bytes.length !== size) throw new Error(`layer ${seed}: ${compression} cannot be ${size} bytes`)
  return {
    ...blob(bytes, 'application/octet-stream'),
    compression,
    diffId: sha256(tar),
    createdBy: options.createdBy === undefined ? `COPY ${seed} / # buildkit` : options.createdBy,
    foreign: options.foreign ?? false,
  }
}

const BLOCK = 512
/** header of the one file, and the two empty blocks that end an archive */
const TAR_OVERHEAD = 3 * BLOCK

function plain(seed: string, size: number): [tar: Buffer, stored: Buffer] {
  const tar = tarOf(seed, size - TAR_OVERHEAD)
  return [tar, tar]
}

/** gzip of stored (not deflated) blocks, so that the size can be computed instead of searched. */
function gzipOf(seed: string, size: number): [tar: Buffer, stored: Buffer] {
  const frame = 18
  const chunk = 65_535
  const chunks = Math.ceil((size - frame) / (chunk + 5))
  const room = size - frame - 5 * chunks - TAR_OVERHEAD
  if (room < BLOCK) return tinyGzip(seed, size)
  const length = Math.floor(room / BLOCK) * BLOCK
  const tar = tarOf(seed, length)
  const stored: Buffer[] = []
  for (let index = 0; index < chunks; index++) {
    const part = tar.subarray(index * chunk, (index + 1) * chunk)
    const head = Buffer.alloc(5)
    head.writeUInt8(index === chunks - 1 ? 1 : 0)
    head.writeUInt16LE(part.length, 1)
    head.writeUInt16LE(~part.length & 0xffff, 3)
    stored.push(head, part)
  }
  return [tar, gzipFrame(tar, Buffer.concat(stored), comment(room - length))]
}

/** Too small for a file: an empty archive, with the seed and the padding in gzip's extra field. */
function tinyGzip(seed: string, size: number): [tar: Buffer, stored: Buffer] {
  const tar = Buffer.alloc(2 * BLOCK)
  const deflated = deflateRawSync(tar)
  const length = Math.max(0, size - 18 - deflated.length - 2)
  const extra = Buffer.alloc(2 + length)
  extra.writeUInt16LE(length)
  noise(seed, length).copy(extra, 2)
  return [tar, gzipFrame(tar, deflated, { flag: 0x04, field: extra })]
}

interface GzipField {
  readonly flag: number
  readonly field: Buffer
}

/** Go refuses comments over 512 bytes; the padding is always less than one tar block. */
function comment(length: number): GzipField {
  if (length === 0) return { flag: 0, field: Buffer.alloc(0) }
  return { flag: 0x10, field: Buffer.from(`${' '.repeat(length - 1)}\0`) }
}

function gzipFrame(content: Buffer, deflated: Buffer, { flag, field }: GzipField): Buffer {
  const trailer = Buffer.alloc(8)
  trailer.writeUInt32LE(crc32(content))
  trailer.writeUInt32LE(content.length, 4)
  return Buffer.concat([Buffer.from([0x1f, 0x8b, 8, flag, 0, 0, 0, 0, 0, 255]), field, deflated, trailer])
}

/** zstd, filled up with a skippable frame (RFC 8878, 3.1.2). */
function zstdOf(seed: string, size: number): [tar: Buffer, stored: Buffer] {
  const tar = tarOf(seed, Math.floor((size - 300 - size / 1000) / BLOCK) * BLOCK)
  const compressed = zstdCompressSync(tar)
  const skippable = Buffer.alloc(Math.max(8, size - compressed.length))
  skippable.writeUInt32LE(0x184d2a50)
  skippable.writeUInt32LE(skippable.length - 8, 4)
  return [tar, Buffer.concat([compressed, skippable])]
}

/** A ustar archive with one file of noise. */
function tarOf(seed: string, length: number): Buffer {
  if (length < BLOCK || length % BLOCK !== 0) throw new Error(`layer ${seed}: no archive fits this size`)
  const header = Buffer.alloc(BLOCK)
  const fields: readonly [offset: number, text: string][] = [
    [0, `usr/share/${createHash('sha256').update(seed).digest('hex')}`],
    [100, '0000644\0'],
    [108, '0000000\0'],
    [116, '0000000\0'],
    [124, `${length.toString(8).padStart(11, '0')}\0`],
    [136, '00000000000\0'],
    [148, '        '],
    [156, '0'],
    [257, 'ustar\0'],
    [263, '00'],
  ]
  for (const [offset, text] of fields) header.write(text, offset, 'latin1')
  const checksum = header.reduce((sum, byte) => sum + byte, 0)
  header.write(`${checksum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return Buffer.concat([header, noise(seed, length), Buffer.alloc(2 * BLOCK)])
}
