import { expect, it, onTestFinished } from 'vitest'
import { layer } from '../support/blobs.ts'
import { startEmbeddedRegistry, VENDORS } from '../support/embedded-registry.ts'
import { image, index } from '../support/images.ts'
import { AWS_ENV, serveEcr } from '../support/vendors/ecr-api.ts'
import { runInProcess } from './prune-stage.ts'

const DAY = 86_400_000
const LOGIN = { username: 'AWS', password: 'of-twelve-hours' }
const app = (seed: string, platform = 'linux/amd64') =>
  image([layer(`${seed} ${platform}`, 3_000)], { platform, created: '2020-01-01T00:00:00Z' })
const [old, fresh, idle, used] = ['old', 'fresh', 'idle', 'used'].map((seed) => app(seed))
const multi = index([app('multi'), app('multi', 'linux/arm64')])

/** A registry that takes ECR's own login only, with ECR's API beside it. */
async function ecrWorld() {
  const registry = await startEmbeddedRegistry({ quirks: VENDORS.ecr, auth: { kind: 'basic', ...LOGIN } })
  onTestFinished(() => registry.stop())
  const now = Date.now()
  registry.seed('team/app', multi, ['pr-multi'], now - 90 * DAY)
  registry.seed('team/app', old!, ['pr-old'], now - 90 * DAY)
  registry.seed('team/app', fresh!, ['pr-fresh'], now - 1 * DAY)
  registry.seed('team/app', app('latest'), ['latest'], now)
  registry.seed('team/web', idle!, ['pr-idle'], now - 90 * DAY)
  registry.seed('team/web', used!, ['pr-used'], now - 90 * DAY)
  registry.seed('team/web', app('web'), ['latest'], now)
  const pulled = new Map([
    [idle!.manifest.digest as string, (now - 60 * DAY) / 1000],
    [used!.manifest.digest as string, (now - 1 * DAY) / 1000],
  ])
  const ecr = await serveEcr(registry, { now: Date.now, pulled, login: LOGIN })
  const run = (inputs: Record<string, string>, env: Record<string, string> = AWS_ENV) =>
    runInProcess(
      {
        registry: registry.origin,
        image: 'team/app',
        provider: 'ecr',
        'provider-api-url': ecr.origin,
        tags: 'pr-*',
        'older-than': '30d',
        'max-delete-percent': '100',
        ...inputs,
      },
      env,
    )
  const tags = (path: string) => [...registry.store.get(path)!.tags.keys()].toSorted()
  return { registry, ecr, run, tags }
}

it('ECR is pruned by push times, without any docker login', async () => {
  const { run, tags, ecr, registry } = await ecrWorld()
  const { green, failures, json } = await run({ 'dry-run': 'false', 'delete-untagged': 'true' })
  expect([green, failures]).toEqual([true, []])
  // all were built in 2020, so build dates would have taken the fresh one, too
  expect(tags('team/app')).toEqual(['latest', 'pr-fresh'])
  expect(json?.repositories[0]?.tags.find(({ tag }) => tag === 'pr-old')).toMatchObject({ status: 'done' })
  // the platforms went with their index, which went first
  expect([...registry.store.get('team/app')!.manifests.keys()]).toHaveLength(2)
  const actions = ecr.requests.map((line) => line.split(' ')[0])
  expect(actions.filter((action) => action === 'GetAuthorizationToken')).toHaveLength(1)
  expect(actions.filter((action) => action === 'DescribeImages').length).toBeGreaterThan(0)
})

it('a whole account is pruned by what was pulled last', async () => {
  const { run, tags } = await ecrWorld()
  const { failures, json } = await run({ image: 'team/*', 'age-source': 'pulled', 'dry-run': 'false' })
  expect(failures).toEqual([])
  expect(json?.repositories).toHaveLength(2)
  expect(tags('team/web')).toEqual(['latest', 'pr-used'])
  // never pulled is not long ago: unknown, so it stays
  expect(tags('team/app')).toContain('pr-old')
})

it('an action that is not allowed keeps the tags, and is named', async () => {
  const { registry, run } = await ecrWorld()
  const ecr = await serveEcr(registry, { now: Date.now, denied: ['DescribeImages'], login: LOGIN })
  const { tags, summary, outputs } = await run({ 'provider-api-url': ecr.origin })
  expect(Object.values(tags).every((decision) => decision.startsWith('keep'))).toBe(true)
  expect(summary).toContain('DescribeImages')
  expect(outputs['result']).toBe('warn')
})
