import { RE2JS, RE2JSException } from 're2js'
import { inputError, shorten } from '../errors.ts'
import { GlobError, globAsExactText, globToExpression } from './glob.ts'

/**
 * A user's pattern over tags, references or repository paths; anchored at both ends, linear in the text's
 * length.
 */
export interface Pattern {
  /** as the user wrote it */
  readonly source: string
  readonly kind: 'glob' | 'regex' | 'exact'
  readonly matches: (text: string) => boolean
}

/** A regular expression with one group, which names the group a tag belongs to. */
export interface GroupPattern {
  readonly source: string
  /** What the group holds, nothing where it took no part in the match; null when the text does not match. */
  readonly capture: (text: string) => string | null
}

const MAX_LENGTH = 512
// RE2 is linear in the text but also in the program: (a{1000}){9} × 10k tags would take minutes
const MAX_PROGRAM = 10_000

/**
 * Parses a glob or, between slashes, an RE2 expression (`/v\d+/`).
 * @throws WardenError of kind `input`: empty, over 512 characters, or not readable, with the reason
 */
export function parsePattern(text: string, input: string): Pattern {
  rejectLength(text, input)
  if (text.startsWith('/')) {
    const expression = compile(betweenSlashes(text, input), text, input)
    return { source: text, kind: 'regex', matches: (candidate) => expression.testExact(candidate) }
  }
  const exact = globAsExactText(text)
  if (exact !== null) return { source: text, kind: 'exact', matches: (candidate) => candidate === exact }
  const expression = compile(readGlob(text, input), text, input)
  return { source: text, kind: 'glob', matches: (candidate) => expression.testExact(candidate) }
}

/** Parses every item of a list input, in its order. */
export function parsePatterns(texts: readonly string[], input: string): Pattern[] {
  return texts.map((text) => parsePattern(text, input))
}

/** The first pattern that matches, or null. */
export function firstMatch(patterns: readonly Pattern[], text: string): Pattern | null {
  return patterns.find((pattern) => pattern.matches(text)) ?? null
}

/**
 * Parses an RE2 expression with exactly one capture group, with or without slashes around it.
 * @throws WardenError of kind `input`
 */
export function parseGroupPattern(text: string, input: string): GroupPattern {
  rejectLength(text, input)
  const source = text.startsWith('/') ? betweenSlashes(text, input) : text
  const expression = compile(source, text, input)
  const groups = expression.groupCount()
  if (groups !== 1) {
    throw inputError(
      input,
      text,
      `It needs exactly one (capture group), it has ${groups}; (?:…) groups without capturing`,
    )
  }
  return {
    source: text,
    capture: (candidate) => {
      const matcher = expression.matcher(candidate)
      return matcher.matches() ? (matcher.group(1) ?? '') : null
    },
  }
}

function rejectLength(text: string, input: string): void {
  if (text === '') throw inputError(input, text, 'A pattern must not be empty; * matches everything')
  if (text.length > MAX_LENGTH)
    throw inputError(input, text, `A pattern has at most ${MAX_LENGTH} characters`)
}

function betweenSlashes(text: string, input: string): string {
  if (text.length < 2 || !text.endsWith('/')) {
    throw inputError(
      input,
      text,
      'A regular expression ends with a slash, too: /…/ (flags go inside: /(?i)…/)',
    )
  }
  if (text === '//') throw inputError(input, text, 'The regular expression is empty; * matches everything')
  return text.slice(1, -1)
}

function readGlob(text: string, input: string): string {
  try {
    return globToExpression(text)
  } catch (error) {
    if (error instanceof GlobError) throw inputError(input, text, `The glob is wrong: ${error.message}`)
    throw error
  }
}

function compile(expression: string, text: string, input: string): RE2JS {
  try {
    const compiled = RE2JS.compile(expression, RE2JS.DOTALL)
    if (compiled.programSize() <= MAX_PROGRAM) return compiled
  } catch (error) {
    if (error instanceof RE2JSException) throw inputError(input, text, reason(expression, error))
    throw error
  }
  throw inputError(input, text, 'The expression is too large; use smaller repeat counts')
}

function reason(expression: string, error: RE2JSException): string {
  const message = error.message.replace(/^error parsing regexp: /, '').replaceAll('(?s)', '')
  const unsupported = /\(\?(?:<?[=!]|>)|\\[1-9]|\\k</.test(expression)
  const hint = unsupported
    ? '; RE2 has no lookaround and no backreferences: exclude with a second pattern instead'
    : ''
  return `The regular expression is wrong: ${shorten(message.replace(/\s+/g, ' '), 120)}${hint}`
}
