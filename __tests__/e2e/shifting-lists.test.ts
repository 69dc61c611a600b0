import { expect, it, onTestFinished } from 'vitest'
import { layer } from '../support/blobs.ts'
import { startEmbeddedRegistry, VENDORS } from '../support/embedded-registry.ts'
import { image, index } from '../support/images.ts'
import { servePackages } from '../support/vendors/github-packages.ts'
import { runInProcess } from './prune-stage.ts'

const HOUR = 3_600_000
const app = (seed: string) => image([layer(seed, 3_000)], { created: '2020-01-01T00:00:00Z' })

it('an untagged index that slips through between two pages of a list keeps its platform image', async () => {
  const registry = await startEmbeddedRegistry({ quirks: VENDORS.ghcr })
  onTestFinished(() => registry.stop())
  const [child, gone] = [app('child'), app('pushed last')]
  const young = index([child])
  const ago = (hours: number) => Date.now() - hours * HOUR
  registry.seed('acme/api', child, [], ago(700))
  registry.seed('acme/api', app('latest'), ['latest'], ago(600))
  registry.seed('acme/api', young, [], ago(1))
  registry.seed('acme/api', app('pull request'), ['pr-2'], ago(1))
  registry.seed('acme/api', gone, [], ago(1))
  const held = registry.store.get('acme/api')!
  const packages = await servePackages(registry, {
    path: 'acme/api',
    page: 2,
    dates: 'pushed',
    intercept: (asked) => {
      // somebody deletes the newest version, so that each later one moves up by a place
      if (asked.endsWith('page=2')) held.manifests.delete(gone.manifest.digest)
      return false
    },
  })
  const run = await runInProcess({
    registry: registry.origin,
    image: 'acme/api',
    provider: 'ghcr',
    'provider-api-url': packages.origin,
    'github-token': 'gh-token-1',
    tags: 'pr-*',
    'older-than': '30d',
    'delete-untagged': 'true',
    'dry-run': 'false',
    'max-delete-percent': '100',
  })
  expect(run).toMatchObject({ green: true, outputs: { 'deleted-manifests-count': '0' } })
  expect(packages.requests.filter((line) => line.startsWith('DELETE'))).toEqual([])
  expect([...held.manifests.keys()]).toEqual(
    expect.arrayContaining([child.manifest.digest, young.manifest.digest]),
  )
})
