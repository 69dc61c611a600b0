import type { RemovedPlatform } from '../../domain/growth/growth.ts'
import { shortDigest } from '../../domain/names/digest.ts'
import { formatPlatform } from '../../domain/names/platform.ts'
import { sortTags } from '../../domain/names/tag-order.ts'
import type { Breach, JudgedImage, JudgedPlatform, SizeReport } from '../../domain/size/report.ts'
import { shortCommits } from '../markdown/words.ts'
import { commonFolder } from '../common-folder.ts'
import { SEVERITIES } from '../verdict.ts'

/** More tags than this are a series: shown in the order of their names, with a chart. */
const FEW_TAGS = 10

/** One platform image as a line of a table. */
export interface SizeRow {
  readonly kind: 'measured'
  readonly image: JudgedImage
  readonly platform: JudgedPlatform
  /** the shortest name that tells it from the other images; null when there is only one image */
  readonly name: string | null
  /** all names of the image, as short; empty when there is only one */
  readonly names: readonly string[]
  readonly breaches: readonly Breach[]
}

/** A platform image of the baseline that the image no longer has. */
export interface RemovedRow extends Pick<SizeRow, 'image' | 'name' | 'names'> {
  readonly kind: 'removed'
  readonly removed: RemovedPlatform
}

export type TableRow = SizeRow | RemovedRow

/**
 * Platform images with the worst first; then what changed most, then the largest, or the newest tag in a
 * series.
 */
export function sizeRows(report: SizeReport, names: ReadonlyMap<string, string>): SizeRow[] {
  const breaches = Map.groupBy(report.breaches, (breach) => keyOf(breach.image, breach))
  const rows = report.images.flatMap((image) =>
    image.platforms.map((platform) => ({
      kind: 'measured' as const,
      image,
      platform,
      ...namesOf(image, report.images.length, names),
      breaches: image.names.flatMap(({ name }) => breaches.get(keyOf(name, platform)) ?? []),
    })),
  )
  const rank = isSeries(report.images) ? newestFirst(report.images) : new Map<string, number>()
  const rankOf = (row: SizeRow): number => rank.get(row.image.tag ?? '') ?? 0
  return rows.sort(
    (a, b) =>
      SEVERITIES[a.platform.verdict] - SEVERITIES[b.platform.verdict] ||
      compareGrowth(a.platform, b.platform) ||
      rankOf(a) - rankOf(b) ||
      b.platform.judgedSize - a.platform.judgedSize,
  )
}

const STATES = { changed: 0, unknown: 1, new: 2, unchanged: 3 } as const

function compareGrowth({ growth: a }: JudgedPlatform, { growth: b }: JudgedPlatform): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  if (a.state !== 'changed' || b.state !== 'changed') return STATES[a.state] - STATES[b.state]
  return Math.abs(b.difference) - Math.abs(a.difference)
}

/** The row whose details a reader wants first: rows begin with the worst. Null where none fails. */
export function firstFailing(rows: readonly SizeRow[]): SizeRow | null {
  const [first] = rows
  return first?.platform.verdict === 'fail' ? first : null
}

/** What the baselines have and the images no longer have. */
export function removedRows({ images }: SizeReport, names: ReadonlyMap<string, string>): RemovedRow[] {
  return images.flatMap((image) =>
    image.baseline?.state !== 'found'
      ? []
      : image.baseline.removed.map((removed) => ({
          kind: 'removed' as const,
          image,
          ...namesOf(image, images.length, names),
          removed,
        })),
  )
}

/** What a table shows: what has news, what is gone, then what is as it was. */
export function tableRows(rows: readonly SizeRow[], removed: readonly RemovedRow[]): TableRow[] {
  const quiet = rows.filter(isQuiet)
  return [...rows.filter((row) => !isQuiet(row)), ...removed, ...quiet]
}

/** Whether any row has something to say about a baseline. */
export function isCompared(rows: readonly TableRow[]): boolean {
  return rows.some((row) => row.kind === 'removed' || row.platform.growth !== null)
}

/** Whether a row is as it was and within its limits, so that nobody has to see it. */
export function isQuiet(row: TableRow): boolean {
  return (
    row.kind === 'measured' &&
    row.platform.growth?.state === 'unchanged' &&
    row.platform.verdict === 'pass' &&
    row.breaches.length === 0
  )
}

function namesOf(
  image: JudgedImage,
  images: number,
  names: ReadonlyMap<string, string>,
): Pick<SizeRow, 'name' | 'names'> {
  return {
    name: images > 1 ? (names.get(image.name) ?? null) : null,
    names: image.names.flatMap(({ name }) => names.get(name) ?? []),
  }
}

/**
 * What tells the names of images apart, by the full names: the part behind what all share; nothing for a
 * single name.
 */
export function shortNames(images: readonly JudgedImage[]): ReadonlyMap<string, string> {
  const named = images.flatMap((image) => image.names.map((name) => ({ ...name, digest: image.digest })))
  if (named.length < 2) return new Map()
  if (sharedRepository(images) !== null) {
    return new Map(named.map(({ name, tag, digest }) => [name, tag ?? `@${shortDigest(digest)}…`]))
  }
  const cut = folderOf(images).length
  return new Map(named.map(({ name }) => [name, shortCommits(name.slice(cut))]))
}

/** The host and folders that all images are in. */
export function folderOf(images: readonly JudgedImage[]): string {
  return commonFolder(images.map(({ repository }) => repository ?? ''))
}

/** Whether the images are many tags of one repository. */
export function isSeries(images: readonly JudgedImage[]): boolean {
  return (
    images.length > FEW_TAGS &&
    sharedRepository(images) !== null &&
    images.every((image) => image.tag !== null)
  )
}

/** The repository that all images are of, or null. */
export function sharedRepository(images: readonly JudgedImage[]): string | null {
  const repository = images[0]?.repository ?? null
  return images.every((image) => image.repository === repository) ? repository : null
}

function newestFirst(images: readonly JudgedImage[]): Map<string, number> {
  const tags = sortTags(images.map((image) => image.tag ?? ''))
  return new Map(tags.map((tag, position) => [tag, -position]))
}

function keyOf(image: string, { digest, platform }: Pick<JudgedPlatform, 'digest' | 'platform'>): string {
  return JSON.stringify([image, digest, platform && formatPlatform(platform)])
}
