import { describe, expect, it } from 'vitest'
import { ANONYMOUS, BOT, BOT_BASIC, manifest, refusalOf } from './client.ts'
import { TOKEN, client, registry, tokenRegistry } from './harness.ts'
import { OK, challenge, json } from './scripted-registry.ts'

describe('a registry with token auth', () => {
  it('costs a challenge and a token, once', async () => {
    const server = await tokenRegistry({ needs: () => TOKEN, token: () => json({ token: TOKEN }) })
    const { send } = client(BOT)
    const repository = server.repository('acme/api')
    expect((await send(manifest(repository))).status).toBe(200)
    expect((await send(manifest(repository))).status).toBe(200)
    expect(server.asked()).toEqual([
      'GET /v2/acme/api/manifests/v1',
      'GET /token',
      'GET /v2/acme/api/manifests/v1',
      'GET /v2/acme/api/manifests/v1',
    ])
    const [cold, asked] = server.seen
    expect(cold?.authorization).toBeNull()
    expect(asked?.authorization).toBe(BOT_BASIC)
    expect(Object.fromEntries(asked?.query ?? [])).toEqual({
      service: 'reg',
      scope: 'repository:acme/api:pull',
      client_id: 'registry-warden',
      account: 'ci-bot',
    })
  })

  it('costs one challenge and one token for 16 requests that start cold', async () => {
    const server = await tokenRegistry({ needs: () => TOKEN, token: () => json({ token: TOKEN }) })
    const { send } = client(ANONYMOUS)
    const repository = server.repository('acme/api')
    await Promise.all(Array.from({ length: 16 }, () => send(manifest(repository))))
    expect(server.seen).toHaveLength(16 + 2)
    expect(server.seen.filter(({ authorization }) => authorization === null)).toHaveLength(2)
    expect(server.asked().filter((line) => line === 'GET /token')).toHaveLength(1)
  })

  it('asks anonymously without an Authorization header or account', async () => {
    const server = await tokenRegistry({ needs: () => TOKEN, token: () => json({ access_token: TOKEN }) })
    await client(ANONYMOUS).send(manifest(server.repository('acme/api')))
    expect(server.seen[1]?.authorization).toBeNull()
    expect(server.seen[1]?.query.has('account')).toBe(false)
  })

  it('skips the challenge of a second repository, and never uses the token of the first', async () => {
    const server = await tokenRegistry({
      needs: ({ path }) => `tok-for-${path.split('/')[3]}`,
      token: ({ query }) => json({ token: `tok-for-${query.get('scope')?.split(/[/:]/)[2]}` }),
    })
    const { send } = client(BOT)
    await send(manifest(server.repository('acme/api')))
    await send(manifest(server.repository('acme/web')))
    expect(server.asked().slice(3)).toEqual(['GET /token', 'GET /v2/acme/web/manifests/v1'])
    expect(server.seen[4]?.authorization).toBe('Bearer tok-for-web')
  })

  it('falls back to the challenge of a second repository when its token is refused unasked', async () => {
    let asked = 0
    const server = await tokenRegistry({
      needs: () => TOKEN,
      token: ({ query }) =>
        query.get('scope')?.includes('web') === true && (asked += 1) === 1
          ? { status: 403 }
          : json({ token: TOKEN }),
    })
    const { send } = client(BOT)
    await send(manifest(server.repository('acme/api')))
    expect((await send(manifest(server.repository('acme/web')))).status).toBe(200)
    expect(server.asked().slice(3)).toEqual([
      'GET /token',
      'GET /v2/acme/web/manifests/v1',
      'GET /token',
      'GET /v2/acme/web/manifests/v1',
    ])
  })

  it('sends opaque scopes back as they are, and one parameter per scope', async () => {
    const scopes = ['*', 'aws repository:acme/api:pull']
    for (const scope of scopes) {
      const server = await tokenRegistry({
        needs: () => TOKEN,
        token: () => json({ token: TOKEN }),
        scope: () => scope,
      })
      await client(BOT).send(manifest(server.repository('acme/api')))
      expect(server.seen[1]?.query.getAll('scope')).toEqual(scope.split(' '))
    }
  })

  it('works with neither service nor scope in the challenge, a relative realm, and a query in it', async () => {
    const server = await registry(({ path, authorization }) => {
      if (path === '/openshift/token') return json({ token: TOKEN })
      return authorization === `Bearer ${TOKEN}` ? OK : challenge('Bearer realm="/openshift/token?tenant=7"')
    })
    expect((await client(BOT).send(manifest(server.repository('acme/api')))).status).toBe(200)
    expect([...(server.seen[1]?.query.keys() ?? [])]).toEqual(['tenant', 'scope', 'client_id', 'account'])
    expect(server.seen[1]?.query.get('tenant')).toBe('7')
  })

  it('reads challenges from two headers, from one line, and behind unknown schemes', async () => {
    for (const shape of ['two', 'line', 'negotiate', 'lower']) {
      const server = await registry(({ path, authorization }, { origin }) => {
        if (path === '/token') return json({ token: TOKEN })
        if (authorization === `Bearer ${TOKEN}`) return OK
        const bearer = `Bearer realm="${origin}/token",service="s",scope="repository:acme/api:pull"`
        if (shape === 'two') return challenge('Basic realm="x"', bearer)
        if (shape === 'line') return challenge(`${bearer},Basic realm="x"`)
        if (shape === 'lower') return challenge(bearer.replace('Bearer', 'bearer'))
        return challenge('Negotiate', bearer)
      })
      expect((await client(BOT).send(manifest(server.repository('acme/api')))).status).toBe(200)
      expect(server.seen).toHaveLength(3)
    }
  })

  it('does nothing about a challenge beside another status (Quay)', async () => {
    for (const status of [200, 403, 404]) {
      const server = await registry((_, { origin }) => ({
        ...challenge(`Bearer realm="${origin}/token"`),
        status,
      }))
      expect((await client(BOT).send(manifest(server.repository('acme/api')))).status).toBe(status)
      expect(server.seen).toHaveLength(1)
    }
  })

  it('sends nothing to an open registry, and lets everybody through at once after the first answer', async () => {
    const server = await registry(() => OK)
    const { send } = client(BOT)
    await Promise.all(Array.from({ length: 4 }, () => send(manifest(server.repository('acme/api')))))
    expect(server.seen.map(({ authorization }) => authorization)).toEqual([null, null, null, null])
  })

  it('asks /v2/ when a 401 carries no challenge, and ignores the placeholder scope there', async () => {
    const server = await registry(({ path, authorization }, { origin }) => {
      if (path === '/token') return json({ token: TOKEN })
      if (path === '/v2/')
        return challenge(`Bearer realm="${origin}/token",scope="repository:user/image:pull"`)
      return authorization === `Bearer ${TOKEN}` ? OK : { status: 401 }
    })
    expect((await client(BOT).send(manifest(server.repository('acme/api')))).status).toBe(200)
    expect(server.asked()[1]).toBe('GET /v2/')
    expect(server.seen[2]?.query.getAll('scope')).toEqual(['repository:acme/api:pull'])
  })

  it('says so when neither the request nor /v2/ tells how to log in', async () => {
    const server = await registry(() => ({ status: 401 }))
    const error = await refusalOf(client(BOT).send(manifest(server.repository('acme/api'))))
    expect(error.kind).toBe('unauthorized')
    expect(error.line).toContain('without saying how')
    expect(server.seen).toHaveLength(2)
  })

  it('logs in to the registry itself and to its catalog', async () => {
    const server = await tokenRegistry({
      needs: () => TOKEN,
      token: () => json({ token: TOKEN }),
      scope: () => null,
    })
    const { send } = client(BOT)
    const self = { registry: server.registry, path: null }
    const ask = (path: string) => ({
      ...manifest(server.repository('x')),
      repository: self,
      url: new URL(path, server.registry.origin),
    })
    await send(ask('/v2/'))
    expect(server.seen[1]?.query.getAll('scope')).toEqual([])
    const catalog = client(BOT)
    await catalog.send({ ...ask('/v2/_catalog'), actions: ['*'] })
    expect(server.seen.at(-2)?.query.getAll('scope')).toEqual(['registry:catalog:*'])
  })
})

describe('lifetime', () => {
  it.each<[string, object, number]>([
    ['no expires_in', {}, 60],
    ['null', { expires_in: null }, 60],
    ['a string', { expires_in: '300' }, 300],
    ['a number', { expires_in: 300 }, 300],
    ['less than a minute', { expires_in: 5 }, 60],
    ['nonsense', { expires_in: 'soon' }, 60],
  ])('%s: renewed 10 s before %j is over', async (_, extra, seconds) => {
    let count = 0
    const server = await registry(({ path, authorization }, { origin }) => {
      if (path === '/token') return json({ token: `token-${(count += 1)}`, ...extra })
      return authorization === `Bearer token-${count}` ? OK : challenge(`Bearer realm="${origin}/token"`)
    })
    const { send, clock } = client(BOT)
    const repository = server.repository('acme/api')
    await send(manifest(repository))
    clock.now = (seconds - 11) * 1000
    await send(manifest(repository))
    expect(count).toBe(1)
    clock.now = (seconds - 10) * 1000
    await Promise.all(Array.from({ length: 8 }, () => send(manifest(repository))))
    expect(count).toBe(2)
    // no challenge but the first
    expect(server.seen).toHaveLength(1 + 1 + 1 + 1 + 1 + 8)
  })

  it('drops a token that the registry calls invalid, and fetches one for all', async () => {
    let valid = 0
    const server = await registry(({ path, authorization }, { origin }) => {
      if (path === '/token') return json({ token: `token-${(valid += 1)}` })
      return authorization === `Bearer token-${valid}`
        ? OK
        : challenge(`Bearer realm="${origin}/token",scope="repository:acme/api:pull",error="invalid_token"`)
    })
    const { send } = client(BOT)
    const repository = server.repository('acme/api')
    await send(manifest(repository))
    valid = 7
    await Promise.all(Array.from({ length: 16 }, () => send(manifest(repository))))
    expect(server.asked().filter((line) => line === 'GET /token')).toHaveLength(2)
    expect(valid).toBe(8)
  })

  it('goes back to the challenge when renewing is refused', async () => {
    let calls = 0
    const server = await tokenRegistry({
      needs: () => `token-${calls}`,
      token: () => ((calls += 1) === 2 ? { status: 400 } : json({ token: `token-${calls}` })),
    })
    const { send, clock } = client(BOT)
    await send(manifest(server.repository('acme/api')))
    clock.now = 55_000
    expect((await send(manifest(server.repository('acme/api')))).status).toBe(200)
    expect(calls).toBe(3)
  })
})
