import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { MIB, image, layer, platformImage, report } from '../fixtures.ts'
import { hostileText, textOf } from '../hostile.ts'
import { draw, drawExample, tagged } from '../drawing.ts'

describe('many tags', () => {
  const chartOf = (summary: string): string => /```mermaid\n(.*?)\n```/s.exec(summary)?.[1] ?? ''
  const labelsOf = (chart: string): string[] =>
    Array.from((/x-axis \[(.*)\]/.exec(chart)?.[1] ?? '').matchAll(/"([^"]*)"/g), ([, text = '']) => text)

  it('are drawn in the order of their names, with the limit as a line', () => {
    const chart = chartOf(drawExample('30 tags'))
    const written = labelsOf(chart).map((text) => text.replaceAll('\u200B', ''))
    expect(written).toHaveLength(30)
    expect(written.filter((text) => text !== '').slice(-3)).toEqual(['v3.5.0', 'v3.7.0', 'v3.9.0'])
    expect(chart).toMatch(/bar \[(?:\d+\.\d\d, ){29}222\.30\]/)
    expect(chart).toMatch(/line \[(?:210\.00(?:, )?){30}\]/)
    expect(chart).toContain('y-axis "MiB" 0 -->')
  })

  it('are drawn up to forty bars, the newest', () => {
    const summary = draw(tagged(100))
    expect(labelsOf(chartOf(summary))).toHaveLength(40)
    expect(summary).toContain('last 40 of 100 tags')
    expect(chartOf(summary)).not.toContain('line [')
  })

  it('need no chart when they are few, or of several repositories', () => {
    expect(draw(tagged(10))).not.toContain('mermaid')
    expect(drawExample('several repositories')).not.toContain('mermaid')
  })

  it('cannot break out of the chart, nor share a bar', () => {
    fc.assert(
      fc.property(fc.uniqueArray(hostileText, { minLength: 11, maxLength: 45 }), (tags) => {
        const images = tags.map((tag, i) =>
          image(`ghcr.io/acme/api:${i}`, [platformImage('linux/amd64', [layer([String(i), MIB])])], { tag }),
        )
        const chart = chartOf(draw(report(images)))
        const labels = labelsOf(chart)
        expect(new Set(labels).size).toBe(Math.min(40, tags.length))
        for (const text of labels) expect(text).toMatch(/^[A-Za-z0-9._-]{0,16}\u200B+$/)
        expect(chart.split('\n')).toHaveLength(16)
      }),
      { numRuns: 30 },
    )
  })

  it('say what sharing saves', () => {
    const summary = drawExample('200 images')
    expect(textOf(summary)).toContain(
      '**Sharing saves 31.3 GiB** (81 %): the 200 platform images are 38.5 GiB together; the registry stores each layer once, in 7.2 GiB.',
    )
    expect(drawExample('one image passing')).not.toContain('Sharing')
  })
})
