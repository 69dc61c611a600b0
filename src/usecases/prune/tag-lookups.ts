import { WardenError } from '../../domain/errors.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Tag } from '../../domain/names/tag.ts'
import type { OnTags } from '../../domain/ports.ts'
import type { PruneReader, VendorListing } from '../../domain/prune/ports.ts'
import type { Crawl, Resolved } from './crawl.ts'

/** Where each tag of a repository leads. */
export interface TagLookups {
  readonly resolved: Map<Tag, Resolved>
  /** the registry knows no such repository */
  readonly isAbsent: boolean
}

/**
 * Lists the tags of a repository and looks each up, page by page: what proves the end of the list is asked
 * for meanwhile.
 * @param known what the vendor says that a tag names, where that is enough
 */
export async function lookUpTags(
  reader: Pick<PruneReader, 'tags'>,
  crawl: Crawl,
  known: (tag: Tag) => Digest | null = () => null,
): Promise<TagLookups> {
  const underWay: Promise<Map<Tag, Resolved>>[] = []
  const begun = new Set<Tag>()
  const stop = new AbortController()
  let isAbsent = false
  const begin = (tags: readonly Tag[]) => {
    const fresh = tags.filter((tag) => !begun.has(tag))
    for (const tag of fresh) begun.add(tag)
    const lookup = crawl.resolve(fresh, { signal: stop.signal, known })
    // met below; until then a failure is nobody's
    lookup.catch(() => undefined)
    underWay.push(lookup)
  }
  try {
    const onMissing = () => {
      isAbsent = true
    }
    begin(await listTags(reader, { onMissing, onTags: begin }))
    const resolved = new Map<Tag, Resolved>()
    for (const found of await Promise.all(underWay))
      for (const [tag, entry] of found) resolved.set(tag, entry)
    return { resolved, isAbsent: isAbsent && resolved.size === 0 }
  } catch (error) {
    stop.abort()
    throw error
  }
}

/**
 * A repository that was never pushed to, or emptied on some registries, is a 404: there is nothing to do.
 */
export async function listTags(
  reader: Pick<PruneReader, 'tags'>,
  options: { readonly onMissing?: () => void; readonly onTags?: OnTags } = {},
): Promise<readonly Tag[]> {
  try {
    return await reader.tags(options.onTags)
  } catch (error) {
    if (!(error instanceof WardenError && error.kind === 'not-found-repository')) throw error
    options.onMissing?.()
    return []
  }
}

/**
 * A tag that the registry lists and does not find: where the vendor says what it names, and that is there, it
 * names that.
 */
export async function resolveByVendor(
  resolved: Map<Tag, Resolved>,
  { tags }: VendorListing,
  crawl: Crawl,
): Promise<void> {
  const told = [...resolved].flatMap(([tag, { state }]) => {
    const digest = state === 'missing' ? tags.get(tag)?.digest : null
    return digest === undefined || digest === null ? [] : [{ tag, digest }]
  })
  await crawl.follow(
    told.map(({ digest }) => digest),
    'again',
  )
  for (const { tag, digest } of told) {
    if (crawl.manifests.get(digest)?.state === 'stored') resolved.set(tag, { state: 'resolved', digest })
  }
}
