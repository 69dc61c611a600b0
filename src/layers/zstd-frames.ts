import { WardenError } from '../domain/errors.ts'

/** What comes next in a zstd stream (RFC 8878 3.1). */
type FramePart =
  'magic' | 'skippable-size' | 'skippable' | 'descriptor' | 'header' | 'block' | 'content' | 'checksum'

const MAGIC = 0xfd2fb528
const SKIPPABLE = 0x184d2a50
/** Parts of which every byte is handed on as it comes; the others are small, and must be seen whole. */
const PASSING: ReadonlySet<FramePart> = new Set(['content', 'checksum', 'header'])

/**
 * Cuts a zstd stream at the ends of its frames, and leaves out frames that are to be skipped. Node's
 * decompressor drops, without a word, what follows a frame in the same write; zstd:chunked has a frame for
 * each file.
 */
export class ZstdFrames {
  #part: FramePart = 'magic'
  #wanted = 4
  readonly #seen = Buffer.alloc(4)
  #length = 0
  #hasChecksum = false
  #isLast = false

  /** Whether the stream may end here. */
  get isComplete(): boolean {
    return this.#part === 'magic' && this.#length === 0
  }

  /**
   * The pieces of a chunk that a decompressor can be given, one write each: none holds bytes of two frames.
   * @throws WardenError of kind `protocol`
   */
  *cut(chunk: Buffer): Generator<Buffer, void> {
    let pieces: Buffer[] = []
    let at = 0
    while (at < chunk.length) {
      const part = chunk.subarray(at, at + Math.min(this.#wanted, chunk.length - at))
      at += part.length
      this.#wanted -= part.length
      if (PASSING.has(this.#part)) pieces.push(part)
      else if (this.#part !== 'skippable') this.#length += part.copy(this.#seen, this.#length)
      while (this.#wanted === 0) {
        if (!PASSING.has(this.#part) && this.#part !== 'skippable') pieces.push(this.#take())
        if (!this.#advance(pieces)) continue
        if (pieces.length > 0) yield joined(pieces)
        pieces = []
        break
      }
    }
    if (pieces.length > 0) yield joined(pieces)
  }

  #take(): Buffer {
    const bytes = Buffer.from(this.#seen.subarray(0, this.#length))
    this.#length = 0
    return bytes
  }

  /**
   * Goes on to the next part; true at the end of a frame. The part that was seen whole is the last of the
   * pieces.
   */
  #advance(pieces: Buffer[]): boolean {
    const seen = pieces.at(-1) ?? Buffer.alloc(0)
    switch (this.#part) {
      case 'magic': {
        const magic = seen.readUInt32LE()
        if (magic === MAGIC) return this.#expect('descriptor', 1)
        if ((magic & 0xfffffff0) >>> 0 !== SKIPPABLE) throw damaged('a frame has no magic number')
        pieces.pop()
        return this.#expect('skippable-size', 4)
      }
      case 'skippable-size':
        pieces.pop()
        return this.#expect('skippable', seen.readUInt32LE())
      case 'skippable':
        return this.#end()
      case 'descriptor':
        return this.#expect('header', this.#headerLength(seen.readUInt8()))
      case 'header':
        return this.#expect('block', 3)
      case 'block':
        return this.#block(seen.readUIntLE(0, 3))
      case 'content':
        if (!this.#isLast) return this.#expect('block', 3)
        return this.#hasChecksum ? this.#expect('checksum', 4) : this.#end()
      default:
        return this.#end()
    }
  }

  #expect(part: FramePart, length: number): false {
    this.#part = part
    this.#wanted = length
    return false
  }

  #end(): true {
    this.#expect('magic', 4)
    return true
  }

  /** RFC 8878 3.1.1.1: window, dictionary and content size follow the descriptor. */
  #headerLength(descriptor: number): number {
    const isSingle = (descriptor & 0x20) !== 0
    const sizeFlag = descriptor >> 6
    this.#hasChecksum = (descriptor & 0x04) !== 0
    const dictionary = [0, 1, 2, 4][descriptor & 0x03] ?? 0
    const size = sizeFlag === 0 ? Number(isSingle) : 2 ** sizeFlag
    return Number(!isSingle) + dictionary + size
  }

  /** RFC 8878 3.1.1.2: the size of an RLE block is that of what it unpacks to. */
  #block(header: number): false {
    const type = (header >> 1) & 0x03
    if (type === 3) throw damaged('a block has a reserved type')
    this.#isLast = (header & 0x01) !== 0
    return this.#expect('content', type === 1 ? 1 : header >> 3)
  }
}

function joined(pieces: readonly Buffer[]): Buffer {
  const [only] = pieces
  return pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces)
}

function damaged(why: string): WardenError {
  return new WardenError('protocol', `it is damaged: in its zstd stream ${why}`)
}
