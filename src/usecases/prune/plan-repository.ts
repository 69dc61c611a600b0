import { WardenError } from '../../domain/errors.ts'
import type { Tag } from '../../domain/names/tag.ts'
import type { PrunePlan } from '../../domain/prune/decision.ts'
import type { RepositoryOutcome, RepositoryState } from '../../domain/prune/outcome.ts'
import { planPrune } from '../../domain/prune/plan.ts'
import type { PrunePolicy } from '../../domain/prune/policy.ts'
import type { PruneTarget } from '../../domain/prune/ports.ts'
import { withLikely, withProtection } from '../../domain/prune/protection.ts'
import type { Protection } from '../../domain/prune/protection.ts'
import type { Rule } from '../../domain/prune/rule.ts'
import { narrowToReviewed } from '../../domain/prune/reviewed-plan.ts'
import type { ReviewedRepository } from '../../domain/prune/reviewed-plan.ts'
import { asBytes } from '../../domain/quantities/bytes.ts'
import { counted } from '../../domain/text.ts'
import type { PruneDeps } from './deps.ts'
import { endsEarly } from './ledger.ts'
import type { Stop } from './ledger.ts'
import { createProgress } from './progress.ts'
import { readInventory } from './read-inventory.ts'
import type { RepositoryReading } from './read-inventory.ts'

export interface RepositoryRequest {
  readonly target: PruneTarget
  readonly policy: PrunePolicy
  readonly protection: Protection
  readonly dryRun: boolean
  readonly validate: boolean
  /** a plan file's word on this repository; nothing but that is done then */
  readonly reviewed: ReviewedRepository | null
}

/** A repository that was read, with what is to be done to it. */
export interface PlannedRepository {
  readonly kind: 'planned'
  readonly request: RepositoryRequest
  readonly reading: RepositoryReading
  readonly plan: PrunePlan
}

/** One for which there is nothing to carry out: it could not be read, or a reviewed plan does not fit it. */
export interface UnplannedRepository {
  readonly kind: 'unplanned'
  readonly request: RepositoryRequest
  readonly outcome: RepositoryOutcome
  /** what was read; null when that failed */
  readonly reading: RepositoryReading | null
  readonly stop: Stop | null
}

/** Reads and plans; what goes wrong is part of the outcome. */
export async function planRepository(
  request: RepositoryRequest,
  deps: PruneDeps,
): Promise<PlannedRepository | UnplannedRepository> {
  const { target } = request
  try {
    const progress = createProgress(target.name, (count) => `${counted(count, 'answer')} read`, deps)
    const known = withProtection(request.policy, request.protection)
    const reviewed = [...(request.reviewed?.manifests ?? [])].flatMap(([digest, decision]) =>
      decision === 'delete' ? [digest] : [],
    )
    const readDeps = { ...deps, progress, dryRun: request.dryRun }
    let reading = await withDates(request, await readInventory(target, known, readDeps, reviewed), deps)
    const planned = planFor(request, reading, deps)
    if (!request.dryRun && planned.kind === 'plan' && planned.plan.actions.length > 0) {
      const confirmed = await reading.confirmMissing(deps.sleep)
      if (confirmed !== null) reading = await withDates(request, confirmed, deps)
    }
    return asPlan(request, reading, deps)
  } catch (error) {
    if (!(error instanceof WardenError)) throw error
    const kind = endsEarly(error, deps.timeIsUp) ? 'partial' : 'failed'
    const stop: Stop = { kind, scope: 'repository', message: error.line }
    const outcome = unread(target.name, kind, [error.line])
    return { kind: 'unplanned', request, outcome, reading: null, stop }
  }
}

/**
 * How often a plan is made again with what the dates of those that it deletes say, before all dates are read.
 */
const FEW_ROUNDS = 4

/**
 * Reads the dates that a plan's deletions rest on: where they are newer than what was known, others go in
 * place of those, which are to be dated in turn.
 */
async function withDates(
  request: RepositoryRequest,
  first: RepositoryReading,
  deps: PruneDeps,
): Promise<RepositoryReading> {
  let reading = first
  for (let round = 0; ; round += 1) {
    const planned = planFor(request, reading, deps)
    if (planned.kind !== 'plan') return reading
    const doomed = planned.plan.tags.flatMap(({ digest, decision, age }) => {
      const isDated = age?.source === 'annotation' || age?.source === 'config'
      const isDue = round >= FEW_ROUNDS || decision === 'delete' || decision === 'untag'
      return digest !== null && isDated && isDue ? [digest] : []
    })
    const dated = await reading.dateFully(doomed)
    if (dated === null) return reading
    reading = dated
  }
}

/** Plans again what was planned without the refs that are alive. */
export function replanned(
  planned: PlannedRepository | UnplannedRepository,
  live: ReadonlyMap<Tag, Rule>,
  deps: PruneDeps,
): PlannedRepository | UnplannedRepository {
  const { request, reading } = planned
  if (planned.kind === 'unplanned' || reading === null) return planned
  const here = [...live].filter(([tag]) => reading.inventory.tags.has(tag))
  const protectedTags = new Map([...here, ...request.policy.protectedTags])
  const alive = { ...request, policy: { ...request.policy, protectedTags } }
  return planned.kind === 'planned' ? asPlan(alive, reading, deps) : planned
}

function asPlan(
  request: RepositoryRequest,
  reading: RepositoryReading,
  deps: PruneDeps,
): PlannedRepository | UnplannedRepository {
  const planned = planFor(request, reading, deps)
  if (planned.kind === 'plan') return { kind: 'planned', request, reading, plan: planned.plan }
  for (const difference of planned.differences)
    deps.log.info(`${request.target.name}: since the plan was made, ${difference}`)
  const outcome = unread(request.target.name, 'refused', [misfit(planned.differences)])
  return { kind: 'unplanned', request, outcome, reading, stop: null }
}

function planFor(
  { policy: asked, protection, reviewed }: RepositoryRequest,
  { inventory }: RepositoryReading,
  { now, today = now }: PruneDeps,
): ReturnType<typeof narrowToReviewed> {
  const policy = withLikely(asked, protection, inventory)
  if (reviewed !== null) return narrowToReviewed(inventory, policy, reviewed, today())
  return { kind: 'plan', plan: planPrune(inventory, policy, today()) }
}

const MAX_NAMED = 3

function misfit(differences: readonly string[]): string {
  const more = differences.length - MAX_NAMED
  const shown = differences.slice(0, MAX_NAMED).join('; ')
  const others = more > 0 ? ` and ${counted(more, 'more difference')}, see the log` : ''
  return `since the plan was made, ${shown}${others}. Make a new plan, or give both runs the same inputs`
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
