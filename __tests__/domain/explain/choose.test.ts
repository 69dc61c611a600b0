import { describe, expect, it } from 'vitest'
import { compareWith } from '../../../src/domain/growth/compare.ts'
import { pairsToExplain } from '../../../src/domain/explain/choose.ts'
import { asBytes } from '../../../src/domain/quantities/bytes.ts'
import { MIB, digestOf, image, layer, platformImage, report, type LayerSpec } from '../../report/fixtures.ts'

const names = new Map(
  ['os', 'node', 'app1', 'app2', 'run1', 'run2', 'fonts'].map((name) => [digestOf(name), name]),
)

/** `after<before`, largest change first */
function chosen(
  now: readonly LayerSpec[],
  old: readonly LayerSpec[] | null,
  maxSize: string[] = [],
): string[] {
  const built = (specs: readonly LayerSpec[]) =>
    image('ghcr.io/acme/api:v1', [
      platformImage(
        'linux/amd64',
        specs.map((spec) => layer(spec)),
      ),
    ])
  const rules = { minimumChange: asBytes(1024), ignoreBase: false }
  const found = {
    name: 'ghcr.io/acme/api:main',
    entry: ':main',
    placeholders: [],
    skipped: [],
    incomplete: null,
  }
  const measured = old === null ? built(now) : compareWith(built(now), { image: built(old), ...found }, rules)
  const judged = report([measured], { maxSize })
  const [platform] = judged.images[0]?.platforms ?? []
  if (platform === undefined) throw new Error('there is a platform')
  return pairsToExplain(platform, judged.breaches).map(({ before, after }) =>
    [after, before].flatMap((side) => (side === null ? [] : [names.get(side.digest)])).join('<'),
  )
}

const OS: LayerSpec = ['os', 30 * MIB, 'FROM debian']
const APP1: LayerSpec = ['app1', 2 * MIB, 'COPY app /']
const APP2: LayerSpec = ['app2', 3 * MIB, 'COPY app /']

describe('the layers that are looked into', () => {
  it('are those that changed, each with the one it replaces, largest change first', () => {
    const fonts: LayerSpec = ['fonts', 9 * MIB, 'RUN apt-get install fonts']
    expect(chosen([OS, fonts, APP2], [OS, APP1])).toEqual(['fonts', 'app2<app1'])
    expect(chosen([OS, APP1], [OS, APP1])).toEqual([])
    expect(chosen([OS], [OS, APP1])).toEqual([])
  })

  it('are paired in the place of an edited instruction', () => {
    const run = (name: string, what: string): LayerSpec => [
      name,
      name === 'run1' ? MIB : 8 * MIB,
      `RUN apk add ${what}`,
    ]
    expect(chosen([OS, run('run2', 'a b'), APP2], [OS, run('run1', 'a'), APP1])).toEqual([
      'run2<run1',
      'app2<app1',
    ])
  })

  it('are all of an image without baseline where it breaks a limit, or has none', () => {
    expect(chosen([OS, APP1], null)).toEqual(['os', 'app1'])
    expect(chosen([OS, APP1], null, ['10MiB'])).toEqual(['os', 'app1'])
    expect(chosen([OS, APP1], null, ['1GiB'])).toEqual([])
  })
})
