import { constants } from 'node:fs'
import { lstat, mkdir, open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { dirname } from 'node:path'
import { WardenError } from '../domain/errors.ts'
import { notPlain } from './files.ts'

/** A file that grows line by line, each safe on the disk before anything is done that it can take back. */
export interface UndoWriter {
  /** @returns why the line could not be written; then nothing may rely on it */
  readonly append: (line: string) => Promise<WardenError | null>
  readonly close: () => Promise<void>
}

/**
 * Begins the file of input `undo-file`.
 * @throws WardenError of kind `input` where it cannot be written, or has content already: that is what an
 * earlier run deleted
 */
export async function createUndoFile(path: string, header: string): Promise<UndoWriter> {
  const file = await openEmpty(path)
  let last: Promise<WardenError | null> = write(file, path, header)
  const failure = await last
  if (failure !== null) {
    await file.close()
    throw failure
  }
  return {
    append: (line) => {
      // deletions run side by side, lines must not
      last = last.then((earlier) => earlier ?? write(file, path, line))
      return last
    },
    close: async () => {
      await last
      await file.close()
    },
  }
}

/** Whether a real run would refuse the file for its content, for a dry run, which does not touch it. */
export async function isUndoFileTaken(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => null)
  return found !== null && found.isFile() && found.size > 0
}

const APPEND =
  constants.O_APPEND |
  constants.O_CREAT |
  constants.O_WRONLY |
  (constants.O_NOFOLLOW ?? 0) |
  (constants.O_NONBLOCK ?? 0)

async function openEmpty(path: string): Promise<FileHandle> {
  let file: FileHandle
  try {
    await mkdir(dirname(path), { recursive: true })
    // neither through a link of the checkout, nor into a pipe that nobody reads, which would hold the run
    const found = await lstat(path).catch(() => null)
    if (found !== null && !found.isFile()) throw notPlain(path, 'undo-file')
    file = await open(path, APPEND)
  } catch (cause) {
    throw cause instanceof WardenError ? cause : unwritable(path, cause)
  }
  const { size } = await file.stat()
  if (size === 0) return file
  await file.close()
  throw new WardenError('input', `input undo-file: ${path} is not empty`, {
    advice: 'It may hold what an earlier run deleted: name a new file for each run',
  })
}

async function write(file: FileHandle, path: string, line: string): Promise<WardenError | null> {
  try {
    await file.appendFile(line)
    await file.datasync()
    return null
  } catch (cause) {
    return unwritable(path, cause)
  }
}

function unwritable(path: string, cause: unknown): WardenError {
  const why = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : ''
  return new WardenError('input', `input undo-file: ${path} cannot be written${why}`, {
    advice: 'Name a file in a folder that the job may write to, such as the workspace',
    cause,
  })
}
