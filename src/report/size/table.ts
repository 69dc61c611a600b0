import { formatPlatform } from '../../domain/names/platform.ts'
import type { Platform } from '../../domain/names/platform.ts'
import { formatBytes } from '../../domain/quantities/bytes.ts'
import type { Units } from '../../domain/quantities/bytes.ts'
import { countLayers } from '../../domain/size/measure.ts'
import type { JudgedPlatform } from '../../domain/size/report.ts'
import { UNBROKEN_NAME } from '../markdown/columns.ts'
import type { Column } from '../markdown/columns.ts'
import { escapeText, join, own, prose, unbroken } from '../markdown/markdown.ts'
import type { Markdown } from '../markdown/markdown.ts'
import { estimatedBytes, growthText, judgesOwn, knownGrowth, sizeText } from './growth.ts'
import { nameList } from './names.ts'
import { sharedRepository } from './rows.ts'
import type { SizeRow, TableRow } from './rows.ts'
import { verdictWord } from '../verdict.ts'
import type { SizeView } from './view.ts'

const NONE = prose`–`
const KIND_LENGTH = 20

/**
 * The columns of the table of platform images; those that would be empty or the same everywhere are left
 * out. What is asked first stands first: a narrow window cuts the right side, and the heading has the
 * verdict.
 */
export function sizeColumns(view: SizeView): Column<TableRow>[] {
  const { table: rows } = view
  const shared = sharedRepository([...new Set(rows.map((row) => row.image))]) !== null
  const measured = rows.filter((row) => row.kind === 'measured')
  return [
    {
      title: shared ? prose`Tag` : prose`Image`,
      align: 'left',
      unbroken: UNBROKEN_NAME,
      when: rows.some(({ names }) => names.length > 0),
      cell: ({ names }) => (names.length === 0 ? NONE : nameList(names)),
    },
    {
      title: prose`Platform`,
      align: 'left',
      when: rows.some((row) => platformOfRow(row) !== null),
      cell: platformCell,
    },
    ...sizeAndGrowthColumns(view, measured),
    { title: prose`Verdict`, align: 'left', cell: ofMeasured(verdictCell) },
    ...detailColumns(view, measured),
  ]
}

/** One size, or the two that are compared, and the limit. */
function sizeAndGrowthColumns(
  { table: rows, units, isCompared, limitOf }: SizeView,
  measured: readonly SizeRow[],
): Column<TableRow>[] {
  const own = measured.some(({ platform }) => judgesOwn(platform)) ? prose`, own` : prose``
  return [
    { title: prose`Change`, align: 'right', when: isCompared, cell: (row) => changeCell(row, units) },
    {
      title: isCompared ? prose`Now${own}` : prose`Size${own}`,
      align: 'right',
      cell: ofMeasured((platform) => numberCell(sizeText(platform, units))),
    },
    {
      title: prose`Baseline${own}`,
      align: 'right',
      when: rows.some((row) => row.kind === 'removed' || knownGrowth(row.platform) !== null),
      cell: (row) => beforeCell(row, units),
    },
    {
      title: prose`Limit`,
      align: 'right',
      when: measured.some((row) => limitOf(row) !== null),
      cell: (row) => (row.kind === 'measured' ? limitCell(limitOf(row)) : NONE),
    },
  ]
}

function detailColumns({ units, isCompared }: SizeView, measured: readonly SizeRow[]): Column<TableRow>[] {
  const compressions = new Set(measured.map(({ platform }) => platform.compression))
  return [
    {
      title: prose`Layers`,
      align: 'right',
      when: !isCompared,
      cell: ofMeasured((platform) => prose`${countLayers(platform)}`),
    },
    {
      title: prose`Compression`,
      align: 'left',
      when: compressions.size > 1 || compressions.has('mixed'),
      cell: ofMeasured(compressionCell),
    },
    {
      title: prose`Foreign part`,
      align: 'right',
      when: measured.some(({ platform }) => platform.foreignSize > 0),
      cell: ofMeasured(({ foreignSize }) =>
        foreignSize === 0 ? NONE : numberCell(formatBytes(foreignSize, units)),
      ),
    },
  ]
}

function platformOfRow(row: TableRow): Platform | null {
  return row.kind === 'removed' ? row.removed.platform : row.platform.platform
}

function platformCell(row: TableRow): Markdown {
  const platform = platformOfRow(row)
  return platform === null ? NONE : escapeText(formatPlatform(platform))
}

function ofMeasured(cell: (platform: JudgedPlatform) => Markdown): (row: TableRow) => Markdown {
  return (row) => (row.kind === 'measured' ? cell(row.platform) : NONE)
}

function verdictCell(platform: JudgedPlatform): Markdown {
  return unbroken(own(verdictWord(platform)))
}

function beforeCell(row: TableRow, units: Units): Markdown {
  if (row.kind === 'removed') return numberCell(formatBytes(row.removed.size, units))
  const known = knownGrowth(row.platform)
  if (known === null) return NONE
  return numberCell(estimatedBytes(known.baseline.judgedSize, known.baseline.estimated, units))
}

function changeCell(row: TableRow, units: Units): Markdown {
  if (row.kind === 'removed') return prose`removed`
  const { growth } = row.platform
  return growth === null ? NONE : numberCell(growthText(growth, units))
}

function limitCell(text: string | null): Markdown {
  return text === null ? NONE : numberCell(text)
}

function compressionCell(platform: JudgedPlatform): Markdown {
  const recompressed = knownGrowth(platform)?.recompressed ?? null
  if (recompressed !== null)
    return prose`${escapeText(recompressed.from, KIND_LENGTH)} → ${escapeText(recompressed.to, KIND_LENGTH)}`
  return platform.compression === null ? NONE : own(platform.compression)
}

/** Numbers keep their units; where a column is narrow, what stands around the number goes above and below. */
function numberCell(text: string): Markdown {
  return join(
    text.split(/ (?=\()|(?<=^(?:max|warn)-[a-z-]+) /).map((part) => unbroken(own(part))),
    prose` `,
  )
}
