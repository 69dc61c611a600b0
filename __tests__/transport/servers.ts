import { createServer, type IncomingMessage, type Server as HttpServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { createServer as createTcpServer, connect, type Server, type Socket } from 'node:net'
import { generate } from 'selfsigned'
import type { Log } from '../../src/domain/ports.ts'
import { asTimestamp } from '../../src/domain/quantities/timestamp.ts'
import { createSend, type Transport, type TransportOptions } from '../../src/transport/send.ts'
import type { HttpRequest } from '../../src/transport/types.ts'
import type { Certificate } from '../support/loopback.ts'

/** A moment that the tests call now. */
export const now = asTimestamp(Date.UTC(2026, 0, 1, 12))

export interface TestTransport extends Transport {
  /** Waits that were asked for; none of them takes any time. */
  readonly waits: number[]
  readonly lines: string[]
}

/** A transport whose waits are recorded instead of waited, without chance. */
export function testTransport(options: Partial<TransportOptions> = {}): TestTransport {
  const waits: number[] = []
  const lines: string[] = []
  const record: Log['debug'] = (line) => void lines.push(line)
  const transport = createSend({
    userAgent: 'warden-test/1',
    insecureOrigins: new Set(),
    ca: null,
    env: process.env,
    clock: () => now,
    random: () => 0,
    sleep: (milliseconds) => Promise.resolve(waits.push(milliseconds)),
    log: { debug: record, info: record },
    ...options,
  })
  return { ...transport, waits, lines }
}

/** A GET of up to 1 MiB. */
export function get(url: string | URL, change: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'GET', url: new URL(url), maxBytes: 2 ** 20, purpose: 'a test', ...change }
}

export interface Port {
  readonly port: number
  /** Connections taken so far. */
  readonly taken: () => number
  /** Connections open now. */
  readonly open: () => number
  readonly stop: () => Promise<void>
}

/** Listens on loopback, counts connections, and can hang up on all of them. */
export async function listen(server: Server, host = '127.0.0.1'): Promise<Port> {
  const sockets = new Set<Socket>()
  let taken = 0
  server.on('connection', (socket: Socket) => {
    taken += 1
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      for (const socket of sockets) socket.destroy()
    })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  return { port: address.port, taken: () => taken, open: () => sockets.size, stop }
}

/**
 * A server that speaks bytes: for each request head it is given the socket, and the number of the request
 * from 1.
 */
export function rawServer(answer: (socket: Socket, count: number) => void): Promise<Port> {
  let count = 0
  return listen(
    createTcpServer((socket) => {
      socket.on('data', (data) => {
        if (data.includes('\r\n\r\n')) answer(socket, (count += 1))
      })
    }),
  )
}

export interface TestProxy extends Port {
  /** The targets of CONNECT, and the Proxy-Authorization that came along. */
  readonly asked: { readonly target: string; readonly authorization: string | null }[]
}

/** A CONNECT proxy that leads every name to loopback, or answers with `status` instead. */
export async function connectProxy(status = 200, certificate?: Certificate): Promise<TestProxy> {
  const asked: TestProxy['asked'] = []
  const server: HttpServer = certificate ? createTlsServer(certificate) : createServer()
  server.on('connect', (request: IncomingMessage, client: Socket) => {
    const target = request.url ?? ''
    asked.push({ target, authorization: request.headers['proxy-authorization'] ?? null })
    if (status !== 200) {
      client.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\n\r\n`)
      return
    }
    const upstream = connect(Number(target.split(':').at(-1)), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      upstream.pipe(client).pipe(upstream)
    })
    upstream.on('error', () => client.destroy())
    upstream.on('close', () => client.destroy())
    client.on('error', () => upstream.destroy())
    client.on('close', () => upstream.destroy())
  })
  return { ...(await listen(server)), asked }
}

export interface SignedCertificate extends Certificate {
  /** The certificate of the authority that signed it. */
  readonly ca: string
  readonly authority: Certificate
}

/** A certificate for `names`, signed by the given authority or a new one. */
export async function certificateFor(
  names: readonly string[],
  change: { readonly notAfterDate?: Date } = {},
  authority?: Certificate,
): Promise<SignedCertificate> {
  const ca = authority ?? (await newAuthority())
  const altNames = names.map((name) =>
    /^[\d.]+$/.test(name) ? { type: 7 as const, ip: name } : { type: 2 as const, value: name },
  )
  const leaf = await generate([{ name: 'commonName', value: names[0] ?? '' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    ca,
    extensions: [
      { name: 'basicConstraints', cA: false },
      { name: 'subjectAltName', altNames },
    ],
    ...(change.notAfterDate ? { notBeforeDate: new Date(0), notAfterDate: change.notAfterDate } : {}),
  })
  return { key: leaf.private, cert: leaf.cert, ca: ca.cert, authority: ca }
}

async function newAuthority(): Promise<Certificate> {
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'Warden Test CA' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true },
    ],
  })
  return { key, cert }
}
