import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { layer } from '../support/blobs.ts'
import { startEmbeddedRegistry } from '../support/embedded-registry.ts'
import type { EmbeddedRegistry } from '../support/embedded-registry.ts'
import { image, index } from '../support/images.ts'
import type { BuiltImage } from '../support/images.ts'
import { runAction } from '../support/run-action.ts'
import { temporaryFolder } from '../images/archives.ts'

const withLayer = (size: number): BuiltImage => image([layer('base', 50_000), layer(`app ${size}`, size)])
const commitOf = (number: number) => number.toString(16).padStart(40, '0')

describe('history-file and badge-file', () => {
  let registry: EmbeddedRegistry
  let folder: string
  beforeAll(async () => {
    registry = await startEmbeddedRegistry()
  })
  afterAll(() => registry.stop())
  beforeEach(async () => {
    folder = await temporaryFolder()
    registry.seed('acme/api', withLayer(9_000), ['main'])
  })

  const file = (name: string) => join(folder, name)
  const lines = async (): Promise<Record<string, unknown>[]> =>
    (await readFile(file('size.jsonl'), 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line): Record<string, unknown> => JSON.parse(line))
  const badge = async (): Promise<unknown> => JSON.parse(await readFile(file('badge.json'), 'utf8'))
  const run = (
    commit: number,
    { eventName = 'push', inputs = {} }: { eventName?: string; inputs?: Record<string, string> } = {},
  ) =>
    runAction({
      inputs: {
        registry: registry.origin,
        image: 'acme/api:main',
        'history-file': 'size.jsonl',
        'badge-file': 'badge.json',
        comment: 'never',
        ...inputs,
      },
      workspace: folder,
      eventName,
      env: { GITHUB_SHA: commitOf(commit), GITHUB_REF: 'refs/heads/main' },
    })

  it('gains a line on each push, with what was measured, and the summary draws the curve', async () => {
    const both = index([withLayer(9_000), image([layer('arm', 7_000)], { platform: 'linux/arm64' })])
    await run(1)
    registry.seed('acme/api', both, ['main'])
    const { summary } = await run(2)
    expect((await lines()).map(({ commit, platform }) => [commit, platform])).toEqual([
      [commitOf(1), 'linux/amd64'],
      [commitOf(2), 'linux/amd64'],
      [commitOf(2), 'linux/arm64'],
    ])
    expect(Object.keys((await lines())[0] ?? {})).toEqual([
      'at',
      'commit',
      'ref',
      'repository',
      'platform',
      'size',
      'digest',
    ])
    expect((await lines())[0]).toMatchObject({
      ref: 'refs/heads/main',
      repository: `${new URL(registry.origin).host}/acme/api`,
      size: withLayer(9_000).size,
      digest: withLayer(9_000).manifest.digest,
    })
    expect(summary).toContain('Size over time')
  })

  it('takes the same commit again for the same run', async () => {
    await run(1)
    await run(2)
    registry.seed('acme/api', withLayer(20_000), ['main'])
    await run(1)
    expect((await lines()).map(({ commit, size }) => [commit, size])).toEqual([
      [commitOf(1), withLayer(20_000).size],
      [commitOf(2), withLayer(9_000).size],
    ])
  })

  it.each(['pull_request', 'schedule', 'workflow_dispatch', 'merge_group', 'release'])(
    'gains nothing on %s, which has its badge nevertheless',
    async (eventName) => {
      await run(1)
      const before = await readFile(file('size.jsonl'), 'utf8')
      registry.seed('acme/api', withLayer(30_000), ['main'])
      const { exitCode } = await run(2, { eventName })
      expect(exitCode).toBe(0)
      expect(await readFile(file('size.jsonl'), 'utf8')).toBe(before)
      expect(await badge()).toMatchObject({ schemaVersion: 1, label: 'image size', color: 'blue' })
    },
  )

  it('holds a thousand runs, the newest', async () => {
    await run(5_000)
    const [line] = await lines()
    const old = Array.from({ length: 1_200 }, (_, i) => JSON.stringify({ ...line, commit: commitOf(i + 1) }))
    await writeFile(file('size.jsonl'), `${old.join('\n')}\n`)
    await run(6_000)
    const commits = (await lines()).map(({ commit }) => commit)
    expect(commits).toHaveLength(1_000)
    expect([commits[0], commits.at(-1)]).toEqual([commitOf(202), commitOf(6_000)])
  })

  it.each([
    ['at the end', (text: string) => text.slice(0, -40), [1, 3]],
    ['at the end of a line', (text: string) => text.slice(0, -1), [1, 2, 3]],
    ['at its start', (text: string) => text.slice(0, 3), [3]],
    ['to nothing', () => '', [3]],
  ])('is repaired when it was cut short %s', async (_, cut, commits) => {
    await run(1)
    await run(2)
    await writeFile(file('size.jsonl'), cut(await readFile(file('size.jsonl'), 'utf8')))
    const { exitCode, outputs } = await run(3)
    expect([exitCode, outputs['result']]).toEqual([0, 'pass'])
    expect((await lines()).map(({ commit }) => commit)).toEqual(commits.map(commitOf))
  })

  it('is an ornament: files that cannot be written or read are warnings, never the verdict', async () => {
    await mkdir(file('size.jsonl'))
    await mkdir(file('badge.json'))
    const { exitCode, outputs, annotations } = await run(1)
    expect([exitCode, outputs['result']]).toEqual([0, 'pass'])
    expect(annotations.map(({ level, message }) => [level, message])).toEqual([
      ['warning', expect.stringContaining('history-file')],
      ['warning', expect.stringContaining('badge-file')],
    ])
  })

  it('leaves a file alone that is not a history', async () => {
    await writeFile(file('size.jsonl'), '{"name":"api","version":"1.0.0"}\n')
    const { exitCode, annotations } = await run(1)
    expect(exitCode).toBe(0)
    expect(annotations[0]?.message).toMatch(/size\.jsonl is not a history/)
    expect(await readFile(file('size.jsonl'), 'utf8')).toBe('{"name":"api","version":"1.0.0"}\n')
  })

  it.each([
    ['brightgreen', { 'max-size': '1MiB' }, 0],
    ['yellow', { 'warn-size': '1kB' }, 0],
    ['red', { 'max-size': '1kB' }, 1],
  ])('is %s by the verdict', async (color, inputs, code) => {
    const { exitCode, outputs } = await run(1, { eventName: 'pull_request', inputs })
    expect(exitCode).toBe(code)
    expect(await badge()).toEqual({
      schemaVersion: 1,
      label: 'image size',
      message: outputs['size-human'],
      color,
    })
  })
})
