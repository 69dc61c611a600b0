import { describe, expect, test } from 'vitest'

import type { Credential } from '../../../src/credentials/credential.ts'
import { VENDORS } from '../../support/embedded/quirks.ts'
import { refuse } from '../../support/embedded/replies.ts'
import type { EmbeddedRegistry, Exchange } from '../../support/embedded-registry.ts'
import { acrApi } from '../../support/vendors/acr-api.ts'
import type { AcrOptions } from '../../support/vendors/acr-api.ts'
import { digestOf, newImage, openStage, PATH, shortListing, tag } from '../../support/vendors/stage.ts'

const PUSHED = Date.UTC(2026, 3, 1)
const CREDENTIAL: Credential = { kind: 'basic', username: 'ci', password: 'acr-secret', source: 'the test' }

interface Change {
  readonly api?: Partial<AcrOptions>
  readonly before?: (exchange: Exchange) => boolean
  readonly actions?: readonly string[]
}

async function stage({ api = {}, before = () => false, actions }: Change = {}) {
  let registry: EmbeddedRegistry | null = null
  const answer = acrApi({ registry: () => registry!, ...api })
  const access = { [PATH]: actions ?? ['pull', 'push', 'delete', 'metadata_read'] }
  const opened = await openStage({
    provider: 'acr',
    quirks: VENDORS.acr,
    auth: { kind: 'token', accounts: { ci: { password: 'acr-secret', access } } },
    credential: CREDENTIAL,
    intercept: (exchange) => before(exchange) || answer(exchange),
  })
  registry = opened.registry
  const [image, untagged] = [newImage(), newImage()]
  registry.seed(PATH, image, ['v1', 'latest'], PUSHED)
  registry.seed(PATH, untagged, [], PUSHED)
  const asked = () =>
    opened.registry.requests
      .filter(({ status, path }) => status !== 401 && path !== '/token')
      .map(({ method, path, query }) => `${method} ${path.replace(`/acr/v1/${PATH}/`, '')} ${query}`.trim())
  return { ...opened, registry, asked, image: digestOf(image), untagged: digestOf(untagged) }
}

describe('the list', () => {
  test('tells dates and what has no tag, over all pages', async () => {
    const { vendor, asked, image, untagged } = await stage({ api: { page: 1 } })
    const last = (name: string) => `last=${encodeURIComponent(name)}`
    const dates = { pushed: '2026-04-01', updated: '2026-04-01' }
    expect(shortListing(await vendor.list?.())).toEqual({
      // not 2020, when the tag was first pushed
      tags: { v1: dates, latest: dates },
      manifests: { [image]: dates, [untagged]: dates },
      untagged: [untagged],
      complete: true,
    })
    expect(asked()).toEqual([
      'GET _manifests n=500',
      `GET _manifests n=500&${last(image)}`,
      // the last page names no next one, which proves nothing
      `GET _manifests n=500&${last(untagged)}`,
      'GET _tags orderby=timedesc&n=500',
      'GET _tags orderby=timedesc&n=500&last=v1',
      'GET _tags orderby=timedesc&n=500&last=latest',
    ])
  })

  test('tells locks', async () => {
    const locked = ['v1']
    const { vendor, image, untagged } = await stage({ api: { locked } })
    locked.push(untagged)
    const listing = await vendor.list?.()
    expect(listing?.tags.get(tag('v1'))?.locked).toContain('locked')
    expect(listing?.tags.get(tag('latest'))?.locked).toBeNull()
    expect(listing?.manifests.get(untagged)?.locked).toContain('locked')
    expect(listing?.manifests.get(image)?.locked).toBeNull()
  })

  test('is behind a token for metadata, which still reads manifests afterwards', async () => {
    const { vendor, reader, registry, image } = await stage()
    await vendor.list?.()
    await reader.manifest(image)
    expect(registry.issuer!.requests.map(({ scopes }) => scopes.length > 0)).not.toContain(false)
    expect(registry.issuer!.requests.length).toBeLessThan(4)
  })

  test('without that right makes dates unknown, and says what is needed', async () => {
    const { vendor, reader } = await stage({ actions: ['pull', 'delete'] })
    const listing = await vendor.list?.()
    expect(listing).toMatchObject({ untagged: [], complete: true, tellsPushTimes: true })
    expect(listing?.doubts?.join()).toMatch(/unknown/)
    expect(await reader.tags()).toHaveLength(2)
  })

  test('that ends early forbids to delete', async () => {
    const { vendor } = await stage({
      api: { page: 1 },
      before: ({ url, response }) => {
        if (url.searchParams.has('last')) refuse(response, 500, 'NO', 'no')
        return url.searchParams.has('last')
      },
    })
    expect(await vendor.list?.()).toMatchObject({ untagged: [], complete: false })
  })
})

describe('deleting', () => {
  test('one tag goes through the API, the manifest through the registry', async () => {
    const { vendor, image, registry, asked } = await stage()
    expect(await vendor.untag(tag('v1'), image)).toEqual({ kind: 'done', error: null })
    expect(await vendor.untag(tag('v1'), image)).toEqual({ kind: 'gone', error: null })
    expect([...registry.store.get(PATH)!.tags.keys()]).toEqual(['latest'])
    expect(await vendor.deleteManifest(image)).toEqual({ kind: 'done', error: null })
    expect(asked().slice(0, 1)).toEqual(['DELETE _tags/v1'])
  })

  test('a lock is not a switch', async () => {
    const { vendor, image, untagged } = await stage({
      api: { locked: ['v1'] },
      before: ({ request, response, url }) => {
        const isLocked = request.method === 'DELETE' && url.pathname.includes('/manifests/')
        if (isLocked) refuse(response, 405, 'REGISTRY_DISALLOWED_OPERATION', 'disallowed')
        return isLocked
      },
    })
    expect(await vendor.untag(tag('v1'), image)).toMatchObject({ kind: 'locked' })
    expect(await vendor.deleteManifest(untagged)).toMatchObject({ kind: 'locked' })
  })

  test('without the right to is denied', async () => {
    const { vendor, image } = await stage({ actions: ['pull', 'metadata_read'] })
    expect(await vendor.untag(tag('v1'), image)).toMatchObject({ kind: 'denied' })
    expect(await vendor.probeDeletes()).toMatchObject({ kind: 'denied' })
  })

  test('is probed without deleting', async () => {
    const { vendor, registry } = await stage()
    expect(await vendor.probeDeletes()).toEqual({ kind: 'on' })
    expect(registry.store.get(PATH)!.manifests.size).toBe(2)
  })
})
