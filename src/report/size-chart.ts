import { compareTags } from '../domain/names/tag-order.ts'
import type { Units } from '../domain/quantities/bytes.ts'
import type { MeasuredImage } from '../domain/size/report.ts'
import { blocks, md, mermaid } from './markdown.ts'
import type { Markdown } from './markdown.ts'

/** More bars than this are not readable; the newest are shown. */
const MOST_BARS = 40
const LABEL_LENGTH = 16

/** Size over the tags of one repository, oldest first: the largest platform image of each. */
export function sizeChart(images: readonly MeasuredImage[], units: Units): Markdown {
  const ordered = images.toSorted((a, b) => compareTags(a.tag ?? '', b.tag ?? ''))
  const bars = ordered.slice(-MOST_BARS)
  const [unit, length] = scaleFor(Math.max(...bars.map((image) => image.size)), units)
  const values = bars.map((image) => (image.size / length).toFixed(2))
  const limit = commonLimit(bars)
  const top = Math.max(...bars.map((image) => image.size), limit ?? 0) / length
  const caption =
    bars.length < ordered.length
      ? md`**Size over tags**: the last ${bars.length} of ${ordered.length} tags, largest platform of each`
      : md`
**Size over tags**, largest platform of each
        `
  return blocks(
    limit === null ? md`${caption}` : md`${caption}; the line is the limit`,
    mermaid([
      '---',
      'config:',
      '  xyChart:',
      '    width: 960',
      '    height: 360',
      '---',
      'xychart-beta',
      `  x-axis [${bars.map((image) => label(image.tag ?? '')).join(', ')}]`,
      `  y-axis "${unit}" 0 --> ${(top * 1.05 || 1).toFixed(2)}`,
      `  bar [${values.join(', ')}]`,
      ...(limit === null ? [] : [`  line [${bars.map(() => (limit / length).toFixed(2)).join(', ')}]`]),
    ]),
  )
}

/** A tag as a quoted label; what is no letter, digit, dot, dash or underscore could end the string or the diagram. */
function label(tag: string): string {
  const safe = tag.replaceAll(/[^A-Za-z0-9._-]/g, '_')
  return `"${safe.length <= LABEL_LENGTH ? safe : `${safe.slice(0, LABEL_LENGTH - 2)}..`}"`
}

function scaleFor(largest: number, units: Units): readonly [unit: string, length: number] {
  const base = units === 'iec' ? 1024 : 1000
  const names = units === 'iec' ? ['B', 'KiB', 'MiB', 'GiB', 'TiB'] : ['B', 'kB', 'MB', 'GB', 'TB']
  let power = 0
  while (power < names.length - 1 && largest >= base ** (power + 1)) power += 1
  return [names[power] ?? 'B', base ** power]
}

function commonLimit(images: readonly MeasuredImage[]): number | null {
  const limits = new Set(images.flatMap((image) => image.platforms.map(({ limit }) => limit?.bytes ?? null)))
  return limits.size === 1 ? ([...limits][0] ?? null) : null
}
