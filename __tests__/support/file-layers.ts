import { gzipSync, zstdCompressSync } from 'node:zlib'
import { header, pax, tar } from '../images/archives.ts'
import type { Member } from '../images/archives.ts'
import { blob, noise, sha256, type BuiltLayer, type Compression } from './blobs.ts'

/** How a layer is stored: eStargz is a kind of gzip, zstd:chunked a kind of zstd. */
export type Storage = Compression | 'estargz' | 'zstd:chunked'

/** A layer with these members. */
export function fileLayer(
  members: readonly Member[],
  createdBy: string,
  storage: Storage = 'gzip',
): BuiltLayer {
  const archive = tar(members.flatMap(withLongName))
  const { bytes, compression, annotations } = STORED[storage](archive, members)
  return {
    ...blob(bytes, 'application/octet-stream'),
    compression,
    diffId: sha256(archive),
    createdBy,
    foreign: false,
    ...(annotations && { annotations }),
  }
}

/** A file of so many bytes that do not compress. */
export function noiseFile(name: string, length: number): Member {
  return { name, content: noise(name, length) }
}

function withLongName(member: Member): Member[] {
  return member.name.length <= 100 ? [member] : [pax({ path: member.name }), { ...member, name: 'long' }]
}

interface Stored {
  readonly bytes: Buffer
  readonly compression: Compression
  readonly annotations?: Readonly<Record<string, string>>
}

const STORED: Record<Storage, (archive: Buffer, members: readonly Member[]) => Stored> = {
  none: (archive) => ({ bytes: archive, compression: 'none' }),
  gzip: (archive) => ({ bytes: gzipSync(archive), compression: 'gzip' }),
  zstd: (archive) => ({ bytes: zstdCompressSync(archive), compression: 'zstd' }),
  estargz: (_, members) => estargz(members),
  'zstd:chunked': (_, members) => zstdChunked(members),
}

interface TocLine {
  readonly name: string
  readonly type: string
  readonly size?: number
  readonly linkName?: string
  readonly offset?: number
  readonly digest?: string
}

const TYPES: Record<string, string> = { '0': 'reg', '1': 'hardlink', '2': 'symlink', '5': 'dir' }

/** Members one by one, headers and contents packed apart, as both formats have them. */
class SplitArchive {
  readonly parts: Buffer[] = []
  readonly lines: TocLine[] = []
  #plain: Buffer[] = []
  #length = 0
  readonly #pack: (bytes: Buffer) => Buffer

  constructor(pack: (bytes: Buffer) => Buffer) {
    this.#pack = pack
  }

  get length(): number {
    return this.#length
  }

  add(member: Member): void {
    const content = Buffer.from(member.content ?? '')
    this.#plain.push(header({ size: content.length, ...member }))
    const { name, target, type = '0' } = member
    const line = { name, type: TYPES[type] ?? 'reg', ...(target && { linkName: target }) }
    if (content.length === 0) {
      this.lines.push(line)
      return
    }
    this.flush()
    this.lines.push({ ...line, size: content.length, offset: this.#length, digest: sha256(content) })
    this.put(this.#pack(content))
    this.#plain.push(Buffer.alloc((512 - (content.length % 512)) % 512))
  }

  flush(): void {
    const plain = Buffer.concat(this.#plain)
    this.#plain = []
    if (plain.length > 0) this.put(this.#pack(plain))
  }

  put(bytes: Buffer): void {
    this.parts.push(bytes)
    this.#length += bytes.length
  }
}

/** stargz-snapshotter docs/estargz.md: a table as the last member, a footer with its offset. */
function estargz(members: readonly Member[]): Stored {
  const archive = new SplitArchive((bytes) => gzipSync(bytes))
  for (const member of members) archive.add(member)
  archive.flush()
  const toc = Buffer.from(JSON.stringify({ version: 1, entries: archive.lines }))
  const offset = archive.length
  archive.put(gzipSync(tar([{ name: 'stargz.index.json', content: toc }])))
  const extra = Buffer.from(`SG\x16\0${offset.toString(16).padStart(16, '0')}STARGZ`, 'latin1')
  const start = Buffer.from([0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 255, extra.length, 0])
  archive.put(Buffer.concat([start, extra, Buffer.from([1, 0, 0, 0xff, 0xff]), Buffer.alloc(8)]))
  return {
    bytes: Buffer.concat(archive.parts),
    compression: 'gzip',
    annotations: { 'containerd.io/snapshot/stargz/toc.digest': sha256(toc) },
  }
}

/**
 * containers/storage pkg/chunked: a table and a footer in frames to be skipped, its position in annotations.
 */
function zstdChunked(members: readonly Member[]): Stored {
  const archive = new SplitArchive((bytes) => zstdCompressSync(bytes))
  for (const member of members) archive.add(member)
  archive.flush()
  archive.put(zstdCompressSync(Buffer.alloc(1024)))
  const toc = Buffer.from(JSON.stringify({ version: 1, entries: archive.lines }))
  const packed = zstdCompressSync(toc)
  const offset = archive.length + 8
  archive.put(skippable(packed))
  const footer = Buffer.alloc(64)
  for (const [at, value] of [offset, packed.length, toc.length, 1].entries()) {
    footer.writeBigUInt64LE(BigInt(value), at * 8)
  }
  footer.write('GNUlInUx', 56, 'latin1')
  archive.put(skippable(footer))
  return {
    bytes: Buffer.concat(archive.parts),
    compression: 'zstd',
    annotations: {
      'io.github.containers.zstd-chunked.manifest-checksum': sha256(packed),
      'io.github.containers.zstd-chunked.manifest-position': `${offset}:${packed.length}:${toc.length}:1`,
    },
  }
}

function skippable(content: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32LE(0x184d2a50)
  head.writeUInt32LE(content.length, 4)
  return Buffer.concat([head, content])
}
