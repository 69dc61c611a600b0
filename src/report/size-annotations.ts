import type { Units } from '../domain/quantities/bytes.ts'
import type { SizeReport } from '../domain/size/report.ts'
import { sanitiseLine } from '../domain/text.ts'
import { breachText, compareBreaches } from './size-breach.ts'

export interface Annotation {
  readonly level: 'error' | 'warning' | 'notice'
  readonly title: string
  /** one line without controls; escaping for the runner's commands is the caller's */
  readonly message: string
}

/** GitHub shows ten annotations of a level per step and drops the others without a word. */
const MOST_PER_LEVEL = 10
const MESSAGE_LENGTH = 500

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
  return folded([...breaches, ...unmeasured, ...notices])
}

/** At most ten of each level, worst first; the tenth says how many more there are. */
function folded(all: readonly Annotation[]): Annotation[] {
  const levels = ['error', 'warning', 'notice'] as const
  return levels.flatMap((level) => {
    const ofLevel = all.filter((annotation) => annotation.level === level)
    const more = ofLevel.length - MOST_PER_LEVEL
    return ofLevel.slice(0, MOST_PER_LEVEL).map(({ title, message }, position) => {
      const last = more > 0 && position === MOST_PER_LEVEL - 1
      const line = sanitiseLine(message, MESSAGE_LENGTH)
      return { level, title, message: last ? `${line} (and ${more} more, see the job summary)` : line }
    })
  })
}
