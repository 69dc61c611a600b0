import { shortDigest } from '../domain/names/digest.ts'
import { formatPlatform } from '../domain/names/platform.ts'
import { compareTags } from '../domain/names/tag-order.ts'
import type { Breach, MeasuredImage, PlatformImage, SizeReport } from '../domain/size/report.ts'
import { SEVERITIES } from './verdict.ts'

/** From this many tags on, a repository is a series: shown in the order of its names, with a chart. */
export const MANY_TAGS = 11

/** One platform image as a line of a table. */
export interface SizeRow {
  readonly image: MeasuredImage
  readonly platform: PlatformImage
  /** shortest name that is unambiguous among all rows */
  readonly name: string
  readonly breaches: readonly Breach[]
}

/** Platform images with the worst first; then the largest first, or the newest tag first where there are many. */
export function sizeRows(report: SizeReport): SizeRow[] {
  const breaches = Map.groupBy(report.breaches, (breach) =>
    keyOf(breach.image, breach.digest, breach.platform),
  )
  const repository = sharedRepository(report.images)
  const rows = report.images.flatMap((image) =>
    image.platforms.map((platform) => ({
      image,
      platform,
      name: shortName(image, repository),
      breaches: breaches.get(keyOf(image.name, platform.digest, platform.platform)) ?? [],
    })),
  )
  return rows.sort(isSeries(report.images) ? byVerdictAndTag : byVerdictAndSize)
}

/** Whether the images are many tags of one repository. */
export function isSeries(images: readonly MeasuredImage[]): boolean {
  return (
    images.length >= MANY_TAGS &&
    sharedRepository(images) !== null &&
    images.every((image) => image.tag !== null)
  )
}

/** The repository that all images are of, or null. */
export function sharedRepository(images: readonly MeasuredImage[]): string | null {
  const [first] = images
  if (first === undefined || first.repository === null) return null
  return images.every((image) => image.repository === first.repository) ? first.repository : null
}

function shortName(image: MeasuredImage, repository: string | null): string {
  if (repository === null) return image.name
  return image.tag ?? `@${shortDigest(image.digest)}`
}

function keyOf(image: string, digest: string, platform: PlatformImage['platform']): string {
  return JSON.stringify([image, digest, platform && formatPlatform(platform)])
}

function byVerdict(a: SizeRow, b: SizeRow): number {
  return SEVERITIES[a.platform.verdict] - SEVERITIES[b.platform.verdict]
}

function byVerdictAndSize(a: SizeRow, b: SizeRow): number {
  return byVerdict(a, b) || b.platform.size - a.platform.size
}

function byVerdictAndTag(a: SizeRow, b: SizeRow): number {
  return byVerdict(a, b) || compareTags(b.name, a.name) || b.platform.size - a.platform.size
}
