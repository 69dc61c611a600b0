import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matchLayers } from '../../../src/domain/growth/layers.ts'
import type { LayerChange } from '../../../src/domain/growth/growth.ts'
import type { Layer } from '../../../src/domain/size/report.ts'
import { digestOf, layer } from '../../report/fixtures.ts'

/** `a=RUN x` is the blob `a`, made by `RUN x`. */
function layers(...specs: string[]): Layer[] {
  return specs.map((spec) => {
    const [seed = '', instruction = null] = spec.split('=')
    return layer([seed, seed.length * 10, instruction])
  })
}

const SIGNS = { shared: '', replaced: '~', added: '+', removed: '-' } as const
const NAMES = new Map(['a', 'b', 'c', 'd', 'e', 'f', 'x', 'y'].map((name) => [digestOf(name), name]))

/** `a` shared, `b~c` replaced, `+d` added, `-e` removed. */
function told(changes: readonly LayerChange[]): string {
  return changes
    .map(({ change, before, after }) => {
      const [old, young] = [before, after].map((one) => (one === null ? '' : (NAMES.get(one.digest) ?? '?')))
      return change === 'shared' ? young : change === 'removed' ? `-${old}` : `${old}${SIGNS[change]}${young}`
    })
    .join(' ')
}

describe('matchLayers', () => {
  it.each([
    ['nothing', [], [], ''],
    ['equal', ['a', 'b'], ['a', 'b'], 'a b'],
    ['the first', [], ['a'], '+a'],
    ['an instruction that made other bytes', ['a', 'b=COPY .'], ['a', 'c=COPY .'], 'a b~c'],
    ['without instructions nothing is replaced', ['a', 'b'], ['a', 'c'], 'a -b +c'],
    ['one more in the middle', ['a', 'b'], ['a', 'x=RUN new', 'b'], 'a +x b'],
    ['one less at the start', ['a', 'b'], ['b'], '-a b'],
    ['another base below the same instructions', ['a=ADD', 'b=RUN x'], ['c=ADD', 'd=RUN x'], 'a~c b~d'],
    [
      'shared layers outweigh equal instructions',
      ['a', 'b=RUN', 'c=RUN'],
      ['a', 'd=RUN', 'e=RUN', 'b=RUN', 'c=RUN'],
      'a +d +e b c',
    ],
    ['a layer that occurs twice is two layers', ['a', 'a'], ['a'], 'a -a'],
    ['swapped', ['a', 'b'], ['b', 'a'], '-a b +a'],
    ['what the classic builder copies', ['a=COPY file:aa11 in /'], ['b=COPY file:bb22 in /'], 'a~b'],
    ['but not what it copies elsewhere', ['a=COPY file:aa11 in /'], ['b=COPY file:aa11 in /x'], '-a +b'],
  ])('%s', (_, before, after, expected) => {
    expect(told(matchLayers(layers(...before), layers(...after)))).toBe(expected)
  })

  it('says instruction, sizes and whose layer it is', () => {
    const old = layer(['aa', 10, 'RUN x'], { from: 'own' })
    const [change] = matchLayers([old], [layer(['bbb', 30, 'RUN x'], { from: 'base' })])
    expect(change).toEqual({
      change: 'replaced',
      createdBy: 'RUN x',
      before: { digest: digestOf('aa'), size: 10, from: 'own' },
      after: { digest: digestOf('bbb'), size: 30, from: 'base' },
    })
  })

  it('does not work itself to death for a hostile manifest', () => {
    const many = (seed: string) => Array.from({ length: 20_000 }, (_, i) => layer([`${seed}${i}`, 1, 'RUN']))
    const [before, after] = [many('a'), many('b')]
    expect(matchLayers(before, after)).toHaveLength(40_000)
  })
})

const spec = fc.tuple(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), fc.constantFrom('', '=RUN x', '=RUN y'))
const stack = fc.array(spec, { maxLength: 9 }).map((specs) => layers(...specs.map((parts) => parts.join(''))))

describe('laws of matching', () => {
  it('each layer of both images is said exactly once, in its order', () => {
    fc.assert(
      fc.property(stack, stack, (before, after) => {
        const changes = matchLayers(before, after)
        const digests = (side: 'before' | 'after') => changes.flatMap((change) => change[side]?.digest ?? [])
        expect(digests('before')).toEqual(before.map((one) => one.digest))
        expect(digests('after')).toEqual(after.map((one) => one.digest))
      }),
    )
  })

  it('what is said of a pair is true', () => {
    fc.assert(
      fc.property(stack, stack, (before, after) => {
        for (const { change, before: old, after: young } of matchLayers(before, after)) {
          expect(change === 'added').toBe(old === null)
          expect(change === 'removed').toBe(young === null)
          expect(change === 'shared').toBe(old !== null && old.digest === young?.digest)
        }
      }),
    )
  })

  it('an image against itself shares everything; the other way round added is removed', () => {
    fc.assert(
      fc.property(stack, stack, (before, after) => {
        expect(matchLayers(after, after).every(({ change }) => change === 'shared')).toBe(true)
        const count = (changes: LayerChange[], wanted: string) =>
          changes.filter(({ change }) => change === wanted).length
        const [there, back] = [matchLayers(before, after), matchLayers(after, before)]
        expect(count(back, 'shared')).toBe(count(there, 'shared'))
        expect(count(back, 'replaced')).toBe(count(there, 'replaced'))
        expect(count(back, 'added')).toBe(count(there, 'removed'))
      }),
    )
  })
})
