import { blocks, details, html, md, table } from './markdown.ts'
import type { Alignment, Html, Markdown } from './markdown.ts'

/** One column of a table over rows of any kind; `when: false` leaves it out because no row has anything to say. */
export interface Column<Row> {
  readonly title: Markdown
  readonly align: Alignment
  readonly when?: boolean
  readonly cell: (row: Row, position: number) => Markdown
}

/** Columns for which there is something to say. */
export function columnTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Markdown {
  const shown = columns.filter((column) => column.when !== false)
  return table({
    columns: shown,
    rows: rows.map((row, position) => shown.map((column) => column.cell(row, position))),
  })
}

export interface Folding {
  /** rows that are seen at once */
  readonly open: number
  /** rows that are written at all; the others are counted */
  readonly written: number
  /** what the rows are, in words: "platform images" */
  readonly of: Html
}

/** The first rows open, the next folded, the rest counted. */
export function foldedTable<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { open, written, of }: Folding,
): Markdown {
  // a fold that hides one or two rows costs more than it saves
  const shown = rows.length <= open + 2 ? rows.length : open
  const folded = rows.slice(shown, Math.max(shown, written))
  const left = rows.length - Math.min(rows.length, shown) - folded.length
  return blocks(
    columnTable(columns, rows.slice(0, shown)),
    folded.length === 0 ? md`` : details(html`${folded.length} more ${of}`, columnTable(columns, folded)),
    left === 0
      ? md``
      : md`${left} more ${of} ${
          left === 1
            ? md`
is
              `
            : md`
are
              `
        } counted, but not listed here.`,
  )
}
