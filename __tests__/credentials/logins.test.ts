import { describe, expect, it } from 'vitest'
import type { Credential } from '../../src/credentials/credential.ts'
import { ANONYMOUS, BOT, BOT_BASIC, manifest, refusalOf } from './client.ts'
import { TOKEN, client, registry, tokenRegistry } from './harness.ts'
import { OK, challenge, json } from './scripted-registry.ts'
import type { Scripted, Seen } from './scripted-registry.ts'

describe('identity tokens', () => {
  const IDENTITY: Credential = { kind: 'identity', username: null, token: 'refresh-me-123', source: 'a file' }

  it('are posted as a form, and rotated ones are kept', async () => {
    let calls = 0
    const server = await tokenRegistry({
      needs: () => `token-${calls}`,
      token: () => json({ access_token: `token-${(calls += 1)}`, refresh_token: `rotated-${calls}` }),
    })
    const { send, clock, masked } = client(IDENTITY)
    await send(manifest(server.repository('acme/api')))
    clock.now = 55_000
    await send(manifest(server.repository('acme/api')))
    const posts = server.seen.filter(({ method }) => method === 'POST')
    expect(posts.map(({ form }) => Object.fromEntries(form))).toEqual([
      {
        grant_type: 'refresh_token',
        service: 'reg',
        client_id: 'registry-warden',
        refresh_token: 'refresh-me-123',
        scope: 'repository:acme/api:pull',
      },
      expect.objectContaining({ refresh_token: 'rotated-1' }),
    ])
    expect(posts[0]?.authorization).toBeNull()
    expect(masked).toContain('rotated-1')
  })

  it.each([400, 401, 404, 405])('fall back to GET with the user name on %i', async (status) => {
    const server = await tokenRegistry({
      needs: () => TOKEN,
      token: ({ method }) => (method === 'POST' ? { status } : json({ token: TOKEN })),
    })
    const named: Credential = { ...IDENTITY, username: 'me' }
    expect((await client(named).send(manifest(server.repository('acme/api')))).status).toBe(200)
    expect(server.seen[2]?.authorization).toBe(`Basic ${Buffer.from('me:refresh-me-123').toString('base64')}`)
  })

  it('without a user name have nothing to fall back to', async () => {
    const server = await tokenRegistry({ needs: () => TOKEN, token: () => ({ status: 401 }) })
    const error = await refusalOf(client(IDENTITY).send(manifest(server.repository('acme/api'))))
    expect(error.line).toContain('with the identity token from a file')
    expect(server.seen).toHaveLength(2)
  })

  it('are not replayed where a redirect points', async () => {
    const thief = await registry(() => json({ token: TOKEN }))
    const server = await tokenRegistry({
      needs: () => TOKEN,
      token: () => ({ status: 307, headers: { location: `${thief.registry.origin}/token` } }),
    })
    await refusalOf(client(IDENTITY).send(manifest(server.repository('acme/api'))))
    expect(thief.seen).toEqual([])
  })
})

describe('registry tokens', () => {
  const READY: Credential = { kind: 'bearer', token: 'ready-made-token', source: 'a file' }

  it('are sent as they are, without asking the token server', async () => {
    const server = await tokenRegistry({ needs: () => 'ready-made-token', token: () => ({ status: 500 }) })
    const { send } = client(READY)
    await send(manifest(server.repository('acme/api')))
    await send(manifest(server.repository('acme/api')))
    expect(server.seen).toHaveLength(3)
  })

  it('are refused once', async () => {
    const server = await tokenRegistry({ needs: () => TOKEN, token: () => ({ status: 500 }) })
    const error = await refusalOf(client(READY).send(manifest(server.repository('acme/api'))))
    expect(error.line).toContain('with the registry token')
    expect(server.seen).toHaveLength(2)
  })
})

describe('Basic', () => {
  const basicOnly = (request: Seen): Scripted =>
    request.authorization === BOT_BASIC
      ? OK
      : challenge('Basic realm="https://1.dkr.ecr.eu-west-1.amazonaws.com/"')

  it('is sent unasked once it proved right, to every repository of the registry', async () => {
    const server = await registry(basicOnly)
    const { send } = client(BOT)
    await send(manifest(server.repository('acme/api')))
    await send(manifest(server.repository('acme/api')))
    await send(manifest(server.repository('acme/web')))
    expect(server.seen.map(({ authorization }) => authorization)).toEqual([
      null,
      BOT_BASIC,
      BOT_BASIC,
      BOT_BASIC,
    ])
  })

  it('is tried by one request of many when it is wrong', async () => {
    const server = await registry(() => challenge('Basic realm=x'))
    const { send } = client(BOT)
    const repository = server.repository('acme/api')
    const errors = await Promise.all(Array.from({ length: 16 }, () => refusalOf(send(manifest(repository)))))
    expect(server.seen).toHaveLength(2)
    expect(errors.every(({ kind }) => kind === 'unauthorized')).toBe(true)
  })

  it('without credentials is not even tried', async () => {
    const server = await registry(basicOnly)
    const error = await refusalOf(client(ANONYMOUS).send(manifest(server.repository('acme/api'))))
    expect(error.line).toMatch(/anonymously.*no login for 127\.0\.0\.1:\d+ in DOCKER_AUTH_CONFIG/)
    expect(server.seen).toHaveLength(1)
  })

  it('takes over when the token server answers 401', async () => {
    const server = await registry((request, { origin }) => {
      if (request.path === '/token') return { status: 401 }
      return request.authorization === BOT_BASIC
        ? OK
        : challenge(`Bearer realm="${origin}/token", Basic realm="x"`)
    })
    const { send } = client(BOT)
    await send(manifest(server.repository('acme/api')))
    await send(manifest(server.repository('acme/api')))
    expect(server.asked()).toHaveLength(4)
  })
})
