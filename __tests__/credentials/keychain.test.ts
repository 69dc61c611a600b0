import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { mkdtemp, mkdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { localFiles } from '../../src/credentials/credential-files.ts'
import { createAskHelper } from '../../src/credentials/credential-helper.ts'
import { createKeychain } from '../../src/credentials/keychain.ts'
import type { KeychainParts } from '../../src/credentials/keychain.ts'
import { DOCKER_HUB, parseRegistry } from '../../src/domain/names/reference.ts'
import { refusalOf, testLog } from './client.ts'

const GHCR = parseRegistry('ghcr.io')
const TARGET = { registry: GHCR, path: 'team/api' }

function file(username: string, key = 'ghcr.io'): string {
  return JSON.stringify({
    auths: { [key]: { auth: Buffer.from(`${username}:secret-of-${username}`).toString('base64') } },
  })
}

/** A keychain over files in memory. */
function keychain(files: Record<string, string>, change: Partial<KeychainParts> = {}) {
  const lines: string[] = []
  const masked: string[] = []
  const reads: string[] = []
  const find = createKeychain({
    login: null,
    registry: GHCR,
    env: {},
    home: '/home/me',
    mask: (secret) => void masked.push(secret),
    log: testLog(lines),
    files: {
      readText: async (path) => {
        reads.push(path)
        return files[path] ?? null
      },
      listFolder: async (folder) =>
        Object.keys(files)
          .filter((path) => path.startsWith(`${folder}/`))
          .map((path) => path.slice(folder.length + 1).split('/')[0] ?? ''),
    },
    askHelper: async () => null,
    ...change,
  })
  return { find, lines, masked, reads }
}

describe('where logins come from', () => {
  const ENV = {
    DOCKER_AUTH_CONFIG: file('variable'),
    DOCKER_CONFIG: '/docker',
    REGISTRY_AUTH_FILE: '/auth-file',
    XDG_RUNTIME_DIR: '/run/me',
    XDG_CONFIG_HOME: '/config',
  }
  const PLACES: [place: string, username: string][] = [
    ['/docker/buildx/config/ghcr.io/team/api@pull/config.json', 'scoped-pull'],
    ['/docker/buildx/config/ghcr.io/team/api/config.json', 'scoped'],
    ['/docker/buildx/config/ghcr.io/team/api@push/config.json', 'scoped-push'],
    ['/docker/buildx/config/ghcr.io/config.json', 'scoped-host'],
    ['/docker/config.json', 'docker'],
    ['/auth-file', 'auth-file'],
    ['/run/me/containers/auth.json', 'runtime'],
    ['/config/containers/auth.json', 'podman'],
  ]

  it('asks the places in order', async () => {
    const found: string[] = []
    for (let index = 0; index <= PLACES.length; index += 1) {
      const files = Object.fromEntries(PLACES.slice(index).map(([path, name]) => [path, file(name)]))
      const { DOCKER_AUTH_CONFIG: _, ...rest } = ENV
      const credential = await keychain(files, { env: rest }).find(TARGET)
      found.push(
        credential.kind === 'basic' ? `${credential.username} ${credential.source}` : credential.kind,
      )
    }
    expect(found).toEqual([...PLACES.map(([path, name]) => `${name} ${path}`), 'anonymous'])
  })

  it('asks the variable first, and goes on when it does not know the registry', async () => {
    const files = { '/docker/config.json': file('docker') }
    expect(await keychain(files, { env: ENV }).find(TARGET)).toMatchObject({ username: 'variable' })
    const other = { ...ENV, DOCKER_AUTH_CONFIG: file('variable', 'quay.io') }
    expect(await keychain(files, { env: other }).find(TARGET)).toMatchObject({ username: 'docker' })
  })

  it('uses home where no variable says otherwise', async () => {
    const docker = await keychain({ '/home/me/.docker/config.json': file('a') }).find(TARGET)
    expect(docker).toMatchObject({ username: 'a', source: '/home/me/.docker/config.json' })
    const podman = await keychain({ '/home/me/.config/containers/auth.json': file('b') }).find(TARGET)
    expect(podman).toMatchObject({ username: 'b' })
  })

  it('finds what login-action writes for Docker Hub', async () => {
    const path = '/home/me/.docker/buildx/config/registry-1.docker.io/library/alpine@pull/config.json'
    const files = { [path]: file('hub', 'https://index.docker.io/v1/') }
    const found = await keychain(files).find({ registry: DOCKER_HUB, path: 'library/alpine' })
    expect(found).toMatchObject({ username: 'hub' })
    expect(await keychain(files).find({ registry: DOCKER_HUB, path: 'library/busybox' })).toMatchObject({
      kind: 'anonymous',
    })
  })

  it('says which places knew nothing', async () => {
    const files = { '/home/me/.docker/config.json': file('x', 'quay.io') }
    const found = await keychain(files, { env: { DOCKER_AUTH_CONFIG: '{}' } }).find(TARGET)
    expect(found).toEqual({ kind: 'anonymous', source: 'DOCKER_AUTH_CONFIG, /home/me/.docker/config.json' })
  })

  it('reads each file once, and masks what it finds', async () => {
    const { find, reads, masked } = keychain({ '/home/me/.docker/config.json': file('me') })
    await Promise.all([find(TARGET), find(TARGET), find({ registry: GHCR, path: 'team/web' })])
    expect(reads).toEqual(['/home/me/.docker/config.json'])
    expect(masked).toContain('secret-of-me')
    expect(masked).toContain(Buffer.from('me:secret-of-me').toString('base64'))
    expect(masked).not.toContain('me')
  })

  it('warns about a broken file without its content, and goes on', async () => {
    const { find, lines } = keychain(
      { '/home/me/.docker/config.json': '{"secret-thing' },
      { env: { DOCKER_AUTH_CONFIG: '{"auths":{"a":"secret-thing","ghcr.io":{"auth":"secret thing"}}}' } },
    )
    expect(await find(TARGET)).toMatchObject({ kind: 'anonymous' })
    expect(lines).toHaveLength(3)
    expect(lines.join('\n')).not.toContain('secret')
  })
})

describe('the inputs', () => {
  const login = { username: 'me', password: 'input-secret\n' }

  it('are for their registry only', async () => {
    const { find } = keychain({}, { login })
    expect(await find(TARGET)).toMatchObject({ kind: 'basic', source: 'the inputs username and password' })
    for (const other of ['quay.io', 'ghcr.io:8443', 'http://ghcr.io']) {
      expect(await find({ registry: parseRegistry(other), path: 'a' })).toMatchObject({
        kind: 'anonymous',
        inputsFor: 'ghcr.io',
      })
    }
  })

  it('come before files, and lose one line end with a notice', async () => {
    const { find, lines, masked } = keychain({ '/home/me/.docker/config.json': file('file') }, { login })
    expect(await find(TARGET)).toMatchObject({ username: 'me', password: 'input-secret' })
    expect(lines).toEqual(['input password ends with a line break, which was removed'])
    expect(masked).toContain('input-secret')
  })
})

describe('helpers', () => {
  const config = (value: object) => ({ '/home/me/.docker/config.json': JSON.stringify(value) })

  it('are asked by host, own before general, once', async () => {
    const asked: string[] = []
    const { find } = keychain(
      config({ credsStore: 'all', credHelpers: { 'ghcr.io': 'own' }, auths: { 'ghcr.io': {} } }),
      {
        askHelper: async (suffix, key) => {
          asked.push(`${suffix} ${key}`)
          return { kind: 'identity', username: null, token: 'helper-token' }
        },
      },
    )
    expect(await find(TARGET)).toMatchObject({ kind: 'identity', source: '/home/me/.docker/config.json' })
    await find({ registry: GHCR, path: 'other' })
    await find({ registry: DOCKER_HUB, path: 'library/alpine' })
    expect(asked).toEqual(['own ghcr.io', 'all https://index.docker.io/v1/'])
  })

  it('that know nothing leave the entries', async () => {
    const both = { credsStore: 'all', auths: JSON.parse(file('entry')).auths }
    expect(await keychain(config(both)).find(TARGET)).toMatchObject({ username: 'entry' })
  })

  it('that are missing are an error, not silence', async () => {
    const { find } = keychain(config({ credsStore: 'warden-not-installed' }), {
      askHelper: createAskHelper({ mask: () => undefined, env: {} }),
    })
    const error = await refusalOf(find(TARGET))
    expect(error.line).toContain('docker-credential-warden-not-installed is not installed')
  })
})

describe('local files', () => {
  let folder = ''
  afterEach(() => rm(folder, { recursive: true, force: true }))

  it('are read, listed, absent, or too large', async () => {
    folder = await mkdtemp(join(tmpdir(), 'warden-files-'))
    const path = join(folder, 'sub', 'config.json')
    await mkdir(dirname(path))
    await writeFile(path, '{}')
    await writeFile(join(folder, 'large'), 'x'.repeat(2 ** 20 + 1))
    expect(await localFiles.readText(path)).toBe('{}')
    expect(await localFiles.readText(join(folder, 'none'))).toBeNull()
    expect(await localFiles.readText(join(path, 'below-a-file'))).toBeNull()
    expect(await localFiles.listFolder(join(folder, 'sub'))).toEqual(['config.json'])
    expect(await localFiles.listFolder(join(folder, 'none'))).toEqual([])
    await expect(localFiles.readText(join(folder, 'large'))).rejects.toThrow(/larger than/)
    await expect(localFiles.readText(folder)).rejects.toThrow(/EISDIR|not a plain file/)
    await promisify(execFile)('mkfifo', [join(folder, 'pipe')])
    await expect(localFiles.readText(join(folder, 'pipe'))).rejects.toThrow(/not a plain file/)
    await expect(localFiles.readText('/dev/zero')).rejects.toThrow(/not a plain file/)
  })
})
