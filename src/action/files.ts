import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
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
 * Reads a file that an input names and somebody else may have written: a regular file of at most `maxBytes`.
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
    const found = await stat(path)
    if (!found.isFile()) throw new Error('not a regular file')
    if (found.size <= maxBytes) return await readFile(path)
  } catch (cause) {
    if (mayBeAbsent && isAbsent(cause)) return null
    throw new WardenError('input', `input ${input}: ${path} cannot be read`, {
      advice: 'Name a file that exists in the workspace, relative to it or absolute',
      cause,
    })
  }
  throw new WardenError('input', `input ${input}: ${path} has more than ${maxBytes} bytes`, {
    advice: 'This is not a file that registry-warden wrote for this input',
  })
}

function isAbsent(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
