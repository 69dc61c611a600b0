import type { Units } from '../domain/quantities/bytes.ts'
import type { SizeReport } from '../domain/size/report.ts'
import { foldAnnotations } from './annotations.ts'
import type { Annotation } from './annotations.ts'
import { breachText, compareBreaches } from './size-breach.ts'

/** What of a report is worth a line beside the run: each breach, what was not measured, each notice. */
export function sizeAnnotations(report: SizeReport, { units }: { readonly units: Units }): Annotation[] {
  const breaches = report.breaches.toSorted(compareBreaches).map((breach) => ({
    level: breach.severity === 'fail' ? ('error' as const) : ('warning' as const),
    title: 'Image size limit',
    message: breachText(breach, units),
  }))
  const unmeasured = report.unmeasured.map((what) => ({
    level: report.partial ? ('warning' as const) : ('error' as const),
    title: report.partial ? 'Not measured, time ran out' : 'Not measured',
    message: what,
  }))
  const notices = report.notices.map((message) => ({
    level: 'notice' as const,
    title: 'Image size',
    message,
  }))
  return foldAnnotations([...breaches, ...unmeasured, ...notices])
}
