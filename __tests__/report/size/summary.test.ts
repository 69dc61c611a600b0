import { describe, expect, it } from 'vitest'
import { draw, drawExample, headOf, rowsOf, tagged } from '../drawing.ts'
import type { SizeReport } from '../../../src/domain/size/report.ts'
import { examples } from '../examples.ts'
import { growthExamples } from '../growth-examples.ts'
import { MIB, image, layer, platformImage, report, serviceLayers } from '../fixtures.ts'
import type { ReportSpec } from '../fixtures.ts'
import { FORMULA_URL, tableShapes, textOf } from '../hostile.ts'

describe('the verdict', () => {
  it.each([
    ['one image passing', '### Image size: ✅ within limit · 148.0 MiB'],
    ['no limit', '### Image size: 148.0 MiB'],
    ['one platform over', '### Image size: ❌ 3 of 3 over limit · largest 190.8 MiB'],
    ['several repositories', '### Image size: ⚠️ 4 of 8 over limit, tolerated · largest 249.8 MiB'],
    ['artifact', '### Artifact size: ✅ within limit · 48.6 KiB'],
    [
      'windows, foreign layers, time out',
      '### Image size: ⏳ partial · 2 not measured · all 2 within limits · largest 1.3 GiB',
    ],
    ['hostile names', '### Image size: ❌ 2 of 2 over limit · 1 not measured · largest 858.3 MiB'],
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
  it('names the image, its platforms and its age; the formula is a link below', () => {
    const summary = drawExample('one platform over')
    expect(summary).toContain('\n\n`ghcr.io/acme/api:pr-42` (3 platform images, 3 days old)\n\n')
    expect(summary.split('\n').at(-1)).toContain(`[formula](${FORMULA_URL})`)
  })

  it('names the repository of many tags once', () => {
    expect(drawExample('30 tags')).toContain('\n\n30 tags of `ghcr.io/acme/api`\n\n')
  })

  it('names what images of several repositories share once', () => {
    expect(drawExample('several repositories')).toContain(
      '\n\n4 images of `ghcr.io/acme/` (8 platform images)\n\n',
    )
    const apart = ['a.example/x/y:1', 'a.example/xx/y:1', 'b.example/x/y:1'].map((name) =>
      image(name, [platformImage('linux/amd64', [layer([name, MIB])])]),
    )
    expect(rowsOf(draw(report(apart.slice(0, 2)))).map(([name]) => name)).toEqual(['`x/y:1`', '`xx/y:1`'])
    expect(rowsOf(draw(report(apart))).map(([name]) => name)).toEqual(apart.map(({ name }) => `\`${name}\``))
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
      '- linux/arm64: **190.8 MiB** is 10.8 MiB over max-size 180.0 MiB (106 %), rule `pr-* linux/arm64 = 180MiB`',
    )
    expect(textOf(sentences[1]!)).toContain(
      'layer `RUN npm ci --omit=dev`: **61.1 MiB** is 1.1 MiB over max-layer-size',
    )
    expect(sentences.map((sentence) => / over ([a-z-]+)/.exec(sentence)?.[1])).toEqual([
      'max-size',
      'max-layer-size',
      'max-layer-size',
      'warn-size',
    ])
  })

  it('count layers, not bytes, for max-layers', () => {
    const over = draw(
      report([image('ghcr.io/acme/api:v1', [platformImage('linux/amd64', serviceLayers('amd64', '1'))])], {
        maxLayers: 4,
      }),
    )
    expect(over).toContain('**6 layers** are 2 over max-layers 4')
  })

  it('stand in the order of the table, each limit after the one that weighs more', () => {
    const of = (platform: string, app: number) =>
      platformImage(`linux/${platform}`, [layer([`a ${platform}`, app * MIB]), layer([platform, 9 * MIB])])
    const over = report([image('ghcr.io/acme/api:v1', [of('amd64', 40), of('arm64', 50)])], {
      maxSize: ['* linux/arm64 = 55MiB', '30MiB'],
      maxLayers: 1,
      maxLayerSize: 45 * MIB,
    })
    const summary = draw(over)
    const sentences = Array.from(summary.matchAll(/^- linux\/(\w+).* over ([a-z-]+)/gm))
    expect(sentences.map((words) => words.slice(1).join(' '))).toEqual([
      'arm64 max-size',
      'amd64 max-size',
      'arm64 max-layer-size',
      'arm64 max-layers',
    ])
    expect(rowsOf(summary).map((cells) => cells[0])).toEqual(['linux/arm64', 'linux/amd64'])
  })

  it('tell of a limit as it was set, in the table as well', () => {
    const over = report(tagged(1, () => 'v1').images, { maxSize: ['100MB'] })
    const summary = draw(over).replaceAll('\u00A0', ' ')
    expect(summary).toContain('over max-size 100 MB (95.4 MiB, 137 %)')
    expect(summary).toContain('| max-size 100 MB (95.4 MiB, 137 %) |')
  })

  it('name a layer without history by its digest, once', () => {
    const over = report(
      [image('ghcr.io/acme/api:v1', [platformImage('linux/amd64', [layer(['a', 9 * MIB])])])],
      {
        maxLayerSize: MIB,
      },
    )
    expect(draw(over)).toMatch(/^layer `[0-9a-f]{7}…`: \*\*9.0 MiB\*\*/m)
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
    expect(rows.map((cells) => `${cells[4]} ${cells[0]}`)).toEqual([
      ...['migrations', 'migrations', 'api', 'api'].map((name) => `⚠️ warn \`${name}:main\``),
      ...['frontend', 'frontend'].map((name) => `– \`${name}:main\``),
      ...['worker', 'worker'].map((name) => `✅ pass \`${name}:main\``),
    ])
  })

  it('shows the limit that applies and how much of it is used', () => {
    expect(rowsOf(drawExample('one platform over')).map((row) => row[2])).toEqual([
      'max-size 180.0 MiB (106 %)',
      'max-layer-size 60.0 MiB (102 %)',
      'max-layer-size 60.0 MiB (102 %)',
    ])
  })

  it('shows a limit that fails before one that warns, whichever is exceeded by more', () => {
    const { images } = examples['no limit']!()
    const limitOf = (spec: ReportSpec): string | undefined => rowsOf(draw(report(images, spec)))[0]?.[2]
    const text = (spec: ReportSpec): string | undefined => limitOf(spec)?.replaceAll('\u00A0', ' ')
    expect(text({ warnSize: ['1MiB'], maxLayers: 4 })).toBe('max-layers 4 (150 %)')
    expect(text({ warnSize: ['1MiB'], maxLayerSize: 60 * MIB })).toBe('max-layer-size 60.0 MiB (102 %)')
    expect(text({ maxSize: ['1MiB'], maxLayers: 4 })).toBe('max-size 1.0 MiB (148×)')
    expect(text({ warnSize: ['1MiB'], maxLayers: 40 })).toBe('warn-size 1.0 MiB (148×)')
  })

  it.each([
    ['no limit', ['Platform', 'Size', 'Verdict', 'Layers']],
    ['artifact', ['Size', 'Limit', 'Verdict', 'Layers']],
    ['30 tags', ['Tag', 'Platform', 'Size', 'Limit', 'Verdict', 'Layers']],
    ['several repositories', ['Image', 'Platform', 'Size', 'Limit', 'Verdict', 'Layers', 'Compression']],
    ['windows, foreign layers, time out', ['Platform', 'Size', 'Limit', 'Verdict', 'Layers', 'Foreign part']],
  ])('has the columns that say something: %s', (name, columns) => {
    expect(headOf(drawExample(name))).toEqual(columns)
  })

  it('orders many tags by SemVer, newest first', () => {
    const rows = rowsOf(draw(tagged(12)))
    expect(rows.map(([tag]) => tag)).toEqual(Array.from({ length: 12 }, (_, i) => `\`v1.${11 - i}.0\``))
  })

  it('says where no limit applies though others have one', () => {
    const pair = ['v1', 'pr'].map((tag) =>
      image(`ghcr.io/acme/api:${tag}`, [platformImage('linux/amd64', serviceLayers('amd64', tag))]),
    )
    const summary = draw(report(pair, { maxSize: ['v* = 300MiB'] })).replaceAll('\u00A0', ' ')
    expect(summary).toContain('✅ 1 of 2 within limits · 1 without limit · largest')
    const rows = rowsOf(summary)
    expect(rows.map(([name, , , limit]) => `${name} ${limit}`)).toEqual([
      '`v1` max-size 300.0 MiB (49 %)',
      '`pr` no limit',
    ])
  })

  it('marks estimates', () => {
    expect(rowsOf(drawExample('windows, foreign layers, time out')).map((row) => row[1])).toEqual([
      '1.3 GiB',
      '≈ 76.3 MiB',
    ])
  })

  it('names an image without a tag by its digest', () => {
    const pair = ['a', 'b'].map((seed) =>
      image(`ghcr.io/acme/api@sha256:${seed}`, [platformImage('linux/amd64', [layer([seed, MIB])])], {
        repository: 'ghcr.io/acme/api',
        tag: null,
        names: [{ name: `ghcr.io/acme/api@sha256:${seed}`, tag: null }],
      }),
    )
    for (const [name] of rowsOf(draw(report(pair)))) expect(name).toMatch(/^`@[0-9a-f]{7}…`$/)
  })

  it('is folded beyond thirty rows', () => {
    const summary = drawExample('200 images')
    expect(rowsOf(summary)).toHaveLength(30)
    expect(summary).toContain('<summary>170 more platform images</summary>')
  })
})

describe('layers', () => {
  it('are folded, with instruction, size, share and digest, and the config last', () => {
    const summary = textOf(drawExample('one image passing'))
    expect(summary).toContain('6 layers of linux/amd64 · 148.0 MiB · largest 61.1 MiB (41 %)')
    expect(summary).toMatch(/\| 61\.1 MiB \| 41 % \| `RUN npm ci --omit=dev` \| `[0-9a-f]{7}…` \|/)
    expect(summary).toMatch(/\| 7\.1 KiB \| [^|]* \| \*config\* \| `[0-9a-f]{7}…` \|\n\n/)
  })

  it('are named by their type without a history', () => {
    expect(drawExample('artifact')).toContain('| Size | Share | Type | Digest |')
    expect(drawExample('artifact')).toContain('`vnd.cncf.helm.chart.content.v1.tar+gzip`')
  })

  it('carry marks', () => {
    expect(drawExample('schema 1')).toMatch(/`ENV PATH=[^|]*\|[^|]*\| throwaway \|/)
    expect(drawExample('schema 1')).toMatch(/\| – \| [^|]* \| `[0-9a-f]{7}…` \| throwaway, repeat \|/)
    expect(drawExample('windows, foreign layers, time out')).toMatch(/\| foreign \|/)
  })

  it('of many images are one fold of at most twenty', () => {
    const summary = drawExample('30 tags')
    expect(summary).toContain('<summary>Layers of 19 of 29 other platform images</summary>')
    expect(summary.match(/<summary>6 layers of/g)).toHaveLength(20)
  })

  it('of one image are bounded', () => {
    const layers = Array.from({ length: 5_000 }, (_, i) => layer([String(i), 1_000]))
    expect(
      textOf(draw(report([image('ghcr.io/acme/api:v1', [platformImage('linux/amd64', layers)])]))),
    ).toContain('4871 more layers, counted but not listed here.')
  })
})

describe('what is open', () => {
  const opened = (summary: string): string[] =>
    Array.from(summary.matchAll(/<details open>\n<summary>(.*)<\/summary>/g), ([, words = '']) => words)

  it('is the first platform that fails: what changed in it, else its layers', () => {
    expect(opened(draw(growthExamples['one platform over of three']!()))).toEqual([
      'What changed in linux/amd64: 1 layer added, 2 replaced, 4 shared',
    ])
    expect(opened(drawExample('one platform over'))).toEqual([expect.stringContaining('of linux/arm64')])
    expect(opened(drawExample('30 tags'))).toEqual([expect.stringContaining('<code>v3.9.0</code>')])
    expect(opened(draw(growthExamples['200 images']!()))).toHaveLength(1)
  })

  it('is nothing where nothing fails', () => {
    expect(opened(drawExample('one image passing'))).toEqual([])
    expect(opened(draw(growthExamples['estimated, tolerated']!()))).toEqual([])
  })
})

describe('a limit that names no image', () => {
  const off = (): SizeReport => report(examples['no limit']!().images, { maxSize: ['v2* = 300MiB'] })

  it('is a warning in the headline and above the table', () => {
    const summary = textOf(draw(off())).replaceAll('\u00A0', ' ').replaceAll('\u200B', '')
    expect(summary).toContain('⚠️ no limit applies · 148.0 MiB')
    expect(summary).toMatch(
      /\n\*\*Warning:\*\* max-size limits nothing: its rule "v2\* = 300MiB" does not name `ghcr[^]*\| Verdict/,
    )
  })

  it('is folded with more than five', () => {
    const rules = Array.from({ length: 8 }, (_, i) => `x${i} = 1MiB`)
    const summary = draw(report(examples['no limit']!().images, { maxSize: [...rules, '1GiB'] }))
    expect(summary).toContain('<summary>3 more warnings</summary>')
  })
})

describe('notes', () => {
  it.each([
    ['artifact', 'An artifact is not an image'],
    ['schema 1', 'Docker schema 1 has neither sizes nor a config'],
    ['several repositories', 'Compressions differ'],
    ['windows, foreign layers, time out', '≈ is an estimate'],
    ['windows, foreign layers, time out', 'Foreign layers (up to 1.1 GiB of an image)'],
    [
      'windows, foreign layers, time out',
      '**Time ran out** before these 2 were measured:\n\n- `mcr.microsoft.com/acme/agent:2',
    ],
    ['200 images', 'max-size: the rule "*-slim = 100MiB" names no measured image'],
  ])('tell how to read %s', (name, words) => {
    expect(textOf(drawExample(name)).replaceAll('\u200B', '')).toContain(words)
  })

  it('are left out where there is nothing to tell', () => {
    expect(drawExample('one image passing')).not.toMatch(/^- /m)
  })
})

describe('with a baseline', () => {
  const drawGrowth = (name: string): string => draw(growthExamples[name]!()).replaceAll('\u00A0', ' ')

  it('says how old it is, for a summary is read once', () => {
    expect(drawGrowth('one image grown')).toContain(
      '`ghcr.io/acme/api:pr-42` (3 days old) vs `:sha-3f78685…` (merge base, 2 days old)',
    )
  })

  it('has every row open up to thirty, what is unchanged last', () => {
    const rows = rowsOf(drawGrowth('several images'))
    expect(rows).toHaveLength(12)
    expect(rows.map((row) => row[2] === 'unchanged')).toEqual([
      ...Array(6).fill(false),
      ...Array(6).fill(true),
    ])
  })

  it('marks the layers that the base image brought', () => {
    const summary = drawGrowth('base image grown')
    expect(summary).toMatch(/\| `RUN corepack enable` \|[^|]*\| base image \|/)
    expect(summary).toContain('<summary>What changed in linux/amd64: 4 layers replaced, 2 shared</summary>')
  })
})
