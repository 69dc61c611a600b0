import type { PlanWarning } from '../../domain/prune/decision.ts'
import type { PruneReport, PruneVerdict, RepositoryOutcome } from '../../domain/prune/outcome.ts'
import type { PrunePolicy } from '../../domain/prune/policy.ts'
import type { PruneTarget } from '../../domain/prune/ports.ts'
import { unmatchedPatterns } from '../../domain/prune/unmatched.ts'
import { imageTagsOf } from '../../domain/prune/subject-tag.ts'
import { reclaimedAcross } from '../../domain/prune/reclaimed.ts'
import type { ReviewedRepository } from '../../domain/prune/reviewed-plan.ts'
import { sumBytes } from '../../domain/quantities/bytes.ts'
import { whatWent } from './outcomes.ts'
import type { Protection } from '../../domain/prune/protection.ts'
import { pruneRepository, unread } from './prune-repository.ts'
import type { PruneDeps } from './deps.ts'
import type { PrunedRepository } from './prune-repository.ts'

export interface PruneRequest {
  readonly targets: readonly { readonly target: PruneTarget; readonly protection: Protection }[]
  readonly policy: PrunePolicy
  readonly dryRun: boolean
  readonly validate: boolean
  /** a plan file, repository by repository; repositories that it does not name are left alone */
  readonly reviewed: readonly ReviewedRepository[] | null
}

/**
 * Prunes one repository after the other. A failure in one does not stop the others, unless it concerns their
 * registry as well.
 */
export async function prune(request: PruneRequest, deps: PruneDeps): Promise<PruneReport> {
  const { policy, dryRun, validate, reviewed } = request
  const pruned: (PrunedRepository & { readonly origin: string })[] = []
  const closed = new Map<string, string>()
  for (const { target, protection } of request.targets) {
    const ofTarget = reviewed?.find(({ repository }) => repository === target.name) ?? null
    if (reviewed !== null && ofTarget === null) continue
    const { origin } = target
    const obstacle = closed.get(origin)
    if (obstacle !== undefined && !dryRun) {
      pruned.push({ ...untried(target, 'failed', obstacle), origin })
    } else if (deps.timeIsUp()) {
      pruned.push({ ...untried(target, 'partial', 'max-duration passed before it was read'), origin })
    } else {
      const repository = { target, policy, protection, dryRun, validate, reviewed: ofTarget }
      const result = await pruneRepository(repository, deps)
      if (result.stop?.scope === 'registry' && result.stop.kind === 'failed')
        closed.set(origin, result.stop.message)
      pruned.push({ ...result, origin })
    }
  }
  // a plan file has decided already
  const unmatched = reviewed === null ? unmatchedIn(pruned, policy) : []
  const repositories = pruned.map(({ outcome, inventory }) =>
    inventory === null || inventory.tags.size === 0
      ? outcome
      : { ...outcome, warnings: [...unmatched, ...outcome.warnings] },
  )
  const asksMore = policy.deleteUntagged || policy.deleteOrphaned
  const nothingConsidered = !asksMore && unmatched.length > 0 && unmatched.length === policy.considered.length
  return {
    dryRun,
    repositories,
    ...reclaimed(pruned, dryRun),
    verdict: verdictOf(repositories),
    ...(nothingConsidered ? { nothingConsidered } : {}),
  }
}

/** Where a repository could not be read in full, its tags may be what a pattern is for. */
function unmatchedIn(pruned: readonly PrunedRepository[], policy: PrunePolicy): PlanWarning[] {
  const inventories = pruned.flatMap(({ inventory }) => (inventory?.complete === true ? [inventory] : []))
  if (inventories.length < pruned.length) return []
  return unmatchedPatterns(policy, inventories.map(imageTagsOf))
}

function untried({ name }: PruneTarget, state: 'failed' | 'partial', why: string): PrunedRepository {
  return { outcome: unread(name, state, [`${name} was not tried: ${why}`]), inventory: null, stop: null }
}

/** Repositories of one registry share its disk, so a blob counts once there. */
function reclaimed(pruned: readonly (PrunedRepository & { readonly origin: string })[], dryRun: boolean) {
  const parts = [...Map.groupBy(pruned, ({ origin }) => origin).values()].map((group) =>
    reclaimedAcross(
      group.flatMap(({ inventory, outcome }) =>
        inventory === null ? [] : [{ inventory, plan: { manifests: whatWent(outcome.manifests, dryRun) } }],
      ),
    ),
  )
  return {
    reclaimedBytes: sumBytes(parts.map(({ bytes }) => bytes)),
    reclaimsMore: parts.some(({ more }) => more),
  }
}

function verdictOf(repositories: readonly RepositoryOutcome[]): PruneVerdict {
  const has = (...states: readonly RepositoryOutcome['state'][]) =>
    repositories.some(({ state }) => states.includes(state))
  if (has('failed', 'refused')) return 'fail'
  if (has('partial')) return 'partial'
  const isWorthALook = ({ warnings, problems }: RepositoryOutcome) =>
    problems.length > 0 || warnings.some(({ level }) => level !== 'notice')
  return repositories.some(isWorthALook) ? 'warn' : 'pass'
}
