import type { ListReport, ListedRepository } from '../../domain/list/report.ts'
import { plural } from '../markdown/words.ts'
import { placed } from '../placed.ts'

/** Repositories that could not be read. */
export function brokenOf({ repositories }: ListReport): ListedRepository[] {
  return repositories.filter(({ problem }) => problem !== null)
}

function tagCount({ repositories }: ListReport): number {
  return repositories.reduce((sum, { tags }) => sum + (tags?.length ?? 0), 0)
}

/** What there is, in one line without a full stop. */
export function listHeadline(report: ListReport): string {
  if (!report.available) return 'the registry is not available'
  const { repositories, shards } = report
  const pending = repositories.filter(({ tags, problem }) => tags === null && problem === null).length
  const parts = [
    plural(repositories.length, 'repository'),
    plural(tagCount(report), 'tag'),
    ...(shards.length > 1 ? [plural(shards.length, 'shard')] : []),
    ...(brokenOf(report).length > 0 ? [`${brokenOf(report).length} could not be read`] : []),
    ...(pending > 0 ? [`${pending} not reached`] : []),
  ]
  return parts.join(', ')
}

/** The line that ends a red step: the first thing that is wrong, and how many more there are. */
export function listFailure(report: ListReport): string {
  const problems = [
    ...report.checks.filter(({ verdict }) => verdict === 'fail').map(({ message }) => message),
    ...brokenOf(report).map(({ repository, problem }) => placed(repository, problem ?? '')),
  ]
  const [first = 'list failed'] = problems
  const more = problems.length - 1
  return more === 0 ? first : `${first} (and ${plural(more, 'more problem')})`
}
