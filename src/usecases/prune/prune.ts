import pMap from 'p-map'
import type { Tag } from '../../domain/names/tag.ts'
import type { Inventory } from '../../domain/prune/inventory.ts'
import type { PlanWarning } from '../../domain/prune/decision.ts'
import type { PruneReport, PruneVerdict, RepositoryOutcome } from '../../domain/prune/outcome.ts'
import type { PrunePolicy } from '../../domain/prune/policy.ts'
import type { PruneTarget } from '../../domain/prune/ports.ts'
import type { Rule } from '../../domain/prune/rule.ts'
import { allExcluded, unmatchedPatterns } from '../../domain/prune/unmatched.ts'
import { imageTagsOf } from '../../domain/prune/subject-tag.ts'
import { reclaimedAcross } from '../../domain/prune/reclaimed.ts'
import type { ReviewedRepository } from '../../domain/prune/reviewed-plan.ts'
import { totalBytes } from '../../domain/quantities/bytes.ts'
import { whatIsFreed } from './outcomes.ts'
import type { Protection } from '../../domain/prune/protection.ts'
import { planRepository, replanned, unread } from './plan-repository.ts'
import type { PlannedRepository, RepositoryRequest, UnplannedRepository } from './plan-repository.ts'
import { createNeighbours } from './neighbours.ts'
import { createProgress } from './progress.ts'
import { plannedOutcome, pruneRepository } from './prune-repository.ts'
import type { PruneDeps } from './deps.ts'
import { createTurns } from './turns.ts'

export interface PruneRequest {
  readonly targets: readonly { readonly target: PruneTarget; readonly protection: Protection }[]
  readonly policy: PrunePolicy
  readonly dryRun: boolean
  readonly validate: boolean
  /**
   * what `protect-refs` protects right now; asked once all tags are listed, so that no newer ref is missed
   */
  readonly liveTags?: () => Promise<ReadonlyMap<Tag, Rule>>
  /** what the inputs themselves are worth warning of */
  readonly warnings?: readonly PlanWarning[]
  /** a plan file, repository by repository; repositories that it does not name are left alone */
  readonly reviewed: readonly ReviewedRepository[] | null
}

/** What became of one repository, and what was read of it. */
interface Ended {
  readonly outcome: RepositoryOutcome
  readonly inventory: Inventory | null
  readonly origin: string
}

/**
 * Reads and plans every repository, several at a time, and then, unless it is a dry run, prunes one after the
 * other: so the whole plan is known before the first deletion, and also what several repositories hold. A
 * failure in one does not stop the others, unless it concerns their registry as well.
 */
export async function prune(request: PruneRequest, given: PruneDeps): Promise<PruneReport> {
  const deps = { ...given, lookedLater: new Set<string>() }
  const planned = await planAll(request, deps)
  if (request.dryRun) return orCancelled(reportOf(request, planned.map(asPlanned)), deps)
  if (!deps.timeIsUp()) await deps.onPlanned?.(reportOf(request, planned.map(asPlanned)))
  const neighboursOf = createNeighbours(planned)
  const pruned: Ended[] = []
  const closed = new Map<string, string>()
  for (const repository of planned) {
    if (repository.kind === 'unplanned') {
      pruned.push(asPlanned(repository))
      continue
    }
    const { origin } = repository.request.target
    const obstacle = closed.get(origin) ?? closed.get(EVERYWHERE)
    const untried =
      obstacle !== undefined
        ? notTried(repository, 'failed', obstacle)
        : deps.timeIsUp()
          ? notTried(repository, 'partial', whyOver(deps, 'max-duration has passed'))
          : null
    const result = untried ?? (await pruneRepository(repository, await neighboursOf(repository), deps))
    const { stop } = result
    if (stop?.kind === 'failed' && stop.scope !== 'repository')
      closed.set(stop.scope === 'run' ? EVERYWHERE : origin, stop.message)
    pruned.push({ outcome: result.outcome, inventory: repository.reading.inventory, origin })
  }
  return orCancelled(reportOf(request, pruned), deps)
}

function orCancelled(report: PruneReport, { isCancelled }: PruneDeps): PruneReport {
  return isCancelled?.() === true ? { ...report, verdict: 'fail', isCancelled: true } : report
}

/** No origin. */
const EVERYWHERE = '*'

type Planned = PlannedRepository | UnplannedRepository

/** Beside each other: one small repository is mostly waiting, and this many keep a registry busy. */
const READ_AT_ONCE = 16

async function planAll(
  { targets, reviewed, liveTags, ...request }: PruneRequest,
  deps: PruneDeps,
): Promise<Planned[]> {
  const repositories = targets.flatMap(({ target, protection }): RepositoryRequest[] => {
    const ofTarget = reviewed?.find(({ repository }) => repository === target.name) ?? null
    const isLeftAlone = reviewed !== null && ofTarget === null
    return isLeftAlone ? [] : [{ ...request, target, protection, reviewed: ofTarget }]
  })
  const isTimeToDelete = () => !request.dryRun && deps.isTimeToDelete?.() === true
  const turnOf = createTurns(deps.concurrency, isTimeToDelete)
  const all = repositories.length === 1 ? '1 repository' : `${repositories.length} repositories`
  const progress = createProgress('prune', (count) => `${count} of ${all} read`, deps)
  const planOne = async (repository: RepositoryRequest, position: number): Promise<Planned> => {
    // the first is read to its end: a run that only ever reads would never delete anything
    if (deps.timeIsUp() || (position > 0 && isTimeToDelete())) return notRead(repository, deps)
    if (repositories.length === 1) return planRepository(repository, deps)
    const turn = turnOf(repository.target, position)
    const planned = await planRepository({ ...repository, target: turn.target }, deps).finally(turn.end)
    progress()
    return turn.isGivenUp() ? notRead(repository, deps) : planned
  }
  const planned = await pMap(repositories, planOne, { concurrency: Math.min(READ_AT_ONCE, deps.concurrency) })
  if (liveTags === undefined || planned.every(({ reading }) => reading === null)) return planned
  const live = await liveTags()
  return planned.map((each) => replanned(each, live, deps))
}

function notRead(request: RepositoryRequest, deps: PruneDeps): UnplannedRepository {
  const { name } = request.target
  const problem = `${name} was not tried: ${whyOver(deps, 'max-duration passed before it was read')}`
  return {
    kind: 'unplanned',
    request,
    outcome: unread(name, 'partial', [problem]),
    reading: null,
    stop: null,
  }
}

function whyOver({ isCancelled }: PruneDeps, outOfTime: string): string {
  return isCancelled?.() === true ? 'the job was cancelled' : outOfTime
}

function asPlanned(planned: Planned): Ended {
  const { origin } = planned.request.target
  if (planned.kind === 'planned')
    return { outcome: plannedOutcome(planned), inventory: planned.reading.inventory, origin }
  return { outcome: planned.outcome, inventory: planned.reading?.inventory ?? null, origin }
}

function notTried({ request }: PlannedRepository, state: 'failed' | 'partial', why: string) {
  const { name } = request.target
  return { outcome: unread(name, state, [`${name} was not tried: ${why}`]), stop: null }
}

function reportOf(
  { policy, dryRun, reviewed, warnings = [] }: PruneRequest,
  pruned: readonly Ended[],
): PruneReport {
  // a plan file has decided already
  const { unmatched, excluded } =
    reviewed === null ? aboutPatterns(pruned, policy) : { unmatched: [], excluded: [] }
  const repositories = pruned.map(({ outcome, inventory }) =>
    inventory === null || inventory.tags.size === 0
      ? outcome
      : { ...outcome, warnings: [...unmatched, ...excluded, ...outcome.warnings] },
  )
  const asksMore = policy.deleteUntagged || policy.deleteOrphaned
  const nothingConsidered = !asksMore && unmatched.length > 0 && unmatched.length === policy.considered.length
  return {
    dryRun,
    repositories,
    ...reclaimed(pruned, dryRun),
    verdict: verdictOf(repositories, warnings),
    ...(warnings.length === 0 ? {} : { warnings }),
    ...(nothingConsidered ? { nothingConsidered } : {}),
  }
}

/** Where a repository could not be read in full, its tags may be what a pattern is for. */
function aboutPatterns(
  pruned: readonly Ended[],
  policy: PrunePolicy,
): { readonly unmatched: readonly PlanWarning[]; readonly excluded: readonly PlanWarning[] } {
  const inventories = pruned.flatMap(({ inventory }) => (inventory?.complete === true ? [inventory] : []))
  if (inventories.length < pruned.length) return { unmatched: [], excluded: [] }
  const tags = inventories.map(imageTagsOf)
  const excluded = allExcluded(policy, tags)
  return { unmatched: unmatchedPatterns(policy, tags), excluded: excluded === null ? [] : [excluded] }
}

/** Repositories of one registry share its disk, so a blob counts once there. */
function reclaimed(pruned: readonly Ended[], dryRun: boolean) {
  const parts = [...Map.groupBy(pruned, ({ origin }) => origin).values()].map((group) =>
    reclaimedAcross(
      group.flatMap(({ inventory, outcome }) =>
        inventory === null
          ? []
          : [{ inventory, plan: { manifests: whatIsFreed(outcome.manifests, dryRun) } }],
      ),
    ),
  )
  return {
    reclaimedBytes: totalBytes(parts.map(({ bytes }) => bytes)),
    reclaimsMore: parts.some(({ more }) => more),
  }
}

function verdictOf(
  repositories: readonly RepositoryOutcome[],
  general: readonly PlanWarning[],
): PruneVerdict {
  const has = (...states: readonly RepositoryOutcome['state'][]) =>
    repositories.some(({ state }) => states.includes(state))
  if (has('failed', 'refused')) return 'fail'
  if (has('partial')) return 'partial'
  const isWorthALook = ({ warnings, problems }: RepositoryOutcome) =>
    problems.length > 0 || warnings.some(({ level }) => level !== 'notice')
  return general.length > 0 || repositories.some(isWorthALook) ? 'warn' : 'pass'
}
