import { randomUUID } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, mkdir, open, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { WardenError } from '../domain/errors.ts'
import type { InputName } from './input-catalog.ts'

/**
 * Writes a file whole or not at all, so that nobody reads half of a result. It replaces plain files only: a
 * link of the checkout leads where nobody meant to write, and a device would be gone.
 * @throws WardenError of kind `input`, the input that names the file
 */
export async function writeWhole(path: string, content: string, input: InputName): Promise<void> {
  const unfinished = `${path}.${randomUUID()}.tmp`
  try {
    await mkdir(dirname(path), { recursive: true })
    const found = await lstat(path).catch(() => null)
    if (found !== null && !found.isFile()) throw notPlain(path, input)
    await writeFile(unfinished, content, { flag: 'wx' })
    await rename(unfinished, path)
  } catch (cause) {
    if (cause instanceof WardenError) throw cause
    throw new WardenError('input', `input ${input}: ${path} cannot be written`, {
      advice: 'Name a file in a folder that the job may write to, such as the workspace',
      cause,
    })
  }
}

/** The error for a file to write that is a link, a folder, a pipe or a device. */
export function notPlain(path: string, input: InputName): WardenError {
  return new WardenError('input', `input ${input}: ${path} cannot be written: it is not a plain file`, {
    advice: 'Name a file of its own; neither links nor devices are written to',
  })
}

/**
 * Reads a file that an input names and somebody else may have written: a plain file of at most `maxBytes`.
 * @throws WardenError of kind `input`
 */
export async function readWhole(path: string, maxBytes: number, input: InputName): Promise<Buffer>
export async function readWhole(
  path: string,
  maxBytes: number,
  input: InputName,
  options: { readonly mayBeAbsent: true },
): Promise<Buffer | null>
export async function readWhole(
  path: string,
  maxBytes: number,
  input: InputName,
  { mayBeAbsent = false } = {},
): Promise<Buffer | null> {
  try {
    // a pipe that nobody writes to must not hold the run, nor a device without end
    await using file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    const found = await file.stat()
    if (!found.isFile()) throw new Error('not a plain file')
    if (found.size <= maxBytes) {
      const bytes = await file.readFile()
      if (bytes.length <= maxBytes) return bytes
    }
  } catch (cause) {
    if (mayBeAbsent && isAbsent(cause)) return null
    throw new WardenError('input', `input ${input}: ${path} cannot be read`, {
      advice: 'Name a file that exists in the workspace, relative to it or absolute',
      cause,
    })
  }
  throw new WardenError('input', `input ${input}: ${path} has more than ${maxBytes} bytes`, {
    advice: 'This is not a file of the kind that this input names',
  })
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
