import type { Digest } from '../names/digest.ts'
import { formatPlatform } from '../names/platform.ts'
import type { Bytes } from '../quantities/bytes.ts'
import type { Timestamp } from '../quantities/timestamp.ts'
import type { MeasuredImage } from '../size/report.ts'

/** One line of `history-file`: what one platform image weighed at one commit. */
export interface SizeEntry {
  readonly at: Timestamp
  readonly commit: string
  readonly ref: string
  /** `host/path`; for an image that was never pushed the name of its file */
  readonly repository: string
  /** as `formatPlatform` writes it; null where none is known */
  readonly platform: string | null
  readonly size: Bytes
  readonly digest: Digest
}

/** The push that a run is for. */
export interface HistoryRun {
  readonly at: Timestamp
  readonly commit: string
  readonly ref: string
}

/** Runs beyond this leave the file, the oldest first. */
export const MOST_RUNS = 1_000

/** What a run adds: a line per image and platform. */
export function entriesOf(images: readonly MeasuredImage[], run: HistoryRun): SizeEntry[] {
  return images.flatMap(({ repository, name, platforms }) =>
    platforms.map(({ platform, size, digest }) => ({
      ...run,
      repository: repository ?? name,
      platform: platform === null ? null : formatPlatform(platform),
      size,
      digest,
    })),
  )
}

/**
 * The history with what a run adds. A run of a commit that is there already takes the place of what it
 * measured before, series by series (repository, platform, ref); what it did not measure stays.
 */
export function addRun(history: readonly SizeEntry[], added: readonly SizeEntry[]): SizeEntry[] {
  const replaced = new Set(added.map(keyOf))
  const place = history.findIndex((entry) => replaced.has(keyOf(entry)))
  const isKept = (entry: SizeEntry): boolean => !replaced.has(keyOf(entry))
  const merged =
    place === -1
      ? [...history, ...added]
      : [...history.slice(0, place), ...added, ...history.slice(place).filter(isKept)]
  return newestRuns(merged)
}

function keyOf({ repository, platform, ref, commit }: SizeEntry): string {
  return JSON.stringify([repository, platform, ref, commit])
}

function newestRuns(history: readonly SizeEntry[]): SizeEntry[] {
  const runs = new Set<string>()
  const kept: SizeEntry[] = []
  for (const entry of history.toReversed()) {
    runs.add(runOf(entry))
    if (runs.size > MOST_RUNS) break
    kept.push(entry)
  }
  return kept.reverse()
}

function runOf({ ref, commit }: SizeEntry): string {
  return `${ref} ${commit}`
}

/** One commit on the curve of a repository. */
export interface HistoryPoint {
  readonly commit: string
  /** the largest platform image */
  readonly size: number
}

/** How the largest platform image of a repository went along one ref, oldest first. */
export function curveOf(
  history: readonly SizeEntry[],
  repository: string,
  ref: string,
): readonly HistoryPoint[] {
  const sizes = new Map<string, number>()
  for (const entry of history) {
    if (entry.repository !== repository || entry.ref !== ref) continue
    sizes.set(entry.commit, Math.max(sizes.get(entry.commit) ?? 0, entry.size))
  }
  return Array.from(sizes, ([commit, size]) => ({ commit, size }))
}
