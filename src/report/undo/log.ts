import type { Annotation } from '../../domain/annotation.ts'
import type { UndoneRepository, UndoReport } from '../../domain/prune/undo-outcome.ts'
import { plural } from '../markdown/words.ts'
import { ICONS } from '../verdict.ts'

/** One name that is not as the undo file says, or was put back. */
export interface UndoRow {
  readonly repository: string
  readonly name: string
  readonly status: UndoneRepository['tags'][number]['status']
  readonly note: string | null
}

/** Tags, and manifests without one; those with a tag only where they are what is wrong. */
export function undoRows({ repositories }: UndoReport): UndoRow[] {
  return repositories.flatMap(({ repository, tags, manifests }) => [
    ...tags.map(({ tag, status, note }) => ({ repository, name: tag, status, note })),
    ...manifests
      .filter(({ isTagged }) => !isTagged)
      .map(({ digest, status, note }) => ({ repository, name: digest, status, note })),
  ])
}

/** The verdict in a few words of our own, nothing foreign in it. */
export function undoHeadline(report: UndoReport): string {
  const { restored, unrestored, verdict, isPartial } = report
  const present = undoRows(report).filter(({ status }) => status === 'present').length
  const words = [
    `put back ${restored} of ${plural(undoRows(report).length, 'name')}`,
    ...(present === 0 ? [] : [`${present} there already`]),
    ...(unrestored === 0 ? [] : [`${unrestored} not as before`]),
    ...(isPartial ? ['stopped before the end'] : []),
  ]
  return `${ICONS[verdict]} ${words.join(' · ')}`
}

export function undoLog(report: UndoReport): string[] {
  const wrong = undoRows(report).filter(({ status }) => status === 'failed' || status === 'moved')
  return [...wrong.map(lineOf), undoHeadline(report)]
}

/** The one line that a failed step ends with. */
export function undoFailure(report: UndoReport): string {
  const failed = undoRows(report).filter(({ status }) => status === 'failed')
  const [first] = failed
  if (first === undefined) return undoHeadline(report)
  const others = failed.length === 1 ? '' : ` (and ${failed.length - 1} more, see the job summary)`
  return `${undoHeadline(report)}. ${lineOf(first)}${others}`
}

export function undoAnnotations(report: UndoReport): Annotation[] {
  return undoRows(report).flatMap((row): Annotation[] => {
    if (row.status === 'moved') return [{ level: 'warning', title: 'Not put back', message: lineOf(row) }]
    if (row.status === 'failed') return [{ level: 'error', title: 'Not put back', message: lineOf(row) }]
    return []
  })
}

function lineOf({ repository, name, note }: UndoRow): string {
  const separator = name.includes(':') ? '@' : ':'
  return `${repository}${separator}${name} was not put back${note === null ? '' : `: ${note}`}`
}
