import { describe, expect, test } from 'vitest'

import type { Credential } from '../../../src/credentials/credential.ts'
import { VENDORS } from '../../support/embedded/quirks.ts'
import { refuse, reply } from '../../support/embedded/replies.ts'
import { tagsOf } from '../../support/embedded/store.ts'
import type { EmbeddedRegistry, Exchange } from '../../support/embedded-registry.ts'
import { quayApi } from '../../support/vendors/quay-api.ts'
import { digestOf, newImage, openStage, PATH, shortListing, tag } from '../../support/vendors/stage.ts'

const START = Date.UTC(2026, 3, 1) / 1000

interface Change {
  readonly credential?: Credential
  readonly page?: number
  readonly status?: number
  readonly token?: string
}

async function stage({ credential, page = 100, status, token }: Change = {}) {
  let registry: EmbeddedRegistry | null = null
  const intercept = ({ request, response, url }: Exchange): boolean => {
    const held = registry!.store.get(PATH)!
    const digest = url.pathname.split('/').at(-1) ?? ''
    if (request.method === 'DELETE' && digest.includes(':') && tagsOf(held, digest).length === 0) {
      refuse(response, 404, 'MANIFEST_UNKNOWN', 'manifest unknown')
      return true
    }
    if (!url.pathname.startsWith('/api/')) return false
    const entries = [
      ...[...held.tags.keys()].map((name) => ({ name, start_ts: START, reversion: false })),
      { name: 'expiring', start_ts: START, end_ts: START + 9, expiration: 'Wed, 01 Apr 2026 00:00:09 -0000' },
      { name: 'undated', start_ts: null },
    ]
    const number = Number(url.searchParams.get('page'))
    const isAllowed = token === undefined || request.headers.authorization === `Bearer ${token}`
    if (status !== undefined || !isAllowed)
      reply(response, status ?? 401, { message: 'Requires authentication' })
    else {
      reply(response, 200, {
        tags: entries.slice((number - 1) * page, number * page),
        page: number,
        has_additional: number * page < entries.length,
      })
    }
    return true
  }
  const opened = await openStage({
    provider: 'quay',
    quirks: VENDORS.quay,
    intercept,
    ...(credential === undefined ? {} : { credential }),
  })
  registry = opened.registry
  const [image, untagged] = [newImage(), newImage()]
  registry.seed(PATH, image, ['v1', 'latest'])
  registry.seed(PATH, untagged)
  const asked = () => opened.registry.requests.map(({ method, path, query }) => `${method} ${path}?${query}`)
  return { ...opened, asked, image: digestOf(image), untagged: digestOf(untagged) }
}

describe('the list', () => {
  test('tells when tags were pushed, over all pages', async () => {
    const { vendor, asked } = await stage({ page: 3 })
    const dates = { pushed: '2026-04-01', updated: '2026-04-01' }
    expect(shortListing(await vendor.list?.())).toEqual({
      tags: { v1: dates, latest: dates, expiring: dates, undated: {} },
      manifests: {},
      untagged: [],
      complete: true,
    })
    const list = `GET /api/v1/repository/${PATH}/tag/?limit=100`
    expect(asked()).toEqual([`${list}&page=1&onlyActiveTags=true`, `${list}&page=2&onlyActiveTags=true`])
  })

  test('is asked with an OAuth token, and never with a robot account', async () => {
    const password = 'quay-oauth-token'
    const oauth: Credential = { kind: 'basic', username: '$oauthtoken', password, source: 'the test' }
    const { vendor } = await stage({ credential: oauth, token: password })
    expect((await vendor.list?.())?.tags.size).toBe(4)
    const robot: Credential = { ...oauth, username: 'acme+ci' }
    const refused = await stage({ credential: robot, token: password })
    const listing = await refused.vendor.list?.()
    expect(listing?.tags.size).toBe(0)
    expect(listing?.doubts?.join()).toContain('$oauthtoken')
  })

  test.each([401, 403, 404, 500])('that cannot be read (%i) makes dates unknown', async (status) => {
    const { vendor } = await stage({ status })
    expect(await vendor.list?.()).toMatchObject({ untagged: [], complete: true })
  })
})

describe('deleting', () => {
  test('one tag, and a manifest with its tags, goes through the registry', async () => {
    const { vendor, image, registry } = await stage()
    expect(await vendor.untag(tag('v1'), image)).toEqual({ kind: 'done', error: null })
    expect([...registry.store.get(PATH)!.tags.keys()]).toEqual(['latest'])
    expect(await vendor.deleteManifest(image)).toEqual({ kind: 'done', error: null })
    expect(await vendor.deleteManifest(image)).toEqual({ kind: 'gone', error: null })
  })

  test('what has no tag is left to Quay, and is not called gone', async () => {
    const { vendor, untagged } = await stage()
    expect(await vendor.deleteManifest(untagged)).toMatchObject({
      kind: 'locked',
      error: { message: expect.stringContaining('by itself') },
    })
  })

  test('is probed without deleting', async () => {
    const { vendor, registry } = await stage()
    expect(await vendor.probeDeletes()).toEqual({ kind: 'on' })
    expect(registry.store.get(PATH)!.manifests.size).toBe(2)
  })

  test('what an immutability policy keeps is listed as kept, and refused as such', async () => {
    let registry: EmbeddedRegistry | null = null
    const answer = quayApi({ store: () => registry!.store, isPublic: () => true, immutable: ['v1'] })
    const credential: Credential = { kind: 'basic', username: 'a+ci', password: 'robot-token', source: 'x' }
    const opened = await openStage({ provider: 'quay', quirks: VENDORS.quay, intercept: answer, credential })
    registry = opened.registry
    const image = newImage()
    registry.seed(PATH, image, ['v1', 'pr-1'])
    const listing = await opened.vendor.list?.()
    expect(listing?.tags.get(tag('v1'))?.locked).toContain('immutability policy')
    expect(listing?.tags.get(tag('pr-1'))?.locked).toBeNull()
    for (const refused of [
      opened.vendor.untag(tag('v1'), digestOf(image)),
      opened.vendor.deleteManifest(digestOf(image)),
    ])
      expect(await refused).toMatchObject({ kind: 'locked' })
    expect(registry.store.get(PATH)!.tags.size).toBe(2)
  })
})
