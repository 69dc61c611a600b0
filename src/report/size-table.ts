import { formatPlatform } from '../domain/names/platform.ts'
import { formatBytes } from '../domain/quantities/bytes.ts'
import type { Units } from '../domain/quantities/bytes.ts'
import { countLayers } from '../domain/size/measure.ts'
import type { PlatformImage } from '../domain/size/report.ts'
import type { Column } from './columns.ts'
import { code, escapeText, own, prose, unbroken } from './markdown.ts'
import type { Markdown } from './markdown.ts'
import { sharedRepository } from './size-rows.ts'
import type { SizeRow } from './size-rows.ts'
import { ICONS } from './verdict.ts'
import { formatShare } from './words.ts'

const NONE = prose`–`

/**
 * The columns of the table of platform images; those that would be empty or the same everywhere are left
 * out. What is asked first stands first: a narrow window cuts the right side.
 */
export function sizeColumns(rows: readonly SizeRow[], units: Units): Column<SizeRow>[] {
  const shared = sharedRepository([...new Set(rows.map((row) => row.image))]) !== null
  const compressions = new Set(rows.map(({ platform }) => platform.compression))
  const some = (says: (platform: PlatformImage) => boolean): boolean => rows.some((row) => says(row.platform))
  return [
    { title: prose`Verdict`, align: 'left', cell: ({ platform }) => verdictCell(platform) },
    {
      title: shared ? prose`Tag` : prose`Image`,
      align: 'left',
      when: rows.some(({ name }) => name !== null),
      cell: ({ name }) => (name === null ? NONE : code(name)),
    },
    {
      title: prose`Platform`,
      align: 'left',
      when: some(({ platform }) => platform !== null),
      cell: ({ platform: { platform } }) => (platform === null ? NONE : escapeText(formatPlatform(platform))),
    },
    {
      title: prose`Size`,
      align: 'right',
      cell: ({ platform }) => unbroken(own(sizeText(platform, units))),
    },
    {
      title: prose`Limit`,
      align: 'right',
      when: some(({ limit }) => limit !== null),
      cell: ({ platform }) => limitCell(platform, units),
    },
    { title: prose`Layers`, align: 'right', cell: ({ platform }) => prose`${countLayers(platform)}` },
    {
      title: prose`Compression`,
      align: 'left',
      when: compressions.size > 1 || compressions.has('mixed'),
      cell: ({ platform }) => (platform.compression === null ? NONE : own(platform.compression)),
    },
    {
      title: prose`Foreign part`,
      align: 'right',
      when: some(({ foreignSize }) => foreignSize > 0),
      cell: ({ platform: { foreignSize } }) =>
        foreignSize === 0 ? NONE : unbroken(own(formatBytes(foreignSize, units))),
    },
  ]
}

/** A size for people, marked when it is an estimate. */
export function sizeText({ size, estimated }: PlatformImage, units: Units): string {
  return `${estimated ? '≈ ' : ''}${formatBytes(size, units)}`
}

function verdictCell({ verdict }: PlatformImage): Markdown {
  return unbroken(own(`${ICONS[verdict]} ${verdict}`))
}

/** The limit that applies and how much of it is used; null where none does. */
export function limitText({ limit, size }: PlatformImage, units: Units): string | null {
  if (limit === null) return null
  const soft = limit.severity === 'warn' ? 'warn ' : ''
  return `${soft}${formatBytes(limit.bytes, units)} (${formatShare(size, limit.bytes)})`
}

function limitCell(platform: PlatformImage, units: Units): Markdown {
  const text = limitText(platform, units)
  return text === null ? NONE : unbroken(own(text))
}
