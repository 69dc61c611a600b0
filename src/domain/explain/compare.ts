import { summedUp } from './contents.ts'
import type { LayerContents, LayerEntry } from './contents.ts'

/** What became of one path between two layers. */
export interface PathChange {
  /** from the root without a slash */
  readonly path: string
  /** `went`: with its bytes from a replaced layer, or by a whiteout, which takes no bytes from this layer */
  readonly change: 'added' | 'grew' | 'shrank' | 'went'
  /** bytes unpacked; negative when fewer */
  readonly difference: number
  /** compressed bytes, to the granularity of a read */
  readonly compressed: number
  /** set for a folder whose files were too many to be kept apart: how many it has */
  readonly files?: number
}

/**
 * How the files of a layer differ from those of the one it replaces. Folders and links have no bytes, and a
 * file of the same size is not a change of size. Without a layer before, everything was added. Where the files of
 * one of them are summed up by folder, so are those of the other.
 */
export function compareContents(before: LayerContents | null, after: LayerContents): PathChange[] {
  const depths = [before?.depth ?? null, after.depth].filter((depth) => depth !== null)
  const depth = depths.length === 0 ? null : Math.min(...depths)
  return changesOf(before === null ? null : atDepth(before, depth), atDepth(after, depth))
}

function atDepth(contents: LayerContents, depth: number | null): LayerContents {
  if (depth === null || contents.depth === depth) return contents
  const none: ReadonlySet<string> = new Set()
  const entries = summedUp(contents.entries, depth)
  return { entries, whiteouts: none, opaque: none, unpacked: contents.unpacked, depth }
}

function changesOf(before: LayerContents | null, after: LayerContents): PathChange[] {
  const changes: PathChange[] = []
  const olds = before?.entries ?? NONE
  for (const [path, entry] of after.entries) {
    const old = olds.get(path)
    if (isFile(entry)) {
      const change = isFile(old) ? changeOf(entry.size - old.size) : 'added'
      if (change !== null) changes.push(between(path, change, old, entry))
    } else if (isFile(old)) {
      changes.push(between(path, 'went', old, undefined))
    }
  }
  for (const [path, old] of olds) {
    if (isFile(old) && !after.entries.has(path)) changes.push(between(path, 'went', old, undefined))
  }
  for (const path of [...after.whiteouts, ...after.opaque]) {
    const isNew = before?.whiteouts.has(path) !== true && before?.opaque.has(path) !== true
    if (isNew && !olds.has(path)) changes.push({ path, change: 'went', difference: 0, compressed: 0 })
  }
  return changes
}

const NONE: ReadonlyMap<string, LayerEntry> = new Map()

function isFile(entry: LayerEntry | undefined): entry is LayerEntry {
  return entry?.kind === 'file'
}

function changeOf(difference: number): PathChange['change'] | null {
  if (difference === 0) return null
  return difference > 0 ? 'grew' : 'shrank'
}

function between(
  path: string,
  change: PathChange['change'],
  before: LayerEntry | undefined,
  after: LayerEntry | undefined,
): PathChange {
  const files = after?.files ?? before?.files
  return {
    ...(files === undefined ? {} : { files }),
    path,
    change,
    difference: (after?.size ?? 0) - (isFile(before) ? before.size : 0),
    compressed: Math.round((after?.compressed ?? 0) - (before?.compressed ?? 0)),
  }
}
