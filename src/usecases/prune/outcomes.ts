import type { Digest } from '../../domain/names/digest.ts'
import type { ManifestDecision, PrunePlan, TagDecision } from '../../domain/prune/decision.ts'
import type { ItemStatus, ManifestOutcome, TagOutcome, TagTally } from '../../domain/prune/outcome.ts'
import type { ItemResult, Ledger } from './ledger.ts'

type Results = Pick<Ledger, 'tags' | 'manifests'>
const NOTHING_HAPPENED: Results = { tags: new Map(), manifests: new Map() }

/**
 * Puts what was decided and what became of it together; without a ledger nothing was tried. `doubt`: of
 * removing only a tag.
 */
export function tagOutcomes(
  plan: PrunePlan,
  { tags }: Results = NOTHING_HAPPENED,
  doubt: string | null = null,
): TagOutcome[] {
  return plan.tags.map((decision) => {
    const result = tags.get(decision.tag)
    if (result === undefined) {
      const note = decision.decision === 'untag' ? doubt : null
      return { ...decision, status: untouched(decision), note }
    }
    return { ...decision, ...told(result), ...(result.status === 'retained' ? { decision: 'skip' } : {}) }
  })
}

/** As `tagOutcomes`, for manifests; `held`: those whose blobs copies still hold. */
export function manifestOutcomes(
  plan: PrunePlan,
  { manifests }: Results = NOTHING_HAPPENED,
  held: ReadonlySet<Digest> = new Set(),
): ManifestOutcome[] {
  return plan.manifests.map((decision) => {
    const result = manifests.get(decision.digest)
    if (result === undefined) return { ...decision, status: untouched(decision), note: null }
    const outcome = { ...told(result), ...(held.has(decision.digest) ? HELD : {}) }
    return { ...decision, ...outcome, ...(result.status === 'retained' ? { decision: 'keep' } : {}) }
  })
}

const HELD = { isHeld: true } as const

function untouched({ decision }: TagDecision | ManifestDecision): ItemStatus {
  return decision === 'delete' || decision === 'untag' ? 'planned' : 'retained'
}

function told({ status, note, cause }: ItemResult) {
  return { status, note, ...cause }
}

/**
 * Counts image tags; those of signatures and the like go with their subject. In a dry run what is planned
 * counts as done.
 */
export function tallyTags(tags: readonly TagOutcome[], dryRun: boolean): TagTally {
  const tally = { kept: 0, deleted: 0, untagged: 0, skipped: 0, failed: 0, pending: 0 }
  for (const { role, decision, status } of tags) {
    if (role !== 'image') continue
    if (status === 'failed') tally.failed += 1
    else if (decision === 'keep') tally.kept += 1
    else if (decision === 'skip') tally.skipped += 1
    else if (status === 'planned' && !dryRun) tally.pending += 1
    else if (decision === 'untag') tally.untagged += 1
    else tally.deleted += 1
  }
  return tally
}

/** The manifests whose bytes the registry can free: all that went, less what copies still hold. */
export function whatIsFreed(manifests: readonly ManifestOutcome[], dryRun: boolean): ManifestOutcome[] {
  return whatWent(manifests, dryRun).filter(({ isHeld }) => isHeld !== true)
}

/** The manifests that are deleted, or would be after a dry run. */
export function whatWent(manifests: readonly ManifestOutcome[], dryRun: boolean): ManifestOutcome[] {
  return manifests.filter(
    ({ status }) => status === 'done' || status === 'gone' || (dryRun && status === 'planned'),
  )
}
