import { describe, expect, it } from 'vitest'
import { sizeAnnotations } from '../../../src/report/size/annotations.ts'
import { sizeFailure } from '../../../src/report/size/failure.ts'
import { sizeJson } from '../../../src/report/size/json.ts'
import { sizeLog } from '../../../src/report/size/log.ts'
import { renderSizeSummary } from '../../../src/report/size/summary.ts'
import { sizeView } from '../../../src/report/size/view.ts'
import { asTimestamp } from '../../../src/domain/quantities/timestamp.ts'
import { WardenError } from '../../../src/domain/errors.ts'
import { parseSizeLimits } from '../../../src/domain/size/limits.ts'
import { fakeReader, image } from '../../support/fake-reader.ts'
import type { FakeContent } from '../../support/fake-reader.ts'
import { run } from './growth-world.ts'

/** What docker/metadata-action makes of one build, and another image beside it. */
const content = (...tags: readonly string[]): FakeContent => ({
  tags: Object.fromEntries(tags.map((tag) => [tag, 'one'])),
  manifests: { one: image('one.config', 10, { base: 30, app: 12 }) },
  configs: { 'one.config': {} },
})
const names = ['v1.2.3', 'v1.2', 'v1', 'latest']
const readers = (): Parameters<typeof run>[0]['readers'] => ({
  'r.test/app': fakeReader(content(...names)),
})
const images = names.map((tag) => `r.test/app:${tag}`)

describe('one image with several names', () => {
  it('is measured, counted and shown once, with all of its names', async () => {
    const report = await run({ readers: readers(), images })
    expect(report.images.map(({ name }) => name)).toEqual(['r.test/app:v1.2.3'])
    expect(report.totalSize).toBe(report.size)
    expect(sizeJson(report, { layers: false }).images[0]?.names).toEqual(images)
    const view = sizeView(report, 'iec')
    const summary = renderSizeSummary(view, { now: asTimestamp(Date.UTC(2026, 2, 10)) })
    expect(summary).toContain('`r.test/app:v1.2.3`, also `v1.2`, `v1`, `latest`')
    expect(summary).toContain('| `v1.2.3`, `v1.2`, `v1`, `latest` |')
    expect(summary.match(/<summary>\d+ layers?/g)).toHaveLength(1)
    expect(sizeLog(view).filter((line) => line.includes('r.test/app'))).toEqual([
      expect.stringContaining('r.test/app:v1.2.3 (also v1.2, v1, latest)'),
    ])
  })

  it('is judged by the rule of each name, and told once, with the strictest that fails', async () => {
    const rules = ['latest = 1GiB', 'v1.2.3 = 30B', 'v1 = 20B', '* = 1GiB']
    const limits = { maxSize: parseSizeLimits(rules, 'max-size') }
    const report = await run({ readers: readers(), images, limits })
    expect(report.breaches.map(({ image: name, rule }) => [name, rule])).toEqual([
      ['r.test/app:v1', 'v1 = 20B'],
    ])
    const view = sizeView(report, 'iec')
    expect(sizeAnnotations(view).map(({ message }) => message)).toEqual([
      expect.stringContaining('r.test/app:v1 (also v1.2.3, v1.2, latest)'),
    ])
    expect(sizeFailure(view)).toBe('❌ over limit · make it smaller, or raise max-size')
    expect(report.warnings).toEqual([])
  })

  it('is another image in another repository', async () => {
    const both = { ...readers(), 'r.test/mirror': fakeReader(content('v1')) }
    const report = await run({ readers: both, images: ['r.test/app:v1', 'r.test/mirror:v1'] })
    expect(report.images).toHaveLength(2)
    expect(report.totalSize).toBe(2 * report.size)
  })
})

describe('a listed tag that the registry cannot serve', () => {
  const fault = new WardenError('server', 'r.test answered 500')
  const listing = (faults: Record<string, WardenError>) => ({
    kind: 'many' as const,
    repository: 'r.test/app',
    tags: { include: 'all' as const, exclude: [] },
    reader: fakeReader({ ...content('v1', 'v2', 'v3', 'v4', 'v5', 'v6', 'v7'), faults }),
  })

  it('is named, and the others are measured', async () => {
    const report = await run({ readers: {}, images: [], request: { images: [listing({ v2: fault })] } })
    expect(report.verdict).toBe('fail')
    expect(report.images).toHaveLength(1)
    expect(report.unmeasured).toEqual([expect.stringContaining('r.test/app:v2: r.test answered 500')])
  })

  it('ends the run where many are so: the registry is down', async () => {
    const faults = Object.fromEntries(['v1', 'v2', 'v3', 'v4', 'v5', 'v6'].map((tag) => [tag, fault]))
    const failed = run({ readers: {}, images: [], request: { images: [listing(faults)] } })
    await expect(failed).rejects.toBe(fault)
  })
})
