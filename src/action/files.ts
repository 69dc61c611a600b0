import { constants } from 'node:fs'
import { mkdir, open, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { WardenError } from '../domain/errors.ts'
import type { InputName } from './input-catalog.ts'

/**
 * Writes a file whole or not at all, so that nobody reads half of a result.
 * @throws WardenError of kind `input`, the input that names the file
 */
export async function writeWhole(path: string, content: string, input: InputName): Promise<void> {
  const unfinished = `${path}.${process.pid}.tmp`
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(unfinished, content)
    await rename(unfinished, path)
  } catch (cause) {
    throw new WardenError('input', `input ${input}: ${path} cannot be written`, {
      advice: 'Name a file in a folder that the job may write to, such as the workspace',
      cause,
    })
  }
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
