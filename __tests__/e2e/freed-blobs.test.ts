import { describe, expect, it, onTestFinished } from 'vitest'
import { layer } from '../support/blobs.ts'
import { FACE_ACCOUNT, FACES, startEmbeddedRegistry } from '../support/embedded-registry.ts'
import type { Exchange } from '../support/embedded-registry.ts'
import { image, index } from '../support/images.ts'
import { runAction } from '../support/run-action.ts'

const PATH = 'team/app'
const app = (seed: string, platform = 'linux/amd64') =>
  image([layer('base', 2_000), layer(`${seed} ${platform}`, 300)], {
    platform,
    created: '2024-01-01T00:00:00Z',
  })
const [a, b, kept, alone] = ['a', 'b', 'kept', 'alone'].map((name) => app(name))
const old = index([a!, b!])
const fresh = index([a!, b!], { annotations: { 'x.fresh': 'true' } })

type Kind = 'gitea' | 'freeingBlobs'

/** Prunes `v*` while a new index over the same platform images is pushed right before `a` is deleted. */
async function pruned(kind: Kind, intercept: (exchange: Exchange) => boolean = () => false) {
  const deleted: string[] = []
  const registry = await startEmbeddedRegistry({
    ...FACES[kind],
    intercept: (exchange) => {
      const { request, url } = exchange
      if (intercept(exchange)) return true
      const name = url.pathname.split('/').at(-1) ?? ''
      if (request.method === 'DELETE') deleted.push(name)
      if (request.method === 'DELETE' && name === a!.manifest.digest) registry.seed(PATH, fresh, ['fresh'])
      return false
    },
  })
  onTestFinished(() => registry.stop())
  const seed = (...given: Parameters<typeof registry.seed>) => registry.seed(...given)
  const day = Date.parse('2024-01-01T00:00:00Z')
  seed(PATH, kept!, ['latest'], day)
  seed(PATH, old, ['v1'], day)
  seed(PATH, alone!, ['v2'], day)
  const run = await runAction({
    inputs: {
      mode: 'prune',
      registry: registry.origin,
      ...FACE_ACCOUNT,
      image: PATH,
      tags: 'v*',
      'dry-run': 'false',
      'max-delete-percent': '100',
    },
    eventName: 'schedule',
  })
  const { manifests, blobs, tags } = registry.store.get(PATH)!
  const isWhole = [fresh.manifest, a!.manifest, b!.manifest].every(({ digest }) => manifests.has(digest))
  const hasBlobs = [...a!.blobs, ...b!.blobs].every(({ digest }) => blobs.has(digest))
  const copies = [...manifests.values()].filter(({ bytes }) => bytes.includes('vnd.registry-warden.holds'))
  return { run, deleted, tags, manifests, blobs, isWhole, hasBlobs, copies }
}

describe.each(['gitea', 'freeingBlobs'] as const)('on %s, where blobs go with their manifest', (kind) => {
  it('what is pushed right before a delete is put back whole, and nothing of ours is left', async () => {
    const { run, isWhole, hasBlobs, copies, tags } = await pruned(kind)
    expect({ isWhole, hasBlobs, copies }).toEqual({ isWhole: true, hasBlobs: true, copies: [] })
    expect(tags.get('fresh')).toBe(fresh.manifest.digest)
    expect(run.exitCode).toBe(1)
    expect(run.stdout).toMatch(/needed by fresh, does not resolve any more: it was put back/)
    expect(run.summary).toContain('this registry frees what is deleted at once')
    expect(run.summary).not.toContain('does not free space yet')
  })

  it.each([403, 202])('what copies hold that stay (%i) does not count as freed', async (status) => {
    const known = new Set([a, b, kept, alone, old, fresh].map((each) => each!.manifest.digest as string))
    const keepsCopies = ({ request, response, url }: Exchange) => {
      const name = url.pathname.split('/').at(-1) ?? ''
      if (request.method !== 'DELETE' || known.has(name) || name.endsWith('0'.repeat(64))) return false
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ errors: [{ code: 'DENIED', message: 'not yours' }] }))
      return true
    }
    const { run, copies } = await pruned(kind, keepsCopies)
    expect(copies.length).toBeGreaterThan(0)
    expect(run.stdout).toMatch(/may be left there: /)
    // the first one that goes shows, where nobody knows it, that blobs go at once
    const first = kind === 'gitea' ? [] : [alone!.manifest, ...alone!.blobs]
    const shared = new Set(kept!.blobs.map(({ digest }) => digest))
    const freed = [old.manifest, ...first.filter(({ digest }) => !shared.has(digest))]
    const bytes = freed.reduce((sum, each) => sum + each.bytes.length, 0)
    expect(run.outputs['reclaimed-bytes']).toBe(String(bytes))
  })

  it('what cannot be held, for a login that may not push, is red and named', async () => {
    const mayNotPush = ({ request, response }: Exchange) => {
      if (request.method !== 'PUT') return false
      response.writeHead(403, { 'content-type': 'application/json' })
      response.end('{"errors":[{"code":"DENIED","message":"no push"}]}')
      return true
    }
    const { run, isWhole } = await pruned(kind, mayNotPush)
    expect(isWhole).toBe(false)
    expect(run.exitCode).toBe(1)
    expect(run.stdout).toMatch(/needed by fresh, does not resolve any more: it could not be put back/)
  })
})

it('a registry that keeps blobs is asked whether it does, and nothing is pushed to it', async () => {
  const asked: string[] = []
  const registry = await startEmbeddedRegistry({
    intercept: ({ request, url }) => {
      asked.push(`${request.method} ${url.pathname.replace(/[0-9a-f]{64}/, '…')}`)
      return false
    },
  })
  onTestFinished(() => registry.stop())
  registry.seed(PATH, kept!, ['latest'])
  registry.seed(PATH, alone!, ['v1'])
  registry.seed(PATH, b!, ['v2'])
  const inputs = { mode: 'prune', registry: registry.origin, image: PATH, tags: 'v*', 'dry-run': 'false' }
  const { exitCode } = await runAction({ inputs: { ...inputs, 'max-delete-percent': '100' } })
  expect(exitCode).toBe(0)
  expect(asked.filter((line) => line.startsWith('PUT'))).toEqual([])
  const afterwards = asked.slice(asked.findIndex((line) => line.startsWith('DELETE')))
  expect(afterwards.filter((line) => line.includes('/blobs/'))).toEqual([
    `GET /v2/${PATH}/blobs/sha256:…`,
    `GET /v2/${PATH}/blobs/sha256:…`,
  ])
})
