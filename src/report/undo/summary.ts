import type { UndoReport } from '../../domain/prune/undo-outcome.ts'
import { fit } from '../markdown/fitting.ts'
import { foldedList } from '../markdown/lists.ts'
import { blocks, code, escapeText, heading, own, prose } from '../markdown/markdown.ts'
import type { Markdown } from '../markdown/markdown.ts'
import { SUMMARY_MAX_BYTES, footer } from '../summary-frame.ts'
import type { SummaryOptions } from '../summary-frame.ts'
import { undoHeadline, undoRows } from './log.ts'
import type { UndoRow } from './log.ts'

const WORDS = {
  restored: prose`put back`,
  present: prose`was there already`,
  moved: prose`names something else by now, and stays`,
  failed: prose`**not put back**`,
} as const

/** The job summary of `mode: undo`: the verdict, and each name with what became of it. */
export function renderUndoSummary(report: UndoReport, options: SummaryOptions): Markdown {
  return fit(SUMMARY_MAX_BYTES, [
    () => draw(report, options, 1_000),
    () => draw(report, options, 200),
    () => draw(report, options, 20),
  ])
}

function draw(report: UndoReport, options: SummaryOptions, written: number): Markdown {
  const rows = undoRows(report).toSorted((a, b) => urgency(b) - urgency(a))
  return blocks(
    heading(3, prose`↩️ Undo: ${own(undoHeadline(report))}`),
    foldedList(rows, drawRow, { open: 20, written, noun: 'name' }),
    footer(options),
  )
}

function urgency({ status }: UndoRow): number {
  return ['present', 'restored', 'moved', 'failed'].indexOf(status)
}

function drawRow({ repository, name, status, note }: UndoRow): Markdown {
  const why = note === null || status === 'moved' ? prose`` : prose`: ${escapeText(note)}`
  return prose`${code(`${repository}${name.includes(':') ? '@' : ':'}${name}`)} ${WORDS[status]}${why}`
}
