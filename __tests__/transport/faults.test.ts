import { execFile } from 'node:child_process'
import type { Socket } from 'node:net'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { WardenError } from '../../src/domain/errors.ts'
import { get, type Port, rawServer, testTransport } from './servers.ts'
import { transport, untilTheEnd } from './stage.ts'

const run = promisify(execFile)

async function serve(
  answer: (socket: Socket, count: number) => void,
): Promise<Port & { readonly url: string }> {
  const server = await rawServer(answer)
  untilTheEnd(server.stop)
  return { ...server, url: `http://127.0.0.1:${server.port}/v2/?token=secret` }
}

const fine = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfine'
const half = 'HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nfi'

async function failureOf(sent: Promise<unknown>): Promise<WardenError> {
  const error: unknown = await sent.then(
    () => null,
    (reason: unknown) => reason,
  )
  if (!(error instanceof WardenError)) throw new Error(`expected a WardenError, got ${String(error)}`)
  expect(error.line).not.toMatch(/secret/)
  return error
}

describe('what is retried until it works', () => {
  test.each<[string, (socket: Socket) => void]>([
    ['a reset before the answer', (socket) => socket.resetAndDestroy()],
    ['a close before the answer', (socket) => socket.end()],
    [
      'a reset in mid-body',
      (socket) => socket.write(half, () => setImmediate(() => socket.resetAndDestroy())),
    ],
    ['a body shorter than announced', (socket) => socket.end(half)],
    [
      'chunks without an end',
      (socket) => socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nfi\r\n'),
    ],
    ['headers without an end', (socket) => socket.end('HTTP/1.1 200 OK\r\nContent-')],
  ])('%s', async (_, fault) => {
    const server = await serve((socket, count) => (count <= 2 ? fault(socket) : socket.end(fine)))
    const { send, waits } = transport()
    const response = await send(get(server.url))
    expect(response.body.toString()).toBe('fine')
    expect(waits).toEqual([125, 250])
  })

  test.each<[string, string]>([
    ['in the headers', ''],
    ['in mid-headers', 'HTTP/1.1 200 OK\r\n'],
    ['in mid-body', half],
  ])('silence %s', async (_, text) => {
    const server = await serve((socket, count) => void socket.write(count === 1 ? text : fine))
    const response = await transport({ limits: { idle: 60 } }).send(get(server.url))
    expect(response.body.toString()).toBe('fine')
  })
})

describe('what stays broken', () => {
  test('resets', async () => {
    const server = await serve((socket) => socket.resetAndDestroy())
    const error = await failureOf(transport().send(get(server.url)))
    const host = `127.0.0.1:${server.port}`
    expect(error).toMatchObject({
      kind: 'network',
      message: `a test: ${host} closed the connection (ECONNRESET, 5 tries)`,
      exchange: { method: 'GET', url: `http://${host}/v2/`, status: null, codes: [] },
    })
  })

  test('bodies that break off', async () => {
    const server = await serve((socket) => socket.end(half))
    const error = await failureOf(transport().send(get(server.url)))
    expect(error).toMatchObject({
      kind: 'network',
      message: expect.stringMatching(/closed the connection mid-response \(CUT, 5 tries\)$/),
    })
  })

  test('silence, tried three times', async () => {
    const server = await serve(() => undefined)
    const error = await failureOf(transport({ limits: { idle: 20 } }).send(get(server.url)))
    expect(error).toMatchObject({
      kind: 'deadline',
      message: expect.stringMatching(/stopped responding \(STALLED, 3 tries\)$/),
    })
  })

  test('an answer that drips, tried once', async () => {
    const server = await serve((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n')
      const drip = setInterval(() => socket.write('.'), 10)
      socket.on('close', () => clearInterval(drip))
    })
    const error = await failureOf(transport({ limits: { idle: 1000, whole: 100 } }).send(get(server.url)))
    expect(error).toMatchObject({
      kind: 'deadline',
      message: expect.stringMatching(/took too long to answer \(OVERDUE\)$/),
    })
    expect(server.taken()).toBe(1)
  })

  test('a port where nothing listens, tried twice', async () => {
    const server = await serve(() => undefined)
    await server.stop()
    const error = await failureOf(transport().send(get(server.url)))
    expect(error).toMatchObject({
      kind: 'network',
      message: expect.stringMatching(/nothing answers at .* \(ECONNREFUSED, 2 tries\)$/),
    })
  })

  test('a host that does not exist', async () => {
    const error = await failureOf(transport().send(get('http://no-such-host.invalid/')))
    expect(error).toMatchObject({ kind: 'network', message: expect.stringMatching(/no-such-host\.invalid/) })
  })

  test('headers over the limit of Node', async () => {
    const server = await serve((socket) =>
      socket.end(`HTTP/1.1 200 OK\r\nX-Much: ${'x'.repeat(20_000)}\r\n\r\n`),
    )
    const error = await failureOf(transport().send(get(server.url)))
    expect(error).toMatchObject({
      kind: 'protocol',
      message: expect.stringMatching(/larger than 16 KiB \(HPE_HEADER_OVERFLOW\)$/),
    })
  })

  test('something that is not HTTP', async () => {
    const server = await serve((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n'))
    const error = await failureOf(transport().send(get(server.url)))
    expect(error).toMatchObject({
      kind: 'protocol',
      message: expect.stringMatching(/does not answer in HTTP/),
    })
  })
})

describe('a kept-alive connection that the server closed meanwhile', () => {
  function closing(): Promise<Port & { readonly url: string }> {
    // answers the first request of each connection and resets on the second
    const known = new WeakSet<Socket>()
    return serve((socket) => {
      if (known.has(socket)) socket.resetAndDestroy()
      else socket.write(fine)
      known.add(socket)
    })
  }

  test('costs neither a wait nor a try on its dead siblings', async () => {
    const server = await closing()
    const { send, waits, stats } = transport()
    await Promise.all([1, 2, 3].map(() => send(get(server.url))))
    const response = await send(get(server.url))
    expect(response.body.toString()).toBe('fine')
    expect(waits).toEqual([])
    expect(stats()).toMatchObject({ requests: 5, retries: 1, connections: 4 })
  })

  test('fails a request that must not be repeated', async () => {
    const server = await closing()
    const { send } = transport()
    await send(get(server.url))
    const error = await failureOf(send(get(server.url, { method: 'POST', body: 'x' })))
    expect(error.kind).toBe('network')
  })
})

describe('the end', () => {
  test('of the run ends a request that hangs', async () => {
    const run = new AbortController()
    const server = await serve(() => run.abort())
    const error = await failureOf(transport({ signal: run.signal }).send(get(server.url)))
    expect(error).toMatchObject({ kind: 'deadline', advice: 'Raise max-duration' })
    expect(error.message).toMatch(/the time for this run is over/)
  })

  test('of the run lets nothing begin', async () => {
    const server = await serve((socket) => socket.end(fine))
    const { send, stats } = transport({ signal: AbortSignal.abort() })
    const error = await failureOf(send(get(server.url)))
    expect(error.kind).toBe('deadline')
    expect(stats().requests).toBe(0)
  })

  test('of the transport lets the process end, although the server keeps the connection open', async () => {
    const server = await serve((socket) => void socket.write(fine))
    const source = new URL('../../src/transport/send.ts', import.meta.url)
    const script = `
      import { createSend } from '${source.href}'
      const log = { debug() {}, info() {} }
      const { send, dispose } = createSend({ userAgent: 'x', insecureOrigins: new Set(), ca: null, env: process.env, clock: Date.now, log })
      const { body } = await send({ method: 'GET', url: new URL('${server.url}'), maxBytes: 9, purpose: 'x' })
      process.stdout.write(body)
      dispose()`
    const { stdout } = await run(process.execPath, ['--no-warnings', '--input-type=module', '-e', script])
    expect(stdout).toBe('fine')
    await expect.poll(server.open).toBe(0)
  })

  test('of the transport closes connections idle and busy', async () => {
    const opened = testTransport()
    const server = await serve((socket, count) => (count === 1 ? void socket.write(fine) : opened.dispose()))
    await opened.send(get(server.url))
    const error = await failureOf(opened.send(get(server.url)))
    expect(error.message).toMatch(/closed by this action/)
    await expect.poll(server.open).toBe(0)
    expect((await failureOf(opened.send(get(server.url)))).message).toMatch(/closed by this action/)
  })
})
