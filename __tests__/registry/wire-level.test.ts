import { createServer } from 'node:http'
import type { RequestListener } from 'node:http'
import { gzipSync } from 'node:zlib'

import { afterEach, describe, expect, test } from 'vitest'

import { asTimestamp } from '../../src/domain/quantities/timestamp.ts'
import { createRegistryClient } from '../../src/registry/client.ts'
import { createSend } from '../../src/transport/send.ts'
import { imageManifest, json, OCI_IMAGE, sha256 } from '../wire/documents.ts'
import { tag } from './fake-registry.ts'

const closers: (() => void)[] = []
afterEach(() => {
  closers.splice(0).forEach((close) => close())
})

const silent = () => undefined
const log = { debug: silent, info: silent, notice: silent, warning: silent }

/** The client over the real transport, on a server on loopback that needs no login. */
async function serve(listener: RequestListener) {
  const server = createServer(listener)
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const transport = createSend({
    userAgent: 'test',
    insecureOrigins: new Set(),
    ca: null,
    env: process.env,
    clock: () => asTimestamp(Date.now()),
    log,
    sleep: async () => undefined,
  })
  closers.push(() => {
    transport.dispose()
    server.closeAllConnections()
    server.close()
  })
  const registry = {
    host: `127.0.0.1:${port}`,
    origin: `http://127.0.0.1:${port}`,
    provider: 'generic',
  } as const
  return createRegistryClient({ send: (request) => transport.send(request), log }).open({
    registry,
    path: 'team/app',
  })
}

const IMAGE = json(imageManifest())

describe('over the real transport', () => {
  test('a manifest that is gzipped without being asked for is the manifest', async () => {
    const repository = await serve((_, response) => {
      response.writeHead(200, { 'content-type': OCI_IMAGE, 'content-encoding': 'gzip' }).end(gzipSync(IMAGE))
    })
    expect(await repository.manifest(tag('v1'))).toMatchObject({ digest: sha256(IMAGE), size: IMAGE.length })
  })

  test('a manifest of 5 MiB is refused', async () => {
    const repository = await serve((_, response) => {
      response.writeHead(200, { 'content-type': OCI_IMAGE }).end(Buffer.alloc(5 * 1024 * 1024, ' '))
    })
    await expect(repository.manifest(tag('v1'))).rejects.toMatchObject({ kind: 'protocol' })
  })

  test('a redirect to a login page is not a registry', async () => {
    const repository = await serve((request, response) => {
      if (request.url === '/login')
        response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Sign in</html>')
      else response.writeHead(302, { location: '/login' }).end()
    })
    await expect(repository.manifest(tag('v1'))).rejects.toThrow(/is not a registry/)
  })

  test('the length of a blob comes from HEAD, behind a redirect too, or from the range of one byte', async () => {
    const requests: string[] = []
    const repository = await serve((request, response) => {
      requests.push(`${request.method} ${request.url?.slice(0, 9)} ${request.headers.range ?? ''}`.trim())
      const isSmall = request.url?.includes(sha256('small')) === true
      if (isSmall) response.writeHead(307, { location: '/storage/x' }).end()
      else if (request.url === '/storage/x') response.writeHead(200, { 'content-length': '42' }).end()
      else if (request.method === 'HEAD') response.writeHead(403).end()
      else response.writeHead(206, { 'content-range': 'bytes 0-0/4242', 'content-length': '1' }).end('x')
    })
    expect(await repository.blobSize(sha256('small'))).toBe(42)
    expect(await repository.blobSize(sha256('large'))).toBe(4242)
    expect(requests).toEqual([
      'HEAD /v2/team/',
      'HEAD /storage/',
      'HEAD /v2/team/',
      'GET /v2/team/ bytes=0-0',
    ])
  })

  test('tags in any writing system stay out of the list, and out of the way', async () => {
    const repository = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' })
      response.end(JSON.stringify({ tags: ['größe', '::add-mask::x', '日本', 'v1'] }))
    })
    expect(await repository.tags()).toEqual(['v1'])
  })
})
