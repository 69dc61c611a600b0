import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { gunzipSync, gzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib'
import { onTestFinished } from 'vitest'
import { digestAlgorithm, digestHex } from '../../src/domain/names/digest.ts'
import type { Digest } from '../../src/domain/names/digest.ts'
import type { BuiltLayer } from '../support/blobs.ts'
import { json } from '../support/images.ts'
import type { BuiltImage, WireDescriptor } from '../support/images.ts'

/** A member of an archive; `type` as in its header. */
export interface Member {
  readonly name: string
  readonly content?: Buffer | string
  readonly type?: string
  readonly target?: string
  /** instead of the length of the content */
  readonly size?: number
}

export type Files = Record<string, Buffer | string>

const BLOCK = 512

/** A tar archive of these members, ended as it should be. */
export function tar(members: readonly Member[] | Files): Buffer {
  return Buffer.concat([...listOf(members).map(member), Buffer.alloc(2 * BLOCK)])
}

function listOf(members: readonly Member[] | Files): readonly Member[] {
  if (Array.isArray(members)) return members
  return Object.entries(members).map(([name, content]) => ({ name, content }))
}

/** One member, its content padded. */
export function member(given: Member): Buffer {
  const content = Buffer.from(given.content ?? '')
  const padding = Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK)
  return Buffer.concat([header({ size: content.length, ...given }), content, padding])
}

/** A header block; sizes from 8 GiB on are written in binary, as GNU tar does. */
export function header({ name, type = '0', target = '', size = 0 }: Member): Buffer {
  const block = Buffer.alloc(BLOCK)
  const octal = `${size.toString(8).padStart(11, '0')}\0`
  const fields: readonly [offset: number, text: string][] = [
    [0, name],
    [100, '0000644\0'],
    [124, octal.length <= 12 ? octal : ''],
    [136, '00000000000\0'],
    [156, type],
    [157, target],
    [257, 'ustar\0'],
    [263, '00'],
  ]
  for (const [offset, text] of fields) block.write(text, offset, 'utf8')
  if (octal.length > 12) {
    block.writeUInt8(0x80, 124)
    block.writeBigUInt64BE(BigInt(size), 128)
  }
  return withChecksum(block)
}

/** The block with the checksum that its other bytes ask for. */
export function withChecksum(block: Buffer): Buffer {
  block.write('        ', 148, 'latin1')
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return block
}

/** A pax header with these records, which describe the next member. */
export function pax(records: Record<string, string>, type = 'x'): Member {
  const lines = Object.entries(records).map(([key, value]) => {
    const rest = Buffer.byteLength(` ${key}=${value}\n`)
    let length = rest + 1
    while (String(length).length + rest !== length) length += 1
    return `${length} ${key}=${value}\n`
  })
  return { name: 'PaxHeaders/x', type, content: lines.join('') }
}

export const WRAPPINGS = {
  plain: (archive: Buffer): Buffer => archive,
  gzip: (archive: Buffer): Buffer => gzipSync(archive),
  zstd: (archive: Buffer): Buffer => zstdCompressSync(archive),
}

/** An image as one entry of `index.json`. */
export interface Listed {
  readonly image: BuiltImage
  /** the annotations of the entry */
  readonly annotations?: Readonly<Record<string, string>>
}

export const REF_NAME = 'org.opencontainers.image.ref.name'

/** The files of an OCI layout with these images. */
export function layoutFiles(...listed: readonly (Listed | BuiltImage)[]): Files {
  const entries = listed.map((each) => ('image' in each ? each : { image: each }))
  const blobs = entries.flatMap(({ image }) => [...image.manifests, ...image.blobs])
  return {
    'oci-layout': '{"imageLayoutVersion":"1.0.0"}',
    ...Object.fromEntries(blobs.map(({ digest, bytes }) => [blobPath(digest), bytes])),
    'index.json': json({ schemaVersion: 2, manifests: entries.map(entryOf) }),
  }
}

function entryOf({ image: { descriptor }, annotations = {} }: Listed): WireDescriptor {
  const all = { ...descriptor.annotations, ...annotations }
  return { ...descriptor, ...(Object.keys(all).length > 0 && { annotations: all }) }
}

export function blobPath(digest: Digest): string {
  return `blobs/${digestAlgorithm(digest)}/${digestHex(digest)}`
}

/** The layer as `docker save` writes it. */
export function uncompressed(layer: BuiltLayer): Buffer {
  const unpack = { gzip: gunzipSync, zstd: zstdDecompressSync, none: (bytes: Buffer) => bytes }
  return unpack[layer.compression](layer.bytes)
}

/** The config of an image for one platform. */
export function configOf(image: BuiltImage): Buffer {
  const config = image.blobs.find(
    ({ mediaType }) => mediaType.includes('.config.') || mediaType.includes('container.image'),
  )
  if (config === undefined) throw new Error('the image has no config')
  return config.bytes
}

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'images-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** A file with this content that is gone after the test. */
export async function temporaryFile(content: Buffer | string, name = 'image.tar'): Promise<string> {
  const file = join(await temporaryFolder(), name)
  await writeFile(file, content)
  return file
}

/** A folder with these files that is gone after the test. */
export async function folderOf(files: Files): Promise<string> {
  const folder = await temporaryFolder()
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true })
    await writeFile(join(folder, name), content)
  }
  return folder
}
