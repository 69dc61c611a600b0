import type { PruneReport, RepositoryOutcome } from '../domain/prune/outcome.ts'
import type { Units } from '../domain/quantities/bytes.ts'
import { foldAnnotations } from './annotations.ts'
import type { Annotation } from './annotations.ts'
import { figuresOf, isHelper, losesSomething } from './prune-fates.ts'
import { pruneHeadline } from './prune-headline.ts'
import { sharedWarnings } from './prune-warnings.ts'
import { plural } from './words.ts'

const NAMED = 5

/** What of a report is worth a line beside the run: what broke, failed, was refused or is left; what stays for want of a date. */
export function pruneAnnotations(report: PruneReport, { units }: { readonly units: Units }): Annotation[] {
  const { repositories, dryRun } = report
  const each = (
    level: Annotation['level'],
    title: string,
    lines: (repository: RepositoryOutcome) => readonly string[],
  ): Annotation[] =>
    repositories.flatMap((repository) =>
      lines(repository).map((line) => ({ level, title, message: `${repository.repository}: ${line}` })),
    )
  return foldAnnotations([
    ...each('error', 'Broken after deleting', ({ broken }) => broken ?? []),
    ...each('error', 'Prune', ({ problems }) => problems),
    ...each(
      dryRun ? 'warning' : 'error',
      dryRun ? 'Prune would be refused' : 'Prune refused',
      ({ refusals }) => refusals.map(({ message }) => message),
    ),
    ...each('warning', 'Prune stopped early', (repository) => leftOver(repository, report)),
    ...each('warning', 'Not deleted', undeletable),
    ...planWarnings(report),
    ...each('notice', 'Unknown age', undated),
    ...dryRunNotice(report, units),
  ])
}

function leftOver(repository: RepositoryOutcome, report: PruneReport): string[] {
  if (repository.state !== 'partial') return []
  const { pending } = figuresOf([repository], report)
  return [`${plural(pending, 'tag')} not reached; the next run goes on`]
}

/** What the registry would not let go, found out only by trying. */
function undeletable({ tags }: RepositoryOutcome): string[] {
  return tags.flatMap((tag) => {
    const told = tag.note
    return tag.decision === 'skip' && told !== null ? [`${tag.tag}: ${told}`] : []
  })
}

function undated({ tags }: RepositoryOutcome): string[] {
  const unknown = tags.filter((tag) => tag.reason === 'unknown-age' && !isHelper(tag)).map(({ tag }) => tag)
  if (unknown.length === 0) return []
  const more = unknown.length > NAMED ? ` and ${unknown.length - NAMED} more` : ''
  const stay = unknown.length === 1 ? 'stays' : 'stay'
  return [
    `${plural(unknown.length, 'tag')} of unknown age ${stay}: ${unknown.slice(0, NAMED).join(', ')}${more}`,
  ]
}

function planWarnings(report: PruneReport): Annotation[] {
  return sharedWarnings(report).map(({ message, repositories }) => {
    const [first = ''] = repositories
    const where = repositories.length === 1 ? first : `${repositories.length} repositories`
    return { level: 'warning', title: 'Prune', message: `${where}: ${message}` }
  })
}

function dryRunNotice(report: PruneReport, units: Units): Annotation[] {
  const { dryRun, repositories } = report
  if (!dryRun || !repositories.some((repository) => losesSomething(repository, report))) return []
  const message = `${pruneHeadline(report, units)}. Nothing was deleted; set dry-run: false to carry it out`
  return [{ level: 'notice', title: 'Prune, dry run', message }]
}
