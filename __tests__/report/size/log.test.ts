import { describe, expect, it } from 'vitest'
import { sizeLog } from '../../../src/report/size/log.ts'
import { sizeView } from '../../../src/report/size/view.ts'
import { examples } from '../examples.ts'
import { image, platformImage, report, serviceLayers } from '../fixtures.ts'
import { growthExamples } from '../growth-examples.ts'

const log = (name: string): string[] => sizeLog(sizeView(examples[name]!(), 'iec'))

describe('the log', () => {
  it('has a line per platform image with the numbers under each other, then the verdict', () => {
    expect(log('windows, foreign layers, time out')).toEqual([
      '✅ pass     1.3 GiB  2 layers  mcr.microsoft.com/acme/agent:1 windows/amd64  max-size 2.0 GiB (67 %)',
      '✅ pass  ≈ 76.3 MiB   1 layer  mcr.microsoft.com/acme/agent:1 linux/amd64  max-size 2.0 GiB (3.7 %)',
      'Image size: ⏳ partial · 2 not measured · all 2 within limits · largest 1.3 GiB',
    ])
  })

  it('names each image in full, also among many', () => {
    const lines = log('30 tags')
    expect(lines).toHaveLength(31)
    expect(lines[0]).toMatch(/^❌ fail  222\.3 MiB  6 layers {2}ghcr\.io\/acme\/api:v3\.9\.0 linux\/amd64/)
  })

  it('says where no limit applies though others have one', () => {
    const pair = ['v1', 'pr'].map((tag) =>
      image(`ghcr.io/acme/api:${tag}`, [platformImage('linux/amd64', serviceLayers('amd64', tag))]),
    )
    const lines = sizeLog(sizeView(report(pair, { maxSize: ['v* = 300MiB'] }), 'iec'))
    expect(lines[0]).toMatch(/api:v1 linux\/amd64 {2}max-size 300\.0 MiB \(49 %\)$/)
    expect(lines[1]).toMatch(/api:pr linux\/amd64 {2}no limit$/)
  })

  it('names the limit that is not judged instead of one that is met beside a failure', () => {
    const lines = sizeLog(
      sizeView(growthExamples['baseline not read, growth of two platforms not judged']!(), 'iec'),
    )
    expect(lines[0]).toMatch(/^❌ fail .* ghcr\.io\/acme\/api:pr-42 linux\/amd64 {2}max-increase not judged$/)
    const missing = sizeLog(sizeView(growthExamples['no baseline to judge growth by']!(), 'iec'))
    expect(missing[0]).toMatch(/^✅ pass .* linux\/amd64 {2}max-size 150\.0 MiB \(99 %\)$/)
  })

  it('keeps each line one line', () => {
    for (const line of log('hostile names')) expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u202E]/u)
  })

  it('has the change beside the size, what is gone, and each baseline once', () => {
    const lines = sizeLog(sizeView(growthExamples['platform added and removed']!(), 'iec'))
    expect(lines).toEqual([
      'Compared with ghcr.io/acme/api:main',
      '✅ pass  148.0 MiB        new  6 layers  ghcr.io/acme/api:pr-42 linux/arm64  max-size 200.0 MiB (74 %)',
      '✅ pass  148.0 MiB  unchanged  6 layers  ghcr.io/acme/api:pr-42 linux/amd64  max-size 200.0 MiB (74 %)',
      '–       148.0 MiB    removed            ghcr.io/acme/api:pr-42 linux/arm/v7',
      '–       148.0 MiB    removed            ghcr.io/acme/api:pr-42 linux/s390x',
      'Image size: ✅ all 2 within limits · largest 148.0 MiB · 1 new · 2 removed',
    ])
  })
})
