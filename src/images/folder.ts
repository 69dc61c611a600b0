import { constants } from 'node:fs'
import { lstat, open, realpath, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { WardenError } from '../domain/errors.ts'
import { FileSource, allOf } from './byte-source.ts'
import { errorCode, pathError } from './file-errors.ts'
import type { FileStore } from './store.ts'

/**
 * The files of a folder. The folder itself may be named through a symbolic link; below it links are refused:
 * a pull request could point one at any file of the runner.
 */
export async function openFolder(folder: string): Promise<FileStore> {
  try {
    const root = await realpath(folder)
    if (!(await stat(root)).isDirectory()) {
      throw new WardenError('input', `${folder} is not a folder`, {
        advice: 'A file is read by oci-archive:// or docker-archive://',
      })
    }
    return {
      read: (name, most) => readFile(root, name, most),
      size: (name) => sizeOf(root, name),
      stream: (name) => streamFile(root, name),
    }
  } catch (error) {
    throw pathError(folder, error)
  }
}

async function sizeOf(root: string, name: string): Promise<number | null> {
  const path = await locate(root, name)
  if (path === null) return null
  const status = await lstat(path)
  if (!status.isFile()) throw notRegular(name)
  return status.size
}

async function readFile(root: string, name: string, most: number): Promise<Buffer | null> {
  const file = await openRegular(root, name)
  if (file === null) return null
  try {
    const status = await file.stat()
    if (status.size > most) throw new WardenError('protocol', `${name} is larger than ${most} bytes`)
    const bytes = Buffer.alloc(status.size)
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0)
    return bytes.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

async function openRegular(root: string, name: string): Promise<FileHandle | null> {
  const path = await locate(root, name)
  if (path === null) return null
  // opening a named pipe would wait for its writer; the second look at the open file is the one that counts
  const file = await open(
    path,
    constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0),
  )
  if ((await file.stat()).isFile()) return file
  await file.close()
  throw notRegular(name)
}

async function* streamFile(root: string, name: string): AsyncGenerator<Buffer, void> {
  const file = await openRegular(root, name)
  if (file === null) throw new WardenError('integrity', `${name} is missing`)
  try {
    yield* allOf(new FileSource(file))
  } finally {
    await file.close()
  }
}

/** The path of a file below the root; null when it does not exist. */
async function locate(root: string, name: string): Promise<string | null> {
  const path = join(root, ...name.split('/'))
  try {
    if ((await realpath(path)) === path) return path
  } catch (error) {
    const code = errorCode(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    if (code !== 'ELOOP') throw pathError(name, error)
  }
  throw new WardenError('protocol', `${name} is a symbolic link, or below one`, {
    advice: 'Links are not followed; copy the folder with cp -rL',
  })
}

function notRegular(name: string): WardenError {
  return new WardenError('protocol', `${name} is not a regular file`)
}
