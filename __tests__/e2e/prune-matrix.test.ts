import { appendFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { cosignSignature, cosignTag } from '../support/artifacts.ts'
import { layer } from '../support/blobs.ts'
import {
  FACE_ACCOUNT,
  FACES,
  startEmbeddedRegistry,
  type EmbeddedRegistry,
  type Exchange,
} from '../support/embedded-registry.ts'
import { image, index, type BuiltImage } from '../support/images.ts'
import { memoryFolder } from '../support/memory-folder.ts'
import { runAction } from '../support/run-action.ts'
import { runInProcess } from './prune-stage.ts'

/**
 * Every write of a prune, struck by every fault, on registries of every kind. All positions are tried with
 * `MATRIX=all`, which takes minutes; `MATRIX_FILE` takes the table. Without it, every third position.
 */
const EVERY = process.env['MATRIX'] === 'all' ? 1 : 3
const PATH = 'team/app'
const OTHER = 'team/other'

const app = (seed: string, platform = 'linux/amd64'): BuiltImage =>
  image([layer('base', 2_000), layer(`${seed} ${platform}`, 300)], {
    platform,
    created: '2024-01-01T00:00:00Z',
  })
const a = app('a')
const b = app('b')
const c = app('c')
const d = app('d')
const n = app('n')
const old = index([a, b])
const stable = index([a, c])
const latest = index([c, d])
const fresh = index([a, b], { annotations: { 'x.fresh': 'true' } })

/** Tags that stay, with all that they need. */
const KEPT: Readonly<Record<string, BuiltImage>> = { latest, stable }
const GOES: readonly (readonly [BuiltImage, readonly string[]])[] = [
  [old, ['v1']],
  [n, ['v2', 'v3']],
  [a, ['v1-amd64']],
  [latest, ['v-nightly']],
  [app('alone'), ['v4']],
  [cosignSignature(old), [cosignTag(old)]],
]

type Strike = (
  exchange: Exchange,
  registry: EmbeddedRegistry,
  cancel: () => void,
) => boolean | Promise<boolean>

const FAULTS: Readonly<Record<string, Strike>> = {
  '500 after it was carried out': ({ response }) => {
    const writeHead = response.writeHead.bind(response)
    response.writeHead = () => writeHead(500, { 'content-length': '0' })
    return false
  },
  'reset after it was carried out': ({ response }) => {
    response.writeHead = () => response.destroy()
    return false
  },
  'stall, then a cut connection': async ({ response }) => {
    await new Promise((resolve) => setTimeout(resolve, 50))
    response.destroy()
    return true
  },
  '429': ({ response }) => {
    response.writeHead(429, { 'retry-after': '0', 'content-length': '0' }).end()
    return true
  },
  'a push in between': (_, registry) => {
    registry.seed(PATH, fresh, ['fresh'])
    return false
  },
  SIGTERM: (_, __, cancel) => {
    cancel()
    return false
  },
}

const KINDS = [
  'spec',
  'distribution2',
  'gitea',
  'cascading',
  'dereferencing',
  'nameCopying',
  'oneStore',
  'zot',
  'gitlabDatabase',
  'distribution3',
  'staleCache',
  'freeingBlobs',
] as const
type Kind = (typeof KINDS)[number]

/** their blobs go with the delete, so nothing can be put back afterwards */
const FREES_AT_ONCE: ReadonlySet<string> = new Set(['gitea', 'freeingBlobs'])

let folder = ''
beforeAll(async () => {
  folder = await memoryFolder('matrix-')
})
afterAll(async () => await rm(folder, { recursive: true, force: true }))

const isWrite = ({ method, url }: Exchange['request']) =>
  (method === 'DELETE' || method === 'PUT') && !/0{64}/.test(url ?? '')

interface Ended {
  readonly green: boolean
  /** log, annotations and the last line */
  readonly told: string
}

/** Runs the mode, and hands over what cancels the job. */
type Run = (
  inputs: Readonly<Record<string, string>>,
  onCancel: (cancel: () => void) => void,
) => Promise<Ended>

const inProcess: Run = async (inputs, onCancel) => {
  const { green, failures, log, annotations } = await runInProcess(inputs, {}, (handler) => {
    onCancel(handler)
    return () => undefined
  })
  return { green, told: [...failures, ...log, ...annotations.map(({ message }) => message)].join('\n') }
}

const asBundle: Run = async (inputs, onCancel) => {
  const { exitCode, stdout } = await runAction({
    inputs: { mode: 'prune', ...inputs },
    eventName: 'schedule',
    onStart: (child) => {
      onCancel(() => void child.kill('SIGTERM'))
    },
  })
  return { green: exitCode === 0, told: stdout }
}

interface Struck {
  readonly registry: EmbeddedRegistry
  readonly run: Ended
  readonly writes: number
  /** what the prune wrote before each deletion */
  readonly undoFile: string
}

let runs = 0

/** Prunes a registry of which one write is struck, and looks at what is left before it is stopped. */
async function struck(
  kind: Kind,
  position: number,
  strike: Strike,
  start: Run,
  look: (struck: Struck) => Promise<void>,
): Promise<void> {
  let writes = 0
  let cancel: () => void = () => undefined
  const registry: EmbeddedRegistry = await startEmbeddedRegistry({
    ...FACES[kind],
    intercept: (exchange) => {
      if (!isWrite(exchange.request)) return false
      writes += 1
      if (writes !== position) return false
      return strike(exchange, registry, cancel)
    },
  })
  const seed = (built: BuiltImage, tags: readonly string[]) =>
    registry.seed(PATH, built, tags, Date.parse('2024-01-01T00:00:00Z'))
  for (const [tag, built] of Object.entries(KEPT)) seed(built, [tag])
  for (const [built, tags] of GOES) seed(built, tags)
  if (kind === 'oneStore') registry.seed(OTHER, n, ['prod'])
  const undoFile = join(folder, `${(runs += 1)}.jsonl`)
  try {
    const run = await start(
      {
        ...inputsFor(registry),
        image: kind === 'oneStore' ? `${PATH}\n${OTHER}` : PATH,
        tags: 'v*',
        'dry-run': 'false',
        'max-delete-percent': '100',
        'undo-file': undoFile,
      },
      (handler) => {
        cancel = handler
      },
    )
    await look({ registry, run, writes, undoFile })
  } finally {
    await registry.stop()
  }
}

const counted = new Map<Kind, Promise<number>>()

/** How often a prune writes where nothing goes wrong. */
function writesOn(kind: Kind): Promise<number> {
  const count = async (): Promise<number> => {
    let total = 0
    await struck(
      kind,
      0,
      () => false,
      inProcess,
      async ({ writes }) => void (total = writes),
    )
    return total
  }
  const known = counted.get(kind) ?? count()
  counted.set(kind, known)
  return known
}

const inputsFor = (registry: EmbeddedRegistry) => ({
  registry: registry.origin,
  username: FACE_ACCOUNT.username,
  password: FACE_ACCOUNT.password,
})

/** Kept tags of which something is not there. */
function lostIn(registry: EmbeddedRegistry): string[] {
  const isLost = (path: string, tag: string, built: BuiltImage) => {
    const { tags, manifests } = registry.store.get(path) ?? { tags: new Map(), manifests: new Map() }
    const needs = built.manifests.every(({ digest }) => manifests.has(digest))
    return tags.get(tag) !== built.manifest.digest || !needs
  }
  const kept = Object.entries({ ...KEPT, ...(registry.store.get(PATH)?.tags.has('fresh') ? { fresh } : {}) })
  const here = kept.flatMap(([tag, built]) => (isLost(PATH, tag, built) ? [tag] : []))
  return registry.store.has(OTHER) && isLost(OTHER, 'prod', n) ? [...here, 'prod'] : here
}

/** What held blobs while the run deleted, and is left. */
function copiesIn(registry: EmbeddedRegistry): string[] {
  const manifests = registry.store.get(PATH)?.manifests.values() ?? []
  return [...manifests].flatMap(({ bytes, digest }) =>
    bytes.includes('vnd.registry-warden.holds') ? [digest] : [],
  )
}

/** What cannot be had back: after an undo, or at once where there is none. */
async function lostForGood(
  kind: Kind,
  { registry, undoFile }: Pick<Struck, 'registry' | 'undoFile'>,
  start: Run,
): Promise<string[]> {
  const before = lostIn(registry)
  if (before.length === 0 || FREES_AT_ONCE.has(kind)) return before
  await start({ ...inputsFor(registry), mode: 'undo', 'undo-file': undoFile }, () => undefined)
  return lostIn(registry)
}

const cells: Record<string, string> = {}
afterAll(async () => {
  const file = process.env['MATRIX_FILE']
  if (file === undefined) return
  const faults = Object.keys(FAULTS)
  const rows = KINDS.map(
    (kind) => `| ${[kind, ...faults.map((fault) => cells[`${kind} ${fault}`] ?? '')].join(' | ')} |`,
  )
  await appendFile(
    file,
    [`| registry | ${faults.join(' | ')} |`, `|---|${faults.map(() => '---|').join('')}`, ...rows, ''].join(
      '\n',
    ),
  )
})

// most of their time is waiting until what is missing is asked for again
describe.concurrent.each(KINDS)('every write of a prune on %s', (kind) => {
  it.for(Object.entries(FAULTS))(
    '%s: nothing that stays is lost',
    { timeout: 600_000 },
    async ([fault, strike], { expect }) => {
      const total = await writesOn(kind)
      expect(total).toBeGreaterThan(0)
      const ends = { kept: 0, red: 0 }
      for (let position = 1; position <= total; position += EVERY) {
        const where = `${fault} at ${position} of ${total}`
        await struck(kind, position, strike, inProcess, async ({ registry, run, undoFile }) => {
          const lost = lostIn(registry)
          expect([where, lost.filter((tag) => run.green || !run.told.includes(tag))]).toEqual([where, []])
          const copies = copiesIn(registry).filter((digest) => !run.told.includes(digest))
          expect([where, copies]).toEqual([where, []])
          if (lost.length === 0) ends.kept += 1
          else ends.red += 1
          expect([where, await lostForGood(kind, { registry, undoFile }, inProcess)]).toEqual([where, []])
        })
      }
      const red = ends.red > 0 ? `, ${ends.red} red and named, undo restores it` : ''
      cells[`${kind} ${fault}`] = `${ends.kept} of ${ends.kept + ends.red} kept${red}`
    },
  )
})

describe.concurrent('a sample of them through the bundle', () => {
  const SAMPLE = ['spec', 'distribution2', 'gitea', 'cascading', 'zot'] as const
  // one write each, so that all of them are struck somewhere
  const rows = SAMPLE.flatMap((kind, row) =>
    Object.entries(FAULTS).map(([fault, strike], column) => ({
      kind,
      fault,
      strike,
      at: 1 + ((row * 3 + column) % 8),
    })),
  )

  it.for(rows)(
    '$kind: $fault at write $at',
    { timeout: 120_000 },
    async ({ kind, fault, strike, at }, { expect }) => {
      await struck(kind, at, strike, asBundle, async ({ registry, run, undoFile }) => {
        const lost = lostIn(registry)
        expect([fault, lost.filter((tag) => run.green || !run.told.includes(tag))]).toEqual([fault, []])
        expect(run.green && fault === 'SIGTERM').toBe(false)
        expect(await lostForGood(kind, { registry, undoFile }, asBundle)).toEqual([])
      })
    },
  )
})
