import { describe, expect, test } from 'vitest'

import { WardenError } from '../../../src/domain/errors.ts'
import { registryAt } from '../../../src/domain/names/registry.ts'
import { createRegistryClient } from '../../../src/registry/client.ts'
import { createOpenTarget } from '../../../src/registry/vendors/vendor.ts'
import type { VendorParts } from '../../../src/registry/vendors/vendor.ts'
import { newImage, NOW, openStage, PATH } from '../../support/vendors/stage.ts'

const unused = () => Promise.reject(new WardenError('network', 'no request is expected'))
const quiet = { debug: () => {}, info: () => {}, notice: () => {}, warning: () => {} }

function targets(change: Partial<VendorParts>) {
  const open = createOpenTarget({
    provider: null,
    apiUrl: null,
    registry: registryAt('docker.io', null)!,
    login: null,
    github: { apiUrl: new URL('https://api.github.com'), token: null },
    swap: false,
    open: createRegistryClient({ send: unused, log: quiet }).open,
    send: unused,
    sendToRegistry: unused,
    keychain: unused,
    mask: () => {},
    log: quiet,
    clock: () => NOW,
    deadline: null,
    sleep: unused,
    ...change,
  })
  return (host: string) => open({ registry: registryAt(host, null)!, path: 'acme/api' })
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
  ])('goes by host: %s', (host, untag) => {
    expect(targets({})(host).vendor.capabilities.untag).toBe(untag)
  })

  test.each([
    ['ghcr', 'registry.example', 'no'],
    ['ghcr', 'ghcr.io', 'no'],
    ['generic', 'ghcr.io', 'unknown'],
  ] as const)('%s given for %s counts', (provider, host, untag) => {
    expect(targets({ provider })(host).vendor.capabilities.untag).toBe(untag)
  })

  test('of another vendor is an error for a host that is known', () => {
    const open = targets({ provider: 'harbor' })
    expect(() => open('ghcr.io')).toThrow(expect.objectContaining({ kind: 'input' }))
  })
})

test('Docker Hub is one host: what another one shows must not be deleted there', () => {
  const open = targets({ provider: 'docker-hub' })
  expect(open('docker.io').vendor.capabilities.untag).toBe('yes')
  expect(() => open('mirror.example')).toThrow(expect.objectContaining({ kind: 'input' }))
})

test('one address of an API serves one registry', () => {
  const open = targets({ apiUrl: new URL('https://api.example') })
  open('one.example')
  open('one.example')
  expect(() => open('two.example')).toThrow(expect.objectContaining({ kind: 'input' }))
})
