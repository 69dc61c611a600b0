import type { Units } from '../../domain/quantities/bytes.ts'
import type { SizeReport } from '../../domain/size/report.ts'
import { groupBreaches } from './breach.ts'
import type { BreachGroup } from './breach.ts'
import { limitAmong } from './growth.ts'
import { isSeries, isCompared, removedRows, shortNames, sizeRows, tableRows } from './rows.ts'
import type { RemovedRow, SizeRow, TableRow } from './rows.ts'

/**
 * A report as it is drawn: log, summary, comment, annotations and last line are renderings of this one value,
 * so that they agree in order, names and what they leave out.
 */
export interface SizeView {
  readonly report: SizeReport
  readonly units: Units
  /** every platform image, worst first */
  readonly rows: readonly SizeRow[]
  /** what is over a limit, in the order in which it is told; what says the same is one */
  readonly breaches: readonly BreachGroup[]
  /** what the baselines have and the images do not have any more */
  readonly removed: readonly RemovedRow[]
  /** both, in the order of a table: news, then what is gone, then what is as it was */
  readonly table: readonly TableRow[]
  /** by its full name, what tells an image from the others; empty for a single image */
  readonly names: ReadonlyMap<string, string>
  /** many tags of one repository, shown in the order of their names and with a chart */
  readonly isSeries: boolean
  /** whether a baseline was asked for, so that there is a change to show */
  readonly isCompared: boolean
  /** the limit that matters most for a platform image, in words; null where none is to be told */
  readonly limitOf: (row: SizeRow) => string | null
}

/** Prepares a report for all of its renderings. */
export function sizeView(report: SizeReport, units: Units): SizeView {
  const names = shortNames(report.images)
  const rows = sizeRows(report, names)
  const removed = removedRows(report, names)
  return {
    report,
    units,
    rows,
    breaches: groupBreaches(report, rows),
    removed,
    table: tableRows(rows, removed),
    names,
    isSeries: isSeries(report.images),
    isCompared: isCompared([...rows, ...removed]),
    limitOf: limitAmong(rows, units),
  }
}
