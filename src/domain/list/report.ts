import type { Tag } from '../names/tag.ts'
import type { Check } from './check.ts'
import type { Shard } from './shards.ts'

/** One repository that was found. */
export interface ListedRepository {
  /** `host/path` */
  readonly repository: string
  /** those that the inputs select, in SemVer, then natural order; null: they could not be read */
  readonly tags: readonly Tag[] | null
  /** why they could not be read, one line; null where they could, and where the time was over before */
  readonly problem: string | null
}

/** The outcome of `mode: list`. */
export interface ListReport {
  readonly available: boolean
  readonly checks: readonly Check[]
  readonly repositories: readonly ListedRepository[]
  readonly shards: readonly Shard[]
  readonly result: 'pass' | 'warn' | 'fail' | 'partial'
}

/** A step is as red as the worst that it found; time that ran out is not a fault, but no success either. */
export function listResult(
  checks: readonly Check[],
  repositories: readonly ListedRepository[],
): ListReport['result'] {
  if (checks.some(({ verdict }) => verdict === 'fail')) return 'fail'
  if (repositories.some(({ problem }) => problem !== null)) return 'fail'
  if (repositories.some(({ tags }) => tags === null)) return 'partial'
  return checks.some(({ verdict }) => verdict === 'warn') ? 'warn' : 'pass'
}
