import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:https'
import { beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  certificateFor,
  connectProxy,
  get,
  listen,
  type Port,
  rawServer,
  type SignedCertificate,
  type TestProxy,
} from './servers.ts'
import { transport, untilTheEnd } from './stage.ts'

let certificate: SignedCertificate

beforeAll(async () => {
  certificate = await certificateFor(['registry.test'])
})

beforeEach(() => {
  for (const name of ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY']) {
    vi.stubEnv(name, '')
    vi.stubEnv(name.toLowerCase(), '')
  }
})

async function kept<Server extends Port>(starting: Promise<Server>): Promise<Server> {
  const server = await starting
  untilTheEnd(server.stop)
  return server
}

/** A TLS registry that says which host it was asked as, and a proxy on the way to it. */
async function registryBehind(
  proxyStatus?: number,
): Promise<{ registry: Port; proxy: TestProxy; url: string }> {
  const registry = await kept(
    listen(createServer(certificate, (request, response) => void response.end(request.headers.host))),
  )
  const proxy = await kept(connectProxy(proxyStatus))
  return { registry, proxy, url: `https://registry.test:${registry.port}/v2/` }
}

describe('through a proxy', () => {
  test('the registry is reached by its name, verified by ca-file, over connections that are kept', async () => {
    const { proxy, registry, url } = await registryBehind()
    vi.stubEnv('HTTPS_PROXY', `http://user:p%40ss@127.0.0.1:${proxy.port}`)
    const { send, stats } = transport({ ca: certificate.ca })
    for (let count = 0; count < 3; count += 1) {
      const response = await send(get(url))
      expect(response.body.toString()).toBe(`registry.test:${registry.port}`)
    }
    const authorization = `Basic ${Buffer.from('user:p@ss').toString('base64')}`
    expect(proxy.asked).toEqual([{ target: `registry.test:${registry.port}`, authorization }])
    expect(stats()).toMatchObject({ requests: 3, connections: 1 })
  })

  test('many requests at once all arrive', async () => {
    const { proxy, url } = await registryBehind()
    vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${proxy.port}`)
    const { send } = transport({ ca: certificate.ca, concurrency: 2 })
    const responses = await Promise.all(Array.from({ length: 20 }, () => send(get(url))))
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]))
  })

  test('a certificate is checked as without one', async () => {
    const { proxy, url, registry } = await registryBehind()
    vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${proxy.port}`)
    await expect(transport().send(get(url))).rejects.toMatchObject({
      kind: 'tls',
      message: expect.stringMatching(new RegExp(`through the proxy 127.0.0.1:${proxy.port}\\)$`)),
    })
    const other = get(`https://other.test:${registry.port}/`)
    await expect(transport({ ca: certificate.ca }).send(other)).rejects.toMatchObject({
      kind: 'tls',
      message: expect.stringMatching(/ERR_TLS_CERT_ALTNAME_INVALID/),
    })
    const insecureOrigins = new Set([new URL(url).origin])
    await expect(transport({ insecureOrigins }).send(get(url))).resolves.toMatchObject({ status: 200 })
  })

  test('plain HTTP goes through a tunnel too', async () => {
    const registry = await kept(listen(createHttpServer((_, response) => void response.end('plain'))))
    const proxy = await kept(connectProxy())
    vi.stubEnv('http_proxy', `127.0.0.1:${proxy.port}`)
    const response = await transport().send(get(`http://registry.test:${registry.port}/`))
    expect(response.body.toString()).toBe('plain')
    expect(proxy.asked).toHaveLength(1)
  })

  test('that itself speaks TLS, its certificate checked too', async () => {
    const { url } = await registryBehind()
    const proxy = await kept(
      connectProxy(200, await certificateFor(['127.0.0.1'], {}, certificate.authority)),
    )
    vi.stubEnv('HTTPS_PROXY', `https://127.0.0.1:${proxy.port}`)
    await expect(transport({ ca: certificate.ca }).send(get(url))).resolves.toMatchObject({ status: 200 })
    await expect(transport().send(get(url))).rejects.toMatchObject({
      message: `a test: no connection to the proxy 127.0.0.1:${proxy.port} (SELF_SIGNED_CERT_IN_CHAIN)`,
    })
  })

  test('loopback and NO_PROXY go direct', async () => {
    const { proxy, registry } = await registryBehind()
    vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${proxy.port}`)
    vi.stubEnv('NO_PROXY', 'elsewhere.invalid')
    const insecureOrigins = new Set([`https://127.0.0.1:${registry.port}`])
    await expect(
      transport({ insecureOrigins }).send(get([...insecureOrigins].join())),
    ).resolves.toMatchObject({ status: 200 })
    await expect(transport().send(get('https://elsewhere.invalid/'))).rejects.toMatchObject({
      kind: 'network',
    })
    expect(proxy.asked).toEqual([])
  })
})

describe('a proxy that', () => {
  test.each([
    [407, /^a test: the proxy 127\.0\.0\.1:\d+ wants credentials to reach registry\.test:\d+ \(407\)$/, 1],
    [403, /^a test: the proxy 127\.0\.0\.1:\d+ does not let us reach registry\.test:\d+ \(403\)$/, 1],
    [503, /does not let us reach registry\.test:\d+ \(503\)$/, 5],
  ])('answers %i is named', async (status, message, tries) => {
    const { proxy, url } = await registryBehind(status)
    vi.stubEnv('HTTPS_PROXY', `http://user:secret@127.0.0.1:${proxy.port}`)
    const sent = transport().send(get(url))
    await expect(sent).rejects.toMatchObject({ kind: 'network', message: expect.stringMatching(message) })
    await expect(sent).rejects.not.toMatchObject({ line: expect.stringMatching(/secret/) })
    expect(proxy.asked).toHaveLength(tries)
  })

  test('is not there is named', async () => {
    const { proxy, url } = await registryBehind()
    await proxy.stop()
    vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${proxy.port}`)
    await expect(transport().send(get(url))).rejects.toMatchObject({
      kind: 'network',
      message: `a test: no connection to the proxy 127.0.0.1:${proxy.port} (ECONNREFUSED)`,
    })
  })

  test('is silent does not hold us up', async () => {
    const silent = await kept(rawServer(() => undefined))
    vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${silent.port}`)
    const sent = transport({ limits: { idle: 30 } }).send(get('https://registry.test/'))
    await expect(sent).rejects.toMatchObject({
      kind: 'deadline',
      message: `a test: registry.test stopped responding (STALLED, 3 tries, through the proxy 127.0.0.1:${silent.port})`,
    })
  })

  test.each(['user:secret@proxy:3128', 'secret%%%', 'socks5://user:secret@127.0.0.1:1080'])(
    'is of another kind is refused without quoting it: %s',
    async (value) => {
      vi.stubEnv('HTTPS_PROXY', value)
      await expect(transport().send(get('https://registry.test/'))).rejects.toMatchObject({
        kind: 'input',
        message: 'the proxy for registry.test is neither an http:// nor an https:// address',
      })
    },
  )
})

test('dispose closes connections through a proxy, idle and half open', async () => {
  const { proxy, url } = await registryBehind()
  const silent = await kept(rawServer(() => undefined))
  vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${proxy.port}`)
  const opened = transport({ ca: certificate.ca })
  await opened.send(get(url))
  vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${silent.port}`)
  const pending = opened.send(get('https://other.test/'))
  await expect.poll(silent.open).toBe(1)
  opened.dispose()
  await expect(pending).rejects.toMatchObject({ message: expect.stringMatching(/closed by this action/) })
  await expect.poll(proxy.open).toBe(0)
  await expect.poll(silent.open).toBe(0)
})
