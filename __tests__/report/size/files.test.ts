import { describe, expect, it } from 'vitest'
import type { SizeExplanation, UnreadLayer } from '../../../src/domain/explain/explanation.ts'
import type { FoldedChange } from '../../../src/domain/explain/fold.ts'
import { asBytes } from '../../../src/domain/quantities/bytes.ts'
import type { MeasuredImage, SizeReport } from '../../../src/domain/size/report.ts'
import { filesLog, filesPart, wasteNotes } from '../../../src/report/size/files.ts'
import { sizeAnnotations } from '../../../src/report/size/annotations.ts'
import { sizeFailure } from '../../../src/report/size/failure.ts'
import { sizeLog } from '../../../src/report/size/log.ts'
import { renderSizeSummary } from '../../../src/report/size/summary.ts'
import { withExplanations } from '../../../src/domain/explain/apply.ts'
import { parseWastedLimit } from '../../../src/domain/explain/wasted-limit.ts'
import { sizeView } from '../../../src/report/size/view.ts'
import { compared } from '../growth.ts'
import { MIB, NOW, digestOf, image, platformImage, report, serviceLayers } from '../fixtures.ts'
import { autoLinked, toHtml } from '../hostile.ts'

const change = (path: string, difference: number, more: Partial<FoldedChange> = {}): FoldedChange => ({
  path,
  isFolder: false,
  change: difference < 0 ? 'shrank' : 'added',
  files: 1,
  difference,
  compressed: Math.round(difference / 2),
  ...more,
})

function explained(shown: readonly FoldedChange[], more: Partial<SizeExplanation> = {}): SizeExplanation {
  const changes = { shown, rest: { files: 0, difference: 0 } }
  const layer = {
    digest: digestOf('x'),
    replaces: null,
    createdBy: 'RUN x',
    files: 1,
    difference: 1,
    changes,
  }
  return { layers: [layer], unread: [], wasted: null, ...more }
}

function imageOf(build: string, explanations: readonly SizeExplanation[]): MeasuredImage {
  const names = ['amd64', 'arm64', 's390x'].slice(0, explanations.length)
  const platforms = names.map((name) => platformImage(`linux/${name}`, serviceLayers(name, build)))
  return image('ghcr.io/acme/api:pr', platforms)
}

/** Against a baseline. */
function reportOf(...explanations: readonly SizeExplanation[]): SizeReport {
  return explainedReport(
    report([compared(imageOf('2', explanations), imageOf('1', explanations))]),
    explanations,
  )
}

function explainedReport(plain: SizeReport, explanations: readonly SizeExplanation[]): SizeReport {
  const images = plain.images.map((each) => ({
    ...each,
    platforms: each.platforms.map((platform, at) =>
      Object.assign({}, platform, { explanation: explanations[at] }),
    ),
  }))
  return { ...plain, images }
}

const viewOf = (...explanations: readonly SizeExplanation[]) => sizeView(reportOf(...explanations), 'iec')
const draw = (...explanations: readonly SizeExplanation[]): string =>
  filesPart(viewOf(...explanations).rows, 'iec', { images: 20, open: 3, folded: 10 }).replaceAll(
    '\u00A0',
    ' ',
  )

const FONTS = change('usr/share/fonts', 12 * MIB, { isFolder: true, files: 38 })

describe('which files made it', () => {
  it('are the largest changes, shrinking ones by their size too, and to the byte in the fold', () => {
    const text = draw(explained([change('a', 10), FONTS, change('b', -5 * MIB), change('c', MIB)]))
    expect(text.match(/^- .*/gm)).toEqual([
      '- `/usr/share/fonts` +12.0 MiB, 38 files',
      '- `/b` -5.0 MiB',
      '- `/c` +1.0 MiB',
    ])
    expect(text).toContain('<summary>4 paths in linux/amd64</summary>')
    expect(text).toContain('| `/usr/share/fonts` | +12.0 MiB | +12582912 | ≈ +6.0 MiB | 38 |')
  })

  it('have sizes, not changes, where nothing was compared', () => {
    const explanations = [explained([FONTS, change('gone', 0, { change: 'went' })])]
    const view = sizeView(explainedReport(report([imageOf('1', explanations)]), explanations), 'iec')
    const text = filesPart(view.rows, 'iec', { images: 1, open: 3, folded: 10 }).replaceAll('\u00A0', ' ')
    expect(text).toContain('- `/usr/share/fonts` 12.0 MiB, 38 files')
    expect(text).toContain('- `/gone` 0 B (removed, but still in a layer below)')
    expect(text).toContain('| Path | Size | Bytes | Compressed | Files |')
    expect(text).toContain('| `/usr/share/fonts` | 12.0 MiB | 12582912 | ≈ 6.0 MiB | 38 |')
    expect(filesLog(view)[0]).toBe('  12.0 MiB  /usr/share/fonts, 38 files')
  })

  it('say their platform in the log where there are several', () => {
    expect(filesLog(viewOf(explained([FONTS]), explained([change('a', MIB)])))).toEqual([
      '  +12.0 MiB  linux/amd64  /usr/share/fonts, 38 files',
      '  +1.0 MiB  linux/arm64  /a',
    ])
    expect(filesLog(viewOf(explained([FONTS])))).toEqual(['  +12.0 MiB  /usr/share/fonts, 38 files'])
  })

  it('are said to be removed, also where a layer below still has them', () => {
    const text = draw(
      explained([
        change('a', -MIB, { change: 'went' }),
        change('b', 0, { change: 'went', isFolder: true, files: 3 }),
      ]),
    )
    expect(text).toContain('- `/a` -1.0 MiB (removed)')
    expect(text).toContain('- `/b` 0 B, 3 files (removed, but still in a layer below)')
  })

  it('are told once for platforms of which they are the same paths', () => {
    const text = draw(explained([FONTS]), explained([{ ...FONTS, difference: 13 * MIB }]))
    expect(text.match(/\*\*Files.*/g)).toEqual(['**Files in linux/amd64, linux/arm64**, unpacked:'])
    expect(text).toContain('- `/usr/share/fonts` up to +13.0 MiB, 38 files')
    expect(text.match(/<summary>.*<\/summary>/g)).toEqual([
      '<summary>1 path in linux/amd64</summary>',
      '<summary>1 path in linux/arm64</summary>',
    ])
    expect(draw(explained([FONTS]), explained([change('other', 1)])).match(/\*\*Files/g)).toHaveLength(2)
  })

  it('name what the budget did not allow, once', () => {
    const layer: UnreadLayer = {
      digest: digestOf('big'),
      createdBy: 'RUN npm ci',
      size: asBytes(61 * MIB),
      cause: 'budget',
      reason: null,
    }
    const text = draw(explained([], { unread: [layer] }), explained([], { unread: [layer] }))
    expect(text).toContain('Not looked into, for lack of `explain-budget`: `RUN npm ci` (61.0 MiB).')
    expect(
      draw(explained([FONTS], { unread: [layer] }), explained([FONTS], { unread: [layer] })).match(
        /Not looked/g,
      ),
    ).toHaveLength(1)
  })

  it('are nothing where nothing was looked into', () => {
    expect(draw(explained([]))).toBe('')
  })

  it('are harmless and cut in the middle, whoever chose the paths', () => {
    const path = `see/${'deep/'.repeat(60)}@octocat/|\u202E\`</code><script>`
    const text = draw(explained([change(path, 5)]))
    expect(text).toMatch(/see\/deep.*…/)
    expect(text).not.toContain('deep/'.repeat(20))
    const page = toHtml(text)
    expect(autoLinked(page)).toEqual([])
    expect(page).not.toContain('<script>')
    expect(filesLog(viewOf(explained([change('a\n::error::b', 5)]))).join('\n')).not.toMatch(/^::error/m)
  })
})

describe('what an image wastes', () => {
  it('is a line for each platform, with its share and where it is', () => {
    const wasted = {
      bytes: asBytes(12 * MIB),
      unpacked: asBytes(240 * MIB),
      paths: [change('var/cache/apt', 9 * MIB), change('etc/motd', 3 * MIB)],
    }
    const note = wasteNotes(viewOf(explained([], { wasted })).rows, 'iec', 5).replaceAll('\u00A0', ' ')
    expect(note).toBe(
      '- **Wasted in linux/amd64:** 12.0 MiB (5.0 %) of what the layers unpack to is replaced or removed by later ones: `/var/cache/apt` 9.0 MiB, `/etc/motd` 3.0 MiB',
    )
    const none = { ...wasted, bytes: asBytes(0), paths: [] }
    expect(wasteNotes(viewOf(explained([], { wasted: none })).rows, 'iec', 5)).toBe('')
  })
})

describe('a limit on what an image wastes', () => {
  const wasted = {
    bytes: asBytes(12 * MIB),
    unpacked: asBytes(240 * MIB),
    paths: [change('var/cache/apt', 9 * MIB), change('etc/motd', 3 * MIB)],
  }
  const judged = (max: string, explanation = explained([], { wasted }), count = 1) => {
    const plain = report([
      imageOf(
        '1',
        Array.from({ length: count }, () => explanation),
      ),
    ])
    const limits = { max: parseWastedLimit(max, 'max-wasted'), warn: null }
    return sizeView(
      withExplanations(plain, () => explanation, limits, 'fail'),
      'iec',
    )
  }
  const summary = (view: ReturnType<typeof judged>): string =>
    renderSizeSummary(view, { now: NOW }).replaceAll('\u00A0', ' ')

  it('that is exceeded says what is wasted, how much of how much, and what to do', () => {
    const view = judged('1%')
    expect(sizeAnnotations(view)).toEqual([
      {
        level: 'error',
        title: 'Wasted bytes',
        message:
          'ghcr.io/acme/api:pr linux/amd64: 12.0 MiB is wasted (5.0 % of 240.0 MiB unpacked), over max-wasted 1%: remove files in the same RUN that makes them',
      },
    ])
    expect(sizeFailure(view)).toBe(
      '❌ over limit · remove files in the same RUN that makes them, or raise max-wasted',
    )
    expect(summary(view)).toContain(
      '**12.0 MiB** is wasted (5.0 % of 240.0 MiB unpacked), over max-wasted 1%: remove files in the same `RUN` that makes them',
    )
    expect(sizeLog(view)).toContain(
      '  wasted  12.0 MiB (5.0 %, max-wasted 1%): /var/cache/apt 9.0 MiB, /etc/motd 3.0 MiB',
    )
  })

  it('that is in bytes says by how much it is exceeded, once for several platforms', () => {
    const [only, ...others] = sizeAnnotations(judged('8MiB', undefined, 2))
    expect(others).toEqual([])
    expect(only?.message).toContain(
      'linux/amd64, linux/arm64: 12.0 MiB is wasted (5.0 % of 240.0 MiB unpacked), 4.0 MiB over max-wasted 8.0 MiB: remove',
    )
  })

  it('that is met is shown with how near it is', () => {
    const view = judged('10%')
    expect(sizeAnnotations(view)).toEqual([])
    expect(summary(view)).toContain('Image size: ✅ within limit')
    expect(summary(view)).toContain('max-wasted 24.0 MiB (50 %)')
    expect(summary(view)).toContain('**Wasted in linux/amd64:** 12.0 MiB (5.0 %, max-wasted 10%) of what')
    expect(sizeLog(view)[0]).toMatch(/max-wasted 24\.0 MiB \(50 %\)$/)
  })

  it('is shown also where nothing is wasted', () => {
    const none = explained([], { wasted: { ...wasted, bytes: asBytes(0), paths: [] } })
    expect(summary(judged('5%', none))).toContain('**Wasted in linux/amd64:** 0 B (0 %, max-wasted 5%)')
  })
})
