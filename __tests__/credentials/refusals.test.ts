import { describe, expect, it } from 'vitest'
import type { Credential } from '../../src/credentials/credential.ts'
import { serve } from '../support/loopback.ts'
import { ANONYMOUS, BOT, BOT_BASIC, PASSWORD, manifest, refusalOf } from './client.ts'
import { TOKEN, client, registry, tokenRegistry } from './harness.ts'
import { challenge, json } from './scripted-registry.ts'
import type { Scripted } from './scripted-registry.ts'

describe('refusals', () => {
  it('ends when a registry keeps asking, with one token request', async () => {
    const server = await tokenRegistry({ needs: () => 'never', token: () => json({ token: TOKEN }) })
    const { send, masked, lines } = client(BOT)
    const error = await refusalOf(send(manifest(server.repository('acme/api'))))
    expect(error.kind).toBe('unauthorized')
    expect(error.line).toContain('as user "ci-bot" from DOCKER_AUTH_CONFIG')
    expect(error.exchange).toMatchObject({ method: 'GET', status: 401 })
    expect(server.seen).toHaveLength(3)
    expect([error.line, ...lines].join('\n')).not.toMatch(
      new RegExp(`${PASSWORD}|${TOKEN}|${BOT_BASIC.slice(6)}`),
    )
    expect(masked).toContain(TOKEN)
  })

  it('is bounded for many requests at once as well', async () => {
    const server = await tokenRegistry({ needs: () => 'never', token: () => json({ token: TOKEN }) })
    const { send } = client(BOT)
    const repository = server.repository('acme/api')
    const outcomes = await Promise.allSettled(Array.from({ length: 16 }, () => send(manifest(repository))))
    expect(outcomes.every(({ status }) => status === 'rejected')).toBe(true)
    expect(server.seen.length).toBeLessThan(16 * 3)
  })

  it('calls insufficient_scope after a retry denied', async () => {
    const server = await registry(({ path }, { origin }) =>
      path === '/token'
        ? json({ token: TOKEN })
        : challenge(
            `Bearer realm="${origin}/token",scope="repository:acme/api:pull",error="insufficient_scope"`,
          ),
    )
    const error = await refusalOf(client(BOT).send(manifest(server.repository('acme/api'))))
    expect(error.kind).toBe('denied')
    expect(error.line).toContain('insufficient_scope')
  })

  it('shares one refused password among all who wait: no account is locked by 16 attempts', async () => {
    const server = await tokenRegistry({ needs: () => TOKEN, token: () => ({ status: 401 }) })
    const { send } = client(BOT)
    const repository = server.repository('acme/api')
    const errors = await Promise.all(Array.from({ length: 16 }, () => refusalOf(send(manifest(repository)))))
    expect(server.seen).toHaveLength(2)
    expect(new Set(errors).size).toBe(1)
    expect(errors[0]?.line).toMatch(
      /refused by token server 127\.0\.0\.1:\d+, asked as user "ci-bot".*\(401\)/,
    )
    // evicted: a later request tries again
    await refusalOf(send(manifest(repository)))
    expect(server.seen).toHaveLength(4)
  })

  it.each<[number, Credential, string]>([
    [400, BOT, 'unauthorized'],
    [401, ANONYMOUS, 'unauthorized'],
    [403, ANONYMOUS, 'unauthorized'],
    [403, BOT, 'denied'],
    [404, BOT, 'protocol'],
  ])('status %i of the token server for %o is %s', async (status, credential, kind) => {
    const server = await tokenRegistry({
      needs: () => TOKEN,
      token: () => ({ status, body: 'secret-in-body' }),
    })
    const error = await refusalOf(client(credential).send(manifest(server.repository('acme/api'))))
    expect(error.kind).toBe(kind)
    expect(error.line).not.toContain('secret-in-body')
    expect(error.line.includes('private or does not exist')).toBe(credential.kind === 'anonymous')
  })

  it.each<[string, Scripted, RegExp]>([
    ['HTML', { status: 200, body: '<!doctype html><p>tok-1234567890' }, /is a web page/],
    ['no JSON', { status: 200, body: 'token=tok-1234567890' }, /is not JSON/],
    ['a list', { status: 200, body: '["tok-1234567890"]' }, /is not a JSON object/],
    ['no token', { status: 200, body: '{"token":"","access_token":null}' }, /holds no token/],
    [
      'a line break in the token',
      { status: 200, body: '{"token":"tok-1234567890\\r\\nx: y"}' },
      /no header can carry/,
    ],
    ['2 MiB', { status: 200, body: `{"token":"${'x'.repeat(2 ** 21)}"}` }, /./],
  ])('a token answer that is %s', async (_, answer, message) => {
    const server = await tokenRegistry({ needs: () => TOKEN, token: () => answer })
    const error = await refusalOf(client(BOT).send(manifest(server.repository('acme/api'))))
    expect(error.kind).toBe('protocol')
    expect(error.line).toMatch(message)
    expect(error.line).not.toContain(TOKEN)
    expect(String(error.stack) + String(error.cause)).not.toContain(TOKEN)
  })

  it('does not fail those who wait when the first request fails for its own reasons', async () => {
    let calls = 0
    const server = await tokenRegistry({
      needs: () => {
        calls += 1
        return calls === 1 ? null : TOKEN
      },
      token: () => json({ token: TOKEN }),
    })
    const { send } = client(BOT)
    const repository = server.repository('acme/api')
    const [first, ...others] = await Promise.allSettled([
      send(manifest(repository, { maxBytes: 1 })),
      send(manifest(repository)),
      send(manifest(repository)),
    ])
    expect(first.status).toBe('rejected')
    expect(others.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled'])
    expect(server.asked().filter((line) => line === 'GET /token')).toHaveLength(1)
  })
})

describe('an anonymous refusal', () => {
  it('says how to log in', async () => {
    const server = await registry(basicless)
    const error = await refusalOf(client(ANONYMOUS).send(manifest(server.repository('acme/api'))))
    expect(error.line).toMatch(
      /set username and password \(no login for 127\.0\.0\.1:\d+ in DOCKER_AUTH_CONFIG\)$/,
    )
  })

  it('tells that the login of the inputs is for another registry, with the line to add', async () => {
    const server = await registry(basicless)
    const credential: Credential = { kind: 'anonymous', source: 'a file', inputsFor: 'docker.io' }
    const error = await refusalOf(client(credential).send(manifest(server.repository('acme/api'))))
    expect(error.line).toContain(
      `username and password are for docker.io (input registry): add registry: ${server.registry.host}, or log in`,
    )
    expect(error.line).not.toContain('set username and password')
  })
})

describe('a token server that hangs up', () => {
  it('in the middle of its answer is a network error, and nothing of the answer is used', async () => {
    const tokens = await serve((_, outgoing) => {
      outgoing.writeHead(200, { 'content-length': '1000' })
      outgoing.write(`{"token":"${TOKEN}"}`, () => outgoing.destroy())
    })
    const server = await registry(() => challenge(`Bearer realm="${tokens.origin}/token"`))
    const error = await refusalOf(client(BOT).send(manifest(server.repository('acme/api'))))
    await tokens.stop()
    expect(error.kind).toBe('network')
    expect(error.line).not.toContain(TOKEN)
    expect(server.seen).toHaveLength(1)
  })
})

describe('where credentials may go', () => {
  it.each([
    'http://169.254.169.254/latest/token',
    'https://user@auth.example/token',
    'ftp://auth.example/token',
    '',
  ])('not to the realm %j', async (realm) => {
    const server = await registry(() => challenge(`Bearer realm="${realm}"`))
    const error = await refusalOf(client(BOT).send(manifest(server.repository('acme/api'))))
    expect(error.kind).toBe('protocol')
    expect(server.seen).toHaveLength(1)
  })

  it('not to a server that the registry redirects to', async () => {
    const elsewhere = await registry((_, { origin }) =>
      challenge(`Bearer realm="${origin}/token"`, 'Basic realm=x'),
    )
    const server = await registry(() => ({
      status: 307,
      headers: { location: `${elsewhere.registry.origin}/blob` },
    }))
    const error = await refusalOf(client(BOT).send(manifest(server.repository('acme/api'))))
    expect(error.line).toContain('redirected to')
    expect(elsewhere.asked()).toEqual(['GET /blob'])
    expect(elsewhere.seen[0]?.authorization).toBeNull()
  })

  it('not to a URL of another origin', async () => {
    const server = await registry(basicless)
    const other = await registry(basicless)
    const request = manifest(server.repository('acme/api'), { url: new URL('/v2/x', other.registry.origin) })
    const error = await refusalOf(client(BOT).send(request))
    expect(error.kind).toBe('protocol')
    expect(other.seen).toEqual([])
  })
})

function basicless(): Scripted {
  return challenge('Basic realm=x')
}
