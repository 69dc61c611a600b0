import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { PruneDeps } from '../../../src/usecases/prune/deps.ts'
import { prune } from '../../../src/usecases/prune/prune.ts'
import { WardenError } from '../../../src/domain/errors.ts'
import { NOW, policy } from '../../domain/prune/repository-dsl.ts'
import { SILENT, UNPROTECTED } from './stage.ts'
import { image, World } from './world.ts'

/** Repositories of so many tags, whose manifests take a moment to come. */
function organisation(sizes: readonly number[], onRead: (repository: number) => void = () => undefined) {
  const traffic = { inFlight: 0, most: 0 }
  const begun = new Map<number, number>()
  const worlds = sizes.map((size, number) => {
    const names = Array.from({ length: size }, (_, position) => `r${number}-${position}`)
    const world = new World(
      { ...Object.fromEntries(names.map((name) => [`v-${name}`, name])), latest: `r${number}-0` },
      Object.fromEntries(names.map((name) => [name, image(name)])),
      { name: `registry.example/team/app-${number}` },
    )
    const { reader } = world.target
    const manifest: typeof reader.manifest = async (...asked) => {
      traffic.most = Math.max(traffic.most, ++traffic.inFlight)
      begun.set(number, (begun.get(number) ?? 0) + 1)
      onRead(number)
      await pause(1)
      traffic.inFlight -= 1
      return reader.manifest(...asked)
    }
    return { world, target: { ...world.target, reader: { ...reader, manifest } } }
  })
  const run = (deps: Partial<PruneDeps> = {}, dryRun = false) =>
    prune(
      {
        targets: worlds.map(({ target }) => ({ target, protection: UNPROTECTED })),
        policy: policy({ tags: 'v-*', maxDeletePercent: 100 }),
        dryRun,
        validate: true,
        reviewed: null,
      },
      {
        log: SILENT,
        now: () => NOW,
        concurrency: 8,
        sleep: async () => undefined,
        timeIsUp: () => false,
        ...deps,
      },
    )
  return { worlds: worlds.map(({ world }) => world), traffic, begun, run }
}

describe('several repositories are read at the same time', () => {
  test.each([
    [1, 1],
    [8, 6],
    [64, 6],
  ])('with at most %i requests, and are told in their order', async (concurrency, least) => {
    const { traffic, run } = organisation(Array.from({ length: 40 }, (_, number) => 1 + (number % 5)))
    const { repositories } = await run({ concurrency }, true)
    expect(repositories.map(({ repository }) => repository)).toEqual(
      Array.from({ length: 40 }, (_, number) => `registry.example/team/app-${number}`),
    )
    expect(traffic.most).toBeLessThanOrEqual(concurrency)
    expect(traffic.most).toBeGreaterThanOrEqual(least)
  })

  test('one that cannot be read stops no other', async () => {
    const { worlds, run } = organisation([2, 2, 2, 2])
    worlds[1]!.fault = (line) => (line === 'LIST tags' ? new WardenError('network', 'it is down') : null)
    const { repositories, verdict } = await run()
    expect(repositories.map(({ state }) => state)).toEqual(['done', 'failed', 'done', 'done'])
    expect(verdict).toBe('fail')
    expect(worlds.map(({ tags }) => tags.size)).toEqual([1, 3, 1, 1])
  })
})

describe('when half of max-duration has passed', () => {
  test('the first that is being read is read to its end and pruned, the others are left for the next run', async () => {
    let reads = 0
    const { worlds, begun, run } = organisation([40, 40, 40], () => {
      reads += 1
    })
    const { repositories, verdict } = await run({ isTimeToDelete: () => reads > 75, concurrency: 8 })
    expect(repositories.map(({ state }) => state)).toEqual(['done', 'done', 'partial'])
    expect(verdict).toBe('partial')
    expect(worlds[2]!.writes()).toEqual([])
    expect(repositories[2]!.problems[0]).toContain('max-duration passed before it was read')
    // as good as one after the other: what is first gets the requests
    expect(begun.get(2) ?? 0).toBeLessThan(20)
  })

  test('a dry run goes on to the end', async () => {
    const { run } = organisation([5, 5, 5])
    const { repositories } = await run({ isTimeToDelete: () => true }, true)
    expect(repositories.map(({ state }) => state)).toEqual(['planned', 'planned', 'planned'])
  })
})
