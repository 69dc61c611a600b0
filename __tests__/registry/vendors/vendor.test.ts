import { describe, expect, test } from 'vitest'

import { registryAt } from '../../../src/domain/names/registry.ts'
import { WardenError } from '../../../src/domain/errors.ts'
import { createHttpSource } from '../../../src/registry/source.ts'
import type { HttpSourceParts } from '../../../src/registry/source.ts'
import { newImage, NOW, openStage, PATH } from '../../support/vendors/stage.ts'

const unused = () => Promise.reject(new WardenError('network', 'no request is expected'))
const quiet = { debug: () => {}, info: () => {}, notice: () => {}, warning: () => {} }

function targets(change: Partial<HttpSourceParts>) {
  const { target } = createHttpSource({
    provider: null,
    apiUrl: null,
    challengeOf: () => [],
    registry: registryAt('docker.io', null)!,
    login: null,
    github: { apiUrl: new URL('https://api.github.com'), token: null },
    send: unused,
    sendToRegistry: unused,
    keychain: unused,
    mask: () => {},
    log: quiet,
    clock: () => NOW,
    deadline: null,
    aws: { kind: 'none' },
    sleep: unused,
    ...change,
  })
  return (host: string) => target({ registry: registryAt(host, null)!, path: 'acme/api' })
}

test('a target has the name and origin of its repository', async () => {
  const { registry, name, origin, reader } = await openStage()
  registry.seed(PATH, newImage(), ['v1'])
  expect([name, origin]).toEqual([`${registry.host}/${PATH}`, registry.origin])
  expect(await reader.tags()).toEqual(['v1'])
})

describe('provider', () => {
  test.each([
    ['ghcr.io', 'no'],
    ['registry.example', 'unknown'],
  ])('goes by host: %s', async (host, untag) => {
    expect((await targets({})(host)).vendor.capabilities.untag).toBe(untag)
  })

  test.each([
    ['ghcr', 'registry.example', 'no'],
    ['ghcr', 'ghcr.io', 'no'],
    ['generic', 'ghcr.io', 'unknown'],
  ] as const)('%s given for %s counts', async (provider, host, untag) => {
    expect((await targets({ provider })(host)).vendor.capabilities.untag).toBe(untag)
  })

  test('of another vendor is an error for a host that is known', async () => {
    const open = targets({ provider: 'harbor' })
    await expect(open('ghcr.io')).rejects.toThrow(expect.objectContaining({ kind: 'input' }))
  })
})

test('Docker Hub is one host: what another one shows must not be deleted there', async () => {
  const open = targets({ provider: 'docker-hub' })
  expect((await open('docker.io')).vendor.capabilities.untag).toBe('yes')
  await expect(open('mirror.example')).rejects.toThrow(expect.objectContaining({ kind: 'input' }))
})

test('one address of an API serves one registry', async () => {
  const open = targets({ apiUrl: new URL('https://api.example') })
  await open('one.example')
  await open('one.example')
  await expect(open('two.example')).rejects.toThrow(expect.objectContaining({ kind: 'input' }))
})

describe('a host that says nothing is known by the login that it asks for', () => {
  const bearer = (realm: string, service: string) => `Bearer realm="${realm}",service="${service}",scope="*"`

  test.each([
    [bearer('https://git.example/v2/token', 'container_registry'), 'gitea'],
    ['Basic realm="Gitea Container Registry"', 'gitea'],
    ['Basic realm="Forgejo Container Registry", Bearer realm="https://git.example/v2/token"', 'gitea'],
    [bearer('https://gitlab.example/jwt/auth', 'container_registry'), 'gitlab'],
    [bearer('https://harbor.example/service/token', 'harbor-registry'), 'harbor'],
    [bearer('https://auth.example/v2/token', 'registry.example'), 'generic'],
    [bearer('https://auth.example/token', 'container_registry'), 'generic'],
    ['Basic realm="My Gitea"', 'generic'],
    ['', 'generic'],
  ])('%s is %s', async (challenge, provider) => {
    const open = targets({ challengeOf: () => [challenge] })
    expect((await open('git.example')).provider).toBe(provider)
    // the input and a known host go before what is heard
    expect((await targets({ challengeOf: () => [challenge], provider: 'acr' })('git.example')).provider).toBe(
      'acr',
    )
    expect((await open('quay.io')).provider).toBe('quay')
  })

  test('the answer that told is the list of tags, which is not asked for twice', async () => {
    let asked = 0
    const open = targets({
      sendToRegistry: ({ url }) => {
        asked += 1
        const body = Buffer.from(JSON.stringify({ name: 'acme/api', tags: ['v1'] }))
        return Promise.resolve({ status: 200, headers: new Map(), body, url })
      },
    })
    const target = await open('registry.example')
    const once = asked
    expect(await target.reader.tags()).toEqual(['v1'])
    expect(asked).toBe(once)
    expect(await target.reader.tags()).toEqual(['v1'])
    expect(asked).toBe(2 * once)
  })
})
