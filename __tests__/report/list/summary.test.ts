import { describe, expect, it } from 'vitest'
import type { ListReport, ListedRepository } from '../../../src/domain/list/report.ts'
import { parseTag } from '../../../src/domain/names/tag.ts'
import { renderListSummary } from '../../../src/report/list/summary.ts'
import { headOf, rowsOf } from '../drawing.ts'
import { RUN_URL } from '../fixtures.ts'

const listed = (repository: string, tags: number): ListedRepository => ({
  repository,
  tags: Array.from({ length: tags }, (_, i) => parseTag(`v1.${i}.0`, 'test')),
  problem: null,
})

const draw = (repositories: readonly ListedRepository[], changes: Partial<ListReport> = {}): string =>
  renderListSummary(
    { available: true, checks: [], repositories, shards: [], result: 'pass', ...changes },
    { runUrl: RUN_URL },
  )

describe('the summary of a list', () => {
  it('says a folder that all repositories share once, and names the one with the most tags first', () => {
    const summary = draw([listed('registry.example.com/team/a', 2), listed('registry.example.com/team/b', 8)])
    expect(summary).toContain('### ✅ List: 2 repositories, 10 tags\n')
    expect(summary).toContain('Repositories of `registry.example.com/team/`:\n\n| Repository |')
    expect(headOf(summary)).toEqual(['Repository', 'Tags', 'For example'])
    expect(rowsOf(summary)).toEqual([
      ['`b`', '8', '`v1.0.0` `v1.1.0` `v1.2.0` …'],
      ['`a`', '2', '`v1.0.0` `v1.1.0`'],
    ])
  })

  it('keeps whole names of repositories that share nothing', () => {
    const summary = draw([listed('a.example/x', 1), listed('b.example/x', 1)])
    expect(summary).not.toContain('Repositories of')
    expect(rowsOf(summary).map(([name]) => name)).toEqual(['`a.example/x`', '`b.example/x`'])
  })

  it('names in full, above the table, what could not be read', () => {
    const broken = { repository: 'ghcr.io/acme/b', tags: null, problem: 'its tags were refused, HTTP 403' }
    const summary = draw([listed('ghcr.io/acme/a', 1), broken], { result: 'fail' })
    expect(summary).toContain(
      '**1 repository could not be read:**\n\n- `ghcr.io/acme/b`: its tags were refused, HTTP 403\n',
    )
    expect(rowsOf(summary).at(-1)).toEqual(['`b`', '?', ''])
  })

  it('is the checks where the registry is not available', () => {
    const checks = [{ check: 'credentials', verdict: 'fail', message: 'refused user ci, HTTP 401' }] as const
    const summary = draw([], { available: false, checks, result: 'fail' })
    expect(summary).toContain('### ❌ List: the registry is not available\n')
    expect(rowsOf(summary)).toEqual([['Credentials', '❌\u00A0fail', 'refused user ci, HTTP 401']])
  })
})
