import { EMPTY, blocks, details, own, markup, prose, table } from './markdown.ts'
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
  readonly cell: (row: Row) => Markdown
}

/** A table of the columns that have something to say. */
export function columnTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Markdown {
  const shown = columns.filter((column) => column.when !== false)
  return table({ columns: shown, rows: rows.map((row) => shown.map((column) => column.cell(row))) })
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
