import { createHash } from 'node:crypto'
import { WardenError } from '../domain/errors.ts'
import type { LayerContents } from '../domain/explain/contents.ts'
import type { LayerBlob } from '../domain/explain/ports.ts'
import { digestAlgorithm, digestHex } from '../domain/names/digest.ts'
import { compressionOf } from '../images/compression.ts'
import { isVerifiable } from '../wire/content-digest.ts'
import { TarWalker } from './tar-walker.ts'
import { createUnpacker } from './unpack.ts'
import type { Unpacker } from './unpack.ts'

const GIB = 1024 ** 3
/** No layer is built so large that it unpacks to more. */
const MOST_UNPACKED = 64 * GIB
/** Files pack to a half or a fifth; what unpacks to far more is made to keep us busy. */
const MOST_RATIO = 200

export interface StreamOptions {
  /** ends it with an error of kind `deadline` */
  readonly signal?: AbortSignal | undefined
  /** the size in the descriptor is that of the bytes */
  readonly isExact: boolean
  /** what its paths may weigh before they are summed up by folder */
  readonly room: number
}

/**
 * Reads a layer to its end, unpacks it on the fly, and keeps what its headers say. Nothing of it is stored,
 * and nothing is believed before the digest of all bytes was checked.
 * @throws WardenError of kind `integrity` when the bytes are not those of the digest, `protocol` for a
 *   damaged archive
 */
export async function streamLayer(
  chunks: AsyncIterable<Buffer>,
  blob: LayerBlob,
  { signal, isExact, room }: StreamOptions,
): Promise<LayerContents> {
  const walker = new TarWalker(Math.min(MOST_UNPACKED, GIB + MOST_RATIO * blob.size), room)
  if (!isVerifiable(blob.digest)) throw wrongBytes('has a digest that cannot be checked here')
  const hash = createHash(digestAlgorithm(blob.digest))
  let unpacker: Unpacker | null = null
  let start: Buffer = Buffer.alloc(0)
  let length = 0
  try {
    for await (const chunk of chunks) {
      if (signal?.aborted) throw new WardenError('deadline', 'time was up before it was read')
      length += chunk.length
      if (isExact && length > blob.size)
        throw wrongBytes(`has more than the ${blob.size} bytes of its descriptor`)
      hash.update(chunk)
      if (unpacker !== null) {
        await unpacker.write(chunk)
        continue
      }
      // four bytes tell how it is compressed, and a chunk can be cut anywhere
      start = Buffer.concat([start, chunk])
      if (start.length < 4) continue
      unpacker = createUnpacker(compressionOf(start), walker)
      await unpacker.write(start)
    }
    if (isExact && length < blob.size) throw wrongBytes(`ends after ${length} of ${blob.size} bytes`)
    if (hash.digest('hex') !== digestHex(blob.digest)) throw wrongBytes('is not what its digest says')
    await unpacker?.end()
    // an estimated layer is stored otherwise than it lies here
    return walker.finish(isExact ? 1 : blob.size / Math.max(1, length))
  } finally {
    unpacker?.close()
  }
}

function wrongBytes(what: string): WardenError {
  return new WardenError('integrity', `the layer ${what}`)
}
