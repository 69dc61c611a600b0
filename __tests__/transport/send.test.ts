import { createServer } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { asTimestamp } from '../../src/domain/quantities/timestamp.ts'
import { headerValue } from '../../src/transport/headers.ts'
import type { HttpRequest } from '../../src/transport/types.ts'
import { type Handler, serve as serveOn } from '../support/loopback.ts'
import { connectProxy, get, listen, now, type TestTransport, testTransport } from './servers.ts'

const cleanups: (() => unknown)[] = []

afterEach(async () => {
  vi.unstubAllEnvs()
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function serve(handler: Handler): Promise<string> {
  const { origin, stop } = await serveOn(handler)
  cleanups.push(stop)
  return origin
}

function transport(options: Parameters<typeof testTransport>[0] = {}): TestTransport {
  const opened = testTransport(options)
  cleanups.push(opened.dispose)
  return opened
}

/** A server that answers each request with the next of these statuses, and with 200 from then on. */
async function flaky(...answers: [status: number, headers?: Record<string, string>, body?: string][]) {
  const seen: string[] = []
  const origin = await serve((request, response) => {
    seen.push(`${request.method} ${request.url}`)
    const [status, headers = {}, body = ''] = answers.shift() ?? [200, {}, 'fine']
    response.writeHead(status, headers).end(body)
  })
  return { origin, seen }
}

describe('an exchange', () => {
  test('carries what was asked, and brings back status, headers and body', async () => {
    const origin = await serve((request, response) => {
      const { authorization, accept, 'user-agent': agent, 'accept-encoding': encoding } = request.headers
      response.writeHead(
        201,
        [
          ['Link', '<a>'],
          ['Link', '<b>'],
        ].flat(),
      )
      response.end(JSON.stringify([request.method, request.url, authorization, accept, agent, encoding]))
    })
    const request = get(`${origin}/v2/?n=1`, {
      authorization: 'Bearer t',
      headers: { accept: 'application/json' },
    })
    const response = await transport().send(request)
    expect(JSON.parse(response.body.toString())).toEqual([
      'GET',
      '/v2/?n=1',
      'Bearer t',
      'application/json',
      'warden-test/1',
      'identity',
    ])
    expect(response.status).toBe(201)
    expect(response.headers.get('link')).toEqual(['<a>', '<b>'])
    expect(response.url.href).toBe(`${origin}/v2/?n=1`)
  })

  test('sends the body of a POST with its length in bytes', async () => {
    const origin = await serve(async (request, response) => {
      const chunks: Buffer[] = await request.toArray()
      response.end(`${request.headers['content-length']} ${Buffer.concat(chunks).toString()}`)
    })
    const response = await transport().send(get(origin, { method: 'POST', body: 'scope=ä' }))
    expect(response.body.toString()).toBe('8 scope=ä')
  })

  test('reaches an IPv6 literal', async () => {
    const server = await listen(
      createServer((request, response) => response.end(request.headers.host)),
      '::1',
    )
    cleanups.push(server.stop)
    const response = await transport().send(get(`http://[::1]:${server.port}/v2/`))
    expect(response.body.toString()).toBe(`[::1]:${server.port}`)
  })

  test('uses one connection for many requests, whatever becomes of their bodies', async () => {
    const origin = await serve((request, response) => {
      response.setHeader('content-length', 1000)
      if (request.url === '/hop') response.writeHead(307, { location: '/end' })
      response.end('x'.repeat(1000))
    })
    const { send, stats } = transport()
    await send(get(`${origin}/hop`))
    await send(get(`${origin}/`, { method: 'HEAD', maxBytes: 0 }))
    await send(get(`${origin}/`, { responseBody: 'discard' }))
    await send(get(`${origin}/`))
    expect(stats()).toEqual({ requests: 5, retries: 0, redirects: 1, connections: 1, bytes: 3000 })
  })

  test('opens no more connections than allowed', async () => {
    const origin = await serve((_, response) => void setTimeout(() => response.end('x'), 5))
    const { send, stats } = transport({ limits: { maxSockets: 3 } })
    await Promise.all(Array.from({ length: 12 }, () => send(get(origin))))
    expect(stats()).toMatchObject({ requests: 12, connections: 3 })
  })
})

describe('a body', () => {
  test('over the cap is an error, announced or not', async () => {
    const origin = await serve((request, response) => {
      if (request.url === '/announced') response.writeHead(200, { 'content-length': 5000 })
      for (let part = 0; part < 5; part += 1) response.write('x'.repeat(1000))
      response.end()
    })
    for (const path of ['/announced', '/chunked']) {
      const sent = transport().send(get(origin + path, { maxBytes: 4999 }))
      await expect(sent).rejects.toMatchObject({
        kind: 'protocol',
        message: expect.stringMatching(/larger than the 4999 bytes/),
      })
    }
    const exact = await transport().send(get(`${origin}/chunked`, { maxBytes: 5000 }))
    expect(exact.body).toHaveLength(5000)
  })

  test('of an error is cut instead: the status is the answer', async () => {
    const origin = await serve((_, response) => {
      response.writeHead(404).end('x'.repeat(200_000))
    })
    const response = await transport().send(get(origin))
    expect(response.status).toBe(404)
    expect(response.body).toHaveLength(65_536)
  })

  test('that is compressed against our will is inflated, up to the cap', async () => {
    const origin = await serve((_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(100_000)))
    })
    const response = await transport().send(get(origin, { maxBytes: 100_000 }))
    expect(response.body.toString()).toBe('x'.repeat(100_000))
    const bomb = transport().send(get(origin, { maxBytes: 99_999 }))
    await expect(bomb).rejects.toMatchObject({
      kind: 'protocol',
      message: expect.stringMatching(/larger than/),
    })
  })

  test.each([
    ['gzip', 'not gzip', /is not valid gzip/],
    ['br', 'whatever', /a content encoding that was not asked for/],
  ])(
    'in broken or unknown encoding %s is an error, but not under an error status',
    async (encoding, text, message) => {
      const origin = await serve((request, response) => {
        const status = request.url === '/404' ? 404 : 200
        response.writeHead(status, { 'content-encoding': encoding }).end(text)
      })
      await expect(transport().send(get(origin))).rejects.toMatchObject({
        kind: 'protocol',
        message: expect.stringMatching(message),
      })
      await expect(transport().send(get(`${origin}/404`))).resolves.toMatchObject({
        status: 404,
        body: Buffer.alloc(0),
      })
    },
  )

  test('that nobody wants is not downloaded', async () => {
    let written = 0
    const origin = await serve((_, response) => {
      response.writeHead(200, { 'content-length': 2 ** 30 })
      const chunk = Buffer.alloc(65_536)
      const more = () => {
        while (!response.destroyed && response.write(chunk)) written += chunk.length
      }
      response.on('drain', more)
      more()
    })
    const response = await transport().send(get(origin, { responseBody: 'discard', maxBytes: 0 }))
    expect(headerValue(response, 'content-length')).toBe(String(2 ** 30))
    expect(response.body).toHaveLength(0)
    expect(written).toBeLessThan(2 ** 28)
  })
})

test('an error body is read even where no body is wanted, but never for HEAD', async () => {
  const origin = await serve(
    (_, response) => void response.writeHead(404, { 'content-length': 4 }).end('gone'),
  )
  const discarded = await transport().send(get(origin, { responseBody: 'discard' }))
  expect(discarded.body.toString()).toBe('gone')
  const head = await transport().send(get(origin, { method: 'HEAD' }))
  expect(head).toMatchObject({ status: 404, body: Buffer.alloc(0) })
})

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
      ...Array.from({ length: 20 }, () => [302, { location: '/again' }] as [number, Record<string, string>]),
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

describe('a retry', () => {
  test('follows a 429 after the time the server asks for', async () => {
    const { origin, seen } = await flaky([429, { 'retry-after': '7' }])
    const { send, waits, lines } = transport()
    const response = await send(get(`${origin}/v2/?secret=1`))
    expect(response.status).toBe(200)
    expect(waits).toEqual([7000])
    expect(seen).toHaveLength(2)
    expect(lines).toEqual([`GET ${origin}/v2/: HTTP 429, next try in 7000 ms`])
  })

  test('understands a date', async () => {
    const { origin } = await flaky([503, { 'retry-after': new Date(now + 4000).toUTCString() }])
    const { send, waits } = transport()
    await send(get(origin))
    expect(waits).toEqual([4000])
  })

  test('ends after five tries with the last answer', async () => {
    const { origin, seen } = await flaky(...Array.from({ length: 9 }, () => [503] as [number]))
    const { send, waits, stats } = transport()
    const response = await send(get(origin, { method: 'DELETE' }))
    expect(response.status).toBe(503)
    expect(seen).toHaveLength(5)
    expect(waits).toEqual([125, 250, 500, 1000])
    expect(stats()).toMatchObject({ requests: 5, retries: 4 })
  })

  test('is not for a POST, unless it may be repeated', async () => {
    const once = await flaky([503])
    await expect(transport().send(get(once.origin, { method: 'POST', body: 'x' }))).resolves.toMatchObject({
      status: 503,
    })
    const again = await flaky([503])
    const request = get(again.origin, { method: 'POST', body: 'x', idempotent: true })
    await expect(transport().send(request)).resolves.toMatchObject({ status: 200 })
  })

  test('begins again at the first URL, since that of a redirect expires', async () => {
    const { origin, seen } = await flaky(
      [307, { location: '/signed-1' }],
      [503],
      [307, { location: '/signed-2' }],
    )
    await transport().send(get(`${origin}/blob`))
    expect(seen).toEqual(['GET /blob', 'GET /signed-1', 'GET /blob', 'GET /signed-2'])
  })

  test('that would outlast the run is an error that says how long the server asks to wait', async () => {
    const { origin, seen } = await flaky([429, { 'retry-after': '120' }])
    const sent = transport({ deadline: asTimestamp(now + 60_000) }).send(get(origin))
    await expect(sent).rejects.toMatchObject({
      kind: 'rate-limit',
      message: expect.stringMatching(/asks to wait 120 s, longer than what is left of this run$/),
      exchange: { status: 429 },
    })
    expect(seen).toHaveLength(1)
  })

  test('without a word from the server ends with its answer when the run is nearly over', async () => {
    const { origin } = await flaky([503], [503])
    const response = await transport({ deadline: asTimestamp(now + 1) }).send(get(origin))
    expect(response.status).toBe(503)
  })

  test('does not wait for the pull limit of Docker Hub', async () => {
    const body = '{"errors":[{"code":"TOOMANYREQUESTS"}]}'
    const server = await listen(createServer((_, response) => void response.writeHead(429).end(body)))
    const proxy = await connectProxy()
    cleanups.push(server.stop, proxy.stop)
    vi.stubEnv('http_proxy', `http://127.0.0.1:${proxy.port}`)
    const { send, stats } = transport()
    await expect(send(get(`http://registry-1.docker.io:${server.port}/v2/`))).rejects.toMatchObject({
      kind: 'rate-limit',
      message: 'a test: the pull limit of Docker Hub is reached',
      advice: expect.stringMatching(/^Log in/),
    })
    expect(stats().requests).toBe(1)
  })

  test('is cut short by the end of the run', async () => {
    const { origin } = await flaky([503])
    const run = new AbortController()
    const sleep = () => {
      run.abort()
      return Promise.resolve()
    }
    const sent = transport({ signal: run.signal, sleep }).send(get(origin))
    await expect(sent).rejects.toMatchObject({ kind: 'deadline', advice: 'Raise max-duration' })
  })
})
