import { formatDate } from '../domain/quantities/timestamp.ts'
import type { Units } from '../domain/quantities/bytes.ts'
import type { SizeReport } from '../domain/size/report.ts'
import { foldedTable } from './columns.ts'
import { commentFooter } from './comment-frame.ts'
import type { CommentOptions } from './comment-frame.ts'
import { commentSituation } from './comment-situation.ts'
import { EMPTY, blocks, details, markup, own } from './markdown.ts'
import type { Markdown } from './markdown.ts'
import { sizeHeadline } from './size-headline.ts'
import { sizeRows, tableRows } from './size-rows.ts'
import type { TableRow } from './size-rows.ts'
import { measuredLine, sizeHeading } from './size-subject.ts'
import { sizeColumns } from './size-table.ts'
import { sizeResult } from './verdict.ts'
import { plural } from './words.ts'

/** Rows that are folded under the good news. */
const WRITTEN_ROWS = 50

/** What a comment becomes when there is no reason for one any more. */
export function resolvedBody(report: SizeReport, options: CommentOptions): Markdown {
  const { units } = options
  const rows = tableRows(sizeRows(report), report)
  return blocks(
    sizeHeading(report, resolvedHeadline(report, units)),
    measuredLine(report, formatDate, null),
    rows.length < 2 ? EMPTY : foldedRows(rows, units),
    commentFooter(options),
  )
}

function foldedRows(rows: readonly TableRow[], units: Units): Markdown {
  const folding = { open: WRITTEN_ROWS, written: WRITTEN_ROWS, noun: 'platform image' }
  return details(
    markup`${own(plural(rows.length, 'platform image'))}`,
    foldedTable(sizeColumns(rows, units), rows, folding),
  )
}

function resolvedHeadline(report: SizeReport, units: Units): string {
  const headline = sizeHeadline(report, units)
  // a run that knows less than all has no good news
  if (sizeResult(report) !== 'pass') return headline
  const { changed, hasBaseline } = commentSituation(report)
  const news = hasBaseline && !changed ? 'back to the size of the baseline' : 'back under the limit'
  return headline.replace('✅', `✅ ${news} ·`)
}
