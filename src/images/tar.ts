import { WardenError } from '../domain/errors.ts'
import { readExactly } from './byte-source.ts'
import type { ByteSource } from './byte-source.ts'
import { quoted } from './file-errors.ts'
import {
  BLOCK,
  isHeaderOnly,
  isOldFolder,
  isTarSize,
  parsePaxRecords,
  parseTarHeader,
  textAt,
} from './tar-header.ts'
import type { TarHeader } from './tar-header.ts'

/** One member of an archive. Its content can be read until the next one is asked for. */
export interface TarEntry {
  /** relative, with neither empty nor `.` nor `..` components */
  readonly name: string
  readonly kind: 'file' | 'link' | 'other'
  /** for links: the name of the member they point to */
  readonly target: string
  readonly size: number
  /** where the content starts in the uncompressed archive */
  readonly offset: number
  readonly content: () => AsyncGenerator<Buffer, void>
}

/** Longest pax header or GNU long name that is read, as in Go's archive/tar. */
const MAX_SPECIAL = 1024 * 1024
/** Most members: a docker archive has three for each layer. Names of this many fit the memory there is. */
const MAX_ENTRIES = 50_000

/**
 * The members of a tar archive, in order: ustar, GNU and pax. Own code, since the libraries read every byte
 * of content only to throw it away; here a source that can seek passes over a layer at once.
 * @throws WardenError of kind `protocol` when the archive is damaged, cut short, or has names that lead out
 * of it
 */
export async function* readTar(source: ByteSource): AsyncGenerator<TarEntry, void> {
  let special: Special = {}
  for (let count = 0; ; count += 1) {
    if (count > MAX_ENTRIES) throw new WardenError('protocol', `the archive has over ${MAX_ENTRIES} members`)
    const header = parseTarHeader(await wholeBlock(source))
    if (header === null) return
    const start = source.position
    if (ABOUT_NEXT.has(header.type)) {
      Object.assign(special, await readSpecial(source, header))
      await source.skip(endOf(start, header.size) - source.position)
    } else {
      const entry = entryOf(source, header, special)
      special = {}
      if (entry.name !== '') yield entry
      await source.skip(endOf(start, entry.size) - source.position)
    }
  }
}

/** What headers before an entry say about it, because it did not fit. */
interface Special {
  readonly name?: string
  readonly target?: string
  readonly size?: number
  readonly sparse?: boolean
}

const ABOUT_NEXT = new Set(['x', 'g', 'L', 'K'])

async function readSpecial(source: ByteSource, { type, size }: TarHeader): Promise<Special> {
  // global pax headers are for comments; a name or size for all members would be nonsense
  if (type === 'g') return {}
  if (size > MAX_SPECIAL) throw new WardenError('protocol', 'the archive has a name of over 1 MiB')
  const bytes = await readExactly(source, size)
  if (bytes.length < size) throw cutShort()
  if (type === 'L') return { name: textAt(bytes, 0, size) }
  if (type === 'K') return { target: textAt(bytes, 0, size) }
  return fromPax(parsePaxRecords(bytes))
}

function fromPax(records: ReadonlyMap<string, string>): Special {
  const size = records.get('size')
  if (size !== undefined && !(/^\d{1,16}$/.test(size) && isTarSize(Number(size)))) {
    throw new WardenError('protocol', 'the archive is damaged: a size is not a number')
  }
  const name = records.get('path')
  const target = records.get('linkpath')
  return {
    ...(name === undefined ? {} : { name }),
    ...(target === undefined ? {} : { target }),
    ...(size === undefined ? {} : { size: Number(size) }),
    // the content of a sparse file is a map and fragments, so nothing that may be taken for its bytes
    ...([...records.keys()].some((key) => key.startsWith('GNU.sparse.')) ? { sparse: true } : {}),
  }
}

const KINDS = new Map<string, TarEntry['kind']>([
  ['0', 'file'],
  ['7', 'file'],
  ['1', 'link'],
  ['2', 'link'],
])

function entryOf(source: ByteSource, header: TarHeader, special: Special): TarEntry {
  const written = special.name ?? header.name
  const name = memberName(written)
  const type = isOldFolder(header.type, written) ? '5' : header.type
  const kind = special.sparse ? 'other' : (KINDS.get(type) ?? 'other')
  const size = isHeaderOnly(type) ? 0 : (special.size ?? header.size)
  const target = special.target ?? header.target
  const offset = source.position
  return {
    name,
    kind,
    // a hard link names its target from the root of the archive, a symbolic one from its own folder
    target: kind === 'link' ? linkTarget(header.type === '2' ? name : '', target) : '',
    size,
    offset,
    content: () => contentOf(source, offset + size),
  }
}

async function* contentOf(source: ByteSource, end: number): AsyncGenerator<Buffer, void> {
  while (source.position < end) {
    const chunk = await source.next(end - source.position)
    if (chunk.length === 0) throw cutShort()
    yield chunk
  }
}

async function wholeBlock(source: ByteSource): Promise<Buffer> {
  const block = await readExactly(source, BLOCK)
  // tools always write the empty blocks at the end: without them, members may be missing
  if (block.length < BLOCK) throw cutShort()
  return block
}

function cutShort(): WardenError {
  return new WardenError('protocol', 'the archive ends before its end marker', {
    advice: 'Was it copied whole? A zstd file must be a single frame, as zstd -T0 writes it',
  })
}

function endOf(start: number, size: number): number {
  return start + Math.ceil(size / BLOCK) * BLOCK
}

/** Nothing is ever unpacked; but an archive with such names was made to do harm. */
function memberName(written: string): string {
  const parts = written.split('/').filter((part) => part !== '' && part !== '.')
  if (written.startsWith('/') || written.includes('\0') || parts.includes('..')) {
    throw new WardenError(
      'protocol',
      `the archive has a member ${quoted(written)}, whose name leads out of it`,
    )
  }
  return parts.join('/')
}

/** Where a link points to, as a name in the archive; a name that no member has when it points elsewhere. */
function linkTarget(from: string, target: string): string {
  const parts = from.split('/').slice(0, -1)
  for (const part of target.split('/')) {
    if (part === '' || part === '.') continue
    if (part !== '..') parts.push(part)
    else if (parts.pop() === undefined) return OUTSIDE
  }
  return target.startsWith('/') ? OUTSIDE : parts.join('/')
}

/** No member has this name: names have no empty components. */
export const OUTSIDE = '/'
