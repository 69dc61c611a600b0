import { formatPlatform } from '../../domain/names/platform.ts'
import { formatBytes } from '../../domain/quantities/bytes.ts'
import type { Units } from '../../domain/quantities/bytes.ts'
import { countLayers } from '../../domain/size/measure.ts'
import type { MeasuredImage, PlatformImage, SizeReport } from '../../domain/size/report.ts'
import { sanitiseLine } from '../../domain/text.ts'
import { growthText, limitAmong, sizeText } from './growth.ts'
import { sizeHeadline } from './headline.ts'
import { removedRows, sizeRows } from './rows.ts'
import type { RemovedRow, SizeRow } from './rows.ts'
import { isCompared } from './table.ts'
import { ICONS } from '../verdict.ts'
import { plural } from '../markdown/words.ts'

const NAME_LENGTH = 300

/** The result for the log: a line per platform image with the numbers under each other, then the verdict. */
export function sizeLog(report: SizeReport, { units }: { readonly units: Units }): string[] {
  const measured = sizeRows(report)
  const compares = isCompared(measured)
  const limitOf = limitAmong(
    measured.map(({ platform }) => platform),
    units,
  )
  const lines = [
    ...measured.map((row) => measuredLine(row, limitOf(row.platform), compares, units)),
    ...removedRows(report).map((row) => removedLine(row, units)),
  ]
  const widths = lines.reduce<number[]>(
    (most, line) => line.numbers.map((text, column) => Math.max(most[column] ?? 0, text.length)),
    [],
  )
  return [
    ...Array.from(baselines(report), (name) => `Compared with ${sanitiseLine(name, NAME_LENGTH)}`),
    ...lines.map(({ verdict, numbers, rest }) =>
      [verdict, ...numbers.map((text, column) => text.padStart(widths[column] ?? 0)), rest].join('  '),
    ),
    `Image size: ${sizeHeadline(report, units)}`,
  ]
}

interface Line {
  readonly verdict: string
  readonly numbers: readonly string[]
  readonly rest: string
}

function measuredLine(
  { image, platform }: SizeRow,
  limit: string | null,
  compares: boolean,
  units: Units,
): Line {
  const { growth, verdict } = platform
  return {
    verdict: `${ICONS[verdict]} ${verdict}`,
    numbers: [
      sizeText(platform, units),
      ...(compares ? [growth === null ? '–' : growthText(growth, units)] : []),
      plural(countLayers(platform), 'layer'),
    ],
    rest: `${subject(image, platform)}${limit === null ? '' : `  ${limit === 'no limit' ? limit : `limit ${limit}`}`}`,
  }
}

function removedLine({ image, removed }: RemovedRow, units: Units): Line {
  return {
    verdict: '– gone',
    numbers: [formatBytes(removed.size, units), 'removed', ''],
    rest: subject(image, removed),
  }
}

function subject({ name }: MeasuredImage, { platform }: Pick<PlatformImage, 'platform'>): string {
  return `${sanitiseLine(name, NAME_LENGTH)}${platform === null ? '' : ` ${formatPlatform(platform)}`}`
}

/** Each baseline once. */
function baselines({ images }: SizeReport): Set<string> {
  return new Set(images.flatMap(({ baseline }) => (baseline?.state === 'found' ? [baseline.name] : [])))
}
