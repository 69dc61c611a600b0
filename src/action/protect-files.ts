import { glob, readFile, stat } from 'node:fs/promises'
import { WardenError } from '../domain/errors.ts'

/** A file whose image references are protected. */
export interface ProtectFile {
  /** as the workspace has it, for the reason that people see */
  readonly path: string
  readonly text: string
}

export interface ProtectFiles {
  readonly files: readonly ProtectFile[]
  /** globs that match no file: worth a warning, since they protect nothing */
  readonly unmatched: readonly string[]
}

const MAX_FILES = 10_000
const MAX_BYTES = 5 * 1024 * 1024

/**
 * Reads the files that `protect-files` names, relative to the workspace. Protection that cannot be read is an
 * error: what it would have protected is not known.
 * @throws WardenError of kind `input`
 */
export async function readProtectFiles(patterns: readonly string[]): Promise<ProtectFiles> {
  const files = new Map<string, ProtectFile>()
  const unmatched: string[] = []
  for (const pattern of patterns) {
    let found = 0
    for await (const path of glob(pattern)) {
      if (!(await isFile(path))) continue
      found += 1
      if (!files.has(path)) files.set(path, { path, text: await readText(path) })
      if (files.size > MAX_FILES) throw refuse(pattern, `matches more than ${MAX_FILES} files`)
    }
    if (found === 0) unmatched.push(pattern)
  }
  return { files: [...files.values()], unmatched }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile()
  } catch (cause) {
    throw refuse(path, 'cannot be read', cause)
  }
}

async function readText(path: string): Promise<string> {
  try {
    const bytes = await readFile(path)
    if (bytes.length <= MAX_BYTES) return decode(bytes)
  } catch (cause) {
    throw refuse(path, 'cannot be read', cause)
  }
  throw refuse(path, `is larger than ${MAX_BYTES} bytes`)
}

/** PowerShell writes UTF-16, in which no name would be found. */
function decode(bytes: Buffer): string {
  const mark = bytes.toString('hex', 0, 2)
  if (mark === 'fffe') return new TextDecoder('utf-16le').decode(bytes)
  return mark === 'feff' ? new TextDecoder('utf-16be').decode(bytes) : bytes.toString('utf8')
}

function refuse(path: string, why: string, cause?: unknown): WardenError {
  return new WardenError('input', `input protect-files: ${path} ${why}`, {
    advice: 'Name the files that deploy images, such as deploy/**/*.yaml',
    cause,
  })
}
