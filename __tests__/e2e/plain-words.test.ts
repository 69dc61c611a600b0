import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { blob, layer } from '../support/blobs.ts'
import { startEmbeddedRegistry, VENDORS } from '../support/embedded-registry.ts'
import type { EmbeddedRegistryOptions } from '../support/embedded-registry.ts'
import { refuse } from '../support/embedded/replies.ts'
import { assemble, descriptorOf, image, json } from '../support/images.ts'
import { runAction, type ActionResult, type ActionRun } from '../support/run-action.ts'
import { connectProxy } from '../transport/servers.ts'

const PATH = 'acme/api'
const one = image([layer('one', 2_000)], { created: '2024-01-01T00:00:00Z' })
const two = image([layer('two', 2_000)], { created: '2024-01-02T00:00:00Z' })

async function serve(options: EmbeddedRegistryOptions = {}) {
  const registry = await startEmbeddedRegistry(options)
  onTestFinished(() => registry.stop())
  registry.seed(PATH, one, ['v1', 'pr-1'])
  registry.seed(PATH, two, ['latest'])
  const run = (inputs: Record<string, string>, more: Partial<ActionRun> = {}) =>
    runAction({ inputs: { registry: registry.origin, image: PATH, ...inputs }, ...more })
  return { registry, run }
}

const said = ({ annotations }: ActionResult) => annotations.map(({ message }) => message).join('\n')

describe('an input that no mode may ignore', () => {
  it.each([
    ['size', { provider: 'nope' }],
    ['list', { provider: 'nope' }],
    ['size', { 'provider-api-url': 'not a url' }],
    ['list', { 'provider-api-url': 'not a url' }],
  ])('is an error in %s: %j', async (mode, inputs: Record<string, string>) => {
    const { run } = await serve()
    const result = await run({ mode, image: `${PATH}${mode === 'size' ? ':v1' : ''}`, ...inputs })
    expect([result.exitCode, said(result)]).toEqual([1, expect.stringContaining(Object.keys(inputs).join())])
  })

  it.each([{ provider: 'nope' }, { 'provider-api-url': 'not a url' }])(
    'is an error in report: %j',
    async (inputs: Record<string, string>) => {
      const result = await runAction({ inputs: { mode: 'report', 'report-file': 'report.json', ...inputs } })
      expect([result.exitCode, said(result)]).toEqual([
        1,
        expect.stringContaining(Object.keys(inputs).join()),
      ])
    },
  )
})

it('the provider is what the input says, for generic code too', async () => {
  // an ECR behind a name of one's own, whose only user is AWS
  const { run } = await serve({
    intercept: ({ response }) => {
      response.setHeader('www-authenticate', 'Basic realm="x"')
      refuse(response, 401, 'UNAUTHORIZED', 'authentication required')
      return true
    },
  })
  const login = { username: 'bob', password: 'some-secret' }
  const result = await run({ image: `${PATH}:v1`, provider: 'ecr', ...login })
  expect([result.exitCode, said(result)]).toEqual([1, expect.stringContaining('the user name is not `AWS`')])
})

describe('a manifest', () => {
  async function told(content: Record<string, unknown>) {
    const { registry, run } = await serve()
    const manifest = blob(json(content), one.manifest.mediaType)
    const parts = { manifest, blobs: [], descriptor: descriptorOf(manifest), platforms: [] }
    registry.seed(PATH, assemble(parts), ['odd'])
    return run({ image: `${PATH}:odd` })
  }

  it('without layers is told in plain words', async () => {
    const result = await told({
      schemaVersion: 2,
      mediaType: one.manifest.mediaType,
      config: descriptorOf(blob(Buffer.from('{}'), 'application/vnd.oci.image.config.v1+json')),
    })
    expect(result.exitCode).toBe(1)
    expect(said(result)).toContain('has no layers')
    expect(said(result)).not.toMatch(/expected|received|undefined|run the step again/i)
  })

  it('that a listed tag does not have is no misspelt tag', async () => {
    const { run } = await serve({
      intercept: ({ url, response }) => {
        if (!url.pathname.endsWith('/manifests/v1')) return false
        refuse(response, 404, 'MANIFEST_UNKNOWN', 'manifest unknown')
        return true
      },
    })
    const result = await run({ image: `${PATH}:v1` })
    expect(result.exitCode).toBe(1)
    expect(said(result)).toMatch(/listed, but the registry does not have/)
    expect(said(result)).not.toMatch(/did you mean/i)
  })
})

describe('NO_PROXY with a range', () => {
  it('keeps the addresses in it away from the proxy', async () => {
    const proxy = await connectProxy()
    onTestFinished(() => proxy.stop())
    const env = {
      HTTP_PROXY: `http://127.0.0.1:${proxy.port}`,
      HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
      NO_PROXY: '10.0.0.0/8,240.0.0.0/4',
    }
    // nobody can be reached there, which is known at once
    const away = await runAction({ inputs: { image: 'acme/api:v1', registry: 'http://240.0.0.1:1' }, env })
    expect([away.exitCode, proxy.asked, said(away)]).toEqual([1, [], expect.not.stringMatching(/proxy/i)])
  }, 150_000)
})

describe("Gitea's runner, where inputs of a composite action reach ours", () => {
  const gitea = { GITEA_ACTIONS: 'true' }
  const prune = { mode: 'prune', tags: 'pr-*', 'max-delete-percent': '100' }

  it('a real prune is refused beside foreign inputs', async () => {
    const { registry, run } = await serve()
    const env = { ...gitea, INPUT_ENVIRONMENT: 'prod' }
    const result = await run({ ...prune, 'dry-run': 'false' }, { env })
    expect([result.exitCode, registry.store.get(PATH)?.tags.has('pr-1')]).toEqual([1, true])
    expect(said(result)).toContain('max-deletes')
  })

  it('other runs go on with a warning', async () => {
    const { run } = await serve()
    const result = await run({ image: `${PATH}:v1` }, { env: { ...gitea, 'INPUT_MAX-SISE': '1' } })
    expect([result.exitCode, said(result)]).toEqual([0, expect.stringContaining('max-sise')])
  })

  it('{merge-base} comes from the event, and else the next baseline is tried', async () => {
    const { registry, run } = await serve()
    const MERGE_BASE = 'a'.repeat(40)
    registry.seed(PATH, two, [`sha-${MERGE_BASE}`])
    const pull = {
      number: 7,
      head: { sha: 'b'.repeat(40), ref: 'feature', repo: { full_name: 'acme/shop' } },
      base: { sha: 'c'.repeat(40), ref: 'main' },
    }
    const inputs = { image: `${PATH}:v1`, baseline: ':sha-{merge-base},:latest', comment: 'never' }
    const event = (more: object) => ({
      eventName: 'pull_request',
      event: { pull_request: { ...pull, ...more }, repository: { full_name: 'acme/shop' } },
      env: gitea,
    })
    const told = await run(inputs, event({ merge_base: MERGE_BASE }))
    expect(told.outputs['baseline']).toContain(`sha-${MERGE_BASE}`)
    const untold = await run(inputs, event({}))
    expect([untold.exitCode, untold.outputs['baseline']]).toEqual([0, expect.stringContaining(':latest')])
    expect(said(untold)).toContain('{merge-base}')
  })
})

it('a runner without summaries is not told that the job summary holds the report', async () => {
  const { run } = await serve()
  const pull = {
    number: 7,
    head: { sha: 'b'.repeat(40), ref: 'feature', repo: { full_name: 'acme/shop' } },
    base: { sha: 'c'.repeat(40), ref: 'main' },
  }
  const result = await run(
    { image: `${PATH}:v1`, comment: 'always' },
    {
      eventName: 'pull_request',
      event: { pull_request: pull, repository: { full_name: 'acme/shop' } },
      env: { GITHUB_STEP_SUMMARY: '', GITEA_ACTIONS: 'true' },
    },
  )
  expect(said(result)).toMatch(/is not commented on: .*\blog\b/)
  expect(said(result)).not.toMatch(/job summary (?:holds|has)/)
})

describe('a login that may read but not delete', () => {
  it.each([401, 403])('is told so, and not that it is wrong: %i', async (status) => {
    const { run } = await serve({
      intercept: ({ request, response }) => {
        const isKnown = request.headers.authorization !== undefined
        if (request.method !== 'DELETE' && isKnown) return false
        response.setHeader('www-authenticate', 'Basic realm="x"')
        if (!isKnown) refuse(response, 401, 'UNAUTHORIZED', 'authentication required')
        else
          refuse(response, status, status === 401 ? 'UNAUTHORIZED' : 'DENIED', 'requested access is denied')
        return true
      },
    })
    const login = { username: 'reader', password: 'some-secret' }
    const result = await run({ mode: 'prune', tags: 'pr-*', 'dry-run': 'false', ...login })
    expect(result.exitCode).toBe(1)
    expect(said(result)).toMatch(/may read,? but not delete/)
    expect(said(result)).not.toMatch(/login is wrong|does not exist/)
  })
})

it('the advice on garbage collection cannot be read as its opposite', async () => {
  const { registry, run } = await serve({ quirks: VENDORS.distribution2 })
  registry.seed(PATH, image([layer('old', 5_000)]), ['pr-2'])
  const result = await run({ mode: 'prune', tags: 'pr-*', 'dry-run': 'false', 'max-delete-percent': '100' })
  expect(result.summary).not.toMatch(/\*\*Without `--delete-untagged`/)
  expect(result.summary).toContain('Never with `--delete-untagged`')
})

it('insecure warns of what it concerns, or that it concerns nothing', async () => {
  const result = await runAction({
    inputs: { image: '127.0.0.1:1/acme/api:v1', insecure: 'true' },
  })
  expect(said(result)).toContain('concerns nothing')
  expect(said(result)).not.toMatch(/certificate of (?:docker\.io|registry-1)/)
})

describe('an OCI layout', () => {
  it('knows its images by full names', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'layout-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    await mkdir(join(folder, 'blobs/sha256'), { recursive: true })
    for (const { digest, bytes } of [...one.manifests, ...one.blobs])
      await writeFile(join(folder, 'blobs/sha256', digest.slice(7)), bytes)
    const name = { 'org.opencontainers.image.ref.name': 'centos:7.9' }
    await writeFile(join(folder, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}')
    await writeFile(
      join(folder, 'index.json'),
      JSON.stringify({ schemaVersion: 2, manifests: [{ ...one.descriptor, annotations: name }] }),
    )
    const result = await runAction({ inputs: { image: `oci-layout://${folder}:centos:7.9` } })
    expect([result.exitCode, result.outputs['digest']]).toEqual([0, one.manifest.digest])
  })
})
