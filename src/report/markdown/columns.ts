import {
  EMPTY,
  blocks,
  details,
  own,
  markup,
  prose,
  table,
  widened,
  widthInDigits,
  words,
} from './markdown.ts'
import type { Alignment, Markdown } from './markdown.ts'
import { plural } from './words.ts'

/**
 * One column of a table over rows of any kind; `when: false` leaves it out because no row has anything to
 * say.
 */
export interface Column<Row> {
  readonly title: Markdown
  readonly align: Alignment
  readonly when?: boolean
  /** words of up to so many digits' width, such as the names in it, stay in one line */
  readonly unbroken?: number
  readonly cell: (row: Row) => Markdown
}

/** Of a tag or a repository, longer ones break: they would push the other columns out of a narrow window. */
export const UNBROKEN_NAME = 26

/** A table of the columns that have something to say. */
export function columnTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Markdown {
  const shown = columns.filter((column) => column.when !== false)
  const cells = rows.map((row) => shown.map((column) => column.cell(row)))
  const titled = shown.map(({ title, align, unbroken = 0 }, place) => {
    const width = widestWord(
      cells.flatMap((row) => row[place] ?? []),
      unbroken,
    )
    return { align, title: widened(title, width) }
  })
  return table({ columns: titled, rows: cells })
}

/**
 * Of the words that a browser breaks at a hyphen or a slash where a table is wider than the window, the widest;
 * 0 where there is none. One that is too wide gets half the most there is, and breaks into few lines.
 */
function widestWord(cells: readonly Markdown[], most: number): number {
  if (most === 0) return 0
  const widths = cells.flatMap(words).filter(breaks).map(widthInDigits)
  return Math.max(0, ...widths.map((width) => (width <= most ? width : Math.floor(most / 2))))
}

function breaks(word: Markdown): boolean {
  return /[-/]./.test(word)
}

export interface Folding {
  /** rows that are seen at once */
  readonly open: number
  /** rows that are written at all; the others are counted */
  readonly written: number
  /** what one row is, in our own words: "platform image" */
  readonly noun: string
}

/** A fold that hides one or two rows costs more than it saves. */
const WORTH_FOLDING = 3

/** The first rows open, the next folded, the rest counted. */
export function foldedTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { open, written, noun }: Folding,
): Markdown {
  const shown =
    rows.length < open + WORTH_FOLDING && rows.length <= written ? rows.length : Math.min(open, written)
  const folded = rows.slice(shown, written)
  const left = rows.length - shown - folded.length
  const more = (count: number): string => plural(count, `more ${noun}`)
  return blocks(
    shown === 0 ? EMPTY : columnTable(columns, rows.slice(0, shown)),
    folded.length === 0 ? EMPTY : details(markup`${own(more(folded.length))}`, columnTable(columns, folded)),
    left === 0 ? EMPTY : prose`${own(more(left))}, counted but not listed here.`,
  )
}
