import { describe, expect, it } from 'vitest'
import { sizeAnnotations } from '../../../src/report/size/annotations.ts'
import { sizeView } from '../../../src/report/size/view.ts'
import type { SizeReport } from '../../../src/domain/size/report.ts'
import { examples } from '../examples.ts'
import { growthExamples } from '../growth-examples.ts'
import { MIB, image, layer, platformImage, report } from '../fixtures.ts'

const annotate = (value: SizeReport): ReturnType<typeof sizeAnnotations> =>
  sizeAnnotations(sizeView(value, 'iec'))

function oversized(count: number, spec: Parameters<typeof report>[1] = {}): SizeReport {
  const images = Array.from({ length: count }, (_, i) =>
    image(`ghcr.io/acme/api:v${i}`, [platformImage('linux/amd64', [layer([String(i), (i + 2) * MIB])])]),
  )
  return report(images, { maxSize: ['1MiB'], ...spec })
}

describe('annotations', () => {
  it('are errors for failures and warnings for soft limits, one for what says the same, worst first', () => {
    const found = annotate(examples['one platform over']!())
    expect(found.map(({ level }) => level)).toEqual([...Array(3).fill('error'), 'warning'])
    expect(found[0]).toEqual({
      level: 'error',
      title: 'Image size limit',
      message:
        'ghcr.io/acme/api:pr-42 linux/arm64: 190.8 MiB is 10.8 MiB over max-size 180.0 MiB (106 %), rule "pr-* linux/arm64 = 180MiB"',
    })
    expect(found[1]?.message).toContain(
      'linux/arm64, linux/amd64, linux/arm/v7, layer "RUN npm ci --omit=dev": 61.1 MiB is 1.1 MiB over max-layer-size',
    )
  })

  it('are warnings when failures are tolerated', () => {
    const levels = annotate(examples['several repositories']!()).map(({ level }) => level)
    expect(levels).toEqual(Array(2).fill('warning'))
  })

  it('are at most ten of a level; the tenth tells of the others', () => {
    const found = annotate(
      oversized(17, { findings: { notices: Array.from({ length: 30 }, (_, i) => `notice ${i}`) } }),
    )
    expect(found.filter(({ level }) => level === 'error')).toHaveLength(10)
    expect(found.filter(({ level }) => level === 'notice')).toHaveLength(10)
    expect(found[0]?.message).toContain('api:v16 ')
    expect(found[8]?.message).not.toContain('more')
    expect(found[9]?.message).toMatch(/\(and 7 more, see the job summary\)$/)
    expect(found[19]?.message).toBe('notice 9 (and 20 more, see the job summary)')
  })

  it('are a warning for a limit that names no image', () => {
    const [only] = annotate(report(examples['no limit']!().images, { maxSize: ['v2* = 1MiB'] }))
    expect(only).toMatchObject({ level: 'warning', title: 'Limit without an image' })
    expect(only?.message).toContain('max-size limits nothing: its rule "v2* = 1MiB" does not name')
  })

  it('are complete with exactly ten', () => {
    const found = annotate(oversized(10))
    expect(found).toHaveLength(10)
    expect(found[9]?.message).not.toContain('more')
  })

  it('name what was not measured: a warning when time ran out, else an error', () => {
    const late = annotate(oversized(0, { findings: { unmeasured: ['ghcr.io/acme/api:v9'], partial: true } }))
    expect(late).toEqual([
      { level: 'warning', title: 'Not measured, time ran out', message: 'ghcr.io/acme/api:v9' },
    ])
    const broken = annotate(oversized(0, { findings: { unmeasured: ['ghcr.io/acme/api:v9: HTTP 500'] } }))
    expect(broken[0]?.level).toBe('error')
  })

  it('are one bounded line each, without controls', () => {
    for (const { message } of annotate(
      oversized(1, { findings: { notices: ['a\n::error::b\u001B[31m', 'x'.repeat(9_000)] } }),
    )) {
      expect(message).toMatch(/^[^\p{Cc}\p{Cf}]{1,600}$/u)
    }
  })

  it('name a limit of growth, and why a failure is tolerated', () => {
    expect(annotate(growthExamples['estimated, tolerated']!())).toEqual([
      {
        level: 'warning',
        title: 'Image growth limit',
        message:
          'docker-archive://build/api.tar linux/amd64: +16.7 MiB is 6.7 MiB over max-increase 10.0 MiB; tolerated: the pull request has the label size-ok',
      },
    ])
  })

  it('tell what could not be judged from what was not measured', () => {
    const [unjudged] = annotate(growthExamples['baseline not read, growth not judged']!())
    expect(unjudged).toMatchObject({ level: 'error', title: 'Not judged' })
    expect(unjudged?.message).toContain('max-increase cannot be judged')
  })
})
