import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { layer } from '../support/blobs.ts'
import { startEmbeddedRegistry } from '../support/embedded-registry.ts'
import type { Exchange } from '../support/embedded-registry.ts'
import { refuse } from '../support/embedded/replies.ts'
import { image } from '../support/images.ts'
import { serve } from '../support/loopback.ts'
import { expectNoSecrets, runAction } from '../support/run-action.ts'
import { connectProxy } from '../transport/servers.ts'

const PASSWORD = 'swordfish-4711'
const LOGIN = { username: 'ci-bot', password: PASSWORD }
const one = image([layer('one', 2_000)])

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'hostile-'))
  onTestFinished(() => rm(path, { recursive: true }))
  return path
}

async function registryWith(intercept: (exchange: Exchange) => boolean | Promise<boolean> = () => false) {
  const registry = await startEmbeddedRegistry({ intercept })
  onTestFinished(() => registry.stop())
  registry.seed('acme/api', one, ['v1', 'pr-1'])
  return registry
}

const saidIn = ({ annotations }: Awaited<ReturnType<typeof runAction>>) =>
  annotations.map(({ message }) => message).join('\n')

it.each<[string, Record<string, string>]>([
  ['image, with a pattern', { mode: 'prune', image: `u:${PASSWORD}@example.com/*`, tags: 'pr-*' }],
  ['image', { image: `u:${PASSWORD}@example.com/acme/api:v1` }],
  ['image, in list', { mode: 'list', image: `u:${PASSWORD}@example.com/acme/*` }],
  ['registry', { image: 'acme/api:v1', registry: `https://u:${PASSWORD}@example.com` }],
  [
    'baseline',
    { image: 'acme/api:v1', baseline: `u:${PASSWORD}@example.com/acme/api:v0`, 'max-increase': '5%' },
  ],
  ['base-image', { image: 'acme/api:v1', 'base-image': `u:${PASSWORD}@example.com/acme/base:v0` }],
  [
    'provider-api-url',
    {
      mode: 'prune',
      image: 'ghcr.io/acme/api',
      tags: 'pr-*',
      'provider-api-url': `https://u:${PASSWORD}@example.com`,
    },
  ],
])('a password in %s is not shown', async (_, inputs) => {
  const result = await runAction({ inputs })
  expect(result.exitCode).toBe(1)
  expectNoSecrets(result, PASSWORD)
})

describe('a token server that a registry names', () => {
  it.each([
    ['of another host, in plain HTTP', 'http://auth.other.example/token', 'is not https'],
    ['by a link-local address', 'https://169.254.169.254/token', 'private network'],
    ['with a user name', 'https://u@auth.other.example/token', 'user name'],
    ['of another scheme', 'ftp://127.0.0.1/token', 'is not https'],
  ])('%s gets no login', async (_, realm, why) => {
    const proxy = await connectProxy()
    onTestFinished(() => proxy.stop())
    const registry = await registryWith(({ response }) => {
      response.setHeader('www-authenticate', `Bearer realm="${realm}",service="x"`)
      refuse(response, 401, 'UNAUTHORIZED', 'authentication required')
      return true
    })
    const result = await runAction({
      inputs: { registry: registry.origin, image: 'acme/api:v1', ...LOGIN },
      env: { HTTP_PROXY: `http://127.0.0.1:${proxy.port}`, HTTPS_PROXY: `http://127.0.0.1:${proxy.port}` },
    })
    expect(result.exitCode).toBe(1)
    expect(saidIn(result)).toContain(why)
    expect(proxy.asked).toEqual([])
    expectNoSecrets(result, PASSWORD)
  })
})

it('a name that only looks like a loopback address is asked through the proxy', async () => {
  const proxy = await connectProxy()
  onTestFinished(() => proxy.stop())
  await runAction({
    inputs: { image: '127.0.0.1.evil.example/acme/api:v1', registry: '127.0.0.1.evil.example' },
    env: { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, HTTP_PROXY: `http://127.0.0.1:${proxy.port}` },
  })
  expect(proxy.asked.map(({ target }) => target)).toContain('127.0.0.1.evil.example:443')
})

it('a credential helper sees neither the inputs nor the tokens of the job', async () => {
  const home = await folder()
  const seen = join(home, 'seen')
  const program = join(home, 'docker-credential-spy')
  await writeFile(program, `#!/bin/sh\nenv > ${seen}\necho '{"Username":"u","Secret":"s3cret-of-helper"}'\n`)
  await chmod(program, 0o755)
  await writeFile(join(home, 'config.json'), JSON.stringify({ credsStore: 'spy' }))
  const registry = await registryWith(({ request, response }) => {
    if (request.headers.authorization !== undefined) return false
    response.setHeader('www-authenticate', 'Basic realm="x"')
    refuse(response, 401, 'UNAUTHORIZED', 'authentication required')
    return true
  })
  const result = await runAction({
    inputs: { registry: registry.origin, image: 'acme/api:v1' },
    githubToken: 'ghs_token_of_the_job',
    env: {
      PATH: `${home}:${process.env['PATH'] ?? ''}`,
      DOCKER_CONFIG: home,
      ACTIONS_RUNTIME_TOKEN: 'runtime-token',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'id-token',
      AWS_SESSION_TOKEN: 'needed-by-helpers-of-aws',
    },
  })
  const environment = await readFile(seen, 'utf8')
  expect(environment).not.toMatch(/^INPUT_|ghs_token_of_the_job|runtime-token|id-token/m)
  expect(result.exitCode).toBe(0)
  expectNoSecrets(result, 's3cret-of-helper')
})

describe.each(['a pipe', 'a device without end'])('%s in place of a file', (kind) => {
  it.each<[string, Record<string, string>, boolean]>([
    ['ca-file', { image: 'acme/api:v1' }, true],
    ['report-file', { mode: 'report' }, true],
    ['apply-plan', { mode: 'prune', image: 'acme/api', tags: 'pr-*' }, true],
    ['undo-file', { mode: 'undo' }, true],
    ['history-file', { image: 'acme/api:v1' }, false],
    ['protect-files', { mode: 'prune', image: 'acme/api', tags: 'pr-*' }, false],
  ])('%s ends soon, in little memory', async (input, inputs, isError) => {
    const registry = await registryWith()
    const home = await folder()
    const path = join(home, 'file.yaml')
    if (kind === 'a pipe') execFileSync('mkfifo', [path])
    else execFileSync('ln', ['-s', '/dev/zero', path])
    let most = 0
    const result = await runAction({
      inputs: { registry: registry.origin, ...inputs, [input]: path },
      timeoutMs: 30_000,
      onStart: ({ pid }) => {
        const timer = setInterval(() => {
          const status = existsSync(`/proc/${pid}/status`) ? readFileSync(`/proc/${pid}/status`, 'utf8') : ''
          most = Math.max(most, Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0))
          if (status === '') clearInterval(timer)
        }, 50)
      },
    })
    expect([result.exitCode === null, result.exitCode === 1]).toEqual([false, isError])
    expect(most).toBeLessThan(250_000)
  })

  it.each(['oci-archive', 'docker-archive'])('%s:// ends soon', async (scheme) => {
    const home = await folder()
    const path = join(home, 'image.tar')
    if (kind === 'a pipe') execFileSync('mkfifo', [path])
    else execFileSync('ln', ['-s', '/dev/zero', path])
    const result = await runAction({ inputs: { image: `${scheme}://${path}` }, timeoutMs: 30_000 })
    expect(result.exitCode).toBe(1)
  })
})

it('a report file whose verdicts contradict each other is not a pass', async () => {
  const home = await folder()
  const registry = await registryWith()
  const path = join(home, 'report.json')
  await runAction({
    inputs: { registry: registry.origin, image: 'acme/api:v1', 'max-size': '1KiB', 'report-file': path },
  })
  const report = JSON.parse(await readFile(path, 'utf8'))
  expect(report.result).toBe('fail')
  await writeFile(path, JSON.stringify({ ...report, verdict: 'pass', result: 'pass' }))
  const result = await runAction({ inputs: { mode: 'report', 'report-file': path } })
  expect(result.outputs['result']).not.toBe('pass')
  expect(result.summary).not.toMatch(/^.*✅/)
})

/** What a registry that is curious, broken or hostile does with what it is sent. */
describe('a registry that repeats the login in what it answers', () => {
  it.each<[string, (exchange: Exchange) => string]>([
    ['as it was sent', ({ request }) => request.headers.authorization ?? ''],
    ['decoded', ({ request }) => atob((request.headers.authorization ?? '').replace(/^Basic /, ''))],
    ['in capitals and pieces', () => `password=${PASSWORD}; ${encodeURIComponent(PASSWORD)}`],
  ])('%s: nobody who reads the run sees it', async (_, echo) => {
    const home = await folder()
    const registry = await registryWith((exchange) => {
      const { request, response, url } = exchange
      if (request.headers.authorization === undefined) {
        response.setHeader('www-authenticate', 'Basic realm="x"')
        refuse(response, 401, 'UNAUTHORIZED', 'authentication required')
        return true
      }
      if (request.method === 'GET' && url.pathname.endsWith('/tags/list')) return false
      refuse(response, 403, 'DENIED', `not with ${echo(exchange)}`)
      return true
    })
    const path = join(home, 'report.json')
    const plan = join(home, 'plan.json')
    const inputs = { registry: registry.origin, ...LOGIN }
    const size = await runAction({ inputs: { ...inputs, image: 'acme/api:v1', 'report-file': path } })
    const prune = await runAction({
      inputs: { ...inputs, mode: 'prune', image: 'acme/api', tags: 'pr-*', 'plan-file': plan },
    })
    const list = await runAction({ inputs: { ...inputs, mode: 'list', image: 'acme/api' } })
    for (const result of [size, prune, list])
      expectNoSecrets(result, PASSWORD, `${LOGIN.username}:${PASSWORD}`)
    for (const file of [path, plan]) {
      const content = await readFile(file, 'utf8').catch(() => '')
      expect(content).not.toContain(PASSWORD)
      expect(content).not.toContain(btoa(`${LOGIN.username}:${PASSWORD}`))
    }
  })
})

describe('the token of the job', () => {
  it.each(['ghcr.io.evil.example', 'evil.example'])('is not for %s', async (host) => {
    const asked: (string | undefined)[] = []
    const { origin, stop } = await serve((request, response) => {
      asked.push(request.headers.authorization)
      response.setHeader('www-authenticate', 'Basic realm="x"')
      refuse(response, 401, 'UNAUTHORIZED', 'authentication required')
    })
    onTestFinished(() => stop())
    const result = await runAction({
      inputs: { image: `${host}/acme/api:v1`, registry: `http://${host}` },
      githubToken: 'ghs_token_of_the_job',
      env: { HTTP_PROXY: origin },
    })
    expect(result.exitCode).toBe(1)
    expect(asked.join()).not.toMatch(/ghs_|Basic/)
    expectNoSecrets(result, 'ghs_token_of_the_job')
  })
})

it('a storage folder leads nowhere outside', async () => {
  const home = await folder()
  const storage = join(home, 'storage')
  const outside = join(home, 'outside')
  await mkdir(outside)
  await writeFile(join(outside, 'link'), `sha256:${'a'.repeat(64)}`)
  const repository = join(storage, 'docker/registry/v2/repositories/acme/api/_manifests')
  await mkdir(join(repository, 'tags/pr-1'), { recursive: true })
  await mkdir(join(repository, 'revisions/sha256'), { recursive: true })
  await mkdir(join(storage, 'docker/registry/v2/blobs/sha256'), { recursive: true })
  execFileSync('ln', ['-s', outside, join(repository, 'tags/pr-1/current')])
  execFileSync('ln', ['-s', outside, join(storage, 'docker/registry/v2/blobs/sha256/aa')])
  execFileSync('ln', ['-s', outside, join(storage, 'docker/registry/v2/repositories/acme/evil')])
  const result = await runAction({
    inputs: {
      mode: 'prune',
      registry: `file://${storage}`,
      image: 'acme/api',
      tags: 'pr-*',
      'dry-run': 'false',
      'garbage-collect': 'true',
      'untagged-grace': '1h',
      'delete-broken': 'ghost',
      'max-delete-percent': '100',
      'min-keep': '0',
    },
  })
  expect(result.exitCode).not.toBeNull()
  expect(await readFile(join(outside, 'link'), 'utf8')).toContain('sha256:')
})
