import { expect, test } from 'vitest'
import { isPullLimit } from '../../src/transport/pull-limit.ts'

function answer(host: string, status: number, body: string, remaining?: string) {
  const headers = new Map(remaining === undefined ? [] : [['ratelimit-remaining', [remaining]]])
  return { status, headers, body: Buffer.from(body), url: new URL(`https://${host}/v2/`) }
}

const hub = 'registry-1.docker.io'
const sentence = 'You have reached your pull rate limit. You may increase the limit by authenticating'

test.each([
  answer(hub, 429, sentence),
  answer(hub, 429, `{"errors":[{"code":"TOOMANYREQUESTS","message":"${sentence}"}]}`),
  answer('auth.docker.io', 429, 'TOOMANYREQUESTS'),
  answer(hub, 429, '', '0;w=21600'),
])('waiting does not help: %#', (response) => {
  expect(isPullLimit(response)).toBe(true)
})

test.each([
  // the limit against abuse passes within seconds
  answer(hub, 429, 'Too Many Requests'),
  answer(hub, 429, '', '20;w=21600'),
  answer(hub, 200, '', '0;w=21600'),
  // its API has a limit of its own
  answer('hub.docker.com', 429, '{"errors":[{"code":"TOOMANYREQUESTS"}]}'),
  answer('ghcr.io', 429, sentence),
  answer('evildocker.io', 429, sentence),
])('waiting may help: %#', (response) => {
  expect(isPullLimit(response)).toBe(false)
})
