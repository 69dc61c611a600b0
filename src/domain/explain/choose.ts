import type { ChangedLayer, Growth, LayerChange } from '../growth/growth.ts'
import type { Digest } from '../names/digest.ts'
import type { Breach, JudgedPlatform } from '../size/report.ts'

/** A layer to look into, with the layer of the baseline that it replaces. */
export interface LayerPair {
  readonly before: ChangedLayer | null
  readonly after: ChangedLayer
  readonly createdBy: string | null
  /** compressed bytes that it made the image larger or smaller by */
  readonly weight: number
}

/**
 * Which layers of a platform image explain its size, largest change first:
 * - against a baseline those that changed;
 * - without one all of its own, where it breaks a limit, or where there is no limit to keep.
 */
export function pairsToExplain(platform: JudgedPlatform, breaches: readonly Breach[]): LayerPair[] {
  const compared = knownChanges(platform.growth)
  if (compared !== null) return largestFirst(changedPairs(compared))
  const isBroken = breaches.some(({ digest }) => digest === platform.digest)
  return isBroken || !platform.isLimited ? largestFirst(ownLayers(platform)) : []
}

function knownChanges(growth: Growth | null): readonly LayerChange[] | null {
  return growth?.state === 'changed' || growth?.state === 'unchanged' ? growth.layers : null
}

/**
 * A layer that was replaced has its counterpart. Where an instruction was edited, one layer was removed and
 * another one added in its place: between two layers that both images have, these are paired in their order.
 * A layer that was only removed is nothing that the image has.
 */
function changedPairs(changes: readonly LayerChange[]): LayerPair[] {
  const pairs: LayerPair[] = []
  const seen = new Set<Digest>()
  let removed: ChangedLayer[] = []
  for (const { change, before, after, createdBy } of changes) {
    if (change === 'removed' && before !== null) removed.push(before)
    if (change === 'shared' || change === 'replaced') removed = []
    if (after === null || change === 'shared' || seen.has(after.digest)) continue
    seen.add(after.digest)
    const old = change === 'added' ? (removed.shift() ?? null) : before
    pairs.push({ before: old, after, createdBy, weight: Math.abs(after.size - (old?.size ?? 0)) })
  }
  return pairs
}

/** A layer that an image lists twice is downloaded once. */
function ownLayers({ layers }: JudgedPlatform): LayerPair[] {
  const own = layers.filter(({ from, throwaway }) => from !== 'base' && !throwaway)
  const distinct = new Map(own.map((layer) => [layer.digest, layer]))
  return Array.from(distinct.values(), (after) => {
    return { before: null, after, createdBy: after.createdBy, weight: after.size }
  })
}

function largestFirst(pairs: readonly LayerPair[]): LayerPair[] {
  return pairs.toSorted((a, b) => b.weight - a.weight || b.after.size - a.after.size)
}
