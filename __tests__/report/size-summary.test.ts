import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asBytes } from '../../src/domain/quantities/bytes.ts'
import { SUMMARY_MAX_BYTES, renderSizeSummary } from '../../src/report/size-summary.ts'
import type { SizeReport } from '../../src/domain/size/report.ts'
import {
  MIB,
  NOW,
  RUN_URL,
  examples,
  image,
  layer,
  platformImage,
  report,
  serviceLayers,
} from './fixtures.ts'
import { autoLinked, elementsOf, hostileText, tableShapes, targetsOf, textOf, toHtml } from './hostile.ts'

function draw(value: SizeReport, units: 'iec' | 'si' = 'iec'): string {
  return renderSizeSummary(value, { units, now: NOW, runUrl: RUN_URL })
}

function drawExample(name: keyof typeof examples): string {
  return draw(examples[name]!()).replaceAll('\u00A0', ' ')
}

/** Cells of the first table, without its head. */
function rowsOf(summary: string): string[][] {
  const start = summary.search(/^\|/m)
  const lines = summary.slice(start).split('\n')
  const end = lines.findIndex((line) => !line.startsWith('|'))
  return lines.slice(2, end === -1 ? undefined : end).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  )
}

function headOf(summary: string): string[] {
  return (/^\|(.*)\|$/m.exec(summary)?.[1] ?? '').split('|').map((cell) => cell.trim())
}

const tagged = (count: number, make = (i: number) => `v1.${i}.0`): SizeReport =>
  report(
    Array.from({ length: count }, (_, i) =>
      image(`ghcr.io/acme/api:${make(i)}`, [
        platformImage('linux/amd64', serviceLayers('amd64', String(i), (i + 1) * MIB)),
      ]),
    ),
  )

describe('the verdict', () => {
  it.each([
    ['one image passing', '### 📦 Image size: ✅ within limit · 148.0 MiB'],
    ['no limit', '### 📦 Image size: ✅ 148.0 MiB'],
    ['one platform over', '### 📦 Image size: ❌ 3 of 3 over limit · largest 190.8 MiB'],
    ['several repositories', '### 📦 Image size: ⚠️ 4 of 8 over limit, tolerated · largest 249.8 MiB'],
    ['artifact', '### 📦 Artifact size: ✅ within limit · 48.6 KiB'],
    [
      'windows, foreign layers, time out',
      '### 📦 Image size: ⏳ partial · 2 not measured · all 2 within limits · largest 1.3 GiB',
    ],
    ['hostile names', '### 📦 Image size: ❌ 2 of 2 over limit · 1 not measured · largest 858.3 MiB'],
  ])('comes first for %s', (name, headline) => {
    expect(textOf(drawExample(name).split('\n')[0]!)).toBe(headline)
  })

  it('says so when nothing was measured', () => {
    const empty = draw(report([], { findings: { unmeasured: ['ghcr.io/acme/api:v1: not found'] } }))
    expect(empty).toContain('❌ 1 not measured · nothing measured')
    expect(tableShapes(empty)).toEqual([])
  })
})

describe('what was measured', () => {
  it('names the image, its platforms, its age and the formula', () => {
    expect(drawExample('one platform over')).toContain(
      'Compressed download size of `ghcr.io/acme/api:pr-42` (3 platform images, 3 days old): config + each distinct layer, as stored in the registry.',
    )
  })

  it('names the repository of many tags once', () => {
    expect(drawExample('30 tags')).toContain(
      'Compressed download size of 30 tags of `ghcr.io/acme/api`: config',
    )
  })

  it('writes decimal units when asked to', () => {
    const summary = draw(examples['no limit']!(), 'si').replaceAll('\u00A0', ' ')
    expect(summary).toContain('155.2 MB')
    expect(summary).toContain('MB = 1000² bytes')
    expect(summary).not.toMatch(/\d MiB/)
  })
})

describe('breaches', () => {
  it('are sentences with the excess and the rule, hard limits first', () => {
    const sentences = drawExample('one platform over').match(/^- .*$/gm) ?? []
    expect(textOf(sentences[0]!)).toBe(
      '- ❌ linux/arm64: **190.8 MiB** is 10.8 MiB over max-size 180.0 MiB (106 %), rule `pr-* linux/arm64 = 180MiB`',
    )
    expect(textOf(sentences[1]!)).toContain(
      'layer `RUN npm ci --omit=dev`: **61.1 MiB** is 1.1 MiB over max-layer-size',
    )
    expect(sentences.map((sentence) => sentence.includes('⚠️'))).toEqual([
      false,
      false,
      false,
      false,
      false,
      true,
      true,
    ])
  })

  it('count layers, not bytes, for max-layers', () => {
    const over = draw(
      report([image('ghcr.io/acme/api:v1', [platformImage('linux/amd64', serviceLayers('amd64', '1'))])], {
        maxLayers: 4,
      }),
    )
    expect(over).toContain('❌ linux/amd64: **6 layers** is 2 over max-layers 4')
  })

  it('name a layer without history by its digest, once', () => {
    const over = report(
      [image('ghcr.io/acme/api:v1', [platformImage('linux/amd64', [layer(['a', 9 * MIB])])])],
      {
        maxLayerSize: MIB,
      },
    )
    expect(draw(over)).toMatch(/linux\/amd64 layer `[0-9a-f]{7}`: \*\*9.0 MiB\*\*/)
  })

  it('are folded beyond ten', () => {
    const many = report(tagged(25).images, { maxSize: ['1MiB'] })
    const summary = draw(many)
    expect(summary).toContain('<summary>15 more breaches</summary>')
    expect(summary.match(/over max-size/g)).toHaveLength(20)
    expect(summary).toContain('… and 5 more breaches')
  })

  it('say what makes them tolerable', () => {
    expect(drawExample('several repositories')).toContain(
      '**Tolerated**, so this does not fail: the pull request has the label size-ok',
    )
  })
})

describe('the table', () => {
  it('has the worst first, then the largest', () => {
    const rows = rowsOf(drawExample('several repositories'))
    expect(rows.map(([verdict, name]) => `${verdict} ${name}`)).toEqual([
      ...['migrations', 'migrations', 'api', 'api'].map((name) => `⚠️ warn \`ghcr.io/acme/${name}:main\``),
      ...['frontend', 'frontend', 'worker', 'worker'].map((name) => `✅ pass \`ghcr.io/acme/${name}:main\``),
    ])
  })

  it('shows the limit that applies and how much of it is used', () => {
    expect(rowsOf(drawExample('one platform over')).map((row) => row.at(-1))).toEqual([
      '180.0 MiB (106 %)',
      'warn 140.0 MiB (106 %)',
      'warn 140.0 MiB (106 %)',
    ])
  })

  it.each([
    ['no limit', ['Verdict', 'Platform', 'Size', 'Layers']],
    ['artifact', ['Verdict', 'Size', 'Layers', 'Limit']],
    ['30 tags', ['Verdict', 'Tag', 'Platform', 'Size', 'Layers', 'Limit']],
    ['several repositories', ['Verdict', 'Image', 'Platform', 'Size', 'Layers', 'Compression', 'Limit']],
    ['windows, foreign layers, time out', ['Verdict', 'Platform', 'Size', 'Foreign part', 'Layers', 'Limit']],
  ])('has the columns that say something: %s', (name, columns) => {
    expect(headOf(drawExample(name))).toEqual(columns)
  })

  it('orders many tags by SemVer, newest first', () => {
    const rows = rowsOf(draw(tagged(12)))
    expect(rows.map(([, tag]) => tag)).toEqual(Array.from({ length: 12 }, (_, i) => `\`v1.${11 - i}.0\``))
  })

  it('marks estimates', () => {
    expect(rowsOf(drawExample('windows, foreign layers, time out')).map((row) => row[2])).toEqual([
      '1.3 GiB',
      '≈ 76.3 MiB',
    ])
  })

  it('names an image without a tag by its digest', () => {
    const pair = ['a', 'b'].map((seed) =>
      image(`ghcr.io/acme/api@sha256:${seed}`, [platformImage('linux/amd64', [layer([seed, MIB])])], {
        repository: 'ghcr.io/acme/api',
        tag: null,
      }),
    )
    for (const [, name] of rowsOf(draw(report(pair)))) expect(name).toMatch(/^`@[0-9a-f]{7}`$/)
  })

  it('is folded beyond thirty rows', () => {
    const summary = drawExample('200 images')
    expect(rowsOf(summary)).toHaveLength(30)
    expect(summary).toContain('<summary>170 more platform images</summary>')
  })
})

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

describe('layers', () => {
  it('are folded, with instruction, size, share and digest, and the config last', () => {
    const summary = textOf(drawExample('one image passing'))
    expect(summary).toContain('6 layers of linux/amd64 · 148.0 MiB · largest 61.1 MiB (41 %)')
    expect(summary).toMatch(/\| `RUN npm ci --omit=dev` \| 61\.1 MiB \| 41 % \| `[0-9a-f]{7}` \|/)
    expect(summary).toMatch(/\| \*config\* \| 7\.1 KiB \| [^|]* \| `[0-9a-f]{7}` \|\n\n/)
  })

  it('are named by their type without a history', () => {
    expect(drawExample('artifact')).toContain('| Type | Size | Share | Digest |')
    expect(drawExample('artifact')).toContain('`application/vnd.cncf.helm.chart.content.v1.tar+gzip`')
  })

  it('carry marks', () => {
    expect(drawExample('schema 1')).toMatch(/`ENV PATH=[^|]*\|[^|]*\|[^|]*\|[^|]*\| throwaway \|/)
    expect(drawExample('schema 1')).toMatch(/\| – \| `[0-9a-f]{7}` \| throwaway, repeated, counted once \|/)
    expect(drawExample('windows, foreign layers, time out')).toMatch(/\| foreign \|/)
  })

  it('of many images are one fold of at most twenty', () => {
    const summary = drawExample('30 tags')
    expect(summary).toContain('<summary>Layers of 20 of 30 platform images</summary>')
    expect(summary.match(/<summary>6 layers of/g)).toHaveLength(20)
  })

  it('of one image are bounded', () => {
    const layers = Array.from({ length: 5_000 }, (_, i) => layer([String(i), 1_000]))
    expect(
      textOf(draw(report([image('ghcr.io/acme/api:v1', [platformImage('linux/amd64', layers)])]))),
    ).toContain('4871 more layers, counted but not listed here.')
  })
})

describe('notes', () => {
  it.each([
    ['artifact', 'An artifact is no image'],
    ['schema 1', 'Docker schema 1 names no sizes'],
    ['several repositories', 'Compressions differ'],
    ['windows, foreign layers, time out', '≈ is an estimate'],
    ['windows, foreign layers, time out', 'Foreign layers (up to 1.1 GiB of an image)'],
    [
      'windows, foreign layers, time out',
      '**Time ran out** before these 2 were measured:\n\n- mcr.microsoft.com/acme/agent:2',
    ],
    ['200 images', 'ℹ️ max-size: the rule "*-slim = 100MiB" names no measured image'],
  ])('tell how to read %s', (name, words) => {
    expect(textOf(drawExample(name)).replaceAll('\u200B', '')).toContain(words)
  })

  it('are left out where there is nothing to tell', () => {
    expect(drawExample('one image passing')).not.toContain('ℹ️')
  })
})

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
    return {
      ...judged,
      breaches: judged.breaches.map((breach) => Object.assign({}, breach, { rule: `${two}=1MiB` })),
    }
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
    )
  })

  it('has as many cells in each row as its table has columns', () => {
    fc.assert(
      fc.property(hostileReport, (value) => {
        for (const shape of tableShapes(draw(value))) expect(new Set(shape).size).toBe(1)
      }),
    )
  })

  it('has as many folds closed as opened', () => {
    fc.assert(
      fc.property(hostileReport, (value) => {
        const summary = draw(value)
        expect(summary.match(/^<details>$/gm)?.length).toBe(summary.match(/^<\/details>$/gm)?.length)
      }),
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
    expect(summary).not.toContain('<details>')
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
    const images = Array.from({ length: 3_000 }, (_, i) =>
      image(name(i), [platformImage('linux/amd64', [layer([String(i), MIB])])], {
        tag: null,
        repository: name(i),
      }),
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
