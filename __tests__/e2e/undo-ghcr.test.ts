import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { layer } from '../support/blobs.ts'
import { startEmbeddedRegistry, VENDORS, type EmbeddedRegistry } from '../support/embedded-registry.ts'
import { image, index, type BuiltImage } from '../support/images.ts'
import { runAction, type ActionResult } from '../support/run-action.ts'
import { servePackages, type Packages } from '../support/vendors/github-packages.ts'

const PATH = 'acme/api'
const TOKEN = 'gh-token-1'
const base = layer('base', 5_000)
const app = (seed: string, platform = 'linux/amd64'): BuiltImage =>
  image([base, layer(`${seed} ${platform}`, 900)], { platform, created: '2024-01-01T00:00:00Z' })
const [one, two, shared] = [app('one'), app('two'), app('shared')]
const old = index([one, shared])
const latest = index([two, shared])
const alone = app('alone')

let folder = ''
let registry: EmbeddedRegistry
let packages: Packages
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ghcr-'))
  registry = await startEmbeddedRegistry({ quirks: VENDORS.ghcr })
  registry.seed(PATH, old, ['v1', 'v1.0'])
  registry.seed(PATH, alone, ['v2'])
  registry.seed(PATH, latest, ['latest'])
  packages = await servePackages(registry, { path: PATH })
})
afterEach(async () => {
  await registry.stop()
  await rm(folder, { recursive: true, force: true })
})

const run = (inputs: Record<string, string>): Promise<ActionResult> =>
  runAction({
    inputs: {
      registry: registry.origin,
      provider: 'ghcr',
      'provider-api-url': packages.origin,
      'github-token': TOKEN,
      'undo-file': join(folder, 'undo.jsonl'),
      ...inputs,
    },
    eventName: 'schedule',
  })
const prune = (): Promise<ActionResult> =>
  run({ mode: 'prune', image: PATH, tags: 'v*', 'dry-run': 'false', 'max-delete-percent': '100' })
const stateOf = () => {
  const { tags, manifests } = registry.store.get(PATH)!
  return { tags: Object.fromEntries(tags), manifests: [...manifests.keys()].sort() }
}
const restores = () => packages.requests.filter((asked) => asked.startsWith('POST'))
const writesOf = () => registry.requests.filter(({ method }) => method !== 'GET' && method !== 'HEAD')

describe('GHCR', () => {
  it("undo uses GitHub's restore call for each version, and a second undo writes nothing", async () => {
    const before = stateOf()
    expect((await prune()).exitCode).toBe(0)
    expect(Object.keys(stateOf().tags)).toEqual(['latest'])
    const undone = await run({ mode: 'undo' })
    expect([undone.exitCode, undone.outputs['unrestored-count']]).toEqual([0, '0'])
    expect(stateOf()).toEqual(before)
    const ids = [old, one, alone].map(({ manifest }) => packages.idOf(manifest.digest))
    expect(restores().toSorted()).toEqual(ids.map((id) => `POST …/${id}/restore`).toSorted())
    expect(writesOf()).toEqual([])
    const again = await run({ mode: 'undo' })
    expect([again.exitCode, again.outputs['restored-count'], restores().length]).toEqual([0, '0', 3])
  }, 60_000)

  it('an undo file with the ids of other versions restores nothing else, and deletes nothing', async () => {
    const other = app('other')
    registry.seed(PATH, other, ['secret'])
    const before = stateOf()
    packages.remove(other.manifest.digest)
    const withoutOther = stateOf()
    expect((await prune()).exitCode).toBe(0)
    const file = join(folder, 'undo.jsonl')
    const Line = z.looseObject({ digest: z.string(), versionId: z.int().optional() })
    const lines = (await readFile(file, 'utf8')).trim().split('\n')
    const tampered = lines.map((line, position) =>
      position === 0
        ? line
        : JSON.stringify({
            ...Line.parse(JSON.parse(line)),
            versionId: packages.idOf(other.manifest.digest),
          }),
    )
    await writeFile(file, `${tampered.join('\n')}\n`)
    packages.requests.length = 0
    const undone = await run({ mode: 'undo' })
    expect(restores()).toEqual([])
    expect(packages.requests.filter((asked) => asked.startsWith('DELETE'))).toEqual([])
    // the bytes are what their digests say, so they are pushed again
    expect([undone.exitCode, stateOf()]).toEqual([0, withoutOther])
    expect(stateOf()).not.toEqual(before)
  }, 60_000)

  it('a version whose tag names something else by now is not restored over it', async () => {
    expect((await prune()).exitCode).toBe(0)
    const newer = app('newer')
    registry.seed(PATH, newer, ['v2'])
    const undone = await run({ mode: 'undo' })
    expect(undone.outputs).toMatchObject({ result: 'warn', 'unrestored-count': '1' })
    expect(registry.store.get(PATH)?.tags.get('v2')).toBe(newer.manifest.digest)
    expect(registry.store.get(PATH)?.tags.get('v1')).toBe(old.manifest.digest)
    expect(restores()).not.toContain(`POST …/${packages.idOf(alone.manifest.digest)}/restore`)
  }, 60_000)

  it('what a delete takes along is restored before the run ends, red and named', async () => {
    packages.beforeDelete = () => {
      packages.remove(shared.manifest.digest)
    }
    const { exitCode, outputs, stdout } = await prune()
    expect([exitCode, outputs['result']]).toEqual([1, 'fail'])
    expect(stdout).toMatch(new RegExp(`${shared.manifest.digest}.*it was put back`))
    expect(stateOf().manifests).toContain(shared.manifest.digest)
    expect(restores()).toEqual([`POST …/${packages.idOf(shared.manifest.digest)}/restore`])
    expect(writesOf()).toEqual([])
  }, 60_000)
})
