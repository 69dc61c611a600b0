import type { Annotation } from '../../domain/annotation.ts'
import type { PruneReport } from '../../domain/prune/outcome.ts'
import { formatBytes } from '../../domain/quantities/bytes.ts'
import type { Units } from '../../domain/quantities/bytes.ts'
import type { Damage, GarbageCollection } from '../../domain/storage/garbage.ts'
import { sanitiseLine } from '../../domain/text.ts'
import { plural } from '../markdown/words.ts'
import { foldedList } from '../markdown/lists.ts'
import { EMPTY, blocks, foreignProse, prose } from '../markdown/markdown.ts'
import type { Markdown } from '../markdown/markdown.ts'

const LINE_LENGTH = 500
const OPEN_LINES = 5
const NAMED = 5

/** For the headline: what became of the sweep where it is not as asked. */
export function sweepWords({ garbage, dryRun }: PruneReport): string[] {
  if (garbage === undefined) return []
  switch (garbage.state) {
    case 'refused':
      return [dryRun ? 'sweep would be refused' : 'sweep refused']
    case 'failed':
      return ['sweep failed']
    case 'skipped':
      return [dryRun ? 'would not sweep' : 'not swept']
    case 'partial':
      return ['sweep stopped early']
    default:
      return []
  }
}

/** `swept 12 blobs, 1.2 GiB; 3 stay, younger than untagged-grace`, and why it is not all. */
export function sweepLine({ state, why, blobs, bytes, young }: GarbageCollection, units: Units): string {
  const what = `${plural(blobs, 'blob')} that nothing references (${formatBytes(bytes, units)})`
  const stay = young === 0 ? '' : `; ${young} more stay, younger than untagged-grace`
  const reason = why === null ? '' : sanitiseLine(why, LINE_LENGTH)
  switch (state) {
    case 'planned':
      return `would sweep ${what}${stay}`
    case 'swept':
      return `swept ${what}${stay}`
    case 'partial':
      return `stopped early: ${reason}; swept ${what}${stay}`
    case 'failed':
      return `failed after it swept ${what}: ${reason}`
    case 'refused':
      return `refused, nothing is swept: ${reason}`
    default:
      return `nothing is swept: ${reason}`
  }
}

/** Path and words come from the storage, which somebody else may have written. */
export function damageLine({ path, what }: Damage): string {
  return sanitiseLine(`${path} ${what}`, LINE_LENGTH)
}

/** That there is no way back from what was swept; empty where nothing was. */
export function finalWords({ garbage, dryRun }: Pick<PruneReport, 'garbage' | 'dryRun'>): string {
  if (garbage === undefined || garbage.blobs === 0) return ''
  return dryRun
    ? '; once it is swept, mode: undo cannot bring back what was deleted'
    : '; undo has ended: mode: undo cannot bring back what was deleted'
}

/** What was swept, and that there is no way back from it. */
export function sweepBlock({ garbage, dryRun }: PruneReport, units: Units, most: number): Markdown {
  if (garbage === undefined) return EMPTY
  const ends = dryRun
    ? prose`Once it is swept, the prune cannot be undone.`
    : prose`**Undo has ended:** the blobs are gone. Restart the registry before the next push: its cache may still know them.`
  return blocks(
    prose`**Garbage collection:** ${foreignProse(sweepLine(garbage, units), LINE_LENGTH)}. ${garbage.blobs > 0 ? ends : EMPTY}`,
    garbage.damage.length === 0 ? EMPTY : damageBlock(garbage.damage, most),
  )
}

function damageBlock(damage: readonly Damage[], most: number): Markdown {
  return blocks(
    prose`**Damaged or foreign in the storage folder,** left alone:`,
    foldedList(damage, (each) => foreignProse(damageLine(each), LINE_LENGTH), {
      open: OPEN_LINES,
      written: most,
      noun: 'finding',
    }),
  )
}

/** None where no sweep was asked for. */
export function sweepAnnotations({ garbage }: PruneReport, units: Units): Annotation[] {
  if (garbage === undefined) return []
  const title = 'Garbage collection'
  const isWrong = garbage.state === 'refused' || garbage.state === 'failed'
  const { damage } = garbage
  const more = damage.length > NAMED ? `; and ${damage.length - NAMED} more` : ''
  return [
    ...(isWrong ? [{ level: 'error' as const, title, message: sweepLine(garbage, units) }] : []),
    ...(damage.length === 0
      ? []
      : [
          {
            level: 'warning' as const,
            title,
            message: `left alone in the storage folder: ${damage.slice(0, NAMED).map(damageLine).join('; ')}${more}`,
          },
        ]),
  ]
}
