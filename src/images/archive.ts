import { open, stat } from 'node:fs/promises'
import { WardenError } from '../domain/errors.ts'
import { FileSource, StreamSource, allOf, readExactly } from './byte-source.ts'
import { compressionOf, unpacked } from './compression.ts'
import type { Compression } from './compression.ts'
import { pathError, quoted } from './file-errors.ts'
import { JsonMembers } from './json-members.ts'
import type { FileStore } from './store.ts'
import { OUTSIDE, readTar } from './tar.ts'
import type { TarEntry } from './tar.ts'
import { BLOCK, isTarHeader } from './tar-header.ts'

/** The members of a tar archive, plain or compressed as a whole. */
export interface Archive extends FileStore {
  /** the member that a name means after its links are followed; null when there is none */
  readonly resolve: (name: string) => string | null
  /**
   * Goes through the archive once more and hands out the content of the members named, in the archive's
   * order.
   */
  readonly visit: (names: ReadonlySet<string>, visitor: Visitor) => Promise<void>
}

export type Visitor = (name: string, content: AsyncIterable<Buffer>) => Promise<void>

export interface ArchiveOptions {
  /** ends long reading with an error of kind `deadline` */
  readonly signal?: AbortSignal
}

/** What is known of a member after the first pass. */
type Member = Pick<TarEntry, 'kind' | 'target' | 'size' | 'offset'>

type Members = ReadonlyMap<string, Member>
type Pass = () => AsyncGenerator<TarEntry, void>

/** Longer names cannot be asked for: the longest is that of a blob under sha512. */
const MAX_NAME = 512
/** Links that lead to links are followed no further; they may lead in a circle. */
const MAX_LINKS = 8

/**
 * Reads the directory of an archive in one pass. Of a compressed archive, small JSON members are kept in the
 * same pass, since going back means to unpack it all again; a plain one is read where something is needed. A
 * name that occurs twice means its last occurrence, as when unpacking.
 */
export async function openArchive(file: string, options: ArchiveOptions = {}): Promise<Archive> {
  const compression = await archiveCompression(file)
  const pass: Pass = () => readThrough(file, compression, options)
  const members = new Map<string, Member>()
  const kept = compression === 'none' ? null : new JsonMembers()
  for await (const { name, kind, target, size, offset, content } of pass()) {
    if (name.length > MAX_NAME) continue
    members.set(name, { kind, target, size, offset })
    if (kind === 'file') await kept?.offer(name, size, content())
  }
  const resolve = (name: string) => resolveName(members, name)
  return {
    resolve,
    size: async (name) => members.get(resolve(name) ?? '')?.size ?? null,
    read: (name, most) => readMember(file, members, kept, resolve(name), most),
    visit: (names, visitor) => visitMembers(pass, members, names, visitor),
    stream: (name) => streamMember(pass, name, members.get(resolve(name) ?? '')),
  }
}

function resolveName(members: Members, name: string): string | null {
  let resolved = name.replace(/^(?:\.\/)+/, '')
  for (let links = 0; links <= MAX_LINKS; links += 1) {
    const member = members.get(resolved)
    if (member === undefined) return null
    if (member.kind === 'file') return resolved
    if (member.kind === 'other')
      throw new WardenError('protocol', `${quoted(name)} is not a regular file in the archive`)
    if (member.target === OUTSIDE)
      throw new WardenError('protocol', `${quoted(name)} is a link out of the archive`)
    resolved = member.target
  }
  throw new WardenError('protocol', `${quoted(name)} is a symlink loop`)
}

async function readMember(
  file: string,
  members: Members,
  kept: JsonMembers | null,
  name: string | null,
  most: number,
): Promise<Buffer | null> {
  const member = members.get(name ?? '')
  if (name === null || member === undefined) return null
  if (member.size > most) throw new WardenError('protocol', `${quoted(name)} is larger than ${most} bytes`)
  return kept === null ? readPart(file, member.offset, member.size) : kept.get(name)
}

/** A plain archive is gone through from header to header, a compressed one is unpacked up to the member. */
async function* streamMember(
  pass: Pass,
  name: string,
  member: Member | undefined,
): AsyncGenerator<Buffer, void> {
  if (member === undefined) throw new WardenError('integrity', `${quoted(name)} is not in the archive`)
  for await (const { offset, content } of pass()) {
    if (offset !== member.offset) continue
    yield* content()
    return
  }
}

async function visitMembers(
  pass: Pass,
  members: Members,
  names: ReadonlySet<string>,
  visitor: Visitor,
): Promise<void> {
  for await (const { name, kind, size, offset, content } of pass()) {
    const member = members.get(name)
    // the last of several members of one name is the one that was resolved
    if (!names.has(name) || kind !== 'file' || member?.offset !== offset || member.size !== size) continue
    await visitor(name, content())
  }
}

async function* readThrough(
  file: string,
  compression: Compression,
  { signal }: ArchiveOptions,
): AsyncGenerator<TarEntry, void> {
  const handle = await open(file)
  try {
    const source = new FileSource(handle, signal)
    if (compression === 'none') yield* readTar(source)
    else yield* readUnpacked(unpacked(allOf(source), compression), signal)
  } finally {
    await handle.close()
  }
}

async function* readUnpacked(
  chunks: AsyncGenerator<Buffer, void>,
  signal: AbortSignal | undefined,
): AsyncGenerator<TarEntry, void> {
  try {
    yield* readTar(new StreamSource(chunks, signal))
  } finally {
    // ends the decompressor, of which nobody reads what may follow the archive
    await chunks.return()
  }
}

async function readPart(file: string, offset: number, length: number): Promise<Buffer> {
  const handle = await open(file)
  try {
    const source = new FileSource(handle)
    await source.skip(offset)
    return await readExactly(source, length)
  } finally {
    await handle.close()
  }
}

/** By the first bytes, whatever the file is called. */
async function archiveCompression(file: string): Promise<Compression> {
  try {
    // a named pipe would be waited for
    if (!(await stat(file)).isFile()) {
      throw new WardenError('input', `${file} is not a file`, { advice: 'A folder is read by oci-layout://' })
    }
    const start = await readPart(file, 0, BLOCK)
    const compression = compressionOf(start)
    if (compression !== 'none' || isTarHeader(start) || start.equals(Buffer.alloc(BLOCK))) return compression
  } catch (error) {
    throw pathError(file, error)
  }
  throw new WardenError('protocol', `${file} is not a tar archive, plain or compressed by gzip or zstd`)
}
