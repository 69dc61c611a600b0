import { WardenError } from '../domain/errors.ts'
import { ContentsBuilder } from '../domain/explain/contents.ts'
import type { EntryKind, LayerContents } from '../domain/explain/contents.ts'
import {
  BLOCK,
  isHeaderOnly,
  isOldFolder,
  isTarSize,
  parsePaxRecords,
  parseTarHeader,
  sizeAt,
  textAt,
} from '../images/tar-header.ts'
import type { TarHeader } from '../images/tar-header.ts'
import type { Sink } from './unpack.ts'

/** Bytes of all names, kept or not. */
const MOST_NAMES = 128 * 1024 * 1024
/** Headers of every kind: an entry has one or two, seldom more. */
const MOST_HEADERS = 1_000_000
/** Longest pax header or GNU long name that is read, as in Go's archive/tar. */
const MAX_SPECIAL = 1024 * 1024
/** PATH_MAX of Linux: a longer one cannot be unpacked. */
const MAX_PATH = 4096

const ABOUT_NEXT = new Set(['x', 'g', 'L', 'K'])
const KINDS: ReadonlyMap<string, EntryKind> = new Map([
  ['0', 'file'],
  ['7', 'file'],
  ['S', 'file'],
  ['1', 'hardlink'],
  ['2', 'link'],
  ['5', 'folder'],
])

/** What headers before an entry say about it. */
interface AboutNext {
  name?: string
  target?: string
  /** of the content in the archive */
  stored?: number
  /** of the file, where that is another */
  real?: number
}

/**
 * Walks through the tar archive of a layer as it is unpacked: ustar, GNU and pax, sparse files. Content is
 * passed over; only headers are looked at, within bounds. It takes chunks instead of asking for them, since
 * layers have gigabytes.
 */
export class TarWalker implements Sink {
  isDone = false
  readonly #builder: ContentsBuilder
  readonly #maxUnpacked: number
  #position = 0
  /** content and padding that is still to be passed over */
  #left = 0
  /** a block, or the content of a special entry, that chunks cut in two */
  #gathered: Buffer | null = null
  #filled = 0
  #special: TarHeader | null = null
  #about: AboutNext = {}
  /** set while blocks of a sparse map follow: what comes behind them */
  #behindMap: number | null = null
  #credit: ((compressed: number) => void) | null = null
  /** compressed bytes of headers whose entry is still to come */
  #uncredited = 0
  #headers = 0
  #names = 0
  #sizes = 0

  /**
   * @param maxUnpacked beyond so many bytes it is a bomb, or nothing that could be looked into in time
   * @param room what its paths may weigh before they are summed up by folder
   */
  constructor(maxUnpacked: number, room: number) {
    this.#builder = new ContentsBuilder(room)
    this.#maxUnpacked = maxUnpacked
  }

  /** @throws WardenError of kind `protocol` */
  write(chunk: Buffer, compressed: number): void {
    this.#position += chunk.length
    if (this.#position > this.#maxUnpacked) {
      throw refused(`it unpacks to more than ${this.#maxUnpacked} bytes`)
    }
    const share = compressed / chunk.length
    let at = 0
    while (at < chunk.length && !this.isDone) {
      const start = at
      if (this.#left > 0) {
        at += Math.min(this.#left, chunk.length - at)
        this.#left -= at - start
      } else {
        at = this.#gather(chunk, at)
      }
      if (this.#credit === null) this.#uncredited += (at - start) * share
      else this.#credit((at - start) * share)
    }
  }

  /** @throws WardenError of kind `protocol` when the archive was cut short */
  finish(scale = 1): LayerContents {
    // writers end with empty blocks; readers take the end of the stream between two members for one, too
    const isBetween = this.#left === 0 && this.#filled === 0 && this.#special === null
    if (!this.isDone && !(isBetween && this.#behindMap === null))
      throw refused('it ends in the middle of a file')
    return this.#builder.finish(scale)
  }

  /** Takes a block that lies in one chunk as it is, and puts others together; returns where it got to. */
  #gather(chunk: Buffer, at: number): number {
    if (this.#behindMap === null) this.#credit = null
    const wanted = this.#special?.size ?? BLOCK
    if (this.#filled === 0 && chunk.length - at >= wanted) {
      this.#take(chunk.subarray(at, at + wanted))
      return at + wanted
    }
    this.#gathered ??= Buffer.alloc(wanted)
    const copied = chunk.copy(this.#gathered, this.#filled, at, at + wanted - this.#filled)
    this.#filled += copied
    if (this.#filled === wanted) {
      const block = this.#gathered
      this.#gathered = null
      this.#filled = 0
      this.#take(block)
    }
    return at + copied
  }

  #take(block: Buffer): void {
    if (this.#special !== null) {
      readSpecial(this.#special.type, block, this.#about)
      this.#left = padded(block.length) - block.length
      this.#special = null
    } else if (this.#behindMap === null) {
      this.#takeHeader(block)
    } else if (!isMapContinued(block, 504)) {
      this.#left = this.#behindMap
      this.#behindMap = null
    }
  }

  #takeHeader(block: Buffer): void {
    this.#headers += 1
    if (this.#headers > MOST_HEADERS) throw refused(`it has more than ${MOST_HEADERS} headers`)
    const header = parseTarHeader(block)
    if (header === null) this.isDone = true
    else if (!ABOUT_NEXT.has(header.type)) this.#takeEntry(header, block)
    // global pax headers are for comments; a name or size for all members would be nonsense
    else if (header.type === 'g') this.#left = padded(header.size)
    else if (header.size > MAX_SPECIAL) throw refused('it has a name of over 1 MiB')
    else if (header.size > 0) this.#special = header
  }

  #takeEntry(header: TarHeader, block: Buffer): void {
    const { name = header.name, target = header.target, stored = header.size, real } = this.#about
    this.#about = {}
    const type = isOldFolder(header.type, name) ? '5' : header.type
    const length = isHeaderOnly(type) ? 0 : stored
    const isOldSparse = header.type === 'S'
    const size = isOldSparse ? sizeAt(block, OLD_SPARSE_SIZE) : (real ?? length)
    this.#count(name, size)
    this.#credit = this.#builder.add(name, KINDS.get(type) ?? 'other', size, target)
    this.#credit(this.#uncredited)
    this.#uncredited = 0
    if (isOldSparse && isMapContinued(block, 482)) this.#behindMap = padded(length)
    else this.#left = padded(length)
  }

  #count(name: string, size: number): void {
    this.#names += name.length
    this.#sizes += size
    if (name.length > MAX_PATH) throw refused(`it has a path of more than ${MAX_PATH} characters`)
    if (this.#names > MOST_NAMES) throw refused(`its names have more than ${MOST_NAMES} bytes`)
    if (!Number.isSafeInteger(this.#sizes)) throw refused('its files claim to have more than 8191 TiB')
  }
}

/**
 * Where a header in GNU tar's old sparse format names the size of the file (GNU tar manual, "Old GNU
 * Format").
 */
const OLD_SPARSE_SIZE = 483

/** Whether blocks with more of an old sparse map follow. */
function isMapContinued(block: Buffer, flag: number): boolean {
  return block[flag] !== 0
}

function readSpecial(type: string, bytes: Buffer, about: AboutNext): void {
  if (type === 'L') about.name = textAt(bytes, 0, bytes.length)
  else if (type === 'K') about.target = textAt(bytes, 0, bytes.length)
  else readPax(parsePaxRecords(bytes), about)
}

/**
 * Sparse files have their true name and size in records of their own: GNU's formats 0.0 and 0.1
 * (`GNU.sparse.size`), 1.0 (`GNU.sparse.realsize`), star's `SCHILY.realsize`.
 */
function readPax(records: ReadonlyMap<string, string>, about: AboutNext): void {
  const stored = records.get('size')
  const real =
    records.get('GNU.sparse.realsize') ?? records.get('GNU.sparse.size') ?? records.get('SCHILY.realsize')
  const name = records.get('GNU.sparse.name') ?? records.get('path')
  const target = records.get('linkpath')
  if (stored !== undefined) about.stored = paxSize(stored)
  if (real !== undefined) about.real = paxSize(real)
  if (name !== undefined) about.name = upToNul(name)
  if (target !== undefined) about.target = upToNul(target)
}

function paxSize(text: string): number {
  const size = Number(text)
  if (/^\d{1,16}$/.test(text) && isTarSize(size)) return size
  throw refused('it is damaged: a size is not a number')
}

/** No file system takes what follows a NUL. */
function upToNul(text: string): string {
  const end = text.indexOf('\0')
  return end === -1 ? text : text.slice(0, end)
}

function padded(length: number): number {
  return Math.ceil(length / BLOCK) * BLOCK
}

function refused(why: string): WardenError {
  return new WardenError('protocol', why)
}
