import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { layer } from '../support/blobs.ts'
import { startEmbeddedRegistry, VENDORS } from '../support/embedded-registry.ts'
import type { EmbeddedRegistry, EmbeddedRegistryOptions } from '../support/embedded-registry.ts'
import { image, index } from '../support/images.ts'
import { runAction } from '../support/run-action.ts'
import { servePackages } from '../support/vendors/github-packages.ts'

const PATH = 'acme/api'
const TAGS = 40
/** whether there is a referrers API: what refers to an image may be new, so no cache can tell */
const PROBE = { 'GET referrers': 1 }

/** `pr-0` … `pr-39`, each of two platforms of its own, old enough by their dates to be judged. */
async function serve(options: EmbeddedRegistryOptions = {}): Promise<EmbeddedRegistry> {
  const registry = await startEmbeddedRegistry(options)
  onTestFinished(() => registry.stop())
  for (let number = 0; number < TAGS; number += 1) {
    const platforms = ['amd64', 'arm64'].map((name) =>
      image([layer(`${number} ${name}`, 500)], { platform: `linux/${name}` }),
    )
    registry.seed(PATH, index(platforms), [`pr-${number}`])
  }
  return registry
}

async function cacheFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'nightly-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return folder
}

/** A night: the policy, a dry run, and what was asked: `GET tags 2`. */
async function night(registry: EmbeddedRegistry, inputs: Record<string, string>) {
  registry.requests.length = 0
  const { exitCode, outputs } = await runAction({
    inputs: {
      mode: 'prune',
      registry: registry.origin,
      image: PATH,
      tags: 'pr-*',
      'older-than': '30d',
      'max-delete-percent': '100',
      ...inputs,
    },
  })
  const counts: Record<string, number> = {}
  for (const { method, path } of registry.requests) {
    const [, kind = path] = /^\/v2\/.+\/(tags|manifests|blobs|referrers)\//.exec(path) ?? []
    const key = `${method} ${kind}`
    counts[key] = (counts[key] ?? 0) + 1
  }
  return {
    exitCode,
    counts,
    total: registry.requests.length,
    kept: outputs['kept-count'],
    json: outputs['json'],
  }
}

it('a cold cache costs no request more than none, a warm one leaves pages and one HEAD per tag', async () => {
  const registry = await serve({ quirks: { referrers: false } })
  const folder = await cacheFolder()
  const none = await night(registry, {})
  const cold = await night(registry, { 'cache-dir': folder })
  const warm = await night(registry, { 'cache-dir': folder })
  expect([none.exitCode, cold.exitCode, warm.exitCode]).toEqual([0, 0, 0])
  expect(cold.total).toBeLessThanOrEqual(none.total)
  expect(warm.json).toBe(none.json)
  expect(cold.json).toBe(none.json)
  expect(warm.counts).toEqual({ 'GET tags': none.counts['GET tags'], 'HEAD manifests': TAGS, ...PROBE })
})

it('with a list of the vendor that gives digests, a warm dry run asks the registry for its pages only', async () => {
  const registry = await serve({ quirks: VENDORS.ghcr })
  const packages = await servePackages(registry, { path: PATH })
  const inputs = {
    provider: 'ghcr',
    'provider-api-url': packages.origin,
    'github-token': 'gh-token-1',
    'cache-dir': await cacheFolder(),
  }
  const cold = await night(registry, inputs)
  packages.requests.length = 0
  const warm = await night(registry, inputs)
  expect([cold.exitCode, warm.exitCode]).toEqual([0, 0])
  expect(warm.json).toBe(cold.json)
  expect(warm.counts).toEqual({ 'GET tags': cold.counts['GET tags'], ...PROBE })
  // 120 versions on pages of 100, and what proves the end
  expect(packages.requests.length).toBeLessThanOrEqual(3)
})
