import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FOOTER_START, saysTheSame } from '../../../src/domain/comment/content.ts'
import { compareWith } from '../../../src/domain/growth/compare.ts'
import type { Layer, MeasuredImage, SizeReport } from '../../../src/domain/size/report.ts'
import { asBytes } from '../../../src/domain/quantities/bytes.ts'
import { renderComment } from '../../../src/report/comment/body.ts'
import { renderSizeSummary } from '../../../src/report/size/summary.ts'
import { sizeView } from '../../../src/report/size/view.ts'
import { COMMIT, drawComment, foldedRowsOf } from './drawing.ts'
import { rowsOf } from '../drawing.ts'
import { MIB, NOW, RUN_URL, digestOf, image, layer, platformImage, report } from '../fixtures.ts'
import { compared, onBase } from '../growth.ts'
import { growthExamples } from '../growth-examples.ts'
import { autoLinked, elementsOf, hostileText, tableShapes, targetsOf, toHtml } from '../hostile.ts'
import { runs } from '../../support/runs.ts'

const LONGEST = 60_000

/** A comparison in which every text that can come from outside is hostile. */
const hostileReport: fc.Arbitrary<SizeReport> = fc
  .record({
    names: fc.array(fc.tuple(hostileText, hostileText), { minLength: 1, maxLength: 8 }),
    text: fc.array(hostileText, { minLength: 8, maxLength: 8 }),
    isLenient: fc.boolean(),
    isPartial: fc.boolean(),
  })
  .map(({ names, text, isLenient, isPartial }) => {
    const [createdBy = '', one = '', two = '', baseName = '', entry = '', leniency = '', from = ''] = text
    const platform = { os: one, architecture: two, variant: null, osVersion: null }
    const measured = names.map(([tag, repository], i): MeasuredImage => {
      const stack = (build: string, size: number) =>
        onBase(
          platformImage(
            null,
            [
              layer(['base', MIB, createdBy]),
              layer([build, size, createdBy]),
              layer([`${build} ${i}`, 900, two]),
            ],
            { platform },
          ),
          baseName,
          1,
        )
      const next = image(`${repository}:${tag}`, [stack('new', (i + 1) * MIB)], { tag, repository })
      if (i % 4 === 3) {
        return {
          ...next,
          baseline: { state: 'unread', name: one, reason: two, skipped: [] },
          platforms: next.platforms.map((each) => ({
            ...each,
            growth: { state: 'unknown', cause: 'unread', reason: two },
          })),
        }
      }
      const old = image(i % 2 === 0 ? `${repository}:${two}` : one, [
        stack('old', MIB),
        { ...stack('gone', 5), platform: null },
      ])
      const skipped = [{ entry, cause: 'absent', reason: one } as const]
      return tamper(compared(next, old, { entry, skipped }), from, two)
    })
    const judged = report(measured, {
      maxSize: ['3MiB'],
      maxIncrease: ['10% and 1KiB'],
      severity: isLenient ? { warnBecause: leniency } : 'fail',
      findings: { notices: [one, two], unmeasured: [one], partial: isPartial },
    })
    const breaches = judged.breaches.map((breach) =>
      Object.assign({}, breach, { rule: `${two}=1MiB`, reason: breach.reason === null ? null : `${one}%` }),
    )
    return Object.assign({}, judged, { breaches, overrideLabel: two, warnings: [one, two] })
  })

/** As a stranger's report file may have it. */
function tamper<I extends MeasuredImage>(measured: I, from: string, to: string): I {
  const platforms = measured.platforms.map((platform) => {
    const { growth } = platform
    if (growth?.state !== 'changed') return platform
    return Object.assign({}, platform, { growth: Object.assign({}, growth, { recompressed: { from, to } }) })
  })
  return Object.assign({}, measured, { platforms })
}

const OWN_ELEMENTS = 'h3 p ul li table thead tbody tr th td details summary code sub strong em a'.split(' ')

describe('the comment of any report', () => {
  const bodies = hostileReport.map((value) =>
    renderComment(sizeView(value, 'iec'), { runUrl: RUN_URL, commit: COMMIT }),
  )

  it('links nowhere but to the run, pings nobody, loads nothing and forges no marker', () => {
    fc.assert(
      fc.property(bodies, ({ current, resolved }) => {
        for (const body of [current, resolved]) {
          const page = toHtml(body)
          expect(OWN_ELEMENTS).toEqual(expect.arrayContaining([...elementsOf(page)]))
          expect(targetsOf(page)).toEqual([RUN_URL])
          // the commit is ours, and bare on purpose
          expect(autoLinked(page).filter((found) => !COMMIT.startsWith(found))).toEqual([])
          expect(page).not.toContain('<!--')
        }
      }),
      runs(20),
    )
  })

  it('has one footer, its last line, whole tables and whole folds', () => {
    fc.assert(
      fc.property(bodies, ({ current, resolved }) => {
        for (const body of [current, resolved]) {
          const lines = body.split('\n')
          expect(lines.findIndex((line) => line.startsWith(FOOTER_START))).toBe(lines.length - 1)
          for (const shape of tableShapes(body)) expect(new Set(shape).size).toBe(1)
          expect(body.match(/^<details(?: open)?>$/gm)?.length).toBe(body.match(/^<\/details>$/gm)?.length)
        }
      }),
      runs(20),
    )
  })

  it('cannot be written into by run, commit or summary', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (one, other) => {
        const options = {
          units: 'iec',
          runUrl: one,
          commit: other,
          summaryUrl: `https://host.example/${one}`,
        } as const
        const { current } = renderComment(sizeView(growthExamples['unchanged']!(), 'iec'), options)
        const page = toHtml(current.slice(current.lastIndexOf('\n') + 1))
        expect(page).not.toContain('<!--')
        expect(['p', 'sub', 'a']).toEqual(expect.arrayContaining([...elementsOf(page)]))
        expect(targetsOf(page).every((target) => target.startsWith('http'))).toBe(true)
      }),
      runs(20),
    )
  })
})

describe('equal reports', () => {
  it('make comments that say the same, whatever the run and the commit', () => {
    const footers = fc.record({
      runUrl: fc.option(fc.webUrl()),
      commit: fc.option(fc.stringMatching(/^[0-9a-f]{40}$/)),
      summaryUrl: fc.option(fc.webUrl()),
    })
    fc.assert(
      fc.property(hostileReport, footers, footers, (value, one, other) => {
        const a = renderComment(sizeView(value, 'iec'), one)
        const b = renderComment(sizeView(structuredClone(value), 'iec'), other)
        expect(saysTheSame(a.current, b.current)).toBe(true)
        expect(saysTheSame(a.resolved, b.resolved)).toBe(true)
      }),
      runs(15),
    )
  })

  it.each(Object.keys(growthExamples).filter((name) => !['unchanged', '200 images'].includes(name)))(
    'are told from a report of nothing new: %s',
    (name) => {
      const [a, b] = [drawComment(growthExamples[name]!()), drawComment(growthExamples['unchanged']!())]
      expect(saysTheSame(a.current, b.current)).toBe(false)
    },
  )
})

describe('a comment', () => {
  const long = (i: number): string => `registry.example.com/${'very-long-team-name/'.repeat(11)}service-${i}`

  function fleet(
    count: number,
    nameOf: (i: number) => string,
    more: Partial<Parameters<typeof report>[1]> = {},
  ) {
    const at = (build: string, size: number) =>
      ['linux/amd64', 'linux/arm64', 'linux/arm/v6', 'linux/s390x'].map((platform) =>
        platformImage(platform, [
          layer([`base ${platform}`, 30 * MIB, 'ADD rootfs.tar.xz /']),
          layer([build, size, 'COPY . .']),
        ]),
      )
    const images = Array.from({ length: count }, (_, i) =>
      compared(
        image(`${nameOf(i)}:pr-1`, at(`new ${i}`, (i + 2) * MIB)),
        image(`${nameOf(i)}:main`, at(`old ${i}`, MIB)),
      ),
    )
    return report(images, { maxIncrease: ['1MiB'], ...more })
  }

  it('of 200 images with long names on four platforms fits, and says where the rest is', () => {
    const { current, resolved } = drawComment(fleet(200, long))
    expect(current.length).toBeLessThanOrEqual(LONGEST)
    expect(resolved.length).toBeLessThanOrEqual(LONGEST)
    expect(current).toContain('796 of 800 over limit')
    expect(rowsOf(current)).toHaveLength(10)
    expect(current).not.toContain('What changed')
    expect(current).toContain('Shortened to fit into a comment: the job summary of the run has all of it.')
  })

  it('loses its layer tables before it loses rows', () => {
    const forms = Array.from({ length: 20 }, (_, i) => {
      const { current } = drawComment(fleet(70 + i * 2, (n) => `ghcr.io/acme/${'service-'.repeat(6)}${n}`))
      const tables = current.includes('What changed') ? 'tables' : 'no tables'
      return `${tables}, ${current.includes('counted but not listed') ? 'some rows' : 'all rows'}`
    })
    const met = forms.filter((form, i) => form !== forms[i - 1])
    expect(met).toEqual(['tables, all rows', 'no tables, all rows', 'no tables, some rows'])
  })

  it('is not called shortened when it is whole', () => {
    expect(drawComment(growthExamples['several images']!()).current).not.toContain('Shortened')
  })

  it('fits whatever a stranger puts into a report', () => {
    const nasty = '<|@'.repeat(2_000)
    const nameOf = (i: number): string => `${nasty}/${i}`
    const texts = Array.from({ length: 300 }, (_, i) => `${nasty}${i}`)
    const value = fleet(300, nameOf, {
      severity: { warnBecause: nasty },
      findings: { notices: texts, unmeasured: texts },
    })
    const images = value.images.map((one, i) => {
      const skipped = texts.map((reason) => ({ entry: nasty, cause: 'absent', reason }) as const)
      const baseline =
        one.baseline?.state === 'found' ? { ...one.baseline, skipped, name: `${nasty}${i}` } : null
      return tamper(Object.assign({}, one, { baseline }), `${nasty}${i}`, nasty)
    })
    const breaches = value.breaches.map((breach) =>
      Object.assign({}, breach, { rule: `${nasty}=`, reason: `${nasty}%`, layer: nasty }),
    )
    const { current, resolved } = drawComment({
      ...value,
      images,
      breaches,
      leniency: nasty,
      warnings: texts,
    })
    expect(current.length).toBeLessThanOrEqual(LONGEST)
    expect(resolved.length).toBeLessThanOrEqual(LONGEST)
    expect(current).toContain('more platform images, counted but not listed here.')
  })
})

/** Stacks of few bytes, so that each number is written exactly. */
const stack: fc.Arbitrary<Layer[]> = fc
  .array(
    fc.tuple(
      fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
      fc.constantFrom('RUN x', 'RUN y', null),
    ),
    { maxLength: 9 },
  )
  .map((specs) => specs.map(([seed, createdBy]) => layer([seed, seed.charCodeAt(0), createdBy])))

describe('the numbers of a comparison', () => {
  const config = (seed: string) => ({ config: { digest: digestOf(seed), size: asBytes(seed.length) } })
  const bytesOf = (cell = ''): number => (cell === '–' ? 0 : Number(cell.replace(/ B.*$/, '')))

  it('add up, in each column and each row, to the sizes that are judged', () => {
    fc.assert(
      fc.property(stack, stack, fc.nat(9), (before, after, base) => {
        const next = onBase(platformImage('linux/amd64', after, config('now')), 'debian', base)
        const old = platformImage('linux/amd64', before, config('earlier'))
        const value = report([
          compared(image('a.test/b:pr', [next]), image('a.test/b:main', [old]), { minimumChange: 0 }),
        ])
        const { current } = drawComment(value)
        const [row] = rowsOf(current)
        const [change, now, was] = (row ?? []).slice(1, 4)
        expect([bytesOf(was), bytesOf(now)]).toEqual([old.size, next.size])
        expect(change === 'unchanged' ? 0 : bytesOf(change)).toBe(next.size - old.size)
        const lines = foldedRowsOf(current, 'What changed').map((cells) =>
          cells
            .slice(1)
            .filter((cell) => /^(?:–|[+-]?\d)/.test(cell))
            .map(bytesOf),
        )
        const total = lines.pop()
        const sums = [0, 1, 2].map((column) => lines.reduce((sum, line) => sum + (line[column] ?? 0), 0))
        expect(total ?? [0, next.size, old.size]).toEqual([next.size - old.size, next.size, old.size])
        expect(sums).toEqual(total ?? [0, 0, 0])
        for (const [difference, right = 0, left = 0] of lines) expect(difference).toBe(right - left)
      }),
      runs(60),
    )
  })

  it('add up also where only the largest changes are listed', () => {
    const many = (build: string) =>
      platformImage(
        'linux/amd64',
        Array.from({ length: 70 }, (_, i) => layer([`${build} ${i}`, i + (build === 'new' ? 2 : 1)])),
        config('x'),
      )
    const value = report([
      compared(image('a.test/b:pr', [many('new')]), image('a.test/b:main', [many('old')]), {
        minimumChange: 0,
      }),
    ])
    const rows = foldedRowsOf(drawComment(value).current, 'What changed')
    const summary = foldedRowsOf(renderSizeSummary(sizeView(value, 'iec'), { now: NOW }), 'What changed')
    expect(rows).toHaveLength(20 + 3)
    expect(rows.map(([what]) => what)).toContain('120 more')
    expect(summary).toHaveLength(40 + 3)
  })

  it('are those of the baseline that the report names', () => {
    const old = image('a.test/b:main', [platformImage('linux/amd64', [layer(['a', 5 * MIB])])])
    const read = {
      name: old.name,
      entry: ':main',
      placeholders: [],
      skipped: [],
      image: old,
      incomplete: null,
    }
    const next = image('a.test/b:pr', [
      platformImage('linux/amd64', [layer(['a', 5 * MIB]), layer(['b', MIB])]),
    ])
    const value = report([compareWith(next, read, { minimumChange: asBytes(1), ignoreBase: false })])
    expect(drawComment(value).current).toContain('`a.test/b:pr` vs `:main`')
  })
})
