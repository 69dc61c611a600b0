import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { layer } from '../support/blobs.ts'
import { ADMIN, startDockerRegistry } from '../support/docker-registry.ts'
import type { DockerRegistry, DockerRegistryOptions } from '../support/docker-registry.ts'
import { image } from '../support/images.ts'
import { selfSignedCertificate, serve } from '../support/loopback.ts'
import type { Handler } from '../support/loopback.ts'
import { push } from '../support/push.ts'
import { expectNoSecrets, runAction } from '../support/run-action.ts'
import { startTokenServer } from '../support/token-server.ts'

const built = image([layer('one', 500)])
const LOGIN = { username: ADMIN.username, password: ADMIN.password }

async function registryWith(
  content: Readonly<Record<string, readonly string[]>>,
  options: DockerRegistryOptions = {},
): Promise<DockerRegistry> {
  const registry = await startDockerRegistry(options)
  onTestFinished(() => registry.stop())
  for (const [repository, tags] of Object.entries(content)) {
    await push(registry.target(repository), built, ...tags)
  }
  return registry
}

async function list(inputs: Readonly<Record<string, string>>) {
  const result = await runAction({ inputs: { mode: 'list', ...inputs } })
  const { checks = [] } = JSON.parse(result.outputs['json'] ?? '{}')
  return {
    ...result,
    /** `reachable pass` */
    verdicts: checks.map(({ check, verdict }: Record<string, string>) => `${check} ${verdict}`),
    message: (name: string): string =>
      checks.find(({ check }: Record<string, string>) => check === name)?.message ?? '',
  }
}

function reply(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  response.writeHead(status, headers).end(body)
}

const CONTENT = { 'acme/api': ['v1', 'v2', 'pr-1'], 'acme/web': ['v1'], tools: ['latest'] }

describe("Debian's docker-registry", () => {
  it('open: every repository, its tags and a matrix', async () => {
    const { host } = await registryWith(CONTENT)
    const run = await list({ registry: host, shards: '2', 'exclude-tags': 'pr-*' })
    expect(run.exitCode).toBe(0)
    expect(run.verdicts).toEqual([
      'reachable pass',
      'tls pass',
      'api-version pass',
      'credentials pass',
      'permissions pass',
      'catalog pass',
    ])
    expect(run.outputs).toMatchObject({ result: 'pass', available: 'true' })
    expect(JSON.parse(run.outputs['repositories'] ?? '')).toEqual(
      ['acme/api', 'acme/web', 'tools'].map((path) => `${host}/${path}`),
    )
    expect(JSON.parse(run.outputs['tags'] ?? '')).toEqual({
      [`${host}/acme/api`]: ['v1', 'v2'],
      [`${host}/acme/web`]: ['v1'],
      [`${host}/tools`]: ['latest'],
    })
    expect(JSON.parse(run.outputs['matrix'] ?? '')).toEqual({
      include: [
        { shard: 1, image: `${host}/acme/api` },
        { shard: 2, image: `${host}/acme/web\n${host}/tools` },
      ],
    })
    expect(run.summary).toContain('3 repositories, 4 tags, 2 shards')
    expect(run.summary).toMatch(/acme\/api` \| 2 \|/)
  })

  it('globs, and a repository that is named without a catalog', async () => {
    const { host } = await registryWith(CONTENT)
    const run = await list({ registry: host, image: 'acme/*\ntools', tags: 'v*' })
    expect(JSON.parse(run.outputs['tags'] ?? '')).toEqual({
      [`${host}/acme/api`]: ['v1', 'v2'],
      [`${host}/acme/web`]: ['v1'],
      [`${host}/tools`]: [],
    })
    expect(run.message('catalog')).toContain('3 repositories, 2 match acme/*')
  })

  it('nothing in it: an empty matrix, and green', async () => {
    const { host } = await registryWith({})
    const run = await list({ registry: host, shards: '8' })
    expect([run.exitCode, run.outputs['result'], run.outputs['available']]).toEqual([0, 'pass', 'true'])
    expect(run.outputs).toMatchObject({ repositories: '[]', tags: '{}', matrix: '{"include":[]}' })
  })

  it('htpasswd: right, wrong and no login', async () => {
    const { host } = await registryWith(CONTENT, { auth: 'htpasswd' })
    const right = await list({ registry: host, ...LOGIN })
    expect(right.outputs).toMatchObject({ result: 'pass', available: 'true' })
    expect(right.message('credentials')).toContain('as user "warden"')
    expect(right.message('permissions')).toContain('Basic')
    expectNoSecrets(right, ADMIN.password)

    const wrong = await list({ registry: host, username: 'warden', password: 'wrong secret' })
    expect(wrong.exitCode).toBe(1)
    expect(wrong.verdicts.at(-1)).toBe('credentials fail')
    expect(wrong.outputs).toMatchObject({ result: 'fail', available: 'false', repositories: '[]' })
    expect(wrong.message('credentials')).toMatch(/401.*login is wrong/)
    expectNoSecrets(wrong, 'wrong secret')

    const none = await list({ registry: host })
    expect(none.outputs).toMatchObject({ result: 'fail', available: 'false' })
    expect(none.message('credentials')).toMatch(/anonymously.*set username and password/)
  })

  it('token: what the access claim allows', async () => {
    const auth = await startTokenServer({
      service: 'warden',
      accounts: {
        [ADMIN.username]: {
          password: ADMIN.password,
          access: { '*': ['pull', 'push', 'delete'], 'registry:catalog': ['*'] },
        },
        reader: { password: 'only reads', access: { '*': ['pull'] } },
      },
    })
    onTestFinished(() => auth.stop())
    const { host } = await registryWith(CONTENT, { auth })
    const admin = await list({ registry: host, ...LOGIN })
    expect(admin.outputs).toMatchObject({ result: 'pass', available: 'true' })
    expect(admin.message('credentials')).toContain(`by a token of ${auth.host}`)
    expect(admin.message('permissions')).toContain('allows delete, pull, push')

    const reader = await list({
      registry: host,
      username: 'reader',
      password: 'only reads',
      image: 'acme/api',
    })
    expect(reader.outputs).toMatchObject({ result: 'pass', available: 'true' })
    expect(reader.message('permissions')).toMatch(/allows pull; prune needs/)

    const catalog = await list({ registry: host, username: 'reader', password: 'only reads' })
    expect(catalog.outputs).toMatchObject({ result: 'fail', available: 'true', matrix: '{"include":[]}' })
    expect(catalog.message('catalog')).toContain('name the repositories in image')
  })

  it('TLS: an unknown authority, a known one, and one that is not looked at', async () => {
    const certificate = await selfSignedCertificate()
    const { host } = await registryWith({}, { certificate })
    const folder = await mkdtemp(join(tmpdir(), 'authority-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const authority = join(folder, 'ca.pem')
    await writeFile(authority, certificate.cert)

    const unknown = await list({ registry: `https://${host}` })
    expect(unknown.exitCode).toBe(1)
    expect(unknown.verdicts).toEqual(['reachable pass', 'tls fail'])
    expect(unknown.outputs).toMatchObject({ available: 'false', result: 'fail' })
    expect(unknown.message('tls')).toMatch(/not trusted.*ca-file/)

    const known = await list({ registry: host, 'ca-file': authority })
    expect(known.outputs).toMatchObject({ available: 'true', result: 'pass' })
    expect(known.message('tls')).toContain('is trusted')

    const insecure = await list({ registry: host, insecure: 'true' })
    expect(insecure.outputs).toMatchObject({ available: 'true', result: 'warn' })
    expect(insecure.verdicts).toContain('tls warn')
  })

  it('plain HTTP on a TLS port, and the reverse', async () => {
    const secured = await registryWith({}, { certificate: await selfSignedCertificate() })
    const plain = await list({ registry: secured.host })
    expect(plain.verdicts).toEqual(['reachable pass', 'tls fail'])
    expect(plain.message('tls')).toContain(`registry: https://${secured.host}`)
    expect(plain.outputs).toMatchObject({ available: 'false', result: 'fail' })

    const open = await registryWith({})
    const overTls = await list({ registry: `https://${open.host}` })
    expect(overTls.verdicts).toEqual(['reachable pass', 'tls fail'])
    expect(overTls.message('tls')).toContain(`registry: http://${open.host}`)
    expect(overTls.outputs).toMatchObject({ available: 'false', result: 'fail' })
  })
})

describe('what is not a registry', () => {
  const page = '<!doctype html><title>Welcome</title>'
  const answering = async (handler: Handler) => {
    const served = await serve(handler)
    onTestFinished(() => served.stop())
    return served.host
  }

  it.each<[string, Handler, RegExp]>([
    [
      'a web server without /v2/',
      (_, response) => reply(response, 404, page, { 'content-type': 'text/html' }),
      /is not a registry: it has no \/v2\/ \(404\)/,
    ],
    [
      'a web server that answers everything',
      (_, response) => reply(response, 200, page, { 'content-type': 'text/html' }),
      /web page, so it is not a registry/,
    ],
    [
      'a redirect to a login page',
      (request, response) =>
        void (request.url === '/v2/'
          ? response.writeHead(302, { location: '/users/sign_in' }).end()
          : response.writeHead(200, { 'content-type': 'text/html' }).end(page)),
      /redirects to .*\/users\/sign_in.*login page/,
    ],
    [
      'a registry of another version',
      (_, response) => reply(response, 200, '{}', { 'docker-distribution-api-version': 'registry/1.0' }),
      /says it speaks registry\/1\.0/,
    ],
  ])('%s', async (_, handler, message) => {
    const run = await list({ registry: await answering(handler) })
    expect(run.exitCode).toBe(1)
    expect(run.verdicts).toEqual(['reachable pass', 'tls pass', 'api-version fail'])
    expect(run.outputs).toMatchObject({ available: 'false', result: 'fail', tags: '{}' })
    expect(run.message('api-version')).toMatch(message)
  })

  it('403 to everyone', async () => {
    const host = await answering((_, response) => reply(response, 403, '{}', {}))
    const run = await list({ registry: host, ...LOGIN })
    expect(run.verdicts.at(-1)).toBe('credentials fail')
    expect(run.message('credentials')).toMatch(/403.*firewall and allow lists/)
    expect(run.outputs['available']).toBe('false')
  })

  it.each([
    ['/openshift/token', 'oc whoami -t'],
    ['/image-manager/api/v1/auth/token', 'IBM Cloud Private'],
  ])('a login at %s is known by its token server', async (path, hint) => {
    const host = await answering((request, response) => {
      if (request.url?.startsWith(path)) return reply(response, 401, '{}', {})
      const realm = `http://${request.headers.host}${path}`
      response.writeHead(401, { 'www-authenticate': `Bearer realm="${realm}"` }).end('{}')
    })
    const run = await list({ registry: host, ...LOGIN })
    expect(run.verdicts.at(-1)).toBe('credentials fail')
    expect(run.message('credentials')).toContain(hint)
  })

  it('nothing listening', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    await new Promise((resolve) => server.close(resolve))
    const port = typeof address === 'object' ? address?.port : null
    const run = await list({ registry: `127.0.0.1:${port}` })
    expect(run.verdicts).toEqual(['reachable fail'])
    expect(run.message('reachable')).toMatch(/ECONNREFUSED.*a server listens there/)
    expect(run.outputs).toMatchObject({ available: 'false', result: 'fail', matrix: '{"include":[]}' })
  })

  it('a host that does not exist', async () => {
    const run = await list({ registry: 'registry.invalid' })
    expect(run.verdicts).toEqual(['reachable fail'])
    expect(run.message('reachable')).toMatch(/registry\.invalid.*spelling/)
    expect(run.outputs['available']).toBe('false')
  })
})

describe('a catalog', () => {
  it.each([
    ['ghcr', /Write one: image: .*\/OWNER\/\*/],
    ['docker-hub', /Write one: image: .*\/OWNER\/\*/],
  ])('of %s needs an owner, and that is said', async (provider, words) => {
    const { host, origin } = await registryWith(CONTENT)
    const run = await list({ registry: host, provider, 'provider-api-url': `${origin}/` })
    expect(run.outputs).toMatchObject({ result: 'fail', available: 'true', matrix: '{"include":[]}' })
    expect(run.message('catalog')).toMatch(words)
    expect(run.annotations.map(({ message }) => message).join('\n')).toMatch(words)
  })

  it('with a broken, an emptied and a misnamed repository: the others are listed, and the step is red', async () => {
    const tags: Readonly<Record<string, readonly string[]>> = { 'acme/a': ['v1'], 'acme/z': ['v1', 'v2'] }
    const served = await serve((request, response) => {
      const url = request.url ?? ''
      const repository = /^\/v2\/(.+)\/tags\/list/.exec(url)?.[1] ?? ''
      response.setHeader('content-type', 'application/json')
      if (url === '/v2/') return reply(response, 200, '{}')
      if (url.startsWith('/v2/_catalog')) {
        const names = ['acme/a', 'acme/broken', 'acme/emptied', 'Acme/Misnamed', 'acme/z']
        return reply(response, 200, JSON.stringify({ repositories: url.includes('last=') ? [] : names }))
      }
      if (repository === 'acme/broken') {
        return reply(response, 403, '{"errors":[{"code":"DENIED"}]}', {})
      }
      const found = tags[repository]
      if (found === undefined) return reply(response, 404, '{"errors":[{"code":"NAME_UNKNOWN"}]}', {})
      return reply(
        response,
        200,
        JSON.stringify({ name: repository, tags: url.includes('last=') ? [] : found }),
      )
    })
    onTestFinished(() => served.stop())
    const run = await list({ registry: served.host, shards: '3' })
    expect(run.exitCode).toBe(1)
    expect(run.outputs).toMatchObject({ result: 'fail', available: 'true' })
    expect(JSON.parse(run.outputs['tags'] ?? '')).toEqual({
      [`${served.host}/acme/a`]: ['v1'],
      [`${served.host}/acme/emptied`]: [],
      [`${served.host}/acme/z`]: ['v1', 'v2'],
    })
    expect(JSON.parse(run.outputs['repositories'] ?? '')).toHaveLength(4)
    expect(run.verdicts).toContain('catalog warn')
    expect(run.message('catalog')).toContain('Acme/Misnamed')
    expect(run.summary).toContain('1 repository could not be read')
    const errors = run.annotations.filter(({ level }) => level === 'error').map(({ message }) => message)
    expect(errors.join('\n')).toContain(`${served.host}/acme/broken`)
  })

  it('with 500 repositories: each in exactly one shard, and a summary that is short', async () => {
    const names = Array.from({ length: 500 }, (_, number) => `acme/app-${number}`)
    const served = await serve((request, response) => {
      const url = new URL(request.url ?? '', 'http://registry')
      response.setHeader('content-type', 'application/json')
      if (url.pathname === '/v2/') return reply(response, 200, '{}')
      if (url.pathname !== '/v2/_catalog') return reply(response, 200, '{"tags":["v1","v2"]}')
      // pages of 70, whatever was asked for
      const from = names.indexOf(url.searchParams.get('last') ?? '') + 1
      const page = names.slice(from, from + 70)
      if (from + 70 < names.length) {
        response.setHeader('link', `</v2/_catalog?last=${encodeURIComponent(page.at(-1) ?? '')}>; rel="next"`)
      }
      reply(response, 200, JSON.stringify({ repositories: page }))
    })
    onTestFinished(() => served.stop())
    const run = await list({ registry: served.host, image: 'acme/*', shards: '256' })
    expect(run.exitCode).toBe(0)
    const { include } = JSON.parse(run.outputs['matrix'] ?? '')
    const images = include.flatMap(({ image: lines }: { image: string }) => lines.split('\n'))
    expect(include).toHaveLength(256)
    expect(images.toSorted()).toEqual(names.map((name) => `${served.host}/${name}`).toSorted())
    expect(run.summary.length).toBeLessThan(60_000)
  })
})
