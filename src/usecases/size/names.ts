import { compareTags, parseVersion } from '../../domain/names/tag-order.ts'
import type { MeasuredImage } from '../../domain/size/report.ts'
import type { NamedImage } from '../../domain/size/scoped-rule.ts'
import type { ReadTarget } from './image-details.ts'
import type { ImageTarget } from './targets.ts'

/**
 * One digest of a repository is one image, whatever it is called: docker/metadata-action hands over `v1.2.3`,
 * `v1.2`, `v1` and `latest` of one build, and a list of all tags has the same. It stands where its first name
 * stood.
 */
export function mergeNames<T extends ReadTarget>(read: readonly T[]): T[] {
  const same = Map.groupBy(read, ({ target, tree }) => JSON.stringify([storeOf(target), tree.top.digest]))
  return Array.from(same.values(), merge)
}

function merge<T extends ReadTarget>(same: readonly T[]): T {
  // asked for by name, it must be there; a listed tag may be gone by now
  const isListed = same.every(({ target }) => target.listed)
  const ordered = isListed ? same.toSorted((a, b) => compareListed(a.target, b.target)) : same
  const [first] = ordered
  if (first === undefined) throw new Error('a group has a member')
  const target = { ...first.target, listed: isListed }
  return {
    ...first,
    target,
    names: distinct(
      first.target,
      ordered.map((one) => one.target),
    ),
  }
}

function distinct(first: NamedImage, all: readonly NamedImage[]): MeasuredImage['names'] {
  const byName = new Map(all.map(({ name, tag }) => [name, { name, tag }]))
  byName.delete(first.name)
  return [{ name: first.name, tag: first.tag }, ...byName.values()]
}

/** Of names that the user did not order, the one that says most first: `v1.2.3`, `v1.2`, `v1`, `latest`. */
function compareListed({ tag: a }: ImageTarget, { tag: b }: ImageTarget): number {
  return precision(b) - precision(a) || compareTags(a ?? '', b ?? '')
}

function precision(tag: string | null): number {
  const version = tag === null ? null : parseVersion(tag)
  if (version === null) return 0
  return [version.major, version.minor, version.patch].filter((part) => part !== null).length
}

/** The repository, or for what was never pushed the folder or file. */
function storeOf({ repository, store, name }: ImageTarget): string {
  return repository ?? store ?? name
}
