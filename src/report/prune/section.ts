import type { PruneReport, RepositoryOutcome } from '../../domain/prune/outcome.ts'
import { columnTable, foldedTable } from '../markdown/columns.ts'
import { foldedList } from '../markdown/lists.ts'
import { EMPTY, blocks, code, details, markup, own, prose } from '../markdown/markdown.ts'
import type { Markdown } from '../markdown/markdown.ts'
import { circumstancesOf, statusLabel, isGone, untaggedManifests } from './status.ts'
import type { StatusLabel } from './status.ts'
import { partCounts, reasonCounts } from './reason.ts'
import { tagRows } from './rows.ts'
import type { TagRow } from './rows.ts'
import { notesBlock, toldNotes } from './shared-notes.ts'
import { TAG_LENGTH, manifestColumns, tagColumns } from './table.ts'
import type { SummaryOptions } from '../summary-frame.ts'
import { plural } from '../markdown/words.ts'

/** How much is written of what has no bound; each rung of the summary's ladder says less. */
export interface Extent {
  /** repositories with a line in the overview */
  readonly lines: number
  /** repositories with a section of their own */
  readonly repositories: number
  /** tags that go, in each repository */
  readonly going: number
  /** tags that stay, and manifests, in each repository */
  readonly others: number
  readonly sentences: number
}

const OPEN_ROWS = 30
const OPEN_NAMES = 10
export const NAME_LENGTH = 255

/** One repository: what protects its tags, which of them go, and folded all that stays or goes along. */
export function repositorySection(
  repository: RepositoryOutcome,
  report: PruneReport,
  options: SummaryOptions,
  extent: Extent,
): Markdown {
  const { going, kept, subjectTags } = tagRows(repository, report)
  const { tags, manifests, problems } = repository
  if (tags.length + manifests.length === 0 && problems.length > 0) {
    return prose`There is no plan for ${code(repository.repository, NAME_LENGTH)}, so nothing was deleted there.`
  }
  // the only repository of a report has no heading that names it
  const name = report.repositories.length === 1 ? repository.repository : null
  return blocks(
    protection(kept, going, name),
    notesBlock(going, extent.sentences),
    goingTable(going, options, extent.going),
    unknownAges(kept, extent.sentences),
    keptFold(kept, options, extent.others),
    subjectTagFold(subjectTags, options, extent.others),
    manifestFold(repository, report, extent.others),
  )
}

/** What protects the rest, in one line. */
function protection(kept: readonly TagRow[], going: readonly TagRow[], name: string | null): Markdown {
  const skipped = going.filter(({ label }) => label === 'skipped')
  const stay = kept.length + skipped.length
  const all = kept.length + going.length
  const of = name === null ? EMPTY : prose` of ${code(name, NAME_LENGTH)}`
  if (stay === 0)
    return all === 0 ? prose`No tags${of}.` : prose`None of ${own(plural(all, 'tag'))}${of} stays.`
  const why = reasonCounts(kept.map(({ tag }) => tag))
  const cannot = skipped.length === 0 ? [] : [`${skipped.length} that cannot go`]
  const reasons = own([...(why === '' ? [] : [why]), ...cannot].join(', '))
  const isRefused = going.some(({ label }) => label === 'refused')
  const verb = isRefused ? 'would stay' : stay === 1 ? 'stays' : 'stay'
  return prose`**${stay} of ${own(plural(all, 'tag'))}${of} ${own(verb)}:** ${reasons}.`
}

function goingTable(going: readonly TagRow[], options: SummaryOptions, most: number): Markdown {
  if (going.length === 0) return EMPTY
  return foldedTable(tagColumns(going, options, toldNotes(going)), going, {
    open: OPEN_ROWS,
    written: most,
    noun: 'tag',
  })
}

function unknownAges(kept: readonly TagRow[], most: number): Markdown {
  const unknown = kept.filter(({ tag }) => tag.reason === 'unknown-age')
  if (unknown.length === 0) return EMPTY
  return blocks(
    prose`**Of unknown age**, so ${own(unknown.length === 1 ? 'it stays' : 'they stay')}:`,
    foldedList(unknown, ({ tag: { tag } }) => code(tag, TAG_LENGTH), {
      open: OPEN_NAMES,
      written: most,
      noun: 'tag',
    }),
  )
}

function keptFold(kept: readonly TagRow[], options: SummaryOptions, most: number): Markdown {
  const written = kept.slice(0, most)
  if (written.length === 0) return EMPTY
  return details(
    markup`${own(plural(kept.length, 'tag'))} kept, and why`,
    blocks(columnTable(tagColumns(written, options), written), rest(kept.length - written.length)),
  )
}

function rest(count: number): Markdown {
  return count === 0 ? EMPTY : prose`${count} more, counted but not listed here.`
}

/** Tags of signatures and the like: they follow their subject, so only those that go are worth a line. */
function subjectTagFold(subjectTags: readonly TagRow[], options: SummaryOptions, most: number): Markdown {
  const going = subjectTags.filter(({ label }) => label !== 'kept')
  const written = going.slice(0, most)
  if (written.length === 0) return EMPTY
  return details(
    markup`${own(plural(going.length, 'tag'))} of signatures and the like`,
    blocks(columnTable(tagColumns(written, options), written), rest(going.length - written.length)),
  )
}

/** Platform images, signatures and untagged manifests: those that go by line, the others by number. */
function manifestFold(repository: RepositoryOutcome, report: PruneReport, most: number): Markdown {
  const circumstances = circumstancesOf(repository, report)
  const rows = untaggedManifests(repository).map((manifest) => ({
    manifest,
    label: statusLabel(manifest, circumstances),
  }))
  const going = rows.filter(({ label }) => label !== 'kept')
  const kept = rows.filter(({ label }) => label === 'kept')
  const written = going.slice(0, most)
  if (written.length === 0) return EMPTY
  const stay =
    kept.length === 0
      ? EMPTY
      : prose`${own(plural(kept.length, 'more untagged manifest'))} stay${own(kept.length === 1 ? 's' : '')}: ${own(partCounts(kept.map(({ manifest }) => manifest)))}.`
  const hasTags = repository.tags.some(({ decision }) => decision === 'delete')
  return details(
    markup`${own(plural(going.length, 'untagged manifest'))} ${own(verbOf(going))}${own(hasTags ? ' with them' : '')}: ${own(partCounts(going.map(({ manifest }) => manifest)))}`,
    blocks(columnTable(manifestColumns(written), written), rest(going.length - written.length), stay),
  )
}

function verbOf(rows: readonly { readonly label: StatusLabel }[]): string {
  const one = rows.length === 1
  if (rows.every(({ label }) => label === 'to delete' || label === 'refused')) return one ? 'goes' : 'go'
  return rows.every(({ label }) => isGone(label)) ? 'went' : one ? 'was to go' : 'were to go'
}
