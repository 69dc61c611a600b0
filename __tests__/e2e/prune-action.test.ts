import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { layer } from '../support/blobs.ts'
import { ADMIN, startDockerRegistry, type DockerRegistry } from '../support/docker-registry.ts'
import { image, index } from '../support/images.ts'
import { push } from '../support/push.ts'
import { expectNoSecrets, runAction } from '../support/run-action.ts'

const base = layer('base', 20_000)
const app = (seed: string) => image([base, layer(seed, 5_000)], { created: '2024-01-01T00:00:00Z' })
const multi = (seed: string) =>
  index([app(seed), image([base, layer(`${seed} arm`, 5_000)], { platform: 'linux/arm64' })])

describe('the bundled action in mode prune', () => {
  let registry: DockerRegistry
  beforeAll(async () => {
    registry = await startDockerRegistry({ auth: 'htpasswd' })
    for (const [tag, built] of Object.entries({
      'pr-1': multi('one'),
      'pr-2': multi('two'),
      latest: multi('latest'),
    })) {
      await push(registry.target('team/app'), built, tag)
    }
  })
  afterAll(() => registry.stop())

  const run = (inputs: Record<string, string>, eventName = 'schedule') =>
    runAction({
      inputs: {
        mode: 'prune',
        registry: registry.origin,
        ...ADMIN,
        image: 'team/app',
        tags: 'pr-*',
        'max-delete-percent': '80',
        ...inputs,
      },
      eventName,
    })

  it('refuses a pull request, plans by default, deletes when told to, and then has nothing to do', async () => {
    const refused = await run({ 'dry-run': 'false' }, 'pull_request')
    expect(refused).toMatchObject({ exitCode: 1, outputs: { result: 'fail' } })
    expect(refused.annotations).toMatchObject([
      { level: 'error', message: expect.stringContaining('pull_request') },
    ])

    const planned = await run({})
    expect(planned).toMatchObject({
      exitCode: 0,
      outputs: {
        result: 'pass',
        'dry-run': 'true',
        'deleted-count': '2',
        'kept-count': '1',
        partial: 'false',
      },
    })
    expect(planned.summary).toMatch(/dry-run: false/)
    expect((await registry.disk('team/app')).tags).toEqual(['latest', 'pr-1', 'pr-2'])

    const before = await registry.storedBytes()
    const done = await run({ 'dry-run': 'false' })
    expect(done).toMatchObject({
      exitCode: 0,
      stderr: '',
      outputs: { result: 'pass', 'deleted-tags': expect.stringMatching(/^\["pr-(?:1","pr-2|2","pr-1)"\]$/) },
    })
    expect(done.outputs['reclaimed-bytes']).toBe(planned.outputs['reclaimed-bytes'])
    expect((await registry.disk('team/app')).tags).toEqual(['latest'])
    await registry.garbageCollect()
    expect(before - (await registry.storedBytes())).toBe(Number(done.outputs['reclaimed-bytes']))

    const idle = await run({ 'dry-run': 'false' })
    expect(idle).toMatchObject({
      exitCode: 0,
      outputs: { result: 'pass', 'deleted-count': '0', 'reclaimed-bytes': '0' },
    })
    expect(idle.summary).toContain('nothing to delete · no tag matches the input tags · 1 tag kept')
    for (const result of [refused, planned, done, idle]) expectNoSecrets(result, ADMIN.password)
  })
})
