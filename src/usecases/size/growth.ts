import { WardenError } from '../../domain/errors.ts'
import { placeholdersIn } from '../../domain/growth/baseline.ts'
import { compareWith, withoutBaseline } from '../../domain/growth/compare.ts'
import type { ComparisonRules } from '../../domain/growth/compare.ts'
import type { ResolvedManifest } from '../../domain/manifest/manifest.ts'
import type { MeasuredImage } from '../../domain/size/report.ts'
import type { PlatformSelection } from '../../domain/size/selection.ts'
import type { Attempts } from './attempts.ts'
import type { FindBaseline, FoundEntry } from './baseline.ts'
import type { DetailedImage, ReadDetails } from './image-details.ts'
import { readTreeBelow } from './image-tree.ts'
import type { ImageTree } from './image-tree.ts'
import type { ImageTarget } from './targets.ts'

/**
 * The baseline of one image: what it was found to be, with its manifests, or the reason why there is none.
 */
export type BaselineReading<Read> =
  | {
      readonly state: 'found'
      readonly found: FoundBaselineEntry
      readonly read: Read
      readonly incomplete: string | null
    }
  | Exclude<FoundEntry, FoundBaselineEntry>

type FoundBaselineEntry = FoundEntry & { readonly state: 'found' }

/** `same`: the baseline is the image itself, by digest; nothing more is read then. */
export type BaselineTree = BaselineReading<ImageTree | 'same'>
export type DetailedBaseline = BaselineReading<DetailedImage | 'same'>

/** Finds the baseline of an image and reads its manifests, while the image's own are read. */
export function createBaselineTrees(find: FindBaseline, platforms: PlatformSelection) {
  const trees = new Map<ResolvedManifest, Promise<ImageTree>>()
  return async (image: ImageTarget, imageTop: Promise<ResolvedManifest>): Promise<BaselineTree> => {
    const found = await find(image)
    if (found.state !== 'found') return found
    const { top, reader, name } = found
    if ((await imageTop).digest === top.digest)
      return { state: 'found', found, read: 'same', incomplete: null }
    try {
      const reading = trees.get(top) ?? readTreeBelow(reader, top, platforms)
      trees.set(top, reading)
      const read = await reading
      const holes = read.missing[0] ?? (read.leaves.length === 0 ? read.notices[0] : undefined)
      const incomplete = holes === undefined ? null : `the baseline ${name} is not complete: ${holes}`
      return { state: 'found', found, read, incomplete }
    } catch (error) {
      return unread(found, error)
    }
  }
}

/** Reads what the baseline's manifests leave open, as for an image. */
export async function detailBaseline(
  baseline: BaselineTree,
  readDetails: ReadDetails,
): Promise<DetailedBaseline> {
  if (baseline.state !== 'found') return baseline
  const { found, read, incomplete } = baseline
  if (read === 'same') return { state: 'found', found, read, incomplete }
  const { name, repository, reader, manifest } = found
  const target: ImageTarget = { name, repository, reader, manifest, tag: null, listed: false }
  try {
    return { state: 'found', found, read: await readDetails({ target, tree: read }), incomplete }
  } catch (error) {
    return unread(found, error)
  }
}

function unread(
  { name, skipped }: FoundBaselineEntry,
  error: unknown,
): Exclude<FoundEntry, FoundBaselineEntry> {
  if (!(error instanceof WardenError)) throw error
  return { state: 'unread', name, error, skipped }
}

/** Says how an image grew since its baseline; `measure` is asked for the baseline's sizes. */
export async function growSince(
  image: MeasuredImage,
  baseline: DetailedBaseline,
  rules: ComparisonRules,
  measure: (read: DetailedImage) => Promise<MeasuredImage>,
  attempts: Attempts,
): Promise<MeasuredImage> {
  const skipped = baseline.state === 'found' ? baseline.found.skipped : baseline.skipped
  for (const { entry, cause, reason } of skipped) {
    if (cause === 'pointless') attempts.notice(`baseline ${entry} is passed over: ${reason}`)
  }
  if (baseline.state === 'unread') {
    const { name, error } = baseline
    const why = attempts.ranOut(error) ? 'max-duration passed' : error.line
    const reason = `the baseline ${name} could not be read: ${why}`
    return withoutBaseline(image, { state: 'unread', name, reason, skipped })
  }
  if (baseline.state === 'missing') return withoutBaseline(image, { state: 'missing', skipped })
  const { found, read, incomplete } = baseline
  if (image.names.some(({ name }) => name === found.name))
    attempts.notice(`the baseline ${found.name} is the image itself, so nothing can have grown`)
  const how = { name: found.name, entry: found.entry.text, placeholders: placeholdersIn(found.entry) }
  const old = read === 'same' ? image : await measure(read)
  return compareWith(image, { ...how, skipped, image: old, incomplete }, rules)
}
