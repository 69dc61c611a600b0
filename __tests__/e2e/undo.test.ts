import { createHash } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { cosignSignature, cosignTag } from '../support/artifacts.ts'
import { layer } from '../support/blobs.ts'
import { startCountingProxy } from '../support/counting-proxy.ts'
import { startDockerRegistry, type DockerRegistry } from '../support/docker-registry.ts'
import { attestation, image, index, type BuiltImage } from '../support/images.ts'
import { push, request } from '../support/push.ts'
import { runAction, type ActionResult } from '../support/run-action.ts'

const PATH = 'team/app'
const Line = z.object({ tags: z.array(z.string()) })
const base = layer('base', 20_000)
const app = (seed: string, platform = 'linux/amd64'): BuiltImage =>
  image([base, layer(`${seed} ${platform}`, 2_000)], { platform, created: '2024-01-01T00:00:00Z' })
const multi = (seed: string): BuiltImage =>
  index([app(seed), attestation(app(seed)), app(seed, 'linux/arm64')])

const IMAGES: Readonly<Record<string, BuiltImage>> = {
  v1: multi('v1'),
  v2: app('v2'),
  'v2-copy': app('v2'),
  latest: multi('latest'),
  [cosignTag(multi('v1'))]: cosignSignature(multi('v1')),
}

let folder = ''
let registry: DockerRegistry
const stops: (() => Promise<unknown>)[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'undo-'))
  registry = await startDockerRegistry({ storage: join(folder, 'storage') })
  stops.push(() => registry.stop())
  for (const [tag, built] of Object.entries(IMAGES)) await push(registry.target(PATH), built, tag)
})
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop()
  await rm(folder, { recursive: true, force: true })
})

const undoFile = () => join(folder, 'undo.jsonl')

function run(mode: string, inputs: Readonly<Record<string, string>> = {}, eventName = 'schedule') {
  return runAction({
    eventName,
    inputs: { mode, registry: registry.origin, 'undo-file': undoFile(), ...inputs },
  })
}

const prune = (inputs: Readonly<Record<string, string>> = {}): Promise<ActionResult> =>
  run('prune', {
    image: PATH,
    tags: 'v*',
    'dry-run': 'false',
    'max-delete-percent': '100',
    ...inputs,
  })

/** What plain requests see: each tag with its digest, and each manifest with the digest of its bytes. */
async function seen(): Promise<Record<string, string>> {
  const names = [
    ...Object.keys(IMAGES),
    ...Object.values(IMAGES).flatMap(({ manifests }) => manifests.map(({ digest }) => digest)),
  ]
  const accept = [
    ...new Set(Object.values(IMAGES).flatMap(({ manifests }) => manifests.map(({ mediaType }) => mediaType))),
  ].join(', ')
  const found: Record<string, string> = {}
  for (const name of new Set(names)) {
    const answer = await request(registry.target(PATH), 'GET', `manifests/${name}`, { headers: { accept } })
    const bytes = new Uint8Array(await answer.arrayBuffer())
    if (answer.ok) found[name] = `sha256:${createHash('sha256').update(bytes).digest('hex')}`
  }
  return found
}

describe('mode undo on distribution 2.8', () => {
  it('puts every tag and manifest back, byte for byte; a second run writes nothing', async () => {
    const before = await seen()
    const pruned = await prune()
    expect(pruned).toMatchObject({ exitCode: 0, outputs: { 'deleted-count': '3' } })
    expect(Object.keys(await seen())).toHaveLength(5)
    expect(pruned.summary).toMatch(/mode: undo/)

    const first = await run('undo')
    expect(first).toMatchObject({
      exitCode: 0,
      outputs: { result: 'pass', 'restored-count': '7', 'unrestored-count': '0' },
    })
    expect(await seen()).toEqual(before)

    const proxy = await startCountingProxy(registry.origin)
    stops.push(proxy.stop)
    const second = await run('undo', {
      image: `${proxy.origin.replace('http://', '')}/${PATH}`,
      registry: proxy.origin,
      'undo-file': await rewritten((text) => text.replaceAll(registry.host, new URL(proxy.origin).host)),
    })
    expect(second).toMatchObject({
      exitCode: 0,
      outputs: { result: 'pass', 'restored-count': '0', 'unrestored-count': '0' },
    })
    expect(proxy.requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD')).toEqual([])
  }, 60_000)

  it('leaves a tag that names something else by now, and says so', async () => {
    await prune()
    await push(registry.target(PATH), app('new'), 'v2')
    const { exitCode, outputs, stdout } = await run('undo')
    expect([exitCode, outputs['result'], outputs['unrestored-count']]).toEqual([0, 'warn', '1'])
    expect(stdout).toMatch(/v2 was not put back: it names sha256:/)
    expect((await seen())['v2']).toBe(app('new').manifest.digest)
  }, 60_000)

  it.each(['restarted', 'not restarted'])(
    'after garbage collection is red and names what is gone, and restores the rest (%s)',
    async (how) => {
      await prune()
      await registry.garbageCollect()
      if (how === 'restarted') {
        const { storage } = registry
        stops.pop()
        await registry.stop()
        registry = await startDockerRegistry({ storage })
        stops.push(() => registry.stop())
      }
      const { exitCode, outputs, stdout } = await run('undo', {
        'undo-file': await rewritten((text) =>
          text.replaceAll(/"repository":"[^/]+\//g, `"repository":"${registry.host}/`),
        ),
      })
      expect([exitCode, outputs['result']]).toEqual([1, 'fail'])
      expect(stdout).toMatch(/v1 was not put back: .*sha256:/)
      expect((await seen())['v1']).toBeUndefined()
      expect((await seen())['latest']).toBe(IMAGES['latest']?.manifest.digest)
    },
    60_000,
  )

  it.each([
    [
      'bytes that are not what the digest says',
      (text: string) =>
        text.replace(
          /("manifest":".{40})(.)/,
          (_, start: string, next: string) => start + (next === 'A' ? 'B' : 'A'),
        ),
    ],
    ['a line that is no JSON', (text: string) => text.replace('\n{"rep', '\n{"rep"')],
    ['a tag outside the grammar', (text: string) => text.replace('"tags":["v1"]', '"tags":["../v1"]')],
    ['a host that nobody named', (text: string) => text.replaceAll('127.0.0.1', '127.0.0.2')],
    ['another version', (text: string) => text.replace('"schemaVersion":1', '"schemaVersion":2')],
    [
      'a media type with a line break',
      (text: string) => text.replace(/"mediaType":"/, '"mediaType":"a/b\\r\\nx: '),
    ],
  ])(
    'refuses a file with %s before any request',
    async (_, tamper) => {
      await prune()
      const before = await seen()
      const { exitCode, stdout } = await run('undo', { 'undo-file': await rewritten(tamper) })
      expect(exitCode).toBe(1)
      expect(stdout).toMatch(/::error::input undo-file/)
      expect(await seen()).toEqual(before)
    },
    60_000,
  )

  it('ignores a last line that was cut, with a notice', async () => {
    await prune()
    const file = await rewritten((text) => `${text}{"repository":"127.0`)
    const { exitCode, stdout } = await run('undo', { 'undo-file': file })
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/::notice::undo-file: the last line was cut/)
  }, 60_000)

  it.each(['pull_request', 'pull_request_target'])(
    'does not run on %s',
    async (event) => {
      await prune()
      const { exitCode, stdout } = await run('undo', {}, event)
      expect(exitCode).toBe(1)
      expect(stdout).toMatch(/mode undo does not run on pull_request/)
    },
    60_000,
  )

  it('narrows to the repositories that image names, and says what there is when that is none of them', async () => {
    await prune()
    const other = await run('undo', { image: 'team/other' })
    expect(other.outputs).toMatchObject({ result: 'warn', 'restored-count': '0' })
    expect(other.stdout).toMatch(
      /::warning::input image: the undo file has nothing of it, but of \S+\/team\//,
    )
    expect(other.summary).toContain('the undo file has nothing of it, but of ')
    expect(other.summary).toContain('⚠️ nothing put back')
    const { outputs } = await run('undo', { image: 'team/*' })
    expect(outputs).toMatchObject({ result: 'pass', 'unrestored-count': '0' })
  }, 60_000)
})

describe('the undo file of a prune', () => {
  it('is on the disk line by line before each deletion, and says what goes', async () => {
    await prune()
    const lines = (await readFile(undoFile(), 'utf8')).trimEnd().split('\n')
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ schemaVersion: 1, mode: 'undo' })
    const tags = lines.slice(1).flatMap((line) => Line.parse(JSON.parse(line)).tags)
    expect(tags.toSorted()).toEqual([cosignTag(multi('v1')), 'v1', 'v2', 'v2-copy'].toSorted())
  }, 60_000)

  it('is not written by a dry run', async () => {
    expect((await prune({ 'dry-run': 'true' })).exitCode).toBe(0)
    await expect(readFile(undoFile())).rejects.toThrow(/ENOENT/)
    await writeFile(undoFile(), 'something\n')
    const { exitCode, outputs, summary } = await prune({ 'dry-run': 'true' })
    expect([exitCode, outputs['result']]).toEqual([0, 'pass'])
    expect(summary).toMatch(/undo\.jsonl` is not empty\*\*, so the real run would refuse it/)
  }, 60_000)

  it('must be empty: what an earlier run deleted is not overwritten, and nothing is deleted', async () => {
    await writeFile(undoFile(), 'something\n')
    const before = await seen()
    const { exitCode, stdout } = await prune()
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/undo-file: .* is not empty/)
    expect(await seen()).toEqual(before)
    expect(await readFile(undoFile(), 'utf8')).toBe('something\n')
  }, 60_000)

  it('that cannot be written stops deleting', async () => {
    const before = await seen()
    const { exitCode, stdout } = await prune({ 'undo-file': '/dev/full' })
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/undo-file: \/dev\/full cannot be written/)
    expect(await seen()).toEqual(before)
  }, 60_000)
})

async function rewritten(change: (text: string) => string): Promise<string> {
  const path = join(folder, 'changed.jsonl')
  await writeFile(path, change(await readFile(undoFile(), 'utf8')))
  return path
}
