import type { ServerResponse } from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { layer } from '../support/blobs.ts'
import { startEmbeddedRegistry, VENDORS, type EmbeddedRegistry } from '../support/embedded-registry.ts'
import { image } from '../support/images.ts'
import { runAction } from '../support/run-action.ts'
import { runInProcess } from './prune-stage.ts'

const built2020 = image([layer('app', 3_000)], { created: '2020-01-01T00:00:00Z' })

/** What a vendor's list may answer instead of the list. */
const ANSWERS: Readonly<Record<string, (response: ServerResponse) => void>> = {
  'a web page': (response) =>
    void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>login</html>'),
  'JSON that is cut short': (response) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end('[{"dig'),
  'a redirect to a login': (response) => void response.writeHead(302, { location: '/login' }).end(),
  'a login that is wanted': (response) =>
    void response.writeHead(401).end('{"errors":[{"code":"UNAUTHORIZED"}]}'),
  'a refusal': (response) => void response.writeHead(403).end('{"errors":[{"code":"FORBIDDEN"}]}'),
  'not found': (response) => void response.writeHead(404).end('{"errors":[{"code":"NOT_FOUND"}]}'),
  'a failure': (response) => void response.writeHead(500).end('{}'),
}

const EMPTY_LISTS: Readonly<Record<string, unknown>> = {
  harbor: [],
  acr: { manifests: null, tags: null },
  quay: { tags: [], has_additional: false },
  gitea: [],
  gitlab: [],
  'docker-hub': { count: 0, next: null, results: [] },
}

const QUIRKS: Readonly<Record<string, object>> = {
  harbor: VENDORS.harbor,
  acr: VENDORS.acr,
  quay: VENDORS.quay,
}

type Answer = (response: ServerResponse) => void

async function start(provider: string, answer: Answer): Promise<EmbeddedRegistry> {
  const registry = await startEmbeddedRegistry({
    quirks: QUIRKS[provider] ?? {},
    intercept: ({ url, response }) => {
      const isApi = !url.pathname.startsWith('/v2/') || url.pathname.startsWith('/v2/namespaces/')
      if (isApi) answer(response)
      return isApi
    },
  })
  onTestFinished(() => registry.stop())
  registry.seed('acme/api', built2020, ['pr-1'], Date.now())
  registry.seed('acme/api', image([layer('latest', 1_000)]), ['latest'], Date.now())
  return registry
}

async function prune(provider: string, answer: Answer, inputs: Record<string, string> = {}) {
  const registry = await start(provider, answer)
  return runInProcess({ ...inputsFor(registry, provider), ...inputs })
}

function inputsFor(registry: EmbeddedRegistry, provider: string) {
  return {
    registry: registry.origin,
    image: 'acme/api',
    provider,
    tags: 'pr-*',
    'older-than': '30d',
    'provider-api-url': registry.origin,
    'max-delete-percent': '100',
  }
}

const providers = Object.keys(EMPTY_LISTS)

describe.each(Object.keys(ANSWERS))('a vendor whose list is %s', (name) => {
  // GitLab answers 404 where it has no such list at all, and then tells no push times
  it.each(providers.filter((provider) => !(provider === 'gitlab' && name === 'not found')))(
    'of %s keeps what was pushed today and built in 2020, and says why',
    async (provider) => {
      const { tags, outputs, summary } = await prune(provider, ANSWERS[name]!)
      expect(tags).toMatchObject({ 'pr-1': expect.stringMatching(/^keep/) })
      expect(outputs['result']).toBe('warn')
      expect(summary).toContain('ages are unknown')
    },
  )
})

describe('a list that is empty, where the registry has tags', () => {
  it.each(providers)('of %s tells no ages either', async (provider) => {
    const { tags, outputs, summary } = await prune(provider, (response) => {
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(EMPTY_LISTS[provider]))
    })
    expect(tags).toMatchObject({ 'pr-1': expect.stringMatching(/^keep/) })
    expect(outputs['result']).toBe('warn')
    expect(summary).toContain('list is empty')
  })
})

it('build dates count where they are asked for', async () => {
  const { tags } = await prune('harbor', ANSWERS['a refusal']!, { 'age-source': 'created' })
  expect(tags).toMatchObject({ 'pr-1': expect.stringMatching(/^delete/) })
})

it.each([null, undefined, '0001-01-01T00:00:00Z', 'yesterday'])(
  'one tag whose push time is %j is of unknown age, and stays',
  async (push_time) => {
    const { digest } = built2020.manifest
    const { tags } = await prune('harbor', (response) => {
      const artifact = { digest, push_time, tags: [{ name: 'pr-1', push_time }] }
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify([artifact]))
    })
    expect(tags).toMatchObject({ 'pr-1': expect.stringMatching(/^keep/) })
  },
)

describe('an image of last year that was given the tag today', () => {
  const { digest } = built2020.manifest
  const old = '2025-01-01T00:00:00Z'
  const DATELESS: Readonly<Record<string, (at: unknown) => unknown>> = {
    harbor: (at) => [{ digest, push_time: old, tags: [{ name: 'pr-1', push_time: at }] }],
    acr: (at) => ({
      manifests: [{ digest, createdTime: old, lastUpdateTime: old, tags: ['pr-1'] }],
      tags: [{ name: 'pr-1', digest, createdTime: old, lastUpdateTime: at }],
    }),
    gitlab: (at) => [{ name: 'pr-1', digest, created_at: old, published_at: at }],
  }
  const answerOf = (provider: string, at: unknown) => (response: ServerResponse) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.end(JSON.stringify(DATELESS[provider]!(at)))
  }

  it.each(
    Object.keys(DATELESS).flatMap((provider) =>
      [null, '0001-01-01T00:00:00Z', 'yesterday', 4].map((at) => [provider, at] as const),
    ),
  )('at %s stays where its own push time is %j', async (provider, at) => {
    const { tags } = await prune(provider, answerOf(provider, at))
    expect(tags).toMatchObject({ 'pr-1': expect.stringMatching(/^keep/) })
  })

  it.each(Object.keys(DATELESS))('at %s goes where its own push time is as old', async (provider) => {
    const { tags } = await prune(provider, answerOf(provider, old))
    expect(tags).toMatchObject({ 'pr-1': expect.stringMatching(/^delete/) })
  })
})

/** Every vendor with some of the answers, so that each answer is given by some vendor. */
const SAMPLE = ['harbor', 'acr', 'docker-hub'].flatMap((provider, row) =>
  [...Object.keys(ANSWERS), 'empty']
    .filter((_, column) => column % 3 === row)
    .map((answer) => [provider, answer] as const),
)

it.each(SAMPLE)(
  'the bundle, for real: %s, whose list is %s',
  async (provider, name) => {
    const registry = await start(
      provider,
      ANSWERS[name] ??
        ((response) => {
          response.writeHead(200, { 'content-type': 'application/json' })
          response.end(JSON.stringify(EMPTY_LISTS[provider]))
        }),
    )
    const { exitCode, outputs, stdout } = await runAction({
      inputs: { mode: 'prune', ...inputsFor(registry, provider), 'dry-run': 'false' },
      eventName: 'schedule',
    })
    expect([exitCode, outputs['result'], outputs['deleted-count']]).toEqual([0, 'warn', '0'])
    expect(stdout).toMatch(/::warning.*(?:ages are unknown|list is empty)/)
    expect([...registry.store.get('acme/api')!.tags.keys()]).toEqual(['pr-1', 'latest'])
    expect(registry.requests.filter(({ method }) => method === 'DELETE')).toEqual([])
  },
  60_000,
)
