import type { Annotation } from '../../domain/annotation.ts'
import type { UndoneRepository, UndoReport } from '../../domain/prune/undo-outcome.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import { someNames } from '../../domain/text.ts'
import { plural } from '../markdown/words.ts'
import { ICONS } from '../verdict.ts'

const MAX_NAMED = 20

/** One name that is not as the undo file says, or was put back. */
export interface UndoRow {
  /** `host/path` */
  readonly repository: string
  /** null: a manifest without a tag */
  readonly tag: Tag | null
  readonly digest: Digest
  readonly status: UndoneRepository['tags'][number]['status']
  readonly note: string | null
  readonly isThere?: true
}

/** Tags, and manifests without one; those with a tag only where they are what is wrong. */
export function undoRows({ repositories }: UndoReport): UndoRow[] {
  return repositories.flatMap(({ repository, tags, manifests }) => [
    ...tags.map((tag) => ({ ...tag, repository })),
    ...Array.from(
      manifests.filter(({ isTagged }) => !isTagged),
      (manifest) => ({ ...manifest, repository, tag: null }),
    ),
  ])
}

/** The verdict in a few words of our own, nothing foreign in it. */
export function undoHeadline(report: UndoReport): string {
  const { restored, unrestored, verdict, isPartial } = report
  const present = undoRows(report).filter(({ status }) => status === 'present').length
  const words = [
    whatWasPutBack(report, restored),
    ...(present === 0 ? [] : [`${present} there already`]),
    ...(unrestored === 0 ? [] : [`${unrestored} not as before`]),
    ...(isPartial ? ['stopped before the end'] : []),
  ]
  return `${ICONS[verdict]} ${words.join(' · ')}`
}

function whatWasPutBack(report: UndoReport, restored: number): string {
  if (report.nothing?.kind === 'no-deletion')
    return 'nothing to put back · the undo file holds no deletion, that run deleted nothing'
  if (report.nothing !== undefined) return 'nothing put back · the undo file has nothing of what image names'
  return `put back ${restored} of ${plural(undoRows(report).length, 'name')}`
}

/** Where what was asked for is not in the file, what there is instead; null: nothing to say. */
export function undoRemark({ nothing }: UndoReport): string | null {
  return nothing?.kind === 'not-of-image'
    ? `input image: the undo file has nothing of it, but of ${someNames(nothing.repositories, MAX_NAMED)}`
    : null
}

/** The one line that a failed step ends with. */
export function undoFailure(report: UndoReport): string {
  const failed = undoRows(report).filter(({ status }) => status === 'failed')
  const [first] = failed
  if (first === undefined) return undoHeadline(report)
  const others = failed.length === 1 ? '' : ` (and ${failed.length - 1} more, see the job summary)`
  return `${undoHeadline(report)}. ${lineOf(first)}${others}`
}

/** Only what somebody has to look at. */
export function undoAnnotations(report: UndoReport): Annotation[] {
  return undoRows(report).flatMap((row): Annotation[] => {
    if (row.status === 'moved') return [{ level: 'warning', title: 'Not put back', message: lineOf(row) }]
    if (row.status === 'failed') return [{ level: 'error', title: 'Not put back', message: lineOf(row) }]
    return []
  })
}

/** `host/path:tag`, without a tag `host/path@digest`. */
export function nameOf({ repository, tag, digest }: UndoRow): string {
  return tag === null ? `${repository}@${digest}` : `${repository}:${tag}`
}

function lineOf(row: UndoRow): string {
  const whole = row.isThere === true ? ' whole' : ''
  return `${nameOf(row)} was not put back${whole}${row.note === null ? '' : `: ${undoneNote(row.note)}`}`
}

/** Without what the error of a request begins with: the name has been said. */
export function undoneNote(note: string): string {
  return note.replace(/^putting back \S+: /, '')
}
