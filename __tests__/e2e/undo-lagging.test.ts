import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { layer } from '../support/blobs.ts'
import { startEmbeddedRegistry } from '../support/embedded-registry.ts'
import { refuse } from '../support/embedded/replies.ts'
import { image } from '../support/images.ts'
import { runAction } from '../support/run-action.ts'

const PATH = 'acme/api'
const [before, after] = ['before', 'after'].map((name) => image([layer(name, 1_000)]))

/**
 * A prune deleted `pr-1`; then the registry answers 404 to so many looks at that tag, and leaves it out of its
 * list for so many milliseconds.
 */
async function pruned(lies: number, listLag = 0) {
  let isUndoing = false
  let told = 0
  let begun = Infinity
  const registry = await startEmbeddedRegistry({
    intercept: ({ request, response, url }) => {
      const isLagging = isUndoing && Date.now() < begun + listLag
      if (isLagging && url.pathname.endsWith('/tags/list')) {
        response.writeHead(200, { 'content-type': 'application/json' })
        response.end(JSON.stringify({ name: PATH, tags: ['latest'] }))
        return true
      }
      const isLook = request.method === 'GET' || request.method === 'HEAD'
      if (!isUndoing || !isLook || !url.pathname.endsWith('/manifests/pr-1')) return false
      if (!isLagging && ++told > lies) return false
      refuse(response, 404, 'MANIFEST_UNKNOWN', 'manifest unknown')
      return true
    },
  })
  onTestFinished(() => registry.stop())
  const folder = await mkdtemp(join(tmpdir(), 'undo-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  registry.seed(PATH, image([layer('latest', 1_000)]), ['latest'])
  registry.seed(PATH, before!, ['pr-1'])
  const inputs = { registry: registry.origin, 'undo-file': join(folder, 'undo.jsonl') }
  await runAction({
    inputs: {
      ...inputs,
      mode: 'prune',
      image: PATH,
      tags: 'pr-*',
      'dry-run': 'false',
      'max-delete-percent': '100',
    },
  })
  const named = () => registry.store.get(PATH)!.tags.get('pr-1')
  expect(named()).toBeUndefined()
  const undo = () => {
    isUndoing = true
    begun = Date.now()
    return runAction({ inputs: { ...inputs, mode: 'undo' } })
  }
  return { registry, named, undo }
}

describe('a replica that lags behind', () => {
  // HEAD and GET are two of one look
  it.each([1, 2, 4])('hides no tag that was pushed again from %i looks of an undo', async (lies) => {
    const { registry, named, undo } = await pruned(lies)
    registry.seed(PATH, after!, ['pr-1'])
    const { exitCode, outputs, stdout } = await undo()
    expect([exitCode, outputs['result'], outputs['unrestored-count']]).toEqual([0, 'warn', '1'])
    expect(named()).toBe(after!.manifest.digest)
    expect(stdout).toContain('pr-1 was not put back: it names sha256:')
  })

  it('hides no tag that neither its list nor its looks show for a while', async () => {
    const { registry, named, undo } = await pruned(0, 1_500)
    registry.seed(PATH, after!, ['pr-1'])
    const { exitCode, outputs } = await undo()
    expect([exitCode, outputs['result'], outputs['unrestored-count']]).toEqual([0, 'warn', '1'])
    expect(named()).toBe(after!.manifest.digest)
  })

  it('cannot keep a listed tag from being put back that names nothing', async () => {
    const { registry, named, undo } = await pruned(0)
    registry.store.get(PATH)!.tags.set('pr-1', `sha256:${'0'.repeat(64)}`)
    const { exitCode, outputs } = await undo()
    expect([exitCode, outputs['restored-count']]).toEqual([0, '1'])
    expect(named()).toBe(before!.manifest.digest)
  }, 60_000)
})

it('a tag that was deleted is put back after a short wait', async () => {
  const { named, undo } = await pruned(0)
  const { exitCode, durationMs } = await undo()
  expect([exitCode, named()]).toEqual([0, before!.manifest.digest])
  expect(durationMs).toBeLessThan(8_000)
})
