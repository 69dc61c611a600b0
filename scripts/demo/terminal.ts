import { stripVTControlCharacters, styleText } from 'node:util'
import { barChart } from './bar-chart.ts'

/**
 * Shows the Markdown of a job summary in a terminal: tables aligned, charts as bars, details opened (of many inside
 * another only the first). Colours appear only where stdout is a terminal that wants them.
 */
export function renderForTerminal(markdown: string, width: number): string {
  const shown: string[] = []
  /** for every open fold, whether its content is shown and how many folds it has had inside */
  const folds: { readonly open: boolean; inside: number }[] = []
  for (const block of blocksOf(markdown)) {
    const parent = folds.at(-1)
    if (block.kind === 'close') {
      folds.pop()
      if (folds.length === 0 && shown.at(-1) !== '') shown.push('')
    } else if (block.kind === 'summary') {
      const open = parent === undefined || (parent.open && ++parent.inside === 1)
      if (parent?.open !== false)
        shown.push('  '.repeat(folds.length) + `${open ? '▾' : '▸'} ${inline(block.text)}`)
      folds.push({ open, inside: 0 })
    } else if (parent?.open !== false) {
      const indent = '  '.repeat(folds.length)
      if (block.kind !== 'item' && shown.at(-1)?.startsWith('•')) shown.push('')
      shown.push(...blockLines(block, width - indent.length).map((line) => (line ? indent + line : line)))
      if (block.kind !== 'item') shown.push('')
    }
  }
  return shown.join('\n').trimEnd()
}

type Block =
  | { readonly kind: 'heading' | 'paragraph' | 'small' | 'item'; readonly text: string }
  | { readonly kind: 'summary'; readonly text: string }
  | { readonly kind: 'table'; readonly rows: readonly string[] }
  | { readonly kind: 'chart' | 'code'; readonly lines: readonly string[] }
  | { readonly kind: 'close' }

function blocksOf(markdown: string): readonly Block[] {
  const lines = markdown.replaceAll('\u200B', '').split('\n')
  const blocks: Block[] = []
  for (let line = lines.shift(); line !== undefined; line = lines.shift()) {
    const text = line.trim()
    if (text.startsWith('```')) {
      const end = lines.indexOf('```')
      const inside = lines.splice(0, end + 1).slice(0, -1)
      blocks.push({ kind: text === '```mermaid' ? 'chart' : 'code', lines: inside })
    } else if (text.startsWith('|')) {
      const others = lines.findIndex((each) => !each.trim().startsWith('|'))
      blocks.push({ kind: 'table', rows: [text, ...lines.splice(0, others === -1 ? lines.length : others)] })
    } else if (text !== '' && text !== '<details>') blocks.push(lineBlock(text))
  }
  return blocks
}

function lineBlock(text: string): Block {
  if (text === '</details>') return { kind: 'close' }
  const summary = /<summary>(.*)<\/summary>/.exec(text)?.[1]
  if (summary !== undefined) return { kind: 'summary', text: summary }
  const small = /^<sub>(.*)<\/sub>$/.exec(text)?.[1]
  if (small !== undefined) return { kind: 'small', text: small }
  if (text.startsWith('- ')) return { kind: 'item', text: text.slice(2) }
  const heading = /^#+ (.*)$/.exec(text)?.[1]
  return heading === undefined ? { kind: 'paragraph', text } : { kind: 'heading', text: heading }
}

function blockLines(block: Exclude<Block, { kind: 'close' | 'summary' }>, width: number): readonly string[] {
  switch (block.kind) {
    case 'heading':
      return [styleText('bold', inline(block.text))]
    case 'paragraph':
      return wrapped(inline(block.text), width)
    case 'small':
      return [styleText('dim', inline(block.text))]
    case 'item':
      return [`• ${inline(block.text)}`]
    case 'table':
      return tableLines(block.rows)
    case 'chart':
      return barChart(block.lines, width) ?? block.lines
    default:
      return block.lines.map((line) => `  ${line}`)
  }
}

/** a run of backticks up to the next run of the same length, or HTML's own code element */
const CODE = /(?<!`)(`+)(?!`)(.*?)(?<!`)\1(?!`)|<code>(.*?)<\/code>/g
const STYLES: readonly [pattern: RegExp, shown: (text: string) => string][] = [
  [/\*\*(.+?)\*\*/g, (text) => styleText('bold', text)],
  [/(?<!\\)\*(.+?)\*/g, (text) => styleText('italic', text)],
  [/\[([^\]]*)\]\([^)]*\)/g, (text) => text],
  [/\\([!-/:-@[-`{-~])/g, (text) => text],
]
const ENTITIES = new Map([
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&quot;', '"'],
  ['&amp;', '&'],
])

function inline(text: string): string {
  let shown = ''
  let end = 0
  for (const span of text.matchAll(CODE)) {
    const [whole, , fenced = '', element = fenced] = span
    shown += prose(text.slice(end, span.index)) + styleText('cyan', element.trim())
    end = span.index + whole.length
  }
  shown += prose(text.slice(end))
  return shown.replaceAll(/&(?:lt|gt|quot|amp);/g, (entity) => ENTITIES.get(entity) ?? entity)
}

function prose(text: string): string {
  return STYLES.reduce(
    (shown, [pattern, style]) => shown.replaceAll(pattern, (_, inner: string) => style(inner)),
    text,
  )
}

function tableLines(rows: readonly string[]): readonly string[] {
  const cells = rows.map((row) =>
    row
      .trim()
      .slice(1, -1)
      .split(/(?<!\\)\|/)
      .map((cell) => inline(cell.trim())),
  )
  const [header = [], alignment = [], ...body] = cells
  const widths = header.map((_, column) =>
    Math.max(...[header, ...body].map((row) => visibleWidth(row[column] ?? ''))),
  )
  const aligned = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        padded(
          cell,
          widths[column] ?? 0,
          alignment[column]?.endsWith(':') === true && !alignment[column].startsWith(':'),
        ),
      )
      .join('   ')
      .trimEnd()
  const rule = styleText('dim', widths.map((width) => '─'.repeat(width)).join('───'))
  return [styleText('bold', aligned(header)), rule, ...body.map(aligned)]
}

function padded(text: string, width: number, right: boolean): string {
  const gap = ' '.repeat(Math.max(0, width - visibleWidth(text)))
  return right ? gap + text : text + gap
}

/** Columns a text takes: pictures are two wide, colour codes none. */
function visibleWidth(text: string): number {
  const graphemes = [...new Intl.Segmenter('en').segment(stripVTControlCharacters(text))]
  return graphemes.reduce((sum, { segment }) => sum + (/\p{Extended_Pictographic}/u.test(segment) ? 2 : 1), 0)
}

function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`
    if (lines.length === 0 || visibleWidth(longer) > width) lines.push(word)
    else lines[lines.length - 1] = longer
  }
  return lines
}
