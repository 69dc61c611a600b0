import { describe, expect, it } from 'vitest'
import { parseHistory } from '../../../src/wire/history-file.ts'
import { sizeBadge } from '../../../src/report/size/badge.ts'
import { renderSizeSummary } from '../../../src/report/size/summary.ts'
import { sizeView } from '../../../src/report/size/view.ts'
import { examples } from '../examples.ts'
import { NOW, digestOf, report } from '../fixtures.ts'
import { growthExamples } from '../growth-examples.ts'

const line = (commit: string, size: number): string =>
  JSON.stringify({
    at: '2026-03-10T12:00:00Z',
    commit,
    ref: 'refs/heads/main',
    repository: 'ghcr.io/acme/api',
    platform: 'linux/amd64',
    size,
    digest: digestOf(commit),
  })

describe('the history in the summary', () => {
  const commit = 'c'.repeat(40)
  const { entries } = parseHistory([line('a'.repeat(40), 155_000_000), line(commit, 172_000_000)].join('\n'))
  const history = { entries, ref: 'refs/heads/main', commit }

  it('is a curve with the steps that made it, commit and instruction', () => {
    const view = sizeView(growthExamples['one image over max-increase']!(), 'iec')
    const summary = renderSizeSummary(view, { now: NOW, history }).replaceAll('\u00A0', ' ')
    expect(summary).toContain('**Size over time** on `main` (largest platform of each)')
    expect(summary).toContain('  bar [147.82, 164.03]')
    expect(summary).toContain(
      '| `ccccccc…` | +16.2 MiB (+11.0 %) | 164.0 MiB | `RUN apt-get update && apt-get install -y chromium` |',
    )
  })

  it('is drawn as a whole, thinned out, however long it is', () => {
    const commits = Array.from({ length: 1_000 }, (_, i) => i.toString(16).padStart(40, '0'))
    const long = parseHistory(commits.map((name, i) => line(name, 100_000_000 + i * 50_000)).join('\n'))
    const view = sizeView(growthExamples['one image over max-increase']!(), 'iec')
    const summary = renderSizeSummary(view, {
      now: NOW,
      history: { entries: long.entries, ref: 'refs/heads/main', commit: null },
    })
    expect(summary).toContain('**Size over time** on `main`, one in 25 of 1000 commits (largest')
    const [, drawn = ''] = /  bar \[([^\]]*)\]/.exec(summary) ?? []
    const bars = drawn.split(', ').map(Number)
    expect(bars).toHaveLength(40)
    expect([bars[0], bars.at(-1)]).toEqual([96.51, 143])
  })

  it('is not drawn before there are two points', () => {
    const view = sizeView(examples['no limit']!(), 'iec')
    const one = { ...history, entries: entries.slice(0, 1) }
    expect(renderSizeSummary(view, { now: NOW, history: one })).not.toContain('mermaid')
  })
})

describe('the badge', () => {
  const { images } = examples['no limit']!()
  it.each([
    ['brightgreen', report(images, { maxSize: ['1GiB'] })],
    ['yellow', report(images, { warnSize: ['1MiB'] })],
    ['red', report(images, { maxSize: ['1MiB'] })],
    ['blue', report(images)],
  ])('is %s by the verdict', (color, value) => {
    expect(sizeBadge(sizeView(value, 'iec'))).toEqual({
      schemaVersion: 1,
      label: 'image size',
      message: '148.0 MiB',
      color,
    })
  })
})

describe('the chart of many tags', () => {
  it('leaves out a limit far above the bars, which would press them flat', () => {
    const { images } = examples['30 tags']!()
    const chart = (limit: string): string =>
      renderSizeSummary(sizeView(report(images, { maxSize: [limit] }), 'iec'), { now: NOW })
    expect(chart('500MiB')).toContain('  line [')
    expect(chart('10GiB')).not.toContain('  line [')
    expect(chart('10GiB')).not.toContain('the line is the limit')
  })
})
