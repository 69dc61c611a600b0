import type { PathChange } from './compare.ts'

/** A file, or a folder with all that changed below it. */
export interface FoldedChange {
  /** from the root without a slash */
  readonly path: string
  readonly isFolder: boolean
  /** `changed`: a folder of which parts came and parts went */
  readonly change: PathChange['change'] | 'changed'
  /** how many paths changed */
  readonly files: number
  /** bytes unpacked; negative when fewer */
  readonly difference: number
  readonly compressed: number
}

/** The changes that matter most, and what the others come to. */
export interface FoldedChanges {
  /** largest first */
  readonly shown: readonly FoldedChange[]
  readonly rest: { readonly files: number; readonly difference: number }
}

/** A folder holds what explains it when so much of it changed there; the rest is told beside it. */
const DOMINANT = 0.95

/**
 * Folders of the Filesystem Hierarchy Standard (and of Windows layers) that hold what unrelated packages
 * bring: that something below `/usr/share` grew explains nothing.
 */
const CONTAINERS = new Set([
  '',
  'etc',
  'home',
  'lib',
  'opt',
  'srv',
  'usr',
  'usr/lib',
  'usr/lib64',
  'usr/local',
  'usr/local/lib',
  'usr/local/share',
  'usr/share',
  'var',
  'var/cache',
  'var/lib',
  'Files',
  'Files/Program Files',
  'Files/ProgramData',
])

/**
 * Folds changes into the folders that explain them, at most `most` of them, largest first. Each change is in
 * exactly one line: a folder that only holds one that explains all of it gives way to that one, and so do
 * folders that say nothing.
 */
export function foldChanges(changes: readonly PathChange[], most: number): FoldedChanges {
  const lines = linesOf(new Changes(changes)).toSorted(byDifference)
  const rest = lines.slice(most)
  return {
    shown: lines.slice(0, most),
    rest: {
      files: rest.reduce((sum, { files }) => sum + files, 0),
      difference: rest.reduce((sum, { difference }) => sum + difference, 0),
    },
  }
}

function byDifference(a: FoldedChange, b: FoldedChange): number {
  const largest = Math.abs(b.difference) - Math.abs(a.difference) || b.files - a.files
  return largest || (a.path < b.path ? -1 : 1)
}

/** Changes in the order of their paths, in which those below a folder stand together. */
class Changes {
  readonly sorted: readonly PathChange[]
  // sums of all before a position: of a folder they are two look-ups, and no folder is an object of its own
  readonly #weights: Float64Array
  readonly #differences: Float64Array
  readonly #compressed: Float64Array
  readonly #files: Float64Array

  constructor(changes: readonly PathChange[]) {
    this.sorted = changes
      .map(inItsFolder)
      .toSorted((a, b) => (a.path < b.path ? -1 : Number(a.path > b.path)))
    this.#weights = this.#sums(({ difference }) => Math.abs(difference))
    this.#differences = this.#sums(({ difference }) => difference)
    this.#compressed = this.#sums(({ compressed }) => compressed)
    this.#files = this.#sums(({ files = 1 }) => files)
  }

  /** of many files that are not told apart */
  isSum(position: number): boolean {
    return this.sorted[position]?.files !== undefined
  }

  pathAt(position: number): string {
    return this.sorted[position]?.path ?? ''
  }

  /** bytes that came and bytes that went, added up */
  weightOf({ from, to }: Range): number {
    return between(this.#weights, from, to)
  }

  /** What becomes of a range: a file, or a folder with all that changed below it. */
  lineOf({ from, to }: Range, path: string, isFolder: boolean): FoldedChange {
    const first = this.sorted[from]?.change ?? 'changed'
    let isOne = true
    for (let at = from + 1; at < to && isOne; at += 1) isOne = this.sorted[at]?.change === first
    return {
      path,
      isFolder,
      change: isOne ? first : 'changed',
      files: between(this.#files, from, to),
      difference: between(this.#differences, from, to),
      compressed: between(this.#compressed, from, to),
    }
  }

  /** Whether the path itself changed. It need not stand next to what is below it: `a-b` comes between. */
  has(path: string): boolean {
    const at = this.#firstFrom(0, this.sorted.length, (one) => one >= path)
    return at < this.sorted.length && this.pathAt(at) === path
  }

  /** The end of the paths that begin so, of which the one at `from` is the first. */
  endOf(prefix: string, { from, to }: Range): number {
    return this.#firstFrom(from + 1, to, (path) => !path.startsWith(prefix))
  }

  /** Of a range in which that becomes true once and stays so. */
  #firstFrom(from: number, to: number, is: (path: string) => boolean): number {
    let low = from
    let high = to
    while (low < high) {
      const middle = (low + high) >> 1
      if (is(this.pathAt(middle))) high = middle
      else low = middle + 1
    }
    return low
  }

  #sums(of: (change: PathChange) => number): Float64Array {
    const sums = new Float64Array(this.sorted.length + 1)
    for (const [at, change] of this.sorted.entries()) sums[at + 1] = (sums[at] ?? 0) + of(change)
    return sums
  }
}

/** A folder that stands for the files in it is one of the things in that folder. */
function inItsFolder(change: PathChange): PathChange {
  return change.files === undefined || change.path === '' ? change : { ...change, path: `${change.path}/` }
}

/** Positions of changes, the second one excluded. */
interface Range {
  readonly from: number
  readonly to: number
}

function between(sums: Float64Array, from: number, to: number): number {
  return (sums[to] ?? 0) - (sums[from] ?? 0)
}

function linesOf(changes: Changes): FoldedChange[] {
  const lines: FoldedChange[] = []
  const waiting: Range[] = [{ from: 0, to: changes.sorted.length }]
  for (let range = waiting.pop(); range !== undefined; range = waiting.pop()) {
    const first = changes.pathAt(range.from)
    if (range.to - range.from < 2) {
      if (range.from < range.to)
        lines.push(changes.lineOf(range, first.replace(/\/$/, ''), changes.isSum(range.from)))
      continue
    }
    // folders that hold nothing but one other give way to it: what all have in common is passed at once
    const prefix = folderOfAll(first, changes.pathAt(range.to - 1))
    const parts = partsOf(changes, range, prefix.length)
    if (givesWay(changes, range, prefix.slice(0, -1), parts)) for (const part of parts) waiting.push(part)
    else lines.push(changes.lineOf(range, prefix.slice(0, -1), true))
  }
  return lines
}

/** The deepest folder that both are below, with its slash: between sorted paths, that of all of them. */
function folderOfAll(first: string, last: string): string {
  let end = 0
  for (let at = 0; at < first.length && first[at] === last[at]; at += 1) if (first[at] === '/') end = at + 1
  return first.slice(0, end)
}

interface Part extends Range {
  readonly isFolder: boolean
}

/** What is directly in a folder, each with all below it. */
function partsOf(changes: Changes, { from, to }: Range, start: number): Part[] {
  const parts: Part[] = []
  for (let at = from; at < to;) {
    const path = changes.pathAt(at)
    const slash = path.indexOf('/', start)
    const isFolder = slash !== -1
    const end = isFolder ? changes.endOf(path.slice(0, slash + 1), { from: at, to }) : at + 1
    parts.push({ from: at, to: end, isFolder })
    at = end
  }
  return parts
}

/** Whether what is in the folder is told instead of the folder. */
function givesWay(changes: Changes, range: Range, path: string, parts: readonly Part[]): boolean {
  if (CONTAINERS.has(path) || changes.has(path)) return true
  const weight = changes.weightOf(range)
  if (weight === 0) return false
  return parts.some((part) => part.isFolder && changes.weightOf(part) >= DOMINANT * weight)
}
