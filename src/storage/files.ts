import type { Timestamp } from '../domain/quantities/timestamp.ts'

export interface FileFacts {
  /** `other`: a symbolic link, which is never followed, a pipe, a device */
  readonly kind: 'file' | 'folder' | 'other'
  readonly size: number
  /** when its content was last written */
  readonly modified: Timestamp
}

export interface FolderEntry {
  readonly name: string
  readonly kind: FileFacts['kind']
}

/** Something in the storage folder that is not the registry's; `path` is whole. */
export interface ForeignEntry {
  readonly path: string
  readonly kind: FileFacts['kind']
}

/** From `start` up to and without `end`. */
export interface FilePart {
  readonly start: number
  readonly end: number
}

/**
 * The files of a storage folder; paths are relative to it, with slashes. Each write is one step that happens
 * as a whole or not at all, but for `create`, whose file may be left half-written by a crash.
 */
export interface StorageFiles {
  /** null: there is none; an error above `most` bytes, and for what is reached through a symbolic link */
  readonly read: (path: string, most: number) => Promise<Buffer | null>
  readonly stream: (path: string, part: FilePart | null) => AsyncIterable<Buffer>
  readonly facts: (path: string) => Promise<FileFacts | null>
  /** sorted by name; null: there is no such folder */
  readonly list: (path: string) => Promise<readonly FolderEntry[] | null>
  /** why nothing can be written in this folder; null: it can */
  readonly obstacle: (path: string) => Promise<string | null>

  /** Makes one folder in one that is there; one that is there already is fine. */
  readonly makeFolder: (path: string) => Promise<void>
  /** Writes a new file and has it on the disk when done. */
  readonly create: (path: string, bytes: Uint8Array) => Promise<void>
  readonly rename: (from: string, to: string) => Promise<void>
  /** One that is not there any more is fine: then false. */
  readonly removeFile: (path: string) => Promise<boolean>
  /** Only an empty one; one that is not empty, or not there any more, stays as it is. */
  readonly removeFolder: (path: string) => Promise<void>
  /** Has what was made, renamed and removed in a folder on the disk when done. */
  readonly sync: (path: string) => Promise<void>
}

/** The path without its last part. */
export function parentOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), 0))
}

/** Makes a folder and all that it is in. */
export async function makeFolders(files: StorageFiles, path: string): Promise<void> {
  if (path === '' || (await files.facts(path))?.kind === 'folder') return
  const parent = parentOf(path)
  await makeFolders(files, parent)
  await files.makeFolder(path)
  await files.sync(parent)
}

/** Ends the names of files that are being written; nothing that the registry looks for ends in it. */
export const UNFINISHED = '.unfinished'

/** Writes a file so that a crash at any moment leaves the old one or the new one. */
export async function writeSafely(files: StorageFiles, path: string, bytes: Uint8Array): Promise<void> {
  const parent = parentOf(path)
  await makeFolders(files, parent)
  const unfinished = `${path}${UNFINISHED}`
  await files.removeFile(unfinished)
  await files.create(unfinished, bytes)
  await files.rename(unfinished, path)
  await files.sync(parent)
}

/** Removes a folder with all that is in it, as far as these are files and folders. */
export async function removeTree(files: StorageFiles, path: string): Promise<void> {
  for (const { name, kind } of (await files.list(path)) ?? []) {
    const below = `${path}/${name}`
    if (kind === 'folder') await removeTree(files, below)
    else if (kind === 'file') await files.removeFile(below)
  }
  await files.removeFolder(path)
}
