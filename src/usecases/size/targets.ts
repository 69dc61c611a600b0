import pMap from 'p-map'
import { WardenError } from '../../domain/errors.ts'
import type { ResolvedManifest } from '../../domain/manifest/manifest.ts'
import type { Digest } from '../../domain/names/digest.ts'
import { nearestTags } from '../../domain/names/tag-order.ts'
import { tagList } from '../../domain/names/tag.ts'
import type { Tag } from '../../domain/names/tag.ts'
import type { ImageReader, OnTags } from '../../domain/ports.ts'
import { selectTags } from '../../domain/size/selection.ts'
import type { TagFilter } from '../../domain/size/selection.ts'

/** One entry of `image`: a single manifest, or the tags of a repository. */
export type ImageSelection = OneImage | ManyTags

/** An image that the user named; it is an error where it is not there. */
export interface OneImage {
  readonly kind: 'one'
  /** as people write it: `ghcr.io/acme/api:v1` */
  readonly name: string
  /** host and path; null for an image that is not in a registry */
  readonly repository: string | null
  /** the folder or file of an image that is not in a registry */
  readonly store?: string
  readonly tag: Tag | null
  /** the reference has neither tag nor digest, so `latest` was not asked for by name */
  readonly isImplied?: boolean
  /** what is asked for: the digest when the reference has one, else the tag */
  readonly manifest: Tag | Digest
  readonly reader: ImageReader
}

/** The tags of a repository that a filter takes, listed when the run begins. */
export interface ManyTags {
  readonly kind: 'many'
  readonly repository: string
  readonly tags: TagFilter
  readonly reader: ImageReader
  /** a catalog names it, not the user: it may lack the tags, and what is wrong with it stops no other */
  readonly isFound?: boolean
}

/** One image to measure. */
export interface ImageTarget extends Omit<OneImage, 'kind'> {
  /** found by listing tags: it may be deleted before it is read, which is not an error of the user's */
  readonly listed: boolean
  /** its manifest, asked for while the list of tags was still being read */
  readonly begun?: Promise<ResolvedManifest> | null
}

/**
 * Expands tag selections; the tags of several repositories are listed at the same time, and the manifests of
 * the first pages are asked for meanwhile, so many at once: the request that proves the end of a list takes
 * no time.
 * @param lost is told of a repository of a catalog that cannot be listed, and throws where that meets all
 */
export async function selectTargets(
  selections: readonly ImageSelection[],
  concurrency: number,
  lost: (repository: string, error: WardenError) => void = (_, error) => {
    throw error
  },
): Promise<ImageTarget[]> {
  const expanded = await Promise.all(
    selections.map(async (selection): Promise<ImageTarget[]> => {
      if (selection.kind === 'one') return [{ ...selection, listed: false }]
      const { repository, reader } = selection
      const early = createEarlyReads(selection, concurrency)
      const list =
        selection.isFound === true
          ? listFound(selection, early.begin, lost)
          : listSelected(selection, early.begin)
      const tags = await list.finally(early.end)
      return tags.map((tag) => {
        const name = `${repository}:${tag}`
        const begun = early.reads.get(tag) ?? null
        return { name, repository, tag, manifest: tag, reader, listed: true, begun }
      })
    }),
  )
  return expanded.flat()
}

async function listFound(
  { repository, reader, tags }: ManyTags,
  onTags: OnTags,
  lost: (repository: string, error: WardenError) => void,
): Promise<Tag[]> {
  try {
    return selectTags(await reader.tags(onTags), tags)
  } catch (error) {
    if (!(error instanceof WardenError)) throw error
    // registries forget an emptied repository, and go on naming it in their catalog
    if (error.kind !== 'not-found-repository') lost(repository, error)
    return []
  }
}

/** Reads manifests from when `begin` is told their tags until `end`; the rest is read later. */
function createEarlyReads({ reader, tags }: ManyTags, concurrency: number) {
  const reads = new Map<Tag, Promise<ResolvedManifest>>()
  let isOver = false
  const read = async (tag: Tag): Promise<void> => {
    if (isOver) return
    const begun = reader.manifest(tag)
    reads.set(tag, begun)
    // whoever measures it meets the failure
    await begun.catch(() => undefined)
  }
  return {
    reads,
    begin: (page: readonly Tag[]): void => void pMap(selectTags(page, tags), read, { concurrency }),
    end: () => {
      isOver = true
    },
  }
}

async function listSelected({ repository, reader, tags }: ManyTags, onTags: OnTags): Promise<Tag[]> {
  const listed = await reader.tags(onTags)
  const selected = selectTags(listed, tags)
  if (selected.length > 0) return selected
  if (listed.length === 0) throw new WardenError('not-found', `${repository} has no tags`)
  throw new WardenError('input', `no tag of ${repository} is selected by tags and exclude-tags`, {
    advice: tell(listed),
  })
}

const MOST_TOLD = 3

/** What tags there are, for an error. */
function tell(tags: readonly Tag[]): string {
  const told = tags.slice(0, MOST_TOLD).join(', ')
  if (tags.length === 0) return 'The repository has no tags'
  if (tags.length === 1) return `The only tag of the repository is ${told}`
  if (tags.length <= MOST_TOLD) return `The tags of the repository are ${told}`
  return `The repository has ${tags.length} tags, among them ${told}`
}

/** What a list of tags begins with, for a hint: the whole of it may take hundreds of requests. */
export async function firstTags({ tags }: ImageReader): Promise<readonly Tag[]> {
  const enough = new Error('the first page is enough')
  let first: readonly Tag[] = []
  try {
    return await tags((page) => {
      first = page
      throw enough
    })
  } catch (error) {
    if (error !== enough) throw error
    return first
  }
}

/**
 * The error of a tag that does not exist, with the names the user may have meant, or with the news that there
 * is no such repository; the registry is asked once more.
 */
export async function suggestTags(target: ImageTarget, error: WardenError): Promise<WardenError> {
  if (target.tag === null || target.listed || error.kind !== 'not-found') return error
  const found = await adviceOn(target, target.tag)
  const implied = target.isImplied === true ? 'A reference without a tag means latest' : null
  const advice = [implied, found].filter((part) => part !== null).join('. ')
  if (advice === '') return error
  return new WardenError('not-found', error.message, { advice, exchange: error.exchange, cause: error })
}

/** Null without a list of tags: then nothing can be said about them, least of all that there are none. */
async function adviceOn({ reader, repository, name }: ImageTarget, wanted: Tag): Promise<string | null> {
  try {
    const tags = await reader.tags()
    // the manifest, its config or a platform image is gone; to ask for the very same tag again would not help
    if (tags.includes(wanted))
      return `${wanted} is listed, but the registry does not have all of it: push the image again`
    const near = nearestTags(wanted, tags, MOST_TOLD)
    return near.length > 0 ? `Did you mean ${tagList(near)}?` : tell(tags)
  } catch (error) {
    if (!(error instanceof WardenError) || error.kind !== 'not-found-repository') return null
    return `There is no repository ${repository ?? name}. ${error.advice ?? 'Check its path'}`
  }
}
