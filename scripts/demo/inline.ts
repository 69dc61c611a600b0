import { styleText } from 'node:util'

type Style = Parameters<typeof styleText>[0]

/** a run of backticks up to the next run of the same length, or HTML's own code element */
const CODE = /(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)|<code>(.*?)<\/code>/g
/** stands for a code span while the words around it get their style; private use, in nobody's text */
const CODE_HERE = '\uE000'
const STYLES: readonly [pattern: RegExp, shown: (text: string) => string][] = [
  [/\*\*(.+?)\*\*/g, (text) => styled('bold', text)],
  [/(?<!\\)\*(.+?)\*/g, (text) => styled('italic', text)],
  [/\[([^\]]*)\]\([^)]*\)/g, (text) => text],
  [/\\([!-/:-@[-`{-~])/g, (text) => text],
]
const NAMED = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['amp', '&'],
  ['nbsp', '\u00A0'],
])

/** The words of one line of Markdown, with colours where stdout is a terminal that wants them. */
export function inline(text: string): string {
  const codes: string[] = []
  const outline = text.replaceAll(CODE, (_, _ticks, fenced?: string, element = fenced ?? '') => {
    codes.push(styled('cyan', element.trim()))
    return CODE_HERE
  })
  const shown = prose(outline).replaceAll(CODE_HERE, () => codes.shift() ?? '')
  return shown.replaceAll(/&(?:#(\d{1,6})|(\w{2,4}));/g, (entity, code?: string, name = '') =>
    code === undefined ? (NAMED.get(name) ?? entity) : String.fromCodePoint(Number(code)),
  )
}

/** Word by word, so that a line can be broken between them. */
export function styled(style: Style, text: string): string {
  return text.replaceAll(/[^ ]+/g, (word) => styleText(style, word))
}

function prose(text: string): string {
  return STYLES.reduce(
    (shown, [pattern, style]) => shown.replaceAll(pattern, (_, inner: string) => style(inner)),
    text,
  )
}
