import type { BaseImage, KnownGrowth } from '../../domain/growth/growth.ts'
import { formatPlatform } from '../../domain/names/platform.ts'
import { formatBytes, formatChange, sumBytes } from '../../domain/quantities/bytes.ts'
import type { Units } from '../../domain/quantities/bytes.ts'
import { distinctBlobs } from '../../domain/size/measure.ts'
import type { JudgedPlatform } from '../../domain/size/report.ts'
import { foldedTable } from '../markdown/columns.ts'
import type { Column } from '../markdown/columns.ts'
import { EMPTY, code, details, escapeText, markup, own, prose, unbroken } from '../markdown/markdown.ts'
import type { Html, Markdown } from '../markdown/markdown.ts'
import { knownGrowth } from './growth.ts'
import type { SizeRow } from './rows.ts'
import { formatShare, shortCommits } from '../markdown/words.ts'

/** A platform image that stands on a known base. */
interface BasedRow {
  readonly row: SizeRow
  readonly base: BaseImage
  /**
   * how much of the growth the base brought, and how much is own; null where the baseline's base is not known
   */
  readonly change: { readonly base: number; readonly own: number } | null
}

const NONE = prose`–`

/**
 * What the base image brings and what is own: a sentence for one platform image, else a table, of at most
 * `most`.
 */
export function basePart(rows: readonly SizeRow[], units: Units, most: number): Markdown {
  const based = rows.flatMap((row) => {
    const { base } = row.platform
    return base === null ? [] : [{ row, base, change: splitGrowth(row.platform, base) }]
  })
  const [first] = based
  if (first === undefined) return EMPTY
  if (rows.length === 1) return sentence(first, units)
  if (most === 0) return EMPTY
  return details(
    markup`Base image and own layers`,
    foldedTable(baseColumns(based, units), based, { open: most, written: most, noun: 'platform image' }),
  )
}

function sentence({ row, base, change }: BasedRow, units: Units): Markdown {
  const { size, ownSize } = row.platform
  const share = own(formatShare(base.size, size))
  const brought = prose`**${bytes(base.size, units)}** of ${bytes(size, units)} (${share})`
  const words = prose`${code(shortCommits(base.name))} brings ${brought}, own layers are **${bytes(ownSize, units)}**.`
  if (change === null) return words
  const byBase = unbroken(own(formatChange(change.base, units)))
  const byOwn = unbroken(own(formatChange(change.own, units)))
  return prose`${words} Of the change, ${byBase} came with the base image, ${byOwn} is own.`
}

function baseColumns(based: readonly BasedRow[], units: Units): Column<BasedRow>[] {
  const changed = based.some(({ change }) => change !== null)
  return [
    {
      title: prose`Image`,
      align: 'left',
      when: based.some(({ row }) => row.name !== null),
      cell: ({ row: { name } }) => (name === null ? NONE : code(name)),
    },
    {
      title: prose`Platform`,
      align: 'left',
      cell: ({ row }) =>
        row.platform.platform === null ? NONE : escapeText(formatPlatform(row.platform.platform)),
    },
    { title: prose`Base image`, align: 'left', cell: ({ base }) => code(shortCommits(base.name)) },
    { title: prose`Base`, align: 'right', cell: ({ base }) => bytes(base.size, units) },
    { title: prose`Own`, align: 'right', cell: ({ row }) => bytes(row.platform.ownSize, units) },
    {
      title: prose`Change of base`,
      align: 'right',
      when: changed,
      cell: ({ change }) => changeCell(change?.base, units),
    },
    {
      title: prose`Change of own`,
      align: 'right',
      when: changed,
      cell: ({ change }) => changeCell(change?.own, units),
    },
  ]
}

function splitGrowth(platform: JudgedPlatform, base: BaseImage): BasedRow['change'] {
  const growth = knownGrowth(platform)
  const before = growth === null ? 0 : baseBefore(growth)
  if (growth?.state !== 'changed' || before === 0) return null
  const byBase = base.size - before
  return { base: byBase, own: platform.size - growth.baseline.size - byBase }
}

/** Bytes that the baseline had of its base image; zero when that is not known. */
function baseBefore({ layers }: KnownGrowth): number {
  const brought = layers.map(({ before }) => before).filter((layer) => layer?.from === 'base')
  return sumBytes(distinctBlobs(brought.filter((layer) => layer !== null)).values())
}

function changeCell(change: number | undefined, units: Units): Markdown {
  return change === undefined ? NONE : unbroken(own(formatChange(change, units)))
}

function bytes(count: number, units: Units): Html {
  return unbroken(own(formatBytes(count, units)))
}
