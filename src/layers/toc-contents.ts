import { WardenError } from '../domain/errors.ts'
import { ContentsBuilder } from '../domain/explain/contents.ts'
import type { EntryKind, LayerContents } from '../domain/explain/contents.ts'
import type { TocEntry } from '../wire/layer-toc.ts'

const KINDS: ReadonlyMap<string, EntryKind> = new Map([
  ['reg', 'file'],
  ['hardlink', 'hardlink'],
  ['symlink', 'link'],
  ['dir', 'folder'],
])

/**
 * The contents that a table of contents tells of. The share of a file is what lies from its offset to the
 * next one: of several in one gzip member, by their size.
 * @param end where the compressed files end
 */
export function tocContents(
  entries: readonly TocEntry[],
  end: number,
  room: number,
  add: (builder: ContentsBuilder) => void = () => undefined,
): LayerContents {
  const builder = new ContentsBuilder(room)
  const shares = sharesOf(entries, end)
  let credit: (compressed: number) => void = () => undefined
  let sizes = 0
  for (const [position, entry] of entries.entries()) {
    // a chunk belongs to the file before it
    if (entry.type !== 'chunk') {
      sizes += entry.size
      credit = builder.add(entry.name, KINDS.get(entry.type) ?? 'other', entry.size, entry.linkName)
    }
    credit(shares[position] ?? 0)
    if (!Number.isSafeInteger(sizes)) {
      throw new WardenError('protocol', 'its table of contents has larger files than there are')
    }
  }
  add(builder)
  return builder.finish()
}

/** For each entry the compressed bytes it begins, zero for most that are not files. */
function sharesOf(entries: readonly TocEntry[], end: number): Float64Array {
  const shares = new Float64Array(entries.length)
  const groups = new Map<number, number[]>()
  for (const [position, { offset, type }] of entries.entries()) {
    if (offset === null || offset >= end || (type !== 'reg' && type !== 'chunk')) continue
    const group = groups.get(offset)
    if (group === undefined) groups.set(offset, [position])
    else group.push(position)
  }
  const offsets = [...groups.keys()].toSorted((a, b) => a - b)
  for (const [at, offset] of offsets.entries()) {
    const length = (offsets[at + 1] ?? end) - offset
    const group = groups.get(offset) ?? []
    const sizes = group.map((position) => unpackedOf(entries[position]))
    const total = sizes.reduce((sum, size) => sum + size, 0)
    for (const [index, position] of group.entries()) {
      shares[position] = total === 0 ? length / group.length : (length * (sizes[index] ?? 0)) / total
    }
  }
  return shares
}

function unpackedOf(entry: TocEntry | undefined): number {
  return entry === undefined ? 0 : entry.chunkSize || entry.size
}
