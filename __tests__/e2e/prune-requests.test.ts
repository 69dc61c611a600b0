import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { layer } from '../support/blobs.ts'
import { FACES, startEmbeddedRegistry, type EmbeddedRegistry } from '../support/embedded-registry.ts'
import { image } from '../support/images.ts'
import { runInProcess } from './prune-stage.ts'

const PATH = 'team/app'
const KEPT = 37
const DELETED = 66
const LOOKS = 10
/** milliseconds: at this distance the looks around would repeat if they counted time only */
const DISTANCE = 10

let folder = ''
let registry: EmbeddedRegistry
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'requests-'))
  registry = await startEmbeddedRegistry({ ...FACES.distribution2, delayMs: DISTANCE })
  for (const [name, count] of [
    ['keep', KEPT],
    ['old', DELETED],
  ] as const) {
    for (let number = 0; number < count; number += 1) {
      const built = image([layer(`${name} ${number}`, 500)], { created: '2024-01-01T00:00:00Z' })
      registry.seed(PATH, built, [`${name}-${number}`])
    }
  }
})
afterEach(async () => {
  await registry.stop()
  await rm(folder, { recursive: true, force: true })
})

it.each([
  ['16', {}],
  ['auto', {}],
  ['with an undo file', { 'undo-file': 'undo.jsonl' }],
])(
  'a clean prune asks for each thing as often as its safety needs (%s)',
  // on a busy machine a prune takes so long that it looks around once more
  { retry: 3, timeout: 60_000 },
  async (name, more) => {
    const files = Object.entries(more).map(([input, file]) => [input, join(folder, file)] as const)
    const run = await runInProcess({
      registry: registry.origin,
      image: PATH,
      tags: 'old-*',
      'dry-run': 'false',
      'max-delete-percent': '100',
      concurrency: name === '16' ? '16' : 'auto',
      ...Object.fromEntries(files),
    })
    expect([run.failures, run.outputs['deleted-count']]).toEqual([[], String(DELETED)])
    const count = (test: RegExp) =>
      registry.requests.filter(({ method, path }) => test.test(`${method} ${path}`)).length
    // read; looked at before the first deletion, and afterwards
    expect(count(/manifests\/keep-/)).toBeLessThanOrEqual(3 * KEPT)
    // read; looked at before the first deletion, and right before its own
    expect(count(/manifests\/old-/)).toBeLessThanOrEqual(3 * DELETED + LOOKS)
    // the probe
    expect(count(/^DELETE/)).toBe(DELETED + 1)
    // whether it is gone
    expect(count(/^(GET|HEAD) .*manifests\/sha256:/)).toBeLessThanOrEqual(DELETED + LOOKS)
    expect(count(/^HEAD/)).toBeLessThanOrEqual(2 * KEPT + 3 * DELETED + LOOKS)
  },
)
