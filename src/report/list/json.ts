import type { Check } from '../../domain/list/check.ts'
import type { ListReport } from '../../domain/list/report.ts'

/** The `json` output of `mode: list`, version 1. */
export interface ListJson {
  readonly schemaVersion: 1
  readonly mode: 'list'
  readonly result: ListReport['result']
  readonly available: boolean
  readonly checks: readonly Check[]
  readonly repositories: readonly {
    /** `host/path` */
    readonly repository: string
    readonly tags: readonly string[]
    /** why its tags are not known; left out where they are */
    readonly problem?: string
  }[]
}

/** A report as data. */
export function listJson({ result, available, checks, repositories }: ListReport): ListJson {
  return {
    schemaVersion: 1,
    mode: 'list',
    result,
    available,
    checks,
    repositories: repositories.map(({ repository, tags, problem }) => {
      if (tags !== null) return { repository, tags }
      return { repository, tags: [], problem: problem ?? 'not reached before max-duration' }
    }),
  }
}
