import type { KnownGrowth, LayerChange } from '../../domain/growth/growth.ts'
import { formatPlatform } from '../../domain/names/platform.ts'
import { shortDigest } from '../../domain/names/digest.ts'
import { formatBytes, formatChange } from '../../domain/quantities/bytes.ts'
import type { Units } from '../../domain/quantities/bytes.ts'
import type { JudgedPlatform } from '../../domain/size/report.ts'
import { columnTable } from '../markdown/columns.ts'
import type { Column } from '../markdown/columns.ts'
import {
  EMPTY,
  blocks,
  code,
  details,
  escapeText,
  htmlCode,
  markup,
  own,
  prose,
  unbroken,
} from '../markdown/markdown.ts'
import type { Html, Markdown } from '../markdown/markdown.ts'
import { judgesOwn, knownGrowth } from './growth.ts'
import { firstFailing } from './rows.ts'
import type { SizeRow } from './rows.ts'
import { sumLines, tallyLayers } from './tally.ts'
import type { LayerLine, Tally, TallyLine } from './tally.ts'
import { plural } from '../markdown/words.ts'

export interface ChangesExtent {
  /** platform images whose layers are shown */
  readonly images: number
  /** changed layers that are listed of each; the others are summed up */
  readonly layers: number
}

const INSTRUCTION_LENGTH = 100
/** More folds than this are put into one. */
const FEW_FOLDS = 4
const NONE = prose`–`

/**
 * Why sizes changed: the layers that came, went and were replaced, folded for each platform image that
 * changed; open for the first that fails.
 */
export function changeFolds(rows: readonly SizeRow[], units: Units, extent: ChangesExtent): Markdown {
  const changed = rows.flatMap((row) => {
    const growth = knownGrowth(row.platform)
    return growth?.state === 'changed' ? [{ row, growth }] : []
  })
  const failing = firstFailing(rows)
  const fold = ({ row, growth }: Changed): Markdown =>
    changeFold({ row, growth }, units, { most: extent.layers, isOpen: row === failing })
  const shown = changed.slice(0, extent.images)
  if (shown.length <= FEW_FOLDS) return blocks(...shown.map((each) => fold(each)))
  const open = shown.filter(({ row }) => row === failing)
  const closed = shown.filter(({ row }) => row !== failing)
  const left = changed.length - shown.length
  const of = left > 0 ? markup` of ${closed.length + left}` : EMPTY
  const what = markup`What changed in ${closed.length}${of} ${own(open.length > 0 ? 'other ' : '')}platform images`
  return blocks(...open.map((each) => fold(each)), details(what, blocks(...closed.map((each) => fold(each)))))
}

interface Changed {
  readonly row: SizeRow
  readonly growth: KnownGrowth
}

function changeFold(
  { row, growth }: Changed,
  units: Units,
  { most, isOpen }: { readonly most: number; readonly isOpen: boolean },
): Markdown {
  const lines = tableLines(row.platform, growth, most)
  return details(
    markup`What changed${subjectOf(row)}: ${own(summaryOf(growth.layers))}`,
    columnTable(layerColumns(lines, growth, units), lines),
    { isOpen },
  )
}

function subjectOf({ name, platform: { platform } }: SizeRow): Html {
  const where = platform === null ? EMPTY : markup` ${escapeText(formatPlatform(platform))}`
  if (name !== null) return markup` in ${htmlCode(name)}${where}`
  return platform === null ? EMPTY : markup` in${where}`
}

const CHANGES = ['added', 'removed', 'replaced', 'shared'] as const

/** `1 layer added, 1 replaced, 9 shared`. */
function summaryOf(layers: readonly LayerChange[]): string {
  const counts = CHANGES.map((change) => ({
    change,
    count: layers.filter((layer) => layer.change === change).length,
  }))
  const words = counts
    .filter(({ count }) => count > 0)
    .map(
      ({ change, count }, position) => `${position === 0 ? plural(count, 'layer') : String(count)} ${change}`,
    )
  return words.length === 0 ? 'no layers' : words.join(', ')
}

/** One line of the table, whatever it stands for. */
interface ChangeLine extends TallyLine {
  readonly what: Html
  readonly change: LayerChange | null
  readonly isTotal: boolean
}

function tableLines(platform: JudgedPlatform, growth: KnownGrowth, most: number): ChangeLine[] {
  const tally = tallyLayers(platform, growth)
  const { listed, rest } = largestChanges(tally, most)
  const sharedCount = growth.layers.length - tally.changes.length
  const line = (what: Html, { before, now }: TallyLine, change: LayerChange | null = null): ChangeLine => ({
    what,
    before,
    now,
    change,
    isTotal: false,
  })
  return [
    ...listed.map((each) => line(own(each.change.change), each, each.change)),
    ...(rest.length === 0 ? [] : [line(own(`${rest.length} more`), sumLines(rest))]),
    ...(sharedCount === 0 ? [] : [line(own(`${sharedCount} shared`), tally.shared)]),
    line(markup`config`, tally.config),
    { ...tally.total, what: markup`total`, change: null, isTotal: true },
    ...ownLine(platform, growth),
  ]
}

/** With `ignore-base`, limits apply to less than the total. */
function ownLine(platform: JudgedPlatform, { baseline }: KnownGrowth): ChangeLine[] {
  if (!judgesOwn(platform) && baseline.judgedSize === baseline.size) return []
  const line = { before: baseline.judgedSize, now: platform.judgedSize }
  return [{ ...line, what: markup`of it own`, change: null, isTotal: true }]
}

/** The layers that matter most, in their own order, and the others. */
function largestChanges({ changes }: Tally, most: number) {
  const ranked = changes.toSorted((a, b) => weight(b) - weight(a)).slice(0, most)
  const chosen = new Set(ranked)
  return {
    listed: changes.filter((line) => chosen.has(line)),
    rest: changes.filter((line) => !chosen.has(line)),
  }
}

/** A layer that was replaced by one of equal size still is pulled. */
function weight({ before, now }: LayerLine): number {
  return Math.abs(now - before) + now / 1000
}

/** What changed, by how much and why stands first: a narrow window cuts the right side. */
function layerColumns(lines: readonly ChangeLine[], growth: KnownGrowth, units: Units): Column<ChangeLine>[] {
  const named = growth.layers.some(({ createdBy }) => createdBy !== null)
  const split = growth.layers.some(({ before, after }) => before?.from === 'base' || after?.from === 'base')
  const number = (text: string, { isTotal }: ChangeLine): Markdown =>
    isTotal ? prose`**${unbroken(own(text))}**` : unbroken(own(text))
  const size = (line: ChangeLine, side: 'before' | 'now', layer: 'before' | 'after'): Markdown =>
    line.change !== null && line.change[layer] === null ? NONE : number(formatBytes(line[side], units), line)
  return [
    {
      title: prose`Layer`,
      align: 'left',
      cell: ({ what, isTotal }) => (isTotal ? prose`**${unbroken(what)}**` : unbroken(what)),
    },
    {
      title: prose`Change`,
      align: 'right',
      cell: (line) => number(formatChange(line.now - line.before, units), line),
    },
    {
      title: prose`Instruction`,
      align: 'left',
      when: named,
      cell: ({ change }) => (change?.createdBy ? code(change.createdBy, INSTRUCTION_LENGTH) : EMPTY),
    },
    { title: prose`Now`, align: 'right', cell: (line) => size(line, 'now', 'after') },
    { title: prose`Baseline`, align: 'right', cell: (line) => size(line, 'before', 'before') },
    {
      title: prose`From`,
      align: 'left',
      when: split,
      cell: ({ change }) => own((change?.after ?? change?.before)?.from ?? ''),
    },
    {
      title: prose`Digest`,
      align: 'left',
      when: lines.some(({ change }) => change !== null),
      cell: ({ change }) => digestCell(change),
    },
  ]
}

function digestCell(change: LayerChange | null): Markdown {
  const layer = change?.after ?? change?.before
  return layer ? code(`${shortDigest(layer.digest)}…`) : EMPTY
}
