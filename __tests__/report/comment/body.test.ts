import { describe, expect, it } from 'vitest'
import { FOOTER_START } from '../../../src/domain/comment/content.ts'
import { COMMIT, commentOf, drawComment, foldedRowsOf } from './drawing.ts'
import { headOf, rowsOf } from '../drawing.ts'
import { MIB, RUN_URL, image, layer, platformImage, report, serviceLayers } from '../fixtures.ts'
import { compared } from '../growth.ts'
import { growthExamples } from '../growth-examples.ts'
import { FORMULA_URL, textOf } from '../hostile.ts'

describe('the first line', () => {
  it.each([
    ['one image grown', '✅ within limit · 164.7 MiB · +16.7 MiB (+11.3 %)'],
    ['one image over max-increase', '❌ over limit · 164.7 MiB · +16.7 MiB (+11.3 %)'],
    ['one platform over of three', '❌ 1 of 3 over limit · 164.7 MiB · +16.7 MiB (+11.3 %)'],
    ['several images', '❌ 2 of 12 over limit · largest change +4.1 MiB (+3.0 %)'],
    ['unchanged', '✅ within limit · 148.0 MiB · unchanged'],
    ['no baseline yet', '✅ all 2 within limits · largest 148.0 MiB · 2 new'],
    ['baseline not read', '⚠️ within limit · 148.0 MiB · change unknown'],
    [
      'no baseline to judge growth by',
      '✅ all 2 within max-size · max-increase not judged · largest 148.0 MiB · 2 new',
    ],
    ['baseline not read, growth not judged', '❌ max-increase not judged · 148.0 MiB'],
    [
      'baseline not read, growth of two platforms not judged',
      '❌ max-increase not judged · all 2 within max-size · largest 148.0 MiB',
    ],
    ['platform added and removed', '✅ all 2 within limits · largest 148.0 MiB · 1 new · 2 removed'],
    ['platform removed', '148.0 MiB · unchanged · 1 removed'],
    ['own layers only', '❌ over limit · own 80.3 MiB · +921.6 KiB (+1.1 %)'],
    ['estimated, tolerated', '⚠️ over limit, tolerated · ≈ 164.7 MiB · ≈ +16.7 MiB (+11.3 %)'],
  ])('says what matters of %s', (name, headline) => {
    expect(textOf(commentOf(name).split('\n')[0]!)).toBe(`### Image size: ${headline}`)
  })

  it('tells of the change of the one over its limit, not of a larger one elsewhere', () => {
    const at = (architecture: string, size: number) =>
      platformImage(`linux/${architecture}`, serviceLayers(architecture, String(size), size * MIB))
    const next = image('ghcr.io/acme/api:pr', [at('amd64', 40), at('arm64', 10)])
    const old = image('ghcr.io/acme/api:main', [at('amd64', 38), at('arm64', 30)])
    const { current } = drawComment(report([compared(next, old)], { maxSize: ['150MiB'] }))
    expect(current).toContain('1 of 2 over limit · 169.8 MiB · +2.0 MiB')
    const both = drawComment(report([compared(next, old)], { maxSize: ['100MiB'] }))
    expect(both.current).toContain('2 of 2 over limit · largest 169.8 MiB · largest change -20.0 MiB')
  })
})

describe('what it is compared with', () => {
  it.each([
    ['one image grown', '`ghcr.io/acme/api:pr-42` vs `:sha-3f78685…` (merge base, 2026-03-08)'],
    [
      'several images',
      'of `ghcr.io/acme/` (12 platform images) vs `:main` (base branch, 2026-03-07 to 2026-03-08)',
    ],
    ['estimated, tolerated', '`docker-archive://build/api.tar` vs `ghcr.io/acme/api:main` (2026-03-01)'],
    ['no baseline yet', '(2 platform images); there is no baseline\n'],
    ['baseline not read', '`ghcr.io/acme/api:pr-42`; the baseline could not be read\n'],
  ])('is named with how it was found and its day: %s', (name, words) => {
    expect(commentOf(name)).toContain(words)
  })

  it('is listed where images have baselines of different names', () => {
    const { current } = drawComment(growthExamples['baselines of their own']!())
    expect(current).toContain('2 images of `ghcr.io/acme/` vs the baseline of each\n')
    expect(current).toContain('<summary>2 baselines</summary>')
    expect(current).toContain('- `api:pr` vs `:main` (2026-03-07)')
    expect(current).toContain('- `worker:pr` vs `registry.example.com/mirror/worker:v2` (2026-03-07)')
  })

  it('says why an earlier entry was not used', () => {
    expect(textOf(commentOf('platform added and removed')).replaceAll('\u200B', '')).toContain(
      'Compared with `:main`, because `ghcr.io/acme/api:sha-3f786850e387550fdab836ed7e6dc881de23001b` does not exist.',
    )
  })

  it('says why it is not known', () => {
    expect(textOf(commentOf('baseline not read')).replaceAll('\u200B', '')).toContain(
      '`ghcr.io/acme/api:pr-42`: the baseline `ghcr.io/acme/api:main` could not be read: HTTP 503',
    )
    expect(commentOf('baseline not read, growth not judged')).toContain(
      '**Not judged**, and what is not judged does not pass:',
    )
  })
})

describe('the table', () => {
  it('holds baseline, now, change and limit', () => {
    const body = commentOf('one platform over of three')
    expect(headOf(body)).toEqual(['Platform', 'Change', 'Now', 'Baseline', 'Limit', 'Verdict'])
    expect(rowsOf(body)).toEqual([
      [
        'linux/amd64',
        '+16.7 MiB (+11.3 %)',
        '164.7 MiB',
        '148.0 MiB',
        'max-size 160.0 MiB (103 %)',
        '❌ fail',
      ],
      [
        'linux/arm64',
        '-307.2 KiB (-0.2 %)',
        '147.7 MiB',
        '148.0 MiB',
        'max-size 160.0 MiB (92 %)',
        '✅ pass',
      ],
      ['linux/arm/v7', 'unchanged', '148.0 MiB', '148.0 MiB', 'max-size 160.0 MiB (93 %)', '✅ pass'],
    ])
  })

  it('has a word where there is nothing to compare, never a number', () => {
    const states = rowsOf(commentOf('platform added and removed')).map((cells) => cells.slice(0, 4))
    expect(states).toEqual([
      ['linux/arm64', 'new', '148.0 MiB', '–'],
      ['linux/arm/v7', 'removed', '–', '148.0 MiB'],
      ['linux/s390x', 'removed', '–', '148.0 MiB'],
      ['linux/amd64', 'unchanged', '148.0 MiB', '148.0 MiB'],
    ])
    expect(rowsOf(commentOf('baseline not read'))[0]).toContain('unknown')
    expect(headOf(commentOf('no baseline yet'))).not.toContain('Baseline')
  })

  it('shows the limit of growth where that is nearer', () => {
    expect(rowsOf(commentOf('one image over max-increase'))[0]?.at(-2)).toBe('max-increase +7.4 MiB (226 %)')
  })

  it('weighs own layers where only these are judged', () => {
    const body = commentOf('own layers only')
    expect(headOf(body)).toEqual(['Platform', 'Change', 'Now, own', 'Baseline, own', 'Limit', 'Verdict'])
    expect(rowsOf(body)[0]).toEqual(
      'linux/amd64|+921.6 KiB (+1.1 %)|80.3 MiB|79.4 MiB|max-increase +512.0 KiB (180 %)|❌ fail'.split('|'),
    )
    expect(body).toContain("Limits apply to the image's own layers only")
  })

  it('folds what is unchanged, and has the breach first, then the largest change, up or down', () => {
    const body = commentOf('several images')
    expect(rowsOf(body).map(([name, , change]) => `${name} ${change}`)).toEqual(
      [
        '`api:pr-42` +4.1 MiB (+3.0 %)',
        '`frontend:pr-42` -2.2 MiB (-1.6 %)',
        '`e2e:pr-42` +307.2 KiB (+0.2 %)',
      ].flatMap((row) => [row, row]),
    )
    expect(foldedRowsOf(body, '6 unchanged')).toHaveLength(6)
  })

  it('has ten rows open', () => {
    const body = commentOf('200 images')
    expect(rowsOf(body)).toHaveLength(10)
    expect(body).toMatch(/<summary>\d+ more platform images<\/summary>/)
  })

  it('marks estimates on both sides', () => {
    expect(rowsOf(commentOf('estimated, tolerated'))[0]).toEqual(
      'linux/amd64|≈ +16.7 MiB (+11.3 %)|≈ 164.7 MiB|148.0 MiB|max-increase +10.0 MiB (167 %)|⚠️ warn'.split(
        '|',
      ),
    )
  })
})

describe('why it grew', () => {
  it('is a fold with every byte: what came, went, was replaced, is shared, and the sum', () => {
    const body = commentOf('one image grown')
    expect(body).toContain(
      '<summary>What changed in linux/amd64: 1 layer added, 2 replaced, 4 shared</summary>',
    )
    const rows = foldedRowsOf(body, 'What changed')
    expect(rows.map((cells) => cells.slice(0, 5))).toEqual([
      ['replaced', '0 B', '`RUN npm ci --omit=dev`', '61.1 MiB', '61.1 MiB'],
      ['replaced', '+2.2 MiB', '`COPY --chown=node:node dist ./dist`', '20.4 MiB', '18.2 MiB'],
      ['added', '+14.5 MiB', '`RUN apt-get update && apt-get install -y chromium`', '14.5 MiB', '–'],
      ['4 shared', '0 B', '', '68.6 MiB', '68.6 MiB'],
      ['config', '0 B', '', '7.1 KiB', '7.1 KiB'],
      ['total', '+16.7 MiB', '', '164.7 MiB', '148.0 MiB'],
    ])
    expect(rows[2]?.[5]).toMatch(/^`[0-9a-f]{7}…`$/)
  })

  it('says what a client has to pull', () => {
    expect(commentOf('one image grown')).toContain(
      'A client that has the baseline pulls **96.1 MiB** of 164.7 MiB.',
    )
    expect(commentOf('one platform over of three')).toContain(
      'pulls at most **96.1 MiB** of 164.7 MiB (linux/amd64).',
    )
    expect(commentOf('unchanged')).not.toContain('pulls')
  })

  it('parts base and own', () => {
    const body = commentOf('base image grown')
    expect(body).toContain(
      '`docker.io/library/node:24-bookworm-slim` brings **77.6 MiB** of 157.9 MiB (49 %), own layers are **80.3 MiB**. Of the change, +9.0 MiB came with the base image, +921.6 KiB is own.',
    )
    expect(foldedRowsOf(body, 'What changed').map((cells) => cells[5])).toEqual(
      'base base base own   '.split(' '),
    )
    expect(foldedRowsOf(commentOf('own layers only'), 'What changed').at(-1)?.slice(0, 5)).toEqual([
      'of it own',
      '+921.6 KiB',
      '',
      '80.3 MiB',
      '79.4 MiB',
    ])
  })

  it('parts base and own of several platforms in a table', () => {
    const body = commentOf('base of two platforms')
    expect(foldedRowsOf(body, 'Base image and own layers')).toEqual([
      ['linux/amd64', '`docker.io/library/node:24`', '67.0 MiB', '81.8 MiB', '–', '–'],
      ['linux/arm64', '`docker.io/library/node:24`', '67.0 MiB', '80.8 MiB', '0 B', '+1.0 MiB'],
    ])
  })

  it('says when sizes differ for another compression', () => {
    expect(commentOf('gzip to zstd')).toContain(
      '**Compressed with zstd, the baseline with gzip**: that changes sizes on its own',
    )
  })
})

describe('breaches', () => {
  it('of growth say what was allowed, and which part of the rule is exceeded', () => {
    expect(commentOf('one image over max-increase')).toContain(
      '\n\n**+16.7 MiB** is 9.3 MiB over max-increase 7.4 MiB (more than 5% and more than 2MiB)',
    )
    expect(textOf(commentOf('several images'))).toContain(
      '`api:pr-42` linux/amd64, linux/arm64: **+4.1 MiB** is 1.3 MiB over max-increase 2.8 MiB (more than 2%), rule `*/api:* = 2%`',
    )
  })

  it('of a limit of two alternatives say that both are exceeded', () => {
    const { images } = growthExamples['one image grown']!()
    const { current } = drawComment(report(images, { maxIncrease: ['5% or 5MiB'] }))
    expect(textOf(current).replaceAll('\u200B', '')).toContain(
      'over max-increase 5.0 MiB (5% or 5MiB: both exceeded)',
    )
  })

  it('of growth say which instructions made most of it', () => {
    const body = commentOf('one image over max-increase')
    expect(body).toContain('\n\nMostly: `RUN apt-get update && apt-get install -y chromium` +14.5 MiB\n\n|')
  })

  it('of growth name no layers of the base image where only own ones count', () => {
    expect(commentOf('own layers only')).toContain(
      '\n\nMostly: `COPY --chown=node:node dist ./dist` +921.6 KiB',
    )
  })

  it('of growth in many small layers name none', () => {
    const at = (build: string, size: number) =>
      platformImage(
        'linux/amd64',
        Array.from({ length: 20 }, (_, i) => layer([`${build} ${i}`, size * MIB, `RUN step-${i}`])),
      )
    const grown = compared(image('a.test/b:pr', [at('new', 2)]), image('a.test/b:main', [at('old', 1)]))
    const { current } = drawComment(report([grown], { maxIncrease: ['1MiB'] }))
    expect(current).toContain('over max-increase')
    expect(current).not.toContain('Mostly')
  })

  it('open what changed in the first platform that fails', () => {
    const body = commentOf('one platform over of three')
    expect(body.match(/<details open>\n<summary>.*/g)).toEqual([
      '<details open>\n<summary>What changed in linux/amd64: 1 layer added, 2 replaced, 4 shared</summary>',
    ])
    expect(body).toContain('<details>\n<summary>What changed in linux/arm64')
    expect(commentOf('one image grown')).not.toContain('<details open>')
  })

  it('name the label that would accept them, where one fails and there is one', () => {
    const { images } = growthExamples['one image grown']!()
    const words = 'The label `bigger-image` accepts this: give it to the pull request'
    const drawn = (spec: Parameters<typeof report>[1]): string =>
      drawComment(report(images, { overrideLabel: 'bigger-image', ...spec })).current
    expect(drawn({ maxSize: ['99MiB'] })).toContain(words)
    expect(drawn({ maxSize: ['99MiB'], severity: { warnBecause: 'x' } })).not.toContain(words)
    expect(drawn({ warnSize: ['99MiB'] })).not.toContain(words)
    expect(drawComment(report(images, { maxSize: ['99MiB'] })).current).not.toContain(words)
  })

  it('name the label that makes them tolerable', () => {
    expect(commentOf('estimated, tolerated')).toContain(
      '**Tolerated**, so this does not fail: the pull request has the label size-ok',
    )
  })
})

describe('the last line', () => {
  const FORMULA = `[formula](${FORMULA_URL})`
  const lastOf = (body: string): string => body.split('\n').at(-1) ?? ''

  it('names run, commit and units, and is known as the footer', () => {
    const { current, resolved } = drawComment(growthExamples['unchanged']!())
    for (const body of [current, resolved]) {
      expect(lastOf(body)).toBe(
        `<sub>registry-warden · ${FORMULA} · [run](${RUN_URL}) · ${COMMIT.slice(0, 7)} · MiB = 1024² bytes</sub>`,
      )
      expect(lastOf(body).startsWith(FOOTER_START)).toBe(true)
    }
  })

  it('does with less', () => {
    const options = { units: 'si', runUrl: null, commit: null } as const
    const body = drawComment(growthExamples['unchanged']!(), options).current
    expect(lastOf(body)).toBe(`<sub>registry-warden · ${FORMULA} · MB = 1000² bytes</sub>`)
    expect(body).toContain('155.2 MB')
  })

  it('links a summary of its own', () => {
    const summaryUrl = `${RUN_URL}#summary`
    expect(lastOf(drawComment(growthExamples['unchanged']!(), { summaryUrl }).current)).toContain(
      `[job summary](${summaryUrl}) · [run]`,
    )
  })
})

describe('a comment without a reason any more', () => {
  it.each([
    ['unchanged', '✅ back to the size of the baseline · 148.0 MiB'],
    ['one image grown', '✅ back under the limit · 164.7 MiB · +16.7 MiB (+11.3 %)'],
    ['no baseline yet', '✅ back under the limit · largest 148.0 MiB · 2 new'],
    ['baseline not read', '⚠️ within limit · 148.0 MiB · change unknown'],
  ])('is short: %s', (name, headline) => {
    const { resolved } = drawComment(growthExamples[name]!())
    expect(resolved.split('\n')[0]).toBe(`### Image size: ${headline}`)
    expect(resolved.split('\n').filter((line) => line !== '' && !line.startsWith('|')).length).toBeLessThan(7)
  })

  it('keeps the numbers in a fold', () => {
    const { resolved } = drawComment(growthExamples['no baseline yet']!())
    expect(foldedRowsOf(resolved, '2 platform images')).toHaveLength(2)
  })
})
