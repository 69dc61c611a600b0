import { formatDate } from '../../domain/quantities/timestamp.ts'
import { foldedTable } from '../markdown/columns.ts'
import { commentFooter, fitComment } from './frame.ts'
import type { CommentOptions } from './frame.ts'
import { commentSituation } from './situation.ts'
import { EMPTY, blocks, details, markup, own } from '../markdown/markdown.ts'
import type { Markdown } from '../markdown/markdown.ts'
import { sizeHeadline, sizeWords } from '../size/headline.ts'
import type { SizeView } from '../size/view.ts'
import { measuredLine, sizeHeading } from '../size/subject.ts'
import { sizeColumns } from '../size/table.ts'
import { ICONS, sizeResult } from '../verdict.ts'
import { plural } from '../markdown/words.ts'

/** Rows that are folded under the good news. */
const WRITTEN_ROWS = 50

/** What a comment becomes when there is no reason for one any more: short, with the numbers of now. */
export function resolvedBody(view: SizeView, options: Omit<CommentOptions, 'units'>): Markdown {
  const { report, units } = view
  const draw = (fold: Markdown): Markdown =>
    blocks(
      sizeHeading(report, resolvedHeadline(view)),
      measuredLine(report, formatDate, null),
      fold,
      commentFooter({ ...options, units }),
    )
  return fitComment([() => draw(view.table.length < 2 ? EMPTY : foldedRows(view)), () => draw(EMPTY)])
}

function resolvedHeadline(view: SizeView): string {
  const { report } = view
  // a run that knows less than all has no good news
  if (sizeResult(report) !== 'pass') return sizeHeadline(view)
  const { changed, hasBaseline } = commentSituation(report)
  const news = hasBaseline && !changed ? 'back to the size of the baseline' : 'back under the limit'
  const words = sizeWords(view).filter((word) => word !== 'unchanged')
  return [`${ICONS.pass} ${news}`, ...words].join(' · ')
}

function foldedRows(view: SizeView): Markdown {
  const { table: rows } = view
  const folding = { open: WRITTEN_ROWS, written: WRITTEN_ROWS, noun: 'platform image' }
  return details(
    markup`${own(plural(rows.length, 'platform image'))}`,
    foldedTable(sizeColumns(view), rows, folding),
  )
}
