import { promisify } from 'node:util'
import { gunzip, zstdDecompress } from 'node:zlib'
import { WardenError } from '../domain/errors.ts'
import type { LayerContents } from '../domain/explain/contents.ts'
import type { ByteRange, LayerBlob, LayerStore, ReadingBudget } from '../domain/explain/ports.ts'
import { chunkedPosition, stargzDigest } from '../domain/explain/table-of-contents.ts'
import { parseTarHeader, BLOCK } from '../images/tar-header.ts'
import { contentDigest } from '../wire/content-digest.ts'
import { parseLayerToc } from '../wire/layer-toc.ts'
import { tocContents } from './toc-contents.ts'

const STARGZ_FOOTER = 51
/**
 * Bytes of a table of contents, packed and unpacked: a file has some 300 of them, so there is room for more
 * than the table's reader takes.
 */
const MOST_PACKED = 32 * 1024 * 1024
const MOST_UNPACKED = 64 * 1024 * 1024

/**
 * The contents by the layer's own table, of which a few kilobytes are read and which is checked against the
 * digest that the manifest has of it.
 * @throws WardenError when there is none, or it is not what its digest says; `over-budget` is none
 */
export async function readToc(
  store: LayerStore,
  blob: LayerBlob,
  budget: ReadingBudget,
  room: number,
): Promise<LayerContents | 'over-budget'> {
  const read = async (range: ByteRange): Promise<Buffer | 'over-budget'> =>
    budget.take(range.end - range.start) ? readRange(store, blob, range) : 'over-budget'
  const digest = stargzDigest(blob)
  return digest === undefined ? readChunked(blob, room, read) : readStargz(blob, { digest, room }, read)
}

type ReadRange = (range: ByteRange) => Promise<Buffer | 'over-budget'>

/** eStargz: a footer with the offset of a gzip member, in which a tar archive has one JSON file. */
async function readStargz(
  { size }: LayerBlob,
  { digest, room }: { readonly digest: string; readonly room: number },
  read: ReadRange,
): Promise<LayerContents | 'over-budget'> {
  if (size < STARGZ_FOOTER) throw noToc()
  const footer = await read({ start: size - STARGZ_FOOTER, end: size })
  if (footer === 'over-budget') return footer
  const hex = /^([0-9a-f]{16})STARGZ$/.exec(footer.toString('latin1', 16, 38))?.[1]
  const start = Number.parseInt(hex ?? '', 16)
  if (!(start < size - STARGZ_FOOTER) || size - start > MOST_PACKED) throw noToc()
  const packed = await read({ start, end: size - STARGZ_FOOTER })
  if (packed === 'over-budget') return packed
  const tar = await unpack(() => promisify(gunzip)(packed, { maxOutputLength: MOST_UNPACKED }))
  const header = parseTarHeader(tar.subarray(0, BLOCK))
  const json = tar.subarray(BLOCK, BLOCK + (header?.size ?? 0))
  if (contentDigest(json) !== digest) throw wrongToc()
  return tocContents(parseLayerToc(json), start, room, (builder) => {
    // the table does not list itself, but whoever unpacks the layer has it as a file
    builder.add(header?.name ?? '', 'file', json.length, null)(size - start)
  })
}

/** zstd:chunked: a frame to be skipped, at a position that annotations name. */
async function readChunked(
  blob: LayerBlob,
  room: number,
  read: ReadRange,
): Promise<LayerContents | 'over-budget'> {
  const position = chunkedPosition(blob)
  if (position === null) throw noToc()
  const { start, length, unpacked, checksum } = position
  if (start + length > blob.size || length > MOST_PACKED || unpacked > MOST_UNPACKED) throw noToc()
  const packed = await read({ start, end: start + length })
  if (packed === 'over-budget') return packed
  if (contentDigest(packed) !== checksum) throw wrongToc()
  const json = await unpack(() => promisify(zstdDecompress)(packed, { maxOutputLength: MOST_UNPACKED }))
  return tocContents(parseLayerToc(json), start, room)
}

async function readRange(store: LayerStore, blob: LayerBlob, range: ByteRange): Promise<Buffer> {
  const length = range.end - range.start
  const chunks: Buffer[] = []
  let read = 0
  for await (const chunk of store.open(blob, range)) {
    read += chunk.length
    if (read > length) break
    chunks.push(chunk)
  }
  if (read !== length) throw new WardenError('protocol', 'the registry sent another part than was asked for')
  return Buffer.concat(chunks)
}

async function unpack(work: () => Promise<Buffer>): Promise<Buffer> {
  try {
    return await work()
  } catch (cause) {
    throw new WardenError('protocol', 'its table of contents cannot be unpacked', { cause })
  }
}

function noToc(): WardenError {
  return new WardenError('protocol', 'it has no table of contents where it says that it has one')
}

function wrongToc(): WardenError {
  return new WardenError('integrity', 'its table of contents is not what its digest says')
}
