import { styleText } from 'node:util'
import { barChart } from './bar-chart.ts'
import { inline, styled } from './inline.ts'
import { hanging, wrapped } from './lines.ts'
import { tableLines } from './table.ts'

/**
 * Shows Markdown as the action writes it in a terminal: tables aligned, charts as bars, folds closed but for
 * those whose title `opens` matches. Colours appear only where stdout is a terminal that wants them.
 */
export function renderForTerminal(markdown: string, width: number, opens?: RegExp): string {
  const shown: string[] = []
  const folds: { readonly isOpen: boolean }[] = []
  let previous: Shown | null = null
  const show = (kind: Shown, lines: readonly string[], indent: string): void => {
    if (hasGap(previous, kind)) shown.push('')
    shown.push(...lines.map((line) => (line ? indent + line : line)))
    previous = kind
  }
  for (const block of blocksOf(markdown)) {
    const isVisible = folds.at(-1)?.isOpen !== false
    const indent = '  '.repeat(folds.length)
    if (block.kind === 'close') {
      if (folds.pop()?.isOpen === true) previous = 'close'
    } else if (block.kind === 'summary') {
      const isOpen = isVisible && opens?.test(block.text) === true
      const lines = hanging(isOpen ? '▾ ' : '▸ ', inline(block.text), width - indent.length)
      if (isVisible) show(isOpen ? 'opened' : 'closed', lines, indent)
      folds.push({ isOpen })
    } else if (isVisible) show(block.kind, blockLines(block, width - indent.length), indent)
  }
  return shown.join('\n')
}

type Shown = Exclude<Block['kind'], 'summary'> | 'opened' | 'closed'

function hasGap(previous: Shown | null, kind: Shown): boolean {
  if (previous === null || previous === 'opened') return false
  return previous !== kind || (kind !== 'item' && kind !== 'closed')
}

type Block =
  | { readonly kind: 'heading' | 'paragraph' | 'small' | 'item'; readonly text: string }
  | { readonly kind: 'summary'; readonly text: string }
  | { readonly kind: 'table'; readonly rows: readonly string[] }
  | { readonly kind: 'chart' | 'code'; readonly lines: readonly string[] }
  | { readonly kind: 'close' }

const INVISIBLE = /\u200B|<!--.*?-->/g

function blocksOf(markdown: string): readonly Block[] {
  const lines = markdown.replaceAll(INVISIBLE, '').split('\n')
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
    } else if (text !== '' && !/^<details(?: open)?>$/.test(text)) blocks.push(lineBlock(text))
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
      return wrapped(styled('bold', inline(block.text)), width)
    case 'paragraph':
      return wrapped(inline(block.text), width)
    case 'small':
      return wrapped(styled('dim', inline(block.text)), width)
    case 'item':
      return hanging('• ', inline(block.text), width)
    case 'table':
      return tableLines(block.rows, width)
    case 'chart':
      return barChart(block.lines, width) ?? block.lines
    default:
      return block.lines.map((line) => styleText('cyan', `  ${line}`))
  }
}
