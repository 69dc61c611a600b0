import { RE2JS } from 're2js'

/** Why a glob cannot be read; the pattern parser makes an input error of it. */
export class GlobError extends Error {
  override readonly name = 'GlobError'
}

const MAX_BRACE_DEPTH = 4

/**
 * Writes a glob as an RE2 expression: `*` any characters, `?` one, `{a,b}` alternatives, `[a-z]` and `[!a-z]`
 * one character of a set, backslash takes the next character as it is.
 * @throws GlobError
 */
export function globToExpression(glob: string): string {
  const characters = Array.from(glob)
  let expression = ''
  let depth = 0
  let position = 0
  while (position < characters.length) {
    const character = characters[position] ?? ''
    position += 1
    if (character === '*') expression += '.*'
    else if (character === '?') expression += '.'
    else if (character === '{') {
      depth += 1
      if (depth > MAX_BRACE_DEPTH) throw new GlobError(`{…} is nested deeper than ${MAX_BRACE_DEPTH}`)
      expression += '(?:'
    } else if (character === '}' && depth > 0) {
      depth -= 1
      expression += ')'
    } else if (character === ',' && depth > 0) expression += '|'
    else if (character === '[') {
      const set = readSet(characters, position)
      expression += set.expression
      position = set.end
    } else if (character === '\\') {
      expression += quote(escaped(characters, position))
      position += 1
    } else if (character === '}' || character === ']') {
      throw new GlobError(`${character} closes nothing; write \\${character} for the character itself`)
    } else expression += quote(character)
  }
  if (depth > 0) throw new GlobError('{ is never closed; write \\{ for the character itself')
  return expression
}

/** The only text the glob matches, or null when it has a wildcard. */
export function globAsExactText(glob: string): string | null {
  return /[*?{}[\]\\]/.test(glob) ? null : glob
}

function readSet(characters: readonly string[], start: number): { expression: string; end: number } {
  let position = start
  const negated = characters[position] === '!' || characters[position] === '^'
  if (negated) position += 1
  let members = ''
  while (position < characters.length && characters[position] !== ']') {
    const low = member(characters, position)
    position = low.end
    const isRange = characters[position] === '-' && (characters[position + 1] ?? ']') !== ']'
    if (!isRange) {
      members += codePoint(low.character)
      continue
    }
    const high = member(characters, position + 1)
    if (low.character > high.character) {
      throw new GlobError(`[${low.character}-${high.character}] is the wrong way round`)
    }
    members += `${codePoint(low.character)}-${codePoint(high.character)}`
    position = high.end
  }
  if (position >= characters.length)
    throw new GlobError('[ is never closed; write \\[ for the character itself')
  if (members === '') throw new GlobError('[] is empty; write \\[ for the character itself')
  return { expression: `[${negated ? '^' : ''}${members}]`, end: position + 1 }
}

function member(characters: readonly string[], position: number): { character: string; end: number } {
  const character = characters[position] ?? ''
  if (character !== '\\') return { character, end: position + 1 }
  return { character: escaped(characters, position + 1), end: position + 2 }
}

function escaped(characters: readonly string[], position: number): string {
  const character = characters[position]
  if (character === undefined) throw new GlobError('a backslash at the end escapes nothing')
  return character
}

function quote(character: string): string {
  return RE2JS.quote(character)
}

/** Inside a set almost every sign means something; as a number none does. */
function codePoint(character: string): string {
  return `\\x{${(character.codePointAt(0) ?? 0).toString(16)}}`
}
