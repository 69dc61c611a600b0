/** A repository as a matrix needs it. */
export interface ShardItem {
  /** `host/path`, the same repository never twice */
  readonly repository: string
  /** what it costs, in tags */
  readonly weight: number
}

/** One job of the matrix; `shard` counts from 1. */
export interface Shard {
  readonly shard: number
  readonly repositories: readonly string[]
}

interface OpenShard {
  readonly repositories: string[]
  weight: number
}

/**
 * Deals repositories to at most `count` shards: each to exactly one, none empty, numbers that differ by one
 * at most, and within that the tags as even as they get (the heaviest first, each to the lightest).
 */
export function splitIntoShards(items: readonly ShardItem[], count: number): Shard[] {
  const size = Math.min(count, items.length)
  const shards = Array.from({ length: size }, (): OpenShard => ({ repositories: [], weight: 0 }))
  const least = size === 0 ? 0 : Math.floor(items.length / size)
  let larger = items.length - least * size
  const heaviestFirst = items.toSorted((a, b) => b.weight - a.weight || compare(a.repository, b.repository))
  for (const { repository, weight } of heaviestFirst) {
    const shard = lightest(shards, (one) => one.repositories.length < least + (larger > 0 ? 1 : 0))
    if (shard === undefined) throw new Error('the shards together hold every repository')
    if (shard.repositories.length === least) larger -= 1
    shard.repositories.push(repository)
    shard.weight += weight
  }
  return shards.map(({ repositories }, index) => ({
    shard: index + 1,
    repositories: repositories.toSorted(compare),
  }))
}

function lightest(
  shards: readonly OpenShard[],
  hasRoom: (shard: OpenShard) => boolean,
): OpenShard | undefined {
  let found: OpenShard | undefined
  for (const shard of shards) {
    if (hasRoom(shard) && (found === undefined || shard.weight < found.weight)) found = shard
  }
  return found
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}
