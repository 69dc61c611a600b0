import { shortDigest } from '../domain/names/digest.ts'
import { formatPlatform } from '../domain/names/platform.ts'
import { sortTags } from '../domain/names/tag-order.ts'
import type { Breach, MeasuredImage, PlatformImage, SizeReport } from '../domain/size/report.ts'
import { SEVERITIES } from './verdict.ts'

/** More tags than this are a series: shown in the order of their names, with a chart. */
const FEW_TAGS = 10

/** One platform image as a line of a table. */
export interface SizeRow {
  readonly image: MeasuredImage
  readonly platform: PlatformImage
  /** the shortest name that tells it from the other images; null when there is only one image */
  readonly name: string | null
  readonly breaches: readonly Breach[]
}

/** Platform images with the worst first; then the largest first, or the newest tag first in a series. */
export function sizeRows(report: SizeReport): SizeRow[] {
  const breaches = Map.groupBy(report.breaches, (breach) => keyOf(breach.image, breach))
  const names = shortNames(report.images)
  const rows = report.images.flatMap((image) =>
    image.platforms.map((platform) => ({
      image,
      platform,
      name: names.get(image.name) ?? null,
      breaches: breaches.get(keyOf(image.name, platform)) ?? [],
    })),
  )
  const rank = isSeries(report.images) ? newestFirst(report.images) : new Map<string, number>()
  const rankOf = (row: SizeRow): number => rank.get(row.image.tag ?? '') ?? 0
  return rows.sort(
    (a, b) =>
      SEVERITIES[a.platform.verdict] - SEVERITIES[b.platform.verdict] ||
      rankOf(a) - rankOf(b) ||
      b.platform.size - a.platform.size,
  )
}

/** What tells the images apart, by their full names: the part behind what all share; nothing for a single image. */
export function shortNames(images: readonly MeasuredImage[]): ReadonlyMap<string, string> {
  if (images.length < 2) return new Map()
  if (sharedRepository(images) !== null) {
    return new Map(images.map((image) => [image.name, image.tag ?? `@${shortDigest(image.digest)}`]))
  }
  const cut = sharedFolder(images).length
  return new Map(images.map((image) => [image.name, image.name.slice(cut)]))
}

/** The host and folders that all repositories are in, up to the last slash: `ghcr.io/acme/`; empty if there are none. */
export function sharedFolder(images: readonly MeasuredImage[]): string {
  const [first, ...others] = images.map((image) => image.repository ?? '')
  const folders = (first ?? '').split('/').slice(0, -1)
  const differs = folders.findIndex((_, depth) => {
    const folder = `${folders.slice(0, depth + 1).join('/')}/`
    return others.some((repository) => !repository.startsWith(folder))
  })
  const shared = differs === -1 ? folders : folders.slice(0, differs)
  return shared.length === 0 ? '' : `${shared.join('/')}/`
}

/** Whether the images are many tags of one repository. */
export function isSeries(images: readonly MeasuredImage[]): boolean {
  return (
    images.length > FEW_TAGS &&
    sharedRepository(images) !== null &&
    images.every((image) => image.tag !== null)
  )
}

/** The repository that all images are of, or null. */
export function sharedRepository(images: readonly MeasuredImage[]): string | null {
  const repository = images[0]?.repository ?? null
  return images.every((image) => image.repository === repository) ? repository : null
}

function newestFirst(images: readonly MeasuredImage[]): Map<string, number> {
  const tags = sortTags(images.map((image) => image.tag ?? ''))
  return new Map(tags.map((tag, position) => [tag, -position]))
}

function keyOf(image: string, { digest, platform }: Pick<PlatformImage, 'digest' | 'platform'>): string {
  return JSON.stringify([image, digest, platform && formatPlatform(platform)])
}
