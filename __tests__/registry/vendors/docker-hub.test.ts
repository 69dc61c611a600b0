import { describe, expect, test } from 'vitest'

import { DOCKER_HUB } from '../../../src/domain/names/registry.ts'
import { VENDORS } from '../../support/embedded/quirks.ts'
import { refuse } from '../../support/embedded/replies.ts'
import { serveHub } from '../../support/vendors/hub-api.ts'
import type { HubOptions } from '../../support/vendors/hub-api.ts'
import { digestOf, newImage, serveRegistry, shortListing, stageOn, tag } from '../../support/vendors/stage.ts'
import type { StageOptions } from '../../support/vendors/stage.ts'

const PATH = 'acme/api'
const LOGIN = { username: 'acme', password: 'dckr_pat_secret' }
const PUSHED = Date.UTC(2026, 3, 1)

async function stage(options: Partial<HubOptions> = {}, change: Partial<StageOptions> = {}) {
  const registry = await serveRegistry({ quirks: VENDORS.dockerHub, ...change })
  const image = newImage()
  registry.seed(PATH, image, ['v1', 'latest', 'never'], PUSHED)
  const hub = await serveHub(registry, { path: PATH, ...options })
  const opened = stageOn(registry, {
    provider: 'docker-hub',
    apiUrl: hub.origin,
    login: LOGIN,
    ...change,
  })
  const tags = () => [...registry.store.get(PATH)!.tags.keys()]
  return { ...opened, ...opened.open(PATH), registry, hub, tags, image: digestOf(image) }
}

describe('the list', () => {
  test('tells when tags were pushed and pulled, over all pages, after one login', async () => {
    const { vendor, hub } = await stage({ page: 2 })
    const dates = { pushed: '2026-04-01', updated: '2026-04-01' }
    expect(shortListing(await vendor.list?.())).toEqual({
      tags: {
        v1: { ...dates, pulled: '2026-05-05' },
        latest: { ...dates, pulled: '2026-05-05' },
        never: dates,
      },
      manifests: {},
      untagged: [],
      complete: true,
    })
    expect(hub.requests).toEqual([
      'POST /v2/auth/token as anonymous',
      'GET tags?page_size=100 as hub-token-1',
      'GET tags?page=2&page_size=2 as hub-token-1',
    ])
  })

  test('of a public repository needs no login', async () => {
    const { vendor, hub } = await stage({}, { login: null })
    expect((await vendor.list?.())?.tags.size).toBe(3)
    expect(hub.requests).toEqual(['GET tags?page_size=100 as anonymous'])
  })

  test('goes on without a login that is refused, which is tried once', async () => {
    const { vendor, hub, said, image } = await stage({}, { login: { ...LOGIN, password: 'wrong' } })
    expect((await vendor.list?.())?.tags.size).toBe(3)
    expect(await vendor.untag(tag('v1'), image)).toMatchObject({
      kind: 'denied',
      error: { kind: 'unauthorized' },
    })
    expect(said).toHaveLength(1)
    expect(hub.requests.filter((line) => line.startsWith('POST'))).toHaveLength(1)
    expect(said.join()).not.toContain('wrong')
  })

  test('that cannot be read makes dates unknown', async () => {
    const { vendor } = await stage({ isPrivate: true }, { login: null })
    const listing = await vendor.list?.()
    expect(listing).toMatchObject({ untagged: [], complete: true, tellsPushTimes: true })
    expect(listing?.doubts?.join()).toMatch(/unknown/)
  })
})

describe('the login', () => {
  test('falls back to the older address', async () => {
    const { vendor, hub } = await stage({ oldLogin: true })
    await vendor.list?.()
    expect(hub.requests.at(-1)).toBe('GET tags?page_size=100 as hub-token-1')
  })

  test('is done again when the token has expired', async () => {
    const { vendor, hub, image } = await stage({ uses: 1 })
    await vendor.list?.()
    expect(await vendor.untag(tag('v1'), image)).toMatchObject({ kind: 'done' })
    expect(hub.requests.at(-1)).toBe('DELETE tag v1/ as hub-token-2')
  })

  test('is one for all repositories of a run', async () => {
    const { vendor, open, hub } = await stage()
    await vendor.list?.()
    await open('acme/other').vendor.list?.()
    expect(hub.requests.filter((line) => line.startsWith('POST'))).toHaveLength(1)
  })

  test('is masked, and never goes to the registry', async () => {
    const { vendor, masked, registry, image } = await stage()
    await vendor.untag(tag('v1'), image)
    await vendor.deleteManifest(image)
    expect(masked).toContain('hub-token-1')
    expect(registry.requests.every(({ path }) => path.startsWith('/v2/acme/api/'))).toBe(true)
  })

  test('for another registry is not used here', async () => {
    const { hub, vendor, image } = await stage({}, { parts: { registry: DOCKER_HUB } })
    await vendor.list?.()
    expect(await vendor.untag(tag('v1'), image)).toMatchObject({ kind: 'denied' })
    expect(hub.requests).toEqual(['GET tags?page_size=100 as anonymous'])
  })
})

describe('deleting', () => {
  test('goes tags first, at the API, then the manifest at the registry', async () => {
    const { vendor, tags, image, hub } = await stage()
    expect(vendor.capabilities).toMatchObject({ untag: 'yes', tagsFirst: true })
    expect(await vendor.untag(tag('v1'), image)).toEqual({ kind: 'done', error: null })
    expect(await vendor.untag(tag('v1'), image)).toEqual({ kind: 'gone', error: null })
    expect(tags()).toEqual(['latest', 'never'])
    await vendor.untag(tag('latest'), image)
    await vendor.untag(tag('never'), image)
    expect(await vendor.deleteManifest(image)).toEqual({ kind: 'done', error: null })
    expect(hub.requests[1]).toBe('DELETE tag v1/ as hub-token-1')
  })

  test('needs a login, and the right one', async () => {
    const anonymous = await stage({}, { login: null })
    expect(await anonymous.vendor.untag(tag('v1'), anonymous.image)).toMatchObject({ kind: 'denied' })
    expect(await anonymous.vendor.probeDeletes()).toMatchObject({ kind: 'denied' })
    const reader = await stage({ readOnly: true })
    expect(await reader.vendor.untag(tag('v1'), reader.image)).toMatchObject({
      kind: 'denied',
      error: { advice: expect.stringContaining('Delete') },
    })
    expect(anonymous.tags()).toHaveLength(3)
  })

  test('is not taken for done where Hub hides the repository', async () => {
    const { vendor, image, tags } = await stage({ hidden: [PATH] })
    expect(await vendor.untag(tag('v1'), image)).toMatchObject({ kind: 'denied' })
    expect(tags()).toContain('v1')
  })

  test('is probed without deleting; 403 proves nothing', async () => {
    const { vendor, tags } = await stage()
    expect(await vendor.probeDeletes()).toEqual({ kind: 'on' })
    expect(tags()).toHaveLength(3)
    const refusing = await stage(
      {},
      {
        intercept: ({ response }) => {
          refuse(response, 403, 'DENIED', 'no')
          return true
        },
      },
    )
    expect(await refusing.vendor.probeDeletes()).toEqual({ kind: 'unclear' })
  })
})
