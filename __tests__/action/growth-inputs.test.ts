import { describe, expect, it } from 'vitest'
import type { InputName } from '../../src/action/input-catalog.ts'
import { parseInputs } from '../../src/action/inputs.ts'
import type { SizeSettings } from '../../src/action/settings.ts'
import { formatReference } from '../../src/domain/names/reference.ts'
import { lineOf } from '../support/refusal.ts'

type Inputs = Partial<Record<InputName, string>>

function parse(inputs: Inputs): SizeSettings {
  const given: Inputs = { image: 'ghcr.io/acme/api:pr-1', ...inputs }
  const command = parseInputs((name) => given[name] ?? '')
  if (command.mode !== 'size') throw new Error('the default mode is size')
  return command.size
}

describe('the inputs about growth', () => {
  it('compare and split nothing unless asked to', () => {
    const { growth, limits } = parse({})
    expect(growth).toEqual({ baseline: [], minimumChange: 1024, baseImage: null })
    expect(limits).toMatchObject({ maxIncrease: [], warnIncrease: [], ignoreBase: false })
  })

  it('are read in their whole grammar', () => {
    const { growth, limits } = parse({
      registry: 'localhost:5000',
      baseline: ':{merge-base}, :sha-{base-sha}\nacme/api:main # the last resort',
      'max-increase': 'pr-* linux/arm64 = 5% and 2MiB\n5% or 20MiB',
      'warn-increase': '1%',
      'minimum-change-threshold': '10kB',
      'base-image': 'node:24',
      'ignore-base': 'true',
    })
    expect(growth.baseline.map(({ kind, text }) => [kind, text])).toEqual([
      ['tag', ':{merge-base}'],
      ['tag', ':sha-{base-sha}'],
      ['reference', 'acme/api:main'],
    ])
    expect(growth).toMatchObject({ minimumChange: 10_000 })
    expect(limits.maxIncrease.map(({ combine, pattern }) => [pattern?.source, combine])).toEqual([
      ['pr-*', 'and'],
      [undefined, 'or'],
    ])
    expect(limits).toMatchObject({ warnIncrease: [{ rule: '1%' }], ignoreBase: true })
    const { baseImage } = growth
    expect(baseImage === null || baseImage === 'auto' ? baseImage : formatReference(baseImage)).toBe(
      'localhost:5000/node:24',
    )
  })

  it('take the base from the image itself', () => {
    expect(parse({ 'base-image': 'auto' }).growth.baseImage).toBe('auto')
  })

  it.each<[Inputs, RegExp]>([
    [{ 'max-increase': '5%' }, /^input max-increase is given without baseline\. Add baseline/],
    [{ 'warn-increase': '5%' }, /^input warn-increase is given without baseline/],
    [{ 'minimum-change-threshold': '5MB' }, /^input minimum-change-threshold is given without baseline/],
    [{ 'ignore-base': 'true' }, /^input ignore-base is given without base-image/],
    [{ 'ignore-base': 'yes' }, /^input ignore-base: .*true or false/],
    [{ baseline: ':{head}' }, /^input baseline: .*\{merge-base\}/],
    [{ baseline: ':main', 'max-increase': '5' }, /^input max-increase: .*no unit/],
    [{ baseline: ':main', 'minimum-change-threshold': '1' }, /^input minimum-change-threshold: .*no unit/],
    [
      { baseline: ':main', 'max-increase': '500B' },
      /^input max-increase: 500B lies below minimum-change-threshold, 1\.0 KiB\. Lower/,
    ],
    [
      { baseline: ':main', 'warn-increase': '5% or 500B' },
      /^input warn-increase: 500B in "5% or 500B" lies below minimum-change-threshold/,
    ],
    [{ 'base-image': 'auto:' }, /^input base-image: /],
    [{ 'base-image': 'oci-layout://x' }, /^input base-image: /],
    [{ mode: 'prune', baseline: ':main' }, /^input baseline belongs to mode size/],
  ])('%j is an error that says what to do', (inputs, told) => {
    expect(lineOf(() => parse(inputs))).toMatch(told)
  })

  it('accept a limit of zero, and one below a lowered threshold', () => {
    expect(parse({ baseline: ':main', 'max-increase': '0B' }).limits.maxIncrease).toHaveLength(1)
    const low = { baseline: ':main', 'max-increase': '500B', 'minimum-change-threshold': '0B' }
    expect(parse(low).growth.minimumChange).toBe(0)
  })
})
