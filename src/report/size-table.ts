import { formatPlatform } from '../domain/names/platform.ts'
import { formatBytes } from '../domain/quantities/bytes.ts'
import type { Units } from '../domain/quantities/bytes.ts'
import { countLayers } from '../domain/size/measure.ts'
import type { Verdict } from '../domain/size/report.ts'
import type { Column } from './columns.ts'
import { code, escapeText, md } from './markdown.ts'
import type { Markdown } from './markdown.ts'
import { formatShare } from './share.ts'
import { isSeries, sharedRepository } from './size-rows.ts'
import type { SizeRow } from './size-rows.ts'

const VERDICTS: Record<Verdict, Markdown> = {
  pass: md`
✅ pass
  `,
  warn: md`
⚠️ warn
  `,
  fail: md`
❌ fail
  `,
}

/** The columns of the table of platform images; those that would be the same everywhere or empty are left out. */
export function sizeColumns(rows: readonly SizeRow[], units: Units): Column<SizeRow>[] {
  const images = [...new Set(rows.map((row) => row.image))]
  const compressions = new Set(rows.map((row) => row.platform.compression))
  return [
    {
      title: md`
Verdict
      `,
      align: 'left',
      cell: (row) => VERDICTS[row.platform.verdict],
    },
    {
      title:
        sharedRepository(images) === null
          ? md`
Image
            `
          : md`
Tag
            `,
      align: 'left',
      when: images.length > 1,
      cell: (row) => code(row.name),
    },
    {
      title: md`
Platform
      `,
      align: 'left',
      when: rows.some((row) => row.platform.platform !== null),
      cell: (row) =>
        row.platform.platform === null
          ? md`
–
            `
          : escapeText(formatPlatform(row.platform.platform)),
    },
    {
      title: md`
Size
      `,
      align: 'right',
      cell: (row) => sizeCell(row, units),
    },
    {
      title: md`
of it foreign
      `,
      align: 'right',
      when: rows.some((row) => row.platform.foreignSize > 0),
      cell: (row) =>
        row.platform.foreignSize === 0
          ? md`
–
            `
          : escapeText(formatBytes(row.platform.foreignSize, units)),
    },
    {
      title: md`
Layers
      `,
      align: 'right',
      cell: (row) => md`${countLayers(row.platform)}`,
    },
    {
      title: md`
Compression
      `,
      align: 'left',
      when: compressions.size > 1 || compressions.has('mixed'),
      cell: (row) => escapeText(row.platform.compression ?? '–'),
    },
    {
      title: md`
Limit
      `,
      align: 'right',
      when: rows.some((row) => row.platform.limit !== null),
      cell: (row) => limitCell(row, units),
    },
  ]
}

/** Whether the order of the rows is the order of tags, which is worth a word. */
export function orderNote(rows: readonly SizeRow[]): Markdown {
  return isSeries([...new Set(rows.map((row) => row.image))])
    ? md`
newest tag first
      `
    : md`
largest first
      `
}

function sizeCell({ platform }: SizeRow, units: Units): Markdown {
  return escapeText(`${platform.estimated ? '≈ ' : ''}${formatBytes(platform.size, units)}`)
}

function limitCell({ platform }: SizeRow, units: Units): Markdown {
  const { limit, size } = platform
  if (limit === null)
    return md`
–
    `
  const soft = limit.severity === 'warn' ? 'warn ' : ''
  return escapeText(`${soft}${formatBytes(limit.bytes, units)} (${formatShare(size, limit.bytes)})`)
}
