import type { PruneReport, RepositoryOutcome, TagOutcome } from '../../domain/prune/outcome.ts'
import type { Units } from '../../domain/quantities/bytes.ts'
import { foldAnnotations } from '../annotations.ts'
import { placed } from '../placed.ts'
import type { Annotation } from '../../domain/annotation.ts'
import { figuresOf, isSubjectTag, losesSomething } from './status.ts'
import { pruneHeadline } from './headline.ts'
import { reasonText } from './reason.ts'
import { KINDS, problemLine, problemsOf } from './problems.ts'
import type { Problem, ProblemKind } from './problems.ts'
import { sweepAnnotations } from './sweep.ts'
import { sharedWarnings } from './warnings.ts'
import type { PruneSummaryOptions } from './summary.ts'
import { plural } from '../markdown/words.ts'
import { someNames } from '../../domain/text.ts'

const NAMED = 5

export interface PruneAnnotationOptions extends Pick<PruneSummaryOptions, 'undoFile' | 'isUndoFileTaken'> {
  readonly units: Units
}

/**
 * What of a report is worth a line beside the run: what broke, failed, was refused or is left; what stays for
 * want of a date. What the closing line of a red run says is not said here as well.
 */
export function pruneAnnotations(report: PruneReport, options: PruneAnnotationOptions): Annotation[] {
  const { repositories, verdict, dryRun } = report
  const each = (
    title: string,
    lines: (repository: RepositoryOutcome) => readonly string[],
    level: Annotation['level'],
  ): Annotation[] =>
    repositories.flatMap((repository) =>
      lines(repository).map((line) => ({ level, title, message: `${repository.repository}: ${line}` })),
    )
  const lineOf = (problem: Problem): string => placed(problem.repository, problemLine(problem))
  const [first] = verdict === 'fail' ? KINDS.flatMap((kind) => problemsOf(report, kind)) : []
  const closing = first === undefined ? null : lineOf(first)
  const problems = (kind: ProblemKind, title: string, level: Annotation['level']): Annotation[] =>
    problemsOf(report, kind)
      .map(lineOf)
      .filter((message) => message !== closing)
      .map((message) => ({ level, title, message }))
  return foldAnnotations([
    ...problems('broken', 'Broken after deleting', 'error'),
    ...problems('wrong', 'Prune', 'error'),
    ...problems(
      'refused',
      dryRun ? 'Prune would be refused' : 'Prune refused',
      verdict === 'fail' ? 'error' : 'warning',
    ),
    ...problems('stopped', 'Prune stopped early', 'warning'),
    ...each('Prune stopped early', (repository) => leftOver(repository, report), 'warning'),
    ...each('Not deleted', undeletable, 'warning'),
    ...each('Not deleted', inseparable, 'notice'),
    ...planWarnings(report),
    ...sweepAnnotations(report, options.units),
    ...each('Unknown age', undated, 'notice'),
    ...dryRunNotice(report, options),
  ])
}

function leftOver(repository: RepositoryOutcome, report: PruneReport): string[] {
  const { pending } = figuresOf([repository], report)
  if (pending === 0) return []
  return [
    `${plural(pending, 'tag')} not reached${repository.state === 'partial' ? '; the next run goes on' : ''}`,
  ]
}

/** What the registry would not let go, found out only by trying. */
function undeletable({ tags }: RepositoryOutcome): string[] {
  return tags.flatMap((tag) => {
    const told = tag.note
    return tag.decision === 'skip' && told !== null && !isNeeded(tag) ? [`${tag.tag}: ${told}`] : []
  })
}

/** Whether its manifest stays for something else, so that only the tag would have to go. */
function isNeeded({ reason }: TagOutcome): boolean {
  return reason !== 'undeletable' && reason !== 'expired'
}

/**
 * Tags that stay because the registry removes them with their manifest only: one line for all with the same
 * explanation.
 */
function inseparable({ tags }: RepositoryOutcome): string[] {
  const skipped = tags.flatMap((tag) =>
    tag.decision === 'skip' && tag.note !== null && isNeeded(tag) ? [{ ...tag, told: tag.note }] : [],
  )
  return Array.from(
    Map.groupBy(skipped, ({ told }) => told),
    ([told, same]) => {
      const names = same.map((tag) => `${tag.tag} (${reasonText(tag)})`)
      return `${plural(same.length, 'tag')} ${same.length === 1 ? 'stays' : 'stay'}, ${someNames(names, NAMED)}: ${told}`
    },
  )
}

function undated({ tags }: RepositoryOutcome): string[] {
  const unknown = tags.filter((tag) => tag.reason === 'unknown-age' && !isSubjectTag(tag))
  if (unknown.length === 0) return []
  const stay = unknown.length === 1 ? 'stays' : 'stay'
  const names = someNames(
    unknown.map(({ tag }) => tag),
    NAMED,
  )
  return [`${plural(unknown.length, 'tag')} of unknown age ${stay}: ${names}${missingDates(unknown)}`]
}

const VENDOR_DATES: ReadonlySet<string> = new Set(['pushed', 'updated', 'pulled'])

/** Where a date of one kind was asked for, and the registry reports none. */
function missingDates([first]: readonly TagOutcome[]): string {
  const rule = first !== undefined && 'rule' in first.decidedBy ? first.decidedBy.rule : null
  const source = rule?.kind === 'input' && rule.input === 'age-source' ? rule.value : null
  if (source === null || !VENDOR_DATES.has(source)) return ''
  return `. The registry does not report when they were ${source}; age-source: auto takes the build date instead`
}

function planWarnings(report: PruneReport): Annotation[] {
  return sharedWarnings(report).map(({ message, repositories, level }) => {
    const [first] = repositories
    if (first === undefined) return { level, title: 'Prune', message }
    const where = repositories.length === 1 ? first : `${repositories.length} repositories`
    return { level, title: 'Prune', message: `${where}: ${message}` }
  })
}

function dryRunNotice(report: PruneReport, options: PruneAnnotationOptions): Annotation[] {
  const { dryRun, repositories } = report
  if (!dryRun || !repositories.some((repository) => losesSomething(repository, report))) return []
  const message = `${pruneHeadline(report, options.units)}. Nothing was deleted; set dry-run: false to carry it out${wayBack(options)}`
  return [{ level: 'notice', title: 'Prune, dry run', message }]
}

function wayBack({ undoFile, isUndoFileTaken = false }: PruneAnnotationOptions): string {
  if (undoFile === undefined) return '. Without undo-file, mode: undo cannot take it back'
  return isUndoFileTaken
    ? `. ${undoFile} is not empty, so the real run would refuse it: name a new file for each run`
    : ''
}
