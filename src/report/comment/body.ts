import type { CommentBodies } from '../../domain/comment/decision.ts'
import { formatDate } from '../../domain/quantities/timestamp.ts'
import { commentFooter, fitComment } from './frame.ts'
import type { CommentOptions } from './frame.ts'
import { resolvedBody } from './resolved.ts'
import { commentTable } from './table.ts'
import { EMPTY, blocks, prose } from '../markdown/markdown.ts'
import type { Markdown } from '../markdown/markdown.ts'
import { basePart } from '../size/base.ts'
import { baselineList } from '../size/baseline.ts'
import { breachList, toleranceNote } from '../size/breach-list.ts'
import { causeList } from '../size/cause-list.ts'
import { changeFolds } from '../size/changes.ts'
import type { ChangesExtent } from '../size/changes.ts'
import { filesPart, wasteNotes } from '../size/files.ts'
import type { FilesExtent } from '../size/files.ts'
import { sizeHeadline } from '../size/headline.ts'
import { compressionNotes, notes, pullNote, unmeasuredList, warningList } from '../size/notes.ts'
import type { SizeRow } from '../size/rows.ts'
import type { SizeView } from '../size/view.ts'
import { measuredLine, sizeHeading } from '../size/subject.ts'

export type { CommentOptions } from './frame.ts'

/** How much is written of what has no bound. */
interface CommentExtent {
  readonly changes: ChangesExtent
  readonly files: FilesExtent
  readonly rows: number
  readonly sentences: number
  /** whether the reader has to be told that there is more */
  readonly isShortened: boolean
}

const OPEN_BREACHES = 5
const OPEN_BASES = 30
const NO_CHANGES: ChangesExtent = { images: 0, layers: 0 }
const FILES: FilesExtent = { images: 4, open: 3, folded: 10 }
const FEW_FILES: FilesExtent = { images: 2, open: 3, folded: 0 }
const NO_FILES: FilesExtent = { images: 0, open: 0, folded: 0 }

/**
 * Layer tables go first, then rows of the table, then sentences. The last rung is bounded whatever a report
 * holds.
 */
const LADDER: readonly [CommentExtent, ...CommentExtent[]] = [
  { changes: { images: 10, layers: 20 }, files: FILES, rows: 1000, sentences: 10, isShortened: false },
  { changes: { images: 4, layers: 10 }, files: FILES, rows: 1000, sentences: 10, isShortened: true },
  { changes: NO_CHANGES, files: FEW_FILES, rows: 1000, sentences: 10, isShortened: true },
  { changes: NO_CHANGES, files: NO_FILES, rows: 300, sentences: 10, isShortened: true },
  { changes: NO_CHANGES, files: NO_FILES, rows: 100, sentences: 10, isShortened: true },
  { changes: NO_CHANGES, files: NO_FILES, rows: 30, sentences: 5, isShortened: true },
  { changes: NO_CHANGES, files: NO_FILES, rows: 0, sentences: 2, isShortened: true },
]

/**
 * The pull-request comment in both of its forms, without the marker, each of at most 60,000 characters. Equal
 * reports make equal bodies up to their last line: nothing above it depends on the time, the run or the
 * commit.
 */
export function renderComment(view: SizeView, options: Omit<CommentOptions, 'units'>): CommentBodies {
  const rung = (extent: CommentExtent) => () => draw(view, options, extent)
  const [fullest, ...shorter] = LADDER
  return {
    current: fitComment([rung(fullest), ...shorter.map(rung)]),
    resolved: resolvedBody(view, options),
  }
}

function draw(view: SizeView, options: Omit<CommentOptions, 'units'>, extent: CommentExtent): Markdown {
  const { report, rows, units } = view
  const { sentences } = extent
  return blocks(
    sizeHeading(report, sizeHeadline(view)),
    measuredLine(report, formatDate, null),
    breachList(view, { open: OPEN_BREACHES, written: sentences }),
    causeList(view, sentences),
    toleranceNote(report),
    filesPart(rows, units, extent.files),
    unmeasuredList(report, sentences),
    warningList(report, sentences),
    commentTable(view, extent.rows),
    compressionNotes(rows),
    wasteNotes(rows.filter(isWasteful), units, extent.files.images),
    pullNote(rows, units),
    changeFolds(rows, units, extent.changes),
    basePart(rows, units, Math.min(extent.rows, OPEN_BASES)),
    baselineList(view, formatDate, sentences),
    notes(report, units, sentences),
    extent.isShortened
      ? prose`Shortened to fit into a comment: the job summary of the run has all of it.`
      : EMPTY,
    commentFooter({ ...options, units }),
  )
}

/** What an image wastes is news where a limit says so; the summary tells of all of it. */
function isWasteful({ breaches }: SizeRow): boolean {
  return breaches.some(({ limit }) => limit.endsWith('-wasted'))
}
