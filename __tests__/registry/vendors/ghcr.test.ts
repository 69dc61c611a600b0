import { describe, expect, test } from 'vitest'

import { VENDORS } from '../../support/embedded/quirks.ts'
import { reply } from '../../support/embedded/replies.ts'
import { servePackages } from '../../support/vendors/github-packages.ts'
import type { PackagesOptions } from '../../support/vendors/github-packages.ts'
import {
  digestOf,
  newImage,
  NOW,
  PATH,
  serveRegistry,
  shortListing,
  stageOn,
  tag,
} from '../../support/vendors/stage.ts'
import type { StageOptions } from '../../support/vendors/stage.ts'

const TOKEN = 'gh-token-1'

/** A package with one image of two tags, one of one tag, and one without. */
async function stage(options: Partial<PackagesOptions> = {}, change: Partial<StageOptions> = {}) {
  const registry = await serveRegistry({ quirks: VENDORS.ghcr })
  const images = [newImage(), newImage(), newImage()] as const
  registry.seed(PATH, images[0], ['v1', 'latest'])
  registry.seed(PATH, images[1], ['v0'])
  registry.seed(PATH, images[2])
  const packages = await servePackages(registry, { path: PATH, ...options })
  const opened = stageOn(registry, {
    provider: 'ghcr',
    apiUrl: packages.origin,
    githubToken: TOKEN,
    ...change,
  })
  const [shared, single, untagged] = [digestOf(images[0]), digestOf(images[1]), digestOf(images[2])]
  return { ...opened, registry, packages, shared, single, untagged }
}

describe('the list', () => {
  test('tells dates and what has no tag, over all pages, with one request for each and one behind the last', async () => {
    const { vendor, packages, shared, single, untagged } = await stage({ page: 2 })
    const listing = shortListing(await vendor.list?.())
    const dates = { pushed: '2026-01-01', updated: '2026-01-02' }
    expect(listing).toEqual({
      tags: expect.any(Object),
      manifests: { [shared]: dates, [single]: dates, [untagged]: dates },
      untagged: [untagged],
      complete: true,
    })
    expect(packages.requests).toEqual([
      'GET …?per_page=100&state=active',
      'GET …?per_page=100&state=active&page=2',
      'GET …?per_page=100&state=active&page=3',
    ])
  })

  test('finds the packages of users, too, and remembers that', async () => {
    const { vendor, packages } = await stage({ owner: 'users', page: 2 })
    expect((await vendor.list?.())?.manifests.size).toBe(3)
    expect(packages.requests).toEqual([
      'GET /orgs/acme/packages/container/tools%2Fapi/versions?per_page=100&state=active',
      'GET …?per_page=100&state=active',
      'GET …?per_page=100&state=active&page=2',
      'GET …?per_page=100&state=active&page=3',
    ])
  })

  test('is read to its end where no page names the next one', async () => {
    const all = Array.from({ length: 122 }, (_, number) => ({
      id: number + 1,
      name: `sha256:${String(number).padStart(64, '0')}`,
      metadata: { container: { tags: [] } },
    }))
    const { vendor, packages } = await stage({
      intercept: (asked, response) => {
        const page = Number(/[?&]page=(\d+)/.exec(asked)?.[1] ?? '1')
        reply(response, 200, all.slice((page - 1) * 100, page * 100))
        return true
      },
    })
    expect(await vendor.list?.()).toMatchObject({ complete: true, untagged: { length: 122 } })
    expect(packages.requests).toHaveLength(3)
  })

  test('that looks cut off, whatever is asked, is an error', async () => {
    const full = Array.from({ length: 100 }, (_, number) => ({
      id: number + 1,
      name: `sha256:${String(number).padStart(64, '0')}`,
      metadata: { container: { tags: [] } },
    }))
    const { vendor } = await stage({
      intercept: (_, response) => {
        reply(response, 200, full)
        return true
      },
    })
    await expect(vendor.list?.()).rejects.toThrow('may be cut off')
  })

  test('dates that are none are unknown', async () => {
    const { vendor, shared, packages } = await stage({
      intercept: (asked, response) => {
        if (!asked.startsWith('GET')) return false
        const container = { tags: ['v1'] }
        const dates = { created_at: '0001-01-01T00:00:00Z', updated_at: 'yesterday' }
        reply(response, 200, [{ id: 7, name: shared, metadata: { container }, ...dates }])
        return true
      },
    })
    expect(shortListing(await vendor.list?.())?.manifests).toEqual({ [shared]: {} })
    expect(packages.requests).toHaveLength(2)
  })

  test('with an entry that cannot be read hides something, so nothing counts as untagged', async () => {
    const { vendor, said, untagged } = await stage({
      intercept: (_, response) => {
        const good = { id: 7, name: untagged, metadata: { container: { tags: [] } } }
        reply(response, 200, [good, { id: 8, name: untagged, metadata: {} }, { id: 9, name: 'latest' }])
        return true
      },
    })
    expect(await vendor.list?.()).toMatchObject({ untagged: [], complete: false })
    expect(said).toEqual([expect.stringContaining('2 versions')])
  })

  test.each([
    ['a later page fails', (number: number) => (number === 2 ? 500 : null), 'server'],
    ['the token is wrong', () => 401, 'unauthorized'],
    ['the token sees nothing', () => 404, 'not-found'],
    ['the token may not read', () => 403, 'denied'],
  ])('that fails because %s ends it, with what to do', async (_, statusOf, kind) => {
    let asked = 0
    const { vendor } = await stage({
      page: 2,
      intercept: (question, response) => {
        if (!question.includes('page=2')) asked += 1
        const status = statusOf(question.includes('&page=2') ? 2 : 1)
        if (status !== null) reply(response, status, { message: 'no' })
        return status !== null
      },
    })
    await expect(vendor.list?.()).rejects.toMatchObject({ kind, advice: expect.stringContaining('Admin') })
    expect(asked).toBeLessThan(4)
  })

  test('without a token is refused before any request', async () => {
    const { vendor, packages } = await stage({}, { githubToken: null })
    await expect(vendor.list?.()).rejects.toMatchObject({ kind: 'unauthorized' })
    expect(await vendor.deleteManifest(digestOf(newImage()))).toMatchObject({ kind: 'denied' })
    expect(packages.requests).toEqual([])
  })

  test('that leads to another host is read from ours', async () => {
    const { vendor, packages } = await stage({ page: 1 })
    await vendor.list?.()
    // the links of this server name api.github.example
    expect(packages.requests).toHaveLength(4)
    expect([...packages.authorizations]).toEqual([`Bearer ${TOKEN}`])
  })
})

describe('limits', () => {
  const limited = (headers: Record<string, string>, status = 403, times = 1) => {
    let left = times
    return {
      intercept: (...[, response]: Parameters<NonNullable<PackagesOptions['intercept']>>) => {
        if (left-- <= 0) return false
        for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
        reply(response, status, { message: 'You have exceeded a secondary rate limit.' })
        return true
      },
    }
  }

  test.each([
    ['by 403 with Retry-After', { 'retry-after': '30' }, 30_000],
    ['by 403 without a time', {}, 60_000],
    ['with a reset', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(NOW / 1000 + 9) }, 10_000],
  ])('%s are waited for', async (_, headers, wait) => {
    const { vendor, waits } = await stage(limited(headers))
    expect((await vendor.list?.())?.manifests.size).toBe(3)
    expect(waits).toEqual([wait])
  })

  test('that last too long end as what they are', async () => {
    const { vendor, waits } = await stage(limited({ 'retry-after': '3600' }))
    await expect(vendor.list?.()).rejects.toMatchObject({ kind: 'rate-limit' })
    expect(waits).toEqual([])
  })

  test('beyond the end of the run are not waited for', async () => {
    const { vendor, waits } = await stage(limited({ 'retry-after': '30' }), { parts: { deadline: NOW } })
    await expect(vendor.list?.()).rejects.toMatchObject({ kind: 'rate-limit' })
    expect(waits).toEqual([])
  })

  test('without end are given up', async () => {
    const { vendor, waits } = await stage(limited({ 'retry-after': '1' }, 403, 1000))
    await expect(vendor.list?.()).rejects.toMatchObject({ kind: 'rate-limit' })
    expect(waits).toHaveLength(5)
  })
})

describe('a deletion', () => {
  test.each([
    [403, {}, 60_000],
    [429, { 'retry-after': '30' }, 30_000],
  ])(
    'is not sent blindly behind a limit (%i): who asked looks at the version again',
    async (status, headers, wait) => {
      let left = 1
      const { vendor, packages, single, waits } = await stage({
        intercept: (asked, response) => {
          if (!asked.startsWith('DELETE') || left-- <= 0) return false
          for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
          reply(response, status, { message: 'You have exceeded a secondary rate limit.' })
          return true
        },
      })
      await vendor.list?.()
      packages.requests.length = 0
      expect(await vendor.deleteManifest(single)).toMatchObject({ kind: 'again', wait })
      expect(await vendor.deleteManifest(single)).toEqual({ kind: 'done', error: null })
      expect(packages.requests.map((line) => line.slice(0, 6))).toEqual([
        'GET …/',
        'DELETE',
        'GET …/',
        'DELETE',
      ])
      // the host is left in peace meanwhile
      expect(waits).toEqual([wait])
    },
  )

  test('looks at the version once more, then deletes it by its id', async () => {
    const { vendor, packages, registry, single } = await stage()
    await vendor.list?.()
    packages.requests.length = 0
    expect(await vendor.deleteManifest(single)).toEqual({ kind: 'done', error: null })
    const id = packages.idOf(single)
    expect(packages.requests).toEqual([`GET …/${id}`, `DELETE …/${id}`])
    expect([...registry.store.get(PATH)!.tags.keys()]).toEqual(['v1', 'latest'])
    expect(registry.requests).toEqual([])
  })

  test('says once that it can be undone', async () => {
    const { vendor, said, single, untagged } = await stage()
    await vendor.list?.()
    await vendor.deleteManifest(single)
    await vendor.deleteManifest(untagged)
    expect(said.filter((line) => line.includes('30 days'))).toHaveLength(1)
  })

  test('of a version that has a new tag is not done', async () => {
    const { vendor, packages, registry, single } = await stage()
    await vendor.list?.()
    registry.store.get(PATH)!.tags.set('stable', single)
    const outcome = await vendor.deleteManifest(single)
    expect(outcome).toMatchObject({
      kind: 'referenced',
      error: { message: expect.stringContaining('stable') },
    })
    expect(packages.requests.filter((line) => line.startsWith('DELETE'))).toEqual([])
  })

  test('of a version that lost a tag goes on', async () => {
    const { vendor, registry, shared } = await stage()
    await vendor.list?.()
    registry.store.get(PATH)!.tags.delete('latest')
    expect(await vendor.deleteManifest(shared)).toMatchObject({ kind: 'done' })
  })

  test('of an id that is another manifest now is not done', async () => {
    let digest = ''
    const { vendor, single, shared, packages } = await stage({
      intercept: (asked, response) => {
        if (!/GET …\/\d/.test(asked)) return false
        reply(response, 200, { id: 1, name: digest, metadata: { container: { tags: [] } } })
        return true
      },
    })
    digest = shared
    await vendor.list?.()
    expect(await vendor.deleteManifest(single)).toMatchObject({
      kind: 'failed',
      error: { kind: 'integrity' },
    })
    expect(packages.requests.filter((line) => line.startsWith('DELETE'))).toEqual([])
  })

  test('of what is gone is not a failure, before and during it', async () => {
    const { vendor, packages, registry, single, untagged } = await stage()
    await vendor.list?.()
    registry.store.get(PATH)!.manifests.delete(single)
    expect(await vendor.deleteManifest(single)).toEqual({ kind: 'gone', error: null })
    packages.beforeDelete = () => registry.store.get(PATH)!.manifests.delete(untagged)
    expect(await vendor.deleteManifest(untagged)).toEqual({ kind: 'done', error: null })
    expect(await vendor.deleteManifest(digestOf(newImage()))).toEqual({ kind: 'gone', error: null })
  })

  test.each([
    'Publicly visible package versions with more than 5,000 downloads cannot be deleted.',
    'You cannot delete the last tagged version of a package. You must delete the package instead.',
  ])('that GitHub never allows keeps the version: %s', async (message) => {
    const refusals = new Map<string, { status: number; message: string }>()
    const { vendor, single } = await stage({ refusals })
    refusals.set(single, { status: 400, message })
    await vendor.list?.()
    const outcome = await vendor.deleteManifest(single)
    expect(outcome).toMatchObject({ kind: 'locked', error: { message: expect.stringContaining(message) } })
  })

  test('without the right to is a 404, and told apart from what is gone', async () => {
    const { vendor, single, registry } = await stage({ readOnly: true })
    await vendor.list?.()
    const outcome = await vendor.deleteManifest(single)
    expect(outcome).toMatchObject({
      kind: 'denied',
      error: { advice: expect.stringContaining('packages: write') },
    })
    expect(registry.store.get(PATH)!.manifests.has(single)).toBe(true)
  })

  test.each([
    [403, 'denied'],
    [500, 'again'],
  ])('that answers %i is %s', async (status, kind) => {
    const refusals = new Map<string, { status: number; message: string }>()
    const { vendor, single } = await stage({ refusals })
    refusals.set(single, { status, message: 'Resource not accessible by integration' })
    await vendor.list?.()
    expect(await vendor.deleteManifest(single)).toMatchObject({ kind })
  })
})

describe('one tag', () => {
  test('cannot be removed', async () => {
    const { vendor, shared, packages, registry } = await stage()
    expect(vendor.capabilities.untag).toBe('no')
    expect(await vendor.untag(tag('v1'), shared)).toMatchObject({ kind: 'unsupported' })
    expect([...packages.requests, ...registry.requests]).toEqual([])
  })

  test('is moved to a placeholder, whose version is found only by its digest', async () => {
    const { vendor, registry, shared } = await stage()
    await vendor.list?.()
    const placeholder = await vendor.pushPlaceholder!(tag('v1'), null)
    expect(await vendor.deleteManifest(placeholder)).toMatchObject({ kind: 'done' })
    expect(registry.store.get(PATH)!.tags).toEqual(
      new Map([
        ['latest', shared],
        ['v0', registry.store.get(PATH)!.tags.get('v0')],
      ]),
    )
  })

  test('waits until the placeholder is listed, and keeps what the list still shows', async () => {
    let hidden = ''
    let lists = 0
    const { vendor, registry, shared, waits } = await stage({
      intercept: (asked, response) => {
        if (!asked.includes('per_page') || hidden === '' || ++lists > 4) return false
        // the list still shows the tag where it was
        const container = { tags: ['v1', 'latest'] }
        reply(response, 200, [{ id: 1, name: hidden, metadata: { container } }])
        return true
      },
    })
    await vendor.list?.()
    const placeholder = await vendor.pushPlaceholder!(tag('v1'), null)
    hidden = shared
    expect(await vendor.deleteManifest(placeholder)).toMatchObject({ kind: 'done' })
    expect(waits).toEqual([2000, 2000])
    expect(registry.store.get(PATH)!.tags.get('latest')).toBe(shared)
  })
})

describe('the probe', () => {
  test('proves nothing, and asks nothing', async () => {
    const { vendor, packages, registry } = await stage()
    expect(await vendor.probeDeletes()).toEqual({ kind: 'unclear' })
    expect([...packages.requests, ...registry.requests]).toEqual([])
  })

  test('rehearses with a version of its own where placeholders are wanted', async () => {
    const { vendor, registry } = await stage({}, { swap: true })
    const before = [...registry.store.get(PATH)!.manifests.keys()]
    expect(await vendor.probeDeletes()).toEqual({ kind: 'on' })
    expect([...registry.store.get(PATH)!.manifests.keys()]).toEqual(before)
    expect([...registry.store.get(PATH)!.tags.keys()]).toEqual(['v1', 'latest', 'v0'])
  })

  test('finds out that nothing may be deleted, before anything is', async () => {
    const { vendor, registry } = await stage({ readOnly: true }, { swap: true })
    const probe = await vendor.probeDeletes()
    expect(probe).toMatchObject({ kind: 'denied', error: { advice: expect.stringContaining('left behind') } })
    expect([...registry.store.get(PATH)!.tags.keys()].slice(0, 3)).toEqual(['v1', 'latest', 'v0'])
  })
})

test('the token goes only to GitHub, and is masked', async () => {
  const { vendor, registry, masked, single, reader } = await stage()
  await vendor.list?.()
  await reader.tags()
  await vendor.deleteManifest(single)
  expect(masked).toContain(TOKEN)
  expect(new Set(registry.requests.map(({ path }) => path))).toEqual(new Set([`/v2/${PATH}/tags/list`]))
})
