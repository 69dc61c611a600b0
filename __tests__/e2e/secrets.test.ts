import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { layer } from '../support/blobs.ts'
import { startEmbeddedRegistry } from '../support/embedded-registry.ts'
import type { EmbeddedRegistryOptions, Exchange } from '../support/embedded-registry.ts'
import { refuse } from '../support/embedded/replies.ts'
import { image } from '../support/images.ts'
import { serve as serveHttp } from '../support/loopback.ts'
import { runAction, type ActionResult, type ActionRun } from '../support/run-action.ts'

const PATH = 'acme/api'
const USER = 'ci-bot'
const PASSWORD = 'dckr_pat_Zx8/Qw+7=Lk&3mN9'
const JOB_TOKEN = 'ghs_16C7e42F292c6912E7710c838347Ae178B4a'
const AWS = {
  id: 'AKIAQ7EXAMPLE4711WARD',
  secret: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  session: 'FwoGZXIvYXdzEJr//session+token==',
}
const PROXY_PASSWORD = 'pr0xy-p4ss-Kq2v'

/** What a secret may look like: itself, its two encodings, a login, and what is left when it was cut. */
function formsOf(secret: string): string[] {
  const base64 = (text: string) => Buffer.from(text).toString('base64').replace(/=+$/, '')
  return [
    secret,
    base64(secret),
    encodeURIComponent(secret),
    base64(`${USER}:${secret}`),
    secret.slice(0, 12),
  ]
}

/** Everything that a run leaves: what is printed, and every file but what it was given. */
async function leftBy({ stdout, stderr, summary, outputs }: ActionResult, folder: string) {
  const log = stdout.split('\n').filter((line) => !line.startsWith('::add-mask::'))
  const places: Record<string, string> = {
    log: log.join('\n'),
    stderr,
    summary,
    outputs: JSON.stringify(outputs),
  }
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    if (entry.isFile()) places[path.slice(folder.length)] = await readFile(path, 'latin1')
  }
  return places
}

async function expectNothingOf(secrets: readonly string[], result: ActionResult, folder: string) {
  const places = await leftBy(result, folder)
  const shown = Object.entries(places).flatMap(([place, text]) =>
    secrets.flatMap(formsOf).flatMap((form) => (text.includes(form) ? [`${place}: ${form}`] : [])),
  )
  expect(shown).toEqual([])
}

async function scene(options: EmbeddedRegistryOptions = {}) {
  const registry = await startEmbeddedRegistry(options)
  onTestFinished(() => registry.stop())
  registry.seed(PATH, image([layer('old', 2_000)], { created: '2024-01-01T00:00:00Z' }), ['pr-1', 'pr-2'])
  registry.seed(PATH, image([layer('new', 3_000)], { created: '2025-01-01T00:00:00Z' }), ['latest'])
  const folder = await mkdtemp(join(tmpdir(), 'secrets-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = (name: string) => join(folder, name)
  const files = {
    size: {
      'report-file': file('report.json'),
      'history-file': file('history.jsonl'),
      'badge-file': file('badge.json'),
      'cache-dir': file('cache'),
    },
    prune: { 'plan-file': file('plan.json'), 'cache-dir': file('cache') },
    list: {},
  }
  const run = (
    mode: keyof typeof files,
    inputs: Record<string, string> = {},
    more: Partial<ActionRun> = {},
  ) =>
    runAction({
      inputs: {
        mode,
        registry: registry.origin,
        image: mode === 'size' ? `${PATH}:latest` : PATH,
        ...(mode === 'prune' ? { tags: 'pr-*', 'max-delete-percent': '100' } : {}),
        ...files[mode],
        username: USER,
        password: PASSWORD,
        ...inputs,
      },
      githubToken: JOB_TOKEN,
      timeoutMs: 60_000,
      ...more,
      env: { RUNNER_DEBUG: '1', ACTIONS_STEP_DEBUG: 'true', ...more.env },
    })
  return { registry, run, folder, file }
}

const withTokens = {
  kind: 'token',
  accounts: { [USER]: { password: PASSWORD, access: { '*': ['pull', 'push', 'delete'] } } },
} as const
const withPassword = { kind: 'basic', username: USER, password: PASSWORD } as const

describe.each([
  ['a password', withPassword],
  ['tokens', withTokens],
])('a login by %s that works leaves nothing', (_, auth) => {
  it('of size, prune and list, with every file that they write', async () => {
    const { run, folder, file } = await scene({ auth })
    const results = [
      await run('size', { 'max-size': '1KiB' }),
      await run('size', { 'max-size': '1GiB' }),
      await run('list'),
      await run('prune'),
      await run('prune', { 'dry-run': 'false', 'undo-file': file('undo.jsonl') }),
    ]
    expect(results.map(({ exitCode }) => exitCode)).toEqual([1, 0, 0, 0, 0])
    for (const result of results) await expectNothingOf([PASSWORD, JOB_TOKEN], result, folder)
  })
})

/** Everything that a registry was sent, in every form. */
function echoOf({ request }: Exchange): string {
  const sent = request.headers.authorization ?? ''
  const decoded = Buffer.from(sent.replace(/^\w+ /, ''), 'base64').toString()
  return [sent, decoded, ...formsOf(PASSWORD).slice(0, 4), `${PASSWORD.slice(0, 14)}…`].join(' ')
}

const asksForPassword = ({ request, response }: Exchange): boolean => {
  if (request.headers.authorization !== undefined) return false
  response.setHeader('www-authenticate', 'Basic realm="x"')
  refuse(response, 401, 'UNAUTHORIZED', 'authentication required')
  return true
}

/** Ways to fail that repeat what was sent. */
const FAILURES: Readonly<Record<string, (exchange: Exchange) => boolean>> = {
  'a refusal': (exchange) => {
    refuse(exchange.response, 403, 'DENIED', echoOf(exchange))
    return true
  },
  'a code of an error': (exchange) => {
    refuse(exchange.response, 400, echoOf(exchange), 'no')
    return true
  },
  'a login that is wrong': (exchange) => {
    exchange.response.setHeader('www-authenticate', `Basic realm="${PASSWORD}"`)
    refuse(exchange.response, 401, 'UNAUTHORIZED', echoOf(exchange))
    return true
  },
  'a challenge': (exchange) => {
    const { response } = exchange
    response.setHeader(
      'www-authenticate',
      `Bearer realm="http://127.0.0.1:1/${PASSWORD}",service="${PASSWORD}"`,
    )
    refuse(response, 401, 'UNAUTHORIZED', echoOf(exchange))
    return true
  },
  'a page that is not JSON': (exchange) => {
    exchange.response.writeHead(200, { 'content-type': 'text/html' }).end(`<html>${echoOf(exchange)}`)
    return true
  },
  'a text that is cut short': (exchange) => {
    exchange.response.writeHead(200, { 'content-type': 'application/json' }).end(`{"${echoOf(exchange)}`)
    return true
  },
  'a redirect': (exchange) => {
    const address = `http://127.0.0.1:1/x?token=${encodeURIComponent(echoOf(exchange))}`
    exchange.response.writeHead(307, { location: address }).end()
    return true
  },
  'a redirect with a user': (exchange) => {
    const user = `${USER}:${encodeURIComponent(PASSWORD)}`
    exchange.response.writeHead(307, { location: `http://${user}@127.0.0.1:1/` }).end()
    return true
  },
  'a warning': (exchange) => {
    exchange.response.setHeader('warning', `299 - "${echoOf(exchange)}"`)
    return false
  },
  'a digest': (exchange) => {
    exchange.response.writeHead(200, { 'docker-content-digest': `sha256:${PASSWORD}` }).end('{}')
    return true
  },
  'a server error': (exchange) => {
    exchange.response.writeHead(500, { 'content-type': 'application/json' })
    exchange.response.end(JSON.stringify({ errors: [{ code: 'X', message: echoOf(exchange) }] }))
    return true
  },
  'a wait': (exchange) => {
    exchange.response.writeHead(429, { 'retry-after': '9999999' }).end(echoOf(exchange))
    return true
  },
}

describe('a registry that repeats what it was sent', () => {
  it.each(Object.entries(FAILURES))('in %s: nobody sees it', async (_, fail) => {
    const { run, folder, file } = await scene({
      intercept: (exchange) => asksForPassword(exchange) || fail(exchange),
    })
    await expectNothingOf([PASSWORD, JOB_TOKEN], await run('size'), folder)
    const real = await run('prune', { 'dry-run': 'false', 'undo-file': file('undo.jsonl') })
    await expectNothingOf([PASSWORD], real, folder)
  })

  it('when a deletion is refused: nobody sees it', async () => {
    const { run, folder, file } = await scene({
      intercept: (exchange) => {
        if (asksForPassword(exchange)) return true
        return exchange.request.method === 'DELETE' && FAILURES['a refusal']!(exchange)
      },
    })
    const real = await run('prune', { 'dry-run': 'false', 'undo-file': file('undo.jsonl') })
    expect(real.exitCode).toBe(1)
    await expectNothingOf([PASSWORD], real, folder)
  })

  it('in the names of tags: nobody sees them', async () => {
    const name = 'plain_token_A1b2C3d4E5f6'
    const { run, folder } = await scene({
      intercept: (exchange) => {
        if (asksForPassword(exchange)) return true
        if (!exchange.url.pathname.endsWith('/tags/list')) return false
        exchange.response.writeHead(200, { 'content-type': 'application/json' })
        exchange.response.end(JSON.stringify({ name: PATH, tags: ['latest', `x-${name}`] }))
        return true
      },
    })
    const login = { password: name }
    for (const mode of ['list', 'prune'] as const)
      await expectNothingOf([name], await run(mode, login), folder)
    const size = await run('size', { ...login, image: PATH, tags: 'all' })
    await expectNothingOf([name], size, folder)
  })

  it('as a token server: neither password nor token is seen', async () => {
    const { run, folder } = await scene({
      auth: withTokens,
      intercept: (exchange) => {
        const { url, response } = exchange
        if (url.pathname !== '/token') return false
        refuse(response, 403, 'DENIED', echoOf(exchange))
        return true
      },
    })
    const results = [await run('size'), await run('prune'), await run('list')]
    expect(results.map(({ exitCode }) => exitCode)).toEqual([1, 1, 1])
    for (const result of results) await expectNothingOf([PASSWORD], result, folder)
  })

  it('as a registry behind tokens: the token that was granted is not seen', async () => {
    const tokens = new Set<string>()
    const { run, folder } = await scene({
      auth: withTokens,
      intercept: ({ request, response }) => {
        const [, token] = /^Bearer (.+)$/.exec(request.headers.authorization ?? '') ?? []
        if (token === undefined) return false
        tokens.add(token)
        refuse(response, 403, 'DENIED', `not with ${token} nor ${Buffer.from(token).toString('base64')}`)
        return true
      },
    })
    const results = [await run('size'), await run('prune')]
    expect(tokens.size).toBeGreaterThan(0)
    for (const result of results) await expectNothingOf([PASSWORD, ...tokens], result, folder)
  })
})

it('a login of a credential file is not seen when it is repeated', async () => {
  const { registry, run, folder } = await scene({
    intercept: (exchange) => asksForPassword(exchange) || FAILURES['a refusal']!(exchange),
  })
  const home = await mkdtemp(join(tmpdir(), 'config-'))
  onTestFinished(() => rm(home, { recursive: true }))
  const auth = Buffer.from(`${USER}:${PASSWORD}`).toString('base64')
  await writeFile(join(home, 'config.json'), JSON.stringify({ auths: { [registry.host]: { auth } } }))
  const more = { env: { DOCKER_CONFIG: home } }
  for (const mode of ['size', 'prune', 'list'] as const)
    await expectNothingOf([PASSWORD], await run(mode, { username: '', password: '' }, more), folder)
})

it.each(['refused', 'not there', 'that repeats the login'])(
  'the login of a proxy is not seen: %s',
  async (kind) => {
    const { run, folder } = await scene()
    const proxy = await serveHttp((request, response) => void response.writeHead(407).end(request.url))
    onTestFinished(() => proxy.stop())
    const address = kind === 'not there' ? '127.0.0.1:1' : new URL(proxy.origin).host
    const url = `http://${USER}:${PROXY_PASSWORD}@${address}`
    const inputs = { registry: 'http://registry.example', image: 'registry.example/acme/api:v1' }
    const result = await run('size', inputs, { env: { HTTP_PROXY: url, HTTPS_PROXY: url } })
    expect(result.exitCode).toBe(1)
    await expectNothingOf([PROXY_PASSWORD, PASSWORD], result, folder)
  },
)

it('the keys of AWS are not seen when the API repeats them', async () => {
  const api = await serveHttp((request, response) => {
    const message = `${request.headers.authorization} ${AWS.id} ${AWS.secret} ${AWS.session}`
    response.writeHead(400, { 'content-type': 'application/x-amz-json-1.1' })
    response.end(JSON.stringify({ __type: 'AccessDeniedException', message }))
  })
  onTestFinished(() => api.stop())
  const { run, folder } = await scene()
  const env = {
    AWS_ACCESS_KEY_ID: AWS.id,
    AWS_SECRET_ACCESS_KEY: AWS.secret,
    AWS_SESSION_TOKEN: AWS.session,
    AWS_REGION: 'eu-west-1',
  }
  const inputs = { provider: 'ecr', 'provider-api-url': api.origin, username: '', password: '' }
  const results = [await run('prune', inputs, { env }), await run('list', inputs, { env })]
  for (const result of results) await expectNothingOf([AWS.secret, AWS.session], result, folder)
})

it('the token of the job is not seen when GitHub repeats it', async () => {
  const github = await serveHttp((request, response) => {
    response.writeHead(403, { 'content-type': 'application/json' })
    response.end(
      JSON.stringify({ message: `no, ${request.headers.authorization}`, documentation_url: JOB_TOKEN }),
    )
  })
  onTestFinished(() => github.stop())
  const { run, folder } = await scene()
  const pull = {
    number: 7,
    head: { sha: 'b'.repeat(40), ref: 'feature', repo: { full_name: 'acme/shop' } },
    base: { sha: 'c'.repeat(40), ref: 'main' },
  }
  const more = {
    eventName: 'pull_request',
    event: { pull_request: pull, repository: { full_name: 'acme/shop' } },
    env: { GITHUB_API_URL: github.origin },
  }
  const size = await run('size', { comment: 'always', baseline: ':sha-{merge-base}' }, more)
  await expectNothingOf([JOB_TOKEN], size, folder)
  const refs = { 'protect-refs': '{branch}', 'dry-run': 'false' }
  const prune = await run('prune', refs, { env: { GITHUB_API_URL: github.origin } })
  expect(prune.exitCode).toBe(1)
  await expectNothingOf([JOB_TOKEN], prune, folder)
})
