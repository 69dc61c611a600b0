import { setTimeout } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { layer } from '../support/blobs.ts'
import { startEmbeddedRegistry } from '../support/embedded-registry.ts'
import { refuse } from '../support/embedded/replies.ts'
import { image, index } from '../support/images.ts'
import type { ImageOptions } from '../support/images.ts'
import { runAction } from '../support/run-action.ts'

const PATH = 'acme/api'
const LONG_AGO = '2023-01-01T00:00:00Z'
const inherited = { 'org.opencontainers.image.created': LONG_AGO }
const now = new Date().toISOString()
const built = (name: string, options: ImageOptions) => image([layer(name, 1_000)], options)

async function serve(refusedConfigs = false) {
  const registry = await startEmbeddedRegistry({
    intercept: ({ url, response }) => {
      if (!refusedConfigs || !url.pathname.includes('/blobs/')) return false
      refuse(response, 403, 'DENIED', 'no')
      return true
    },
  })
  onTestFinished(() => registry.stop())
  registry.seed(PATH, built('kept', {}), ['v1'])
  const run = async (inputs: Record<string, string>) => {
    registry.requests.length = 0
    const { exitCode } = await runAction({
      inputs: {
        mode: 'prune',
        registry: registry.origin,
        image: PATH,
        tags: 'pr-*',
        'dry-run': 'false',
        'max-delete-percent': '100',
        ...inputs,
      },
    })
    const tags = [...registry.store.get(PATH)!.tags.keys()].toSorted()
    const configs = registry.requests.filter(({ path }) => path.includes('/blobs/')).length
    return { exitCode, tags, configs }
  }
  return { registry, run }
}

describe('a runner whose clock is a day fast', () => {
  it('judges ages by the clock of the registry, and says so', async () => {
    const hour = 3_600_000
    const ago = (hours: number) => new Date(Date.now() - hours * hour)
    const registry = await startEmbeddedRegistry({
      intercept: ({ response }) => {
        response.setHeader('date', ago(25).toUTCString())
        return false
      },
    })
    onTestFinished(() => registry.stop())
    registry.seed(PATH, built('kept', {}), ['v1'])
    for (const hours of [26, 50]) {
      registry.seed(PATH, built(`${hours}`, { created: ago(hours).toISOString() }), [`pr-${hours}`])
    }
    const { exitCode, annotations } = await runAction({
      inputs: {
        mode: 'prune',
        registry: registry.origin,
        image: PATH,
        tags: 'pr-*',
        'older-than': '1d',
        'dry-run': 'false',
      },
    })
    expect([exitCode, [...registry.store.get(PATH)!.tags.keys()]]).toEqual([0, ['v1', 'pr-26']])
    expect(annotations.map(({ message }) => message).join()).toContain(
      "The clock of this runner is 1 day 1 hour ahead of the registry's: ages are judged by the earlier of the two",
    )
  })
})

it('a registry whose clock is put right meanwhile is still watched for pushes', async () => {
  let deletes = 0
  let lists = 0
  const registry = await startEmbeddedRegistry({
    intercept: async ({ request, url, response }) => {
      if (deletes > 0 && url.pathname.endsWith('/tags/list')) lists += 1
      const behind = lists === 0 ? 600_000 : 0
      response.setHeader('date', new Date(Date.now() - behind).toUTCString())
      if (request.method !== 'DELETE') return false
      deletes += 1
      await setTimeout(100)
      return false
    },
  })
  onTestFinished(() => registry.stop())
  registry.seed(PATH, built('kept', {}), ['v1'])
  for (let number = 0; number < 24; number += 1)
    registry.seed(PATH, built(`${number}`, { created: LONG_AGO }), [`pr-${number}`])
  const { exitCode } = await runAction({
    inputs: {
      mode: 'prune',
      registry: registry.origin,
      image: PATH,
      tags: 'pr-*',
      'dry-run': 'false',
      'max-delete-percent': '100',
    },
  })
  expect([exitCode, [...registry.store.get(PATH)!.tags.keys()]]).toEqual([0, ['v1']])
  // by the corrected date the first list would have taken ten minutes, and the next be due in hours
  expect(lists).toBeGreaterThan(2)
})

describe('an annotation that is inherited from the base image', () => {
  it('makes no image of today old, nor an index', async () => {
    const { registry, run } = await serve()
    registry.seed(PATH, built('today', { created: now, annotations: inherited }), ['pr-1'])
    const platforms = ['amd64', 'arm64'].map((name) =>
      built(name, { created: now, annotations: inherited, platform: `linux/${name}` }),
    )
    registry.seed(PATH, index(platforms, { annotations: inherited }), ['pr-2'])
    registry.seed(PATH, built('old', { created: LONG_AGO, annotations: inherited }), ['pr-3'])
    const { exitCode, tags, configs } = await run({ 'older-than': '30d' })
    // and one look at whether the registry frees blobs at once
    expect([exitCode, tags, configs]).toEqual([0, ['pr-1', 'pr-2', 'v1'], 5])
  })

  it('ranks no image of today behind older ones', async () => {
    const { registry, run } = await serve()
    registry.seed(PATH, built('today', { created: now, annotations: inherited }), ['pr-1'])
    for (const [tag, created] of [
      ['pr-2', '2026-01-01T00:00:00Z'],
      ['pr-3', '2026-02-01T00:00:00Z'],
    ] as const)
      registry.seed(
        PATH,
        built(tag, { created, annotations: { 'org.opencontainers.image.created': created } }),
        [tag],
      )
    const { exitCode, tags } = await run({ 'keep-latest': '1' })
    expect([exitCode, tags]).toEqual([0, ['pr-1', 'v1']])
  })

  it('costs no request for images that it does not make old', async () => {
    const { registry, run } = await serve()
    const young = { 'org.opencontainers.image.created': now }
    for (const tag of ['pr-1', 'pr-2', 'pr-3'])
      registry.seed(PATH, built(tag, { created: LONG_AGO, annotations: young }), [tag])
    const { tags, configs } = await run({ 'older-than': '30d' })
    expect([tags.length, configs]).toEqual([4, 0])
  })

  it('proves nothing where the config cannot be read', async () => {
    const { registry, run } = await serve(true)
    registry.seed(PATH, built('today', { created: now, annotations: inherited }), ['pr-1'])
    const { exitCode, tags } = await run({ 'older-than': '30d' })
    expect([exitCode, tags]).toEqual([0, ['pr-1', 'v1']])
  })
})
