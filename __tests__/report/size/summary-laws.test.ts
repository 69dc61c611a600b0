import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asBytes } from '../../../src/domain/quantities/bytes.ts'
import { SUMMARY_MAX_BYTES } from '../../../src/report/summary-frame.ts'
import type { SizeReport } from '../../../src/domain/size/report.ts'
import { draw, rowsOf } from '../drawing.ts'
import { MIB, RUN_URL, image, layer, platformImage, report } from '../fixtures.ts'
import { autoLinked, elementsOf, hostileText, tableShapes, targetsOf, toHtml } from '../hostile.ts'
import { runs } from '../../support/runs.ts'

/** A report in which every text that can come from outside is hostile. */
const hostileReport: fc.Arbitrary<SizeReport> = fc
  .record({
    names: fc.array(fc.tuple(hostileText, hostileText), { minLength: 0, maxLength: 14 }),
    shared: fc.boolean(),
    text: fc.array(hostileText, { minLength: 8, maxLength: 8 }),
    kind: fc.constantFrom('image', 'artifact', 'schema1', 'unknown'),
    partial: fc.boolean(),
    limit: fc.boolean(),
  })
  .map(({ names, shared, text, kind, partial, limit }) => {
    const [createdBy = '', mediaType = '', os = '', leniency = '', one = '', two = '', unmeasured = ''] = text
    const images = names.map(([tag, repository], i) =>
      image(
        `${repository}:${tag}`,
        [
          platformImage(
            null,
            [
              layer(['a', 9 * MIB, createdBy]),
              layer(['a', 9 * MIB, null], { mediaType, foreign: partial }),
              layer([`b${i}`, i * 1000], { throwaway: true }),
            ],
            {
              platform: { os, architecture: one, variant: two, osVersion: null },
              compression: i % 2 === 0 ? 'gzip' : 'mixed',
            },
          ),
        ],
        {
          tag: i % 5 === 4 && !shared ? null : tag,
          repository: shared ? 'ghcr.io/acme/api' : repository,
          kind,
        },
      ),
    )
    const judged = report(images, {
      ...(limit ? { maxSize: ['4MiB'], maxLayers: 1, maxLayerSize: MIB } : {}),
      severity: partial ? { warnBecause: leniency } : 'fail',
      findings: { notices: [one, two], unmeasured: [unmeasured], partial },
    })
    const breaches = judged.breaches.map((breach) => Object.assign({}, breach, { rule: `${two}=1MiB` }))
    return Object.assign({}, judged, { breaches, overrideLabel: one, warnings: [one, two] })
  })

const OWN_ELEMENTS = 'h3 p ul li table thead tbody tr th td details summary code pre sub strong em a'.split(
  ' ',
)

describe('any report', () => {
  it('links nowhere but to the run, pings nobody, loads nothing and forges no marker', () => {
    fc.assert(
      fc.property(hostileReport, (value) => {
        const page = toHtml(draw(value))
        expect(OWN_ELEMENTS).toEqual(expect.arrayContaining([...elementsOf(page)]))
        expect(targetsOf(page)).toEqual([RUN_URL])
        expect(autoLinked(page)).toEqual([])
        expect(page).not.toContain('<!--')
      }),
      runs(30),
    )
  })

  it('has as many cells in each row as its table has columns', () => {
    fc.assert(
      fc.property(hostileReport, (value) => {
        for (const shape of tableShapes(draw(value))) expect(new Set(shape).size).toBe(1)
      }),
      runs(30),
    )
  })

  it('has as many folds closed as opened', () => {
    fc.assert(
      fc.property(hostileReport, (value) => {
        const summary = draw(value)
        expect(summary.match(/^<details(?: open)?>$/gm)?.length).toBe(
          summary.match(/^<\/details>$/gm)?.length,
        )
      }),
      runs(30),
    )
  })
})

describe('a report beyond all bounds', () => {
  const name = (i: number): string => `evil.example/${'<|&'.repeat(130)}${i}`

  it('stays within the limit: layers go first', () => {
    const layers = Array.from({ length: 125 }, (_, i) => layer([String(i), MIB, '<|&'.repeat(60)]))
    const images = Array.from({ length: 20 }, (_, i) =>
      image(`a/b:${i}`, [platformImage('linux/amd64', layers)]),
    )
    const summary = draw(report(images))
    expect(Buffer.byteLength(summary)).toBeLessThan(SUMMARY_MAX_BYTES)
    expect(summary).not.toContain('<details')
    expect(rowsOf(summary)).toHaveLength(20)
  })

  it('then rows', () => {
    const images = Array.from({ length: 20_000 }, (_, i) =>
      image(`ghcr.io/acme/api:${i}.0.0`, [platformImage('linux/amd64', [layer([String(i), MIB])])]),
    )
    const summary = draw(report(images))
    expect(Buffer.byteLength(summary)).toBeLessThan(SUMMARY_MAX_BYTES)
    expect(summary).toContain('18000 more platform images, counted but not listed here.')
  })

  it('then everything but counts', () => {
    const images = Array.from(
      { length: 3_000 },
      (_, i) =>
        image(name(i), [platformImage('linux/amd64', [layer([String(i), MIB])])], {
          tag: null,
          repository: name(i),
        }),
      runs(30),
    )
    const texts = images.map(({ name }) => name)
    const summary = draw(
      report(images, { maxSize: ['1KiB'], findings: { notices: texts, unmeasured: texts } }),
    )
    expect(Buffer.byteLength(summary)).toBeLessThan(SUMMARY_MAX_BYTES)
    expect(summary).toContain('3000 of 3000 over limit')
    expect(summary).toContain('3000 more platform images, counted but not listed here.')
  })

  it('keeps numbers that no image has', () => {
    const huge = image('ghcr.io/acme/api:v1', [
      platformImage('linux/amd64', [layer(['x', Number.MAX_SAFE_INTEGER - 10_000])]),
    ])
    expect(draw(report([huge], { maxLayerSize: asBytes(1) }))).toContain('8192.0 TiB')
  })
})
