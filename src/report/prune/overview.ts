import type { PruneReport, RepositoryOutcome, TagTally } from '../../domain/prune/outcome.ts'
import { formatBytes } from '../../domain/quantities/bytes.ts'
import type { Units } from '../../domain/quantities/bytes.ts'
import { UNBROKEN_NAME, foldedTable } from '../markdown/columns.ts'
import type { Column } from '../markdown/columns.ts'
import { EMPTY, blocks, code, own, prose, unbroken } from '../markdown/markdown.ts'
import type { Markdown } from '../markdown/markdown.ts'
import { commonFolder } from '../common-folder.ts'
import { countCompanions, figuresOf } from './status.ts'
import type { Figures } from './status.ts'
import { NAME_LENGTH } from './section.ts'

const OPEN_REPOSITORIES = 30

/** A line for each of several repositories. */
export function repositoryOverview(report: PruneReport, units: Units, most: number): Markdown {
  const { repositories } = report
  if (repositories.length < 2) return EMPTY
  const rows = mostUrgentFirst(repositories).map((repository) => ({
    repository,
    figures: figuresOf([repository], report),
  }))
  const folder = commonFolder(repositories.map(({ repository }) => repository))
  return blocks(
    folder === '' ? EMPTY : prose`Repositories of ${code(folder, NAME_LENGTH)}:`,
    foldedTable(overviewColumns(rows, folder, report.dryRun, units), rows, {
      open: OPEN_REPOSITORIES,
      written: most,
      noun: 'repository',
    }),
  )
}

interface OverviewRow {
  readonly repository: RepositoryOutcome
  readonly figures: Figures
}

function overviewColumns(
  rows: readonly OverviewRow[],
  folder: string,
  dryRun: boolean,
  units: Units,
): Column<OverviewRow>[] {
  const states = new Set(rows.map(({ repository: { state } }) => state))
  const count = (title: Markdown, key: keyof TagTally | 'refused', always = false): Column<OverviewRow> => ({
    title,
    align: 'right',
    when: always || rows.some(({ figures }) => figures[key] > 0),
    cell: ({ figures }) => prose`${figures[key]}`,
  })
  return [
    {
      title: prose`Repository`,
      align: 'left',
      unbroken: UNBROKEN_NAME,
      cell: ({ repository }) => code(repository.repository.slice(folder.length), NAME_LENGTH),
    },
    {
      title: prose`State`,
      align: 'left',
      when: states.size > 1,
      cell: ({ repository: { state } }) => own(state),
    },
    count(dryRun ? prose`Delete` : prose`Deleted`, 'deleted', true),
    count(dryRun ? prose`Untag` : prose`Untagged`, 'untagged'),
    {
      title: prose`Frees`,
      align: 'right',
      cell: ({ repository: { reclaimedBytes, reclaimsMore } }) =>
        unbroken(own(`${reclaimsMore ? '>' : ''}${formatBytes(reclaimedBytes, units)}`)),
    },
    {
      title: prose`Manifests`,
      align: 'right',
      when: rows.some(({ figures }) => countCompanions(figures.companions) > 0),
      cell: ({ figures }) => prose`${countCompanions(figures.companions)}`,
    },
    count(prose`Would go`, 'refused'),
    count(prose`Failed`, 'failed'),
    count(prose`Not reached`, 'pending'),
    count(prose`Skipped`, 'skipped'),
    count(prose`Kept`, 'kept', true),
  ]
}

const URGENCY: Readonly<Record<RepositoryOutcome['state'], number>> = {
  failed: 0,
  refused: 1,
  partial: 2,
  planned: 3,
  done: 3,
}

/** What needs a look first, then what frees the most. */
export function mostUrgentFirst(repositories: readonly RepositoryOutcome[]): RepositoryOutcome[] {
  return repositories.toSorted(
    (a, b) => URGENCY[a.state] - URGENCY[b.state] || b.reclaimedBytes - a.reclaimedBytes,
  )
}
