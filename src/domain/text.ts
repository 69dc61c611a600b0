import { shorten } from './errors.ts'

/**
 * Controls (C0, C1), format characters (bidi overrides, zero-width, tags), line and paragraph separators, and
 * blanks: whatever makes a terminal, a log or a reader see something else than what is there.
 */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu

/** Nothing to fold: what nearly every text is made of. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/

/**
 * Foreign text as one harmless line of at most `max` characters: each run of blanks and invisible characters
 * becomes one space, lone surrogates become U+FFFD. What Markdown or workflow commands treat specially stays;
 * their writers escape.
 */
export function sanitiseLine(text: string, max: number): string {
  if (text.length <= max && (text === '' || PLAIN.test(text))) return text
  // cut before replacing, so that megabytes of foreign text cost nothing; the factor leaves room for what
  // folds away
  const bounded = text.slice(0, max * 8).toWellFormed()
  return shorten(bounded.replaceAll(INVISIBLE, ' ').trim(), max).toWellFormed()
}

/** `1 tag`, `3 tags`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** `a, b and 3 more`: the first `most` names, and how many there are besides. */
export function someNames(names: readonly string[], most: number): string {
  const shown = names.slice(0, most).join(', ')
  return names.length > most ? `${shown} and ${names.length - most} more` : shown
}

/** Commits in a name as short as GitHub writes them: forty hex digits push everything else out of a table. */
export function shortCommits(name: string): string {
  return name.replaceAll(/(?<![0-9a-f])([0-9a-f]{7})[0-9a-f]{33,57}(?![0-9a-f])/g, '$1…')
}

/** As `sanitiseLine`, but what is too long loses its middle: of a path the beginning and the end say most. */
export function cutMiddle(text: string, max: number): string {
  const line = sanitiseLine(text, Math.max(max, text.length))
  if (line.length <= max) return line
  const end = Math.floor((max - 1) * 0.6)
  return `${line.slice(0, max - 1 - end)}…${line.slice(-end)}`.toWellFormed()
}
