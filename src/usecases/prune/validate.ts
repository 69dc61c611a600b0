import pMap from 'p-map'
import { WardenError } from '../../domain/errors.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import { buildGraph, reach } from '../../domain/prune/graph.ts'
import type { ManifestGraph, Node, Reach } from '../../domain/prune/graph.ts'
import type { TagEntry } from '../../domain/prune/inventory.ts'
import type { ManifestOutcome, TagOutcome } from '../../domain/prune/outcome.ts'
import type { PruneTarget } from '../../domain/prune/ports.ts'
import type { PruneDeps } from './deps.ts'
import { endsEarly } from './ledger.ts'
import type { Loss } from './put-back.ts'
import type { RepositoryReading } from './read-inventory.ts'
import { listTags } from './tag-lookups.ts'
import { LAST_LOOK } from './waits.ts'

/** What became of a repository: what must still be there, and what must not. */
export interface PrunedState {
  readonly tags: readonly Pick<TagOutcome, 'tag' | 'decision' | 'digest' | 'status'>[]
  readonly manifests: readonly Pick<ManifestOutcome, 'digest' | 'decision' | 'reason' | 'status'>[]
}

export interface Validation {
  /** what stays and does not resolve */
  readonly lost: readonly Loss[]
  /** a line for each name that could not be asked for, though there was time */
  readonly unknown: readonly string[]
  /** names that nobody asked for any more because time was up */
  readonly unchecked: readonly string[]
  /** what the registry said that it deleted or does not have, and still has */
  readonly stillThere: { readonly tags: readonly Tag[]; readonly manifests: readonly Digest[] }
}

export interface ValidationParts {
  readonly target: PruneTarget
  readonly reading: RepositoryReading
  readonly state: PrunedState
  /** time is short: only what deletions could have touched */
  readonly only: ReadonlySet<Digest> | null
  /** tags that were added or moved while manifests were deleted, with what they named then */
  readonly moved?: ReadonlyMap<Tag, Digest>
}

/**
 * Proves that what was kept still works: every tag that stays or was added resolves, and so does all that it
 * needs or that belongs to it, at any depth; each digest is asked for once. What was missing before is not
 * blamed on this run. What went must be gone.
 */
export async function validate(parts: ValidationParts, deps: PruneDeps): Promise<Validation> {
  const { target, reading, state, only, moved: seen = new Map<Tag, Digest>() } = parts
  const { reader } = target
  const { concurrency } = deps
  const result = { lost: [] as Loss[], unknown: [] as string[], unchecked: [] as string[] }
  const found = new Map<Tag, Digest>()
  const isOfInterest = (digest: Digest | null) => only === null || (digest !== null && only.has(digest))

  const look = async (
    name: Tag | Digest,
    label: () => string,
    expected?: 'gone',
  ): Promise<Digest | 'gone' | null> => {
    try {
      return (await reader.head(name, expected)) ?? 'gone'
    } catch (error) {
      if (!(error instanceof WardenError)) throw error
      if (endsEarly(error, deps.timeIsUp)) result.unchecked.push(label())
      else result.unknown.push(`${label()} could not be checked: ${error.message}`)
      return null
    }
  }
  const staying = state.tags.filter(
    ({ decision, digest }) =>
      decision !== 'delete' && decision !== 'untag' && digest !== null && isOfInterest(digest),
  )
  const checkTag = async ({ tag, digest }: { readonly tag: Tag; readonly digest: Digest | null }) => {
    if (digest === null) return
    const current = await look(tag, () => tag)
    if (current === 'gone') result.lost.push({ name: tag, digest: seen.get(tag) ?? digest, tag })
    else if (current !== null) found.set(tag, current)
  }
  // pushed meanwhile, or again: what they need may have been deleted before anybody saw them
  const names = new Set<Tag>(staying.map(({ tag }) => tag))
  const added =
    only === null
      ? await unlessOver(listTags(reader), 'tags that were pushed meanwhile').then((tags) =>
          tags?.filter((tag) => !names.has(tag)),
        )
      : []
  const listed = new Set(added)
  const unlisted = [...seen].filter(
    ([tag, digest]) => !names.has(tag) && !listed.has(tag) && isOfInterest(digest),
  )
  const newcomers = unlisted.map(([tag, digest]) => ({ tag, digest }))
  await pMap([...staying, ...newcomers], checkTag, { concurrency })

  const stillThere = { tags: [] as Tag[], manifests: [] as Digest[] }
  const graph = await unlessOver(readAgain(added ?? []), 'what tags that were moved meanwhile need')
  if (graph !== null) {
    const needed = reach(graph, rootsIn(graph))
    const proven = new Set(found.values())
    const digests = toProve(graph, needed, proven).filter(isOfInterest)
    const checkDigest = async (digest: Digest) => {
      const label = labelOf(digest, graph, needed, found)
      if ((await look(digest, () => label)) === 'gone') result.lost.push({ name: label, digest, tag: null })
    }
    await pMap(digests, checkDigest, { concurrency })
    stillThere.manifests.push(...(await notGone(graph, needed)))
  }
  return { ...result, stillThere }

  async function unlessOver<T>(work: Promise<T>, what: string): Promise<T | null> {
    try {
      return await work
    } catch (error) {
      if (!(error instanceof WardenError)) throw error
      if (endsEarly(error, deps.timeIsUp)) result.unchecked.push(what)
      else result.unknown.push(`${what} could not be checked: ${error.message}`)
      return null
    }
  }

  /** Reads what tags that were moved or added lead to. */
  async function readAgain(others: readonly Tag[]): Promise<ManifestGraph> {
    const { inventory, crawl } = reading
    const moved = staying.filter(({ tag, digest }) => found.has(tag) && found.get(tag) !== digest)
    // a HEAD may tell the digest of something else; what the tag names is what is served
    for (const [tag, entry] of await crawl.resolve(moved.map(({ tag }) => tag))) {
      if (entry.state === 'resolved') found.set(tag, entry.digest)
      else result.unknown.push(`${tag} could not be checked: it was moved, and cannot be read where it is`)
    }
    const deleted = new Map(
      state.tags.flatMap(({ tag, digest, status }) => (isGone(status) ? [[tag, digest] as const] : [])),
    )
    for (const [tag, entry] of await crawl.resolve(others)) {
      if (entry.state !== 'resolved') continue
      if (deleted.get(tag) === entry.digest) stillThere.tags.push(tag)
      else found.set(tag, entry.digest)
    }
    await crawl.follow(new Set(found.values()), others.length > 0 ? 'again' : undefined)
    const entries = [...found].map(([tag, digest]): [Tag, TagEntry] => [
      tag,
      { state: 'resolved', digest, ages: [], locked: null },
    ])
    return buildGraph({ ...inventory, tags: new Map(entries), manifests: crawl.manifests })
  }

  function rootsIn(graph: ManifestGraph): Node[] {
    const pinned = state.manifests.flatMap(({ digest, decision, reason }) =>
      decision === 'keep' && reason === 'protected' ? [digest] : [],
    )
    return [...found.values(), ...pinned]
      .map((digest) => graph.nodes.get(digest))
      .filter((node) => node !== undefined)
  }

  /** What was pushed again since is not a sign that the registry did nothing. */
  async function notGone(graph: ManifestGraph, needed: Reach): Promise<Digest[]> {
    const went = state.manifests.flatMap(({ digest, status }) =>
      isGone(status) && !needed.has(graph.nodes.get(digest) ?? -1) ? [digest] : [],
    )
    const isThere = async (digest: Digest) => {
      const current = await look(digest, () => digest, 'gone')
      return current === null || current === 'gone' ? [] : [digest]
    }
    const left = (await pMap(went, isThere, { concurrency })).flat()
    if (left.length === 0) return []
    await deps.sleep(LAST_LOOK)
    return (await pMap(left, isThere, { concurrency })).flat()
  }
}

/** Deleted by this run, or not found when it was to be deleted: some registries say so of what they have. */
function isGone(status: TagOutcome['status']): boolean {
  return status === 'done' || status === 'gone'
}

function toProve({ digests, stored }: ManifestGraph, needed: Reach, proven: ReadonlySet<Digest>): Digest[] {
  return digests.filter(
    (digest, node) => needed.has(node) && (stored[node] ?? null) !== null && !proven.has(digest),
  )
}

/** `sha256:…, needed by v1`; the names of digests mean nothing to people. */
function labelOf(
  digest: Digest,
  graph: ManifestGraph,
  needed: Reach,
  found: ReadonlyMap<Tag, Digest>,
): string {
  let node = graph.nodes.get(digest)
  for (let from = above(node); from !== undefined; from = above(node)) node = from
  const root = node === undefined ? digest : graph.digests[node]
  const tag = [...found].find(([, target]) => target === root)?.[0]
  return tag === undefined ? digest : `${digest}, needed by ${tag},`

  function above(below: Node | undefined): Node | undefined {
    return below === undefined ? undefined : needed.cameBy(below)?.from
  }
}
