import { columnTable, foldedTable } from '../markdown/columns.ts'
import { EMPTY, blocks, details, markup } from '../markdown/markdown.ts'
import type { Markdown } from '../markdown/markdown.ts'
import { isQuiet } from '../size/rows.ts'
import { sizeColumns } from '../size/table.ts'
import type { SizeView } from '../size/view.ts'

const OPEN_ROWS = 10
/** A fold that hides fewer rows costs more than it saves. */
const WORTH_FOLDING = 3

/** The platform images: what has news open, what is as it was folded; at most `written` of them. */
export function commentTable(view: SizeView, written: number): Markdown {
  const { table: rows } = view
  const columns = sizeColumns(view)
  const quiet = rows.filter(isQuiet)
  const folding = { open: OPEN_ROWS, written, noun: 'platform image' }
  if (rows.length === 0) return EMPTY
  if (quiet.length < WORTH_FOLDING || rows.length > written) return foldedTable(columns, rows, folding)
  const news = rows.slice(0, rows.length - quiet.length)
  return blocks(
    news.length === 0 ? EMPTY : foldedTable(columns, news, folding),
    details(markup`${quiet.length} unchanged`, columnTable(columns, quiet)),
  )
}
