import { setTimeout as wait } from 'node:timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { layer } from '../support/blobs.ts'
import { FACE_ACCOUNT, FACES, startEmbeddedRegistry } from '../support/embedded-registry.ts'
import { image, index } from '../support/images.ts'
import { runAction } from '../support/run-action.ts'

const PATH = 'team/app'
/** A clock on which a tenth of a second is a minute. */
const FAST_CLOCK = `data:text/javascript,${encodeURIComponent(
  `const begun = Date.now(); const now = Date.now; Date.now = () => begun + (now() - begun) * 600
   const steady = performance.now.bind(performance); performance.now = () => steady() * 600`,
)}`

it('an untagged index that is pushed while old untagged images go keeps what it lists', async () => {
  const old = Date.parse('2024-01-01T00:00:00Z')
  const untagged = ['a', 'b', 'c', 'd'].map((name) => image([layer(name, 500)]))
  let child = ''
  const registry = await startEmbeddedRegistry({
    ...FACES.gitea,
    intercept: async ({ request, url }) => {
      const isDelete = request.method === 'DELETE' && !/0{64}/.test(url.pathname)
      if (!isDelete) return false
      if (child === '') {
        const last = untagged.toSorted((a, b) => (a.manifest.digest < b.manifest.digest ? -1 : 1)).at(-1)!
        child = last.manifest.digest
        registry.seed(PATH, index([last]), [], Date.now())
      }
      // longer than the list of untagged manifests may be old
      return wait(150, false)
    },
  })
  onTestFinished(() => registry.stop())
  registry.seed(PATH, image([layer('latest', 500)]), ['latest'], old)
  for (const each of untagged) registry.seed(PATH, each, [], old)
  const run = await runAction({
    inputs: {
      mode: 'prune',
      registry: registry.origin,
      ...FACE_ACCOUNT,
      image: PATH,
      'delete-untagged': 'true',
      'dry-run': 'false',
      'max-delete-percent': '100',
    },
    eventName: 'schedule',
    env: { NODE_OPTIONS: `--import=${FAST_CLOCK}` },
  })
  expect(run.exitCode).toBe(0)
  expect(registry.store.get(PATH)!.manifests.has(child)).toBe(true)
  expect(run.outputs['deleted-manifests-count']).toBe('3')
})
