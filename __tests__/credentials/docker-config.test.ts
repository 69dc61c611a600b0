import { describe, expect, it } from 'vitest'
import { lookupKeys, parseDockerConfig } from '../../src/credentials/docker-config.ts'
import { parseRegistry } from '../../src/domain/names/reference.ts'

const base64 = (text: string) => Buffer.from(text, 'latin1').toString('base64')

/** What a file with one entry says about `path` of `registry`: user name, token, or null. */
function find(
  auths: Record<string, unknown>,
  registry: string,
  path: string | null = 'team/api',
): string | null {
  const config = parseDockerConfig(JSON.stringify({ auths }))
  const key = lookupKeys({ registry: parseRegistry(registry), path }).find((key) => config?.logins.has(key))
  const login = key === undefined ? undefined : config?.logins.get(key)
  if (login === undefined) return null
  return login.kind === 'basic' ? login.username : login.token
}

const entry = (username: string) => ({ auth: base64(`${username}:secret`) })

describe('keys', () => {
  it.each([
    ['ghcr.io', 'ghcr.io'],
    ['GHCR.io', 'ghcr.io'],
    ['https://ghcr.io', 'ghcr.io'],
    ['https://ghcr.io/', 'ghcr.io'],
    ['https://ghcr.io/v2/', 'ghcr.io'],
    ['http://ghcr.io/v1/', 'ghcr.io'],
    ['ghcr.io/v1/', 'ghcr.io'],
    ['https://acme.jfrog.io/artifactory/', 'acme.jfrog.io'],
    ['https://ghcr.io:443', 'ghcr.io'],
    ['ghcr.io:443', 'ghcr.io'],
    ['localhost:5000', 'localhost:5000'],
    ['http://localhost:5000', 'localhost:5000'],
    ['localhost:80', 'http://localhost'],
    ['https://index.docker.io/v1/', 'docker.io'],
    ['https://index.docker.io/v2/', 'docker.io'],
    ['index.docker.io', 'docker.io'],
    ['docker.io', 'docker.io'],
    ['registry-1.docker.io', 'docker.io'],
    ['ghcr.io/team', 'ghcr.io'],
    ['ghcr.io/team/api', 'ghcr.io'],
    ['docker.io/team', 'docker.io'],
  ])('%s is for %s', (key, registry) => {
    expect(find({ [key]: entry('me') }, registry)).toBe('me')
  })

  it.each([
    ['ghcr.io', 'evil-ghcr.io'],
    ['ghcr.io', 'ghcr.io.evil.example'],
    ['ghcr.io', 'sub.ghcr.io'],
    ['cr.io', 'ghcr.io'],
    ['sub.ghcr.io', 'ghcr.io'],
    ['ghcr.io', 'ghcr.io:8443'],
    ['ghcr.io:8443', 'ghcr.io'],
    ['ghcr.io:80', 'ghcr.io'],
    ['ghcr.io:443', 'http://ghcr.io'],
    ['ghcr.io/team/ap', 'ghcr.io'],
    ['ghcr.io/other', 'ghcr.io'],
    ['ghcr.io/team/api/deep', 'ghcr.io'],
    ['https://index.docker.io/v1/access-token', 'docker.io'],
    ['https://index.docker.io/v1/refresh-token', 'docker.io'],
    ['docker.io', 'hub.docker.io'],
    ['', 'ghcr.io'],
    ['https://', 'ghcr.io'],
    ['__proto__', 'ghcr.io'],
  ])('%s is not for %s', (key, registry) => {
    expect(find({ [key]: entry('me') }, registry)).toBeNull()
  })

  it('prefers the most specific namespace, and the key that is written exactly', () => {
    const auths = {
      'https://ghcr.io': entry('url'),
      'ghcr.io': entry('host'),
      'ghcr.io/team': entry('team'),
      'ghcr.io/team/api': entry('api'),
    }
    expect(find(auths, 'ghcr.io', 'team/api')).toBe('api')
    expect(find(auths, 'ghcr.io', 'team/web')).toBe('team')
    expect(find(auths, 'ghcr.io', 'teams/web')).toBe('host')
    expect(find(auths, 'ghcr.io', null)).toBe('host')
    expect(find({ 'https://ghcr.io': entry('url'), 'http://ghcr.io': entry('later') }, 'ghcr.io')).toBe('url')
  })
})

describe('entries', () => {
  const read = (value: unknown) => parseDockerConfig(JSON.stringify({ auths: { 'r.io': value } }))

  it.each([
    [{ auth: base64('me:a:b:c') }, { kind: 'basic', username: 'me', password: 'a:b:c' }],
    [{ auth: base64('me:pw\0\0') }, { kind: 'basic', username: 'me', password: 'pw' }],
    [{ auth: base64('me:pw').replaceAll('=', '') }, { kind: 'basic', username: 'me', password: 'pw' }],
    [{ auth: `${base64('me:pw')}\n` }, { kind: 'basic', username: 'me', password: 'pw' }],
    [
      { auth: base64('me:pw').replaceAll(/(..)/g, '$1\r\n ') },
      { kind: 'basic', username: 'me', password: 'pw' },
    ],
    [
      { username: 'me', password: 'pw' },
      { kind: 'basic', username: 'me', password: 'pw' },
    ],
    [{ auth: base64(':token') }, { kind: 'basic', username: '', password: 'token' }],
    [
      { auth: base64('me:'), identitytoken: 'id' },
      { kind: 'identity', username: 'me', token: 'id' },
    ],
    [{ identitytoken: 'id' }, { kind: 'identity', username: null, token: 'id' }],
    [
      { auth: base64('<token>:'), identitytoken: 'id' },
      { kind: 'identity', username: null, token: 'id' },
    ],
    [
      { registrytoken: 'rt', auth: base64('me:pw') },
      { kind: 'bearer', token: 'rt' },
    ],
    [
      { auth: base64('me:pw'), email: 'a@b', extra: [] },
      { kind: 'basic', username: 'me', password: 'pw' },
    ],
  ])('%j', (value, login) => {
    expect(read(value)?.logins.get('r.io')).toEqual(login)
    expect(read(value)?.problems).toEqual([])
  })

  it.each([{}, { auth: '' }, { email: 'a@b' }, { auth: null }])('%j is only a marker', (value) => {
    expect(read(value)).toMatchObject({ logins: new Map(), problems: [] })
  })

  it.each([
    'text',
    7,
    null,
    { auth: 'se!cret' },
    { auth: 'se cret' },
    { auth: base64('no-colon-secret') },
    { auth: '====' },
    { registrytoken: 'secret\nX-Header: 1' },
  ])('%j is broken, which is said without its value', (value) => {
    const config = read(value)
    expect(config?.logins.size).toBe(0)
    expect(config?.problems).toHaveLength(1)
    expect(config?.problems[0]).toMatch(/^"r\.io" (?:is not an object|has an auth value|has a registrytoken)/)
    expect(config?.problems[0]).not.toMatch(/se.?cret/)
  })

  it('one broken entry does not void the others', () => {
    const config = parseDockerConfig(JSON.stringify({ auths: { a: 7, 'r.io': entry('me') } }))
    expect(config?.logins.has('r.io')).toBe(true)
  })

  it('an empty entry does not hide a later one for the same host', () => {
    expect(find({ 'ghcr.io': {}, 'https://ghcr.io': entry('me') }, 'ghcr.io')).toBe('me')
  })
})

describe('files', () => {
  it.each(['', 'x', '[]', 'null', '7', '{"auths":'])('%j is no configuration', (text) => {
    expect(parseDockerConfig(text)).toBeNull()
  })

  it('reads helpers, and survives fields of another type', () => {
    const config = parseDockerConfig(
      '\uFEFF{"auths":[],"credsStore":"pass","credHelpers":{"https://gcr.io":"gcloud","bad":7},"HttpHeaders":{"x":"y"}}',
    )
    expect(config).toEqual({
      logins: new Map(),
      helpers: new Map([['gcr.io', 'gcloud']]),
      defaultHelper: 'pass',
      problems: [],
    })
    expect(parseDockerConfig('{"credsStore":7}')?.defaultHelper).toBeNull()
  })
})
