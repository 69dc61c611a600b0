import { asBytes, sumBytes } from '../quantities/bytes.ts'
import type { Bytes } from '../quantities/bytes.ts'
import type { PathChange } from './compare.ts'
import type { LayerContents } from './contents.ts'
import { foldChanges } from './fold.ts'
import type { FoldedChange } from './fold.ts'

/** Bytes of an image that nobody can reach: copies that a later layer replaces or removes. */
export interface WastedBytes {
  /** unpacked */
  readonly bytes: Bytes
  /** of all layers, unpacked: what a percentage is of */
  readonly unpacked: Bytes
  /** where most of it is, folded, largest first */
  readonly paths: readonly FoldedChange[]
}

/** Content with the names that lead to it; it is wasted when the last of them is gone. */
interface Content {
  readonly size: number
  names: number
}

/** A path of the image as the layers so far have made it. A folder is a node without content. */
interface PathNode {
  content: Content | null
  /** the layer that put it there, counted from the lowest */
  layer: number
  isFolder: boolean
  children: Map<string, PathNode> | null
}

const PATHS = 10

/**
 * Wasted bytes over all layers of an image, the lowest first: each copy of a path that a later layer replaces
 * (also by a folder, a link or a file of the same content) or removes (by a whiteout or an opaque folder)
 * once; of hard-linked content only when its last name is gone. Two copies in one layer are one: the last is
 * unpacked.
 */
export function wastedBytes(layers: readonly LayerContents[]): WastedBytes {
  const waste = new Waste()
  for (const [position, layer] of layers.entries()) waste.put(layer, position)
  return {
    bytes: asBytes(waste.bytes),
    unpacked: sumBytes(layers.map(({ unpacked }) => asBytes(unpacked))),
    paths: foldChanges(waste.copies, PATHS).shown,
  }
}

class Waste {
  bytes = 0
  readonly copies: PathChange[] = []
  readonly #root: PathNode = { content: null, layer: -1, isFolder: true, children: null }

  /** Removals are about the layers below only, wherever in the archive they stand: so they go first. */
  put(layer: LayerContents, position: number): void {
    for (const path of layer.opaque) {
      const folder = this.#find(path)
      if (folder !== null) this.#dropBelow(path, folder)
    }
    for (const path of layer.whiteouts) this.#drop(path)
    const contents = new Map<string, Content>()
    for (const [path, { kind, size }] of layer.entries) {
      if (kind === 'file') contents.set(path, { size, names: 0 })
    }
    // a link to a layer below shares what is there before this layer changes it
    for (const [path, { kind, target }] of layer.entries) {
      if (kind !== 'hardlink' || target === null) continue
      const content = contents.get(target) ?? this.#find(target)?.content
      if (content) contents.set(path, content)
    }
    for (const content of contents.values()) content.names += 1
    for (const [path, { kind }] of layer.entries) {
      this.#set(path, position, contents.get(path) ?? null, kind === 'folder')
    }
  }

  #set(path: string, layer: number, content: Content | null, isFolder: boolean): void {
    const node = this.#make(path, layer)
    if (node.layer < layer || node.content !== null) this.#release(path, node)
    // what this layer itself put below is not removed by it: archives may name a folder after its files
    if (!isFolder && node.children !== null && node.layer < layer) this.#dropBelow(path, node)
    node.content = content
    node.isFolder = isFolder
    node.layer = layer
  }

  #make(path: string, layer: number): PathNode {
    let node = this.#root
    for (let start = 0; start < path.length;) {
      const slash = path.indexOf('/', start)
      const end = slash === -1 ? path.length : slash
      const isLast = slash === -1
      // a file of a layer below gives way to the folder that it becomes
      if (!node.isFolder && node.layer < layer) {
        this.#release(path.slice(0, Math.max(0, start - 1)), node)
        node.isFolder = true
        node.layer = layer
      }
      node.children ??= new Map()
      const name = path.slice(start, end)
      let child = node.children.get(name)
      if (child === undefined) {
        child = { content: null, layer, isFolder: !isLast, children: null }
        node.children.set(name, child)
      }
      node = child
      start = end + 1
    }
    return node
  }

  #find(path: string): PathNode | null {
    let node: PathNode | undefined = this.#root
    if (path === '') return node
    for (const part of path.split('/')) {
      node = node.children?.get(part)
      if (node === undefined) return null
    }
    return node
  }

  #drop(path: string): void {
    const slash = path.lastIndexOf('/')
    const parent = this.#find(path.slice(0, Math.max(0, slash)))
    const name = path.slice(slash + 1)
    const node = parent?.children?.get(name)
    if (node === undefined) return
    this.#release(path, node)
    this.#dropBelow(path, node)
    parent?.children?.delete(name)
  }

  #dropBelow(path: string, folder: PathNode): void {
    const waiting: [path: string, node: PathNode][] = [[path, folder]]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      const [at, { children }] = next
      for (const [name, child] of children ?? []) {
        const below = at === '' ? name : `${at}/${name}`
        this.#release(below, child)
        waiting.push([below, child])
      }
    }
    folder.children = null
  }

  #release(path: string, node: PathNode): void {
    const { content } = node
    node.content = null
    if (content === null) return
    content.names -= 1
    if (content.names > 0 || content.size === 0) return
    this.bytes += content.size
    this.copies.push({ path, change: 'went', difference: content.size, compressed: 0 })
  }
}
