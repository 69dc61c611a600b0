import { setTimeout as wait } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { layer } from '../support/blobs.ts'
import { startEmbeddedRegistry } from '../support/embedded-registry.ts'
import { image } from '../support/images.ts'
import { runAction } from '../support/run-action.ts'

const PATH = 'team/app'
const NAMES = Array.from({ length: 40 }, (_, number) => `v${number}`)
const built = new Map([...NAMES, 'kept'].map((name) => [name, image([layer(name, 500)])] as const))

/** Puts a tag on an image whose DELETE is under way, and lets that go on once the run has seen the tag there. */
async function promoted(tag: string) {
  let deletes = 0
  let looks = 0
  let doomed = ''
  const registry = await startEmbeddedRegistry({
    intercept: async ({ request, url }) => {
      const name = url.pathname.split('/').at(-1) ?? ''
      if (name === tag && (request.method === 'HEAD' || request.method === 'GET')) looks += 1
      if (request.method !== 'DELETE') return false
      deletes += 1
      if (deletes !== 6) return wait(50, false)
      doomed = name
      registry.store.get(PATH)!.tags.set(tag, doomed)
      looks = 0
      const isSeen = () => looks >= 2
      for (let tries = 0; !isSeen() && tries < 200; tries += 1) await wait(10)
      return false
    },
  })
  onTestFinished(() => registry.stop())
  for (const [name, each] of built) registry.seed(PATH, each, [name === 'kept' ? 'prod' : name])
  const run = await runAction({
    inputs: {
      mode: 'prune',
      registry: registry.origin,
      image: PATH,
      tags: 'v*',
      'dry-run': 'false',
      'max-delete-percent': '100',
    },
    eventName: 'schedule',
  })
  const { tags, manifests } = registry.store.get(PATH)!
  return { run, named: tags.get(tag) === doomed, isThere: manifests.has(doomed) }
}

it('a new tag that is put on an image whose DELETE is under way is put back there, red and named', async () => {
  const { run, named, isThere } = await promoted('hotfix')
  expect({ named, isThere }).toEqual({ named: true, isThere: true })
  expect(run.exitCode).toBe(1)
  expect(run.stdout).toMatch(/hotfix does not resolve any more: it was put back/)
})

it('a kept tag that is moved there is named, and what it was moved to comes back', async () => {
  const { run, isThere } = await promoted('prod')
  expect(isThere).toBe(true)
  expect(run.exitCode).toBe(1)
  expect(run.stdout).toMatch(/prod does not resolve any more.* was put back/)
})
