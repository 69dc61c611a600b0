import { describe, expect, it } from 'vitest'
import { sizeOutputs } from '../../src/report/size-outputs.ts'
import { examples } from './examples.ts'
import { report } from './fixtures.ts'

describe('outputs', () => {
  it('are plain numbers, with one for people', () => {
    const value = examples['one platform over']!()
    expect(sizeOutputs(value, 'iec')).toMatchObject({
      result: 'fail',
      size: String(value.size),
      'size-human': '190.8 MiB',
      'total-size': String(value.totalSize),
      'unique-size': String(value.uniqueSize),
      layers: '6',
      digest: value.images[0]!.digest,
      exceeded: 'true',
    })
    expect(JSON.parse(sizeOutputs(value, 'iec')['json'] ?? '')).toMatchObject({
      mode: 'size',
      size: value.size,
    })
  })

  it('are all there, empty where there is nothing to say', () => {
    const outputs = sizeOutputs(report([]), 'si')
    const empty = Object.keys(outputs).filter((name) => outputs[name] === '')
    expect(empty).toEqual([
      'digest',
      'baseline',
      'baseline-size',
      'size-diff',
      'size-diff-percent',
      'pull-size',
      'comment-url',
    ])
    expect(outputs).toMatchObject({ size: '0', layers: '0', exceeded: 'false', result: 'pass' })
  })

  it('call a tolerated breach a breach, and a soft one not', () => {
    expect(sizeOutputs(examples['several repositories']!(), 'iec')).toMatchObject({
      result: 'warn',
      exceeded: 'true',
    })
    const soft = report(examples['no limit']!().images, { warnSize: ['1MiB'] })
    expect(sizeOutputs(soft, 'iec')).toMatchObject({ result: 'warn', exceeded: 'false' })
  })
})
