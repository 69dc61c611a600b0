import { inputError, shorten } from '../domain/errors.ts'
import { parsePatterns } from '../domain/patterns/pattern.ts'
import type { Pattern } from '../domain/patterns/pattern.ts'

/** What globs have no meaning for, and no tag holds. */
const EXPRESSION = /\\[dwsb]|^\^|\$$|[\])][+*?]|\(\?/i

/**
 * Patterns over tags. A regular expression without its slashes is refused: as a glob, `pr-\d+` would match
 * nothing, or protect nothing.
 * @throws WardenError of kind `input`
 */
export function parseTagPatterns(texts: readonly string[], input: string): Pattern[] {
  const bare = texts.find((text) => !text.startsWith('/') && EXPRESSION.test(text))
  if (bare !== undefined) {
    const expression = shorten(bare.replace(/^\^|\$$/g, ''), 100)
    throw inputError(input, bare, `A regular expression stands between slashes: write /${expression}/`)
  }
  return parsePatterns(texts, input)
}
