import type { Digest } from '../../domain/names/digest.ts'
import type { PlanWarning, PrunePlan } from '../../domain/prune/decision.ts'
import type { RepositoryOutcome, RepositoryState } from '../../domain/prune/outcome.ts'
import { reclaimedAcross } from '../../domain/prune/reclaimed.ts'
import type { PruneDeps } from './deps.ts'
import { executePlan } from './execute.ts'
import type { Ledger, Stop } from './ledger.ts'
import { manifestOutcomes, tagOutcomes, tallyTags, whatIsFreed } from './outcomes.ts'
import { waitForLast } from './later-looks.ts'
import type { PlannedRepository, RepositoryRequest } from './plan-repository.ts'
import { named, prove } from './prove.ts'
import type { Proof } from './prove.ts'
import type { RepositoryReading } from './read-inventory.ts'
import type { Work } from './work.ts'

/** The outcome, with the reason why nothing further is deleted. */
export interface PrunedRepository {
  readonly outcome: RepositoryOutcome
  readonly stop: Stop | null
}

/** A plan as an outcome: nothing was done yet, or nothing will be. */
export function plannedOutcome({ request, reading, plan }: PlannedRepository): RepositoryOutcome {
  const doubt = request.dryRun ? doubtOf(request, reading) : null
  return outcomeOf({ request, reading, plan }, null, { state: 'planned', doubt, checked: null, problems: [] })
}

/** Deletes and validates. What goes wrong is part of the outcome. */
export async function pruneRepository(
  planned: PlannedRepository,
  elsewhere: Work['elsewhere'],
  deps: PruneDeps,
): Promise<PrunedRepository> {
  const { request, reading, plan } = planned
  const { target } = request
  const { ledger, blobs, sightings } = await executePlan(target, plan, reading, elsewhere, deps)
  // what is held goes only when nothing needs it, and what vanished may have to be put back
  const isAsked = request.validate || blobs.isHolding() || (sightings?.vanished.size ?? 0) > 0
  const isToProve = isAsked && wasTouched(ledger)
  if (isToProve) await waitForLast({ target, ledger, deps })
  const checked = isToProve ? await prove(planned, ledger, sightings, deps) : null
  const held = await blobs.release(
    checked?.isSure === false ? 'it is not known whether all that was kept works' : null,
  )
  const stop = ledger.stopped()
  const problems = [...ledger.problems, ...(stop?.kind === 'partial' ? [stop.message] : [])]
  if (checked !== null && checked.unchecked.length > 0)
    problems.push(`${target.name}: not checked any more: ${named(checked.unchecked)}`)
  const state = stateOf(plan, ledger, checked)
  return {
    outcome: outcomeOf(planned, ledger, {
      state,
      doubt: null,
      checked,
      problems,
      held,
      freesAtOnce: blobs.areFreed(),
    }),
    stop,
  }
}

interface OutcomeParts {
  readonly state: RepositoryState
  readonly doubt: string | null
  readonly checked: Proof | null
  readonly problems: readonly string[]
  /** whose blobs copies still hold */
  readonly held?: ReadonlySet<Digest>
  readonly freesAtOnce?: boolean
}

function outcomeOf(
  { request, reading, plan }: Omit<PlannedRepository, 'kind'>,
  ledger: Ledger | null,
  { state, doubt, checked, problems, held, freesAtOnce = false }: OutcomeParts,
): RepositoryOutcome {
  const { dryRun } = request
  const tags = tagOutcomes(plan, ledger ?? undefined, doubt)
  const manifests = manifestOutcomes(plan, ledger ?? undefined, held)
  const went = whatIsFreed(manifests, dryRun)
  const reclaimed = reclaimedAcross([{ inventory: reading.inventory, plan: { manifests: went } }])
  return {
    repository: request.target.name,
    state: plan.refusals.length > 0 ? 'refused' : state,
    tags,
    manifests,
    tally: tallyTags(tags, dryRun),
    refusals: plan.refusals,
    warnings: [...(reading.isAbsent ? [ABSENT] : []), ...plan.warnings],
    problems,
    broken: checked?.broken ?? null,
    reclaimedBytes: reclaimed.bytes,
    reclaimsMore: reclaimed.more,
    ...(freesAtOnce ? { freesAtOnce } : {}),
  }
}

const ABSENT: PlanWarning = {
  kind: 'not-found',
  subject: 'image',
  message: 'the registry knows no such repository: nothing was pushed to it yet, or image misspells it',
}

/** Whether a tag can be removed without its manifest is found out by trying, which a dry run does not. */
function doubtOf({ policy }: RepositoryRequest, { inventory }: RepositoryReading): string | null {
  if (inventory.capabilities.untag !== 'unknown' || policy.sharedDigest === 'swap') return null
  return 'only if the registry can; registry:2 needs shared-digest: swap'
}

/** Something may have been deleted: also where the answer never came. */
function wasTouched({ tags, manifests, doubted }: Ledger): boolean {
  const results = [...tags.values(), ...manifests.values()]
  return doubted.size > 0 || results.some(({ status }) => status !== 'retained')
}

function stateOf({ refusals }: PrunePlan, ledger: Ledger, checked: Proof | null): RepositoryState {
  if (refusals.length > 0) return 'refused'
  const results = [...ledger.tags.values(), ...ledger.manifests.values()]
  const stop = ledger.stopped()
  if (stop?.kind === 'failed' || results.some(({ status }) => status === 'failed')) return 'failed'
  // what may be broken, and nobody looked, is not fine
  if (checked !== null && checked.unchecked.length > 0) return 'failed'
  if (checked?.broken !== null && checked !== null && checked.broken.length > 0) return 'failed'
  return stop === null ? 'done' : 'partial'
}
