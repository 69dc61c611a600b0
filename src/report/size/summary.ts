import { formatAge } from '../../domain/quantities/duration.ts'
import type { Timestamp } from '../../domain/quantities/timestamp.ts'
import { foldedTable } from '../markdown/columns.ts'
import { fit } from '../markdown/fitting.ts'
import { EMPTY, blocks } from '../markdown/markdown.ts'
import type { Markdown } from '../markdown/markdown.ts'
import { basePart } from './base.ts'
import { baselineList } from './baseline.ts'
import { breachList, toleranceNote } from './breach-list.ts'
import { changeFolds } from './changes.ts'
import { causeList } from './cause-list.ts'
import { sizeChart } from './chart.ts'
import { filesPart, wasteNotes } from './files.ts'
import { sizeHeadline } from './headline.ts'
import { historyPart } from './history.ts'
import type { DrawnHistory } from './history.ts'
import { layerFolds } from './layers.ts'
import { compressionNotes, notes, pullNote, sharingNote, unmeasuredList, warningList } from './notes.ts'
import type { SizeView } from './view.ts'
import { measuredLine, sizeHeading } from './subject.ts'
import { sizeColumns } from './table.ts'
import { SUMMARY_MAX_BYTES, sizeFooter } from '../summary-frame.ts'
import type { SummaryOptions } from '../summary-frame.ts'

export interface SizeSummaryOptions extends Omit<SummaryOptions, 'units'> {
  /** what `history-file` holds */
  readonly history?: DrawnHistory | null
}

/** How much is written of what has no bound; each rung of the ladder says less. */
interface SummaryExtent {
  /** platform images whose layers are listed */
  readonly layers: number
  readonly rows: number
  readonly sentences: number
}

/** Instructions are read for up to 20 platform images; without them, layers say little. */
const FULL: SummaryExtent = { layers: 20, rows: 2000, sentences: 20 }
const OPEN_ROWS = 30
const OPEN_BREACHES = 10
const CHANGED_LAYERS = 40
const OPEN_FILES = 10
const FOLDED_FILES = 100

/**
 * The job summary of `mode: size`: the verdict, what was measured and how, every platform image, its layers.
 */
export function renderSizeSummary(view: SizeView, options: SizeSummaryOptions): Markdown {
  return fit(SUMMARY_MAX_BYTES, [
    () => draw(view, options, FULL),
    () => draw(view, options, { ...FULL, layers: 0 }),
    () => draw(view, options, { layers: 0, rows: 300, sentences: 10 }),
    () => draw(view, options, { layers: 0, rows: 0, sentences: 5 }),
  ])
}

function draw(
  view: SizeView,
  { history = null, ...options }: SizeSummaryOptions,
  extent: SummaryExtent,
): Markdown {
  const { report, rows, units } = view
  const age = (time: Timestamp): string => formatAge(time, options.now)
  return blocks(
    sizeHeading(report, sizeHeadline(view)),
    measuredLine(report, age, age),
    breachList(view, { open: OPEN_BREACHES, written: extent.sentences }),
    causeList(view, extent.sentences),
    toleranceNote(report),
    filesPart(rows, units, { images: extent.layers, open: OPEN_FILES, folded: FOLDED_FILES }),
    unmeasuredList(report, extent.sentences),
    warningList(report, extent.sentences),
    history === null ? EMPTY : historyPart(view, history),
    view.isSeries ? sizeChart(report.images, units) : EMPTY,
    sizeTable(view, extent),
    wasteNotes(rows, units, extent.layers),
    compressionNotes(rows),
    pullNote(rows, units),
    changeFolds(rows, units, { images: extent.layers, layers: CHANGED_LAYERS }),
    basePart(rows, units, Math.min(extent.rows, OPEN_ROWS)),
    sharingNote(report, units),
    layerFolds(rows, units, extent.layers),
    baselineList(view, age, extent.sentences),
    notes(report, units, extent.sentences),
    sizeFooter({ ...options, units }),
  )
}

function sizeTable(view: SizeView, { rows: written }: SummaryExtent): Markdown {
  const { table: rows } = view
  const folding = { open: OPEN_ROWS, written, noun: 'platform image' }
  return rows.length === 0 ? EMPTY : foldedTable(sizeColumns(view), rows, folding)
}
