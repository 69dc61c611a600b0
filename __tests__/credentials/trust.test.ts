import { describe, expect, it } from 'vitest'
import type { Credential } from '../../src/credentials/credential.ts'
import { BOT, PASSWORD, manifest, refusalOf } from './client.ts'
import { TOKEN, client, registry, tokenRegistry } from './harness.ts'
import { OK, challenge, json } from './scripted-registry.ts'
import type { Seen } from './scripted-registry.ts'

const IDENTITY: Credential = { kind: 'identity', username: null, token: 'refresh-me-123', source: 'a file' }

/** A registry that calls the first `refused` tokens invalid, whatever its token server says. */
function distrusting(refused: number) {
  let given = 0
  return registry(({ path, authorization }, { origin }) => {
    if (path === '/token') return json({ token: `token-${(given += 1)}` })
    const [, number = '0'] = /^Bearer token-(\d+)$/.exec(authorization ?? '') ?? []
    if (Number(number) > refused) return OK
    const error = authorization === null ? '' : ',error="invalid_token"'
    return challenge(`Bearer realm="${origin}/token",scope="repository:acme/api:pull"${error}`)
  })
}

const tokensOf = (seen: readonly Seen[]) => seen.filter(({ path }) => path === '/token').length

describe('a fresh token that the registry calls invalid', () => {
  it('is asked for once more', async () => {
    const server = await distrusting(1)
    expect((await client(BOT).send(manifest(server.repository('acme/api')))).status).toBe(200)
    expect(tokensOf(server.seen)).toBe(2)
  })

  it('ends with which of the two refused, and does not call the login wrong', async () => {
    const server = await distrusting(99)
    const error = await refusalOf(client(BOT).send(manifest(server.repository('acme/api'))))
    const { host } = server.registry
    expect(error.message).toContain(
      `refused by ${host} with a token that its token server ${host} had just granted`,
    )
    expect(error.advice).toMatch(/^The login is right; the registry does not trust its token server/)
    expect(tokensOf(server.seen)).toBe(2)
    expect(error.line).not.toContain('token-')
  })

  it('costs many requests at once no more than two tokens', async () => {
    const server = await distrusting(99)
    const { send } = client(BOT)
    const repository = server.repository('acme/api')
    await Promise.allSettled(Array.from({ length: 16 }, () => send(manifest(repository))))
    expect(tokensOf(server.seen)).toBeLessThan(16)
  })
})

describe('what a token server says', () => {
  it('is quoted with its refusal, without the login', async () => {
    const message = 'Your authorization token has expired. Reauthenticate and try again.'
    const body = JSON.stringify({ errors: [{ code: 'DENIED', message }] })
    const server = await tokenRegistry({ needs: () => TOKEN, token: () => ({ status: 403, body }) })
    const error = await refusalOf(client(BOT).send(manifest(server.repository('acme/api'))))
    expect(error.message).toContain(`(403: ${message})`)
    expect(error.advice).toMatch(/^The login is no longer valid/)
  })

  it('is one harmless line', async () => {
    const body = JSON.stringify({
      error_description: `no\n::error::\u202Epwned, you sent Authorization: Basic ${btoa(`ci-bot:${PASSWORD}`)}`,
    })
    const server = await tokenRegistry({ needs: () => TOKEN, token: () => ({ status: 401, body }) })
    const error = await refusalOf(client(BOT).send(manifest(server.repository('acme/api'))))
    expect(error.line).not.toMatch(/[\n\u202E]/)
    expect(error.line).not.toContain(btoa(`ci-bot:${PASSWORD}`))
    const quoting = JSON.stringify({ message: `wrong password ${PASSWORD}` })
    const rude = await tokenRegistry({ needs: () => TOKEN, token: () => ({ status: 401, body: quoting }) })
    const other = await refusalOf(client(BOT).send(manifest(rude.repository('acme/api'))))
    expect(other.line).not.toContain(PASSWORD)
  })

  it.each(['two  blanks', 'a\ttab in it', 'quote"back\\slash'])(
    'is not told with the login %j',
    async (password) => {
      const message = `bad login ci-bot:${password}`
      for (const body of [
        JSON.stringify({ message }),
        JSON.stringify({ message: JSON.stringify(message) }),
      ]) {
        const server = await tokenRegistry({ needs: () => TOKEN, token: () => ({ status: 401, body }) })
        const login = { ...BOT, password }
        const error = await refusalOf(client(login).send(manifest(server.repository('acme/api'))))
        expect(error.line).not.toContain('bad login')
      }
    },
  )
})

it('a /v2/ that redirects elsewhere does not say where the login goes', async () => {
  const thief = await registry(({ path }, { origin }) =>
    path === '/token' ? json({ token: TOKEN }) : challenge(`Bearer realm="${origin}/token"`, 'Basic realm=x'),
  )
  const server = await registry(({ path }) =>
    path === '/v2/'
      ? { status: 307, headers: { location: `${thief.registry.origin}/v2/` } }
      : { status: 401 },
  )
  const error = await refusalOf(client(BOT).send(manifest(server.repository('acme/api'))))
  expect(error.line).toContain('without saying how')
  expect(thief.seen.map(({ path, authorization }) => [path, authorization])).toEqual([['/v2/', null]])
})

describe('an identity token', () => {
  const rotating = () => {
    let given = 0
    return tokenRegistry({
      needs: () => `token-${given}`,
      token: () => json({ access_token: `token-${(given += 1)}`, refresh_token: `rotated-${given}` }),
    })
  }

  it('that one token server has rotated is still the old one for another', async () => {
    const [first, second] = [await rotating(), await rotating()]
    const { send } = client(IDENTITY)
    await send(manifest(first.repository('acme/api')))
    await send(manifest(second.repository('acme/api')))
    const sent = [first, second].map(({ seen }) =>
      seen.filter(({ method }) => method === 'POST').map(({ form }) => form.get('refresh_token')),
    )
    expect(sent).toEqual([['refresh-me-123'], ['refresh-me-123']])
  })

  it('of ACR is posted as a refresh token, with service and scope', async () => {
    const server = await tokenRegistry({
      needs: () => TOKEN,
      token: ({ method }) => (method === 'POST' ? json({ access_token: TOKEN }) : { status: 401 }),
    })
    const acr = { registry: { ...server.registry, provider: 'acr' as const }, path: 'acme/api' }
    expect((await client(IDENTITY).send(manifest(acr))).status).toBe(200)
    const post = server.seen.find(({ path }) => path === '/token')
    expect([post?.method, post?.authorization, Object.fromEntries(post?.form ?? [])]).toEqual([
      'POST',
      null,
      {
        grant_type: 'refresh_token',
        service: 'reg',
        client_id: 'registry-warden',
        refresh_token: 'refresh-me-123',
        scope: 'repository:acme/api:pull',
      },
    ])
  })

  it('of ACR is the password of its fixed user where POST is not taken', async () => {
    const server = await tokenRegistry({
      needs: () => TOKEN,
      token: ({ method }) => (method === 'POST' ? { status: 404 } : json({ access_token: TOKEN })),
    })
    const acr = { registry: { ...server.registry, provider: 'acr' as const }, path: 'acme/api' }
    expect((await client(IDENTITY).send(manifest(acr))).status).toBe(200)
    const login = btoa('00000000-0000-0000-0000-000000000000:refresh-me-123')
    expect(server.seen[2]).toMatchObject({ method: 'GET', path: '/token', authorization: `Basic ${login}` })
  })
})
