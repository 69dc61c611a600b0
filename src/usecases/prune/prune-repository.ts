import { WardenError } from '../../domain/errors.ts'
import type { PlanWarning, PrunePlan } from '../../domain/prune/decision.ts'
import type { Inventory } from '../../domain/prune/inventory.ts'
import type { RepositoryOutcome, RepositoryState } from '../../domain/prune/outcome.ts'
import { planPrune } from '../../domain/prune/plan.ts'
import type { PrunePolicy } from '../../domain/prune/policy.ts'
import type { PruneTarget } from '../../domain/prune/ports.ts'
import { reclaimedAcross } from '../../domain/prune/reclaimed.ts'
import { narrowToReviewed } from '../../domain/prune/reviewed-plan.ts'
import type { ReviewedRepository } from '../../domain/prune/reviewed-plan.ts'
import { asBytes } from '../../domain/quantities/bytes.ts'
import { counted } from '../../domain/text.ts'
import type { PruneDeps } from './deps.ts'
import { executePlan } from './execute.ts'
import { endsEarly } from './ledger.ts'
import type { Ledger, Stop } from './ledger.ts'
import { manifestOutcomes, tagOutcomes, tallyTags, whatWent } from './outcomes.ts'
import { createProgress } from './progress.ts'
import { withLikely, withProtection } from '../../domain/prune/protection.ts'
import type { Protection } from '../../domain/prune/protection.ts'
import { readInventory } from './read-inventory.ts'
import type { RepositoryReading } from './read-inventory.ts'
import { validate } from './validate.ts'
import type { PrunedState } from './validate.ts'

export interface RepositoryRequest {
  readonly target: PruneTarget
  readonly policy: PrunePolicy
  readonly protection: Protection
  readonly dryRun: boolean
  readonly validate: boolean
  /** a plan file's word on this repository; nothing but that is done then */
  readonly reviewed: ReviewedRepository | null
}

/** The outcome, with what is needed to add several up. */
export interface PrunedRepository {
  readonly outcome: RepositoryOutcome
  /** what was read; null when that failed */
  readonly inventory: Inventory | null
  readonly stop: Stop | null
}

/**
 * Reads, plans and, unless it is a dry run, deletes and validates. What goes wrong is part of the outcome.
 */
export async function pruneRepository(
  request: RepositoryRequest,
  deps: PruneDeps,
): Promise<PrunedRepository> {
  const { target, protection } = request
  try {
    const progress = createProgress(target.name, 'answers read', deps)
    const known = withProtection(request.policy, protection)
    let reading = await readInventory(target, known, { ...deps, progress, dryRun: request.dryRun })
    let planned = planFor(request, reading, deps)
    if (!request.dryRun && planned.kind === 'plan' && planned.plan.actions.length > 0) {
      const confirmed = await reading.confirmMissing(deps.sleep)
      if (confirmed !== null) {
        reading = confirmed
        planned = planFor(request, reading, deps)
      }
    }
    if (planned.kind === 'plan') return await carryOut(request, planned.plan, reading, deps)
    for (const difference of planned.differences)
      deps.log.info(`${target.name}: since the plan was made, ${difference}`)
    const outcome = unread(target.name, 'refused', [misfit(planned.differences)])
    return { outcome, inventory: reading.inventory, stop: null }
  } catch (error) {
    if (!(error instanceof WardenError)) throw error
    const stop: Stop = {
      kind: endsEarly(error, deps.timeIsUp) ? 'partial' : 'failed',
      scope: 'repository',
      message: error.line,
    }
    return { outcome: unread(target.name, stop.kind, [error.line]), inventory: null, stop }
  }
}

function planFor(
  { policy: asked, protection, reviewed }: RepositoryRequest,
  { inventory }: RepositoryReading,
  { now }: PruneDeps,
): ReturnType<typeof narrowToReviewed> {
  const policy = withLikely(asked, protection, inventory)
  if (reviewed !== null) return narrowToReviewed(inventory, policy, reviewed, now())
  return { kind: 'plan', plan: planPrune(inventory, policy, now()) }
}

const MAX_NAMED = 3

function misfit(differences: readonly string[]): string {
  const more = differences.length - MAX_NAMED
  const shown = differences.slice(0, MAX_NAMED).join('; ')
  const others = more > 0 ? ` and ${counted(more, 'more difference')}, see the log` : ''
  return `since the plan was made, ${shown}${others}. Make a new plan, or give both runs the same inputs`
}

async function carryOut(
  request: RepositoryRequest,
  plan: PrunePlan,
  reading: RepositoryReading,
  deps: PruneDeps,
): Promise<PrunedRepository> {
  const { target, dryRun } = request
  const ledger = dryRun ? null : await executePlan(target, plan, reading, deps)
  const stop = ledger?.stopped() ?? null
  const tags = tagOutcomes(plan, ledger ?? undefined, dryRun ? doubtOf(request, reading) : null)
  const manifests = manifestOutcomes(plan, ledger ?? undefined)
  const problems = [...(ledger?.problems ?? [])]
  const isDue = request.validate && ledger !== null && wasTouched(ledger)
  const proof = isDue ? await prove({ tags, manifests }, reading, target, deps) : NO_PROOF
  if (proof.error !== null) {
    problems.push(`${target.name}: what was kept could not be validated: ${proof.error.message}`)
  }
  const went = whatWent(manifests, dryRun)
  const reclaimed = reclaimedAcross([{ inventory: reading.inventory, plan: { manifests: went } }])
  const outcome: RepositoryOutcome = {
    repository: target.name,
    state: stateOf(plan, ledger, proof, request, deps),
    tags,
    manifests,
    tally: tallyTags(tags, dryRun),
    refusals: plan.refusals,
    warnings: [...(reading.isAbsent ? [ABSENT] : []), ...plan.warnings],
    problems: stop?.kind === 'partial' ? [...problems, stop.message] : problems,
    broken: proof.broken,
    reclaimedBytes: reclaimed.bytes,
    reclaimsMore: reclaimed.more,
  }
  return { outcome, inventory: reading.inventory, stop }
}

const ABSENT: PlanWarning = {
  kind: 'not-found',
  subject: 'image',
  message: 'the registry knows no such repository: nothing was pushed to it yet, or image misspells it',
}

/** Whether a tag can be removed alone is found out by trying, which a dry run does not. */
function doubtOf({ policy }: RepositoryRequest, { inventory }: RepositoryReading): string | null {
  if (inventory.capabilities.untag !== 'unknown' || policy.sharedDigest === 'swap') return null
  return 'if the registry can (registry:2 cannot; with shared-digest: swap it can)'
}

/** Something may have been deleted: also where the answer never came. */
function wasTouched({ tags, manifests }: Ledger): boolean {
  return [...tags.values(), ...manifests.values()].some(({ status }) => status !== 'retained')
}

interface Proof {
  /** null: not known */
  readonly broken: readonly string[] | null
  /** why it could not be completed */
  readonly error: WardenError | null
}

const NO_PROOF: Proof = { broken: null, error: null }

async function prove(
  state: PrunedState,
  reading: RepositoryReading,
  { reader }: PruneTarget,
  deps: PruneDeps,
): Promise<Proof> {
  try {
    return { broken: await validate(state, reading, reader, deps), error: null }
  } catch (error) {
    if (!(error instanceof WardenError)) throw error
    return { broken: null, error }
  }
}

function stateOf(
  { refusals }: PrunePlan,
  ledger: Ledger | null,
  { broken, error }: Proof,
  { dryRun }: RepositoryRequest,
  { timeIsUp }: PruneDeps,
): RepositoryState {
  if (refusals.length > 0) return 'refused'
  if (dryRun || ledger === null) return 'planned'
  const results = [...ledger.tags.values(), ...ledger.manifests.values()]
  const stop = ledger.stopped()
  if (stop?.kind === 'failed' || results.some(({ status }) => status === 'failed')) return 'failed'
  if (broken !== null && broken.length > 0) return 'failed'
  if (stop !== null) return 'partial'
  if (error === null) return 'done'
  return endsEarly(error, timeIsUp) ? 'partial' : 'failed'
}

/** A repository that no plan could be made for. */
export function unread(
  repository: string,
  state: RepositoryState,
  problems: readonly string[],
): RepositoryOutcome {
  return {
    repository,
    state,
    tags: [],
    manifests: [],
    tally: { kept: 0, deleted: 0, untagged: 0, skipped: 0, failed: 0, pending: 0 },
    refusals: [],
    warnings: [],
    problems,
    broken: null,
    reclaimedBytes: asBytes(0),
    reclaimsMore: false,
  }
}
