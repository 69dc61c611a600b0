import { createServer } from 'node:http'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { headerValue } from '../../src/transport/headers.ts'
import { get, listen } from './servers.ts'
import { serve, transport, untilTheEnd } from './stage.ts'

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
    untilTheEnd(server.stop)
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
    const { send, stats } = transport({ concurrency: 3 })
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
