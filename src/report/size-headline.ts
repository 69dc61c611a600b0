import { formatBytes } from '../domain/quantities/bytes.ts'
import type { Units } from '../domain/quantities/bytes.ts'
import type { SizeReport } from '../domain/size/report.ts'
import { sizeRows } from './size-rows.ts'
import { ICONS, sizeResult } from './verdict.ts'

/** The verdict in a few words of our own, nothing foreign in it: "❌ 1 of 3 platform images over limit". */
export function sizeHeadline(report: SizeReport, units: Units): string {
  const largest = report.images.length === 0 ? [] : [largestOf(report, units)]
  const words = [...judgementOf(report), ...unmeasuredOf(report), ...largest]
  return `${ICONS[sizeResult(report)]} ${words.join(' · ')}`
}

function judgementOf(report: SizeReport): string[] {
  const rows = sizeRows(report)
  const over = rows.filter((row) => row.breaches.some((breach) => breach.limit !== 'warn-size')).length
  const warned = rows.filter((row) => row.breaches.length > 0).length - over
  const of = rows.length === 1 ? '' : ` of ${String(rows.length)}`
  const tolerated = report.leniency !== null && over > 0 ? ', tolerated' : ''
  return [
    ...(over === 0
      ? []
      : [rows.length === 1 ? `over limit${tolerated}` : `${String(over)}${of} over limit${tolerated}`]),
    ...(warned === 0 ? [] : [rows.length === 1 ? 'over warn-size' : `${String(warned)}${of} over warn-size`]),
    ...(over + warned === 0 ? passing(report, rows.length) : []),
  ]
}

function passing(report: SizeReport, count: number): string[] {
  const limited = report.images.some((image) => image.platforms.some(({ limit }) => limit !== null))
  if (count === 0) return ['nothing measured']
  if (!limited) return count === 1 ? [] : [`${String(count)} platform images`]
  return [count === 1 ? 'within limit' : `all ${String(count)} within limits`]
}

function unmeasuredOf({ partial, unmeasured }: SizeReport): string[] {
  if (unmeasured.length > 0) return [`${partial ? 'partial: ' : ''}${String(unmeasured.length)} not measured`]
  return partial ? ['partial'] : []
}

function largestOf(report: SizeReport, units: Units): string {
  const platforms = report.images.flatMap((image) => image.platforms)
  const estimated = platforms.some((platform) => platform.estimated && platform.size === report.size)
  const size = `${estimated ? '≈ ' : ''}${formatBytes(report.size, units)}`
  return platforms.length === 1 ? size : `largest ${size}`
}
