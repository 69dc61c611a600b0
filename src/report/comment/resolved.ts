import { formatDate } from '../../domain/quantities/timestamp.ts'
import type { Units } from '../../domain/quantities/bytes.ts'
import type { SizeReport } from '../../domain/size/report.ts'
import { foldedTable } from '../markdown/columns.ts'
import { commentFooter, fitComment } from './frame.ts'
import type { CommentOptions } from './frame.ts'
import { commentSituation } from './situation.ts'
import { EMPTY, blocks, details, markup, own } from '../markdown/markdown.ts'
import type { Markdown } from '../markdown/markdown.ts'
import { sizeHeadline, sizeWords } from '../size/headline.ts'
import { tableRows } from '../size/rows.ts'
import type { SizeRow, TableRow } from '../size/rows.ts'
import { measuredLine, sizeHeading } from '../size/subject.ts'
import { sizeColumns } from '../size/table.ts'
import { ICONS, sizeResult } from '../verdict.ts'
import { plural } from '../markdown/words.ts'

/** Rows that are folded under the good news. */
const WRITTEN_ROWS = 50

/** What a comment becomes when there is no reason for one any more: short, with the numbers of now. */
export function resolvedBody(
  report: SizeReport,
  measured: readonly SizeRow[],
  options: CommentOptions,
): Markdown {
  const { units } = options
  const rows = tableRows(measured, report)
  const draw = (fold: Markdown): Markdown =>
    blocks(
      sizeHeading(report, resolvedHeadline(report, measured, units)),
      measuredLine(report, formatDate, null),
      fold,
      commentFooter(options),
    )
  return fitComment([() => draw(rows.length < 2 ? EMPTY : foldedRows(rows, units)), () => draw(EMPTY)])
}

function resolvedHeadline(report: SizeReport, measured: readonly SizeRow[], units: Units): string {
  // a run that knows less than all has no good news
  if (sizeResult(report) !== 'pass') return sizeHeadline(report, units)
  const { changed, hasBaseline } = commentSituation(report)
  const news = hasBaseline && !changed ? 'back to the size of the baseline' : 'back under the limit'
  const words = sizeWords(report, measured, units).filter((word) => word !== 'unchanged')
  return [`${ICONS.pass} ${news}`, ...words].join(' · ')
}

function foldedRows(rows: readonly TableRow[], units: Units): Markdown {
  const folding = { open: WRITTEN_ROWS, written: WRITTEN_ROWS, noun: 'platform image' }
  return details(
    markup`${own(plural(rows.length, 'platform image'))}`,
    foldedTable(sizeColumns(rows, units), rows, folding),
  )
}
