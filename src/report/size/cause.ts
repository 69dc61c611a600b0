import type { JudgedPlatform } from '../../domain/size/report.ts'
import { judgesOwn, knownGrowth } from './growth.ts'
import { tallyLayers } from './tally.ts'
import type { LayerLine } from './tally.ts'

/** Where more layers than this make up the half, no few of them are the cause. */
const MOST_CAUSES = 3

/** Equal for platform images that grew for one cause; null where no few instructions are it. */
export function causeKey(platform: JudgedPlatform): string | null {
  const lines = growthCauses(platform)
  return lines.length === 0 ? null : causeKeyOf(lines)
}

/** By the instructions: the digests of one cause differ from platform to platform. */
export function causeKeyOf(lines: readonly LayerLine[]): string {
  return JSON.stringify(lines.map(({ change }) => change.createdBy ?? change.after?.digest ?? null))
}

/**
 * The few layers that grew by at least half of what all grew by, largest first; empty where there are none.
 */
export function growthCauses(platform: JudgedPlatform): readonly LayerLine[] {
  const growth = knownGrowth(platform)
  if (growth?.state !== 'changed' || growth.difference <= 0) return []
  const grown = tallyLayers(platform, growth)
    .changes.filter((line) => grownBy(line) > 0 && !(judgesOwn(platform) && isOfBase(line)))
    .toSorted((a, b) => grownBy(b) - grownBy(a))
  const causes: LayerLine[] = []
  let told = 0
  for (const line of grown.slice(0, MOST_CAUSES)) {
    if (told * 2 >= growth.difference) break
    causes.push(line)
    told += grownBy(line)
  }
  return told * 2 < growth.difference ? [] : causes
}

/** Bytes; negative where it shrank. */
export function grownBy({ before, now }: LayerLine): number {
  return now - before
}

function isOfBase({ change: { before, after } }: LayerLine): boolean {
  return (after ?? before)?.from === 'base'
}
