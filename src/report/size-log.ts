import { formatPlatform } from '../domain/names/platform.ts'
import type { Units } from '../domain/quantities/bytes.ts'
import { countLayers } from '../domain/size/measure.ts'
import type { SizeReport } from '../domain/size/report.ts'
import { sanitiseLine } from '../domain/text.ts'
import { sizeHeadline } from './size-headline.ts'
import { sizeRows } from './size-rows.ts'
import type { SizeRow } from './size-rows.ts'
import { limitText, sizeText } from './size-table.ts'
import { ICONS } from './verdict.ts'
import { plural } from './words.ts'

const NAME_LENGTH = 300

/** The result for the log: a line per platform image with the numbers under each other, then the verdict. */
export function sizeLog(report: SizeReport, { units }: { readonly units: Units }): string[] {
  const lines = sizeRows(report).map((row) => columnsOf(row, units))
  const widths = lines.reduce<number[]>(
    (most, line) => line.numbers.map((text, column) => Math.max(most[column] ?? 0, text.length)),
    [],
  )
  return [
    ...lines.map(({ numbers, icon, rest }) =>
      [icon, ...numbers.map((text, column) => text.padStart(widths[column] ?? 0)), rest].join('  '),
    ),
    `Image size: ${sizeHeadline(report, units)}`,
  ]
}

function columnsOf(
  { image, platform }: SizeRow,
  units: Units,
): { icon: string; numbers: string[]; rest: string } {
  const where = platform.platform === null ? '' : ` ${formatPlatform(platform.platform)}`
  const limit = limitText(platform, units)
  return {
    icon: `${ICONS[platform.verdict]} ${platform.verdict}`,
    numbers: [sizeText(platform, units), plural(countLayers(platform), 'layer')],
    rest: `${sanitiseLine(image.name, NAME_LENGTH)}${where}${limit === null ? '' : `  limit ${limit}`}`,
  }
}
