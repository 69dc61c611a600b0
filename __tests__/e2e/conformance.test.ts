import { execFile } from 'node:child_process'
import { describe, expect, it, onTestFinished } from 'vitest'
import { findAbilities } from '../../scripts/conformance/abilities.ts'
import { examine } from '../../scripts/conformance/examine.ts'
import { fixture } from '../../scripts/conformance/fixture.ts'
import { parseOptions } from '../../scripts/conformance/options.ts'
import { plainClient } from '../../scripts/conformance/plain-client.ts'
import type { Row } from '../../scripts/conformance/row.ts'
import { SUMMARY_HEADER, summaryOf } from '../../scripts/conformance/summary.ts'
import { pushAll } from '../../scripts/conformance/world.ts'
import { textOf } from '../contract/checkout.ts'
import { ADMIN, startDockerRegistry, type DockerRegistryOptions } from '../support/docker-registry.ts'
import { FACE_ACCOUNT, FACES, startEmbeddedRegistry, type Face } from '../support/embedded-registry.ts'
import { image } from '../support/images.ts'
import { runInProcess } from '../support/run-in-process.ts'
import { startTokenServer } from '../support/token-server.ts'

const REPOSITORY = 'acme/conformance'
const root = new URL('../..', import.meta.url)

interface Reached {
  readonly origin: string
  readonly stop: () => Promise<void>
}

async function examined(
  { origin }: Pick<Reached, 'origin'>,
  login: { readonly username: string; readonly password: string } = { username: '', password: '' },
): Promise<readonly Row[]> {
  return await examine(
    { registry: origin, origin, repository: REPOSITORY, provider: 'auto', ...login },
    runInProcess,
  )
}

const wrong = (rows: readonly Row[]): readonly string[] =>
  rows.filter(({ verdict }) => verdict === 'wrong').map(({ what, detail }) => `${what}: ${detail}`)
const verdictOf = (rows: readonly Row[], what: string): string | undefined =>
  rows.find((row) => row.what === what)?.verdict
/** What docs/registries.md says of a set-up. */
const documented = (name: string): readonly string[] | undefined =>
  textOf('docs/registries.md')
    .split('\n')
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    )
    .find(([first]) => first === name)
const docker = async (options: DockerRegistryOptions): Promise<Reached> => {
  const registry = await startDockerRegistry(options)
  onTestFinished(registry.stop)
  return registry
}

describe('nothing is wrong', { timeout: 300_000 }, () => {
  // most of their time is waiting: for a rate limit, or until what is missing is asked for again
  it.concurrent.for(Object.entries<Face>(FACES))('with the face %s', async ([name, face], { expect }) => {
    // ten requests a second would take minutes
    const rateLimit = face.quirks.rateLimit && { ...face.quirks.rateLimit, perSecond: 500, burst: 100 }
    const registry = await startEmbeddedRegistry({
      ...face,
      quirks: { ...face.quirks, ...(rateLimit && { rateLimit }) },
    })
    try {
      const rows = await examined(registry, face.auth && FACE_ACCOUNT)
      expect(wrong(rows)).toEqual([])
      expect(verdictOf(rows, 'a prune loses nothing')).toBe('right')
      expect(documented(`\`${name}\``)).toEqual(summaryOf(`\`${name}\``, rows))
      expect(registry.requests.some(({ method }) => method === 'DELETE')).toBe(true)
    } finally {
      await registry.stop()
    }
  })

  it.each([
    ['spec', 'removes one tag of two', 'can'],
    ['distribution2', 'removes one tag of two', 'cannot'],
    ['dereferencing', 'removes one tag of two', 'cannot'],
    ['gitea', 'keeps a manifest that lost its last tag', 'cannot'],
    ['gitea', 'keeps the case of tags', 'cannot'],
    ['gitea', 'takes an index of indexes', 'cannot'],
    ['cascading', 'its children stay', 'cannot'],
    ['ignoringDigestDeletes', 'deletes a digest with two tags', 'cannot'],
    ['nameCopying', 'its tags go with it', 'cannot'],
    ['freeingBlobs', 'takes a deleted manifest back', 'cannot'],
  ] as const)('finds out of the face %s: %s', async (name, what, verdict) => {
    const face: Face = FACES[name]
    const registry = await startEmbeddedRegistry(face)
    onTestFinished(registry.stop)
    const { origin } = registry
    const login = face.auth ? FACE_ACCOUNT : { username: '', password: '' }
    const client = plainClient({
      registry: origin,
      origin,
      repository: REPOSITORY,
      provider: 'auto',
      ...login,
    })
    const { rows, referrersApi } = await findAbilities(client, 'seed')
    const pushed = await pushAll(client, fixture('seed', Date.now()), referrersApi)
    expect(verdictOf([...rows, ...pushed.rows], what)).toBe(verdict)
  })

  it("with Debian's docker-registry", async () => {
    const rows = await examined(await docker({}))
    expect(wrong(rows)).toEqual([])
    expect(verdictOf(rows, 'deletes a digest with two tags')).toBe('can')
    expect(documented('set-up')).toEqual(SUMMARY_HEADER)
    expect(documented('open')).toEqual(summaryOf('open', rows))
  })

  it('with one behind htpasswd', async () => {
    const rows = await examined(await docker({ auth: 'htpasswd' }), ADMIN)
    expect(wrong(rows)).toEqual([])
    expect(documented('htpasswd')).toEqual(summaryOf('htpasswd', rows))
  })

  it('with one that deletes nothing: everything stays, and the run says why', async () => {
    const rows = await examined(await docker({ deletes: false }))
    expect(wrong(rows)).toEqual([])
    expect(verdictOf(rows, 'deletes a digest with two tags')).toBe('cannot')
    expect(rows.find(({ what }) => what === 'a prune ends green')?.detail).toContain('Deletes are off')
    expect(documented('deletes off')).toEqual(summaryOf('deletes off', rows))
  })

  it('with one that wants a token', async () => {
    const accounts = {
      [ADMIN.username]: { password: ADMIN.password, access: { '*': ['pull', 'push', 'delete'] } },
    }
    const issuer = await startTokenServer({ accounts })
    onTestFinished(issuer.stop)
    const rows = await examined(await docker({ auth: issuer }), ADMIN)
    expect(wrong(rows)).toEqual([])
    expect(documented('tokens')).toEqual(summaryOf('tokens', rows))
  })
})

describe('npm run conformance', { timeout: 300_000 }, () => {
  function command(parameters: readonly string[], input: string): Promise<{ code: number; text: string }> {
    return new Promise((resolve) => {
      const child = execFile(
        process.execPath,
        ['scripts/conformance.ts', ...parameters],
        { cwd: root },
        (error, stdout, stderr) =>
          resolve({ code: error === null ? 0 : Number(error.code), text: stdout + stderr }),
      )
      child.stdin?.end(input)
    })
  }

  it('takes the password from standard input, prints the table and no secret', async () => {
    const registry = await docker({ auth: 'htpasswd' })
    const { code, text } = await command(
      ['--registry', registry.origin, '--username', ADMIN.username],
      `${ADMIN.password}\n`,
    )
    expect(text).toContain('Nothing was wrong.')
    expect(text).toMatch(/\| sizes +\| right +\| 6 platform images/)
    expect(text).not.toContain(ADMIN.password)
    expect(code).toBe(0)
  })

  it('ends with 2 where nothing can be pushed', async () => {
    const registry = await docker({ readonly: true })
    expect(await command(['--registry', registry.origin], '')).toMatchObject({
      code: 2,
      text: expect.stringContaining('takes no push: 405'),
    })
    expect(documented('read-only')).toEqual(summaryOf('read-only', []))
  })

  it('does not touch a repository that has tags', async () => {
    const registry = await startEmbeddedRegistry()
    onTestFinished(registry.stop)
    registry.seed(REPOSITORY, image([]), ['v1'])
    await expect(examined(registry)).rejects.toThrow('has tags already')
    expect(registry.requests.map(({ method }) => method)).toEqual(['GET'])
  })
})

describe('parseOptions', () => {
  const asked = async (parameters: readonly string[], env = {}) =>
    await parseOptions(parameters, env, async () => 'from input\n')

  it('takes the password from the environment first, and asks for none without a user name', async () => {
    const login = ['--registry', 'registry.example', '--username', 'ada']
    expect(await asked(login, { CONFORMANCE_PASSWORD: 'x' })).toMatchObject({ password: 'x' })
    expect(await asked(login)).toMatchObject({ password: 'from input' })
    expect(await asked(login.slice(0, 2))).toMatchObject({ password: '', username: '' })
  })

  it.each([
    ['registry.example', 'https://registry.example'],
    ['127.0.0.1:5000', 'http://127.0.0.1:5000'],
    ['http://registry.example:5000/', 'http://registry.example:5000'],
    ['docker.io', 'https://registry-1.docker.io'],
    ['127.0.0.1.evil.example', 'https://127.0.0.1.evil.example'],
  ])('asks %s at %s', async (registry, origin) => {
    expect(await asked(['--registry', registry])).toMatchObject({ registry, origin })
  })

  it('names what is missing', async () => {
    await expect(asked([])).rejects.toThrow('--registry is missing')
  })
})
