import { constants } from 'node:fs'
import type { Stats } from 'node:fs'
import { access, chown, lstat, mkdir, open, readdir, realpath, rename, rmdir, unlink } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { WardenError } from '../domain/errors.ts'
import { asTimestamp } from '../domain/quantities/timestamp.ts'
import { sanitiseLine } from '../domain/text.ts'
import type { FileFacts, StorageFiles } from './files.ts'
import { parentOf } from './files.ts'

const CHUNK = 64 * 1024

interface Owner {
  readonly uid: number
  readonly gid: number
}

/**
 * The files below a folder of this machine. The folder itself may be named through a symbolic link; below it
 * links are refused, since they could lead anywhere.
 * @throws WardenError of kind `input` where there is no such folder
 */
export async function openNodeFiles(folder: string): Promise<StorageFiles> {
  const root = await realpath(folder).catch((cause: unknown) => {
    throw unusable(folder, cause)
  })
  const facts = await lstat(root)
  if (!facts.isDirectory()) throw unusable(folder, new Error('not a folder'))
  const at = (path: string) => locate(root, path)
  // root can write everywhere, but the registry may run as somebody else, who is to own what it finds
  const owner = process.getuid?.() === 0 ? await ownerOf(root) : null
  return { ...readers(root, at), ...writers(root, at, owner) }
}

function unusable(folder: string, cause: unknown): WardenError {
  return new WardenError('input', `input registry: the storage folder ${folder} cannot be opened`, {
    advice: `It is the rootdirectory of the registry, and must be readable here (${codeOf(cause) ?? 'not a folder'})`,
    cause,
  })
}

type Locate = (path: string) => Promise<string | null>
type Readers = Pick<StorageFiles, 'read' | 'stream' | 'facts' | 'list' | 'obstacle'>
type Writers = Omit<StorageFiles, keyof Readers>

function readers(root: string, at: Locate): Readers {
  return {
    read: async (path, most) => {
      const file = await openFile(at, path)
      if (file === null) return null
      try {
        const { size } = await file.stat()
        if (size > most) throw new WardenError('protocol', `${path} is larger than ${most} bytes`)
        const bytes = Buffer.alloc(size)
        const { bytesRead } = await file.read(bytes, 0, size, 0)
        return bytes.subarray(0, bytesRead)
      } finally {
        await file.close()
      }
    },
    stream: (path, part) => streamFile(at, path, part),
    facts: async (path) => {
      const found = await at(path)
      return found === null ? null : telling(path, async () => factsOf(await lstat(found)))
    },
    list: async (path) => {
      const found = await at(path)
      if (found === null) return null
      const entries = await telling(path, () => readdir(found, { withFileTypes: true }))
      return entries
        .map((entry) => ({
          name: entry.name,
          kind: entry.isFile()
            ? ('file' as const)
            : entry.isDirectory()
              ? ('folder' as const)
              : ('other' as const),
        }))
        .sort((a, b) => (a.name < b.name ? -1 : 1))
    },
    obstacle: async (path) => {
      try {
        await access(join(root, path), constants.W_OK)
        return null
      } catch (error) {
        return codeOf(error) ?? 'unknown error'
      }
    },
  }
}

function writers(root: string, at: Locate, owner: Owner | null): Writers {
  /** The path of something that may not be there yet, in a folder that is. */
  const target = async (path: string): Promise<string> => {
    if ((await at(parentOf(path))) === null) throw failure(parentOf(path), 'ENOENT')
    return join(root, path)
  }
  return {
    makeFolder: async (path) => {
      const folder = await target(path)
      await telling(path, async () => {
        const isMade = await mkdir(folder).then(
          () => true,
          (error: unknown) => unless(error, 'EEXIST'),
        )
        if (isMade === true && owner !== null) await chown(folder, owner.uid, owner.gid)
      })
    },
    create: async (path, bytes) => {
      const name = await target(path)
      await telling(path, async () => {
        const file = await open(name, 'wx', 0o644)
        try {
          await file.writeFile(bytes)
          if (owner !== null) await file.chown(owner.uid, owner.gid)
          await file.sync()
        } finally {
          await file.close()
        }
      })
    },
    rename: async (from, to) => {
      const names = [await target(from), await target(to)] as const
      await telling(from, () => rename(...names))
    },
    removeFile: async (path) => {
      if ((await at(parentOf(path))) === null) return false
      const removed = unlink(join(root, path)).then(() => true)
      return telling(path, () => removed.catch((error: unknown) => unless(error, 'ENOENT') ?? false))
    },
    removeFolder: async (path) => {
      if ((await at(path)) === null) return
      const gone = (error: unknown) => unless(error, 'ENOENT', 'ENOTEMPTY', 'EEXIST')
      await telling(path, () => rmdir(join(root, path)).catch(gone))
    },
    sync: async (path) => {
      const folder = await at(path)
      if (folder === null) return
      await telling(path, async () => {
        const handle = await open(folder, constants.O_RDONLY)
        try {
          // some network file systems do not sync folders
          await handle.sync().catch((error: unknown) => unless(error, 'EINVAL', 'ENOTSUP'))
        } finally {
          await handle.close()
        }
      })
    },
  }
}

async function ownerOf(root: string): Promise<Owner> {
  const registry = await lstat(join(root, 'docker')).catch(() => lstat(root))
  return { uid: registry.uid, gid: registry.gid }
}

function factsOf(stats: Stats): FileFacts {
  const kind = stats.isFile() ? 'file' : stats.isDirectory() ? 'folder' : 'other'
  return { kind, size: stats.size, modified: asTimestamp(stats.mtimeMs) }
}

async function openFile(at: Locate, path: string): Promise<FileHandle | null> {
  const found = await at(path)
  if (found === null) return null
  return telling(path, async () => {
    // opening a named pipe would wait for its writer; the second look at the open file is the one that counts
    const file = await open(found, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    if ((await file.stat()).isFile()) return file
    await file.close()
    throw new WardenError('protocol', `${path} is not a regular file`)
  })
}

async function* streamFile(
  at: Locate,
  path: string,
  part: { readonly start: number; readonly end: number } | null,
): AsyncGenerator<Buffer, void> {
  const file = await openFile(at, path)
  if (file === null) throw new WardenError('not-found', `${path} does not exist`)
  try {
    const end = part?.end ?? Infinity
    for (let position = part?.start ?? 0; position < end;) {
      const chunk = Buffer.alloc(Math.min(CHUNK, end - position))
      const { bytesRead } = await file.read(chunk, 0, chunk.length, position)
      if (bytesRead === 0) return
      position += bytesRead
      yield chunk.subarray(0, bytesRead)
    }
  } finally {
    await file.close()
  }
}

/** The path of what is there, not through any link; null: it is not there. */
async function locate(root: string, path: string): Promise<string | null> {
  const wanted = path === '' ? root : join(root, path)
  try {
    if ((await realpath(wanted)) === wanted) return wanted
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOTDIR') return null
    // a link that leads nowhere is a link, too
    if (code === 'ENOENT') {
      const dangling = await lstat(wanted).catch(() => null)
      if (dangling === null) return null
    } else if (code !== 'ELOOP') throw failure(path, code)
  }
  throw new WardenError('protocol', `${sanitiseLine(path, 300)} is a symbolic link, or below one`, {
    advice: 'Links are not followed, since they may lead out of the storage folder',
  })
}

async function telling<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof WardenError) throw error
    throw failure(path, codeOf(error), error)
  }
}

function failure(path: string, code: string | null, cause?: unknown): WardenError {
  const kind = code === 'EACCES' || code === 'EPERM' || code === 'EROFS' ? 'denied' : 'server'
  const advice =
    kind === 'denied' ? 'Run this step as the user whom the files belong to, with the folder writable' : null
  const what = `${sanitiseLine(path, 300)} in the storage folder: ${code ?? 'unknown error'}`
  return new WardenError(kind, what, { advice, cause })
}

function unless(error: unknown, ...codes: readonly string[]): undefined {
  if (codes.includes(codeOf(error) ?? '')) return undefined
  throw error
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}
