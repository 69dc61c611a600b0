import { describe, expect, it } from 'vitest'
import { sizeOutputs } from '../../../src/report/size/outputs.ts'
import { sizeView } from '../../../src/report/size/view.ts'
import { examples } from '../examples.ts'
import { MIB, image, layer, platformImage, report } from '../fixtures.ts'
import { compared, unread, withoutAny } from '../growth.ts'

describe('outputs', () => {
  it('are plain numbers, with one for people', () => {
    const value = examples['one platform over']!()
    expect(sizeOutputs(sizeView(value, 'iec'))).toMatchObject({
      result: 'fail',
      size: String(value.size),
      'size-human': '190.8 MiB',
      'total-size': String(value.totalSize),
      'unique-size': String(value.uniqueSize),
      layers: '6',
      digest: value.images[0]!.digest,
      exceeded: 'true',
    })
    expect(JSON.parse(sizeOutputs(sizeView(value, 'iec'))['json'] ?? '')).toMatchObject({
      mode: 'size',
      size: value.size,
    })
  })

  it('are all there, empty where there is nothing to say', () => {
    const outputs = sizeOutputs(sizeView(report([]), 'si'))
    const empty = Object.keys(outputs).filter((name) => outputs[name] === '')
    expect(empty).toEqual([
      'digest',
      'baseline',
      'baseline-size',
      'size-diff',
      'size-diff-percent',
      'pull-size',
      'wasted-bytes',
      'comment-url',
    ])
    expect(outputs).toMatchObject({ size: '0', layers: '0', exceeded: 'false', result: 'pass' })
  })

  it('call a tolerated breach a breach, and a soft one not', () => {
    expect(sizeOutputs(sizeView(examples['several repositories']!(), 'iec'))).toMatchObject({
      result: 'warn',
      exceeded: 'true',
    })
    const soft = report(examples['no limit']!().images, { warnSize: ['1MiB'] })
    expect(sizeOutputs(sizeView(soft, 'iec'))).toMatchObject({ result: 'warn', exceeded: 'false' })
  })
})

describe('outputs about growth', () => {
  const large = (name: string, size: number) =>
    image(name, [
      platformImage('linux/amd64', [layer(['base', 100 * MIB]), layer([name, size * MIB])]),
      platformImage('linux/arm64', [layer([`${name} arm`, MIB])]),
    ])
  const next = large('ghcr.io/acme/api:pr-7', 50)
  const growth = ['baseline', 'baseline-size', 'size-diff', 'size-diff-percent', 'pull-size'] as const
  const outputsOf = (measured: ReturnType<typeof large>): string[] => {
    const outputs = sizeOutputs(sizeView(report([measured]), 'iec'))
    return growth.map((name) => outputs[name] ?? 'missing')
  }

  it('are of the platform image that `size` tells of, and add up', () => {
    const old = large('ghcr.io/acme/api:main', 25)
    const [, before, difference, percent, pulled] = outputsOf(compared(next, old))
    expect(outputsOf(compared(next, old))[0]).toBe('ghcr.io/acme/api:main')
    expect(Number(before) + Number(difference)).toBe(next.size)
    expect(Number(difference)).toBe(25 * MIB)
    expect(percent).toBe('20')
    expect(Number(pulled)).toBe(50 * MIB + 7_321)
  })

  it('are signed', () => {
    const [, , difference, percent] = outputsOf(compared(next, large('ghcr.io/acme/api:main', 51)))
    expect([difference, percent]).toEqual([String(-MIB), '-0.66'])
  })

  it('say how little changed even below the threshold, and nothing as nothing', () => {
    const rules = { minimumChange: 100 * MIB }
    expect(outputsOf(compared(next, large('ghcr.io/acme/api:main', 49), rules))[2]).toBe(String(MIB))
    expect(outputsOf(compared(next, next)).slice(2)).toEqual(['0', '0', '0'])
  })

  it('name the baseline of a new platform, which is pulled whole', () => {
    const old = image('ghcr.io/acme/api:main', [large('a', 1).platforms[1]!])
    expect(outputsOf(compared(next, old))).toEqual([
      'ghcr.io/acme/api:main',
      '',
      '',
      '',
      String(next.platforms[0]!.size),
    ])
  })

  it('are empty without a baseline, and where it could not be read', () => {
    expect(outputsOf(withoutAny(next))).toEqual(['', '', '', '', ''])
    expect(outputsOf(unread(next))).toEqual(['', '', '', '', ''])
  })
})
