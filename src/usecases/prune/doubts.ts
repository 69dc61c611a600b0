import pMap from 'p-map'
import { WardenError } from '../../domain/errors.ts'
import type { PlanAction } from '../../domain/prune/decision.ts'
import type { FirstLooks } from './looks.ts'
import { settle } from './work.ts'
import type { Work } from './work.ts'

/**
 * Looks what became of deletions whose answer did not come before the run ended: whatever was deleted is
 * counted. What cannot be found out is named.
 */
export async function settleDoubts(work: Work, looks: FirstLooks): Promise<void> {
  const { target, ledger, deps } = work
  // of a tag that named nothing, no look tells
  const isOpen = (action: PlanAction) =>
    action.kind === 'delete-ghost'
      ? false
      : action.kind === 'delete-manifest'
        ? !ledger.manifests.has(action.digest)
        : !ledger.tags.has(action.tag)
  const look = async (action: PlanAction) => {
    const name = action.kind === 'delete-manifest' ? action.digest : action.tag
    try {
      const isGone = (await target.reader.head(name)) === null
      if (!isGone || !isOpen(action)) return
      if (action.kind === 'delete-tag') ledger.settleTag(action.tag, { status: 'done', note: null })
      else settle(work, action, { status: 'done', note: null })
      // nobody could look yet what went along with it
      if (action.kind === 'delete-manifest') await looks.afterManifest(action, true)
    } catch (error) {
      if (!(error instanceof WardenError)) throw error
      ledger.report(`${target.name}: it is not known whether ${name} was deleted: ${error.message}`)
    }
  }
  await pMap([...ledger.doubted].filter(isOpen), look, { concurrency: deps.concurrency })
}
