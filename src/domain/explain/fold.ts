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
  const lines = linesOf(treeOf(changes)).toSorted(byDifference)
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

interface ChangeNode {
  readonly path: string
  readonly children: Map<string, ChangeNode>
  /** set when the path itself changed */
  own: PathChange | null
  /** of all changes at and below it; null when there are several */
  change: PathChange['change'] | null
  /** bytes that came and bytes that went, added up */
  weight: number
  files: number
  difference: number
  compressed: number
}

function nodeOf(path: string, { change }: PathChange): ChangeNode {
  return { path, children: new Map(), own: null, change, weight: 0, files: 0, difference: 0, compressed: 0 }
}

function treeOf(changes: readonly PathChange[]): ChangeNode | null {
  const [any] = changes
  if (any === undefined) return null
  const root = nodeOf('', any)
  for (const change of changes) {
    let node = root
    count(node, change)
    // a path is split by looking for slashes: millions of short-lived lists would be garbage
    for (let start = 0; start < change.path.length;) {
      const slash = change.path.indexOf('/', start)
      const end = slash === -1 ? change.path.length : slash
      const name = change.path.slice(start, end)
      const child = node.children.get(name) ?? nodeOf(change.path.slice(0, end), change)
      node.children.set(name, child)
      count(child, change)
      node = child
      start = end + 1
    }
    node.own = change
  }
  return root
}

function count(node: ChangeNode, { change, difference, compressed }: PathChange): void {
  node.weight += Math.abs(difference)
  node.files += 1
  node.difference += difference
  node.compressed += compressed
  if (node.change !== change) node.change = null
}

function linesOf(root: ChangeNode | null): FoldedChange[] {
  const lines: FoldedChange[] = []
  const waiting = root === null ? [] : [root]
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.children.size > 0 && givesWay(node)) {
      if (node.own !== null) lines.push(lineOf({ ...node, ...node.own, files: 1 }, false))
      for (const child of node.children.values()) waiting.push(child)
    } else {
      lines.push(lineOf(node, node.children.size > 0))
    }
  }
  return lines
}

/** Whether what is in the folder is told instead of the folder. */
function givesWay({ path, own, children, weight }: ChangeNode): boolean {
  if (own !== null || children.size === 1 || CONTAINERS.has(path)) return true
  if (weight === 0) return false
  for (const child of children.values()) {
    if (child.children.size > 0 && child.weight >= DOMINANT * weight) return true
  }
  return false
}

function lineOf(node: Omit<ChangeNode, 'children'>, isFolder: boolean): FoldedChange {
  const { path, files, difference, compressed } = node
  return { path, isFolder, change: node.change ?? 'changed', files, difference, compressed }
}
