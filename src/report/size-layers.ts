import { shortDigest } from '../domain/names/digest.ts'
import type { Digest } from '../domain/names/digest.ts'
import { formatPlatform } from '../domain/names/platform.ts'
import { formatBytes } from '../domain/quantities/bytes.ts'
import type { Units } from '../domain/quantities/bytes.ts'
import type { Layer, PlatformImage } from '../domain/size/report.ts'
import { columnTable } from './columns.ts'
import type { Column } from './columns.ts'
import { blocks, code, details, escapeText, html, htmlCode, join, md } from './markdown.ts'
import type { Html, Markdown } from './markdown.ts'
import { formatShare } from './share.ts'
import type { SizeRow } from './size-rows.ts'

/** Layers of one image that are listed; an image has some tens, a hostile manifest tens of thousands. */
const MOST_LAYERS = 130
const MOST_INSTRUCTION = 160

interface LayerRow {
  readonly what: Markdown
  readonly size: Markdown
  readonly share: Markdown
  readonly digest: Digest
  readonly marks: readonly Markdown[]
}

/** What one platform image is made of, folded: each layer with the instruction that made it. */
export function layerDetails(row: SizeRow, units: Units): Markdown {
  const { platform } = row
  const rows = layerRows(platform, units)
  const named = platform.layers.some((layer) => layer.createdBy !== null)
  const columns: Column<LayerRow>[] = [
    {
      title: named
        ? md`
Instruction
          `
        : md`
Type
          `,
      align: 'left',
      cell: (layer) => layer.what,
    },
    {
      title: md`
Size
      `,
      align: 'right',
      cell: (layer) => layer.size,
    },
    {
      title: md`
Share
      `,
      align: 'right',
      cell: (layer) => layer.share,
    },
    {
      title: md`
Digest
      `,
      align: 'left',
      cell: (layer) => code(shortDigest(layer.digest)),
    },
    {
      title: md`
Note
      `,
      align: 'left',
      when: rows.some((layer) => layer.marks.length > 0),
      cell: (layer) =>
        join(
          layer.marks,
          md`
,
          `,
        ),
    },
  ]
  const left = rows.length - MOST_LAYERS
  return details(
    summaryOf(row, units),
    blocks(
      columnTable(columns, rows.slice(0, MOST_LAYERS)),
      left > 0 ? md`${left} more layers are counted, but not listed here.` : md``,
    ),
  )
}

function summaryOf({ name, platform }: SizeRow, units: Units): Html {
  const largest = platform.layers.reduce((most, layer) => Math.max(most, layer.size), 0)
  const count = platform.layers.length
  const where = platform.platform === null ? html`` : html` ${escapeText(formatPlatform(platform.platform))}`
  const size = escapeText(`${platform.estimated ? '≈ ' : ''}${formatBytes(platform.size, units)}`)
  const heaviest = escapeText(`${formatBytes(largest, units)} (${formatShare(largest, platform.size)})`)
  return html`${htmlCode(name)}${where}: ${count} ${count === 1 ? html`layer` : html`layers`},
  ${size}${count > 1 ? html`, largest ${heaviest}` : html``}`
}

function layerRows(platform: PlatformImage, units: Units): LayerRow[] {
  const seen = new Set<Digest>()
  const rows = platform.layers.map((layer) => {
    const repeated = seen.has(layer.digest)
    seen.add(layer.digest)
    return {
      what: whatMade(layer),
      size: escapeText(formatBytes(layer.size, units)),
      share: repeated
        ? md`
–
          `
        : escapeText(formatShare(layer.size, platform.size)),
      digest: layer.digest,
      marks: marksOf(layer, repeated),
    }
  })
  const { config } = platform
  if (config === null) return rows
  const share = escapeText(formatShare(config.size, platform.size))
  const size = escapeText(formatBytes(config.size, units))
  return [
    ...rows,
    {
      what: md`
_config_
      `,
      size,
      share,
      digest: config.digest,
      marks: [],
    },
  ]
}

function whatMade(layer: Layer): Markdown {
  if (layer.createdBy === null) return code(layer.mediaType, MOST_INSTRUCTION)
  return code(layer.createdBy, MOST_INSTRUCTION)
}

function marksOf(layer: Layer, repeated: boolean): Markdown[] {
  return [
    ...(layer.foreign
      ? [
          md`
foreign: not stored in this registry
          `,
        ]
      : []),
    ...(layer.throwaway
      ? [
          md`
empty, metadata only
          `,
        ]
      : []),
    ...(repeated
      ? [
          md`
repeated, counted once
          `,
        ]
      : []),
  ]
}
