import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatRepository, parseRepository } from '../../../src/domain/names/reference.ts'
import {
  DOCKER_HUB,
  isDockerHub,
  parseRegistry,
  storageFolderOf,
} from '../../../src/domain/names/registry.ts'
import { answerOf, lineOf } from '../../support/refusal.ts'

describe('parseRegistry', () => {
  it.each([
    ['ghcr.io', 'ghcr.io', 'https://ghcr.io'],
    ['  GHCR.io  ', 'ghcr.io', 'https://ghcr.io'],
    ['ghcr.io/', 'ghcr.io', 'https://ghcr.io'],
    ['https://ghcr.io/', 'ghcr.io', 'https://ghcr.io'],
    ['HTTPS://ghcr.io', 'ghcr.io', 'https://ghcr.io'],
    ['ghcr.io:443', 'ghcr.io', 'https://ghcr.io'],
    ['ghcr.io:80', 'ghcr.io:80', 'https://ghcr.io:80'],
    ['ghcr.io:08443', 'ghcr.io:8443', 'https://ghcr.io:8443'],
    ['http://registry.corp', 'registry.corp', 'http://registry.corp'],
    ['http://registry.corp:80', 'registry.corp', 'http://registry.corp'],
    ['http://registry:443', 'registry:443', 'http://registry:443'],
    ['registry', 'registry', 'https://registry'],
    ['localhost', 'localhost', 'http://localhost'],
    ['localhost:5000', 'localhost:5000', 'http://localhost:5000'],
    ['localhost:80', 'localhost', 'http://localhost'],
    ['localhost:443', 'localhost:443', 'http://localhost:443'],
    ['hub.localhost:5000', 'hub.localhost:5000', 'http://hub.localhost:5000'],
    ['https://localhost:5000', 'localhost:5000', 'https://localhost:5000'],
    ['127.0.0.1:5000', '127.0.0.1:5000', 'http://127.0.0.1:5000'],
    ['127.9.8.7', '127.9.8.7', 'http://127.9.8.7'],
    ['127.1:5000', '127.0.0.1:5000', 'http://127.0.0.1:5000'],
    ['[::1]:5000', '[::1]:5000', 'http://[::1]:5000'],
    ['[0:0:0:0:0:0:0:1]', '[::1]', 'http://[::1]'],
    ['[2001:db8::1]:5000', '[2001:db8::1]:5000', 'https://[2001:db8::1]:5000'],
    ['10.0.0.1:5000', '10.0.0.1:5000', 'https://10.0.0.1:5000'],
    ['localhost.corp', 'localhost.corp', 'https://localhost.corp'],
    ['127.0.0.1.corp', '127.0.0.1.corp', 'https://127.0.0.1.corp'],
    ['notlocalhost', 'notlocalhost', 'https://notlocalhost'],
  ])('reads %j', (text, host, origin) => {
    expect(parseRegistry(text)).toMatchObject({ host, origin })
  })

  it.each([
    'docker.io',
    'index.docker.io',
    'registry-1.docker.io',
    'https://index.docker.io',
    'Docker.IO:443',
  ])('knows %j as Docker Hub', (text) => {
    expect(parseRegistry(text)).toEqual({
      host: 'docker.io',
      origin: 'https://registry-1.docker.io',
      provider: 'docker-hub',
    })
    expect(isDockerHub(parseRegistry(text))).toBe(true)
  })

  it.each(['auth.docker.io', 'docker.io:5000', 'docker.io.evil.example'])(
    'does not take %j for Docker Hub',
    (text) => {
      expect(isDockerHub(parseRegistry(text))).toBe(false)
    },
  )

  it.each([
    ['', 'Write a host'],
    ['/', 'Write a host'],
    ['ghcr.io/acme', 'no path'],
    ['https://ghcr.io/v2/', 'no path'],
    ['ghcr.io?x=1', 'no query'],
    ['ghcr.io#x', 'no query'],
    ['ftp://ghcr.io', 'Write a host'],
    ['ghcr_io', 'Write a host'],
    ['-ghcr.io', 'Write a host'],
    ['ghcr.io.', 'Write a host'],
    ['ghcr.io:', 'Write a host'],
    ['ghcr.io:0', 'Write a host'],
    ['ghcr.io:65536', 'Write a host'],
    ['gh cr.io', 'Write a host'],
    ['ghcr.io\nevil.example', 'Write a host'],
    ['::1', 'Write a host'],
    ['[::zz]', 'Write a host'],
    ['[:::]', 'Write a host'],
    ['1.2.3.400', 'Write a host'],
    ['ghcr.io%2f@x', 'username and password'],
    ['a'.repeat(5000), 'Write a host'],
    ['http://docker.io', 'https only'],
    ['http://index.docker.io:80', 'https only'],
  ])('refuses %j', (text, advice) => {
    expect(lineOf(() => parseRegistry(text))).toContain(advice)
  })

  it('never repeats credentials', () => {
    for (const text of [
      'https://bob:hunter2@ghcr.io',
      'bob:hunter2@ghcr.io',
      'https://bob:hunt/er2@ghcr.io/x',
    ]) {
      const line = lineOf(() => parseRegistry(text))
      expect(line).toContain('username and password')
      expect(line).not.toMatch(/hunt|er2|bob/)
    }
  })

  it('reads what it wrote, whatever it was given', () => {
    fc.assert(
      fc.property(fc.oneof(fc.domain(), fc.ipV4(), fc.string()), fc.option(fc.nat(70_000)), (host, port) => {
        const registry = answerOf(() => parseRegistry(port === null ? host : `${host}:${port}`))
        if (registry === null) return
        expect(parseRegistry(registry.origin)).toEqual(registry)
        expect(new URL(registry.origin).origin).toBe(registry.origin)
      }),
    )
  })

  it('names Docker Hub as its own aliases do', () => {
    expect(parseRegistry(DOCKER_HUB.host)).toEqual(DOCKER_HUB)
  })
})

describe('a storage folder', () => {
  it.each([
    ['file:///var/lib/registry', '/var/lib/registry'],
    ['file:///var/lib/registry/', '/var/lib/registry'],
    ['FILE:///srv/a%20b', '/srv/a b'],
    ['file:///srv/a b', '/srv/a b'],
    ['file:///srv/x%23y', '/srv/x#y'],
    ['file:///srv/../etc', '/etc'],
  ])('%s is %s', (text, folder) => {
    const registry = parseRegistry(text)
    expect(storageFolderOf(registry)).toBe(folder)
    expect(registry).toMatchObject({ host: 'storage.localhost', provider: 'generic' })
  })

  it.each([
    'file://srv/registry',
    'file:srv',
    'file:',
    'file://',
    'file:///a?b',
    'file:///a#b',
    'file:///%zz',
  ])('%s is refused', (text) => {
    expect(() => parseRegistry(text)).toThrow(/^input registry: .* is not accepted$/)
  })

  it('gives its repositories names that are read again as its own, wherever the folder is', () => {
    const [here, there] = ['file:///a', 'file:///b'].map((text) => parseRegistry(text))
    const name = formatRepository(parseRepository('team/app', here!))
    expect(name).toBe('storage.localhost/team/app')
    expect(parseRepository(name, there!)).toEqual({ registry: there, path: 'team/app' })
    expect(storageFolderOf(parseRepository('ghcr.io/a/b', here!).registry)).toBeNull()
  })
})
