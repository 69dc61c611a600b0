import { formatBytes } from '../domain/quantities/bytes.ts'
import type { Units } from '../domain/quantities/bytes.ts'
import type { SizeReport } from '../domain/size/report.ts'
import { isSoft } from './size-breach.ts'
import { sizeRows } from './size-rows.ts'
import { ICONS, sizeResult } from './verdict.ts'
import { plural } from './words.ts'

/** The verdict in a few words of our own, nothing foreign in it: "❌ 1 of 3 over limit · largest 190.8 MiB". */
export function sizeHeadline(report: SizeReport, units: Units): string {
  const verdict = [judgement(report), unfinished(report)]
  // without a breach, what is missing is the news
  if (report.breaches.length === 0) verdict.reverse()
  const words = [...verdict.flat(), ...largest(report, units)]
  return `${ICONS[sizeResult(report)]} ${words.join(' · ')}`
}

function judgement(report: SizeReport): string[] {
  const rows = sizeRows(report)
  const over = rows.filter(({ breaches }) => breaches.some((breach) => !isSoft(breach))).length
  const warned = rows.filter(({ breaches }) => breaches.length > 0).length - over
  if (over + warned === 0) return passing(report, rows.length)
  const some = (count: number): string => (rows.length === 1 ? '' : `${count} of ${rows.length} `)
  return [
    ...(over === 0 ? [] : [`${some(over)}over limit${report.leniency === null ? '' : ', tolerated'}`]),
    ...(warned === 0 ? [] : [`${some(warned)}over warn-size`]),
  ]
}

function passing({ images }: SizeReport, count: number): string[] {
  if (count === 0) return ['nothing measured']
  const limited = images.some(({ platforms }) => platforms.some(({ limit }) => limit !== null))
  if (count === 1) return limited ? ['within limit'] : []
  return [limited ? `all ${count} within limits` : plural(count, 'platform image')]
}

function unfinished({ partial, unmeasured }: SizeReport): string[] {
  const missing = unmeasured.length > 0 ? [`${unmeasured.length} not measured`] : []
  return partial ? ['partial', ...missing] : missing
}

function largest({ images, size }: SizeReport, units: Units): string[] {
  const platforms = images.flatMap((image) => image.platforms)
  if (platforms.length === 0) return []
  const estimated = platforms.some((platform) => platform.estimated && platform.size === size)
  const text = `${estimated ? '≈ ' : ''}${formatBytes(size, units)}`
  return [platforms.length === 1 ? text : `largest ${text}`]
}
