import type { Annotation } from '../domain/annotation.ts'
import { sanitiseLine } from '../domain/text.ts'

/** GitHub shows ten annotations of a level per step and drops the others without a word. */
const MOST_PER_LEVEL = 10
const MESSAGE_LENGTH = 500

/** At most ten of each level, worst first; the tenth says how many more there are. */
export function foldAnnotations(all: readonly Annotation[]): Annotation[] {
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
