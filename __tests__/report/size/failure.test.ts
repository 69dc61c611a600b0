import { describe, expect, it } from 'vitest'
import type { MeasuredImage, SizeReport } from '../../../src/domain/size/report.ts'
import { sizeFailure } from '../../../src/report/size/failure.ts'
import { sizeView } from '../../../src/report/size/view.ts'
import { examples } from '../examples.ts'
import { MIB, image, layer, platformImage, report } from '../fixtures.ts'
import { growthExamples } from '../growth-examples.ts'

const last = (value: SizeReport): string => sizeFailure(sizeView(value, 'iec'))

function sized(...sizes: readonly number[]): MeasuredImage[] {
  return sizes.map((size, i) =>
    image(`ghcr.io/acme/api:v${i}`, [
      platformImage('linux/amd64', [layer([`${i}`, size * MIB])], { config: null }),
    ]),
  )
}

describe('the last line of a failed step', () => {
  it('names the worst image, its breach, how many others, and what to do', () => {
    expect(last(report(sized(100, 129.75, 121), { maxSize: ['120MiB'] }))).toBe(
      '❌ ghcr.io/acme/api:v1 linux/amd64: 129.8 MiB is 9.8 MiB over max-size 120.0 MiB (108 %) · 2 of 3 over limit · make it smaller, or raise max-size',
    )
  })

  it('says no more of a single breach than that, for an annotation has the sentence', () => {
    expect(last(report(sized(2), { maxSize: ['1MiB'] }))).toBe(
      '❌ over limit · make it smaller, or raise max-size',
    )
  })

  it('tells what to do about a limit beside it, before it counts what was not measured', () => {
    const findings = { unmeasured: ['a.test/b:1: gone', 'a.test/b:2: gone'] }
    expect(last(report(sized(2), { maxSize: ['1MiB'], findings }))).toBe(
      '❌ over limit · make it smaller, or raise max-size · 2 not measured',
    )
  })

  it('is about the worst also of many tags, which the table has in another order', () => {
    const sizes = Array.from({ length: 20 }, (_, i) => (i === 7 ? 9 : 2))
    expect(last(report(sized(...sizes), { maxSize: ['1MiB'] }))).toContain('api:v7 linux/amd64: 9.0 MiB')
  })

  it('names the label that accepts it', () => {
    const over = report(sized(2), { maxSize: ['1MiB'], overrideLabel: 'bigger-image' })
    expect(last(over)).toContain(
      '· make it smaller, raise max-size, or set the label "bigger-image" and run the job again',
    )
  })

  it('speaks of layers where these are too many', () => {
    const over = report(examples['no limit']!().images, { maxLayers: 4 })
    expect(last(over)).toContain('over limit · use fewer layers, or raise max-layers')
  })

  it('counts what was not measured, and names the limit that could not be judged', () => {
    expect(last(growthExamples['baseline not read, growth not judged']!())).toBe('❌ max-increase not judged')
    const missing = { unmeasured: ['a.test/b:1: gone', 'a.test/b:2: gone', 'a.test/b:3: gone'] }
    expect(last(report([], { findings: missing }))).toBe('❌ 3 not measured')
  })

  it('is one bounded line whatever a registry says', () => {
    const nasty = `\n::error::${'x'.repeat(9_000)}\u001B[31m`
    const line = last(
      report([image(`ghcr.io/acme/${nasty}:v1`, sized(2)[0]!.platforms)], {
        maxSize: ['1MiB'],
        findings: { unmeasured: [nasty] },
        overrideLabel: nasty,
      }),
    )
    expect(line).toMatch(/^[^\p{Cc}\p{Cf}]{1,1600}$/u)
  })
})
