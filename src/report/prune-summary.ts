import type { PlanWarning } from '../domain/prune/decision.ts'
import type { PruneReport, RepositoryOutcome } from '../domain/prune/outcome.ts'
import { formatBytes } from '../domain/quantities/bytes.ts'
import type { Units } from '../domain/quantities/bytes.ts'
import { foldedTable } from './columns.ts'
import type { Column } from './columns.ts'
import { fit } from './fitting.ts'
import { foldedList } from './lists.ts'
import {
  EMPTY,
  blocks,
  code,
  details,
  escapeText,
  heading,
  htmlCode,
  join,
  markup,
  own,
  prose,
  unbroken,
} from './markdown.ts'
import type { Markdown } from './markdown.ts'
import { freeingAdvice, providerOf, undoAdvice } from './prune-aftermath.ts'
import { figuresOf } from './prune-fates.ts'
import type { Figures } from './prune-fates.ts'
import { pruneHeadline } from './prune-headline.ts'
import { NAME_LENGTH, repositorySection } from './prune-section.ts'
import type { Extent } from './prune-section.ts'
import { verdictBlocks } from './prune-verdict.ts'
import { SUMMARY_MAX_BYTES, footer } from './summary-frame.ts'
import type { SummaryOptions } from './summary-frame.ts'

const FULL: Extent = { repositories: 100, going: 1000, others: 1000, sentences: 100 }
const OPEN_REPOSITORIES = 3
const OPEN_LINES = 30

/** The job summary of `mode: prune`: the verdict, what is wrong, each repository, and what is to be done next. */
export function renderPruneSummary(report: PruneReport, options: SummaryOptions): Markdown {
  return fit(SUMMARY_MAX_BYTES, [
    () => draw(report, options, FULL),
    () => draw(report, options, { repositories: 50, going: 500, others: 100, sentences: 50 }),
    () => draw(report, options, { repositories: 20, going: 100, others: 20, sentences: 20 }),
    () => draw(report, options, { repositories: 5, going: 10, others: 0, sentences: 5 }),
  ])
}

function draw(report: PruneReport, options: SummaryOptions, extent: Extent): Markdown {
  const { units } = options
  const title = report.dryRun ? prose`🧹 Prune, dry run:` : prose`🧹 Prune:`
  return blocks(
    heading(3, prose`${title} ${own(pruneHeadline(report, units))}`),
    verdictBlocks(report, extent.sentences),
    overview(report, units, extent),
    ...sections(report, options, extent),
    warningList(report, extent.sentences),
    nextStep(report),
    footer(options),
  )
}

function overview(report: PruneReport, units: Units, { repositories: most }: Extent): Markdown {
  const { repositories } = report
  if (repositories.length < 2) return EMPTY
  const rows = sorted(repositories).map((repository) => ({
    repository,
    figures: figuresOf([repository], report),
  }))
  return foldedTable(overviewColumns(rows, report.dryRun, units), rows, {
    open: OPEN_LINES,
    written: most * 2,
    noun: 'repository',
  })
}

interface OverviewRow {
  readonly repository: RepositoryOutcome
  readonly figures: Figures
}

const STATES: Readonly<Record<RepositoryOutcome['state'], string>> = {
  planned: '🗒️ planned',
  done: '✅ done',
  partial: '⏳ partial',
  refused: '⛔ refused',
  failed: '❌ failed',
}

function overviewColumns(rows: readonly OverviewRow[], dryRun: boolean, units: Units): Column<OverviewRow>[] {
  const count = (title: Markdown, key: keyof Figures, always = false): Column<OverviewRow> => ({
    title,
    align: 'right',
    when: always || rows.some(({ figures }) => figures[key] > 0),
    cell: ({ figures }) => prose`${figures[key]}`,
  })
  return [
    {
      title: prose`Repository`,
      align: 'left',
      cell: ({ repository }) => code(repository.repository, NAME_LENGTH),
    },
    {
      title: prose`State`,
      align: 'left',
      cell: ({ repository: { state } }) => unbroken(own(STATES[state])),
    },
    count(dryRun ? prose`Delete` : prose`Deleted`, 'deleted', true),
    count(dryRun ? prose`Untag` : prose`Untagged`, 'untagged'),
    count(prose`Manifests`, 'strays'),
    count(prose`Failed`, 'failed'),
    count(prose`Not reached`, 'pending'),
    count(prose`Skipped`, 'skipped'),
    count(prose`Kept`, 'kept', true),
    {
      title: prose`Frees`,
      align: 'right',
      cell: ({ repository: { reclaimedBytes, reclaimsMore } }) =>
        unbroken(own(`${reclaimsMore ? '>' : ''}${formatBytes(reclaimedBytes, units)}`)),
    },
  ]
}

const URGENCY: Readonly<Record<RepositoryOutcome['state'], number>> = {
  failed: 0,
  refused: 1,
  partial: 2,
  planned: 3,
  done: 3,
}

/** What needs a look first, else as asked for. */
function sorted(repositories: readonly RepositoryOutcome[]): RepositoryOutcome[] {
  return repositories.toSorted((a, b) => URGENCY[a.state] - URGENCY[b.state])
}

function sections(report: PruneReport, options: SummaryOptions, extent: Extent): Markdown[] {
  const { repositories } = report
  const [only] = repositories
  if (only !== undefined && repositories.length === 1) {
    return [prose`${code(only.repository, NAME_LENGTH)}`, repositorySection(only, report, options, extent)]
  }
  const isOpen = repositories.length <= OPEN_REPOSITORIES
  const busy = sorted(repositories).filter(
    ({ tags, manifests }) =>
      isOpen ||
      tags.some(({ decision }) => decision !== 'keep') ||
      manifests.some(({ decision }) => decision === 'delete'),
  )
  return busy.slice(0, extent.repositories).map((repository) => {
    const section = repositorySection(repository, report, options, extent)
    return isOpen
      ? blocks(heading(4, code(repository.repository, NAME_LENGTH)), section)
      : details(markup`${htmlCode(repository.repository, NAME_LENGTH)}`, section)
  })
}

/** The same said of several repositories is said once. */
function warningList({ repositories }: PruneReport, most: number): Markdown {
  const warnings = new Map<string, { warning: PlanWarning; where: string[] }>()
  for (const { repository, warnings: own } of repositories) {
    for (const warning of own) {
      const key = JSON.stringify([warning.kind, warning.subject, warning.message])
      const known = warnings.get(key)
      if (known === undefined) warnings.set(key, { warning, where: [repository] })
      else known.where.push(repository)
    }
  }
  return foldedList(
    [...warnings.values()],
    ({ warning, where }) => {
      const [first = ''] = where
      const named =
        where.length === 1 ? prose` in ${code(first, NAME_LENGTH)}` : prose` in ${where.length} repositories`
      return prose`⚠️ ${escapeText(warning.message)}${repositories.length === 1 ? EMPTY : named}`
    },
    { open: 5, written: most, noun: 'warning' },
  )
}

/** The line that turns a dry run into a real one; when the bytes are free; whether there is a way back. */
function nextStep(report: PruneReport): Markdown {
  const busy = report.repositories.filter((repository) => {
    const { deleted, untagged, strays } = figuresOf([repository], report)
    return repository.state !== 'refused' && deleted + untagged + strays > 0
  })
  if (busy.length === 0) return EMPTY
  const providers = new Set(busy.map(({ repository }) => providerOf(repository)))
  const undo = join(undoAdvice(providers), prose` `)
  return blocks(
    report.dryRun
      ? prose`▶️ **Nothing was deleted.** To carry this plan out, set in the step's \`with\`:\n\n\`\`\`yaml\ndry-run: false\n\`\`\``
      : EMPTY,
    report.reclaimedBytes > 0 || report.reclaimsMore ? freeingAdvice(providers) : EMPTY,
    prose`↩️ ${undo}`,
  )
}
