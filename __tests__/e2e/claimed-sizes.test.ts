import { expect, it, onTestFinished } from 'vitest'
import { blob, layer } from '../support/blobs.ts'
import { startEmbeddedRegistry } from '../support/embedded-registry.ts'
import { assemble, descriptorOf, image, json, MEDIA_TYPES } from '../support/images.ts'
import { runAction } from '../support/run-action.ts'

/** An image whose layer claims to be of almost 2^53 bytes: few registries check what a descriptor says. */
function vast(seed: string) {
  const config = blob(
    json({ os: 'linux', architecture: 'amd64', seed }),
    'application/vnd.oci.image.config.v1+json',
  )
  const claimed = { ...descriptorOf(layer(seed, 100)), size: Number.MAX_SAFE_INTEGER - 1_000 }
  const content = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.oci.image,
    config: descriptorOf(config),
    layers: [claimed],
  }
  const manifest = blob(json(content), MEDIA_TYPES.oci.image)
  return assemble({ manifest, blobs: [config], descriptor: descriptorOf(manifest), platforms: [] })
}

async function serve() {
  const registry = await startEmbeddedRegistry()
  onTestFinished(() => registry.stop())
  for (const path of ['acme/a', 'acme/b']) {
    registry.seed(path, image([layer('kept', 1_000)]), ['v1'])
    for (const tag of ['pr-1', 'pr-2']) registry.seed(path, vast(`${path} ${tag}`), [tag])
  }
  return registry
}

it('sizes that no sum can hold do not hide what a prune deleted', async () => {
  const registry = await serve()
  const { exitCode, outputs, summary } = await runAction({
    inputs: {
      mode: 'prune',
      registry: registry.origin,
      image: 'acme/a\nacme/b',
      tags: 'pr-*',
      'dry-run': 'false',
      'max-delete-percent': '100',
    },
  })
  expect([exitCode, outputs['deleted-count']]).toEqual([0, '4'])
  expect(outputs['reclaimed-bytes']).toBe(String(Number.MAX_SAFE_INTEGER))
  expect(summary).toMatch(/frees more than 8192\.0\sTiB/)
})

it('sizes that no sum can hold are judged image by image', async () => {
  const registry = await serve()
  const { exitCode, outputs } = await runAction({
    inputs: { registry: registry.origin, image: 'acme/a', tags: 'all', 'max-size': '1GiB' },
  })
  expect([exitCode, outputs['result'], outputs['exceeded']]).toEqual([1, 'fail', 'true'])
  expect(outputs['total-size']).toBe(String(Number.MAX_SAFE_INTEGER))
})
