import { shortDigest } from '../../domain/names/digest.ts'
import { formatChange } from '../../domain/quantities/bytes.ts'
import type { Units } from '../../domain/quantities/bytes.ts'
import type { JudgedPlatform } from '../../domain/size/report.ts'
import { EMPTY, code, join, own, prose, unbroken } from '../markdown/markdown.ts'
import type { Markdown } from '../markdown/markdown.ts'
import { judgesOwn, knownGrowth } from './growth.ts'
import { tallyLayers } from './tally.ts'
import type { LayerLine } from './tally.ts'

/** Where more layers than this make up the half, no few of them are the cause. */
const MOST_CAUSES = 3
const INSTRUCTION_LENGTH = 100

/**
 * The few instructions whose layers grew by at least half of what all grew by; empty where there are none.
 */
export function growthCause(platform: JudgedPlatform, units: Units): Markdown {
  const growth = knownGrowth(platform)
  if (growth === null || growth.difference <= 0) return EMPTY
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
  if (told * 2 < growth.difference) return EMPTY
  return prose`Mostly: ${join(
    causes.map((line) => causeWords(line, units)),
    prose`, `,
  )}`
}

function grownBy({ before, now }: LayerLine): number {
  return now - before
}

function isOfBase({ change: { before, after } }: LayerLine): boolean {
  return (after ?? before)?.from === 'base'
}

function causeWords(line: LayerLine, units: Units): Markdown {
  const { createdBy, after } = line.change
  const layer = after === null ? EMPTY : prose`layer ${code(shortDigest(after.digest))}`
  const made = createdBy === null ? layer : code(createdBy, INSTRUCTION_LENGTH)
  return prose`${made} ${unbroken(own(formatChange(grownBy(line), units)))}`
}
