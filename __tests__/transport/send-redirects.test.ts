import { describe, expect, test } from 'vitest'
import type { HttpRequest } from '../../src/transport/types.ts'
import type { Handler } from '../support/loopback.ts'
import { get } from './servers.ts'
import { type Answer, flaky, serve, transport } from './stage.ts'

describe('a redirect', () => {
  const secret: Partial<HttpRequest> = {
    authorization: 'Bearer secret',
    headers: { accept: 'a', cookie: 'secret', 'proxy-authorization': 'secret', 'private-token': 'secret' },
  }

  /** Says what it got, or redirects where the query tells. */
  const probe: Handler = (request, response) => {
    const to = new URL(request.url ?? '', 'http://probe').searchParams.get('to')
    const { authorization = '-', cookie = '-', 'proxy-authorization': proxy = '-', accept } = request.headers
    if (to !== null) response.writeHead(307, { location: to })
    response.end([authorization, cookie, proxy, request.headers['private-token'] ?? '-', accept].join())
  }

  function via(origin: string, to: string): string {
    return `${origin}/?to=${encodeURIComponent(to)}`
  }

  test('within the origin keeps credentials', async () => {
    const origin = await serve(probe)
    const response = await transport().send(get(via(origin, '/end'), secret))
    expect(response.body.toString()).toBe('Bearer secret,secret,secret,secret,a')
    expect(response.url.href).toBe(`${origin}/end`)
  })

  test('to another port drops them, for good even when it leads back', async () => {
    const [origin, other] = [await serve(probe), await serve(probe)]
    const away = await transport().send(get(via(origin, `${other}/end`), secret))
    expect(away.body.toString()).toBe('-,-,-,-,a')
    const back = await transport().send(get(via(origin, via(other, `${origin}/end`)), secret))
    expect(back.body.toString()).toBe('-,-,-,-,a')
  })

  test('to another name of the same machine drops them', async () => {
    const origin = await serve(probe)
    const elsewhere = `${origin.replace('127.0.0.1', 'localhost')}/end`
    const response = await transport().send(get(via(origin, elsewhere), secret))
    expect(response.body.toString()).toBe('-,-,-,-,a')
  })

  test('does not touch the headers of the caller', async () => {
    const [origin, other] = [await serve(probe), await serve(probe)]
    const headers = { accept: 'a', cookie: 'c' }
    await transport().send(get(via(origin, other), { headers }))
    expect(headers).toEqual({ accept: 'a', cookie: 'c' })
  })

  test('in a circle ends', async () => {
    const { origin, seen } = await flaky(
      ...Array.from({ length: 20 }, (): Answer => [302, { location: '/again' }]),
    )
    const sent = transport().send(get(`${origin}/?token=secret`))
    await expect(sent).rejects.toMatchObject({
      kind: 'protocol',
      message: expect.stringMatching(
        /^a test: 127\.0\.0\.1:\d+ redirects, but more than 5 redirects in a row$/,
      ),
      exchange: { method: 'GET', url: `${origin}/again`, status: 302, codes: [] },
    })
    expect(seen).toHaveLength(6)
  })

  test('to the metadata service is refused without a request to it', async () => {
    const { origin } = await flaky([302, { location: 'http://169.254.169.254/latest/meta-data' }])
    const { send, stats } = transport()
    await expect(send(get(origin))).rejects.toMatchObject({
      kind: 'protocol',
      message: expect.stringMatching(/private address/),
    })
    expect(stats().requests).toBe(1)
  })

  test.each([
    ['POST', {}],
    ['DELETE', {}],
    ['GET', { redirects: false }],
  ] as const)('of a %s %o is an answer', async (method, change) => {
    const { origin, seen } = await flaky([307, { location: '/elsewhere' }])
    const response = await transport().send(get(origin, { method, ...change }))
    expect(response.status).toBe(307)
    expect(seen).toHaveLength(1)
  })

  test('with a huge page is followed all the same', async () => {
    const { origin } = await flaky([302, { location: '/end' }, 'x'.repeat(300_000)])
    const response = await transport().send(get(origin, { maxBytes: 10 }))
    expect(response.body.toString()).toBe('fine')
  })
})
