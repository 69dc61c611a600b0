import { mkdir, readFile, readdir, rename, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { toHtml } from '../report/hostile.ts'
import { layer } from '../support/blobs.ts'
import { startEmbeddedRegistry } from '../support/embedded-registry.ts'
import type { EmbeddedRegistry } from '../support/embedded-registry.ts'
import { image, index } from '../support/images.ts'
import type { BuiltImage } from '../support/images.ts'
import { runAction } from '../support/run-action.ts'
import { temporaryFolder } from '../images/archives.ts'

const withLayer = (size: number): BuiltImage => image([layer('base', 50_000), layer(`app ${size}`, size)])
async function emptyFile(path: string): Promise<string> {
  await writeFile(path, '')
  return path
}

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

  it('reads lines of a newer version for what it knows of them', async () => {
    await run(1)
    const [line] = await lines()
    const newer = { v: 2, ...line, commit: commitOf(2), unpacked: 40_000, layers: [{ size: 1 }] }
    await writeFile(file('size.jsonl'), `${JSON.stringify(line)}\n${JSON.stringify(newer)}\n`)
    registry.seed('acme/api', withLayer(90_000), ['main'])
    const { exitCode, annotations, summary } = await run(3)
    expect([exitCode, annotations]).toEqual([0, []])
    expect((await lines()).map(({ commit }) => commit)).toEqual([1, 2, 3].map(commitOf))
    expect(summary).toContain('Size over time')
  })

  it('takes hostile lines for lines that are not ours: bounded, harmless, and the good ones stay', async () => {
    await run(1)
    const [line] = await lines()
    const evil = [
      { ...line, size: -1 },
      { ...line, size: 1e300 },
      { ...line, at: 'yesterday' },
      { ...line, digest: '<img src=x>' },
      { ...line, commit: 'c'.repeat(100_000) },
      { ...line, repository: null },
    ].map((one) => JSON.stringify(one))
    const drawn = { ...line, commit: '"]\n<img src=x>|@octocat', platform: '</details>\u202e' }
    const text = [
      ...evil,
      '['.repeat(200_000),
      '{"__proto__":{"size":1}}',
      '\u0000\u0007',
      `{"at":"${'9'.repeat(1_000_000)}`,
      JSON.stringify(drawn),
      JSON.stringify(line),
    ].join('\r\n')
    await writeFile(file('size.jsonl'), text)
    const { exitCode, outputs, annotations, summary, stdout } = await run(2)
    expect([exitCode, outputs['result']]).toEqual([0, 'pass'])
    expect(annotations.map(({ message }) => message)).toEqual([expect.stringContaining('left out 10 lines')])
    expect((await lines()).map(({ commit }) => commit)).toEqual([drawn.commit, commitOf(1), commitOf(2)])
    expect(toHtml(summary)).not.toMatch(/<img|\u202e/)
    expect(stdout).not.toContain('\u202e')
  })

  it('leaves a file alone that is larger than any history, or a link', async () => {
    await truncate(await emptyFile(file('size.jsonl')), 33 * 1024 ** 2)
    const huge = await run(1)
    expect([huge.exitCode, huge.annotations.map(({ level }) => level)]).toEqual([0, ['warning']])
    expect(huge.annotations[0]?.message).toMatch(/size\.jsonl has more than 33554432 bytes/)
    expect((await stat(file('size.jsonl'))).size).toBe(33 * 1024 ** 2)
    await rm(file('size.jsonl'))
    await symlink(await emptyFile(file('elsewhere')), file('size.jsonl'))
    const linked = await run(1)
    expect([linked.exitCode, linked.annotations[0]?.level]).toEqual([0, 'warning'])
    expect(await readFile(file('elsewhere'), 'utf8')).toBe('')
  })

  it('begins again under a new name, and goes on where the old file was moved to', async () => {
    await run(1)
    await rename(file('size.jsonl'), file('moved.jsonl'))
    await run(2)
    expect((await lines()).map(({ commit }) => commit)).toEqual([commitOf(2)])
    await run(3, { inputs: { 'history-file': 'moved.jsonl' } })
    const moved = await readFile(file('moved.jsonl'), 'utf8')
    expect(moved.match(/"commit":"0+[13]"/g)).toHaveLength(2)
  })

  it('is whole after jobs that write it at the same time: each has what it read and its own run', async () => {
    await run(1)
    const results = await Promise.all([run(2), run(3), run(4)])
    expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0])
    const commits = (await lines()).map(({ commit }) => commit)
    expect(commits[0]).toBe(commitOf(1))
    expect(commits.length).toBeGreaterThan(1)
    expect(await readdir(folder)).toEqual(expect.not.arrayContaining([expect.stringMatching(/\.tmp$/)]))
    expect(await badge()).toMatchObject({ schemaVersion: 1 })
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
