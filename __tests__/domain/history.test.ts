import { describe, expect, it } from 'vitest'
import { MOST_RUNS, addRun, curveOf, entriesOf } from '../../src/domain/history/history.ts'
import type { SizeEntry } from '../../src/domain/history/history.ts'
import { asBytes } from '../../src/domain/quantities/bytes.ts'
import { parseHistory, writeHistory } from '../../src/wire/history-file.ts'
import { MIB, NOW, digestOf, image, layer, platformImage } from '../report/fixtures.ts'

const MAIN = 'refs/heads/main'

function entry(commit: string, size: number, changes: Partial<SizeEntry> = {}): SizeEntry {
  return {
    at: NOW,
    commit,
    ref: MAIN,
    repository: 'ghcr.io/acme/api',
    platform: 'linux/amd64',
    size: asBytes(size),
    digest: digestOf(commit),
    ...changes,
  }
}

describe('a history', () => {
  it('gets a line for each image and platform, in the order of fields that readers know', () => {
    const measured = image('ghcr.io/acme/api:main', [
      platformImage('linux/amd64', [layer(['a', MIB])], { config: null }),
      platformImage('linux/arm64', [layer(['b', 2 * MIB])], { config: null }),
    ])
    const text = writeHistory(entriesOf([measured], { at: NOW, commit: 'c1', ref: MAIN }))
    const lines = text.trim().split('\n')
    expect(lines).toHaveLength(2)
    expect(lines[0]).toBe(
      `{"at":"2026-03-10T12:00:00Z","commit":"c1","ref":"refs/heads/main","repository":"ghcr.io/acme/api","platform":"linux/amd64","size":${MIB},"digest":"${measured.platforms[0]!.digest}"}`,
    )
    expect(parseHistory(text).broken).toBe(0)
  })

  it('replaces what the same commit had, series by series, in its place', () => {
    const before = [entry('c1', 10), entry('c1', 20, { platform: 'linux/arm64' }), entry('c2', 30)]
    const after = addRun(before, [entry('c1', 11)])
    expect(after.map(({ commit, platform, size }) => `${commit} ${platform} ${size}`)).toEqual([
      'c1 linux/amd64 11',
      'c1 linux/arm64 20',
      'c2 linux/amd64 30',
    ])
    // the same commit on another ref is another series
    expect(addRun(before, [entry('c1', 1, { ref: 'refs/tags/v1' })])).toHaveLength(4)
  })

  it('keeps every image of one run, also of one repository', () => {
    const added = [entry('c1', 10), entry('c1', 12, { digest: digestOf('other') })]
    expect(addRun(addRun([], added), added)).toEqual(added)
  })

  it('keeps a thousand runs, the newest', () => {
    const run = (i: number) =>
      ['amd64', 'arm64'].map((one) => entry(`c${i}`, i, { platform: `linux/${one}` }))
    const full = Array.from({ length: MOST_RUNS }, (_, i) => run(i)).flat()
    const after = addRun(full, run(MOST_RUNS))
    expect(after).toHaveLength(2 * MOST_RUNS)
    expect(after[0]?.commit).toBe('c1')
    expect(after.at(-1)?.commit).toBe(`c${MOST_RUNS}`)
  })

  it('loses a last line that was cut short, and nothing else', () => {
    const text = writeHistory([entry('c1', 10), entry('c2', 20)])
    const { entries, broken } = parseHistory(text.slice(0, -20))
    expect(entries.map(({ commit }) => commit)).toEqual(['c1'])
    expect(broken).toBe(1)
    expect(parseHistory('{"size":-1}\nnonsense\n[]').entries).toEqual([])
  })

  it('is a curve of the largest platform image, commit by commit, of one ref', () => {
    const entries = [
      entry('c1', 10),
      entry('c1', 20, { platform: 'linux/arm64' }),
      entry('x', 99, { ref: 'refs/heads/x' }),
      entry('c2', 15),
    ]
    expect(curveOf(entries, 'ghcr.io/acme/api', MAIN)).toEqual([
      { commit: 'c1', size: 20 },
      { commit: 'c2', size: 15 },
    ])
  })
})
