import { shortDigest } from '../../domain/names/digest.ts'
import type { Digest } from '../../domain/names/digest.ts'
import { formatPlatform } from '../../domain/names/platform.ts'
import { formatBytes } from '../../domain/quantities/bytes.ts'
import type { Units } from '../../domain/quantities/bytes.ts'
import { countLayers } from '../../domain/size/measure.ts'
import type { Layer, JudgedPlatform } from '../../domain/size/report.ts'
import { columnTable } from '../markdown/columns.ts'
import type { Column } from '../markdown/columns.ts'
import {
  EMPTY,
  blocks,
  code,
  details,
  escapeText,
  own,
  htmlCode,
  join,
  markup,
  prose,
  unbroken,
} from '../markdown/markdown.ts'
import type { Html, Markdown } from '../markdown/markdown.ts'
import { estimatedBytes } from './growth.ts'
import { firstFailing } from './rows.ts'
import type { SizeRow } from './rows.ts'
import { formatShare, plural } from '../markdown/words.ts'

/** Layers of one image that are listed; an image has some tens, a hostile manifest tens of thousands. */
const MOST_LAYERS = 130
const INSTRUCTION_LENGTH = 140
/** More folds than this are put into one. */
const FEW_FOLDS = 4

interface LayerRow {
  readonly made: Markdown
  readonly size: number
  readonly share: Markdown
  readonly digest: Digest
  readonly marks: readonly Markdown[]
}

/**
 * What each platform image is made of, folded; of at most `most` of them. Open for the first that fails,
 * unless what changed in it is shown already.
 */
export function layerFolds(rows: readonly SizeRow[], units: Units, most: number): Markdown {
  const failing = firstFailing(rows)
  const opened = failing?.platform.growth?.state === 'changed' ? null : failing
  const shown = rows.filter((row) => row.platform.layers.length > 0).slice(0, most)
  const fold = (row: SizeRow): Markdown => layerFold(row, units, { isOpen: row === opened })
  if (shown.length <= FEW_FOLDS) return blocks(...shown.map((row) => fold(row)))
  const open = shown.filter((row) => row === opened)
  const closed = shown.filter((row) => row !== opened)
  const of = shown.length < rows.length ? markup` of ${rows.length - open.length}` : EMPTY
  const what = markup`Layers of ${closed.length}${of} ${own(open.length > 0 ? 'other ' : '')}platform images`
  return blocks(...open.map((row) => fold(row)), details(what, blocks(...closed.map((row) => fold(row)))))
}

function layerFold(row: SizeRow, units: Units, { isOpen }: { readonly isOpen: boolean }): Markdown {
  const rows = layerRows(row.platform)
  const named = row.platform.layers.some((layer) => layer.createdBy !== null)
  const columns: Column<LayerRow>[] = [
    {
      title: prose`Size`,
      align: 'right',
      cell: ({ size }) => unbroken(own(formatBytes(size, units))),
    },
    { title: prose`Share`, align: 'right', cell: ({ share }) => share },
    { title: named ? prose`Instruction` : prose`Type`, align: 'left', cell: ({ made }) => made },
    { title: prose`Digest`, align: 'left', cell: ({ digest }) => code(`${shortDigest(digest)}…`) },
    {
      title: prose`Note`,
      align: 'left',
      when: rows.some(({ marks }) => marks.length > 0),
      cell: ({ marks }) => join(marks, prose`, `),
    },
  ]
  const left = rows.length - MOST_LAYERS
  return details(
    summaryOf(row, units),
    blocks(
      columnTable(columns, rows.slice(0, MOST_LAYERS)),
      left > 0 ? prose`${own(plural(left, 'more layer'))}, counted but not listed here.` : EMPTY,
    ),
    { isOpen },
  )
}

function summaryOf({ name, platform }: SizeRow, units: Units): Html {
  const { layers, size } = platform
  const count = countLayers(platform)
  const largest = layers.reduce((most, layer) => Math.max(most, layer.size), 0)
  const words = [
    estimatedBytes(size, platform.estimated, units),
    ...(count > 1 ? [`largest ${formatBytes(largest, units)} (${formatShare(largest, size)})`] : []),
  ]
  const where = platform.platform === null ? EMPTY : markup` ${escapeText(formatPlatform(platform.platform))}`
  const of = name === null ? where : markup` ${htmlCode(name)}${where}`
  return markup`${own(plural(count, 'layer'))}${of === '' ? EMPTY : markup` of${of}`} · ${own(words.join(' · '))}`
}

function layerRows(platform: JudgedPlatform): LayerRow[] {
  const seen = new Set<Digest>()
  const share = (size: number): Markdown => unbroken(own(formatShare(size, platform.size)))
  const rows = platform.layers.map((layer) => {
    const repeated = seen.has(layer.digest)
    seen.add(layer.digest)
    return {
      made: code(layer.createdBy ?? layer.mediaType.replace(/^application\//, ''), INSTRUCTION_LENGTH),
      size: layer.size,
      share: repeated ? prose`–` : share(layer.size),
      digest: layer.digest,
      marks: marksOf(layer, repeated),
    }
  })
  const { config } = platform
  if (config === null) return rows
  return [...rows, { ...config, made: prose`*config*`, share: share(config.size), marks: [] }]
}

function marksOf(layer: Layer, repeated: boolean): Markdown[] {
  return [
    ...(layer.foreign ? [prose`foreign`] : []),
    ...(layer.throwaway ? [prose`throwaway`] : []),
    ...(repeated ? [prose`repeat`] : []),
    ...(layer.from === 'base' ? [prose`base image`] : []),
  ]
}
