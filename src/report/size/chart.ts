import { sortTags } from '../../domain/names/tag-order.ts'
import type { Units } from '../../domain/quantities/bytes.ts'
import type { JudgedImage } from '../../domain/size/report.ts'
import { blocks, mermaid, own, prose } from '../markdown/markdown.ts'
import type { Markdown } from '../markdown/markdown.ts'

/** More bars than this are not readable; the newest are shown. */
export const MOST_BARS = 40
const LABEL_LENGTH = 16

/** One bar, with the text below it. */
export interface Bar {
  readonly label: string
  readonly size: number
}

/** A limit further away than this would press the bars flat. */
const MOST_ABOVE = 3

/** Size over the tags of one repository in the order of their names: the largest platform image of each. */
export function sizeChart(images: readonly JudgedImage[], units: Units): Markdown {
  const byTag = new Map(images.map((image) => [image.tag ?? '', image]))
  const ordered = sortTags(byTag.keys()).flatMap((tag) => byTag.get(tag) ?? [])
  const bars = ordered.map(({ tag, size }) => ({ label: tag ?? '', size }))
  return barChart(prose`**Size over tags**`, bars, 'tags', commonLimit(ordered.slice(-MOST_BARS)), units)
}

/**
 * Sizes from the oldest to the newest, with a line for the limit where it is near enough to say something.
 */
export function barChart(
  title: Markdown,
  all: readonly Bar[],
  noun: 'tags' | 'commits',
  commonLimit: number | null,
  units: Units,
): Markdown {
  const bars = all.slice(-MOST_BARS)
  const largest = Math.max(0, ...bars.map(({ size }) => size))
  const limit = commonLimit === null || commonLimit > largest * MOST_ABOVE ? null : commonLimit
  const highest = Math.max(limit ?? 0, largest)
  const [unit, scale] = scaleFor(highest, units)
  const write = (bytes: number): string => (bytes / scale).toFixed(2)
  const which =
    bars.length < all.length ? prose`last ${bars.length} of ${all.length} ${own(noun)}, ` : prose``
  const line = limit === null ? prose`` : prose`; the line is the limit`
  return blocks(
    prose`${title} (${which}largest platform of each${line})`,
    mermaid([
      ...LAYOUT,
      'xychart-beta',
      `  x-axis [${labels(bars.map(({ label: text }) => text))}]`,
      `  y-axis "${unit}" 0 --> ${write(highest * 1.1 || scale)}`,
      `  bar [${bars.map(({ size }) => write(size)).join(', ')}]`,
      ...(limit === null ? [] : [`  line [${bars.map(() => write(limit)).join(', ')}]`]),
    ]),
  )
}

/** Blue bars and a red line, both legible on white and on black; axes and text follow the reader's theme. */
const LAYOUT: readonly string[] = [
  '---',
  'config:',
  '  xyChart:',
  '    width: 960',
  '    height: 320',
  '    xAxis:',
  '      labelFontSize: 12',
  '  themeVariables:',
  '    xyChart:',
  '      plotColorPalette: "#4493f8, #f85149"',
  '      backgroundColor: transparent',
  '---',
]
const INVISIBLE = '\u200B'
const AXIS_PIXELS = 860
const CHARACTER_PIXELS = 8

/** Labels that do not touch: every nth is written, counted from the newest. */
function labels(tags: readonly string[]): string {
  const written = tags.map(label)
  const widest = Math.max(...written.map((text) => text.length)) + 1
  const step = Math.ceil((tags.length * widest * CHARACTER_PIXELS) / AXIS_PIXELS)
  // mermaid draws equal labels (cut ones, empty ones) as one bar, so each has its own number of invisible
  // characters
  return written
    .map((text, position) => ((tags.length - 1 - position) % step === 0 ? text : ''))
    .map((text, position) => `"${text}${INVISIBLE.repeat(position + 1)}"`)
    .join(', ')
}

/**
 * A tag within quotes; what is not a letter, digit, dot, dash or underscore could end the string or the
 * diagram.
 */
function label(tag: string): string {
  const safe = tag.slice(0, LABEL_LENGTH + 1).replaceAll(/[^A-Za-z0-9._-]/g, '_')
  return safe.length <= LABEL_LENGTH ? safe : `${safe.slice(0, LABEL_LENGTH - 2)}..`
}

const SCALES: Record<Units, readonly [base: number, names: readonly string[]]> = {
  iec: [1024, ['B', 'KiB', 'MiB', 'GiB', 'TiB']],
  si: [1000, ['B', 'kB', 'MB', 'GB', 'TB']],
}

function scaleFor(highest: number, units: Units): readonly [unit: string, scale: number] {
  const [base, names] = SCALES[units]
  const power = names.findLastIndex((_, exponent) => exponent === 0 || highest >= base ** exponent)
  return [names[power] ?? 'B', base ** Math.max(0, power)]
}

/** The limit that applies to all, or null: a line only makes sense for one. */
function commonLimit(images: readonly JudgedImage[]): number | null {
  const limits = new Set(images.flatMap((image) => image.platforms.map(({ limit }) => limit?.bytes ?? null)))
  const [first = null] = limits
  return limits.size === 1 ? first : null
}
