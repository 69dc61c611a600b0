import { sanitiseLine } from '../../domain/text.ts'

/**
 * GitHub-flavoured Markdown that is safe to publish. Only this file makes it: out of literals in the source
 * and of text that went through `code` or `escapeText`, so that a raw string cannot reach a comment or
 * summary by accident.
 */
export type Markdown = string & { readonly __brand: 'Markdown' }

/** Markdown that is also valid where Markdown is not read, inside a block of HTML such as `<summary>`. */
export type Html = Markdown & { readonly __context: 'html' }

/**
 * Foreign text longer than this is cut; no name of a registry is (tags have 128, repositories 255
 * characters).
 */
const MAX_FOREIGN_LENGTH = 400

/** The one place where a string becomes Markdown. */
function vouch(text: string): Html {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a brand has no form at run time to check
  return text as Html
}

/**
 * Joins literals of the source, which are trusted, with values that are already Markdown. (Not named `md` or
 * `html`: formatters rewrite the inside of templates of these names, blanks included.)
 */
export function prose(literals: TemplateStringsArray, ...values: readonly (Markdown | number)[]): Markdown {
  return vouch(String.raw({ raw: literals }, ...values))
}

/** As `prose`, for places where only HTML is read. */
export function markup(literals: TemplateStringsArray, ...values: readonly (Html | number)[]): Html {
  return vouch(String.raw({ raw: literals }, ...values))
}

/** Nothing, as Markdown. */
export const EMPTY = vouch('')

export function join(parts: readonly Html[], separator: Html): Html
export function join(parts: readonly Markdown[], separator: Markdown): Markdown
export function join(parts: readonly Markdown[], separator: Markdown): Markdown {
  return vouch(parts.join(separator))
}

/** Blocks with a blank line between them; empty ones are left out. */
export function blocks(...parts: readonly Markdown[]): Markdown {
  return vouch(parts.filter((part) => part !== '').join('\n\n'))
}

/** A list; empty items are left out. */
export function bullets(items: readonly Markdown[]): Markdown {
  return vouch(
    items
      .filter((item) => item !== '')
      .map((item) => `- ${item}`)
      .join('\n'),
  )
}

/**
 * Foreign text as a code span, where GitHub neither links, mentions nor renders anything. The fence is longer
 * than any run of backticks inside (GFM 6.3). A pipe has no safe form in a code span inside a table, so such
 * text becomes HTML.
 */
export function code(text: string, max = MAX_FOREIGN_LENGTH): Markdown {
  const line = sanitiseLine(text, max)
  if (line === '') return EMPTY_CODE
  if (line.includes('|')) return htmlCode(line, max)
  const longest = Math.max(0, ...Array.from(line.matchAll(/`+/g), ([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  const padding = line.startsWith('`') || line.endsWith('`') ? ' ' : ''
  return vouch(`${fence}${padding}${line}${padding}${fence}`)
}

/** Foreign text as an HTML `<code>` element, for `<summary>`. */
export function htmlCode(text: string, max = MAX_FOREIGN_LENGTH): Html {
  const line = sanitiseLine(text, max)
  return line === '' ? EMPTY_CODE : vouch(`<code>${encode(line, '@')}</code>`)
}

const EMPTY_CODE = vouch('<code>&nbsp;</code>')

/**
 * Foreign text as plain text. Entities end Markdown and HTML syntax; but GitHub looks for mentions,
 * references, links and emoji in the rendered text, where an entity is the character again, so these get an
 * invisible break as well.
 */
export function escapeText(text: string, max = MAX_FOREIGN_LENGTH): Html {
  const line = encode(sanitiseLine(text, max), '@#:')
    .replace(BLOCK_START, (start) => (start.endsWith('.') ? start.replace('.', entity('.')) : entity(start)))
    .replaceAll(/\bGH-/gi, (start) => `${start}${BREAK}`)
    .replaceAll(COMMIT, (commit) => commit.replaceAll(/.{6}(?=.)/g, (start) => `${start}${BREAK}`))
  return vouch(line)
}

/**
 * Foreign prose, such as the message of an error: what looks like a reference, a digest, a path or an address
 * becomes code, so that it can be copied as it is; the words around it become text.
 */
export function foreignProse(text: string, max = MAX_FOREIGN_LENGTH): Markdown {
  const words = sanitiseLine(text, max).split(' ').map(foreignWord)
  return join(words, prose` `)
}

/** What GitHub would link, mention or draw, every reference and digest, and the placeholders of `baseline`. */
const NAME_LIKE = /[/@#\\]|:.|www\.|^GH-|^\{[a-z-]+\}$|(?<![0-9a-z])[0-9a-f]{7,}(?![0-9a-z])/i
const AROUND = /^([("']*)(.*?)([)"',;:.?]*)$/s

function foreignWord(word: string): Markdown {
  if (/^\d+\.$/.test(word)) return escapeText(word)
  const [, opening = '', name = '', closing = ''] = AROUND.exec(word) ?? []
  // a colon at the end of a word begins no emoji
  const end = closing.endsWith(':') ? vouch(`${escapeText(closing.slice(0, -1))}:`) : escapeText(closing)
  const middle = NAME_LIKE.test(name) ? code(name) : name === '' ? EMPTY : escapeText(name)
  return prose`${opening === '' ? EMPTY : escapeText(opening)}${middle}${end}`
}

/** Our own words and numbers, left legible in the source: `<0.1 %`, `+2.0 MiB`. Anything else is escaped. */
export function own(text: string): Html {
  return OWN_TEXT.test(text) ? vouch(text.replaceAll('<', '&lt;').replaceAll('>', '&gt;')) : escapeText(text)
}

const OWN_TEXT = /^(?![+-](?: |$))(?:[A-Za-z0-9 .,;'%()<>≈×–·…→✅❌⏳⚠+-]|\uFE0F)*$/u

/** Text that must not be broken at its blanks: a number and its unit in a narrow column. */
export function unbroken(text: Html): Html
export function unbroken(text: Markdown): Markdown
export function unbroken(text: Markdown): Markdown {
  return vouch(text.replaceAll(' ', '\u00A0'))
}

/** The parts that only a blank separates. */
export function words(text: Markdown): Markdown[] {
  return text.split(' ').map(vouch)
}

/**
 * The width of a word in digits of the font around it, rather too large: letters are narrower than digits,
 * those of code are not, and code has a margin.
 */
export function widthInDigits(word: Markdown): number {
  const seen = word.replaceAll(/<[^>]*>|\u200B/g, '').replaceAll(/&#?\w+;/g, '.')
  const widths = seen.split('`').map((part, place) => (place % 2 === 1 ? part.length + 1 : part.length * 0.8))
  return Math.ceil(widths.reduce((sum, width) => sum + width, 0))
}

/**
 * A title as wide as so many digits: it keeps its column from getting so narrow that what is below it breaks.
 * Figure spaces are as wide as a digit and do not break; in the title, they are in nothing that is copied.
 */
export function widened(title: Markdown, digits: number): Markdown {
  return vouch(`${title}${entity('\u2007').repeat(Math.max(0, digits - widthInDigits(title)))}`)
}

/** Our own words, in which each number stays with its unit where a window is narrow. */
export function withUnits(text: string): Html {
  return vouch(own(text).replaceAll(/(?<=\d) (?=[kKMGT]?i?B|%)/g, '\u00A0'))
}

const BREAK = '\u200B'
const SYNTAX = /[\\`*_{}[\]()<>&|~#@!:$^"]/g
/** What GitHub would link to a commit of the repository, were there one. */
const COMMIT = /(?<![0-9a-z])[0-9a-f]{7,40}(?![0-9a-z])/gi
const BLOCK_START = /^(?:[-+=]|\d+\.(?= |$))/

/**
 * Numeric entities for all syntax, with a zero-width break behind what GitHub would still find in rendered
 * text.
 */
function encode(line: string, broken: string): string {
  return line
    .replace(SYNTAX, (character) => `${entity(character)}${broken.includes(character) ? BREAK : ''}`)
    .replaceAll(/www(?=\.)/gi, (start) => `${start}${BREAK}`)
}

function entity(character: string): string {
  return `&#${String(character.charCodeAt(0))};`
}

/** A link of our own to an address we know; an address that is not http(s) leaves only the words. */
export function link(words: Markdown, address: string): Markdown {
  if (!URL.canParse(address)) return words
  const url = new URL(address)
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return words
  const target = url.href.replaceAll(
    /[()<>|\\`*_[\]]/g,
    (character) => `%${character.charCodeAt(0).toString(16)}`,
  )
  return vouch(`[${words}](${target})`)
}

export function heading(level: 2 | 3 | 4, words: Markdown): Markdown {
  return vouch(`${'#'.repeat(level)} ${words}`)
}

/** A part that opens on a click, or is open. GitHub reads Markdown in it only behind an empty line. */
export function details(summary: Html, body: Markdown, { isOpen = false } = {}): Markdown {
  return vouch(`<details${isOpen ? ' open' : ''}>\n<summary>${summary}</summary>\n\n${body}\n\n</details>`)
}

/** A drawing in mermaid's language; its author must keep foreign text out or within `[A-Za-z0-9._-]`. */
export function mermaid(lines: readonly string[]): Markdown {
  const safe = lines.map((line) => line.replaceAll(/[`\r\n]/g, ' '))
  return vouch(['```mermaid', ...safe, '```'].join('\n'))
}

export type Alignment = 'left' | 'right' | 'center'

export interface Table {
  readonly columns: readonly { readonly title: Markdown; readonly align: Alignment }[]
  readonly rows: readonly (readonly Markdown[])[]
}

const RULES: Record<Alignment, string> = { left: ':---', right: '---:', center: ':---:' }

/** A table (GFM 4.10); every row has exactly one cell per column. */
export function table({ columns, rows }: Table): Markdown {
  const lines = [
    columns.map((column) => cell(column.title)),
    columns.map((column) => RULES[column.align]),
    ...rows.map((row) => columns.map((_, position) => cell(row[position] ?? EMPTY))),
  ]
  return vouch(lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n'))
}

function cell(content: Markdown): string {
  return content.replaceAll('|', '&#124;').replaceAll(/\s*\n\s*/g, ' ')
}
