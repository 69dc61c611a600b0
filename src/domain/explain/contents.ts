/** What a path of a layer is. Whiteouts and opaque folders are not paths of their own: they remove others. */
export type EntryKind = 'file' | 'folder' | 'link' | 'hardlink' | 'other'

/** One path of a layer. */
export interface LayerEntry {
  readonly kind: EntryKind
  /** bytes unpacked; of a sparse file what it seems to have; 0 for all but files */
  readonly size: number
  /** its share of the layer's compressed bytes, headers and padding with it */
  readonly compressed: number
  /** for hard links: the path whose content they share, in this layer or one below; else null */
  readonly target: string | null
  /** set for a folder that stands for the files below it: how many they are */
  readonly files?: number
}

/** What is in one layer, its last word on each path (image-spec layer.md). */
export interface LayerContents {
  /** by path, from the root without a slash: `usr/bin/node` */
  readonly entries: ReadonlyMap<string, LayerEntry>
  /** paths of layers below that this one removes, with all below them */
  readonly whiteouts: ReadonlySet<string>
  /** folders that hide everything that layers below have in them */
  readonly opaque: ReadonlySet<string>
  /** bytes of all files, hard links counted once */
  readonly unpacked: number
  /**
   * null where every path is there; where they were too many to be kept, the files are summed up by their
   * folders, to this depth
   */
  readonly depth: number | null
}

const WHITEOUT = '.wh.'
const OPAQUE = '.wh..wh..opq'
/** AUFS kept its own administration under such names; no runtime unpacks them. */
const ADMINISTRATION = '.wh..wh.'
/** Longer chains of hard links are a circle, or made to keep us busy. */
const MOST_LINKS = 40

/**
 * Puts the contents of a layer together, member by member, in the order of the archive. Paths that weigh more
 * than there is room for are summed up by folder, and by folders further up until they fit.
 */
export class ContentsBuilder {
  readonly #room: number
  #weight = 0
  #depth: number | null = null
  readonly #entries = new Map<string, Mutable>()
  readonly #whiteouts = new Set<string>()
  readonly #opaque = new Set<string>()
  #hasLinks = false

  /** @param room what the paths may weigh, their characters and some more for each */
  constructor(room = Infinity) {
    this.#room = room
  }

  /** How many paths there are so far, whiteouts included. */
  get count(): number {
    return this.#entries.size + this.#whiteouts.size + this.#opaque.size
  }

  /**
   * Takes one member by the name in its header. A path that occurs twice is what it was said to be last, as
   * when unpacking.
   * @returns a function that adds to its share of the compressed bytes
   */
  add(name: string, kind: EntryKind, size: number, target: string | null): (compressed: number) => void {
    const path = rootedPath(name)
    if (path === '') return ignore
    if (this.#depth === null && this.#weight + pathWeight(path) > this.#room) this.#foldTo(0)
    if (this.#depth !== null) return this.#sumUp(path, kind, size)
    this.#weight += pathWeight(path)
    const slash = path.lastIndexOf('/')
    const base = path.slice(slash + 1)
    if (base.startsWith(WHITEOUT)) {
      this.#remove(path.slice(0, Math.max(slash, 0)), base)
      return ignore
    }
    const before = this.#entries.get(path)
    const link = kind === 'hardlink' ? rootedPath(target ?? '') : null
    // GNU tar writes a file that it was told to take twice as a link to itself: what is there stays
    if (link === path && before !== undefined) return (compressed) => void (before.compressed += compressed)
    const entry: Mutable = {
      kind,
      size: kind === 'file' ? size : 0,
      compressed: before?.compressed ?? 0,
      target: link,
    }
    this.#hasLinks ||= kind === 'hardlink'
    this.#entries.set(path, entry)
    return (compressed) => void (entry.compressed += compressed)
  }

  /** Sums up by folders until there is half of the room again. */
  #foldTo(step: number): void {
    const depth = DEPTHS[step]
    if (depth === undefined) return
    if (this.#depth === null || depth < this.#depth) {
      const entries = summedUp(this.#entries, depth)
      this.#entries.clear()
      for (const [path, entry] of entries) this.#entries.set(path, entry)
      this.#depth = depth
      this.#whiteouts.clear()
      this.#opaque.clear()
      this.#hasLinks = false
      this.#weight = weightOf(this.#entries.keys())
    }
    if (this.#weight > this.#room / 2) this.#foldTo(step + 1)
  }

  #sumUp(path: string, kind: EntryKind, size: number): (compressed: number) => void {
    let folder = folderAt(path, this.#depth ?? 0, false)
    if (!this.#entries.has(folder) && this.#weight + pathWeight(folder) > this.#room) {
      this.#foldTo(0)
      folder = folderAt(path, this.#depth ?? 0, false)
    }
    let entry = this.#entries.get(folder)
    if (entry === undefined) {
      entry = { kind: 'file', size: 0, compressed: 0, target: null, files: 0 }
      this.#entries.set(folder, entry)
      this.#weight += pathWeight(folder)
    }
    const sum = entry
    if (kind === 'file') {
      sum.size += size
      sum.files = (sum.files ?? 0) + 1
    }
    return (compressed) => void (sum.compressed += compressed)
  }

  #remove(folder: string, base: string): void {
    if (base === OPAQUE) {
      this.#opaque.add(folder)
      return
    }
    const hidden = base.slice(WHITEOUT.length)
    if (base.startsWith(ADMINISTRATION) || hidden === '' || hidden === '.' || hidden === '..') return
    this.#whiteouts.add(folder === '' ? hidden : `${folder}/${hidden}`)
  }

  /** @param scale what the shares are multiplied by, where bytes were counted that are stored otherwise */
  finish(scale = 1): LayerContents {
    if (this.#hasLinks) nameLinksOnce(this.#entries)
    let unpacked = 0
    for (const entry of this.#entries.values()) {
      unpacked += entry.size
      entry.compressed *= scale
    }
    return {
      entries: this.#entries,
      whiteouts: this.#whiteouts,
      opaque: this.#opaque,
      unpacked,
      depth: this.#depth,
    }
  }
}

/** A path takes memory beside its characters: measured, for an entry with its places in maps and in sums. */
const PATH_OVERHEAD = 120
/** Down to which folders files are summed up, tried one after the other. */
const DEPTHS = [6, 4, 2, 0]

/** What keeping a path weighs, in bytes or so. */
function pathWeight(path: string): number {
  return path.length + PATH_OVERHEAD
}

/** What the paths of a layer weigh. */
export function contentsWeight({ entries, whiteouts, opaque }: LayerContents): number {
  return weightOf(entries.keys()) + weightOf(whiteouts) + weightOf(opaque)
}

function weightOf(paths: Iterable<string>): number {
  let weight = 0
  for (const path of paths) weight += pathWeight(path)
  return weight
}

/** The files summed up by their folders, of which those deeper than `depth` are part of the ones above. */
export function summedUp(entries: ReadonlyMap<string, LayerEntry>, depth: number): Map<string, LayerEntry> {
  const folders = new Map<string, Mutable>()
  for (const [path, { kind, size, compressed, files }] of entries) {
    const folder = folderAt(path, depth, files !== undefined)
    const sum = folders.get(folder) ?? { kind: 'file', size: 0, compressed: 0, target: null, files: 0 }
    sum.size += size
    sum.compressed += compressed
    sum.files = (sum.files ?? 0) + (files ?? Number(kind === 'file'))
    folders.set(folder, sum)
  }
  return folders
}

/** The folder that a path is in, or is, cut to so many parts. */
function folderAt(path: string, depth: number, isFolder: boolean): string {
  let end = 0
  for (let parts = 0; parts < depth; parts += 1) {
    const slash = path.indexOf('/', end === 0 ? 0 : end + 1)
    if (slash === -1) return isFolder ? path : path.slice(0, end)
    end = slash
  }
  return path.slice(0, end)
}

type Mutable = { -readonly [Key in keyof LayerEntry]: LayerEntry[Key] }

function ignore(): void {}

/**
 * The path that a name means to whoever unpacks it below a root: no empty parts, `..` taken back, never above
 * the root.
 */
export function rootedPath(name: string): string {
  if (!/^\.{0,2}\/|\/\/|\/\.{0,2}(?:\/|$)|^\.{1,2}$/.test(name)) return name
  const parts: string[] = []
  for (const part of name.split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..') parts.pop()
    else parts.push(part)
  }
  return parts.join('/')
}

/**
 * Which name of a file comes first in an archive is chance. The content belongs to the name that sorts first,
 * so that two layers with the same files are the same.
 */
function nameLinksOnce(entries: Map<string, Mutable>): void {
  const groups = new Map<string, string[]>()
  for (const [path, { kind }] of entries) {
    if (kind !== 'hardlink') continue
    const root = contentOf(entries, path)
    if (root === null) continue
    const names = groups.get(root)
    if (names === undefined) groups.set(root, [path])
    else names.push(path)
  }
  for (const [root, links] of groups) {
    const file = entries.get(root)
    if (file === undefined) continue
    const first = links.reduce((least, name) => (name < least ? name : least), root)
    const { size, compressed } = file
    for (const name of [root, ...links]) {
      const entry = entries.get(name)
      if (entry === undefined) continue
      const own = name === root ? 0 : entry.compressed
      entries.set(name, { kind: 'hardlink', size: 0, compressed: own, target: first })
    }
    const own = first === root ? 0 : (entries.get(first)?.compressed ?? 0)
    entries.set(first, { kind: 'file', size, compressed: compressed + own, target: null })
  }
}

/** The file of the same layer that a hard link leads to; null when it is in a layer below, or nowhere. */
function contentOf(entries: ReadonlyMap<string, LayerEntry>, path: string): string | null {
  let at = path
  for (let links = 0; links < MOST_LINKS; links += 1) {
    const entry = entries.get(at)
    if (entry === undefined) return null
    if (entry.kind !== 'hardlink') return entry.kind === 'file' ? at : null
    at = entry.target ?? ''
  }
  return null
}
