import { describe, it, type TestContext } from 'vitest'
import { layer } from '../support/blobs.ts'
import {
  FACE_ACCOUNT,
  FACES,
  startEmbeddedRegistry,
  type EmbeddedRegistry,
  type Face,
} from '../support/embedded-registry.ts'
import { image, index, type BuiltImage } from '../support/images.ts'
import { runAction, type ActionResult } from '../support/run-action.ts'

/**
 * Tags that go from what stays, with nothing else that goes: no image to try a removal on. `pr-0` shares its digest
 * with `stable`, `pr-1-amd64` names a platform image of `release`.
 */
const PATH = 'acme/api'
const base = layer('base', 4_000)
const app = (seed: string, platform = 'linux/amd64'): BuiltImage =>
  image([base, layer(`${seed} ${platform}`, 700)], { platform, created: '2024-01-01T00:00:00Z' })
const shared = app('shared')
const [amd64, arm64] = [app('release'), app('release', 'linux/arm64')]
const release = index([amd64, arm64])
const KEPT: Readonly<Record<string, BuiltImage>> = { stable: shared, release }

const freesAtOnce = { freesBlobs: true, checksPuts: { status: 404, code: 'MANIFEST_BLOB_UNKNOWN' } } as const
const HOSTILE = {
  'dereferencing, blobs at once': { quirks: { ...FACES.dereferencing.quirks, ...freesAtOnce } },
  'dereferencing and cascading, blobs at once': {
    quirks: { ...FACES.dereferencing.quirks, ...FACES.cascading.quirks, ...freesAtOnce },
  },
  'by names, blobs at once, not known for it': { quirks: { heldByNames: true, ...freesAtOnce } },
  'removing no tags, blobs at once': { quirks: { tagDelete: 'unsupported', ...freesAtOnce } },
} as const satisfies Record<string, Face>
const { spec, distribution2, gitea, gitlabDatabase, dereferencing, cascading, ignoringDeletes } = FACES
const { nameCopying, oneStore, staleCache, zot, freeingBlobs } = FACES
const ALL: Readonly<Record<string, Face>> = {
  spec,
  distribution2,
  gitea,
  gitlabDatabase,
  dereferencing,
  cascading,
  ignoringDeletes,
  nameCopying,
  oneStore,
  staleCache,
  zot,
  freeingBlobs,
  ...HOSTILE,
}

async function start(face: Face, onTestFinished: TestContext['onTestFinished']): Promise<EmbeddedRegistry> {
  const registry = await startEmbeddedRegistry(face)
  onTestFinished(registry.stop)
  const pushedAt = Date.parse('2024-01-01T00:00:00Z')
  registry.seed(PATH, shared, ['pr-0', 'stable'], pushedAt)
  registry.seed(PATH, amd64, ['pr-1-amd64'], pushedAt)
  registry.seed(PATH, release, ['release'], pushedAt)
  return registry
}

const prune = (
  registry: EmbeddedRegistry,
  inputs: Record<string, string> = FACE_ACCOUNT,
): Promise<ActionResult> =>
  runAction({
    inputs: {
      mode: 'prune',
      registry: registry.origin,
      image: PATH,
      tags: 'pr-*',
      'dry-run': 'false',
      ...inputs,
    },
    eventName: 'schedule',
  })

/** Names of what stays that are not there, or whose blobs are not. */
function missingIn(registry: EmbeddedRegistry): string[] {
  const { tags, manifests, blobs } = registry.store.get(PATH)!
  const missing: string[] = []
  for (const [tag, built] of Object.entries(KEPT)) {
    if (tags.get(tag) !== built.manifest.digest) missing.push(tag)
    for (const { digest } of built.manifests) if (!manifests.has(digest)) missing.push(digest)
    for (const { digest } of built.blobs) if (!blobs.has(digest)) missing.push(digest)
  }
  return missing
}
const tagsIn = (registry: EmbeddedRegistry) => [...registry.store.get(PATH)!.tags.keys()].sort()

// most of their time is waiting: until what is missing is asked for again
describe.concurrent('a tag that goes shares its digest with one that stays', () => {
  it.for(Object.entries(ALL))(
    '%s: nothing that stays is lost, and nothing of ours is left',
    async ([, face], { expect, onTestFinished }) => {
      const registry = await start(face, onTestFinished)
      const { exitCode, outputs, stdout } = await prune(registry)
      expect([missingIn(registry), stdout.includes('does not resolve any more')]).toEqual([[], false])
      const left = tagsIn(registry).filter((tag) => !/^(pr-0|pr-1-amd64|release|stable)$/.test(tag))
      // where deletes do nothing, what was pushed to find that out stays, and is named
      const isHonest = !('ignoredDeletes' in face.quirks)
      expect(left.filter((tag) => isHonest || !stdout.includes(tag))).toEqual([])
      expect(exitCode === 0 && outputs['failed-count'] === '0').toBe(isHonest)
    },
  )

  it.for<[string, string[]]>([
    ['spec', ['release', 'stable']],
    ['gitea', ['release', 'stable']],
    ['zot', ['release', 'stable']],
    ['by names, blobs at once, not known for it', ['release', 'stable']],
    ['distribution2', ['pr-0', 'pr-1-amd64', 'release', 'stable']],
    ['dereferencing', ['pr-0', 'pr-1-amd64', 'release', 'stable']],
    ['dereferencing, blobs at once', ['pr-0', 'pr-1-amd64', 'release', 'stable']],
  ])(
    '%s: only what cannot go alone stays, and a second run has no more to do',
    async ([name, tags], { expect, onTestFinished }) => {
      const registry = await start(ALL[name]!, onTestFinished)
      await prune(registry)
      expect(tagsIn(registry)).toEqual(tags)
      const before = registry.requests.length
      const again = await prune(registry)
      expect([again.exitCode, tagsIn(registry)]).toEqual([0, tags])
      expect(registry.requests.length).toBeGreaterThan(before)
    },
  )

  it('a login that may delete and not push leaves them where they are, and says why', async ({
    expect,
    onTestFinished,
  }) => {
    const face: Face = {
      quirks: {},
      auth: {
        kind: 'token',
        service: 'registry.test',
        accounts: {
          [FACE_ACCOUNT.username]: { password: FACE_ACCOUNT.password, access: { '*': ['pull', 'delete'] } },
        },
      },
    }
    const registry = await start(face, onTestFinished)
    const { exitCode, summary } = await prune(registry)
    expect([exitCode, tagsIn(registry)]).toEqual([0, ['pr-0', 'pr-1-amd64', 'release', 'stable']])
    expect(summary).toContain('could not be tried')
    expect(registry.requests.some(({ method, status }) => method === 'PUT' && status === 201)).toBe(false)
  })
})
