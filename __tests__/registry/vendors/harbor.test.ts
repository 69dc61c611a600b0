import { describe, expect, test } from 'vitest'

import type { Credential } from '../../../src/credentials/credential.ts'
import { VENDORS } from '../../support/embedded/quirks.ts'
import { refuse, reply } from '../../support/embedded/replies.ts'
import type { Store } from '../../support/embedded/store.ts'
import type { Exchange } from '../../support/embedded-registry.ts'
import { index } from '../../support/images.ts'
import { harborApi } from '../../support/vendors/harbor-api.ts'
import type { HarborOptions } from '../../support/vendors/harbor-api.ts'
import {
  digestOf,
  newImage,
  openStage,
  PATH,
  serveApi,
  shortListing,
  tag,
} from '../../support/vendors/stage.ts'
import type { StageOptions } from '../../support/vendors/stage.ts'

const LOGIN = { username: 'robot$acme+prune', password: 'harbor-secret' }
const CREDENTIAL: Credential = { kind: 'basic', ...LOGIN, source: 'the test' }
const PUSHED = Date.UTC(2026, 3, 1)

interface Change extends StageOptions {
  readonly api?: Partial<HarborOptions>
  readonly before?: (exchange: Exchange) => boolean
}

async function stage({ api = {}, before = () => false, ...options }: Change = {}) {
  let store: Store = new Map()
  const answer = harborApi({ store: () => store, ...LOGIN, ...api })
  const opened = await openStage({
    provider: 'harbor',
    quirks: VENDORS.harbor,
    auth: { kind: 'basic', ...LOGIN },
    credential: CREDENTIAL,
    intercept: (exchange) => before(exchange) || answer(exchange),
    ...options,
  })
  store = opened.registry.store
  const child = newImage()
  const image = index([child])
  const untagged = newImage()
  opened.registry.seed(PATH, image, ['v1', 'latest'], PUSHED)
  opened.registry.seed(PATH, untagged, [], PUSHED)
  const asked = () => opened.registry.requests.map(({ method, path }) => `${method} ${path}`)
  return { ...opened, asked, image: digestOf(image), child: digestOf(child), untagged: digestOf(untagged) }
}

const ARTIFACTS = '/api/v2.0/projects/acme/repositories/tools%252Fapi/artifacts'

describe('the list', () => {
  test('tells dates, rules and what has no tag, over all pages', async () => {
    const { vendor, asked, image, untagged } = await stage({ api: { page: 1, immutable: ['v1'] } })
    const listing = await vendor.list?.()
    const ofTag = { pushed: '2026-04-02', pulled: '2026-05-05' }
    expect(shortListing(listing)).toEqual({
      tags: { v1: ofTag, latest: ofTag },
      manifests: { [image]: { pushed: '2026-04-01' }, [untagged]: { pushed: '2026-04-01' } },
      untagged: [untagged],
      complete: true,
    })
    expect(listing?.tags.get(tag('v1'))?.locked).toContain('immutability')
    expect(listing?.tags.get(tag('latest'))?.locked).toBeNull()
    expect(listing?.manifests.get(image)?.locked).toContain('v1')
    expect(asked()).toEqual([`GET ${ARTIFACTS}`, `GET ${ARTIFACTS}`, `GET ${ARTIFACTS}`])
  })

  test.each([401, 403, 404, 500])('that cannot be read (%i) makes dates unknown', async (status) => {
    const before = ({ url, response }: Exchange) => {
      if (url.pathname.startsWith('/api/')) refuse(response, status, 'NO', 'no')
      return url.pathname.startsWith('/api/')
    }
    const { vendor } = await stage({ before })
    const listing = await vendor.list?.()
    expect(shortListing(listing)).toEqual({
      tags: {},
      manifests: {},
      untagged: [],
      complete: true,
    })
    // whatever the reason, build dates do not stand in for them
    expect(listing?.tellsPushTimes).toBe(true)
    expect(listing?.doubts?.join()).toMatch(/ages are unknown.*On Harbor the account needs/)
  })

  test('that ends early forbids to delete', async () => {
    const before = ({ url, response }: Exchange) => {
      const fails = url.searchParams.get('page') === '2'
      if (fails) refuse(response, 500, 'NO', 'no')
      return fails
    }
    const { vendor } = await stage({ before, api: { page: 1 } })
    const listing = await vendor.list?.()
    expect(listing).toMatchObject({ untagged: [], complete: false })
    expect(listing?.doubts?.join()).toContain('nothing is deleted')
  })

  test('with an artifact that cannot be read is not whole', async () => {
    const { vendor, untagged } = await stage({
      before: ({ response }) => {
        reply(response, 200, [{ digest: 'latest' }, { digest: `sha256:${'a'.repeat(64)}`, tags: null }])
        return true
      },
    })
    const listing = await vendor.list?.()
    expect(listing).toMatchObject({ untagged: [], complete: false })
    expect(listing?.manifests.has(untagged)).toBe(false)
  })
})

describe('deleting', () => {
  test('one tag goes through the API, the manifest through the registry', async () => {
    const { vendor, asked, image, registry } = await stage()
    expect(await vendor.untag(tag('v1'), image)).toEqual({ kind: 'done', error: null })
    expect(await vendor.untag(tag('v1'), image)).toEqual({ kind: 'gone', error: null })
    expect([...registry.store.get(PATH)!.tags.keys()]).toEqual(['latest'])
    expect(await vendor.deleteManifest(image)).toEqual({ kind: 'done', error: null })
    expect(asked().slice(0, 1)).toEqual([`DELETE ${ARTIFACTS}/${image}/tags/v1`])
  })

  test('a rule keeps its tag', async () => {
    const { vendor, image } = await stage({ api: { immutable: ['v1'] } })
    expect(await vendor.untag(tag('v1'), image)).toMatchObject({
      kind: 'locked',
      error: { message: expect.stringContaining('immutable') },
    })
  })

  test.each([
    ['an immutable tag', 'matched the immutable rule', 'locked'],
    ['an index', 'the deleting artifact is referenced by others', 'referenced'],
  ])('a manifest that %s needs stays', async (_, message, kind) => {
    const { vendor, image } = await stage({
      before: ({ request, response, url }) => {
        const isDelete = request.method === 'DELETE' && url.pathname.startsWith('/v2/')
        if (isDelete) refuse(response, 412, 'PRECONDITION', message)
        return isDelete
      },
    })
    expect(await vendor.deleteManifest(image)).toMatchObject({ kind })
  })

  test('without the right to says what is needed', async () => {
    const { vendor, image } = await stage({
      before: ({ request, response }) => {
        if (request.method === 'DELETE') refuse(response, 403, 'FORBIDDEN', 'no')
        return request.method === 'DELETE'
      },
    })
    const outcome = await vendor.untag(tag('v1'), image)
    expect(outcome).toMatchObject({ kind: 'denied', error: { advice: expect.stringContaining('Harbor') } })
    expect(await vendor.probeDeletes()).toMatchObject({ kind: 'denied' })
  })

  test('is not taken for done where there is no such API', async () => {
    const { vendor, image, registry } = await stage({ api: { store: () => new Map() } })
    expect(await vendor.untag(tag('v1'), image)).toMatchObject({ kind: 'denied' })
    expect(registry.store.get(PATH)!.tags.has('v1')).toBe(true)
  })

  test('is probed without deleting', async () => {
    const { vendor, registry } = await stage()
    expect(await vendor.probeDeletes()).toEqual({ kind: 'on' })
    expect(registry.store.get(PATH)!.manifests.size).toBe(3)
  })
})

describe('the login', () => {
  test('does not follow a redirect to another host, and neither does the list', async () => {
    const seen: string[] = []
    const other = await serveApi((request, response) => {
      seen.push(request.url ?? '')
      reply(response, 200, [])
    })
    const { vendor } = await stage({
      before: ({ url, response }) => {
        if (url.pathname.startsWith('/api/')) response.writeHead(302, { location: `${other}/api` }).end()
        return url.pathname.startsWith('/api/')
      },
    })
    expect(await vendor.list?.()).toMatchObject({ untagged: [] })
    expect(seen).toEqual([])
  })

  test('goes to the API at another place when it is named', async () => {
    const seen: (string | undefined)[] = []
    const apiUrl = await serveApi((request, response) => {
      seen.push(`${request.headers.authorization?.slice(0, 5)} ${request.url?.split('?')[0]}`)
      reply(response, 200, [])
    })
    const { vendor, asked } = await stage({ apiUrl })
    await vendor.list?.()
    expect(seen).toEqual([`Basic ${ARTIFACTS}`])
    expect(asked()).toEqual([])
  })
})
