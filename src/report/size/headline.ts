import type { Units } from '../../domain/quantities/bytes.ts'
import type { JudgedPlatform, SizeReport } from '../../domain/size/report.ts'
import { isSoft } from './breach.ts'
import { estimatedBytes, growthText, judgesOwn, limitlessAmong, nameOfLimit, sizeText } from './growth.ts'
import type { SizeRow } from './rows.ts'
import type { SizeView } from './view.ts'
import { resultIcon } from '../verdict.ts'
import { plural } from '../markdown/words.ts'

/**
 * The verdict in a few words of our own, nothing foreign in it: "❌ 1 of 3 over limit · 318.4 MiB · +18.4 MiB (+6.1 %)".
 * The change is that of one platform image, never a sum: of the one over its limit, else of the one that
 * changed most.
 */
export function sizeHeadline(view: SizeView): string {
  const { report } = view
  const verdict = [judgement(view), unfinished(view)]
  // without a breach, what is missing is the news
  if (report.breaches.length === 0) verdict.reverse()
  const words = [...verdict.flat(), ...sizeWords(view)]
  return [resultIcon(report), words.join(' · ')].filter((part) => part !== '').join(' ')
}

const isOver = ({ breaches }: SizeRow): boolean => breaches.some((breach) => !isSoft(breach))
const isWarned = (row: SizeRow): boolean => row.breaches.length > 0 && !isOver(row)

/** How many are over which limits; what is within them, where none is. */
export function judgement({ report, rows }: SizeView): string[] {
  const over = rows.filter(isOver)
  const warned = rows.filter(isWarned)
  const off = isOff(rows) ? unjudgedWords(rows) : []
  if (over.length + warned.length === 0) return [...passing(report, rows), ...off]
  const some = (count: number): string => (rows.length === 1 ? '' : `${count} of ${rows.length} `)
  return [
    ...(over.length === 0
      ? []
      : [`${some(over.length)}over limit${report.leniency === null ? '' : ', tolerated'}`]),
    ...(warned.length === 0 ? [] : [`${some(warned.length)}over ${softLimits(warned)}`]),
    ...off,
  ]
}

function softLimits(warned: readonly SizeRow[]): string {
  const limits = new Set(warned.flatMap(({ breaches }) => breaches.map(({ limit }) => limit)))
  return [...limits].toSorted().reverse().join(' and ')
}

function passing({ warnings }: SizeReport, rows: readonly SizeRow[]): string[] {
  if (rows.length === 0) return ['nothing measured']
  const limited = rows.some(
    ({ platform: { limit, growthLimit, wastedLimit } }) =>
      limit !== null || growthLimit !== null || wastedLimit !== undefined,
  )
  // a limit was given, so its silence would be taken for a pass
  if (!limited && warnings.length > 0) return ['no limit applies']
  const held = heldLimits(rows)
  if (rows.length === 1) return limited ? [`within ${held ?? 'limit'}`] : []
  const unheld = limited ? countUnheld(rows) : 0
  if (unheld > 0)
    return [`${rows.length - unheld} of ${rows.length} within ${held ?? 'limits'}`, `${unheld} without limit`]
  return [limited ? `all ${rows.length} within ${held ?? 'limits'}` : plural(rows.length, 'platform image')]
}

/** Which limits were looked at, by their names; null where no other was to be, so that nobody has to ask. */
function heldLimits(rows: readonly SizeRow[]): string | null {
  if (!rows.some(({ platform }) => platform.unjudged !== undefined)) return null
  const limits = rows.flatMap(({ platform: { limit, growthLimit, wastedLimit } }) => [
    ...(limit === null ? [] : [nameOfLimit(limit, 'size')]),
    ...(growthLimit === null ? [] : [nameOfLimit(growthLimit, 'increase')]),
    ...(wastedLimit === undefined ? [] : [nameOfLimit(wastedLimit, 'wasted')]),
  ])
  return [...new Set(limits)].toSorted().reverse().join(' and ')
}

/** Of those that rules could apply to, the ones that none names. */
function countUnheld(rows: readonly SizeRow[]): number {
  const isUnheld = limitlessAmong(rows.map(({ platform }) => platform))
  return rows.filter(({ platform }) => isUnheld(platform)).length
}

/** What keeps the run from being complete: time, what was not measured, what could not be judged. */
export function unfinished({ report, rows }: SizeView): string[] {
  const missing = report.unmeasured.length - countUnread(report)
  return [
    ...(report.partial ? ['partial'] : []),
    ...(missing > 0 ? [`${missing} not measured`] : []),
    ...(isOff(rows) ? [] : unjudgedWords(rows)),
  ]
}

/** Images that were measured, and are told of among the unmeasured since nothing of their baseline is known. */
function countUnread({ images }: SizeReport): number {
  return images.filter(({ platforms }) =>
    platforms.some(
      ({ growth, unjudged }) =>
        unjudged === 'max-increase' && growth?.state === 'unknown' && growth.cause === 'unread',
    ),
  ).length
}

/** Whether what is not judged is so because there is no baseline, which is no reason to warn. */
function isOff(rows: readonly SizeRow[]): boolean {
  return rows.every(
    ({ image, platform }) => platform.unjudged === undefined || image.baseline?.state === 'missing',
  )
}

/** `max-increase not judged`; of some platform images only: `max-increase not judged for 2 of 6`. */
function unjudgedWords(rows: readonly SizeRow[]): string[] {
  const limits = rows.flatMap(({ platform }) => platform.unjudged ?? [])
  const [first] = limits.toSorted()
  if (first === undefined) return []
  return [
    `${first} not judged${limits.length === rows.length ? '' : ` for ${limits.length} of ${rows.length}`}`,
  ]
}

/** The sizes and changes that a headline tells, without the verdict. */
export function sizeWords({ report, rows, removed, units }: SizeView): string[] {
  const [first] = rows
  if (first === undefined) return []
  const gone = removed.length === 0 ? [] : [`${removed.length} removed`]
  if (rows.length === 1) return [sizeOfOne(first.platform, units), ...changeOfOne(first, units), ...gone]
  const change = changeOfMany(rows, units)
  const tooLarge = largestOver(rows, units)
  return [
    ...(tooLarge === null ? [] : [tooLarge]),
    ...(change === null ? [] : [change]),
    ...(tooLarge === null && change === null ? [largest(report, rows, units)] : []),
    ...countState(rows, 'new', 'new'),
    ...gone,
    // of the others it is said that they are not judged
    ...countState(
      rows.filter(({ platform }) => platform.unjudged === undefined),
      'unknown',
      'of unknown change',
    ),
  ]
}

function sizeOfOne(platform: JudgedPlatform, units: Units): string {
  return `${judgesOwn(platform) ? 'own ' : ''}${sizeText(platform, units)}`
}

function changeOfOne({ platform: { growth, unjudged } }: SizeRow, units: Units): string[] {
  if (growth === null) return []
  if (growth.state === 'unknown') return unjudged === undefined ? ['change unknown'] : []
  return [growthText(growth, units)]
}

/** Null when nothing changed that could be told in one number. */
function changeOfMany(rows: readonly SizeRow[], units: Units): string | null {
  if (rows.every(({ platform }) => platform.growth?.state === 'unchanged')) return 'unchanged'
  for (const group of [rows.filter(isOver), rows.filter(isWarned), rows]) {
    // rows are in the order of their change
    const growth = group.find(({ platform }) => platform.growth?.state === 'changed')?.platform.growth
    if (growth) return `${group.length === 1 ? '' : 'largest change '}${growthText(growth, units)}`
  }
  return null
}

/** The size that is over a limit of size, beside which a change says too little; null where none is. */
function largestOver(rows: readonly SizeRow[], units: Units): string | null {
  const blamed = [rows.filter(isOver), rows.filter(isWarned)].find((group) => group.length > 0) ?? []
  const [first, ...others] = blamed
    .filter(({ breaches }) => breaches.some(({ limit }) => limit === 'max-size' || limit === 'warn-size'))
    .map(({ platform }) => platform)
    .toSorted((a, b) => b.judgedSize - a.judgedSize)
  if (first === undefined) return null
  return `${others.length === 0 ? '' : 'largest '}${sizeText(first, units)}`
}

function largest({ size }: SizeReport, rows: readonly SizeRow[], units: Units): string {
  const estimated = rows.some(({ platform }) => platform.estimated && platform.judgedSize === size)
  return `largest ${estimatedBytes(size, estimated, units)}`
}

function countState(rows: readonly SizeRow[], state: 'new' | 'unknown', words: string): string[] {
  const count = rows.filter(({ platform }) => platform.growth?.state === state).length
  return count === 0 ? [] : [`${count} ${words}`]
}
