import { WardenError } from '../../domain/errors.ts'
import {
  entriesWithin,
  fillTag,
  forgottenColon,
  imagesOf,
  nameOf,
  placeholdersIn,
} from '../../domain/growth/baseline.ts'
import type { BaselineEntry, BaselineSeeker } from '../../domain/growth/baseline.ts'
import type { Placeholder, SkippedEntry } from '../../domain/growth/growth.ts'
import type { PullRequestFacts } from '../../domain/growth/pull-request-facts.ts'
import type { ResolvedManifest } from '../../domain/manifest/manifest.ts'
import type { Digest } from '../../domain/names/digest.ts'
import { formatImageSource } from '../../domain/names/image-source.ts'
import type { ImageSource } from '../../domain/names/image-source.ts'
import { formatRepository } from '../../domain/names/reference.ts'
import { nearestTags } from '../../domain/names/tag-order.ts'
import { isTag, tagList } from '../../domain/names/tag.ts'
import type { Tag } from '../../domain/names/tag.ts'
import type { ImageReader, Log, OpenRepository } from '../../domain/ports.ts'
import { firstTags } from './targets.ts'
import type { ImageTarget } from './targets.ts'

/** Opens an image that was never pushed; `not-found` when there is none. */
export type OpenLocal = (
  source: ImageSource,
) => Promise<{ readonly reader: ImageReader; readonly top: Digest; readonly path: string }>

export interface BaselineSources {
  readonly open: OpenRepository
  readonly openLocal: OpenLocal
  readonly facts: PullRequestFacts
}

/**
 * Leaves out the entries that this event has nothing for: no image is new because a push is not a pull
 * request.
 */
export function forThisRun<T extends BaselineSources & { readonly baseline: readonly BaselineEntry[] }>(
  growth: T,
  log: Log,
  aside: (text: string) => void,
): T {
  const baseline = entriesWithin(growth.baseline, growth.facts)
  const left = growth.baseline.filter((entry) => !baseline.includes(entry)).map(({ text }) => text)
  if (left.length === 0) return growth
  const why = `this run is not for a pull request or a merge group, which {merge-base} and {base-sha} come from`
  log.debug(`baseline: ${left.join(', ')} left out: ${why}`)
  if (baseline.length === 0) aside(`growth is not judged: ${why}`)
  return { ...growth, baseline }
}

/** Where the search for the baseline of one image ended. */
export type FoundEntry =
  | (Located & {
      readonly state: 'found'
      readonly top: ResolvedManifest
      readonly skipped: readonly SkippedEntry[]
    })
  | { readonly state: 'missing'; readonly skipped: readonly SkippedEntry[] }
  | {
      readonly state: 'unread'
      readonly name: string
      readonly error: WardenError
      readonly skipped: readonly SkippedEntry[]
    }

/** An entry with its placeholders filled in: an image that may or may not exist. */
interface Located {
  readonly entry: BaselineEntry
  readonly name: string
  readonly repository: string | null
  readonly reader: ImageReader
  readonly manifest: Tag | Digest
}

export type FindBaseline = (image: ImageTarget) => Promise<FoundEntry>

/**
 * Looks for baselines: of each chain the first entry that exists. What does not exist (tag or repository) is
 * passed over; what cannot be read is not missing, and ends the search. Each manifest and each fact is asked
 * for once, over all images, and only when an entry's turn comes.
 * @throws WardenError of kind `input` when an entry cannot be told to belong to one of several images
 */
export function createBaselineSearch(
  chain: readonly BaselineEntry[],
  images: readonly BaselineSeeker[],
  sources: BaselineSources,
): FindBaseline {
  const belongs = new Map(chain.map((entry) => [entry, new Set(imagesOf(entry, images))]))
  const locate = createLocator(sources)
  const readTop = createTopReader()
  const tagsBeside = createNeighbours()

  return async (image) => {
    const skipped: SkippedEntry[] = []
    const written = new Map<string, Tag>()
    for (const entry of chain) {
      if (belongs.get(entry)?.has(image) !== true) continue
      let name = entry.text
      let tag: Tag | null = null
      try {
        const located = await locate(entry, image)
        if (typeof located === 'string') {
          skipped.push({ entry: entry.text, cause: 'pointless', reason: located })
          continue
        }
        name = located.name
        tag = writtenTag(image, located)
        return { state: 'found', ...located, top: await readTop(located), skipped }
      } catch (error) {
        if (!(error instanceof WardenError) || error.kind === 'input') throw error
        const hint = colonHint(entry, image)
        if (!isMissing(error)) return { state: 'unread', name, error: withHint(error, hint), skipped }
        const reason = `${name} does not exist${hint === null ? '' : `; ${hint}`}`
        skipped.push({ entry: entry.text, cause: 'absent', reason })
        if (tag !== null) written.set(reason, tag)
      }
    }
    const told = skipped.map(async ({ entry, cause, reason }): Promise<SkippedEntry> => {
      const tag = written.get(reason)
      const near = tag === undefined ? [] : nearestTags(tag, await tagsBeside(image))
      const hint = near.length === 0 ? '' : ` (did you mean ${tagList(near)}?)`
      return { entry, cause, reason: `${reason}${hint}` }
    })
    return { state: 'missing', skipped: await Promise.all(told) }
  }
}

/** A tag of the image's own repository that somebody wrote, and may have misspelt: no placeholder is in it. */
function writtenTag({ repository }: BaselineSeeker, located: Located): Tag | null {
  const { entry, manifest } = located
  const isWritten = entry.kind !== 'local' && placeholdersIn(entry).length === 0
  return isWritten && located.repository === repository && isTag(manifest) ? manifest : null
}

/** The other tags of an image's repository, as far as its first page lists them: asked for once, for hints only. */
function createNeighbours(): (image: ImageTarget) => Promise<readonly Tag[]> {
  const asked = new Map<ImageReader, Promise<readonly Tag[]>>()
  return async ({ reader, tag }) => {
    const answer =
      asked.get(reader) ??
      firstTags(reader).catch((error: unknown) => {
        if (error instanceof WardenError) return []
        throw error
      })
    asked.set(reader, answer)
    return (await answer).filter((other) => other !== tag)
  }
}

/** `main` is a repository of that name, and hardly ever meant as one. */
function colonHint(entry: BaselineEntry, image: BaselineSeeker): string | null {
  const tag = forgottenColon(entry, image)
  return tag === null ? null : `did you mean ${tag}, a tag of the same repository?`
}

function withHint(error: WardenError, hint: string | null): WardenError {
  if (hint === null) return error
  const { kind, message, exchange } = error
  const advice = `${hint.charAt(0).toUpperCase()}${hint.slice(1)}`
  return new WardenError(kind, message, { advice, exchange, cause: error })
}

/** The one way in which an image is known not to exist. */
function isMissing({ kind }: WardenError): boolean {
  return kind === 'not-found' || kind === 'not-found-repository'
}

type Locate = (entry: BaselineEntry, image: ImageTarget) => Promise<Located | string>

/** Says where an entry points to, or why it cannot point anywhere. */
function createLocator({ open, openLocal, facts }: BaselineSources): Locate {
  const factOf = createFactReader(facts)
  return async (entry, image) => {
    if (entry.kind === 'local') {
      const { reader, top } = await openLocal(entry.source)
      const name = formatImageSource(entry.source)
      return { entry, name, repository: null, reader, manifest: top }
    }
    const values = new Map<Placeholder, string>()
    for (const placeholder of placeholdersIn(entry)) {
      const value = await factOf(placeholder)
      if (value === null || value === '') return `this run has no {${placeholder}}`
      values.set(placeholder, value)
    }
    const tag = entry.tag === null ? null : fillTag(entry.tag, values)
    if (entry.kind === 'reference') {
      const manifest = entry.digest ?? tag
      if (manifest === null) return NO_TAG
      const repository = formatRepository(entry.repository)
      const reader = repository === image.repository ? image.reader : open(entry.repository)
      return { entry, name: nameOf(entry.repository, manifest), repository, reader, manifest }
    }
    if (tag === null) return NO_TAG
    const { repository, reader } = image
    if (repository === null) return `${image.name} is in no repository that could have the tag`
    return { entry, name: `${repository}:${tag}`, repository, reader, manifest: tag }
  }
}

const NO_TAG = 'what the placeholders stand for makes no tag'

function createFactReader({ mergeBase, baseSha, baseRef }: PullRequestFacts) {
  let asked: Promise<string | null> | null = null
  return async (placeholder: Placeholder): Promise<string | null> => {
    if (placeholder === 'base-sha') return baseSha
    if (placeholder === 'base-ref') return baseRef
    asked ??= mergeBase?.() ?? Promise.resolve(null)
    return asked
  }
}

/** Many tags of a repository have one baseline: it is asked for once. */
function createTopReader(): (located: Located) => Promise<ResolvedManifest> {
  const answers = new Map<ImageReader, Map<string, Promise<ResolvedManifest>>>()
  return async ({ reader, manifest }) => {
    const ofReader = answers.get(reader) ?? new Map<string, Promise<ResolvedManifest>>()
    answers.set(reader, ofReader)
    const answer = ofReader.get(manifest) ?? reader.manifest(manifest)
    ofReader.set(manifest, answer)
    return answer
  }
}
