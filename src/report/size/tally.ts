import type { KnownGrowth, LayerChange } from '../../domain/growth/growth.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { Bytes } from '../../domain/quantities/bytes.ts'
import { distinctBlobs } from '../../domain/size/measure.ts'
import type { JudgedPlatform } from '../../domain/size/report.ts'

/**
 * One line of what became of an image: bytes before and now. A layer that is there twice counts where it is
 * first.
 */
export interface TallyLine {
  readonly before: number
  readonly now: number
}

export interface LayerLine extends TallyLine {
  readonly change: LayerChange
}

/** All bytes of a comparison, each once: the lines add up to the sizes that are compared. */
export interface Tally {
  /** layers that are not in both, in the order in which they lie on each other */
  readonly changes: readonly LayerLine[]
  readonly shared: TallyLine
  /** what is not a layer */
  readonly config: TallyLine
  readonly total: TallyLine
}

/** The layers of a comparison as they add up to its total, in which a layer that is listed twice counts once. */
export function tallyLayers({ size }: Pick<JudgedPlatform, 'size'>, growth: KnownGrowth): Tally {
  const countBefore = countOnce(growth.layers, 'before')
  const countNow = countOnce(growth.layers, 'after')
  const lines = growth.layers.map((change) => ({
    change,
    before: countBefore(change),
    now: countNow(change),
  }))
  const layers = sumLines(lines)
  const total = { before: growth.baseline.size, now: size }
  return {
    changes: lines.filter(({ change }) => change.change !== 'shared'),
    shared: sumLines(lines.filter(({ change }) => change.change === 'shared')),
    config: { before: total.before - layers.before, now: total.now - layers.now },
    total,
  }
}

export function sumLines(lines: readonly TallyLine[]): TallyLine {
  return lines.reduce<TallyLine>(
    (sum, { before, now }) => ({ before: sum.before + before, now: sum.now + now }),
    { before: 0, now: 0 },
  )
}

/** Bytes of a layer on one side the first time it is met there; after that nothing, for it is stored once. */
function countOnce(changes: readonly LayerChange[], side: 'before' | 'after') {
  const sizes: Map<Digest, Bytes> = distinctBlobs(
    changes.map((change) => change[side]).filter((one) => one !== null),
  )
  return (change: LayerChange): number => {
    const layer = change[side]
    if (layer === null) return 0
    const size = sizes.get(layer.digest) ?? 0
    sizes.delete(layer.digest)
    return size
  }
}
