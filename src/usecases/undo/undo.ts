import pMap from 'p-map'
import type { ResolvedManifest } from '../../domain/manifest/manifest.ts'
import { isManifestType } from '../../domain/manifest/media-type.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import type { Log } from '../../domain/ports.ts'
import type { PruneTarget, StoredBytes } from '../../domain/prune/ports.ts'
import { storedManifest } from '../../domain/prune/stored-manifest.ts'
import { undoReport } from '../../domain/prune/undo-outcome.ts'
import type {
  NothingToUndo,
  Restored,
  UndoneRepository,
  UndoReport,
} from '../../domain/prune/undo-outcome.ts'
import { createRestorer } from './restore.ts'
import type { KnownManifest } from './restore.ts'

/** What is known of one deleted manifest. */
export interface DeletedManifest {
  readonly digest: Digest
  readonly stored: StoredBytes
  readonly manifest: ResolvedManifest
  /** a tag stands with one manifest */
  readonly tags: readonly Tag[]
  readonly versionId: number | null
}

export interface UndoRequest {
  readonly targets: readonly {
    readonly target: PruneTarget
    readonly deleted: readonly DeletedManifest[]
  }[]
  /** left out: there is something */
  readonly nothing?: NothingToUndo
}

export interface UndoDeps {
  readonly log: Pick<Log, 'info'>
  /** true once nothing new is to be begun */
  readonly timeIsUp: () => boolean
  readonly sleep: (milliseconds: number) => Promise<unknown>
}

/** Writes are gentle: most registries do them one by one inside. */
const WRITES_AT_ONCE = 4
const NOT_TRIED: Restored = { status: 'failed', note: 'the run ended before it was tried' }

/**
 * Puts back what a prune deleted, repository by repository: manifests, what they need first, and then the
 * tags, where they name nothing else by now.
 */
export async function undo({ targets, nothing }: UndoRequest, deps: UndoDeps): Promise<UndoReport> {
  const repositories: UndoneRepository[] = []
  for (const { target, deleted } of targets) repositories.push(await undoRepository(target, deleted, deps))
  return undoReport(repositories, deps.timeIsUp(), nothing)
}

async function undoRepository(
  target: PruneTarget,
  deleted: readonly DeletedManifest[],
  { log, timeIsUp, sleep }: UndoDeps,
): Promise<UndoneRepository> {
  const known = new Map(deleted.map((each) => [each.digest, knownManifest(each)]))
  const restorer = createRestorer(target, (digest) => known.get(digest) ?? null, sleep)
  /** @param name of a manifest with tags null: they tell of it */
  const attempt = async (name: string | null, work: () => Promise<Restored>): Promise<Restored> => {
    if (timeIsUp()) return NOT_TRIED
    const result = await work()
    if (result.status === 'restored' && name !== null) log.info(`${target.name}: put back ${name}`)
    return result
  }
  const named = deleted.flatMap(({ digest, tags }) => tags.map((tag) => ({ tag, digest })))
  const proveAbsence = async () => {
    if (!timeIsUp()) await restorer.proveAbsence(named.map(({ tag }) => tag))
  }
  // a version at GitHub comes back with its tags
  const bringsTags = deleted.some(({ versionId }) => versionId !== null)
  if (bringsTags) await proveAbsence()
  const manifests = await pMap(
    deleted,
    async ({ digest, tags }) => ({
      digest,
      isTagged: tags.length > 0,
      ...(await attempt(tags.length > 0 ? null : digest, () => restorer.manifest(digest))),
    }),
    { concurrency: WRITES_AT_ONCE },
  )
  if (!bringsTags) await proveAbsence()
  const outcomes = new Map<Tag, Restored>()
  for (const wave of inWaves(named, (digest) => known.get(digest)?.needs ?? []))
    await pMap(
      wave,
      async ({ tag, digest }) => outcomes.set(tag, await attempt(tag, () => restorer.tag(tag, digest))),
      { concurrency: WRITES_AT_ONCE },
    )
  const tags = Array.from(named, ({ tag, digest }) => ({
    tag,
    digest,
    ...(outcomes.get(tag) ?? NOT_TRIED),
  }))
  return { repository: target.name, tags, manifests }
}

interface Named {
  readonly tag: Tag
  readonly digest: Digest
}

/**
 * Tags of what others need before those of the others: a registry that puts a tag on a manifest may write the
 * manifest's own link again, and until it has, refuse an index of it.
 */
function* inWaves(
  named: readonly Named[],
  needsOf: (digest: Digest) => readonly Digest[],
): Generator<readonly Named[]> {
  let rest = named
  while (rest.length > 0) {
    const left = new Set(rest.map(({ digest }) => digest))
    const isReady = ({ digest }: Named) => !needsOf(digest).some((need) => left.has(need))
    const ready = rest.filter(isReady)
    yield ready.length === 0 ? rest : ready
    rest = ready.length === 0 ? [] : rest.filter((each) => !isReady(each))
  }
}

function knownManifest({ stored, manifest, tags, versionId }: DeletedManifest): KnownManifest {
  const { children, subject, blobs } = storedManifest(manifest)
  return {
    stored: () => Promise.resolve(stored),
    needs: subject === null ? children : [...children, subject],
    parts: partsOf(manifest),
    blobs: blobs.map(({ digest }) => digest),
    ...(versionId === null ? {} : { version: { id: versionId, tags } }),
  }
}

/** What an index lists of an unknown type may be anything, and a referrer is whole without its subject. */
function partsOf({ manifest }: ResolvedManifest): Digest[] {
  if (manifest.kind !== 'index') return []
  return manifest.manifests.filter(({ mediaType }) => isManifestType(mediaType)).map(({ digest }) => digest)
}
