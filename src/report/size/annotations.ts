import type { Breach, SizeReport } from '../../domain/size/report.ts'
import { foldAnnotations } from '../annotations.ts'
import type { Annotation } from '../../domain/annotation.ts'
import { breachAdvice, breachText, isAboutGrowth, isAboutWaste, isSoft } from './breach.ts'
import type { SizeView } from './view.ts'
import { isUnjudged } from '../verdict.ts'

/**
 * What of a report is worth a line beside the run: each breach, what was not measured, each warning and
 * notice.
 */
export function sizeAnnotations({ report, breaches: groups, units }: SizeView): Annotation[] {
  const breaches = groups.map((group) => ({
    level: group.worst.severity === 'fail' ? ('error' as const) : ('warning' as const),
    title: titleOf(group.worst),
    message: `${breachText(group, units)}${tolerance(report, group.worst)}${wasteAdvice(group.worst)}`,
  }))
  const unmeasured = report.unmeasured.map((what) => ({
    level: report.partial ? ('warning' as const) : ('error' as const),
    title: unmeasuredTitle(report),
    message: what,
  }))
  const warnings = report.warnings.map((message) => ({
    level: 'warning' as const,
    title: warningTitle(message),
    message,
  }))
  const notices = report.notices.map((message) => ({
    level: 'notice' as const,
    title: 'Image size',
    message,
  }))
  return foldAnnotations([...breaches, ...unmeasured, ...warnings, ...notices])
}

function titleOf({ limit }: Breach): string {
  if (isAboutWaste(limit)) return 'Wasted bytes'
  return isAboutGrowth(limit) ? 'Image growth limit' : 'Image size limit'
}

/** Everybody knows what makes an image smaller; to remove files in a later layer is how they come to be wasted. */
function wasteAdvice({ limit }: Breach): string {
  return isAboutWaste(limit) ? `: ${breachAdvice(limit)}` : ''
}

function warningTitle(message: string): string {
  if (message.includes(' is not judged ')) return 'Limit not judged'
  return message.includes(' never applies. ') ? 'Limit behind another' : 'Limit without an image'
}

/** Why a limit that fails a run did not. */
function tolerance({ leniency }: SizeReport, breach: Breach): string {
  return leniency === null || isSoft(breach) ? '' : `; tolerated: ${leniency}`
}

function unmeasuredTitle(report: SizeReport): string {
  if (report.partial) return 'Not measured, time ran out'
  return isUnjudged(report) ? 'Not judged' : 'Not measured'
}
