import { describe, expect, test } from 'vitest'

import type { Credential } from '../../../src/credentials/credential.ts'
import { VENDORS } from '../../support/embedded/quirks.ts'
import { refuse, reply } from '../../support/embedded/replies.ts'
import type { Exchange } from '../../support/embedded-registry.ts'
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

const CREDENTIAL: Credential = {
  kind: 'basic',
  username: 'deployer',
  password: 'glpat-secret',
  source: 'the test',
}
const LIST = `/gitlab/v1/repositories/${PATH}/tags/list/`

const OWN = [
  { name: 'latest', created_at: '2020-01-01T00:00:00Z', published_at: '2026-04-02T00:00:00.000Z' },
  { name: 'moved', created_at: '2020-01-01T00:00:00Z', updated_at: '2026-04-03T00:00:00.000Z' },
  { name: 'v1', created_at: '2026-04-01T00:00:00.000Z' },
]

/** A registry with its own API, or (`status`) without one. */
const ownApi =
  (page = 1000, status = 200) =>
  ({ url, response }: Exchange): boolean => {
    if (!url.pathname.startsWith('/gitlab/')) return false
    const start = OWN.findIndex(({ name }) => name === url.searchParams.get('last')) + 1
    if (status !== 200) refuse(response, status, 'NOT_FOUND', 'no')
    else {
      const last = OWN[start + page - 1]?.name
      if (last !== undefined)
        response.setHeader('link', `<https://elsewhere.example${LIST}?n=1000&last=${last}>; rel="next"`)
      reply(response, 200, OWN.slice(start, start + page))
    }
    return true
  }

async function stage(options: StageOptions = {}) {
  const opened = await openStage({
    provider: 'gitlab',
    quirks: VENDORS.gitlab,
    credential: CREDENTIAL,
    intercept: ownApi(),
    ...options,
  })
  const image = newImage()
  opened.registry.seed(PATH, image, ['v1', 'latest'])
  const asked = () => opened.registry.requests.map(({ method, path }) => `${method} ${path}`)
  return { ...opened, asked, image: digestOf(image) }
}

/** GitLab's REST API, with the project one level above the image. */
async function serveRest(tags: readonly string[] = ['v1', 'latest']) {
  const asked: string[] = []
  const authorizations = new Set<string | undefined>()
  const project = '/api/v4/projects/acme%2Ftools/registry/repositories'
  const origin = await serveApi((request, response) => {
    const url = new URL(request.url ?? '/', 'http://gitlab')
    asked.push(`${request.method} ${url.pathname.replace(project, '…')}`)
    authorizations.add(request.headers.authorization)
    const name = url.pathname.slice(`${project}/42/tags/`.length)
    if (url.pathname === project)
      reply(response, 200, [
        { id: 41, path: 'acme/tools' },
        { id: 42, path: PATH },
      ])
    else if (url.pathname === `${project}/42/tags`)
      reply(
        response,
        200,
        tags.map((name) => ({ name })),
      )
    else if (name === 'gone' || !url.pathname.startsWith(project))
      reply(response, 404, { message: '404 Not Found' })
    else
      reply(response, 200, { name, created_at: name === 'latest' ? null : '2026-04-01T00:00:00.000+00:00' })
  })
  return { origin, asked, authorizations }
}

describe('the list', () => {
  test("comes from the registry's own API, over all pages, and tells the last push", async () => {
    const { vendor, asked } = await stage({ intercept: ownApi(2) })
    const dated = (date: string) => ({ pushed: date, updated: date })
    expect(shortListing(await vendor.list?.())).toEqual({
      tags: { latest: dated('2026-04-02'), moved: dated('2026-04-03'), v1: dated('2026-04-01') },
      manifests: {},
      untagged: [],
      complete: true,
    })
    expect(asked()).toEqual([`GET ${LIST}`, `GET ${LIST}`, `GET ${LIST}`])
  })

  test('that the registry does not have, without its database, leaves build dates', async () => {
    const { vendor, said } = await stage({ intercept: ownApi(1, 404) })
    const listing = await vendor.list?.()
    expect(listing).toMatchObject({ untagged: [], complete: true })
    expect(listing?.tellsPushTimes ?? false).toBe(false)
    expect(said.at(-1)).toContain('build dates count')
  })

  test.each([403, 500])(
    'that is refused (%i) makes dates unknown, and says what is needed',
    async (status) => {
      const { vendor } = await stage({ intercept: ownApi(1, status) })
      const listing = await vendor.list?.()
      expect(listing).toMatchObject({ tellsPushTimes: true, complete: true })
      expect(listing?.doubts?.join()).toContain('metadata database')
    },
  )

  test('that is not found where the registry does have this API makes dates unknown', async () => {
    const { vendor } = await stage({
      intercept: (exchange) => {
        if (exchange.url.pathname !== '/gitlab/v1/') return ownApi(1, 404)(exchange)
        reply(exchange.response, 200, {})
        return true
      },
    })
    expect(await vendor.list?.()).toMatchObject({ tellsPushTimes: true, complete: true })
  })

  test('then comes from the REST API where that is named: build dates, one by one', async () => {
    const rest = await serveRest(['v1', 'latest', 'gone'])
    const { vendor } = await stage({ intercept: ownApi(1, 404), apiUrl: rest.origin })
    expect(shortListing(await vendor.list?.())?.tags).toEqual({ v1: { config: '2026-04-01' }, latest: {} })
    expect(rest.asked.slice(0, 3)).toEqual([
      'GET /api/v4/projects/acme%2Ftools%2Fapi/registry/repositories',
      'GET …',
      'GET …/42/tags',
    ])
    expect(rest.asked).toHaveLength(7)
    expect([...rest.authorizations]).toEqual(['Bearer glpat-secret'])
  })

  test('by the REST API is bounded', async () => {
    const rest = await serveRest(Array.from({ length: 1005 }, (_, number) => `v${number}`))
    const { vendor, said } = await stage({ intercept: ownApi(1, 404), apiUrl: rest.origin })
    expect((await vendor.list?.())?.tags.size).toBe(1000)
    expect(said).toEqual([expect.stringContaining('1000 of 1005')])
  })

  test('does not ask the REST API while the registry answers', async () => {
    const rest = await serveRest()
    const { vendor } = await stage({ apiUrl: rest.origin })
    await vendor.list?.()
    expect(rest.asked).toEqual([])
  })
})

describe('deleting', () => {
  test('one tag goes through the registry', async () => {
    const { vendor, image, registry } = await stage()
    expect(await vendor.untag(tag('v1'), image)).toEqual({ kind: 'done', error: null })
    expect([...registry.store.get(PATH)!.tags.keys()]).toEqual(['latest'])
  })

  test('falls back to the older address', async () => {
    const { vendor, image, asked } = await stage({
      quirks: { tagDelete: 'method-not-allowed' },
      intercept: ({ request, response, url }) => {
        const isOld = request.method === 'DELETE' && url.pathname.includes('/tags/reference/')
        if (isOld) response.writeHead(202).end()
        return isOld
      },
    })
    expect(await vendor.untag(tag('v1'), image)).toEqual({ kind: 'done', error: null })
    expect(asked().at(-1)).toBe(`DELETE /v2/${PATH}/tags/reference/v1`)
  })

  test('is not taken for done where neither address is there', async () => {
    const { vendor, image } = await stage({ quirks: { tagDelete: 'method-not-allowed' } })
    expect(await vendor.untag(tag('v1'), image)).toMatchObject({ kind: 'unsupported' })
  })

  test.each([
    ['tag is protected', 'locked'],
    ['requested access to the resource is denied', 'denied'],
  ])('that is refused because "%s" is %s', async (message, kind) => {
    const { vendor, image } = await stage({
      intercept: ({ request, response }) => {
        if (request.method === 'DELETE') refuse(response, 403, 'DENIED', message)
        return request.method === 'DELETE'
      },
    })
    expect(await vendor.untag(tag('v1'), image)).toMatchObject({ kind })
    expect(await vendor.deleteManifest(image)).toMatchObject({ kind })
  })

  test('is probed without deleting', async () => {
    const { vendor, registry } = await stage()
    expect(await vendor.probeDeletes()).toEqual({ kind: 'on' })
    expect(registry.store.get(PATH)!.manifests.size).toBe(1)
  })
})
