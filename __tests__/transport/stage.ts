import { onTestFinished } from 'vitest'
import { type Handler, serve as serveOn } from '../support/loopback.ts'
import { type TestTransport, testTransport } from './servers.ts'

/** Ends with the test. */
export function untilTheEnd(cleanup: () => unknown): void {
  onTestFinished(async () => void (await cleanup()))
}

/** Serves until the end of the test; gives the origin. */
export async function serve(handler: Handler): Promise<string> {
  const { origin, stop } = await serveOn(handler)
  untilTheEnd(stop)
  return origin
}

/** A transport until the end of the test. */
export function transport(options: Parameters<typeof testTransport>[0] = {}): TestTransport {
  const opened = testTransport(options)
  untilTheEnd(opened.dispose)
  return opened
}

export type Answer = [status: number, headers?: Record<string, string>, body?: string]

/** A server that answers each request with the next of these statuses, and with 200 from then on. */
export async function flaky(...answers: Answer[]) {
  const seen: string[] = []
  const origin = await serve((request, response) => {
    seen.push(`${request.method} ${request.url}`)
    const [status, headers = {}, body = ''] = answers.shift() ?? [200, {}, 'fine']
    response.writeHead(status, headers).end(body)
  })
  return { origin, seen }
}
