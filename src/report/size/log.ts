import { formatPlatform } from '../../domain/names/platform.ts'
import { formatBytes } from '../../domain/quantities/bytes.ts'
import type { Units } from '../../domain/quantities/bytes.ts'
import { countLayers } from '../../domain/size/measure.ts'
import type { JudgedImage, JudgedPlatform, SizeReport } from '../../domain/size/report.ts'
import { sanitiseLine } from '../../domain/text.ts'
import { growthText, sizeText } from './growth.ts'
import { filesLog } from './files.ts'
import { sizeHeadline } from './headline.ts'
import type { RemovedRow, SizeRow } from './rows.ts'
import type { SizeView } from './view.ts'
import { verdictWord } from '../verdict.ts'
import { listed, plural } from '../markdown/words.ts'

const NAME_LENGTH = 300
const VERDICT_WIDTH = '✅ pass'.length

/** The result for the log: a line per platform image with the numbers under each other, then the verdict. */
export function sizeLog(view: SizeView): string[] {
  const lines = [
    ...view.rows.map((row) => measuredLine(row, view)),
    ...view.removed.map((row) => removedLine(row, view.units)),
  ]
  const widths = lines.reduce<number[]>(
    (most, line) => line.numbers.map((text, column) => Math.max(most[column] ?? 0, text.length)),
    [],
  )
  return [
    ...Array.from(baselines(view.report), (name) => `Compared with ${sanitiseLine(name, NAME_LENGTH)}`),
    ...lines.map(({ verdict, numbers, rest }) =>
      [verdict, ...numbers.map((text, column) => text.padStart(widths[column] ?? 0)), rest].join('  '),
    ),
    ...filesLog(view),
    `Image size: ${sizeHeadline(view)}`,
  ]
}

interface LogLine {
  readonly verdict: string
  readonly numbers: readonly string[]
  readonly rest: string
}

function measuredLine(row: SizeRow, { limitOf, isCompared, units }: SizeView): LogLine {
  const { image, platform } = row
  const limit = limitOf(row)
  const { growth } = platform
  return {
    verdict: verdictWord(platform).padEnd(VERDICT_WIDTH),
    numbers: [
      sizeText(platform, units),
      ...(isCompared ? [growth === null ? '–' : growthText(growth, units)] : []),
      plural(countLayers(platform), 'layer'),
    ],
    rest: `${subject(image, platform)}${limit === null ? '' : `  ${limit}`}`,
  }
}

function removedLine({ image, removed }: RemovedRow, units: Units): LogLine {
  return {
    verdict: '–'.padEnd(VERDICT_WIDTH),
    numbers: [formatBytes(removed.size, units), 'removed', ''],
    rest: subject(image, removed),
  }
}

function subject(
  { names: [first, ...others] }: JudgedImage,
  { platform }: Pick<JudgedPlatform, 'platform'>,
): string {
  const also = others.map(({ name, tag }) => sanitiseLine(tag ?? name, NAME_LENGTH))
  return `${sanitiseLine(first.name, NAME_LENGTH)}${also.length === 0 ? '' : ` (also ${listed(also)})`}${platform === null ? '' : ` ${formatPlatform(platform)}`}`
}

/** Each baseline once. */
function baselines({ images }: SizeReport): Set<string> {
  return new Set(images.flatMap(({ baseline }) => (baseline?.state === 'found' ? [baseline.name] : [])))
}
