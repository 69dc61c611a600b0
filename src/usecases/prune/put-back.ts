import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import type { PruneTarget } from '../../domain/prune/ports.ts'
import { createRestorer } from '../undo/restore.ts'
import type { KnownManifest } from '../undo/restore.ts'
import type { PruneDeps } from './deps.ts'
import type { RepositoryReading } from './read-inventory.ts'

/** Something that was to stay and is not there any more, by the name that people know. */
export interface Loss {
  readonly name: string
  readonly digest: Digest
  /** null: the manifest itself */
  readonly tag: Tag | null
}

/** What became of a loss, as a line that says it. */
export interface Returned {
  readonly line: string
  readonly isThere: boolean
}

/** The same as `returnEach`, as lines. */
export async function putBack(...given: Parameters<typeof returnEach>): Promise<string[]> {
  return (await returnEach(...given)).map(({ line }) => line)
}

/**
 * Puts back what this run took away from something that stays, from the bytes that it read before.
 */
export async function returnEach(
  { reader, vendor }: Pick<PruneTarget, 'reader' | 'vendor'>,
  { crawl, inventory }: Pick<RepositoryReading, 'crawl' | 'inventory'>,
  losses: readonly Loss[],
  { sleep }: Pick<PruneDeps, 'sleep'>,
): Promise<Returned[]> {
  const find = (digest: Digest): KnownManifest | null => {
    const entry = crawl.manifests.get(digest)
    if (entry?.state !== 'stored') return null
    const needs = entry.subject === null ? entry.children : [...entry.children, entry.subject]
    const id = vendor.versionOf?.(digest) ?? null
    return {
      stored: () => reader.stored(digest),
      needs,
      blobs: entry.blobs.map((blob) => blob.digest),
      ...(id === null ? {} : { version: { id, tags: tagsOf(digest) } }),
    }
  }
  const tagsOf = (digest: Digest) =>
    [...inventory.tags].flatMap(([tag, entry]) =>
      entry.state === 'resolved' && entry.digest === digest ? [tag] : [],
    )
  const restorer = createRestorer({ reader, vendor }, find, sleep)
  const returned: Returned[] = []
  const tags = losses.flatMap(({ tag }) => (tag === null ? [] : [tag]))
  if (tags.length > 0) await restorer.proveAbsence(tags)
  // manifests before tags, so that a tag never names something incomplete
  for (const loss of losses.toSorted((a, b) => Number(a.tag !== null) - Number(b.tag !== null))) {
    const { status, note } = await (loss.tag === null
      ? restorer.manifest(loss.digest)
      : restorer.tag(loss.tag, loss.digest))
    const line = `${loss.name} does not resolve any more: ${AFTERWARDS[status]}${note === null ? '' : ` (${note})`}`
    returned.push({ line, isThere: status === 'restored' || status === 'present' })
  }
  return returned
}

const AFTERWARDS = {
  restored: 'it was put back',
  present: 'it is there again',
  moved: 'it was not put back',
  failed: 'it could not be put back',
} as const
