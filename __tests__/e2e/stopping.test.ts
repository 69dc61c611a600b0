import type { ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { layer } from '../support/blobs.ts'
import { startEmbeddedRegistry, type EmbeddedRegistry } from '../support/embedded-registry.ts'
import { image } from '../support/images.ts'
import { runAction, type ActionResult } from '../support/run-action.ts'

const PATH = 'team/app'
const TAGS = Array.from({ length: 20 }, (_, number) => `pr-${number}`)
const REAL_DELETE = /^(?!.*0{64}$)/

/** Milliseconds until the runner sends its second signal. */
const KILLED_AFTER = 7_500

let folder = ''
const stops: (() => Promise<unknown>)[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'stopping-'))
})
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
  await rm(folder, { recursive: true, force: true })
})

/**
 * Twenty images that go and one that stays; deletes take their time, and from number `stalling` on never end.
 */
async function slowRegistry(stalling = Infinity): Promise<EmbeddedRegistry> {
  let deletes = 0
  const registry = await startEmbeddedRegistry({
    intercept: async ({ request }) => {
      if (request.method !== 'DELETE' || !REAL_DELETE.test(request.url ?? '')) return false
      deletes += 1
      if (deletes >= stalling) return true
      await new Promise((resolve) => setTimeout(resolve, 300))
      return false
    },
  })
  stops.push(registry.stop)
  for (const tag of TAGS) registry.seed(PATH, image([layer(tag, 1_000)]), [tag])
  registry.seed(PATH, image([layer('latest', 1_000)]), ['latest'])
  return registry
}

interface Stopped {
  readonly result: ActionResult
  /** from the signal to the end */
  readonly milliseconds: number
}

/** Runs a prune and sends a signal once so many deletions have been asked for. */
async function stopAt(
  registry: EmbeddedRegistry,
  signal: NodeJS.Signals | null,
  deletes: number,
  inputs: Readonly<Record<string, string>> = {},
): Promise<Stopped> {
  let sent = performance.now()
  const watch = (child: ChildProcess) => {
    if (signal === null) return
    const timer = setInterval(() => {
      const asked = registry.requests.filter(
        ({ method, path }) => method === 'DELETE' && REAL_DELETE.test(path),
      )
      if (asked.length < deletes) return
      clearInterval(timer)
      sent = performance.now()
      child.kill(signal)
    }, 10)
    child.once('exit', () => clearInterval(timer))
  }
  const result = await runAction({
    inputs: {
      mode: 'prune',
      registry: registry.origin,
      image: PATH,
      tags: 'pr-*',
      'dry-run': 'false',
      'max-delete-percent': '100',
      'plan-file': join(folder, 'plan.json'),
      ...inputs,
    },
    onStart: watch,
  })
  return { result, milliseconds: performance.now() - sent }
}

const tagsOf = (registry: EmbeddedRegistry) => [...(registry.store.get(PATH)?.tags.keys() ?? [])]

/** Told and done are one. */
function expectTruth(registry: EmbeddedRegistry, { outputs, stdout }: ActionResult): string[] {
  const left = tagsOf(registry)
  const deleted = TAGS.filter((tag) => !left.includes(tag))
  expect(JSON.parse(outputs['deleted-tags'] ?? '')).toEqual(expect.arrayContaining(deleted))
  expect(outputs['deleted-count']).toBe(String(deleted.length))
  expect(left).toContain('latest')
  for (const tag of deleted) expect(stdout).toMatch(new RegExp(`deleted ${tag}, sha256:`))
  return deleted
}

describe('a cancelled job', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'by %s: ends red within seconds, and tells all that it did',
    async (signal) => {
      const registry = await slowRegistry()
      const { result, milliseconds } = await stopAt(registry, signal, 4)
      expect(milliseconds).toBeLessThan(KILLED_AFTER)
      expect(result.exitCode).toBe(1)
      expect(result.outputs).toMatchObject({ result: 'fail', partial: 'true' })
      expect(result.summary).toMatch(/pr-0/)
      const deleted = expectTruth(registry, result)
      expect(deleted.length).toBeGreaterThan(0)
      expect(deleted.length).toBeLessThan(TAGS.length)
      const plan = await readFile(join(folder, 'plan.json'), 'utf8')
      expect(plan.match(/"status": "done"/g)?.length).toBeGreaterThanOrEqual(deleted.length)
    },
    60_000,
  )

  it('does not wait for an answer that never comes', async () => {
    const registry = await slowRegistry(3)
    const { result, milliseconds } = await stopAt(registry, 'SIGTERM', 2)
    expect(milliseconds).toBeLessThan(KILLED_AFTER)
    expect(result.outputs).toMatchObject({ result: 'fail', partial: 'true' })
    expectTruth(registry, result)
  }, 60_000)

  it('before the first deletion deletes nothing, and is red', async () => {
    const registry = await slowRegistry()
    const { result } = await stopAt(registry, 'SIGTERM', 0)
    expect(result.exitCode).not.toBe(0)
    expect(tagsOf(registry)).toHaveLength(21)
  }, 60_000)
})

it('the plan is on the disk before the first deletion, and says afterwards what happened', async () => {
  let plan = ''
  const registry = await slowRegistry()
  const timer = setInterval(() => {
    const isDeleting = registry.requests.some(
      ({ method, path }) => method === 'DELETE' && REAL_DELETE.test(path),
    )
    if (!isDeleting || plan !== '') return
    plan = readFileSync(join(folder, 'plan.json'), 'utf8')
  }, 5)
  await stopAt(registry, null, 0)
  clearInterval(timer)
  expect(plan.match(/"status": "planned"/g)?.length).toBeGreaterThanOrEqual(TAGS.length)
  expect(plan).not.toMatch(/"status": "done"/)
  expect(await readFile(join(folder, 'plan.json'), 'utf8')).not.toMatch(/"status": "planned"/)
}, 60_000)

it('max-duration stops new work, waits for what is under way, and checks what stayed', async () => {
  // each delete is carried out at once, and its answer takes a while
  const registry = await startEmbeddedRegistry({
    intercept: ({ request, response }) => {
      if (request.method !== 'DELETE' || !REAL_DELETE.test(request.url ?? '')) return false
      const end = response.end.bind(response)
      response.end = () => {
        setTimeout(() => end(), 1_000)
        return response
      }
      return false
    },
  })
  stops.push(registry.stop)
  for (const tag of TAGS) registry.seed(PATH, image([layer(tag, 1_000)]), [tag])
  registry.seed(PATH, image([layer('latest', 1_000)]), ['latest'])
  const { result } = await stopAt(registry, null, 0, { 'max-duration': '3s' })
  expect(result).toMatchObject({ exitCode: 0, outputs: { result: 'partial', partial: 'true' } })
  const deleted = expectTruth(registry, result)
  expect([deleted.length > 0, deleted.length < TAGS.length]).toEqual([true, true])
  expect(registry.requests.at(-1)?.method).not.toBe('DELETE')
}, 60_000)
