import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { hostScope, mayReach, printableUrl, sameOrigin } from '../../src/transport/origin.ts'

describe('sameOrigin', () => {
  test.each([
    ['https://ghcr.io/v2/', 'https://ghcr.io:443/token', true],
    ['https://GHCR.io/v2/', 'https://ghcr.io/', true],
    ['http://[::1]:5000/', 'http://[0:0:0:0:0:0:0:1]:5000/', true],
    ['https://ghcr.io/', 'http://ghcr.io/', false],
    ['https://ghcr.io/', 'https://ghcr.io:8443/', false],
    ['https://ghcr.io/', 'https://evil.ghcr.io/', false],
    ['file:///a', 'file:///b', false],
  ])('%s and %s: %s', (a, b, expected) => {
    expect(sameOrigin(new URL(a), new URL(b))).toBe(expected)
  })
})

test('a printed URL shows neither query nor user', () => {
  const url = new URL('https://user:pass@bucket.s3.test/blob/sha256?X-Amz-Signature=abc#part')
  expect(printableUrl(url)).toBe('https://bucket.s3.test/blob/sha256')
})

describe('hostScope', () => {
  test.each([
    ['127.0.0.1', 'loopback'],
    ['127.255.255.254', 'loopback'],
    ['0x7f.1', 'loopback'],
    ['2130706433', 'loopback'],
    ['017700000001', 'loopback'],
    ['127.1.', 'loopback'],
    ['[::1]', 'loopback'],
    ['::1', 'loopback'],
    ['[::ffff:127.0.0.1]', 'loopback'],
    ['localhost', 'loopback'],
    ['LOCALHOST.', 'loopback'],
    ['registry.localhost', 'loopback'],
    ['169.254.169.254', 'local-only'],
    ['[::ffff:a9fe:a9fe]', 'local-only'],
    ['[fe80::1]', 'local-only'],
    ['0.0.0.0', 'local-only'],
    ['0', 'local-only'],
    ['[::]', 'local-only'],
    ['', 'local-only'],
    ['a b', 'local-only'],
    ['256.1.1.1', 'local-only'],
    ['10.0.0.1', 'private'],
    ['172.31.255.255', 'private'],
    ['192.168.0.1', 'private'],
    ['100.100.100.200', 'private'],
    ['[fd00:ec2::254]', 'private'],
    ['[64:ff9b::a00:1]', 'private'],
    ['[2002:a00:1::]', 'private'],
    ['[::ffff:0:10.0.0.1]', 'private'],
    ['[2001:0:a00:1::]', 'private'],
    ['[2001:4860:4860::8888]', 'public'],
    ['[::10.0.0.1]', 'private'],
    ['255.255.255.255', 'private'],
    ['239.1.1.1', 'private'],
    ['172.32.0.1', 'public'],
    ['8.8.8.8', 'public'],
    ['[::ffff:8.8.8.8]', 'public'],
    ['[2606:4700::1111]', 'public'],
    ['ghcr.io', 'public'],
    ['localhost.example.com', 'public'],
    ['10.0.0.1.example.com', 'public'],
  ])('%s is %s', (host, scope) => {
    expect(hostScope(host)).toBe(scope)
  })

  test('the way an address is written does not matter', () => {
    const byte = fc.integer({ min: 0, max: 255 })
    fc.assert(
      fc.property(byte, byte, byte, byte, (a, b, c, d) => {
        const number = a * 2 ** 24 + b * 2 ** 16 + c * 2 ** 8 + d
        const plain = hostScope(`${a}.${b}.${c}.${d}`)
        const hex = (high: number, low: number) => (high * 256 + low).toString(16)
        expect(hostScope(String(number))).toBe(plain)
        expect(hostScope(`0x${number.toString(16)}`)).toBe(plain)
        expect(hostScope(`[::ffff:${hex(a, b)}:${hex(c, d)}]`)).toBe(plain)
      }),
    )
  })
})

describe('mayReach', () => {
  test.each([
    ['registry.corp', 'bucket.s3.test', true],
    ['registry.corp', '10.0.0.5', false],
    ['registry.corp', '127.0.0.1', false],
    ['registry.corp', '169.254.169.254', false],
    ['10.0.0.4', '10.0.0.5', true],
    ['10.0.0.4', 's3.test', true],
    ['10.0.0.4', '127.0.0.1', false],
    ['127.0.0.1', '10.0.0.5', true],
    ['localhost', '127.0.0.1', true],
    ['127.0.0.1', '169.254.169.254', false],
    ['169.254.10.1', '169.254.10.1', true],
    ['169.254.10.1', '169.254.169.254', false],
  ])('from %s to %s: %s', (from, to, expected) => {
    expect(mayReach(from, to)).toBe(expected)
  })
})
