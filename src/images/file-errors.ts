import { WardenError } from '../domain/errors.ts'
import { sanitiseLine } from '../domain/text.ts'

const WORKSPACE = 'A path is taken from the workspace; the step that makes the image must run before'

/**
 * The error of a path the user named. A missing one is `not-found`: as a baseline, it means that there is
 * none yet.
 */
export function pathError(path: string, error: unknown): WardenError {
  if (error instanceof WardenError) return error
  const code = errorCode(error)
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return new WardenError('not-found', `${path} does not exist`, { advice: WORKSPACE, cause: error })
  }
  return new WardenError('input', `${path} cannot be read (${code ?? 'unknown error'})`, { cause: error })
}

/** The error of bytes that do not decompress. */
export function damaged(error: unknown): WardenError {
  if (error instanceof WardenError) return error
  const reason = sanitiseLine(error instanceof Error ? error.message : String(error), 100)
  return new WardenError('protocol', `the archive is damaged: ${reason}`, { cause: error })
}

/** A name from outside, harmless in a message. */
export function quoted(name: string): string {
  return JSON.stringify(sanitiseLine(name, 100))
}

/** `ENOENT` and its like. */
export function errorCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null
}
