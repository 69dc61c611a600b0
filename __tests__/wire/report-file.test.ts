import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { WardenError } from '../../src/domain/errors.ts'
import { splitLayers } from '../../src/domain/growth/base.ts'
import { compareWith, withoutBaseline } from '../../src/domain/growth/compare.ts'
import { asBytes } from '../../src/domain/quantities/bytes.ts'
import type { MeasuredImage, SizeReport } from '../../src/domain/size/report.ts'
import { reportFileJson } from '../../src/report/size/report-file.ts'
import { renderSizeSummary } from '../../src/report/size/summary.ts'
import { sizeView } from '../../src/report/size/view.ts'
import { sizeOutputs } from '../../src/report/size/outputs.ts'
import { MAX_REPORT_BYTES, parseReportFile } from '../../src/wire/report-file.ts'
import { examples } from '../report/examples.ts'
import { growthExamples } from '../report/growth-examples.ts'
import { MIB, NOW, digestOf, image, layer, platformImage, report } from '../report/fixtures.ts'
import { autoLinked, elementsOf, hostileText, targetsOf, toHtml } from '../report/hostile.ts'

const write = (value: unknown): Buffer => Buffer.from(JSON.stringify(value))
const roundTrip = (value: SizeReport): SizeReport => parseReportFile(write(reportFileJson(value)))
const draw = (value: SizeReport): string => renderSizeSummary(sizeView(value, 'iec'), { now: NOW })

function compared(next: MeasuredImage, old: MeasuredImage): MeasuredImage {
  const [entry, placeholders] = [':sha-{merge-base}', ['merge-base'] as const]
  const skipped = [{ entry: ':main', cause: 'absent', reason: 'no such tag' }] as const
  const rules = { minimumChange: asBytes(1024), ignoreBase: false }
  return compareWith(
    next,
    { image: old, name: 'ghcr.io/acme/api:sha-1a2b3c4', entry, placeholders, skipped, incomplete: null },
    rules,
  )
}

/** One report with everything that a report can hold. */
function rich(): SizeReport {
  const base = { name: 'docker.io/library/node:24', digest: digestOf('node'), layers: [digestOf('os')] }
  const platform = (name: string, app: string, size: number) =>
    splitLayers(
      platformImage(name, [
        layer(['os', 30 * MIB, 'ADD rootfs.tar.xz /']),
        layer([app, size, 'COPY dist ./dist']),
        layer(['foreign', MIB], { foreign: true }),
      ]),
      [base],
    )
  const api = compared(
    image('ghcr.io/acme/api:pr-7', [
      platform('linux/amd64', 'new', 9 * MIB),
      platform('linux/arm/v6', 'arm', MIB),
    ]),
    image('ghcr.io/acme/api:sha-1a2b3c4', [
      platform('linux/amd64', 'old', 5 * MIB),
      platform('windows/amd64', 'win', 2),
    ]),
  )
  const fresh = withoutBaseline(image('ghcr.io/acme/web:pr-7', [platform('linux/amd64', 'web', 3)]), {
    state: 'missing',
    skipped: [],
  })
  const unread = withoutBaseline(image('ghcr.io/acme/job:pr-7', [platform('linux/amd64', 'job', 3)]), {
    state: 'unread',
    skipped: [],
    name: 'ghcr.io/acme/job:main',
    reason: 'HTTP 500',
  })
  return report([api, fresh, unread], {
    maxSize: ['other = 1GiB', '35MiB'],
    overrideLabel: 'bigger-image',
    maxLayerSize: 20 * MIB,
    maxIncrease: ['5% and 2MiB'],
    severity: { warnBecause: 'the label size-ok is set' },
    findings: { notices: ['a notice'], unmeasured: ['ghcr.io/acme/late:1: time is up'], partial: true },
  })
}

describe('a report file', () => {
  it.each(Object.entries(examples))('holds the whole report: %s', (_, example) => {
    const value = example()
    const read = roundTrip(value)
    expect(draw(read)).toBe(draw(value))
    expect(sizeOutputs(sizeView(read, 'iec'))).toEqual(sizeOutputs(sizeView(value, 'iec')))
  })

  it('holds growth, baselines and base images', () => {
    const value = rich()
    expect(value.breaches.map(({ limit }) => limit)).toContain('max-increase')
    expect(roundTrip(value)).toEqual(value)
  })

  it('holds a limit that is not judged, and one on what is wasted', () => {
    const value = growthExamples['no baseline to judge growth by']!()
    const wastedLimit = { bytes: asBytes(5), rule: '5%', severity: 'fail' as const }
    const images = value.images.map((image) =>
      Object.assign({}, image, {
        platforms: image.platforms.map((platform) => Object.assign({}, platform, { wastedLimit })),
      }),
    )
    expect(images[0]?.platforms[0]?.unjudged).toBe('max-increase')
    expect(roundTrip({ ...value, images })).toEqual({ ...value, images })
  })

  it('is the JSON of the output, and more', () => {
    const [api, web] = reportFileJson(rich()).images
    expect(api?.platforms[0]).toMatchObject({
      platform: 'linux/amd64',
      baseline: { image: 'ghcr.io/acme/api:sha-1a2b3c4', size: expect.any(Number) },
      pullSize: expect.any(Number),
      layers: [{ from: 'base' }, { from: 'own', createdBy: 'COPY dist ./dist' }, { foreign: true }],
    })
    expect(web?.platforms[0]).toMatchObject({ baseline: null, pullSize: null })
  })

  it('gives back any report that was measured', () => {
    const sizes = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.nat(50)), { maxLength: 5 })
    const platforms = fc.uniqueArray(fc.constantFrom('linux/amd64', 'linux/arm64', 'linux/arm/v6'), {
      minLength: 1,
    })
    const images = fc.array(fc.tuple(hostileText, platforms, sizes, sizes), { maxLength: 4 })
    fc.assert(
      fc.property(images, fc.boolean(), hostileText, (specs, partial, text) => {
        const weigh = (
          name: string,
          each: readonly string[],
          layers: readonly (readonly [string, number])[],
        ) =>
          image(
            name,
            each.map((one) =>
              platformImage(
                one,
                layers.map(([seed, size]) => layer([`${seed}${size}`, size * MIB, text])),
              ),
            ),
          )
        const value = report(
          specs.map(([name, each, now, before], i) =>
            i % 3 === 2
              ? weigh(name, each, now)
              : compared(weigh(name, each, now), weigh('old', each, before)),
          ),
          {
            maxSize: ['60MiB'],
            maxLayers: 3,
            warnIncrease: ['1MiB'],
            findings: { notices: [text], partial },
          },
        )
        expect(roundTrip(value)).toEqual(value)
      }),
      { numRuns: 100 },
    )
  })
})

/** `refused`, or drawn as text: nothing links, pings, loads or leaves its place. */
function fateOf(content: Buffer): 'refused' | 'drawn' | 'harmful' {
  if (refusal(content) !== null) return 'refused'
  const [page = ''] = toHtml(draw(parseReportFile(content))).split('<p><sub>registry-warden')
  const foreign = [...elementsOf(page)].filter((name) => FOREIGN_ELEMENTS.has(name))
  return [...foreign, ...autoLinked(page), ...targetsOf(page)].length === 0 ? 'drawn' : 'harmful'
}

const FOREIGN_ELEMENTS = new Set(['!--', 'img', 'script', 'a', 'b', 'input'])

type Path = readonly (string | number)[]

/** Every place of a document, with the places in it. */
function pathsOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const inside = Object.entries(value).flatMap(([key, entry]) =>
    pathsOf(entry, [...path, Array.isArray(value) ? Number(key) : key]),
  )
  return [path, ...inside]
}

/** The document with something else, or nothing, in one place of it. */
function changed(document: unknown, path: Path, value: unknown): unknown {
  const [key, ...rest] = path
  if (key === undefined) return value
  const inside = (entry: unknown): unknown => changed(entry, rest, value)
  if (Array.isArray(document))
    return document.map((entry, i) => (i === key ? inside(entry) : (entry as unknown)))
  const entries = Object.entries(Object(document))
  return Object.fromEntries(entries.map(([name, entry]) => [name, name === key ? inside(entry) : entry]))
}

describe('a report file that was tampered with', () => {
  const document = reportFileJson(rich())
  const HOSTILE =
    '<!-- registry-warden:size:default -->\n@octocat [x](https://evil.example) ![](https://evil.example/p) <img src=x> | ``` #1'
  const values: readonly unknown[] = [null, HOSTILE, -1, 0.5, 9e15, {}, [], [[]], true]

  const failed = Object.values(examples)
    .map((make) => make())
    .find(
      ({ verdict, images, partial }) =>
        verdict === 'fail' &&
        !partial &&
        images.some((one) => one.platforms.some((part) => part.verdict === 'fail')),
    )
  const red: Record<string, unknown> = JSON.parse(JSON.stringify(reportFileJson(failed ?? rich())))
  const green = { ...red, verdict: 'pass', result: 'pass' }
  it.each<[string, Record<string, unknown>]>([
    ['a green verdict over a red result', { ...red, verdict: 'pass' }],
    ['a red verdict over a green result', { ...red, result: 'pass' }],
    ['a green headline over red rows', green],
    ['a green headline over red rows, partial', { ...green, partial: true, result: 'partial' }],
    ['a warning over red rows', { ...red, verdict: 'warn', result: 'warn' }],
    ['green over what was not measured', { ...green, images: [], breaches: [], unmeasured: ['api: gone'] }],
    ['red without a reason', { ...red, images: [], breaches: [], unmeasured: [] }],
  ])('is refused with %s', (_, content) => {
    expect(red['result']).toBe('fail')
    expect(refusal(write(content))).toMatch(/verdict is|result is/)
  })

  // entries of a list are alike: its first and its second stand for the rest
  const places = pathsOf(document).filter((path) => path.every((key) => typeof key === 'string' || key < 2))

  it('is refused or harmless, whatever is put in whatever place', { timeout: 300_000 }, () => {
    const harmful: unknown[] = []
    const counts = { refused: 0, drawn: 0, harmful: 0 }
    for (const path of places) {
      for (const value of values) {
        const fate = fateOf(write(changed(document, path, value)))
        counts[fate] += 1
        if (fate === 'harmful') harmful.push([path, value])
      }
    }
    expect(harmful).toEqual([])
    expect(counts.refused).toBeGreaterThan(1000)
    expect(counts.drawn).toBeGreaterThan(100)
  })

  it('is refused when anything is missing', () => {
    const kept = pathsOf(document).filter((path) => {
      // a list with one entry less is another report, not a broken one
      if (path.length === 0 || typeof path.at(-1) === 'number') return false
      // stands only where it applies
      if (path.at(-1) === 'unjudged') return false
      const content = write(changed(document, path, undefined))
      return refusal(content) === null
    })
    expect(kept).toEqual([])
  })

  it('names what is wrong', () => {
    const wrong = changed(document, ['images', 0, 'platforms', 0, 'layers', 1, 'size'], '9')
    expect(refusal(write(wrong))).toBe(
      'the report file is not valid: images[0].platforms[0].layers[1].size: is not a number of bytes',
    )
  })

  it.each<[Path]>([
    [['size']],
    [['totalSize']],
    [['uniqueSize']],
    [['images', 0, 'size']],
    [['images', 0, 'uniqueSize']],
    [['images', 0, 'platforms', 0, 'size']],
    [['images', 0, 'platforms', 0, 'base', 'size']],
  ])('cannot say that a sum is another than it is: %j', (path) => {
    expect(parseReportFile(write(changed(document, path, 1)))).toEqual(rich())
  })

  it('cannot bring anything that nobody asked for', () => {
    const more = { ...document, pullRequest: 1, markdown: '# Hi', headSha: 'x', constructor: 1 }
    const text = JSON.stringify(more).replace('{', '{"__proto__":{"verdict":"pass"},')
    expect(parseReportFile(Buffer.from(text))).toEqual(rich())
  })

  it.each<[what: string, content: string | Buffer, reason: RegExp]>([
    ['nothing', '', /is not JSON/],
    ['no JSON', '# Report', /is not JSON/],
    ['null', 'null', /not an object/],
    ['a list', '[]', /not an object/],
    ['another version', '{"schemaVersion":2}', /schemaVersion/],
    ['another mode', '{"schemaVersion":1,"mode":"prune"}', /mode/],
    ['a deep nest', `{"images":${'['.repeat(200_000)}${']'.repeat(200_000)}}`, /not valid/],
    ['10 MB', Buffer.alloc(10_000_000, ' '), /more than 5242880 bytes/],
    ['a byte too much', Buffer.alloc(MAX_REPORT_BYTES + 1, ' '), /more than 5242880 bytes/],
    ['UTF-16', Buffer.from('{}', 'utf16le'), /is not JSON/],
  ])('is refused when it is %s', (_, content, reason) => {
    expect(refusal(Buffer.from(content))).toMatch(reason)
  })

  it('is refused when it has too much of one thing', () => {
    const many = { ...document, notices: Array.from({ length: 50_001 }, () => '') }
    expect(refusal(write(many))).toMatch(/notices/)
  })
})

function refusal(content: Buffer): string | null {
  try {
    parseReportFile(content)
    return null
  } catch (error) {
    if (error instanceof WardenError && error.kind === 'protocol') return error.line
    throw error
  }
}
