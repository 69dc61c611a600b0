import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { layer } from '../support/blobs.ts'
import { startEmbeddedRegistry, type EmbeddedRegistry } from '../support/embedded-registry.ts'
import { image } from '../support/images.ts'
import { expectNoSecrets, runAction, type ActionRun } from '../support/run-action.ts'

const PASSWORD = 'correct horse battery staple'

describe('what a first workflow gets wrong', () => {
  let registry: EmbeddedRegistry

  beforeAll(async () => {
    registry = await startEmbeddedRegistry({
      auth: { kind: 'token', accounts: { warden: { password: PASSWORD, access: { '*': ['pull'] } } } },
    })
    registry.seed('acme/api', image([layer('base', 60_000)]), ['v1.2.0'])
  })
  afterAll(() => registry.stop())

  const run = (inputs: Record<string, string>, more: Partial<ActionRun> = {}) =>
    runAction({
      inputs: {
        registry: registry.origin,
        username: 'warden',
        password: PASSWORD,
        image: 'acme/api:v1.2.0',
        ...inputs,
      },
      ...more,
    })
  const messages = ({ annotations }: Awaited<ReturnType<typeof run>>, level: string): string[] =>
    annotations.filter((annotation) => annotation.level === level).map(({ message }) => message)

  it('a name of an input, of which the runner only warns', async () => {
    const result = await run({}, { env: { 'INPUT_MAX-SISE': '1kB', INPUT_SOMETHING_ELSE: 'x' } })
    expect(messages(result, 'error')).toEqual([
      expect.stringContaining('unknown input max-sise. Did you mean max-size?'),
    ])
    expect((await run({}, { env: { INPUT_SOMETHING_ELSE: 'x' } })).exitCode).toBe(0)
  })

  it('a login without the registry that it is for', async () => {
    const { host } = new URL(registry.origin)
    const result = await run({ registry: '', image: `${host}/acme/api:v1.2.0` })
    expect(messages(result, 'warning').join()).toContain(`which nothing here names; add registry: ${host}`)
    expect(messages(result, 'error').join()).toContain(`(input registry): add registry: ${host}, or log in`)
    expectNoSecrets(result, PASSWORD)
  })

  it('a repository, with a next step', async () => {
    const [line] = messages(await run({ image: 'acme/apx' }), 'error')
    expect(line).toMatch(/\/acme\/apx:latest: .*no such repository.* Check the path/)
    const [tag] = messages(await run({ image: 'acme/api' }), 'error')
    expect(tag).toContain('The only tag of the repository is v1.2.0')
  })

  it('nothing at all: a push is compared with nothing, without a word', async () => {
    const baseline = ':{merge-base}\n:{base-sha}'
    const result = await run({ baseline, 'max-increase': '5%' })
    expect(result.exitCode).toBe(0)
    expect(result.annotations.filter(({ level }) => level === 'notice')).toEqual([])
    expect(result.stdout + result.summary).not.toMatch(/\bnew\b|no baseline/)
    expect(result.stdout).toContain('::debug::baseline: :{merge-base}, :{base-sha} left out')
  })

  it('each request stands in the debug log, without queries and secrets', async () => {
    const requests = /^::debug::GET (\S+) (\d{3}) \d+ ms$/gm
    const loud = await run({}, { env: { RUNNER_DEBUG: '1' } })
    const told = [...loud.stdout.matchAll(requests)].map(([, url, status]) => `${url} ${status}`)
    expect(told).toContain(`${registry.origin}/v2/acme/api/manifests/v1.2.0 401`)
    expect(told).toContain(`${registry.origin}/v2/acme/api/manifests/v1.2.0 200`)
    expect(told.join()).not.toContain('?')
    expectNoSecrets(loud, PASSWORD)
    const quiet = await run({})
    expect([...quiet.stdout.matchAll(requests)]).toEqual([])
  })
})
