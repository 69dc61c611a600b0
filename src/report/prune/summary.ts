import type { PruneReport, RepositoryOutcome } from '../../domain/prune/outcome.ts'
import { fit } from '../markdown/fitting.ts'
import { foldedList } from '../markdown/lists.ts'
import {
  EMPTY,
  blocks,
  code,
  details,
  foreignProse,
  heading,
  htmlCode,
  markup,
  own,
  prose,
  withUnits,
} from '../markdown/markdown.ts'
import type { Html, Markdown } from '../markdown/markdown.ts'
import { freeingAdvice, noUndo, undoAhead, undoOffer, undoSteps } from './garbage-collection.ts'
import type { ProviderOf } from './garbage-collection.ts'
import { figuresOf, losesSomething } from './status.ts'
import { deletionWords, pruneHeadline } from './headline.ts'
import { mostUrgentFirst, repositoryOverview } from './overview.ts'
import { NAME_LENGTH, repositorySection } from './section.ts'
import type { Extent } from './section.ts'
import { sweepBlock } from './sweep.ts'
import { verdictBlocks } from './verdict.ts'
import { sharedWarnings } from './warnings.ts'
import type { SharedWarning } from './warnings.ts'
import { plural } from '../markdown/words.ts'
import { commonFolder } from '../common-folder.ts'
import { SUMMARY_MAX_BYTES, footer } from '../summary-frame.ts'
import type { SummaryOptions } from '../summary-frame.ts'

const FULL: Extent = { lines: 1000, repositories: 100, going: 1000, others: 500, sentences: 100 }
const OPEN_REPOSITORIES = 3
/** More folds than this are put into one. */
const FEW_FOLDS = 10
const WORTH_FOLDING = 3
const OPEN_WARNINGS = 5

export interface PruneSummaryOptions extends SummaryOptions {
  /** which kind of registry a repository is in, for advice */
  readonly providerOf: ProviderOf
  /** what this run wrote before each deletion, or the real one would; left out where nobody asked for it */
  readonly undoFile?: string
  /** in a dry run: it has content, so that a real run would refuse it; default: it has none */
  readonly isUndoFileTaken?: boolean
}

/**
 * The job summary of `mode: prune`: the verdict, what is wrong, each repository, and what is to be done next.
 */
export function renderPruneSummary(report: PruneReport, options: PruneSummaryOptions): Markdown {
  return fit(SUMMARY_MAX_BYTES, [
    () => draw(report, options, FULL),
    () => draw(report, options, { lines: 1000, repositories: 50, going: 500, others: 100, sentences: 50 }),
    () => draw(report, options, { lines: 500, repositories: 20, going: 100, others: 20, sentences: 20 }),
    () => draw(report, options, { lines: 50, repositories: 5, going: 10, others: 0, sentences: 5 }),
  ])
}

function draw(report: PruneReport, options: PruneSummaryOptions, extent: Extent): Markdown {
  const { units } = options
  const busy = report.repositories.filter((repository) => losesSomething(repository, report))
  const title = report.dryRun ? prose`Prune, dry run:` : prose`Prune:`
  return blocks(
    heading(3, prose`${title} ${withUnits(pruneHeadline(report, units))}`),
    howToRun(report, busy),
    verdictBlocks(report, options, extent.sentences),
    warningList(report, extent.sentences),
    sweepBlock(report, units, extent.sentences),
    repositoryOverview(report, units, extent.lines),
    ...sections(report, options, extent),
    notes(report, busy, options),
    footer(options),
  )
}

function sections(report: PruneReport, options: SummaryOptions, extent: Extent): readonly Markdown[] {
  const { repositories } = report
  const [only] = repositories
  if (only !== undefined && repositories.length === 1) {
    return [repositorySection(only, report, options, extent)]
  }
  const section = (one: RepositoryOutcome): Markdown => repositorySection(one, report, options, extent)
  if (repositories.length <= OPEN_REPOSITORIES) {
    return mostUrgentFirst(repositories).map((one) =>
      blocks(heading(4, code(one.repository, NAME_LENGTH)), section(one)),
    )
  }
  const folder = commonFolder(repositories.map(({ repository }) => repository))
  const folds = mostUrgentFirst(repositories)
    .filter(hasNews)
    .slice(0, extent.repositories)
    .map((one) => details(foldTitle(one, report, folder), section(one)))
  const others = folds.slice(FEW_FOLDS)
  if (others.length < WORTH_FOLDING) return folds
  return [
    ...folds.slice(0, FEW_FOLDS),
    details(markup`${own(plural(others.length, 'more repository'))}, tag by tag`, blocks(...others)),
  ]
}

function hasNews({ tags, manifests }: RepositoryOutcome): boolean {
  return (
    tags.some(({ decision }) => decision !== 'keep') ||
    manifests.some(({ decision }) => decision === 'delete')
  )
}

function foldTitle(repository: RepositoryOutcome, report: PruneReport, folder: string): Html {
  const alone = { ...report, repositories: [repository] }
  const words = deletionWords(alone, figuresOf([repository], report)).join(' · ')
  return markup`${htmlCode(repository.repository.slice(folder.length), NAME_LENGTH)} · ${own(words)}`
}

function warningList(report: PruneReport, most: number): Markdown {
  const warnings = sharedWarnings(report)
  if (warnings.length === 0) return EMPTY
  const draw = ({ message, repositories }: SharedWarning): Markdown => {
    const [first] = repositories
    if (first === undefined || report.repositories.length === 1) return foreignProse(message)
    return repositories.length === 1
      ? prose`${code(first, NAME_LENGTH)}: ${foreignProse(message)}`
      : prose`${repositories.length} repositories: ${foreignProse(message)}`
  }
  return blocks(
    prose`**Worth a look:**`,
    foldedList(warnings, draw, { open: OPEN_WARNINGS, written: most, noun: 'warning' }),
  )
}

/** The line that turns a dry run into a real one. */
function howToRun(report: PruneReport, busy: readonly RepositoryOutcome[]): Markdown {
  if (!report.dryRun || busy.length === 0) return EMPTY
  return prose`**Nothing was deleted.** To carry out this plan, set \`dry-run: false\`.`
}

/** The way back, in the open; and folded what only some readers need. */
function notes(
  report: PruneReport,
  busy: readonly RepositoryOutcome[],
  { providerOf, undoFile, isUndoFileTaken = false }: PruneSummaryOptions,
): Markdown {
  if (busy.length === 0) return EMPTY
  const providers = new Set(busy.map(({ repository }) => providerOf(repository)))
  // what is swept is free, and cannot be put back: its own block says so
  const isSwept = (report.garbage?.blobs ?? 0) > 0
  if (isSwept) return legend(report)
  const frees = report.reclaimedBytes > 0 || report.reclaimsMore ? freeingAdvice(providers) : EMPTY
  const { dryRun } = report
  const isWithout = undoFile === undefined
  const way = isWithout
    ? noUndo(providers, dryRun)
    : dryRun
      ? undoAhead(providers, undoFile, isUndoFileTaken)
      : undoSteps(providers, undoFile)
  const offer = isWithout ? undoOffer(providers, dryRun) : EMPTY
  const more = blocks(frees, offer, legend(report))
  return blocks(way, more === EMPTY ? EMPTY : details(foldOf(frees, offer), more))
}

function foldOf(frees: Markdown, offer: Markdown): Html {
  if (frees === EMPTY) return offer === EMPTY ? markup`How to read this` : markup`How to undo`
  return offer === EMPTY ? markup`When space is freed` : markup`When space is freed, and how to undo`
}

/** What the columns of the tables mean. */
function legend({ repositories }: PruneReport): Markdown {
  const hasTable = repositories.some(({ tags }) => tags.some(({ decision }) => decision !== 'keep'))
  if (!hasTable) return EMPTY
  const ages = repositories.flatMap(({ tags }) => tags.map(({ age }) => age))
  const order = !ages.some((age) => age !== null)
    ? EMPTY
    : ages.includes(null)
      ? prose`Tags are listed newest first, after those without an age. `
      : prose`Tags are listed newest first. `
  return prose`${order}*Frees on its own* is what only this tag needs; tags that share layers free more together.`
}
