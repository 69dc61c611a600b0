import { inputError, shorten } from '../domain/errors.ts'
import { parsePatterns } from '../domain/patterns/pattern.ts'
import type { Pattern } from '../domain/patterns/pattern.ts'

/** What globs have no meaning for, and no tag holds; `[0-9]*` is a glob. */
const EXPRESSION = /\\[dwsb]|^\^|\$$|\)[+*?]|\]\+|\(\?/i
const SET = /\[[!^]?([^\]]+)\]/g
/** Neither in a tag (distribution-spec, "Pulling manifests") nor in a glob. */
const NOWHERE = /[^\w.*?{},[\]\\-]/u

/**
 * Patterns over tags. A regular expression without its slashes is refused, and so is whatever no tag can hold, such as
 * the blank of `latest stable`: as a glob, it would match nothing, or protect nothing.
 * @throws WardenError of kind `input`
 */
export function parseTagPatterns(texts: readonly string[], input: string): Pattern[] {
  const bare = texts.find((text) => !text.startsWith('/') && EXPRESSION.test(text))
  if (bare !== undefined) {
    const expression = shorten(bare.replace(/^\^|\$$/g, ''), 100)
    throw inputError(input, bare, `A regular expression stands between slashes: write /${expression}/`)
  }
  for (const text of texts) rejectImpossible(text, input)
  return parsePatterns(texts, input)
}

function rejectImpossible(text: string, input: string): void {
  if (text.startsWith('/')) return
  const [character] = NOWHERE.exec(text.replaceAll(SET, '$1')) ?? []
  if (character === undefined) return
  throw inputError(
    input,
    text,
    `A tag cannot contain ${nameOf(character)}: write one pattern per line, without quotes`,
  )
}

function nameOf(character: string): string {
  if (character === ' ') return 'a blank'
  if (/[!-~]/.test(character)) return character
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}
