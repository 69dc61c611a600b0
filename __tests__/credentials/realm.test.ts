import { describe, expect, it } from 'vitest'
import { resolveRealm } from '../../src/credentials/realm.ts'
import { WardenError } from '../../src/domain/errors.ts'

function resolve(realm: string, origin: string): string {
  const asked = new URL('/v2/a/manifests/x?sig=secret', origin)
  return resolveRealm(realm, asked, { host: asked.host, origin, provider: 'generic' }).href
}

const PUBLIC = 'https://registry.example'

describe('resolveRealm', () => {
  it.each([
    ['https://auth.docker.io/token', 'https://registry-1.docker.io', 'https://auth.docker.io/token'],
    ['/token', PUBLIC, `${PUBLIC}/token`],
    ['token', PUBLIC, `${PUBLIC}/v2/a/manifests/token`],
    ['//auth.example/token', PUBLIC, 'https://auth.example/token'],
    ['https://auth.example/token?a=b#top', PUBLIC, 'https://auth.example/token?a=b'],
    ['http://localhost:5001/token', 'http://localhost:5000', 'http://localhost:5001/token'],
    ['http://127.0.0.1:5001/token', 'http://localhost:5000', 'http://127.0.0.1:5001/token'],
    ['http://10.0.0.5:5001/token', 'http://10.0.0.5:5000', 'http://10.0.0.5:5001/token'],
    ['https://10.0.0.6/token', 'https://10.0.0.5', 'https://10.0.0.6/token'],
    ['http://registry.example:81/token', 'http://registry.example', 'http://registry.example:81/token'],
  ])('%s from %s', (realm, origin, expected) => {
    expect(resolve(realm, origin)).toBe(expected)
  })

  it.each([
    ['http://auth.example/token', PUBLIC, /is not https/],
    ['http://registry.example/token', PUBLIC, /is not https/],
    ['ftp://auth.example/token', PUBLIC, /is not https/],
    ['http://auth.example/token', 'http://registry.example', /is not https/],
    ['http://auth.other.example/token', 'http://localhost:5000', /is not https/],
    ['http://127.0.0.1.evil.example/token', 'http://127.0.0.1:5000', /is not https/],
    ['http://evil.localhost/token', 'http://localhost:5000', /is not https/],
    ['http://10.0.0.6:5001/token', 'http://10.0.0.5:5000', /is not https/],
    ['javascript:alert(1)', PUBLIC, /is not https/],
    ['https://user:hidden-pw@auth.example/', PUBLIC, /carries a user name/],
    ['https://user@registry.example/', PUBLIC, /carries a user name/],
    ['https://169.254.169.254/latest', PUBLIC, /private network/],
    ['https://127.0.0.1/token', PUBLIC, /private network/],
    ['https://0x7f.1/token', PUBLIC, /private network/],
    ['https://2130706433/token', PUBLIC, /private network/],
    ['https://localhost/token', PUBLIC, /private network/],
    ['https://0.0.0.0/token', PUBLIC, /private network/],
    ['https://192.168.1.1/token', PUBLIC, /private network/],
    ['https://[::1]/token', PUBLIC, /private network/],
    ['https://[::ffff:a9fe:a9fe]/token', PUBLIC, /private network/],
    ['https://[fe80::1]/token', PUBLIC, /private network/],
    ['http://169.254.169.254/', 'http://localhost:5000', /private network/],
    ['https://127.0.0.1/token', 'https://10.0.0.5', /private network/],
    ['', PUBLIC, /not a URL/],
    ['https://', PUBLIC, /not a URL/],
  ])('refuses %s from %s', (realm, origin, message) => {
    expect(() => resolve(realm, origin)).toThrow(WardenError)
    expect(() => resolve(realm, origin)).toThrow(message)
    expect(() => resolve(realm, origin)).not.toThrow(/hidden-pw|sig=secret/)
  })
})
