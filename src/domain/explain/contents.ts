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
}

const WHITEOUT = '.wh.'
const OPAQUE = '.wh..wh..opq'
/** AUFS kept its own administration under such names; no runtime unpacks them. */
const ADMINISTRATION = '.wh..wh.'
/** Longer chains of hard links are a circle, or made to keep us busy. */
const MOST_LINKS = 40

/** Puts the contents of a layer together, member by member, in the order of the archive. */
export class ContentsBuilder {
  readonly #entries = new Map<string, Mutable>()
  readonly #whiteouts = new Set<string>()
  readonly #opaque = new Set<string>()
  #hasLinks = false

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
    return { entries: this.#entries, whiteouts: this.#whiteouts, opaque: this.#opaque, unpacked }
  }
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
