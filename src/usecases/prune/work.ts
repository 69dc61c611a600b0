import type { WardenError } from '../../domain/errors.ts'
import type { PlanAction, PrunePlan } from '../../domain/prune/decision.ts'
import type { Inventory } from '../../domain/prune/inventory.ts'
import type { PruneTarget } from '../../domain/prune/ports.ts'
import type { ItemResult, Ledger } from './ledger.ts'
import type { RepositoryWatch } from './repository-watch.ts'

/** What the deletions of one repository share. */
export interface Work {
  readonly target: PruneTarget
  readonly plan: PrunePlan
  readonly inventory: Inventory
  readonly ledger: Ledger
  readonly watch: RepositoryWatch
}

export type UntagAction = Extract<PlanAction, { kind: 'untag' }>
export type DeleteTagAction = Extract<PlanAction, { kind: 'delete-tag' }>
export type DeleteManifestAction = Extract<PlanAction, { kind: 'delete-manifest' }>
export type FamilyAction = DeleteTagAction | DeleteManifestAction

/**
 * How one try at an action ended. `settled`: the ledger has its result, or the run stopped. `postponed`: the
 * registry asks to wait so many milliseconds; then everything is looked at again before the next try, since a
 * tag that was pushed meanwhile is not what the deletion was for.
 */
export type StepOutcome =
  | { readonly kind: 'settled' }
  | { readonly kind: 'postponed'; readonly wait: number; readonly error: WardenError }

export const SETTLED: StepOutcome = { kind: 'settled' }

/** Writes the result of an action into the ledger; a manifest speaks for its tags. */
export function settle({ ledger }: Work, action: PlanAction, result: ItemResult | null): StepOutcome {
  if (result === null) return SETTLED
  if (action.kind !== 'delete-manifest') {
    // a tag of a manifest that goes: the manifest's own result is the tag's
    if (action.kind === 'untag' || result.status === 'failed') ledger.settleTag(action.tag, result)
    return SETTLED
  }
  for (const tag of action.tags) ledger.settleTag(tag, result)
  if (result.status === 'done' || result.status === 'gone') ledger.settleManifest(action.digest, result)
  else ledger.retain(action.digest, result)
  return SETTLED
}
