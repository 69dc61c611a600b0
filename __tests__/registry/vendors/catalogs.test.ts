import { describe, expect, test } from 'vitest'

import type { Credential } from '../../../src/credentials/credential.ts'
import { WardenError } from '../../../src/domain/errors.ts'
import type { Provider } from '../../../src/domain/names/provider.ts'
import { registryAt } from '../../../src/domain/names/registry.ts'
import { createHttpSource } from '../../../src/registry/source.ts'
import { NOW } from '../../support/vendors/stage.ts'

const quiet = { debug: () => {}, info: () => {}, notice: () => {}, warning: () => {} }
const oauth: Credential = {
  kind: 'basic',
  username: 'oauth2accesstoken',
  password: 'ya29',
  source: 'the test',
}

interface World {
  readonly provider?: Provider
  readonly apiUrl?: string
  readonly credential?: Credential
  /** the body of an answer; null: 404 */
  readonly answer: (url: URL) => unknown
}

/** A vendor's API that answers by address, and what it was asked. */
function world({ provider, apiUrl, credential, answer }: World) {
  const asked: string[] = []
  const send = ({ url }: { readonly url: URL }) => {
    asked.push(`${url.host}${url.pathname}${url.search}`)
    const body = answer(url)
    const text = JSON.stringify(body ?? { message: 'not found' })
    return Promise.resolve({
      status: body === null ? 404 : 200,
      headers: new Map(),
      body: Buffer.from(text),
      url,
    })
  }
  const { catalog } = createHttpSource({
    provider: provider ?? null,
    apiUrl: apiUrl === undefined ? null : new URL(apiUrl),
    challengeOf: () => [],
    registry: registryAt('docker.io', null)!,
    login: null,
    github: { apiUrl: new URL('https://api.github.com'), token: 'gh-token' },
    send,
    sendToRegistry: send,
    keychain: () => Promise.resolve(credential ?? { kind: 'anonymous', source: 'the test' }),
    mask: () => {},
    log: quiet,
    clock: () => NOW,
    deadline: null,
    aws: { kind: 'none' },
    sleep: () => Promise.resolve(),
  })
  const list = (host: string, owner: string | null = 'acme') => catalog(registryAt(host, null)!, owner)
  return { list, asked }
}

/** Pages of numbered names without any `Link`, 250 in all. */
const numbered = (size: number, page: number) =>
  Array.from({ length: 250 }, (_, number) => `app-${number}`).slice((page - 1) * size, page * size)
const pageOf = (url: URL) => Number(url.searchParams.get('page') ?? '1')
const named = (names: readonly string[]) => names.map((name) => ({ name }))

describe('a vendor lists its repositories, over pages that name no next one', () => {
  test('GHCR, of an organisation and of a user', async () => {
    for (const kind of ['orgs', 'users']) {
      const { list, asked } = world({
        answer: (url) =>
          url.pathname === `/${kind}/acme/packages` ? named(numbered(100, pageOf(url))) : null,
      })
      const names = await list('ghcr.io')
      expect([names.length, names[0], names.at(-1)]).toEqual([250, 'acme/app-0', 'acme/app-249'])
      expect(asked[0]).toBe('api.github.com/orgs/acme/packages?package_type=container&per_page=100')
    }
  })

  test('Harbor, of a project and of all', async () => {
    const answer = (url: URL) => named(numbered(100, pageOf(url)).map((name) => `acme/${name}`))
    const { list, asked } = world({ provider: 'harbor', answer })
    expect(await list('hub.example')).toHaveLength(250)
    expect(await list('hub.example', null)).toHaveLength(250)
    expect(asked[0]).toBe('hub.example/api/v2.0/projects/acme/repositories?page=1&page_size=100')
    expect(asked.at(-1)).toContain('hub.example/api/v2.0/repositories?')
  })

  test('GitLab, of a group', async () => {
    const answer = (url: URL) =>
      url.pathname === '/api/v4/groups/acme/registry/repositories'
        ? numbered(100, pageOf(url)).map((name, id) => ({ id, path: `acme/team/${name}` }))
        : null
    const { list, asked } = world({ answer })
    expect((await list('registry.gitlab.com')).at(-1)).toBe('acme/team/app-249')
    expect(asked[0]).toBe('gitlab.com/api/v4/groups/acme/registry/repositories?per_page=100')
  })

  test('Gitea, of an owner: each version names its package', async () => {
    const answer = (url: URL) =>
      numbered(50, pageOf(url)).flatMap((name, number) => ({
        name: `app-${number % 3}`,
        version: name,
        created_at: '2026-04-01T00:00:00Z',
      }))
    const { list } = world({ provider: 'gitea', answer })
    expect(await list('git.example')).toEqual(['acme/app-0', 'acme/app-1', 'acme/app-2'])
  })
})

describe('a vendor lists its repositories, over pages that the body names', () => {
  test('Docker Hub', async () => {
    const answer = (url: URL) => {
      const page = pageOf(url)
      const next = page < 3 ? `https://elsewhere.example/x?page=${page + 1}&page_size=100` : null
      return { count: 250, next, results: named(numbered(100, page)) }
    }
    const { list, asked } = world({ answer })
    expect(await list('docker.io')).toHaveLength(250)
    // the host of a link has no say
    expect(asked.every((line) => line.startsWith('hub.docker.com/v2/namespaces/acme/repositories'))).toBe(
      true,
    )
  })

  test('Quay', async () => {
    const answer = (url: URL) => {
      const token = Number(url.searchParams.get('next_page') ?? '1')
      const next = token < 3 ? { next_page: String(token + 1) } : {}
      return { repositories: named(numbered(100, token)), ...next }
    }
    const { list, asked } = world({ answer })
    expect((await list('quay.io'))[0]).toBe('acme/app-0')
    expect(asked).toHaveLength(3)
    // without it, Quay shows only what the login owns, and nothing to who has none
    expect(asked.every((line) => line.includes('namespace=acme&public=true'))).toBe(true)
  })

  test('Google, by an access token', async () => {
    const parent = '/v1/projects/acme/locations/europe-west1/repositories'
    const answer = (url: URL) => {
      if (url.pathname === parent) {
        const repository = (name: string, format: string) => ({ name: `${parent.slice(4)}/${name}`, format })
        return { repositories: [repository('images', 'DOCKER'), repository('npm', 'NPM')] }
      }
      const isLast = url.searchParams.has('pageToken')
      const name = `${url.pathname.slice(4)}/${isLast ? 'web' : 'team%2Fapi'}`
      return { packages: [{ name }], ...(isLast ? {} : { nextPageToken: 'abc' }) }
    }
    const { list } = world({ answer, credential: oauth })
    expect(await list('europe-west1-docker.pkg.dev')).toEqual(['acme/images/team/api', 'acme/images/web'])
    const none = world({
      answer: () => ({ repositories: [{ name: 'x/npm', format: 'NPM' }] }),
      credential: oauth,
    })
    expect(await none.list('europe-west1-docker.pkg.dev')).toEqual([])
    const odd = world({ answer: () => ({ repositories: [{ nom: 'x/images' }] }), credential: oauth })
    await expect(odd.list('europe-west1-docker.pkg.dev')).rejects.toThrow('could not be read')
    const refused = world({ answer }).list('europe-west1-docker.pkg.dev')
    await expect(refused).rejects.toMatchObject({ advice: expect.stringContaining('oauth2accesstoken') })
  })
})

test.each(['ghcr.io', 'docker.io', 'quay.io', 'registry.gitlab.com'])(
  '%s lists nothing without an owner, and says what to write',
  async (host) => {
    const { list, asked } = world({ answer: () => [] })
    await expect(list(host, null)).rejects.toMatchObject({
      kind: 'unsupported',
      advice: expect.stringContaining(`image: ${host}/OWNER/*`),
    })
    expect(asked).toEqual([])
  },
)

test('a list that may be cut off is an error, not a shorter organisation', async () => {
  // always the same full page, whatever is asked
  const { list } = world({ answer: () => named(numbered(100, 1)) })
  await expect(list('ghcr.io')).rejects.toThrow(WardenError)
  await expect(list('ghcr.io')).rejects.toThrow('may be cut off')
})
