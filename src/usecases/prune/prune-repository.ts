import { returnEach } from './put-back.ts'
import { reach } from '../../domain/prune/graph.ts'
import type { Digest } from '../../domain/names/digest.ts'
import type { PlanWarning, PrunePlan } from '../../domain/prune/decision.ts'
import type { RepositoryOutcome, RepositoryState } from '../../domain/prune/outcome.ts'
import { reclaimedAcross } from '../../domain/prune/reclaimed.ts'
import { buildGraph } from '../../domain/prune/graph.ts'
import type { PruneDeps } from './deps.ts'
import { executePlan } from './execute.ts'
import type { Ledger, Stop } from './ledger.ts'
import { manifestOutcomes, tagOutcomes, tallyTags, whatWent } from './outcomes.ts'
import type { PlannedRepository, RepositoryRequest } from './plan-repository.ts'
import type { RepositoryReading } from './read-inventory.ts'
import { validate } from './validate.ts'
import type { Validation } from './validate.ts'
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
  const { ledger, blobs } = await executePlan(target, plan, reading, elsewhere, deps)
  // what is held goes only when nothing needs it
  const isDue = (request.validate || blobs.isHolding()) && wasTouched(ledger)
  const checked = isDue ? await prove(planned, ledger, deps) : null
  await blobs.release(checked?.isSure === false ? 'it is not known whether all that was kept works' : null)
  const stop = ledger.stopped()
  const problems = [...ledger.problems, ...(stop?.kind === 'partial' ? [stop.message] : [])]
  if (checked !== null && checked.unchecked.length > 0)
    problems.push(`${target.name}: not checked any more: ${named(checked.unchecked)}`)
  const state = stateOf(plan, ledger, checked)
  return { outcome: outcomeOf(planned, ledger, { state, doubt: null, checked, problems }), stop }
}

interface OutcomeParts {
  readonly state: RepositoryState
  readonly doubt: string | null
  readonly checked: Proof | null
  readonly problems: readonly string[]
}

function outcomeOf(
  { request, reading, plan }: Omit<PlannedRepository, 'kind'>,
  ledger: Ledger | null,
  { state, doubt, checked, problems }: OutcomeParts,
): RepositoryOutcome {
  const { dryRun } = request
  const tags = tagOutcomes(plan, ledger ?? undefined, doubt)
  const manifests = manifestOutcomes(plan, ledger ?? undefined)
  const went = whatWent(manifests, dryRun)
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
  return 'if the registry can (registry:2 cannot; with shared-digest: swap it can)'
}

/** Something may have been deleted: also where the answer never came. */
function wasTouched({ tags, manifests, doubted }: Ledger): boolean {
  const results = [...tags.values(), ...manifests.values()]
  return doubted.size > 0 || results.some(({ status }) => status !== 'retained')
}

interface Proof {
  /** null: not known */
  readonly broken: readonly string[] | null
  /** names that time did not suffice for */
  readonly unchecked: readonly string[]
  /** all was looked at, and what was lost was put back */
  readonly isSure: boolean
}

/** Looks at all that stayed and all that went, and puts back what this run took away from what stayed. */
async function prove(
  { request: { target }, reading, plan }: PlannedRepository,
  ledger: Ledger,
  deps: PruneDeps,
): Promise<Proof> {
  const state = { tags: tagOutcomes(plan, ledger), manifests: manifestOutcomes(plan, ledger) }
  const touched = touchedBy(plan, reading, ledger)
  const only = deps.isCancelled?.() === true ? touched : null
  const result = await validate({ target, reading, state, only }, deps)
  reviseUndone(result, ledger, target.name)
  const [ours, others] = [true, false].map((isOurs) =>
    result.lost.filter(({ digest }) => touched.has(digest) === isOurs),
  )
  const returned = await returnEach(target, reading, ours ?? [], deps)
  const lines = returned.map(({ line }) => line)
  const isSure =
    result.unknown.length + result.unchecked.length + (others ?? []).length === 0 &&
    returned.every(({ isThere }) => isThere)
  const gone = (others ?? []).map(({ name }) => `${name} does not resolve any more`)
  return { broken: [...gone, ...lines, ...result.unknown], unchecked: result.unchecked, isSure }
}

/** A registry that says that it deleted something, and still has it, has deleted nothing. */
function reviseUndone({ stillThere }: Validation, ledger: Ledger, name: string): void {
  const { tags, manifests } = stillThere
  if (tags.length + manifests.length === 0) return
  const note = 'the registry said that it deleted it, and still has it'
  for (const tag of tags) ledger.reviseTag(tag, { status: 'failed', note })
  for (const digest of manifests) ledger.reviseManifest(digest, { status: 'failed', note })
  ledger.stop({
    kind: 'failed',
    scope: 'registry',
    message: `${name}: the registry said that it deleted ${named([...tags, ...manifests])}, and still has it`,
  })
}

const MAX_NAMED = 20

function named(names: readonly string[]): string {
  const more = names.length - MAX_NAMED
  return `${names.slice(0, MAX_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`
}

/**
 * What deletions of this run may have taken away: what they deleted or untagged, and all that it leads to.
 */
function touchedBy(
  plan: PrunePlan,
  { inventory }: RepositoryReading,
  { tags, manifests, doubted }: Ledger,
): ReadonlySet<Digest> {
  const graph = buildGraph(inventory)
  const gone = new Set<Digest>(
    [...doubted].flatMap((action) => (action.kind === 'delete-ghost' ? [] : [action.digest])),
  )
  for (const [digest, { status }] of manifests) if (status !== 'retained') gone.add(digest)
  for (const { tag, digest } of plan.tags) {
    const status = tags.get(tag)?.status ?? 'retained'
    if (digest !== null && status !== 'retained') gone.add(digest)
  }
  const nodes = [...gone].map((digest) => graph.nodes.get(digest)).filter((node) => node !== undefined)
  const reached = reach(graph, nodes)
  return new Set([...gone, ...graph.digests.filter((_, node) => reached.has(node))])
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
