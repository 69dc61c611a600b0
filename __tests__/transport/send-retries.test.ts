import { createServer } from 'node:http'
import { describe, expect, test, vi } from 'vitest'
import { asTimestamp } from '../../src/domain/quantities/timestamp.ts'
import { connectProxy, get, listen, now, rawServer } from './servers.ts'
import { type Answer, flaky, transport, untilTheEnd } from './stage.ts'

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
    const { origin, seen } = await flaky(...Array.from({ length: 9 }, (): Answer => [503]))
    const { send, waits, stats } = transport()
    const response = await send(get(origin))
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
    const request = get(again.origin, { method: 'POST', body: 'x', repeat: 'always' })
    await expect(transport().send(request)).resolves.toMatchObject({ status: 200 })
  })

  test('is never for a DELETE, and not for a PUT', async () => {
    for (const method of ['DELETE', 'PUT'] as const) {
      for (const first of [[500], [429, { 'retry-after': '1' }], [503, { 'retry-after': '1' }]] as Answer[]) {
        const { origin, seen } = await flaky(first)
        await expect(transport().send(get(origin, { method }))).resolves.toMatchObject({ status: first[0] })
        expect(seen).toEqual([`${method} /`])
      }
    }
    const hangsUp = await rawServer((socket) => socket.destroy())
    untilTheEnd(hangsUp.stop)
    const sent = transport().send(get(`http://127.0.0.1:${hangsUp.port}/`, { method: 'DELETE' }))
    await expect(sent).rejects.toMatchObject({ kind: 'network' })
    expect(hangsUp.taken()).toBe(1)
  })

  test('after a limit, a POST is sent again: it was not carried out', async () => {
    const { origin, seen } = await flaky([429, { 'retry-after': '1' }])
    await transport().send(get(origin, { method: 'POST', body: 'x' }))
    expect(seen).toEqual(['POST /', 'POST /'])
  })

  test('is not waited for where the server asks for a day', async () => {
    const { origin, seen } = await flaky([429, { 'retry-after': '86400' }])
    const { send, waits } = transport()
    await expect(send(get(origin))).rejects.toMatchObject({
      kind: 'rate-limit',
      message: expect.stringMatching(/asks to wait 86400 s, too long to wait for$/),
    })
    expect([seen.length, waits]).toEqual([1, []])
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
    untilTheEnd(server.stop)
    untilTheEnd(proxy.stop)
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
