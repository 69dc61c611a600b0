import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer, request as sendOn } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { generate } from 'selfsigned'
import { serve, type Certificate, type Served } from './loopback.ts'

/** A request under the name that it was sent to. */
export interface NamedRequest {
  readonly method: string
  readonly host: string
  /** with query */
  readonly path: string
  readonly status: number
  /** the action of an AWS API; null: of none */
  readonly target: string | null
}

/** An answer that comes instead of the server's. */
export interface Fault {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

/** Servers of this process under the names of public ones, over TLS. */
export interface NamedHosts {
  readonly requests: NamedRequest[]
  /** asked before each request; what it returns is the answer instead */
  fault: (asked: Pick<NamedRequest, 'method' | 'host' | 'path' | 'target'>) => Fault | null
  /** what makes the action find them, and nothing else */
  readonly env: Readonly<Record<'HTTPS_PROXY' | 'NODE_EXTRA_CA_CERTS', string>>
  readonly stop: () => Promise<void>
}

/**
 * Serves each origin (`http://127.0.0.1:…`) under a name such as `ghcr.io`: an HTTPS proxy leads there, as a
 * company's would, so the action keeps the addresses that it has in earnest.
 */
export async function serveNamed(origins: Readonly<Record<string, string>>): Promise<NamedHosts> {
  const certificate = await certificateFor(Object.keys(origins))
  const requests: NamedRequest[] = []
  const front = await serve(async (request, response) => {
    const { method = '', url: path = '/' } = request
    const host = (request.headers.host ?? '').replace(/:443$/, '')
    const target = String(request.headers['x-amz-target'] ?? '') || null
    response.once('finish', () => {
      requests.push({ method, host, path, status: response.statusCode, target })
    })
    const fault = named.fault({ method, host, path, target })
    if (fault === null) await passOn(request, response, origins[host]!)
    else response.writeHead(fault.status, fault.headers).end(fault.body)
  }, certificate)
  const proxy = await startTunnels((host) => (host in origins ? front.host : null))
  const folder = await mkdtemp(join(tmpdir(), 'named-'))
  await writeFile(join(folder, 'ca.pem'), certificate.cert)
  const named: NamedHosts = {
    requests,
    fault: () => null,
    env: { HTTPS_PROXY: proxy.origin, NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem') },
    stop: async () => {
      await Promise.all([proxy.stop(), front.stop(), rm(folder, { recursive: true, force: true })])
    },
  }
  return named
}

async function passOn(request: IncomingMessage, response: ServerResponse, origin: string): Promise<void> {
  const { method, url, headers } = request
  const upstream = sendOn(new URL(url ?? '/', origin), {
    method,
    headers: { ...headers, 'x-forwarded-proto': 'https' },
    setHost: false,
  })
  const [answer] = await Promise.all([
    new Promise<IncomingMessage>((resolve, reject) => {
      upstream.once('response', resolve)
      upstream.once('error', reject)
    }),
    pipeline(request, upstream),
  ])
  const lines = answer.rawHeaders.flatMap((name, position) =>
    position % 2 === 0 ? [[name, answer.rawHeaders[position + 1] ?? ''] as const] : [],
  )
  for (const [name, value] of lines) response.appendHeader(name, value)
  response.writeHead(answer.statusCode ?? 502)
  await pipeline(answer, response)
}

const certificates = new Map<string, Promise<Certificate>>()

/** One certificate for all hosts, its own authority; made once for all tests of a file. */
export function certificateFor(hosts: readonly string[]): Promise<Certificate> {
  const known = certificates.get(hosts.join()) ?? makeCertificate(hosts)
  certificates.set(hosts.join(), known)
  return known
}

async function makeCertificate(hosts: readonly string[]): Promise<Certificate> {
  const pair = await generate([{ name: 'commonName', value: 'named hosts' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: hosts.map((value) => ({ type: 2 as const, value })) },
    ],
  })
  return { key: pair.private, cert: pair.cert }
}

/**
 * An HTTPS proxy that leads real host names to servers of this process, and to nothing else: no test can
 * reach the internet.
 * @param leadTo `127.0.0.1:port` for a name; null: there is no such host
 */
export async function startTunnels(
  leadTo: (host: string) => string | null,
): Promise<Pick<Served, 'origin' | 'stop'>> {
  const open = new Set<Socket>()
  const server = createServer((_, response) => response.writeHead(405).end())
  server.on('connect', (request, client: Socket) => {
    const [address, port] = leadTo((request.url ?? '').replace(/:443$/, ''))?.split(':') ?? []
    open.add(client.on('error', () => {}))
    if (address === undefined) {
      client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
      return
    }
    const upstream = connect(Number(port), address)
    open.add(upstream.on('error', () => client.destroy()))
    client.write('HTTP/1.1 200 Connection established\r\n\r\n')
    upstream.pipe(client).pipe(upstream)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port')
  return {
    origin: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      for (const socket of open) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
