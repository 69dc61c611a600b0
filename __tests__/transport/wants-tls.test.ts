import { createServer } from 'node:https'
import { describe, expect, test } from 'vitest'
import { get, listen } from './servers.ts'
import { serve, transport, untilTheEnd } from './stage.ts'

const GO = 'Client sent an HTTP request to an HTTPS server.\n'
const NGINX = '<html><head><title>400 The plain HTTP request was sent to HTTPS port</title></head></html>'

describe('a port that speaks TLS, asked in plain HTTP', () => {
  test.each([GO, NGINX])('is recognised by %j', async (body) => {
    const origin = await serve((_, response) => void response.writeHead(400).end(body))
    const { host } = new URL(origin)
    await expect(transport().send(get(`${origin}/v2/`))).rejects.toMatchObject({
      kind: 'tls',
      line: expect.stringContaining(
        `${host} speaks TLS, and was asked in plain HTTP. Choose that by registry: https://${host}`,
      ),
    })
  })

  test.each([
    [400, 'bad request'],
    [200, GO],
    [404, GO],
  ])('is nothing else (%i %j)', async (status, body) => {
    const origin = await serve((_, response) => void response.writeHead(status).end(body))
    const response = await transport().send(get(`${origin}/v2/`))
    expect(response.status).toBe(status)
  })

  test('of Node hangs up, which says nothing about TLS', async () => {
    const server = await listen(createServer())
    untilTheEnd(server.stop)
    await expect(transport().send(get(`http://127.0.0.1:${server.port}/v2/`))).rejects.toMatchObject({
      kind: 'network',
    })
  })
})
