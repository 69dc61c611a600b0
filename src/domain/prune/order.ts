import type { Digest } from '../names/digest.ts'
import { parseVersion, sortTags } from '../names/tag-order.ts'
import type { Tag } from '../names/tag.ts'
import type { AgeObservation } from './inventory.ts'

/** A tag that resolved, with the age by which it is ordered and judged. */
export interface AgedTag {
  readonly tag: Tag
  readonly digest: Digest
  readonly age: AgeObservation | null
}

/**
 * One total order, newest first: by age; of one age the higher version, then the later name in natural order.
 * A tag of unknown age comes last. The order in which a registry lists tags says nothing and is never used.
 */
export function newestFirst(tags: readonly AgedTag[]): AgedTag[] {
  const ranks = rankNames(tags.map(({ tag }) => tag))
  return [...tags].sort(
    (a, b) => compareAges(a.age, b.age) || (ranks.get(a.tag) ?? 0) - (ranks.get(b.tag) ?? 0),
  )
}

function compareAges(a: AgeObservation | null, b: AgeObservation | null): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  return b.at - a.at
}

/**
 * Versions from the highest down, then other names from the last down; names are read once, not per
 * comparison.
 */
function rankNames(tags: readonly Tag[]): Map<Tag, number> {
  const ascending = sortTags(tags)
  const versions = ascending.filter((tag) => parseVersion(tag) !== null).reverse()
  const others = ascending.slice(versions.length).reverse()
  return new Map([...versions, ...others].map((tag, rank) => [tag, rank]))
}
