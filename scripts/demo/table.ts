import { styleText } from 'node:util'
import { inline } from './inline.ts'
import { padded, visibleWidth, wrapped } from './lines.ts'

/** Even a column of long names gives up no more than this. */
const NARROWEST = 10

/**
 * A Markdown table in aligned columns; where they do not fit, the widest ones break their cells into lines.
 */
export function tableLines(rows: readonly string[], width: number): readonly string[] {
  const [header = [], alignment = [], ...body] = rows.map(cellsOf)
  const isRight = alignment.map((rule) => rule.endsWith(':') && !rule.startsWith(':'))
  const columns = header.map((_, column) => [header, ...body].map((row) => row[column] ?? ''))
  const roomy = columns.map((cells) => Math.max(...cells.map(visibleWidth)))
  const gap = total(roomy, 3) > width ? 2 : 3
  const widths = fitted(roomy, columns.map(longestWord), width - gap * (columns.length - 1))
  const lines = (row: readonly string[]): readonly string[] => {
    const cells = widths.map((columnWidth, column) => wrapped(row[column] ?? '', columnWidth))
    const height = Math.max(...cells.map((cell) => cell.length))
    return Array.from({ length: height }, (_, line) =>
      cells
        .map((cell, column) => padded(cell[line] ?? '', widths[column] ?? 0, isRight[column]))
        .join(' '.repeat(gap))
        .trimEnd(),
    )
  }
  const rule = styleText('dim', '─'.repeat(total(widths, gap)))
  return [...lines(header).map((line) => styleText('bold', line)), rule, ...body.flatMap(lines)]
}

function cellsOf(row: string): readonly string[] {
  return row
    .trim()
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => inline(cell.trim()))
}

function total(widths: readonly number[], gap: number): number {
  return widths.reduce((sum, width) => sum + width, gap * (widths.length - 1))
}

function longestWord(cells: readonly string[]): number {
  return Math.max(...cells.flatMap((cell) => cell.split(' ').map(visibleWidth)))
}

/**
 * Narrows the widest column again and again: between words first, through them only when there is no other
 * way.
 */
function fitted(widths: readonly number[], words: readonly number[], room: number): readonly number[] {
  const narrowed = [...widths]
  for (const least of [words, words.map((word) => Math.min(word, NARROWEST))]) {
    while (total(narrowed, 0) > room) {
      const loose = narrowed.map((width, column) => (width > (least[column] ?? 0) ? width : 0))
      const widest = loose.indexOf(Math.max(...loose))
      if (loose[widest] === 0) break
      narrowed[widest] = (narrowed[widest] ?? 0) - 1
    }
  }
  return narrowed
}
