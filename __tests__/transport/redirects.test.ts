import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decideRedirect, type RedirectQuestion } from '../../src/transport/redirects.ts'

function ask(change: Partial<Omit<RedirectQuestion, 'url'>> & { url?: string }) {
  const { url = 'https://registry.test/v2/a/blobs/x', ...rest } = change
  return decideRedirect({
    method: 'GET',
    status: 307,
    location: null,
    hops: 0,
    maxHops: 5,
    ...rest,
    url: new URL(url),
  })
}

describe('what is followed', () => {
  test.each([
    ['https://bucket.test/x?sig=1', 'https://bucket.test/x?sig=1'],
    ['/v2/other', 'https://registry.test/v2/other'],
    ['other', 'https://registry.test/v2/a/blobs/other'],
    ['?page=2', 'https://registry.test/v2/a/blobs/x?page=2'],
    ['//cdn.test/x', 'https://cdn.test/x'],
    ['https://registry.test:8443/x', 'https://registry.test:8443/x'],
  ])('%s', (location, expected) => {
    expect(ask({ location })).toEqual({ kind: 'follow', url: new URL(expected) })
  })

  test.each([301, 302, 303, 307, 308])('status %i, for HEAD too', (status) => {
    expect(ask({ status, method: 'HEAD', location: '/x' }).kind).toBe('follow')
  })

  test('http to https, and on within http', () => {
    expect(ask({ url: 'http://registry.test/', location: 'https://registry.test/' }).kind).toBe('follow')
    expect(ask({ url: 'http://registry.test/', location: 'http://s3.test/' }).kind).toBe('follow')
  })
})

describe('what is refused', () => {
  test.each([
    ['http://registry.test/x', 'it leads from https to http (registry.test)'],
    ['ftp://registry.test/x', 'ftp: is not followed'],
    ['file:///etc/passwd', 'file: is not followed'],
    ['data:text/plain,x', 'data: is not followed'],
    ['https://user:pass@registry.test/', 'its location holds a user name'],
    ['https://127.0.0.1/', 'it leads to the private address 127.0.0.1'],
    ['https://0x7f.1:8443/', 'it leads to the private address 127.0.0.1:8443'],
    ['https://[::ffff:169.254.169.254]/', 'it leads to the private address [::ffff:a9fe:a9fe]'],
    ['https://', 'its location is not a URL'],
    ['https://a b/', 'its location is not a URL'],
  ])('%s', (location, why) => {
    expect(ask({ location })).toEqual({ kind: 'refuse', why })
  })

  test('the hop after the last one allowed', () => {
    expect(ask({ location: '/x', hops: 4 }).kind).toBe('follow')
    expect(ask({ location: '/x', hops: 5 })).toEqual({
      kind: 'refuse',
      why: 'more than 5 redirects in a row',
    })
  })
})

describe('what is an answer', () => {
  test.each([200, 300, 304, 305, 306, 404, 500])('status %i with a location', (status) => {
    expect(ask({ status, location: '/x' })).toEqual({ kind: 'answer' })
  })

  test('a redirect without a location', () => {
    expect(ask({ status: 302, location: null })).toEqual({ kind: 'answer' })
  })

  test.each(['POST', 'PUT', 'DELETE'] as const)('a redirected %s', (method) => {
    expect(ask({ method, location: 'https://evil.test/' })).toEqual({ kind: 'answer' })
  })
})

test('no location whatsoever leads from https anywhere but to https, with neither user nor error', () => {
  const location = fc.oneof(
    fc.webUrl(),
    fc.string(),
    fc.constantFrom('http:/x', 'HTTP://a', '\\\\evil', 'javascript:0'),
  )
  fc.assert(
    fc.property(location, (text) => {
      const decision = ask({ location: text })
      if (decision.kind !== 'follow') return
      expect(decision.url).toMatchObject({ protocol: 'https:', username: '', password: '' })
    }),
  )
})
