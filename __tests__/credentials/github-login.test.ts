import { describe, expect, it } from 'vitest'
import type { AuthorizedRequest, AuthorizedSend } from '../../src/credentials/authenticator.ts'
import { containerRegistryOf, withoutTokenIfRefused } from '../../src/credentials/github-login.ts'
import { createKeychain } from '../../src/credentials/keychain.ts'
import { WardenError } from '../../src/domain/errors.ts'
import { parseRegistry } from '../../src/domain/names/registry.ts'
import { SILENT } from '../usecases/prune/stage.ts'

const GITHUB = { GITHUB_SERVER_URL: 'https://github.com', GITHUB_ACTOR: 'octocat' }
const nothing = { readText: async () => null, listFolder: async () => [] }

function keychain(env: Record<string, string>, githubToken = 'job-token', logins = false) {
  const masked: string[] = []
  const find = createKeychain({
    login: logins ? { username: 'me', password: 'own' } : null,
    registry: parseRegistry('ghcr.io'),
    githubToken,
    env,
    mask: (secret) => void masked.push(secret),
    log: SILENT,
    home: '/home/nobody',
    files: nothing,
  })
  return { masked, find: (host: string) => find({ registry: parseRegistry(host), path: 'acme/api' }) }
}

describe('the token of the job', () => {
  it('is the login for the container registry of its own server, and masked', async () => {
    const { find, masked } = keychain(GITHUB)
    expect(await find('ghcr.io')).toEqual({
      kind: 'basic',
      username: 'octocat',
      password: 'job-token',
      source: 'the input github-token',
    })
    expect(masked).toContain('job-token')
    const enterprise = keychain({ GITHUB_SERVER_URL: 'https://git.corp.example' })
    expect(await enterprise.find('containers.git.corp.example')).toMatchObject({ password: 'job-token' })
  })

  it.each([
    ['another registry', GITHUB, 'quay.io'],
    ['another port', GITHUB, 'ghcr.io:8443'],
    ['plain HTTP', GITHUB, 'http://ghcr.io'],
    ['a look-alike', GITHUB, 'ghcr.io.evil.example'],
    ['GHCR, from an Enterprise server', { GITHUB_SERVER_URL: 'https://git.corp.example' }, 'ghcr.io'],
    ['another Enterprise', { GITHUB_SERVER_URL: 'https://git.corp.example' }, 'containers.other.example'],
    ['GHCR, from Gitea', { ...GITHUB, GITEA_ACTIONS: 'true' }, 'ghcr.io'],
    ['GHCR, from Forgejo', { ...GITHUB, FORGEJO_ACTIONS: 'true' }, 'ghcr.io'],
    ['GHCR, outside a runner', {}, 'ghcr.io'],
    ['GHCR, by a server that is not one', { GITHUB_SERVER_URL: 'https://github.com:444' }, 'ghcr.io'],
  ])('does not go to %s', async (_, env, host) => {
    expect(await keychain(env).find(host)).toMatchObject({ kind: 'anonymous' })
  })

  it('comes last: inputs go first, and an empty one is none', async () => {
    expect(await keychain(GITHUB, 'job-token', true).find('ghcr.io')).toMatchObject({ username: 'me' })
    expect(await keychain(GITHUB, '').find('ghcr.io')).toMatchObject({ kind: 'anonymous' })
  })

  it('belongs only to the server of the job', () => {
    expect(containerRegistryOf(GITHUB)).toBe('ghcr.io')
    expect(containerRegistryOf({ GITHUB_SERVER_URL: 'http://github.com' })).toBeNull()
  })
})

describe('a read that the token of the job is refused', () => {
  const repository = { registry: parseRegistry('ghcr.io'), path: 'acme/api' }
  const url = new URL('https://ghcr.io/v2/acme/api/manifests/v1')
  const request = (method: AuthorizedRequest['method']): AuthorizedRequest => ({
    method,
    url,
    repository,
    maxBytes: 1,
    purpose: 'manifest',
  })
  const answer = (status: number): Awaited<ReturnType<AuthorizedSend>> => ({
    status,
    headers: new Map(),
    body: Buffer.alloc(0),
    url,
  })
  const denied = new WardenError('denied', 'not permitted')

  function play(
    withToken: () => Promise<Awaited<ReturnType<AuthorizedSend>>>,
    without: number,
    host = GITHUB,
  ) {
    const asked: string[] = []
    const { find } = keychain(host)
    const send = withoutTokenIfRefused(
      async () => (asked.push('token'), withToken()),
      async () => (asked.push('anonymous'), answer(without)),
      () => find('ghcr.io'),
    )
    return { asked, send }
  }

  it.each([
    ['an error', () => Promise.reject(denied)],
    ['403', async () => answer(403)],
  ])('with %s is tried once more without it, and from then on', async (_, refuse) => {
    const { asked, send } = play(refuse, 200)
    expect((await send(request('GET'))).status).toBe(200)
    expect((await send(request('HEAD'))).status).toBe(200)
    expect(asked).toEqual(['token', 'anonymous', 'anonymous'])
  })

  it('stays refused where nobody may read it, and says so as with the token', async () => {
    await expect(play(() => Promise.reject(denied), 403).send(request('GET'))).rejects.toBe(denied)
    expect((await play(async () => answer(403), 401).send(request('GET'))).status).toBe(403)
  })

  it.each(['DELETE', 'PUT', 'POST'] as const)('is not tried for %s', async (method) => {
    const { asked, send } = play(() => Promise.reject(denied), 200)
    await expect(send(request(method))).rejects.toBe(denied)
    expect(asked).toEqual(['token'])
  })
})
