import { formatAge } from '../domain/quantities/duration.ts'
import type { Timestamp } from '../domain/quantities/timestamp.ts'
import type { SizeReport } from '../domain/size/report.ts'
import { foldedTable } from './columns.ts'
import { fit } from './fitting.ts'
import { EMPTY, blocks, code, own, heading, prose } from './markdown.ts'
import type { Markdown } from './markdown.ts'
import { sizeChart } from './size-chart.ts'
import { sizeHeadline } from './size-headline.ts'
import { layerFolds } from './size-layers.ts'
import { breachList, notes, sharingNote, unmeasuredList } from './size-notes.ts'
import { isSeries, sharedFolder, sharedRepository, sizeRows } from './size-rows.ts'
import type { SizeRow } from './size-rows.ts'
import { sizeColumns } from './size-table.ts'
import { SUMMARY_MAX_BYTES, footer } from './summary-frame.ts'
import type { SummaryOptions } from './summary-frame.ts'
import { plural } from './words.ts'

/** How much is written of what has no bound; each rung of the ladder says less. */
interface Extent {
  readonly layers: number
  readonly rows: number
  readonly sentences: number
}

/** Instructions are read for up to 20 platform images; without them, layers say little. */
const FULL: Extent = { layers: 20, rows: 2000, sentences: 20 }
const OPEN_ROWS = 30

/** The job summary of `mode: size`: the verdict, what was measured and how, every platform image, its layers. */
export function renderSizeSummary(report: SizeReport, options: SummaryOptions): Markdown {
  const rows = sizeRows(report)
  return fit(SUMMARY_MAX_BYTES, [
    () => draw(report, rows, options, FULL),
    () => draw(report, rows, options, { ...FULL, layers: 0 }),
    () => draw(report, rows, options, { layers: 0, rows: 300, sentences: 10 }),
    () => draw(report, rows, options, { layers: 0, rows: 0, sentences: 5 }),
  ])
}

function draw(
  report: SizeReport,
  rows: readonly SizeRow[],
  options: SummaryOptions,
  extent: Extent,
): Markdown {
  const { units } = options
  return blocks(
    heading(3, prose`📦 ${subjectNoun(report)} size: ${own(sizeHeadline(report, units))}`),
    measuredLine(report, rows, options.now),
    breachList(report, units, extent.sentences),
    unmeasuredList(report, extent.sentences),
    isSeries(report.images) ? sizeChart(report.images, units) : EMPTY,
    rows.length === 0
      ? EMPTY
      : foldedTable(sizeColumns(rows, units), rows, {
          open: OPEN_ROWS,
          written: extent.rows,
          noun: 'platform image',
        }),
    sharingNote(report, units),
    layerFolds(rows, units, extent.layers),
    notes(report, units, extent.sentences),
    footer(options),
  )
}

function subjectNoun({ images }: SizeReport): Markdown {
  return images.length > 0 && images.every(({ kind }) => kind === 'artifact') ? prose`Artifact` : prose`Image`
}

function measuredLine(report: SizeReport, rows: readonly SizeRow[], now: Timestamp): Markdown {
  if (report.images.length === 0) return EMPTY
  const stored = report.images.every(({ repository }) => repository !== null)
  const where = stored ? prose`, as stored in the registry` : EMPTY
  return prose`Compressed download size of ${subjectOf(report, rows, now)}: config + each distinct layer${where}.`
}

function subjectOf({ images }: SizeReport, rows: readonly SizeRow[], now: Timestamp): Markdown {
  const [first] = images
  const repository = sharedRepository(images)
  const count = plural(rows.length, 'platform image')
  if (first !== undefined && images.length === 1) {
    const age = first.created === null ? [] : [formatAge(first.created, now)]
    const facts = [...(rows.length > 1 ? [count] : []), ...age].join(', ')
    return facts === '' ? code(first.name) : prose`${code(first.name)} (${own(facts)})`
  }
  const platforms = rows.length > images.length ? prose` (${own(count)})` : EMPTY
  if (repository !== null) return prose`${images.length} tags of ${code(repository)}${platforms}`
  const folder = sharedFolder(images)
  const where = folder === '' ? EMPTY : prose` of ${code(folder)}`
  return prose`${images.length} images${where}${platforms}`
}
