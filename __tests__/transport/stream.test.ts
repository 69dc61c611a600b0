import { buffer } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import type { HttpResponse } from '../../src/transport/types.ts'
import { get } from './servers.ts'
import { serve, transport } from './stage.ts'

const asked = (url: string) => get(url, { responseBody: 'stream', maxBytes: 1000 })

function streamOf({ stream }: HttpResponse) {
  if (stream === undefined) throw new Error('the answer has no stream')
  return stream
}

describe('a body that is read as it arrives', () => {
  test('may be larger than any cap, and longer under way than any request', async () => {
    const origin = await serve((_, response) => {
      response.writeHead(200).flushHeaders()
      let sent = 0
      const timer = setInterval(() => {
        response.write(Buffer.alloc(1000, sent))
        sent += 1
        if (sent === 5) {
          clearInterval(timer)
          response.end()
        }
      }, 250)
    })
    const { send, stats } = transport({ limits: { whole: 1000 } })
    const response = await send(asked(origin))
    expect(response.body).toHaveLength(0)
    const body = await buffer(streamOf(response).chunks)
    expect(body).toEqual(Buffer.concat([0, 1, 2, 3, 4].map((value) => Buffer.alloc(1000, value))))
    expect(stats().bytes).toBe(5000)
  })

  test('holds its connection until it is read or cancelled, and no longer', async () => {
    const origin = await serve((_, response) => void response.writeHead(200).end(Buffer.alloc(100_000)))
    const { send } = transport({ concurrency: 1 })
    await buffer(streamOf(await send(asked(origin))).chunks)
    streamOf(await send(asked(origin))).cancel()
    for await (const chunk of streamOf(await send(asked(origin))).chunks) {
      expect(chunk.length).toBeGreaterThan(0)
      break
    }
    expect((await send(get(origin))).body).toHaveLength(100_000)
  })

  test('is not a body where the status is another: errors are read, redirects followed without credentials', async () => {
    const seen: (string | undefined)[] = []
    const storage = await serve((request, response) => {
      seen.push(request.headers.authorization, request.headers.range)
      response.writeHead(206).end('part')
    })
    const origin = await serve((request, response) => {
      if (request.url === '/missing') response.writeHead(404).end('gone')
      else response.writeHead(307, { location: `${storage}/blob` }).end()
    })
    const { send } = transport()
    const missing = await send(asked(`${origin}/missing`))
    expect([missing.status, missing.body.toString(), missing.stream]).toEqual([404, 'gone', undefined])
    const request = { ...asked(origin), authorization: 'Bearer secret', headers: { range: 'bytes=0-3' } }
    expect((await buffer(streamOf(await send(request)).chunks)).toString()).toBe('part')
    expect(seen).toEqual([undefined, 'bytes=0-3'])
  })

  test.each([
    ['stops arriving', {}, { kind: 'deadline' }],
    ['is cut short', { cut: true }, { kind: 'network' }],
    ['is compressed on its way', { encoding: 'gzip' }, { kind: 'protocol' }],
  ] as const)('fails with an error of ours when it %s', async (_, how, expected) => {
    const origin = await serve((request, response) => {
      const encoding = 'encoding' in how ? { 'content-encoding': how.encoding } : {}
      response.writeHead(200, { 'content-length': 100, ...encoding })
      response.write('half', () => void ('cut' in how && request.socket.destroy()))
    })
    const { send } = transport({ limits: { idle: 100, maxTries: 1 } })
    const response = await send(asked(origin))
    await expect(buffer(streamOf(response).chunks)).rejects.toMatchObject({
      name: 'WardenError',
      ...expected,
    })
  })
})
