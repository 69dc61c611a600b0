import { afterEach, expect, it } from 'vitest'
import { layer } from '../support/blobs.ts'
import { image, index } from '../support/images.ts'
import type { Fault, NamedRequest } from '../support/named-hosts.ts'
import { runAction } from '../support/run-action.ts'
import { WORLDS, type VendorWorld } from '../support/vendors/worlds.ts'

const DAY = 86_400_000
const app = (seed: string, platform = 'linux/amd64') =>
  image([layer(`${seed} ${platform}`, 3_000)], { platform, created: '2020-01-01T00:00:00Z' })
const multi = (seed: string) => index([app(seed), app(seed, 'linux/arm64')])

const started: VendorWorld[] = []
afterEach(async () => {
  for (const { registry, named } of started.splice(0)) await Promise.all([registry.stop(), named.stop()])
})

/** Prunes one repository of a vendor whose servers answer as `fault` says. */
async function pruned(name: keyof typeof WORLDS, fault: VendorWorld['named']['fault']) {
  const world: VendorWorld = await WORLDS[name]()
  started.push(world)
  const { registry, named, inputs, env, githubToken = '' } = world
  registry.seed('acme/api', multi('latest'), ['latest', 'pr-4'], Date.now() - 90 * DAY)
  registry.seed('acme/api', multi('one'), ['pr-1'], Date.now() - 90 * DAY)
  registry.seed('acme/api', app('three'), ['pr-3'], Date.now() - 1 * DAY)
  named.fault = fault
  const result = await runAction({
    inputs: {
      ...inputs,
      mode: 'prune',
      image: `${inputs['registry']}/acme/*`,
      tags: 'pr-*',
      'older-than': '30d',
      'max-delete-percent': '100',
      'dry-run': 'false',
    },
    env,
    githubToken,
    eventName: 'schedule',
  })
  return { result, tags: [...registry.store.get('acme/api')!.tags.keys()].toSorted() }
}

/** Refuses the first request of each kind; tags, digests and numbers make no kind of their own. */
function refusingFirst(host: string, answer: Fault) {
  const seen = new Set<string>()
  return (asked: Omit<NamedRequest, 'status'>): Fault | null => {
    const path = asked.path.replaceAll(/\?.*|sha256:[0-9a-f]+|pr-\d|\d{3,}/g, '')
    const kind = `${asked.method} ${path} ${asked.target}`
    if (asked.host !== host || seen.has(kind)) return null
    seen.add(kind)
    return answer
  }
}

const TOO_MANY: Fault = {
  status: 429,
  headers: { 'retry-after': '1', 'content-type': 'application/json' },
  body: '{"detail":"Rate limit exceeded","errors":[{"code":"TOOMANYREQUESTS","message":"slow down"}]}',
}
const THROTTLED: Fault = {
  status: 400,
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: '{"__type":"ThrottlingException","message":"Rate exceeded"}',
}

it.each([
  ['Docker Hub', 'hub.docker.com', TOO_MANY, ['latest', 'pr-3']],
  ['GHCR', 'api.github.com', TOO_MANY, ['latest', 'pr-3', 'pr-4']],
  ['ECR, by its API', 'api.ecr.eu-west-1.amazonaws.com', THROTTLED, ['latest', 'pr-3']],
] as const)(
  '%s: an API that slows every call down is waited for, login and deletes included',
  { timeout: 120_000 },
  async (name, host, answer, left) => {
    const { result, tags } = await pruned(name, refusingFirst(host, answer))
    expect([result.exitCode, result.outputs['result'], tags]).toEqual([0, 'pass', left])
  },
)

it('ACR: a token that ends in the middle is replaced, for the registry and for its API', async () => {
  let count = 0
  const expired: Fault = {
    status: 401,
    headers: {
      'www-authenticate':
        'Bearer realm="https://acme.azurecr.io/token",service="acme.azurecr.io",error="invalid_token"',
    },
    body: '{"errors":[{"code":"UNAUTHORIZED","message":"token expired"}]}',
  }
  const { result, tags } = await pruned('ACR', ({ path }) => {
    if (path.startsWith('/token')) return null
    count += 1
    return count % 9 === 0 ? expired : null
  })
  expect([result.exitCode, result.outputs['result'], tags]).toEqual([0, 'pass', ['latest', 'pr-3']])
  expect(count).toBeGreaterThan(30)
})
