import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generate } from 'selfsigned'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { layer } from '../support/blobs.ts'
import { startCountingProxy, type CountingProxy, type ProxyOptions } from '../support/counting-proxy.ts'
import { startEmbeddedRegistry, type EmbeddedRegistry, type Exchange } from '../support/embedded-registry.ts'
import { image } from '../support/images.ts'
import { expectNoSecrets, runAction, type ActionResult } from '../support/run-action.ts'

const PASSWORD = 'correct horse battery staple'
const api = image([layer('base', 60_000), layer('api', 5_000)])

/** Red, with one line that says what to do, no stack trace, no secret, and nothing half-written. */
function expectOneLine(result: ActionResult, line: RegExp): void {
  const errors = result.annotations.filter(({ level }) => level === 'error')
  expect(errors.map(({ message }) => message)).toEqual([expect.stringMatching(line)])
  expect(errors[0]?.message).not.toContain('\n')
  expect(result.exitCode).toBe(1)
  expect(result.stderr).toBe('')
  expect(result.stdout).not.toMatch(/\n\s+at /)
  expect(result.outputs).toEqual({ result: 'fail' })
  // empty where the inputs are wrong: there is nothing to sum up
  expect(result.summary).toMatch(/^(?:### Image size: ❌ nothing was measured\n\n- [^\n]+\n\n<sub>.*\n*)?$/)
  expectNoSecrets(result, PASSWORD)
}

describe('bad inputs end before any request', () => {
  it.each([
    ['nothing to measure', {}, /input image is empty.*image: /],
    ['an image that is no reference', { image: 'Acme/API:v 1' }, /input image: "Acme\/API:v 1"/],
    ['a reference with a scheme', { image: 'https://ghcr.io/acme/api' }, /ghcr\.io\/acme\/api/],
    ['credentials in a reference', { image: `warden:${PASSWORD}@ghcr.io/acme/api` }, /image/],
    ['an unknown mode', { mode: 'weigh', image: 'acme/api' }, /"weigh".*size, prune, list, report or undo/],
    [
      'an input of another mode',
      { image: 'acme/api', 'keep-latest': '3' },
      /keep-latest belongs to mode prune, but mode is size/,
    ],
    ['tags beside a tag', { image: 'acme/api:v1', tags: 'all' }, /Drop the tag/],
    ['exclusions from nothing', { image: 'acme/api', 'exclude-tags': 'v1' }, /exclude-tags.*tags: all/],
    ['a size without unit', { image: 'acme/api', 'max-size': '300' }, /max-size.*"300"/],
    ['a size of no known unit', { image: 'acme/api', 'max-size': '300 potatoes' }, /max-size/],
    ['a limit of nothing', { image: 'acme/api', 'max-size': '0B' }, /max-size.*zero/],
    ['a boolean that is none', { image: 'acme/api', insecure: 'yes' }, /insecure: "yes".*true or false/],
    ['a fraction of a layer', { image: 'acme/api', 'max-layers': '2.5' }, /max-layers: "2.5".*whole number/],
    ['a duration without unit', { image: 'acme/api', 'max-duration': '20' }, /max-duration: "20"/],
    ['no such concurrency', { image: 'acme/api', concurrency: '0' }, /concurrency: "0".*from 1 to 64/],
    ['a broken pattern', { image: 'acme/api', tags: '/v(/' }, /tags/],
    [
      'a bare regular expression, in size',
      { image: 'acme/api', tags: 'pr-\\d+' },
      /tags: .*write \/pr-\\d\+\/$/,
    ],
    [
      'a bare regular expression, in prune',
      { mode: 'prune', image: 'acme/api', tags: 'pr-*', 'exclude-tags': '^v[0-9]+$', 'keep-latest': '3' },
      /exclude-tags: .*write \/v\[0-9\]\+\/$/,
    ],
    ['a bare regular expression, in list', { mode: 'list', tags: '\\d+' }, /tags: .*write \/\\d\+\/$/],
    ['a pattern that could never end', { image: 'acme/api', tags: '/(?=x)/' }, /tags/],
    ['a platform that is none', { image: 'acme/api', platforms: 'linux' }, /platforms: "linux"/],
    [
      'a password without a user',
      { image: 'acme/api', password: PASSWORD },
      /password is given without username/,
    ],
    [
      'a certificate file that is not there',
      { image: 'acme/api', 'ca-file': 'ca.pem' },
      /ca-file: ca\.pem cannot be read/,
    ],
    ['a registry with a path', { image: 'acme/api', registry: 'https://r.example/v2' }, /registry/],
  ])('%s', async (_, inputs, line) => {
    expectOneLine(await runAction({ inputs }), line)
  })
})

describe('a registry that does not play along', () => {
  let registry: EmbeddedRegistry
  let disturb: ((exchange: Exchange) => boolean) | null = null
  const started: { stop: () => Promise<void> }[] = []

  beforeAll(async () => {
    registry = await startEmbeddedRegistry({
      auth: { kind: 'token', accounts: { warden: { password: PASSWORD, access: { 'acme/api': ['pull'] } } } },
      intercept: (exchange) => disturb?.(exchange) ?? false,
    })
    registry.seed('acme/api', api, ['v1.2.0', 'v1.3.0', 'main'])
    started.push(registry)
  })
  afterAll(() => Promise.all(started.map((server) => server.stop())))

  const run = (inputs: Record<string, string>) =>
    runAction({
      inputs: {
        registry: registry.origin,
        username: 'warden',
        password: PASSWORD,
        image: 'acme/api:main',
        ...inputs,
      },
    })
  const disturbed = async (by: (exchange: Exchange) => boolean): Promise<ActionResult> => {
    disturb = by
    try {
      return await run({})
    } finally {
      disturb = null
    }
  }
  const behind = async (options: ProxyOptions): Promise<CountingProxy> => {
    const proxy = await startCountingProxy(registry.origin, options)
    started.push(proxy)
    return proxy
  }
  const manifestAnswer = (answer: (exchange: Exchange) => void) => (exchange: Exchange) => {
    if (!exchange.url.pathname.includes('/manifests/')) return false
    answer(exchange)
    return true
  }

  it('tells a misspelt baseline with the tag that may be meant, and what it switches off', async () => {
    const { exitCode, stdout } = await run({
      image: 'acme/api:v1.2.0',
      baseline: ':v1.4.0',
      'max-increase': '5%',
    })
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(
      /acme\/api has no baseline, so max-increase is not judged: :v1\.4\.0 does not exist \(did you mean :v1\.3\.0/,
    )
    expect(stdout).toContain('max-increase not judged')
  })

  it('offers near names for an unknown tag', async () => {
    expectOneLine(
      await run({ image: 'acme/api:v1.4.0' }),
      /v1\.4\.0.*Did you mean :v1\.[23]\.0, :v1\.[23]\.0/,
    )
  })

  it('says that a reference without a tag means latest, where there is none', async () => {
    expectOneLine(
      await run({ image: 'acme/api' }),
      /A reference without a tag means latest\. The tags of the repository are .*v1\.2\.0/,
    )
  })

  it('says who was refused, and that the repository may not exist', async () => {
    expectOneLine(await run({ password: 'wrong-password-1' }), /as user "warden".*username|password/)
    expectOneLine(await run({ image: 'acme/other:v1' }), /acme\/other/)
    expectOneLine(await run({ username: '', password: '' }), /anonymously/)
  })

  it('names the host that cannot be reached', async () => {
    expectOneLine(await run({ registry: 'http://127.0.0.1:9' }), /127\.0\.0\.1:9/)
    expectOneLine(await run({ registry: 'http://registry.invalid' }), /registry\.invalid/)
  })

  it('says in the summary, too, why nothing was measured', async () => {
    const { summary, stdout } = await run({ registry: 'http://registry.invalid' })
    expect(summary).toMatch(/^### Image size: ❌ nothing was measured\n\n- .*registry\.invalid/)
    expect((await run({ registry: 'http://registry.invalid', summary: 'false' })).summary).toBe('')
    expect(stdout).toContain('registry.invalid')
  })

  it('recognises a web page', async () => {
    const page = manifestAnswer(({ response }) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Sign in</title>')
    })
    expectOneLine(await disturbed(page), /not a registry|HTML/)
  })

  it('never takes a body that was cut short for the whole', async () => {
    const proxy = await behind({
      fault: (_, { path }) => (path.includes('/manifests/') ? { kind: 'cut-body' } : null),
    })
    expectOneLine(await run({ registry: proxy.origin }), /closed the connection mid-response/)
  })

  it('refuses a manifest larger than any manifest', async () => {
    const huge = manifestAnswer(({ response }) => {
      response.writeHead(200, { 'content-type': 'application/vnd.oci.image.manifest.v1+json' })
      response.end(Buffer.alloc(5 * 1024 * 1024, 0x20))
    })
    expectOneLine(await disturbed(huge), /4 MiB|larger/)
  })

  it('refuses bytes that are not what the digest names', async () => {
    const other = image([layer('other', 100)])
    const swapped = manifestAnswer(({ response }) => {
      response.writeHead(200, { 'content-type': other.manifest.mediaType }).end(other.manifest.bytes)
    })
    disturb = swapped
    const result = await run({ image: `acme/api@${api.manifest.digest}` })
    disturb = null
    expectOneLine(result, /asked for sha256:.*got sha256:/)
  })

  it('takes a max-duration that no timer can hold', async () => {
    const result = await run({ 'max-duration': '30d' })
    expect(result).toMatchObject({ exitCode: 0, stderr: '' })
  })

  it('ends within its deadline when the registry falls silent', async () => {
    const proxy = await behind({ fault: (number) => (number > 1 ? { kind: 'stall' } : null) })
    // the proxy never answers: without the deadline the run would be killed, and have no exit code
    const result = await run({ registry: proxy.origin, 'max-duration': '1s' })
    expectOneLine(result, /max-duration|time/)
  })

  it('refuses a certificate nobody vouches for, takes it with ca-file, and warns when told not to look', async () => {
    const { cert, private: key } = await generate([{ name: 'commonName', value: 'localhost' }], {
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
    })
    const proxy = await behind({ certificate: { cert, key } })
    const folder = await mkdtemp(join(tmpdir(), 'ca-'))
    try {
      await writeFile(join(folder, 'ca.pem'), cert)
      expectOneLine(await run({ registry: proxy.origin }), /certificate.*ca-file/)
      const trusted = await run({ registry: proxy.origin, 'ca-file': join(folder, 'ca.pem') })
      expect(trusted).toMatchObject({ exitCode: 0, outputs: { size: String(api.size) } })
      const unchecked = await run({ registry: proxy.origin, insecure: 'true' })
      expect(unchecked.exitCode).toBe(0)
      expect(unchecked.annotations).toContainEqual(
        expect.objectContaining({ level: 'warning', message: expect.stringContaining('insecure') }),
      )
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('writes no report file when it fails', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'report-'))
    try {
      expectOneLine(await run({ image: 'acme/api:nope', 'report-file': join(folder, 'size.json') }), /nope/)
      expect(await readdir(folder)).toEqual([])
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('keeps the verdict when the registry speaks in workflow commands', async () => {
    const hostile = manifestAnswer(({ response }) => {
      const message = '::set-output name=result::pass ##[set-env name=PATH]x \u202e\n::add-mask::a'
      response
        .writeHead(403, { 'content-type': 'application/json' })
        .end(JSON.stringify({ errors: [{ code: 'DENIED', message }] }))
    })
    const result = await disturbed(hostile)
    expectOneLine(result, /acme\/api/)
    expect(result.stdout).not.toMatch(/^\s*::(set-output|add-mask::a)/m)
    expect(result.stdout).not.toContain('##[set-env')
  })
})
