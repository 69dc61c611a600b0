import { describe, expect, it } from 'vitest'
import type { SizeExplanation, UnreadLayer } from '../../../src/domain/explain/explanation.ts'
import type { FoldedChange } from '../../../src/domain/explain/fold.ts'
import { asBytes } from '../../../src/domain/quantities/bytes.ts'
import type { SizeReport } from '../../../src/domain/size/report.ts'
import { filesLog, filesPart, wasteNotes } from '../../../src/report/size/files.ts'
import { sizeView } from '../../../src/report/size/view.ts'
import { MIB, digestOf, image, platformImage, report, serviceLayers } from '../fixtures.ts'
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

function reportOf(...explanations: readonly SizeExplanation[]): SizeReport {
  const names = ['amd64', 'arm64', 's390x'].slice(0, explanations.length)
  const platforms = names.map((name) => platformImage(`linux/${name}`, serviceLayers(name, '1')))
  const plain = report([image('ghcr.io/acme/api:pr', platforms)])
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
