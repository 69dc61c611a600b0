import { describe, expect, it } from 'vitest'
import { BOT, manifest, refusalOf } from './client.ts'
import { client, registry } from './harness.ts'
import type { TokenServer } from './harness.ts'
import { OK, challenge, json } from './scripted-registry.ts'
import type { Scripted, Seen } from './scripted-registry.ts'

describe('scopes and upgrades', () => {
  /** Grants what is asked, as a token that spells its scope. */
  async function spelling(answer: (request: Seen) => Scripted | null, scope?: TokenServer['scope']) {
    return registry((request, { origin }) => {
      if (request.path === '/token') {
        return answer(request) ?? json({ token: request.query.getAll('scope').join('|') || 'none' })
      }
      const action = request.method === 'DELETE' ? 'delete' : 'pull'
      const held =
        /^Bearer repository:acme\/api:(.*)$/.exec(request.authorization ?? '')?.[1]?.split(',') ?? []
      if (held.includes(action) || held.includes('*')) return OK
      const named = scope === undefined ? `repository:acme/api:${action}` : scope(request)
      const error = held.length === 0 ? '' : ',error="insufficient_scope"'
      return challenge(`Bearer realm="${origin}/token"${named === null ? '' : `,scope="${named}"`}${error}`)
    })
  }

  it('upgrades a pull token for a delete once, and keeps the upgraded one', async () => {
    const server = await spelling(() => null)
    const { send } = client(BOT)
    const repository = server.repository('acme/api')
    await send(manifest(repository))
    await send(manifest(repository, { method: 'DELETE' }))
    await send(manifest(repository, { method: 'DELETE' }))
    await send(manifest(repository))
    const tokens = server.seen.filter(({ path }) => path === '/token')
    expect(tokens.map(({ query }) => query.getAll('scope'))).toEqual([
      ['repository:acme/api:pull'],
      ['repository:acme/api:delete,pull'],
    ])
    expect(server.seen).toHaveLength(3 + 3 + 1 + 1)
  })

  it('asks for what Quay grants when it answers 400 to delete, after a read', async () => {
    const server = await registry((request, { origin }) => {
      const scope = request.query.getAll('scope').join(' ')
      if (request.path === '/token')
        return scope.includes('delete') ? { status: 400 } : json({ token: `t-${scope}` })
      const needed = request.method === 'DELETE' ? 'pull,push' : 'pull'
      return request.authorization === `Bearer t-repository:acme/api:${needed}`
        ? OK
        : challenge(`Bearer realm="${origin}/token"`)
    })
    const { send } = client(BOT)
    const repository = server.repository('acme/api')
    await send(manifest(repository))
    expect((await send(manifest(repository, { method: 'DELETE' }))).status).toBe(200)
    const tokens = server.seen.filter(({ path }) => path === '/token')
    expect(tokens.map(({ query }) => query.get('scope'))).toEqual([
      'repository:acme/api:pull',
      'repository:acme/api:delete,pull,push',
      'repository:acme/api:pull,push',
    ])
  })

  it('never asks for push on a repository that no read has proved to exist', async () => {
    const server = await spelling(
      ({ query }) => (query.get('scope')?.includes('delete') === true ? { status: 400 } : null),
      () => null,
    )
    const error = await refusalOf(
      client(BOT).send(manifest(server.repository('acme/api'), { method: 'DELETE' })),
    )
    expect(error.kind).toBe('unauthorized')
    const scopes = server.seen.flatMap(({ query }) => query.getAll('scope'))
    expect(scopes).toEqual(['repository:acme/api:delete,pull'])
  })

  it('retries once when the first token was too small', async () => {
    let calls = 0
    const server = await registry(({ path, authorization }, { origin }) => {
      if (path === '/token') return json({ token: `token-${(calls += 1)}` })
      const scope = authorization === null ? 'repository:acme/api:pull' : 'repository:acme/base:pull'
      return authorization === 'Bearer token-2'
        ? OK
        : challenge(`Bearer realm="${origin}/token",scope="${scope}",error="insufficient_scope"`)
    })
    expect((await client(BOT).send(manifest(server.repository('acme/api')))).status).toBe(200)
    expect(server.seen[3]?.query.getAll('scope')).toEqual([
      'repository:acme/base:pull',
      'repository:acme/api:pull',
    ])
  })
})
