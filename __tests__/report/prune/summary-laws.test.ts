import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PruneReport } from '../../../src/domain/prune/outcome.ts'
import { SUMMARY_MAX_BYTES } from '../../../src/report/summary-frame.ts'
import { image, policy } from '../../domain/prune/repository-dsl.ts'
import type { Content } from '../../domain/prune/repository-dsl.ts'
import { unread } from '../../../src/usecases/prune/plan-repository.ts'
import { rowsOf } from '../drawing.ts'
import { RUN_URL } from '../fixtures.ts'
import { autoLinked, elementsOf, hostileText, tableShapes, targetsOf, toHtml } from '../hostile.ts'
import { pruneExamples } from './examples.ts'
import { drawPrune, executed, planned, pruneReport, withForeignText } from './fixtures.ts'
import { runs } from '../../support/runs.ts'

/** Reports as they happen, in which every text that can come from outside is hostile. */
const hostileReport: fc.Arbitrary<PruneReport> = fc
  .record({
    name: fc.constantFrom(...Object.keys(pruneExamples).filter((name) => name !== '500 tags')),
    texts: fc.array(hostileText, { minLength: 1, maxLength: 12 }),
  })
  .map(({ name, texts }) =>
    withForeignText(pruneExamples[name]!(), (place) => texts[place % texts.length] ?? ''),
  )

const OWN_ELEMENTS =
  'h3 h4 p ul li table thead tbody tr th td details summary code pre sub strong em a'.split(' ')
const RUNS = runs(20)

describe('any report', () => {
  it('links nowhere but to the run, pings nobody, loads nothing and forges no marker', () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        const page = toHtml(drawPrune(report))
        expect(OWN_ELEMENTS).toEqual(expect.arrayContaining([...elementsOf(page)]))
        expect(targetsOf(page)).toEqual([RUN_URL])
        expect(autoLinked(page)).toEqual([])
        expect(page).not.toContain('<!--')
      }),
      RUNS,
    )
  })

  it('has as many cells in each row as its table has columns, and as many folds closed as opened', () => {
    fc.assert(
      fc.property(hostileReport, (report) => {
        const summary = drawPrune(report)
        for (const shape of tableShapes(summary)) expect(new Set(shape).size).toBe(1)
        expect(summary.match(/^<details>$/gm)?.length).toBe(summary.match(/^<\/details>$/gm)?.length)
      }),
      RUNS,
    )
  })
})

/** Tags of which all but the newest half go, each with an image of its own. */
function tagged(count: number): Content {
  const tags: Record<string, string> = {}
  const manifests: Record<string, ReturnType<typeof image>> = {}
  for (let i = 0; i < count; i += 1) {
    tags[`build-${i}`] = `D${i} ${1 + (i % 3000)}d`
    manifests[`D${i}`] = image({ blobs: { [`layer ${i}`]: 1_000_000, base: 30_000_000 } })
  }
  return { tags, manifests }
}

const old = policy({ tags: 'build-*', olderThan: '30d' })

describe('a report beyond all bounds', () => {
  it('stays within the limit for 20,000 tags, and says how many it does not list', () => {
    const report = pruneReport([executed(tagged(20_000), old)])
    const { deleted, kept } = report.repositories[0]!.tally
    const summary = drawPrune(report)
    expect(Buffer.byteLength(summary)).toBeLessThan(SUMMARY_MAX_BYTES)
    expect(summary).toContain(`deleted ${deleted} of 20000 tags`)
    expect(summary).toContain(`${deleted - 1000} more tags, counted but not listed here.`)
    expect(summary).toContain(`<summary>${kept} tags kept, and why</summary>`)
  })

  it('keeps what matters of many repositories: numbers, then the first ones', () => {
    const outcomes = Array.from({ length: 400 }, (_, i) =>
      planned(tagged(i < 40 ? 300 : 2), old, { name: `registry.example.com/team/service-${i}` }),
    )
    const report = pruneReport(outcomes)
    const summary = drawPrune(report)
    expect(Buffer.byteLength(summary)).toBeLessThan(SUMMARY_MAX_BYTES)
    expect(summary).toContain('in 400 repositories')
    expect(summary).toContain('<summary>370 more repositories</summary>')
  })

  it('is read at 500 repositories: problems named in the open, then what frees the most, the rest folded', () => {
    const outcomes = Array.from({ length: 500 }, (_, i) => {
      const name = `registry.example.com/team/service-${i}`
      if (i % 50 === 49)
        return unread(name, 'failed', [
          `${name}: listing the tags was answered with 500 Internal Server Error`,
        ])
      return planned(tagged(80 + (i % 7)), old, { name })
    })
    const summary = drawPrune(pruneReport(outcomes, { dryRun: true }))
    expect(Buffer.byteLength(summary)).toBeLessThan(SUMMARY_MAX_BYTES)
    const open = summary.slice(0, summary.indexOf('<details>'))
    for (let i = 49; i < 500; i += 50)
      expect(open).toContain(`- \`registry.example.com/team/service-${i}\`: `)
    const rows = rowsOf(summary)
    expect(rows).toHaveLength(30)
    expect(rows.slice(0, 10).map(([, state]) => state)).toEqual(Array.from({ length: 10 }, () => 'failed'))
    const freed = rows.slice(10).map((row) => Number.parseFloat(row[3] ?? ''))
    expect(freed).toEqual(freed.toSorted((a, b) => b - a))
    expect(summary).toContain('<summary>470 more repositories</summary>')
    expect(summary).toContain('Repositories of `registry.example.com/team/`:')
    for (const { repository } of outcomes) expect(summary).toContain(`| \`${repository.slice(26)}\` |`)
    const foldsAtOnce = summary.replaceAll(/<summary>\d+ more repositories, tag by tag[^]*/g, '')
    expect(foldsAtOnce.match(/<summary><code>/g)).toHaveLength(10)
  })

  it('gives way to hostile lengths: the last rung is bounded by its construction', () => {
    const report = pruneReport(
      Array.from({ length: 25 }, () =>
        executed(tagged(100), old, {
          changes: {
            state: 'failed',
            problems: Array.from({ length: 500 }, String),
            broken: Array.from({ length: 500 }, String),
          },
        }),
      ),
    )
    const summary = drawPrune(withForeignText(report, (place) => `${'<|&@'.repeat(500)}${place}`))
    expect(Buffer.byteLength(summary)).toBeLessThan(SUMMARY_MAX_BYTES)
    expect(summary).toContain('12500 broken afterwards')
    expect(summary).toContain('… and 12495 more broken names')
  })
})
