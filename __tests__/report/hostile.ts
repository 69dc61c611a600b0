import * as fc from 'fast-check'
import { micromark } from 'micromark'
import { gfm, gfmHtml } from 'micromark-extension-gfm'

const CHARACTERS = Array.from('`|\\<>&"\'*_~#@!:$^-+= \n\r\t{}[]()%\u2028\u2029\u202E\u200B\0')
const MENTIONS =
  '@octocat @acme/team #1 acme/api#12 GH-7 gh-7 :tada: root@evil.example 3f78685 3f786850e387550fdab836ed7e6dc881de23001b'.split(
    ' ',
  )
const ADDRESSES =
  'https://evil.example/x http://evil.example www.evil.example <https://evil.example> mailto:a@b.example'.split(
    ' ',
  )
const LINKS = [
  '![x](https://evil.example/x.png)',
  '[x](https://evil.example)',
  '[x]: https://evil.example',
  '[^1]',
]
const ELEMENTS =
  '<img src=x>,<script>,</code>,</details>,</summary>,<details open>,<b>,<!--,-->,<!-- marker -->'.split(',')
const SYNTAX =
  '`` ``` \\| \\` `|` &lt; &#64; **b** ~~s~~ ```mermaid \n\n \n#\th \n-\ta \n1.\ta \n|---|'.split(' ')
const NASTY = [CHARACTERS, MENTIONS, ADDRESSES, LINKS, ELEMENTS, SYNTAX, ['\uD800']].flat()

/** Text that an attacker would choose for a tag, an instruction or a platform. */
export const hostileText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...NASTY) },
      fc.string({ maxLength: 6, unit: 'binary' }),
    ),
    {
      maxLength: 16,
    },
  )
  .map((parts) => parts.join(''))

/** The page GitHub would show, before its sanitiser: the worst case. */
export function toHtml(markdown: string): string {
  return micromark(markdown, { extensions: [gfm()], htmlExtensions: [gfmHtml()], allowDangerousHtml: true })
}

/** Names of the elements of a page, comments as `!--`. */
export function elementsOf(page: string): Set<string> {
  return new Set(
    Array.from(page.matchAll(/<\/?(!--|[a-z][a-z0-9]*)/gi), ([, name = '']) => name.toLowerCase()),
  )
}

/** The page that says what a size is; the last line of every report links it. */
export const FORMULA_URL =
  'https://github.com/registry-warden/registry-warden/blob/main/docs/size.md#the-formula'

/** Where links, images and other loads point to, apart from the page of the formula. */
export function targetsOf(page: string): string[] {
  return Array.from(page.matchAll(/(?:href|src|srcset)="([^"]*)"/g), ([, target = '']) => target).filter(
    (target) => target !== FORMULA_URL,
  )
}

const ENTITIES = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['nbsp', '\u00A0'],
])

/** What a reader sees, tags taken away. */
export function textOf(page: string): string {
  return page
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll(/&(?:#(\d+)|([a-z]+));/g, (_, code: string | undefined, name = '') =>
      code === undefined ? (ENTITIES.get(name) ?? '?') : String.fromCodePoint(Number(code)),
    )
}

/**
 * What GitHub would still find in a page's text and turn into a link, a ping or a picture; it leaves code
 * alone.
 */
export function autoLinked(page: string): string[] {
  const text = textOf(page.replaceAll(/<(code|pre)\b[^>]*>.*?<\/\1>/gs, ' '))
  const found = [
    /(?<![\w`])@[a-z0-9]/gi,
    /#\d/g,
    /\bgh-\d/gi,
    /(?:https?|ftp):\/\/\w/gi,
    /\bwww\.\w/gi,
    /[\w.+-]@[\w-]+\.\w/g,
    /:[a-z0-9_+-]+:/gi,
    // a commit; digits are numbers of our own
    /(?<![0-9a-z])(?=\d*[a-f])[0-9a-f]{7,40}(?![0-9a-z])/gi,
  ]
  return found.flatMap((pattern) => text.match(pattern) ?? [])
}

/** Numbers of cells of every table of a document: one list per table, a number per line. */
export function tableShapes(markdown: string): number[][] {
  const shapes: number[][] = []
  let inTable = false
  for (const line of markdown.split('\n')) {
    if (line.startsWith('|')) {
      if (!inTable) shapes.push([])
      // counted as a table's reader does: a backslash before a pipe keeps it in the cell
      shapes.at(-1)?.push(line.replaceAll(/\\[\\|]/g, '').split('|').length - 2)
    }
    inTable = line.startsWith('|')
  }
  return shapes
}
