import { describe, expect, test } from 'vitest'
import { get } from './servers.ts'
import { flaky, serve, transport } from './stage.ts'

/** What a transport says of its exchanges; times are not looked at. */
function traced() {
  const lines: string[] = []
  const { send, lines: logged } = transport({
    trace: (line) => void lines.push(line.replace(/ \d+ ms$/, ' … ms')),
  })
  return { send, lines, logged }
}

describe('the trace of exchanges', () => {
  test('has a line for each, without query, headers and userinfo', async () => {
    const blobs = await serve((_, response) => void response.end('blob'))
    const origin = await serve(
      (_, response) =>
        void response.writeHead(307, { location: `${blobs}/store/x?X-Amz-Signature=secret-1` }).end(),
    )
    const { send, lines } = traced()
    await send(get(`${origin}/v2/a/blobs/x?token=secret-2`, { authorization: 'Bearer secret-3' }))
    expect(lines).toEqual([`GET ${origin}/v2/a/blobs/x 307 … ms`, `GET ${blobs}/store/x 200 … ms`])
  })

  test('has one for each try, and for an exchange without an answer', async () => {
    const { origin } = await flaky([503], [200])
    const { send, lines } = traced()
    await send(get(`${origin}/v2/`))
    expect(lines).toEqual([`GET ${origin}/v2/ 503 … ms`, `GET ${origin}/v2/ 200 … ms`])
    lines.length = 0
    await expect(send(get('http://127.0.0.1:9/v2/', { repeat: 'never' }))).rejects.toThrow('127.0.0.1:9')
    expect(lines[0]).toBe('GET http://127.0.0.1:9/v2/ ECONNREFUSED … ms')
  })

  test('costs nothing where nobody reads it', async () => {
    const { origin } = await flaky()
    const { send, lines } = transport()
    await send(get(`${origin}/v2/`))
    expect(lines).toEqual([])
  })
})
