import { expect, test } from 'vitest'
import { policy } from '../../domain/prune/repository-dsl.ts'
import { asBytes } from '../../../src/domain/quantities/bytes.ts'
import type { UndoEntry } from '../../../src/domain/prune/ports.ts'
import { undo } from '../../../src/usecases/undo/undo.ts'
import { digestOf } from '../../support/fake-reader.ts'
import { pruneWorlds, SILENT } from './stage.ts'
import { failure, image, index, World } from './world.ts'

const shop = (name: string, ...tags: readonly string[]) =>
  new World(Object.fromEntries(tags.map((tag) => [tag, 'A'])), { A: image('A') }, { name })

test('a pattern of tags that matches nowhere is one thing to say of all repositories, and the run stays green', async () => {
  const worlds = [shop('r.example/a', 'v1'), shop('r.example/b', 'v2', 'v3')]
  const report = await pruneWorlds(worlds, policy({ tags: 'pr-.*' }))
  const said = report.repositories.map(({ warnings }) => warnings.map(({ message }) => message))
  const message =
    'tags: pr-.* matches none of 3 tags: v1, v2, v3; a glob is pr-*, a regular expression /pr-.*/, both over the whole tag'
  expect(said).toEqual([[message], [message]])
  expect(report).toMatchObject({ verdict: 'warn', nothingConsidered: true })
})

test('what is deleted is logged as it happens; an undo logs each name once', async () => {
  const lines: string[] = []
  const log = { ...SILENT, info: (line: string) => void lines.push(line) }
  const world = new World(
    { 'pr-1': 'I', latest: 'B' },
    { A: image('A'), B: image('B'), I: index(['A']) },
    { name: 'r.example/a' },
  )
  const entries: UndoEntry[] = []
  const record = (entry: UndoEntry) => {
    entries.push(entry)
    return Promise.resolve(null)
  }
  const rules = policy({ tags: 'pr-*', maxDeletePercent: 100 })
  const report = await pruneWorlds([world], rules, { record, log })
  expect(report).toMatchObject({ verdict: 'pass', repositories: [{ tally: { deleted: 1 } }] })
  expect(lines.splice(0)).toEqual([
    `r.example/a: deleted pr-1, ${digestOf('I')}`,
    `r.example/a: deleted ${digestOf('A')}`,
  ])

  const deleted = entries.map(({ digest, stored, tags, versionId }) => {
    const { manifest } = world.madeOf(world.nameOf(digest))
    return { digest, stored, manifest: { digest, size: asBytes(500), manifest }, tags, versionId }
  })
  const undone = await undo(
    { targets: [{ target: world.target, deleted }] },
    { log, timeIsUp: () => false, sleep: async () => undefined },
  )
  expect(undone.restored).toBe(2)
  expect(lines).toEqual([`r.example/a: put back ${digestOf('A')}`, 'r.example/a: put back pr-1'])
})

test('that exclude-tags takes all that tags names is said, and no reason for yellow', async () => {
  const worlds = [shop('r.example/a', 'latest', 'v1')]
  const report = await pruneWorlds(worlds, policy({ tags: 'latest' }))
  const message =
    'tags: all that it matches is excluded by exclude-tags, which is latest unless it is set: latest'
  expect(report).toMatchObject({ verdict: 'pass', repositories: [{ warnings: [{ message }] }] })
})

test('one that matches somewhere is not', async () => {
  const worlds = [shop('r.example/a', 'v1'), shop('r.example/b', 'pr-2')]
  const report = await pruneWorlds(worlds, policy({ tags: 'pr-* x' }))
  expect(report.repositories.map(({ warnings }) => warnings.map(({ subject }) => subject))).toEqual([
    ['x'],
    ['x'],
  ])
  expect(report.nothingConsidered).toBeUndefined()
})

test('where a repository could not be read, its tags may be what the pattern is for', async () => {
  const worlds = [shop('r.example/a', 'v1'), shop('r.example/b', 'pr-2')]
  worlds[1]!.fault = () => failure('network')
  const report = await pruneWorlds(worlds, policy({ tags: 'pr-*' }))
  expect(report.repositories.flatMap(({ warnings }) => warnings)).toEqual([])
})

test('a repository that is not there is warned of, and green', async () => {
  const world = shop('r.example/appp', 'v1')
  world.fault = (line) => (line === 'LIST tags' ? failure('not-found-repository') : null)
  const report = await pruneWorlds([world], policy({ tags: 'v*' }))
  expect(report).toMatchObject({
    verdict: 'warn',
    repositories: [
      { state: 'done', warnings: [{ kind: 'not-found', message: expect.stringContaining('misspells') }] },
    ],
  })
})

test('that the registry does not list untagged manifests is a notice, and no reason for yellow', async () => {
  const report = await pruneWorlds([shop('r.example/a', 'v1')], policy({ deleteUntagged: true }))
  expect(report).toMatchObject({ verdict: 'pass', repositories: [{ warnings: [{ level: 'notice' }] }] })
})
