import { sortTags } from '../../domain/names/tag-order.ts'
import type { PruneReport, RepositoryOutcome, TagOutcome } from '../../domain/prune/outcome.ts'
import { circumstancesOf, statusLabel, isSubjectTag } from './status.ts'
import type { StatusLabel } from './status.ts'

/** A tag as a line of a table. */
export interface TagRow {
  readonly tag: TagOutcome
  readonly label: StatusLabel
}

/** The tags of a repository, those of signatures and the like apart. */
export interface TagRows {
  /** what goes, went, should have gone, or would go if it could */
  readonly going: readonly TagRow[]
  readonly kept: readonly TagRow[]
  readonly subjectTags: readonly TagRow[]
}

/** What went wrong is looked at first; between what goes and what went there is no need to choose. */
const RANKS: Readonly<Record<StatusLabel, number>> = {
  failed: 0,
  'not reached': 1,
  refused: 2,
  'to delete': 2,
  'to untag': 2,
  deleted: 2,
  untagged: 2,
  'already gone': 2,
  skipped: 3,
  kept: 4,
}

/**
 * Failures first, then the newest: what goes although it is new is what a reader wants to know. A tag of
 * unknown age could be the newest one.
 */
export function tagRows(repository: RepositoryOutcome, report: PruneReport): TagRows {
  const circumstances = circumstancesOf(repository, report)
  const names = new Map(sortTags(repository.tags.map(({ tag }) => tag)).map((tag, rank) => [tag, rank]))
  const at = ({ age }: TagOutcome): number => age?.at ?? Infinity
  const rows = repository.tags
    .map((tag): TagRow => ({ tag, label: statusLabel(tag, circumstances) }))
    .sort(
      (a, b) =>
        RANKS[a.label] - RANKS[b.label] ||
        compare(at(b.tag), at(a.tag)) ||
        (names.get(b.tag.tag) ?? 0) - (names.get(a.tag.tag) ?? 0),
    )
  const subjectTags = rows.filter(({ tag }) => isSubjectTag(tag))
  const images = rows.filter(({ tag }) => !isSubjectTag(tag))
  return {
    going: images.filter(({ label }) => label !== 'kept'),
    kept: images.filter(({ label }) => label === 'kept'),
    subjectTags,
  }
}

/** A difference of two infinities is not a number. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a - b
}
