import type { Tag } from '../names/tag.ts'

/**
 * What stands around the parts of a tag that are filled in from elsewhere: `v`, `-alpine` of `api:v${VERSION}-alpine`,
 * and an empty one between the variables of `api:${VERSION}${VARIANT}`. A single one has nothing filled in.
 */
export type Literals = readonly string[]

/** A name of anything. */
export const ANYTHING: Literals = ['', '']

const FILLED =
  /^(?:\$\{[^{}\n]{0,100}\}|\$\([^()\n]{0,100}\)|\$\w{0,60}|\{\{[^\n}]{0,150}\}\}|\{[^{}\n]{0,100}\}|<[^<>\n]{0,60}>|%\w)([A-Za-z0-9._-]{0,127})/
const FILLER = /^[${%<]/
/** No tag is made of more; each takes a walk over the tag. */
const MAX_FILLED = 6

/**
 * Reads what templates, shells and formats put in the place of a tag or of parts of it.
 * @param first what stands before
 * @param behind the text from there on
 */
export function literalsOf(first: string, behind: string): Literals {
  const literals = [first]
  let rest = behind
  while (FILLER.test(rest) && literals.length <= MAX_FILLED) {
    const [whole = '', literal = ''] = FILLED.exec(rest) ?? []
    literals.push(literal)
    if (whole === '') break
    rest = rest.slice(whole.length)
  }
  // the end of a sentence is no part of a tag
  return literals.length === 1
    ? literals
    : [...literals.slice(0, -1), (literals.at(-1) ?? '').replace(/\.+$/, '')]
}

/**
 * Whether a tag may be what an open name comes to: each part that is filled in is one of the words, or nothing, where
 * that is not all of the name.
 */
export function comesTo(literals: Literals, tag: string, words: ReadonlySet<string>): boolean {
  const [first = '', ...others] = literals
  if (!tag.startsWith(first)) return false
  const isBare = literals.every((literal) => literal === '') && literals.length === 2
  let starts = new Set([first.length])
  for (const [at, literal] of others.entries()) {
    const isLast = at === others.length - 1
    const ends = new Set<number>()
    for (const start of starts) {
      for (const end of endsOf(tag, start, literal, isLast)) {
        if (mayBe(tag.slice(start, end), words, isBare)) ends.add(end + literal.length)
      }
    }
    starts = ends
  }
  return starts.has(tag.length)
}

/** A variable may bring its hyphen along: `VARIANT=-slim`. */
function mayBe(filled: string, words: ReadonlySet<string>, isAll: boolean): boolean {
  if (filled === '') return !isAll
  return words.has(filled) || words.has(filled.replace(JOINTS, ''))
}

const JOINTS = /^[._-]+|[._-]+$/g

/** Where a filled part may end that begins at `start`, and is followed by a literal. */
function endsOf(tag: string, start: number, literal: string, isLast: boolean): number[] {
  if (isLast) {
    const end = tag.length - literal.length
    return end >= start && tag.endsWith(literal) ? [end] : []
  }
  const ends: number[] = []
  for (let end = tag.indexOf(literal, start); end !== -1; end = tag.indexOf(literal, end + 1)) {
    ends.push(end)
    if (end === tag.length) break
  }
  return ends
}

/** `1.2` is often released as `v1.2`, and the other way round. */
export function withAndWithoutV(word: string): readonly string[] {
  if (/^v\d/.test(word)) return [word, word.slice(1)]
  return /^\d/.test(word) ? [word, `v${word}`] : [word]
}

/** The tags that an open name may come to, with and without a leading `v`. */
export function tagsOf(literals: Literals, tags: Iterable<Tag>, words: ReadonlySet<string>): Tag[] {
  return [...tags].filter((tag) => withAndWithoutV(tag).some((each) => comesTo(literals, each, words)))
}
