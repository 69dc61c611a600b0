import { describe, expect, it } from 'vitest'
import { layer } from '../support/blobs.ts'
import { image, index } from '../support/images.ts'
import { workflowNamed, type Workflow } from '../support/workflow-document.ts'
import { deliver, onSchedule } from '../support/workflow-events.ts'
import type { JobRun, StepRun } from '../support/workflow-runner.ts'
import { startWorld, type World } from '../support/workflow-world.ts'

const SHA = 'a'.repeat(40)
const CLASSIC = 'ghp_classic-token-of-the-organisation'
const PACKAGES = 10

/**
 * Packages `app-0` and on: releases, twelve old builds each of which is an index, one new one, and a manifest
 * without tag. One more package is another owner's.
 */
async function organisation(): Promise<World> {
  const world = await startWorld({ classicToken: CLASSIC, secrets: { PACKAGES_TOKEN: CLASSIC } })
  for (let number = 0; number < PACKAGES; number += 1) {
    const repository = `acme/app-${number}`
    const build = (name: string) =>
      index([
        image([layer(`${repository} ${name}`, 500 + 100 * number)], { created: '2020-01-01T00:00:00Z' }),
      ])
    world.seed(repository, build('v1'), ['v1'], 400)
    for (let age = 12; age > 0; age -= 1) world.seed(repository, build(`${age}`), [`sha-${age}`], 60 + age)
    world.seed(repository, build('new'), ['pr-1'], 1)
    world.seed(repository, build('untagged'), [], 90)
  }
  world.seed('other/app', image([layer('other', 500)]), ['pr-1'], 90)
  return world
}

function recipe(change: Readonly<Record<string, string>> = {}): Workflow {
  const found = workflowNamed('Prune the organisation on GHCR')
  Object.assign(found.jobs['prune']!.steps[0]!.with, change)
  return found
}

const tagsOf = (world: World): Record<string, string[]> =>
  Object.fromEntries([...world.ghcr.store].map(([name, { tags }]) => [name, [...tags.keys()].toSorted()]))
const stepsOf = (jobs: readonly JobRun[]): StepRun[] => jobs.flatMap(({ steps }) => steps)

describe('workflow Prune the organisation on GHCR', () => {
  it('plans every package in exactly one of eight jobs, and deletes nothing', async () => {
    const world = await organisation()
    const before = tagsOf(world)
    const [run] = await deliver(world, [recipe()], onSchedule(world, SHA, { files: {} }))
    expect(run?.conclusion).toBe('success')
    const [list, ...prunes] = run?.jobs ?? []
    expect(stepsOf([list!])[0]?.outputs).toMatchObject({ available: 'true', result: 'pass' })
    expect(prunes).toHaveLength(8)
    const planned = prunes.flatMap(({ matrix }) => matrix['image']!.split('\n'))
    const packages = Array.from({ length: PACKAGES }, (_, number) => `ghcr.io/acme/app-${number}`)
    expect(planned.toSorted()).toEqual(packages)
    for (const { outputs, action } of stepsOf(prunes)) {
      expect(outputs).toMatchObject({ result: 'pass', 'dry-run': 'true' })
      expect(action?.summary).toContain('dry-run: false')
    }
    expect(tagsOf(world)).toEqual(before)
    expect(world.packages.requests.filter((line) => line.startsWith('DELETE'))).toEqual([])
  })

  it('with dry-run: false deletes what the plans said, and nothing of another owner', async () => {
    const world = await organisation()
    const [run] = await deliver(
      world,
      [recipe({ 'dry-run': 'false' })],
      onSchedule(world, SHA, { files: {} }),
    )
    expect(run?.conclusion).toBe('success')
    const sum = (name: string) =>
      stepsOf(run?.jobs.slice(1) ?? []).reduce((total, { outputs }) => total + Number(outputs?.[name]), 0)
    expect([sum('deleted-count'), sum('failed-count')]).toEqual([3 * PACKAGES, 0])
    // the ten newest of pr-* and sha-*
    const left = ['pr-1', ...Array.from({ length: 9 }, (_, age) => `sha-${age + 1}`), 'v1'].toSorted()
    const expected = Object.fromEntries(
      Array.from({ length: PACKAGES }, (_, number) => [`acme/app-${number}`, left]),
    )
    expect(tagsOf(world)).toEqual({ ...expected, 'other/app': ['pr-1'] })
    // an index and its platform for each tag: what had no tag went, too
    for (const [name, { manifests }] of world.ghcr.store)
      expect([name, manifests.size]).toEqual([name, name === 'other/app' ? 1 : 2 * left.length])
  })

  it('a token that is refused ends in the first job, which says what it needs', async () => {
    const world = await organisation()
    Object.assign(world.secrets, { PACKAGES_TOKEN: 'ghp_of-somebody-else' })
    const [run] = await deliver(world, [recipe()], onSchedule(world, SHA, { files: {} }))
    expect(run?.jobs.map(({ id, conclusion }) => [id, conclusion])).toEqual([
      ['list', 'failure'],
      ['prune', 'skipped'],
    ])
    const [step] = stepsOf(run?.jobs ?? [])
    expect(step?.outputs).toMatchObject({ available: 'false', matrix: '{"include":[]}' })
    expect(step?.log).toContain('classic personal access token as password')
  })
})
