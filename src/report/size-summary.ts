import type { Units } from '../domain/quantities/bytes.ts'
import { formatAge } from '../domain/quantities/duration.ts'
import type { Timestamp } from '../domain/quantities/timestamp.ts'
import type { SizeReport } from '../domain/size/report.ts'

import { foldedTable } from './columns.ts'
import { fit } from './fitting.ts'
import { blocks, code, escapeText, heading, html, join, link, md } from './markdown.ts'
import type { Markdown } from './markdown.ts'
import { sizeChart } from './size-chart.ts'
import { sizeHeadline } from './size-headline.ts'
import { layerDetails } from './size-layers.ts'
import { breachList, notes, sharingNote, unmeasuredList } from './size-notes.ts'
import { isSeries, sharedRepository, sizeRows } from './size-rows.ts'
import type { SizeRow } from './size-rows.ts'
import { sizeColumns } from './size-table.ts'

export interface SummaryOptions {
  readonly units: Units
  readonly now: Timestamp
  /** the page of the workflow run */
  readonly runUrl?: string
}

/** GitHub drops a step's summary above 1 MiB; far below that it already renders slowly. */
export const SUMMARY_MAX_BYTES = 512 * 1024

/** How much is written; each rung of the ladder says less. */
interface Extent {
  readonly layers: number
  readonly rows: number
  readonly sentences: number
}

const FULL: Extent = { layers: 20, rows: 2_000, sentences: 20 }
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
  const columns = sizeColumns(rows, units)
  return blocks(
    heading(3, md`📦 Image size: ${escapeText(sizeHeadline(report, units))}`),
    measuredLine(report, rows, options.now),
    breachList(report, units, extent.sentences),
    unmeasuredList(report, extent.sentences),
    rows.length === 0
      ? md``
      : foldedTable(columns, rows, {
          open: Math.min(OPEN_ROWS, extent.rows),
          written: extent.rows,
          of: html`platform images`,
        }),
    isSeries(report.images) ? sizeChart(report.images, units) : md``,
    sharingNote(report, units),
    layerBlocks(rows, units, extent.layers),
    notes(report, units, extent.sentences),
    footer(options),
  )
}

function measuredLine(report: SizeReport, rows: readonly SizeRow[], now: Timestamp): Markdown {
  const { images } = report
  const where = images.every((image) => image.repository !== null)
    ? md`
, as stored in the registry
      `
    : md``
  return md`Compressed download size of ${subjectOf(report, rows, now)}: config + each distinct layer${where}.`
}

function subjectOf({ images }: SizeReport, rows: readonly SizeRow[], now: Timestamp): Markdown {
  const [first] = images
  if (first === undefined)
    return md`
nothing
    `
  const platforms = rows.length > images.length ? md` (${rows.length} platform images)` : md``
  const repository = sharedRepository(images)
  if (images.length > 1) {
    return repository === null
      ? md`${images.length} images${platforms}`
      : md`${images.length} tags of ${code(repository)}${platforms}`
  }
  const built = first.created === null ? md`` : md`, ${escapeText(formatAge(first.created, now))}`
  return md`${code(first.name)}${platforms}${built}`
}

/** Worst and largest first, as in the table; the contract reads instructions for up to 20 platform images. */
function layerBlocks(rows: readonly SizeRow[], units: Units, most: number): Markdown {
  if (most === 0) return md``
  const left = rows.length - most
  return blocks(
    join(
      rows.slice(0, most).map((row) => layerDetails(row, units)),
      md`
\n\n
      `,
    ),
    left > 0 ? md`<sub>Layers of ${left} more platform images are in the report file.</sub>` : md``,
  )
}

function footer({ units, runUrl }: SummaryOptions): Markdown {
  const run =
    runUrl === undefined
      ? md``
      : md` · ${link(
          md`
run
          `,
          runUrl,
        )}`
  const unit =
    units === 'iec'
      ? md`
MiB = 1024² bytes
        `
      : md`
MB = 1000² bytes
        `
  return md`<sub>registry-warden${run} · ${unit}</sub>`
}
