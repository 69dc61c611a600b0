import pMap from 'p-map'
import { WardenError } from '../../domain/errors.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import { buildGraph, reach } from '../../domain/prune/graph.ts'
import type { ManifestGraph, Node, Reach } from '../../domain/prune/graph.ts'
import type { TagEntry } from '../../domain/prune/inventory.ts'
import type { ManifestOutcome, TagOutcome } from '../../domain/prune/outcome.ts'
import type { PruneReader } from '../../domain/prune/ports.ts'
import { endsEarly } from './ledger.ts'
import type { PruneDeps } from './deps.ts'
import type { RepositoryReading } from './read-inventory.ts'
import { listTags } from './tag-lookups.ts'

/** What became of a repository, as far as it says what must still be there. */
export interface PrunedState {
  readonly tags: readonly Pick<TagOutcome, 'tag' | 'decision' | 'digest'>[]
  readonly manifests: readonly Pick<ManifestOutcome, 'digest' | 'decision' | 'reason'>[]
}

/**
 * Proves that what was kept still works: every tag that stays or was added resolves, and so does all that it
 * needs or that belongs to it, at any depth; each digest is asked for once. What was missing before is not
 * blamed on this run.
 * @returns a line for each name that does not resolve, or could not be asked for
 * @throws WardenError when time is up before the proof is complete
 */
export async function validate(
  { tags, manifests }: PrunedState,
  { inventory, crawl }: RepositoryReading,
  reader: PruneReader,
  { concurrency, timeIsUp }: Pick<PruneDeps, 'concurrency' | 'timeIsUp'>,
): Promise<string[]> {
  const broken: string[] = []
  const found = new Map<Tag, Digest>()

  const look = async (name: Tag | Digest, label: () => string): Promise<Digest | null> => {
    try {
      const digest = await reader.head(name)
      if (digest === null) broken.push(`${label()} does not resolve any more`)
      return digest
    } catch (error) {
      if (!(error instanceof WardenError) || endsEarly(error, timeIsUp)) throw error
      broken.push(`${label()} could not be checked: ${error.message}`)
      return null
    }
  }
  const staying = tags.filter(
    ({ decision, digest }) => decision !== 'delete' && decision !== 'untag' && digest !== null,
  )
  // pushed meanwhile, or again: what they need may have been deleted before anybody saw them
  const names = new Set<Tag>(staying.map(({ tag }) => tag))
  const added = (await listTags(reader)).filter((tag) => !names.has(tag))
  const checkTag = async ({ tag }: { readonly tag: Tag }) => {
    const digest = await look(tag, () => tag)
    if (digest !== null) found.set(tag, digest)
  }
  await pMap(staying, checkTag, { concurrency })

  const moved = staying.filter(({ tag, digest }) => found.has(tag) && found.get(tag) !== digest)
  await crawl.resolve(moved.map(({ tag }) => tag))
  for (const [tag, entry] of await crawl.resolve(added)) {
    if (entry.state === 'resolved') found.set(tag, entry.digest)
  }
  await crawl.follow(new Set(found.values()), added.length > 0 ? 'again' : undefined)
  const entries = [...found].map(([tag, digest]): [Tag, TagEntry] => [
    tag,
    { state: 'resolved', digest, ages: [], locked: null },
  ])
  const graph = buildGraph({ ...inventory, tags: new Map(entries), manifests: crawl.manifests })
  const pinned = manifests.flatMap(({ digest, decision, reason }) =>
    decision === 'keep' && reason === 'protected' ? [digest] : [],
  )
  const roots = [...found.values(), ...pinned]
    .map((digest) => graph.nodes.get(digest))
    .filter((node) => node !== undefined)
  const needed = reach(graph, roots)
  const proven = new Set(found.values())
  const checkDigest = (digest: Digest) => look(digest, () => labelOf(digest, graph, needed, found))
  await pMap(toProve(graph, needed, proven), checkDigest, { concurrency })
  return broken
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
