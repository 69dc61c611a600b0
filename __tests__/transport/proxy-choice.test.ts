import { describe, expect, test } from 'vitest'
import { proxyFor } from '../../src/transport/proxy.ts'

const PROXY = 'http://proxy.test:3128'

function through(target: string, noProxy: string): boolean {
  return proxyFor(new URL(target), { HTTPS_PROXY: PROXY, HTTP_PROXY: PROXY, NO_PROXY: noProxy }) !== null
}

describe('NO_PROXY', () => {
  test.each([
    ['10.0.0.0/8', 'https://10.1.2.3/v2/', false],
    ['10.0.0.0/8', 'https://11.1.2.3/v2/', true],
    ['10.0.0.0/8', 'https://10.example/v2/', true],
    ['192.168.0.0/16, 10.0.0.0/8', 'https://10.1.2.3:5000/', false],
    ['fd00::/8', 'https://[fd12::1]:5000/', false],
    ['fd00::/8', 'https://[fe12::1]:5000/', true],
    ['10.0.0.0/99', 'https://10.1.2.3/', true],
    ['10.1.2.3', 'https://10.1.2.3/', false],
    ['1.2.3', 'https://10.1.2.3/', true],
    ['10.1.2.3:5000', 'https://10.1.2.3:5000/', false],
    ['10.1.2.3:5000', 'https://10.1.2.3/', true],
    ['[fd12::1]:5000', 'https://[fd12::1]:5000/', false],
    ['fd12::1', 'https://[fd12::1]:5000/', false],
    ['registry.corp', 'https://registry.corp/', false],
    ['corp', 'https://registry.corp/', false],
    ['.corp', 'https://registry.corp/', false],
    ['*.corp', 'https://registry.corp/', false],
    ['CORP', 'https://registry.corp/', false],
    ['corp', 'https://notcorp/', true],
    ['registry.corp:443', 'https://registry.corp/', false],
    ['registry.corp:443', 'http://registry.corp/', true],
    ['*', 'https://registry.corp/', false],
    ['', 'https://registry.corp/', true],
    [',, .', 'https://registry.corp/', true],
  ])('%j: %s through the proxy: %s', (noProxy, target, expected) => {
    expect(through(target, noProxy)).toBe(expected)
  })
})

describe('loopback', () => {
  test.each([
    ['http://localhost:5000/', false],
    ['http://127.0.0.1:5000/', false],
    ['http://127.8.8.8/', false],
    ['http://[::1]:5000/', false],
    ['http://127.0.0.1.evil.example/', true],
    ['http://localhost.evil.example/', true],
    ['http://evil.localhost/', true],
    ['http://127.evil.example/', true],
  ])('%s goes through the proxy: %s', (target, expected) => {
    expect(through(target, '')).toBe(expected)
  })
})

test('the variable of the scheme counts, the lower-case one first', () => {
  const env = { HTTP_PROXY: 'http://plain:1', HTTPS_PROXY: 'http://upper:2', https_proxy: 'lower:3' }
  expect(proxyFor(new URL('https://a.test/'), env)?.host).toBe('lower:3')
  expect(proxyFor(new URL('http://a.test/'), env)?.host).toBe('plain:1')
  expect(proxyFor(new URL('http://a.test/'), { https_proxy: 'lower:3' })).toBeNull()
})
