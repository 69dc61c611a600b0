import { stripVTControlCharacters } from 'node:util'

const graphemes = new Intl.Segmenter('en')
/** Pictures, signs that U+FE0F makes pictures, and the scripts whose characters fill two columns. */
const WIDE =
  /\p{Emoji_Presentation}|\uFE0F|[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/u

/** Columns that a text takes in a terminal: pictures are two wide, colour codes none. */
export function visibleWidth(text: string): number {
  let width = 0
  for (const { segment } of graphemes.segment(stripVTControlCharacters(text))) {
    width += WIDE.test(segment) ? 2 : 1
  }
  return width
}

/** Fills up with blanks, on the left for numbers. */
export function padded(text: string, width: number, right = false): string {
  const gap = ' '.repeat(Math.max(0, width - visibleWidth(text)))
  return right ? gap + text : text + gap
}

/**
 * Lines of at most that many columns, broken at blanks; a longer word is broken too, and loses its colour.
 */
export function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ').flatMap((each) => pieces(each, width))) {
    const longer = `${lines.at(-1)} ${word}`
    if (lines.length === 0 || visibleWidth(longer) > width) lines.push(word)
    else lines[lines.length - 1] = longer
  }
  return lines
}

/** A text behind a mark, whose further lines stand under its first. */
export function hanging(mark: string, text: string, width: number): readonly string[] {
  const indent = visibleWidth(mark)
  return wrapped(text, width - indent).map(
    (line, number) => (number === 0 ? mark : ' '.repeat(indent)) + line,
  )
}

function pieces(word: string, width: number): readonly string[] {
  if (visibleWidth(word) <= width) return [word]
  const parts: string[] = ['']
  for (const { segment } of graphemes.segment(stripVTControlCharacters(word))) {
    if (visibleWidth(parts.at(-1) + segment) > width) parts.push(segment)
    else parts[parts.length - 1] += segment
  }
  return parts
}
